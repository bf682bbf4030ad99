//! A real Redmine 5 from Debian's packages, with a database and a folder of its own.
//!
//! Promises: nothing of a Redmine that this machine may run is touched; it listens on loopback only, as an unprivileged
//! user, and ends with the value, or with the thread that started it. A missing package is a failure with a sentence,
//! never a skip. Leaves out what is asked of it: [`Redmine::call`] speaks its REST interface.

use super::folder::Folder;
use crate::clock::SystemIds;
use crate::net::{Client, Method, Request, Settings};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where the package `redmine` puts it.
const HOME: &str = "/usr/share/redmine";

/// How many issues of the project `crowd` were changed in the same second, 2026-01-02 03:04:05 UTC.
pub const CROWD: usize = 250;

/// Who may work in the project `desk`, each with a key of their own.
pub const PEOPLE: [&str; 2] = ["aoki", "hanako"];

/// Makes the tables, what Redmine calls its default data, the key, and two projects.
const SETUP: &str = r#"
ActiveRecord::Base.connection.execute('pragma synchronous = off')
ActiveRecord::Migration.verbose = false
ActiveRecord::Base.connection.migration_context.migrate
[Setting, User, Issue, Project, Role, Tracker, IssueStatus, Enumeration, Token].each(&:reset_column_information)
Redmine::DefaultData::Loader.load('en')
Setting.rest_api_enabled = '1'
admin = User.find_by_login('admin')
admin.must_change_passwd = false
admin.save(validate: false)
Token.create!(user: admin, action: 'api')
desk = Project.create!(name: 'Desk', identifier: 'desk', is_public: false)
people = PEOPLE.map do |login|
  user = User.new(firstname: login.capitalize, lastname: 'Test', mail: login + '@example.com', language: 'en')
  user.login = login
  user.save!
  Member.create!(project: desk, principal: user, roles: [Role.find_by(name: 'Manager')])
  Token.create!(user: user, action: 'api')
  user
end
crowd = Project.create!(name: 'Crowd', identifier: 'crowd', is_public: false)
long_ago = Time.utc(2026, 1, 2, 3, 4, 5)
row = { tracker_id: crowd.trackers.first.id, project_id: crowd.id, status_id: 1, author_id: admin.id,
        priority_id: IssuePriority.default.id, lft: 1, rgt: 2, created_on: long_ago, updated_on: long_ago }
Issue.insert_all((1..CROWD).map { |n| row.merge(subject: "crowd #{n}") })
Issue.where(project_id: crowd.id).update_all('root_id = id')
([admin] + people).each { |user| puts [user.id, user.reload.api_key].join(' ') }
"#;

/// A running Redmine; it is stopped and removed with this value.
#[derive(Debug)]
#[must_use = "it is stopped with this value"]
pub struct Redmine {
    /// Where it is: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The key of its administrator, who has the number 1.
    pub key: String,
    /// The numbers and keys of [`PEOPLE`].
    pub people: Vec<(u64, String)>,
    client: Client,
    _server: Server,
    _folder: Folder,
}

impl Redmine {
    /// Starts one; takes some ten seconds. It runs no longer than the thread that calls this.
    pub fn start() -> Redmine {
        assert!(
            Path::new(HOME).join("config.ru").exists(),
            "there is no Redmine in {HOME}: this test needs Debian's packages redmine, redmine-sqlite and puma; \
             run it through scripts/test, which installs them (scripts/test NAME runs only the tests of that name)"
        );
        let folder = Folder::new("redmine", &["config", "log", "files", "tmp/cache"]);
        let setup = format!("CROWD = {CROWD}\nPEOPLE = {PEOPLE:?}\n{SETUP}");
        folder.write("setup.rb", &setup);
        let database = folder.path().join("redmine.sqlite");
        folder.write(
            "config/database.yml",
            &format!(
                "production:\n  adapter: sqlite3\n  database: {}\n  encoding: utf8\n",
                database.display()
            ),
        );
        folder.write("config/secret_key.txt", &SystemIds.token_of(64));
        folder.give_to_user();
        let mut run = program(&folder, "bin/rails");
        let done = run
            .arg("runner")
            .arg(folder.path().join("setup.rb"))
            .output();
        let done = done.unwrap_or_else(|error| panic!("Redmine is not set up: {error}"));
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(
            done.status.success(),
            "Redmine is not set up: {said}{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let user = |line: &str| {
            let (id, key) = line.split_once(' ')?;
            Some((id.parse::<u64>().ok()?, key.trim().to_owned()))
        };
        let mut people: Vec<(u64, String)> = said.lines().filter_map(user).collect();
        assert_eq!(
            people.len(),
            1 + PEOPLE.len(),
            "Redmine is not set up: {said}"
        );
        let (_, key) = people.remove(0);
        let (server, url) = Server::start(&folder);
        let client = Client::new(&Settings {
            allow_private: vec!["127.0.0.0/8".parse().expect("a range")],
            ..Settings::default()
        });
        Redmine {
            url,
            key,
            people,
            client: client.expect("a client can be made"),
            _server: server,
            _folder: folder,
        }
    }

