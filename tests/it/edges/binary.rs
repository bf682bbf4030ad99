//! The real binary, run as an operator runs it: a folder, a configuration file, an environment of its own.
//!
//! It is the one built with the tests, or the one that `TOBAN_BIN` names. Whatever is started ends with the value.

use crate::doubles::discord::{DiscordDouble, Options, Snowflake};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use toban::clock::{self, SystemClock};
use toban::sources::signature::{Key, Scheme, sign};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// How long anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The secret that signs deliveries of the source `hook`.
pub const SECRET: &str = "whsec_bm8gc2VjcmV0IG9mIGFueWJvZHksIGJ1dCBsb25n";

/// The binary under test.
pub fn program() -> PathBuf {
    match std::env::var_os("TOBAN_BIN") {
        Some(named) => PathBuf::from(named),
        None => PathBuf::from(env!("CARGO_BIN_EXE_toban")),
    }
}

/// A port of loopback that nobody listens on.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A desk of two around the clock, with one queue and one signed source.
pub fn desk(port: u16) -> String {
    format!(
        r#"[server]
bind = "127.0.0.1:{port}"

[database]
url = "sqlite://toban.db"

[desk]
lang = "en"

[[member]]
id = "aoki"
name = "青木"
discord = "100000000000000001"

[[member]]
id = "inoue"
name = "井上"
discord = "100000000000000002"

[[calendar]]
name = "office"
preset = "japan-office"

[[policy]]
name = "standard"
preset = "standard"

[[rota]]
name = "support"
works = "office"
participants = ["aoki", "inoue"]

[[queue]]
id = "support"
name = "サポート"
rota = "support"
policy = "standard"
calendar = "always"

[[source]]
id = "hook"
preset = "toban"
secret_env = "HOOK_SECRET"
"#
    )
}

/// The same desk with its cards on the double.
pub fn desk_on(double: &DiscordDouble, channel: Snowflake, port: u16) -> String {
    let queue = format!("calendar = \"always\"\ndiscord_channel = \"{channel}\"\n");
    let text = desk(port).replace("calendar = \"always\"\n", &queue);
    let mut text = text;
    for (n, name) in ["aoki", "inoue"].into_iter().enumerate() {
        let member = double.add_member(name, &[], "ja");
        text = text.replace(&format!("10000000000000000{}", n + 1), &member.to_string());
    }
    format!(
        "{text}\n[discord]\nenabled = true\ntoken_env = \"BOT_TOKEN\"\napplication_id = \"{}\"\nguild_id = \"{}\"\napi_base = \"{}\"\n",
        double.application_id(),
        double.guild_id(),
        double.base_url()
    )
}

/// A double whose time is the machine's, for processes that have no other.
pub async fn double() -> DiscordDouble {
    DiscordDouble::start_with(Options {
        clock: crate::doubles::discord::ClockKind::Running,
        first_answer: PATIENCE,
        schema_check_once_per_shape: true,
        ..Options::default()
    })
    .await
}

/// A folder with a configuration.
pub struct House {
    folder: tempfile::TempDir,
    token: String,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Asserts that it went well, and returns what it printed.
    pub fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Asserts that it refused, saying all this, and returns what it said.
    pub fn badly(self, sentences: &[&str]) -> String {
        assert!(self.code.is_some_and(|code| code != 0), "{self:?}");
        let said = format!("{}{}", self.out, self.err);
        for sentence in sentences {
            assert!(said.contains(sentence), "no {sentence:?} in:\n{said}");
        }
        said
    }
}

impl House {
    pub fn new(config: &str) -> House {
        let house = House {
            folder: tempfile::tempdir().unwrap(),
            token: "no-token".to_owned(),
        };
        std::fs::write(house.path("toban.toml"), config).unwrap();
        house
    }

    /// A house whose bot has the token.
    pub fn with_bot(config: &str, token: &str) -> House {
        House {
            token: token.to_owned(),
            ..House::new(config)
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of what lies in the folder, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.command_of(program().as_ref());
        command.args(args);
        command
    }

    /// A command in this house, with its secrets and nothing else in the environment.
    fn command_of(&self, program: &std::ffi::OsStr) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOOK_SECRET", SECRET)
            .env("BOT_TOKEN", &self.token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, "").await
    }

