//! The real program in real browsers: two members at the desk and somebody at the portal, driven as people would.
//!
//! What they do and see is written in `browser/desk.py`; here the program is started, and asked how it is afterwards.

#![allow(clippy::unwrap_used)]

use crate::doubles::issue_tracker::{IssueTracker, TOKEN};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use toban::clock::{SystemIds, timeout};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Debian's own Python, which sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

/// How long a program that has all it needs may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The desk of the browser: its calendar is always open, so that it behaves at night as it does by day.
const CONFIG: &str = include_str!("browser/desk.toml");

/// A folder that goes with the test, unless somebody wants to look at what it left.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let folder = std::env::temp_dir().join(format!("toban-browser-{}", SystemIds.id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    /// Writes a configuration for a desk that listens there.
    fn config(&self, name: &str, bind: &str, tracker: &IssueTracker) -> PathBuf {
        let path = self.0.join(name);
        let one = tracker.section();
        let other = one.replace("id = \"github\"", "id = \"infra\"\nname = \"基盤チーム\"");
        let text = format!("{CONFIG}{one}{other}")
            .replace("TRACKER", &tracker.base_url)
            .replace("TOKEN", TOKEN)
            .replace("BIND", bind)
            .replace("DATABASE", &self.0.join("toban.db").display().to_string());
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Starts a desk on any free port; its address.
async fn serve(config: &Path) -> (Child, String) {
    let mut desk = Command::new(env!("CARGO_BIN_EXE_toban"))
        .args(["serve", "--config"])
        .arg(config)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(desk.stdout.take().unwrap()).lines();
    let line = timeout(PATIENCE, said.next_line()).await.unwrap().unwrap();
    let line = line.expect("the desk says where it listens");
    let address = line.split_once("http://").unwrap().1;
    let address = address.split_once('/').unwrap().0.to_owned();
    (desk, address)
}

#[tokio::test]
async fn members_and_support_do_their_day_in_a_browser() {
    let found = Command::new(PYTHON)
        .args(["-c", "import selenium"])
        .output()
        .await;
    let browsers = ["/usr/bin/chromium", "/usr/bin/chromedriver"].map(Path::new);
    assert!(
        found.is_ok_and(|output| output.status.success())
            && browsers.iter().all(|file| file.exists()),
        "Debian's packages chromium, chromium-driver and python3-selenium are needed: run scripts/test, which installs them"
    );
    let folder = Folder::new();
    let tracker = IssueTracker::start().await;
    let (mut desk, address) = serve(&folder.config("serve.toml", "127.0.0.1:0", &tracker)).await;
    // The command line talks to the port that the desk was given.
    let config = folder.config("toban.toml", &address, &tracker);
    let base = format!("http://{address}");

    let mut browser = Command::new(PYTHON)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/edges/browser/desk.py"
        ))
        .arg(env!("CARGO_BIN_EXE_toban"))
        .arg(&config)
        .arg(&base)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/corpora/text_safety.json"
        ))
        .arg(&folder.0)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut errors = browser.stderr.take().unwrap();
    let listening = tokio::spawn(async move {
        let mut all = String::new();
        let _ = errors.read_to_string(&mut all).await;
        all
    });
    let status = timeout(5 * PATIENCE, browser.wait()).await;
    let status = status.expect("the browsers end").unwrap();
    let said = listening.await.unwrap();
    assert!(
        status.success(),
        "{said}\nscreenshots are in {}",
        folder.0.display()
    );

    // Ended by the signal that a service manager sends: in order.
    let id = desk.id().unwrap();
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -TERM {id}")])
        .status();
    assert!(sent.await.unwrap().success());
    let ended = timeout(PATIENCE, desk.wait()).await.unwrap().unwrap();
    assert!(ended.success(), "{ended}");
    let filed = tracker.issues();
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0]["title"], "通知が二重");
    let refused = "もみじ物産 様のサポート契約を確認できませんでした";
    let comments = tracker.comments();
    let told = comments.iter().filter(|(_, text)| text.contains(refused));
    assert_eq!(told.count(), 1, "{comments:?}");
    is_clean(&folder).await;
}

/// The auditor finds nothing in what the desk left.
async fn is_clean(folder: &Folder) {
    let url = format!("sqlite://{}", folder.0.join("toban.db").display());
    let options = toban::store::OpenOptions::default();
    let store = toban::store::open(&url, &options).await.unwrap();
    let long_ago = toban::clock::SystemClock.now() - toban::time::SignedDuration::from_mins(5);
    let findings = store.audit_whole(long_ago).await.unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.lines());
    store.close().await;
}