    /// Asks its REST interface as the administrator; null where there is no body.
    ///
    /// # Panics
    /// When it answers anything but 2xx.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Value {
        self.call_as(&self.key, method, path, body).await
    }

    /// Asks its REST interface as whoever has a key; null where there is no body.
    ///
    /// # Panics
    /// When it answers anything but 2xx.
    pub async fn call_as(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Value {
        let url = format!("{}{path}", self.url).parse().expect("a path");
        let mut request = Request::new(method.clone(), url).header("x-redmine-api-key", key);
        if let Some(body) = body {
            let body = body.to_string().into_bytes();
            request = request
                .header("content-type", "application/json")
                .body(body);
        }
        let answer = self.client.send(request).await;
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let text = String::from_utf8_lossy(&answer.body);
        assert!(
            answer.status.is_success(),
            "{method} {path} answered {}: {text}",
            answer.status
        );
        answer.json().unwrap_or_default()
    }

    /// Makes an issue in the project `desk` and answers its number.
    pub async fn new_issue(&self, fields: Value) -> u64 {
        self.new_issue_as(&self.key, fields).await
    }

    /// Makes an issue in the project `desk` as whoever has a key, and answers its number.
    pub async fn new_issue_as(&self, key: &str, fields: Value) -> u64 {
        let mut issue = serde_json::json!({ "project_id": "desk" });
        let all = issue.as_object_mut().expect("an object");
        all.extend(fields.as_object().expect("an object").clone());
        let made = self
            .call_as(
                key,
                Method::POST,
                "/issues.json",
                Some(&serde_json::json!({ "issue": issue })),
            )
            .await;
        made["issue"]["id"].as_u64().expect("a number")
    }

    /// Changes an issue.
    pub async fn change_issue(&self, id: u64, fields: Value) {
        let body = serde_json::json!({ "issue": fields });
        self.call(Method::PUT, &format!("/issues/{id}.json"), Some(&body))
            .await;
    }

    /// Writes a note as whoever has a key.
    pub async fn note(&self, key: &str, id: u64, text: &str, is_private: bool) {
        let body = serde_json::json!({ "issue": { "notes": text, "private_notes": is_private } });
        self.call_as(key, Method::PUT, &format!("/issues/{id}.json"), Some(&body))
            .await;
    }

    /// An issue with its journal.
    pub async fn issue(&self, id: u64) -> Value {
        let path = format!("/issues/{id}.json?include=journals");
        self.call(Method::GET, &path, None).await["issue"].clone()
    }
}

/// A program of the instance that is in a folder.
fn program(folder: &Folder, name: &str) -> Command {
    let mut command = folder.command(name, Path::new(HOME));
    // The package looks for an instance under /var/lib/redmine; enough steps up lead anywhere.
    let site = format!("../../../../../..{}", folder.path().display());
    command
        .env("RAILS_ENV", "production")
        .env("X_DEBIAN_SITEID", site);
    command
}

/// The process that answers.
#[derive(Debug)]
struct Server(Child);

impl Server {
    fn start(folder: &Folder) -> (Server, String) {
        let mut command = program(folder, "puma");
        command.args([
            "-b",
            "tcp://127.0.0.1:0",
            "-t",
            "1:4",
            "-w",
            "0",
            "config.ru",
        ]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn();
        let mut server =
            Server(child.unwrap_or_else(|error| panic!("puma does not start: {error}")));
        let mut lines = BufReader::new(server.0.stdout.take().expect("it is piped")).lines();
        let mut said = String::new();
        while let Some(Ok(line)) = lines.next() {
            if let Some((_, url)) = line.split_once("Listening on ") {
                let url = url.trim().to_owned();
                // It must never wait for somebody to read what it says.
                std::thread::spawn(move || lines.for_each(drop));
                return (server, url);
            }
            said.push_str(&line);
            said.push('\n');
        }
        panic!("puma ended before it listened:\n{said}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
