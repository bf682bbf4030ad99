//! A folder of somebody else's program: made for one test, given to an unprivileged user, removed with its value.
//!
//! Promises: a program started here has no privileges of ours, nothing of our environment, and ends with the thread that
//! started it. Leaves out what the programs are.

use crate::clock::SystemIds;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The user whom Debian's web applications run as.
const USER: &str = "www-data";

/// The folder, removed with this value.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes one, with folders inside; its name tells of whose it is.
    pub fn new(name: &str, inner: &[&str]) -> Folder {
        let folder = std::env::temp_dir().join(format!("toban-{name}-{}", SystemIds.id()));
        for inner in inner {
            std::fs::create_dir_all(folder.join(inner))
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        }
        Folder(folder)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Gives all that is in it so far to the user.
    pub fn give_to_user(&self) {
        if is_root() {
            let given = Command::new("chown")
                .args(["-R", &format!("{USER}:{USER}")])
                .arg(&self.0)
                .status();
            assert!(
                given.is_ok_and(|status| status.success()),
                "{} cannot be given to {USER}",
                self.0.display()
            );
        }
    }

    /// A program that runs in `place`, without privileges and without our environment; the folder is its home.
    pub fn command(&self, program: &str, place: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.current_dir(place).env_clear().stdin(Stdio::null());
        command.args(["--pdeathsig", "TERM"]);
        if is_root() {
            command.args(["--reuid", USER, "--regid", USER, "--clear-groups"]);
        }
        command
            .args(["--", program])
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin")
            .env("HOME", &self.0)
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC");
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            let _ = writeln!(
                std::io::stderr(),
                "{} is left behind: {error}",
                self.0.display()
            );
        }
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}
