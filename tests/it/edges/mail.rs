//! Letters, handed to a mail server that nobody here wrote and read by a library that nobody here wrote.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::collections::HashMap;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use toban::app::letters::MAIL;
use toban::app::ports::{
    DeliveryError, Letter, Letterbox as _, MailAddress, OutboxLine, Platform, Refused,
};
use toban::clock::timeout;
use toban::mail::{Answers, Authority, Mail, Security, SignIn, Wire};
use toban::testkit::world::{STORY, World};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Debian's own Python, which sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

const PATIENCE: Duration = Duration::from_secs(60);

/// The server, and what it says.
struct Server {
    port: u16,
    said: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Server {
    async fn start(options: &[&str]) -> Server {
        let mut process = Command::new(PYTHON)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/it/edges/mail/server.py"
            ))
            .args(options)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap();
        let first: Value = serde_json::from_str(&first.expect("the server starts")).unwrap();
        Server {
            port: u16::try_from(first["port"].as_u64().unwrap()).unwrap(),
            said,
            _process: process,
        }
    }

    /// The next thing that happened there.
    async fn next(&mut self) -> Value {
        let line = timeout(PATIENCE, self.said.next_line()).await.unwrap();
        serde_json::from_str(&line.unwrap().unwrap()).unwrap()
    }

    /// The next letter, past those who were only asked for.
    async fn letter(&mut self) -> Value {
        loop {
            let said = self.next().await;
            if said["letter"].is_string() {
                return said;
            }
        }
    }

    fn wire(&self) -> Wire {
        Wire {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: Security::None,
            authority: None,
            sign_in: None,
        }
    }
}

/// The desk of the stories, where the breach of a claim is mailed to somebody.
async fn desk(to: &str, wire: Wire) -> World {
    let config = STORY
        .replacen(
            "preset = \"standard\"\n",
            &format!(
                "preset = \"standard\"\n[policy.ladder]\nclaim = [\"breach -> owner, mail:{to}\"]\n"
            ),
            1,
        )
        .replacen(
            "[desk]\n",
            "[mail]\nhost = \"127.0.0.1\"\nfrom = \"toban@desk.example\"\nsecurity = \"none\"\n[desk]\nurl = \"https://desk.example.com\"\n",
            1,
        );
    let mut world = World::with(&config, "2026-11-24 10:00").await;
    let mut platforms: HashMap<String, Arc<dyn Platform>> = (*world.engine.platforms).clone();
    let mail = Mail::new(wire, "toban@desk.example").unwrap();
    platforms.insert(MAIL.to_owned(), Arc::new(mail));
    world.engine.platforms = Arc::new(platforms);
    world
        .receive("A-1", |mapped| {
            mapped.title = "請求書が二重に発行される".to_owned();
        })
        .await;
    world
}

/// What became of the letters, by state.
async fn letters(world: &World) -> Vec<OutboxLine> {
    let mut rows = world.app.store.outbox(&[], 500).await.unwrap();
    rows.retain(|row| row.place.platform == MAIL);
    rows
}

async fn states(world: &World) -> Vec<String> {
    let rows = letters(world).await;
    rows.into_iter().map(|row| row.state).collect()
}

/// What a person sees of a letter.
async fn read(letter: &Value) -> Value {
    let mut python = Command::new(PYTHON)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/edges/mail/read.py"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = python.stdin.take().unwrap();
    let text = letter["letter"].as_str().unwrap();
    stdin.write_all(text.as_bytes()).await.unwrap();
    drop(stdin);
    let output = python.wait_with_output().await.unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_letter_is_sent_once_and_reads_as_it_was_meant() {
    let mut server = Server::start(&[]).await;
    let world = desk("boss@example.com", server.wire()).await;
    world.until("2026-11-24 12:00").await;
    let letter = server.letter().await;
    assert_eq!(
        (letter["sender"].as_str(), letter["to"].as_str()),
        (Some("toban@desk.example"), Some("boss@example.com"))
    );
    let mut seen = read(&letter).await;
    for made_of_ids in ["id", "references"] {
        let id = seen[made_of_ids].as_str().unwrap();
        assert!(
            id.starts_with('<') && id.ends_with("@desk.example>"),
            "{id}"
        );
        seen[made_of_ids] = "<…@desk.example>".into();
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&seen).unwrap());
    assert_eq!(states(&world).await, ["sent"]);
    let thread = world.chat.posts();
    assert!(
        thread.iter().any(|post| post
            .text
            .contains("メールでもお知らせします：boss@example.com")),
        "the thread says that it was mailed"
    );
    world.end().await;
}

