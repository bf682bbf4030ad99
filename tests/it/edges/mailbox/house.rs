//! A mail server for one test: Dovecot over Maildirs, and aiosmtpd that delivers into them.

use crate::edges::binary::free_port;
use crate::edges::mail::Certified;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use toban::clock;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// Everybody's password.
pub const PASSWORD: &str = "open-sesame-or-whatever";

const PYTHON: &str = "/usr/bin/python3";
const PATIENCE: Duration = Duration::from_secs(60);

pub struct PostHouse {
    folder: tempfile::TempDir,
    certified: Certified,
    /// Where letters are handed over, where mail is read in the clear or after STARTTLS, and where it is read by TLS.
    pub smtp: u16,
    pub plain: u16,
    pub tls: u16,
    _processes: [Child; 2],
}

impl PostHouse {
    pub async fn start() -> PostHouse {
        let folder = tempfile::tempdir().unwrap();
        let certified = Certified::new("house", "IP:127.0.0.1").await;
        open_to_all(folder.path());
        let mails = folder.path().join("mails");
        std::fs::create_dir(&mails).unwrap();
        open_to_all(&mails);
        let (plain, tls) = (free_port(), free_port());
        let config = folder.path().join("dovecot.conf");
        std::fs::write(&config, dovecot(folder.path(), &certified, plain, tls)).unwrap();
        let imap = Command::new("/usr/sbin/dovecot")
            .args(["-F", "-c"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("dovecot-imapd is installed (scripts/test does that)");
        let mut smtp = Command::new(PYTHON)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/it/edges/mailbox/post.py"
            ))
            .arg(&mails)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(smtp.stdout.take().unwrap()).lines();
        let port = clock::timeout(PATIENCE, said.next_line()).await.unwrap();
        let port = port.unwrap().expect("it tells its port").parse().unwrap();
        let house = PostHouse {
            folder,
            certified,
            smtp: port,
            plain,
            tls,
            _processes: [imap, smtp],
        };
        house.listening().await;
        house
    }