    /// Runs a command that reads this.
    pub async fn run_with(&self, args: &[&str], input: &str) -> Ran {
        let mut child = self.command(args).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // Who reads nothing may have ended already.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let ended = clock::timeout(PATIENCE, child.wait_with_output()).await;
        let output = ended
            .unwrap_or_else(|late| panic!("toban {args:?}: {late}"))
            .unwrap();
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command whose output nobody reads: the other end of the pipe is closed before it begins.
    pub async fn run_unread(&self, args: &[&str]) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = self.command(args).stdout(writer).spawn().unwrap();
        let ended = clock::timeout(PATIENCE, child.wait_with_output()).await;
        let output = ended
            .unwrap_or_else(|late| panic!("toban {args:?}: {late}"))
            .unwrap();
        Ran {
            code: output.status.code(),
            out: String::new(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a server; it may not listen yet.
    pub fn start(&self) -> Server {
        self.started(self.command(&["serve"]))
    }

    /// Starts a server whose calls that name an address are all written to a file. The tracer is the server's child, so
    /// the server's pid and ends are its own.
    pub fn start_traced(&self, file: &str) -> Server {
        let mut traced = self.command_of("strace".as_ref());
        traced
            .args(["-D", "-f", "-qq", "-e", "signal=none", "-s", "64"])
            .args(["-e", "trace=bind,connect,sendto,sendmsg,sendmmsg"])
            .args(["-o", file])
            .arg(program())
            .arg("serve");
        self.started(traced)
    }

    fn started(&self, mut command: Command) -> Server {
        let begun = clock::monotonic();
        let mut child = command.spawn().unwrap();
        Server {
            pid: child.id().unwrap(),
            out: followed(child.stdout.take().unwrap()),
            log: followed(child.stderr.take().unwrap()),
            child,
            begun,
        }
    }

    /// Starts a server and waits until it listens.
    pub async fn serve(&self) -> (Server, String) {
        let mut server = self.start();
        let base = server.listening().await;
        let base = base.unwrap_or_else(|| panic!("it ended: {}", *server.log.borrow()));
        (server, base)
    }

    /// Opens the database to look at it, beside a server or without one.
    pub async fn look(&self) -> std::sync::Arc<dyn toban::app::ports::Store> {
        let url = format!("sqlite://{}", self.path("toban.db").display());
        open_to_read(&url).await
    }
}

/// Opens a database to look at it.
pub async fn open_to_read(url: &str) -> std::sync::Arc<dyn toban::app::ports::Store> {
    let options = toban::store::OpenOptions {
        access: toban::store::Access::Read,
        ..Default::default()
    };
    toban::store::open(url, &options).await.unwrap()
}

/// A server that runs.
pub struct Server {
    child: Child,
    pub pid: u32,
    /// What it printed so far.
    out: watch::Receiver<String>,
    /// What it logged so far.
    pub log: watch::Receiver<String>,
    begun: clock::Instant,
}

impl Server {
    /// Waits until it listens and tells where; `None` when it ended before.
    pub async fn listening(&mut self) -> Option<String> {
        let said = self.out.wait_for(|out| out.contains(" — sign in"));
        let said = clock::timeout(PATIENCE, said)
            .await
            .expect("it listens or ends");
        let out = said.ok()?.clone();
        let from = out.find("http://").unwrap();
        Some(out[from..].split("/ ").next().unwrap().to_owned())
    }

    /// Waits until it has logged this.
    pub async fn logged(&mut self, what: &str) {
        let found = self.log.wait_for(|log| log.contains(what));
        let found = clock::timeout(PATIENCE, found).await;
        let is_found = found.as_ref().is_ok_and(Result::is_ok);
        drop(found);
        assert!(is_found, "no {what:?} in the log: {}", *self.log.borrow());
    }

    /// How long it has lived.
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Sends a signal, such as `TERM`.
    pub async fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.pid);
        let sent = Command::new("sh").args(["-c", &kill]).status().await;
        assert!(sent.unwrap().success(), "{kill}");
    }

    /// Kills it on the spot.
    pub async fn kill(mut self) {
        self.child.start_kill().unwrap();
        self.ended().await;
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) -> ExitStatus {
        let ended = clock::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("it ends").unwrap()
    }
}

/// Follows what a process writes.
fn followed(pipe: impl AsyncRead + Send + Unpin + 'static) -> watch::Receiver<String> {
    let (sender, receiver) = watch::channel(String::new());
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            sender.send_modify(|all| {
                all.push_str(&line);
                all.push('\n');
            });
        }
    });
    receiver
}

/// A tracker that delivers to the source `hook`.
pub struct Sender {
    http: reqwest::Client,
    scheme: Scheme,
    key: Key,
}

impl Sender {
    pub fn new() -> Sender {
        let scheme = Scheme::preset("standard-webhooks").unwrap();
        Sender {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            key: scheme.key(SECRET).unwrap(),
            scheme,
        }
    }

    /// Delivers an item to a server, signed; the reference it was answered with, or `None` when it was not answered.
    pub async fn deliver(&self, base: &str, item: u32) -> Option<String> {
        let body =
            format!(r#"{{"id":"K-{item}","title":"通知が届かない {item}","severity":"S3"}}"#);
        let id = format!("delivery-{item}");
        let signed = sign(
            &self.scheme,
            &self.key,
            &id,
            body.as_bytes(),
            SystemClock.now(),
        );
        let mut request = self
            .http
            .post(format!("{base}/hooks/hook"))
            .timeout(Duration::from_secs(10))
            .header("content-type", "application/json")
            .body(body);
        for (name, value) in signed {
            request = request.header(name, value);
        }
        let answer = request.send().await.ok()?;
        let status = answer.status();
        let body: serde_json::Value = answer.json().await.ok()?;
        assert!(status.is_success(), "{status}: {body}");
        Some(body["reference"].as_str().unwrap().to_owned())
    }
}