#[tokio::test]
async fn a_server_that_asks_for_later_is_tried_again() {
    for who in ["later", "slow"] {
        let mut server = Server::start(&[]).await;
        let world = desk(&format!("{who}@example.com"), server.wire()).await;
        world.until("2026-11-24 11:00").await;
        world.until("2026-11-24 12:00").await;
        let letter = server.letter().await;
        assert_eq!(letter["to"], format!("{who}@example.com"));
        let rows = letters(&world).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (rows[0].state.as_str(), rows[0].attempts),
            ("sent", 2),
            "{who}"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn a_letter_that_is_refused_is_dead_and_the_operators_hear_of_it() {
    let server = Server::start(&[]).await;
    let world = desk("never@example.com", server.wire()).await;
    world.until("2026-11-24 12:00").await;
    let rows = letters(&world).await;
    assert_eq!((rows[0].state.as_str(), rows[0].attempts), ("dead", 1));
    let why = rows[0].why.clone().unwrap();
    assert!(
        why.contains("550") && why.contains("no such person"),
        "{why}"
    );
    let posts = world.chat.posts();
    let told = posts
        .iter()
        .find(|post| post.place == world.app.setup.operators);
    let told = &told.unwrap().text;
    assert!(told.contains("never@example.com"), "{told}");
    world.end().await;
}

/// An answer to some, with copies to others.
async fn answer(server: &Server, to: &[&str], cc: &[&str]) -> Result<Vec<Refused>, DeliveryError> {
    let people = |all: &[&str]| -> Vec<MailAddress> {
        let someone = |address: &&str| MailAddress {
            address: (*address).to_owned(),
            name: None,
        };
        all.iter().map(someone).collect()
    };
    let letter = Letter {
        message_id: "toban.1@desk.example".to_owned(),
        to: people(to),
        cc: people(cc),
        subject: "Re: x".to_owned(),
        in_reply_to: None,
        references: Vec::new(),
        text: "hello\n".to_owned(),
    };
    let clock = Arc::new(toban::clock::SystemClock);
    let answers = Answers::new(server.wire(), "box@desk.example", None, clock).unwrap();
    answers.hand_over(&letter).await
}

#[tokio::test]
async fn who_is_refused_does_not_keep_an_answer_from_the_others() {
    let mut server = Server::start(&[]).await;
    let sato = "sato@customer.example";
    let cc = [
        "never@customer.example",
        "no address",
        "boss@customer.example",
    ];
    let refused = answer(&server, &[sato], &cc).await.unwrap();
    let addresses: Vec<&str> = refused.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(addresses, ["no address", "never@customer.example"]);
    assert!(refused[1].why.contains("no such person"), "{refused:?}");
    let letter = server.letter().await;
    assert_eq!(
        letter["all"],
        serde_json::json!([sato, "boss@customer.example"])
    );
    assert!(!letter["letter"].as_str().unwrap().contains("no address"));

    // One of several who are asked for is enough; nobody of them is a failure, to be repeated if it may yet be otherwise.
    let refused = answer(&server, &["never@x.example", sato], &[])
        .await
        .unwrap();
    assert_eq!(refused.len(), 1);
    let failed = answer(&server, &["never@x.example"], &[sato]).await;
    assert!(
        matches!(failed, Err(DeliveryError::Rejected { .. })),
        "{failed:?}"
    );
    let failed = answer(&server, &["never@x.example", "later@x.example"], &[sato]).await;
    assert!(
        matches!(failed, Err(DeliveryError::Retry { .. })),
        "{failed:?}"
    );
    let failed = answer(&server, &["no address"], &[sato]).await;
    assert!(
        matches!(failed, Err(DeliveryError::Rejected { .. })),
        "{failed:?}"
    );
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_is_not_sent_again() {
    let mut server = Server::start(&[]).await;
    let world = desk("cut@example.com", server.wire()).await;
    world.until("2026-11-24 17:00").await;
    server.letter().await;
    let rows = letters(&world).await;
    assert_eq!(
        rows[0].state, "dead",
        "it may have arrived, and nobody can be asked"
    );
    let posts = world.chat.posts();
    let told = posts.iter().any(|post| {
        post.place == world.app.setup.operators && post.text.contains("cut@example.com")
    });
    assert!(told, "people look instead");
    // Nothing more is asked of the server, however late.
    world.until("2026-11-25 17:00").await;
    drop(world);
    let more = timeout(Duration::from_millis(300), server.next()).await;
    assert!(more.is_err(), "{more:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_and_nothing_is_lost() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let server = Server::start(&[]).await;
    let wire = Wire {
        port,
        ..server.wire()
    };
    let world = desk("boss@example.com", wire).await;
    world.until("2026-11-24 11:20").await;
    let rows = letters(&world).await;
    assert_eq!(rows[0].state, "retry", "{:?}", rows[0].why);
}

#[tokio::test]
async fn who_must_sign_in_does_and_a_wrong_password_is_told() {
    let mut server = Server::start(&["--sign-in"]).await;
    let with = |password: &str| Wire {
        sign_in: Some(SignIn {
            username: "toban".to_owned(),
            password: toban::app::secret::Secret::new(password),
        }),
        ..server.wire()
    };
    let (right, wrong) = (with("open sesame"), with("open barley"));
    let check = Mail::new(wrong.clone(), "toban@desk.example").unwrap();
    let said = check.check(&[]).await.join("; ");
    assert!(said.contains("535"), "{said}");
    let check = Mail::new(right.clone(), "toban@desk.example").unwrap();
    assert_eq!(check.check(&[]).await, Vec::<String>::new());
    let world = desk("boss@example.com", right).await;
    world.until("2026-11-24 12:00").await;
    assert_eq!(server.letter().await["user"], "toban");
    world.end().await;
    let world = desk("boss@example.com", wrong).await;
    world.until("2026-11-24 12:00").await;
    assert_eq!(states(&world).await, ["dead"]);
}

#[tokio::test]
async fn nothing_goes_in_the_clear_that_was_to_be_encrypted() {
    let server = Server::start(&[]).await;
    let wire = Wire {
        security: Security::StartTls,
        ..server.wire()
    };
    let world = desk("boss@example.com", wire).await;
    world.until("2026-11-24 12:00").await;
    let rows = letters(&world).await;
    assert_eq!(rows[0].state, "dead");
    assert!(rows[0].why.clone().unwrap().contains("STARTTLS"));
    world.end().await;
}

/// An authority in a folder of its own, and a server's certificate that it has signed, by the tool that operators use.
pub struct Certified {
    folder: tempfile::TempDir,
}

impl Certified {
    pub async fn new(authority: &str, names: &str) -> Certified {
        let folder = tempfile::tempdir().unwrap();
        let made = Certified { folder };
        let extensions = format!("subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\n");
        std::fs::write(made.path("server.ext"), extensions).unwrap();
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        made.openssl(&format!(
            "req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN={authority}"
        ))
        .await;
        made.openssl(&format!(
            "req {key} -keyout server.key -out server.csr -subj /CN=mail.test"
        ))
        .await;
        made.openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
             -extfile server.ext -out server.pem",
        )
        .await;
        made
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    async fn openssl(&self, options: &str) {
        let output = Command::new("openssl")
            .args(options.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {options}: {said}");
    }

    /// A server that shows the certificate.
    async fn server(&self, way: &str, more: &[&str]) -> Server {
        let (certificate, key) = (self.path("server.pem"), self.path("server.key"));
        let mut options = vec![way, certificate.to_str().unwrap(), key.to_str().unwrap()];
        options.extend(more);
        Server::start(&options).await
    }

    fn authority(&self) -> Authority {
        Authority::read(&std::fs::read_to_string(self.path("ca.pem")).unwrap()).unwrap()
    }
}

/// Both ways to encrypt, and what the server must be told to do.
const WAYS: [(&str, Security); 2] = [("--starttls", Security::StartTls), ("--tls", Security::Tls)];

#[tokio::test]
async fn a_letter_goes_encrypted_to_a_server_of_an_authority_of_ones_own() {
    let certified = Certified::new("house", "IP:127.0.0.1").await;
    for (way, security) in WAYS {
        let mut server = certified.server(way, &["--sign-in"]).await;
        let wire = Wire {
            security,
            authority: Some(certified.authority()),
            sign_in: Some(SignIn {
                username: "toban".to_owned(),
                password: toban::app::secret::Secret::new("open sesame"),
            }),
            ..server.wire()
        };
        let check = Mail::new(wire.clone(), "toban@desk.example").unwrap();
        assert_eq!(check.check(&[]).await, Vec::<String>::new(), "{way}");
        let world = desk("boss@example.com", wire).await;
        world.until("2026-11-24 12:00").await;
        let letter = server.letter().await;
        assert_eq!(
            (&letter["tls"], &letter["user"], &letter["to"]),
            (&true.into(), &"toban".into(), &"boss@example.com".into()),
            "{way}"
        );
        assert_eq!(states(&world).await, ["sent"], "{way}");
        world.end().await;
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_nobody_vouches_for() {
    let certified = Certified::new("house", "IP:127.0.0.1").await;
    let stranger = Certified::new("stranger", "IP:127.0.0.1").await;
    let elsewhere = Certified::new("house", "DNS:mail.elsewhere.example").await;
    for (way, security) in WAYS {
        for (server, authority, expected) in [
            (&certified, None, "UnknownIssuer"),
            (&certified, Some(stranger.authority()), "UnknownIssuer"),
            (
                &elsewhere,
                Some(elsewhere.authority()),
                "not valid for name",
            ),
        ] {
            let mut server = server.server(way, &[]).await;
            let wire = Wire {
                security,
                authority,
                ..server.wire()
            };
            let check = Mail::new(wire.clone(), "toban@desk.example").unwrap();
            let said = check.check(&[]).await.join("; ");
            assert!(said.contains(expected), "{way}: {said}");
            let world = desk("boss@example.com", wire).await;
            world.until("2026-11-24 11:20").await;
            let rows = letters(&world).await;
            let why = rows[0].why.clone().unwrap();
            assert!(
                rows[0].state == "retry" && why.contains(expected),
                "{way}: {} {why}",
                rows[0].state
            );
            // Nobody was asked for, and no letter came.
            let heard = timeout(Duration::from_millis(200), server.next()).await;
            assert!(heard.is_err(), "{way}: {heard:?}");
        }
    }
}

#[test]
fn an_authority_that_cannot_be_read_is_told_at_the_start() {
    let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for (pem, expected) in [("", "there is no certificate"), (broken, "certificate 1")] {
        let said = Authority::read(pem).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}");
    }
}