    async fn listening(&self) {
        let trying = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", self.tls))
                .await
                .is_err()
            {
                clock::sleep(Duration::from_millis(50)).await;
            }
        };
        let log = self.folder.path().join("dovecot.log");
        if clock::timeout(PATIENCE, trying).await.is_err() {
            panic!(
                "dovecot does not listen: {}",
                std::fs::read_to_string(log).unwrap_or_default()
            );
        }
    }

    /// The file of the authority that vouches for the server.
    pub fn authority(&self) -> String {
        self.certified.path("ca.pem").display().to_string()
    }

    fn maildir(&self, who: &str) -> PathBuf {
        self.folder.path().join("mails").join(who).join("Maildir")
    }

    /// Hands a letter over, as any program does.
    pub async fn deliver(&self, from: &str, to: &str, letter: &[u8]) {
        let script = "import smtplib, sys\n\
                      smtplib.SMTP('127.0.0.1', int(sys.argv[1])).sendmail(sys.argv[2], [sys.argv[3]], sys.stdin.buffer.read())";
        let mut python = Command::new(PYTHON)
            .args(["-c", script, &self.smtp.to_string(), from, to])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = python.stdin.take().unwrap();
        stdin.write_all(letter).await.unwrap();
        drop(stdin);
        assert!(python.wait().await.unwrap().success());
    }

    /// Makes a folder of a mailbox.
    pub async fn folder(&self, who: &str, name: &str) {
        for part in ["", "cur", "new", "tmp"] {
            let path = self.maildir(who).join(format!(".{name}")).join(part);
            std::fs::create_dir_all(&path).unwrap();
            open_to_all(&path);
        }
    }

    /// The marks of the letters in a mailbox, in their order.
    pub fn flags(&self, who: &str) -> Vec<String> {
        let mut names: Vec<String> = ["new", "cur"]
            .iter()
            .flat_map(|part| self.files(who, part))
            .collect();
        names.sort();
        let flags = |name: &String| {
            name.split_once(":2,")
                .map_or("", |(_, flags)| flags)
                .to_owned()
        };
        names.iter().map(flags).collect()
    }

    fn files(&self, who: &str, part: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.maildir(who).join(part)) else {
            return Vec::new();
        };
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// The letters that somebody has, the oldest first, as a library that nobody here wrote reads them.
    pub async fn letters(&self, who: &str) -> Vec<Value> {
        let mut files: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .flat_map(|part| {
                let folder = self.maildir(who).join(part);
                self.files(who, part)
                    .into_iter()
                    .map(move |name| folder.join(name))
            })
            .collect();
        files.sort_by_key(|path| path.file_name().unwrap().to_owned());
        let mut letters = Vec::new();
        for file in files {
            let raw = std::fs::read(&file).unwrap();
            let mut python = Command::new(PYTHON)
                .arg(concat!(
                    env!("CARGO_MANIFEST_DIR"),
                    "/tests/it/edges/mail/read.py"
                ))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            python.stdin.take().unwrap().write_all(&raw).await.unwrap();
            let output = python.wait_with_output().await.unwrap();
            let mut letter: Value = serde_json::from_slice(&output.stdout).unwrap();
            letter["raw"] = String::from_utf8(raw).unwrap().into();
            letters.push(letter);
        }
        letters
    }

    /// Has the server number the mails of a mailbox anew.
    pub fn renumber(&self, who: &str) {
        for name in std::fs::read_dir(self.maildir(who)).unwrap() {
            let path = name.unwrap().path();
            let is_index = path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("dovecot");
            if is_index && path.is_file() {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    /// Whether a mailbox has numbers.
    pub fn validity(&self, who: &str) -> Option<String> {
        let list = std::fs::read_to_string(self.maildir(who).join("dovecot-uidlist")).ok()?;
        let mut words = list.lines().next()?.split(' ');
        words.find(|word| word.starts_with('V')).map(str::to_owned)
    }
}

fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o777)).unwrap();
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

fn dovecot(folder: &Path, certified: &Certified, plain: u16, tls: u16) -> String {
    let name = |args: &str| {
        let id = std::process::Command::new("id").arg(args).output().unwrap();
        String::from_utf8(id.stdout).unwrap().trim().to_owned()
    };
    // As root, letters are read as nobody; else everything is the one user's.
    let (uid, gid, users) = match is_root() {
        true => ("65534".to_owned(), "65534".to_owned(), String::new()),
        false => (
            name("-u"),
            name("-g"),
            format!(
                "default_internal_user = {0}\ndefault_login_user = {0}\ndefault_internal_group = {1}\n",
                name("-un"),
                name("-gn")
            ),
        ),
    };
    let folder = folder.display();
    format!(
        "base_dir = {folder}/run\nstate_dir = {folder}/state\nlog_path = {folder}/dovecot.log\nprotocols = imap\n{users}\
         ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\ndisable_plaintext_auth = no\nauth_mechanisms = plain login\n\
         first_valid_uid = 1\nfirst_valid_gid = 1\nmail_location = maildir:~/Maildir\n\
         passdb {{\n  driver = static\n  args = \"password={PASSWORD}\"\n}}\n\
         userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={folder}/mails/%n\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    address = 127.0.0.1\n    port = {plain}\n  }}\n\
         \x20 inet_listener imaps {{\n    address = 127.0.0.1\n    port = {tls}\n    ssl = yes\n  }}\n}}\n\
         auth_failure_delay = 0\nservice anvil {{\n  chroot =\n  unix_listener anvil-auth-penalty {{\n    mode = 0\n  }}\n}}\nservice stats {{\n  chroot =\n}}\n",
        cert = certified.path("server.pem").display(),
        key = certified.path("server.key").display(),
    )
}
