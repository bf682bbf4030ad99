//! A real Request Tracker 5 from Debian's packages, with a database and a folder of its own.
//!
//! Promises: nothing of an RT that this machine may run is touched (its configuration is not even read); it listens on
//! loopback only, as an unprivileged user, sends no mail, and ends with the value, or with the thread that started it.
//! A missing package is a failure with a sentence, never a skip. Leaves out what is asked of it:
//! [`RequestTracker::call`] speaks its REST interface.

use super::folder::Folder;
use crate::clock::SystemIds;
use crate::net::{Client, Method, Request, Settings};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Where the package `request-tracker5` puts it.
const HOME: &str = "/usr/share/request-tracker5";

/// Who may work there, each with a token of their own: toban's user, one who works, one who asks.
pub const PEOPLE: [&str; 3] = ["toban", "aoki", "hanako"];

/// How many tickets of the queue `Crowd` were changed in the same second, 2026-01-02 03:04:05 UTC.
pub const CROWD: usize = 130;

/// Makes the queues, the people with their rights and tokens, and the crowd.
const SETUP: &str = r#"
use strict; use warnings;
use lib "/usr/share/request-tracker5/lib";
use RT -init;
my $system = RT->SystemUser;
sub sure { my ($ok, $said) = @_; die $said unless $ok; return @_ }
sure(RT::Queue->new($system)->Create(Name => $_)) for qw(Escalations Crowd);
sub may {
    my ($user, @rights) = @_;
    sure($user->PrincipalObj->GrantRight(Right => $_, Object => RT->System)) for @rights;
}
for my $name (@ARGV) {
    my $asks = $name eq 'hanako';
    my $user = RT::User->new($system);
    sure($user->Create(Name => $name, RealName => ucfirst $name, EmailAddress => "$name\@example.com", Privileged => !$asks));
    may($user, qw(ManageAuthTokens SeeQueue ShowTicket ReplyToTicket CreateTicket));
    may($user, qw(ModifyTicket OwnTicket ReassignTicket CommentOnTicket ShowTicketComments)) unless $asks;
    sure($user->SetTimezone('UTC')) if $name eq 'toban';
    my $token = RT::AuthToken->new(RT::CurrentUser->new($user));
    my (undef, undef, $secret) = sure($token->Create(Owner => $user->Id, Description => 'test'));
    print "$name $secret\n";
}
$RT::Handle->BeginTransaction;
my ($first) = sure(RT::Ticket->new($system)->Create(Queue => 'Crowd', Subject => 'crowd', _RecordTransaction => 0));
my $columns = 'Queue, Type, Owner, Subject, Status, Priority, InitialPriority, FinalPriority, Creator, LastUpdatedBy';
for my $n (2 .. CROWD) {
    $RT::Handle->dbh->do("insert into Tickets ($columns) select $columns from Tickets where id = $first");
}
$RT::Handle->dbh->do("update Tickets set EffectiveId = id, Created = '2026-01-02 03:04:05', LastUpdated = '2026-01-02 03:04:05'");
$RT::Handle->Commit;
"#;

/// A running Request Tracker; it is stopped and removed with this value.
#[derive(Debug)]
#[must_use = "it is stopped with this value"]
pub struct RequestTracker {
    /// Where it is: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The tokens of [`PEOPLE`].
    pub tokens: Vec<String>,
    client: Client,
    port: u16,
    server: Option<Server>,
    folder: Folder,
}

impl RequestTracker {
    /// Starts one; takes some six seconds. It runs no longer than the thread that calls this.
    pub fn start() -> RequestTracker {
        assert!(
            Path::new(HOME).join("libexec/rt-server").exists(),
            "there is no Request Tracker in {HOME}: this test needs Debian's packages request-tracker5, rt5-db-sqlite \
             and rt5-standalone; run it through scripts/test, which installs them (scripts/test NAME runs only the \
             tests of that name)"
        );
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
        let port = port.expect("a port of loopback is free").port();
        let folder = Folder::new("rt", &["site.d", "mason", "sessions"]);
        folder.write("site.pm", &configuration(&folder, port));
        folder.write("password", &SystemIds.token_of(20));
        folder.write("setup.pl", &SETUP.replace("CROWD", &CROWD.to_string()));
        folder.give_to_user();
        let password = folder.path().join("password");
        let mut make = program(&folder, "rt-setup-database-5");
        make.args(["--action", "init", "--skip-create", "--dba", "nobody"]);
        make.args(["--dba-password", "none", "--root-password-file"])
            .arg(password);
        finished(&mut make);
        let mut people = program(&folder, "perl");
        let said = finished(people.arg(folder.path().join("setup.pl")).args(PEOPLE));
        let mut lines = said.lines().filter_map(|line| line.split_once(' '));
        let tokens = PEOPLE.map(|name| match lines.next() {
            Some((whose, token)) if whose == name => token.to_owned(),
            other => panic!("a token of {name} was expected, not {other:?}"),
        });
        let client = Client::new(&Settings {
            allow_private: vec!["127.0.0.0/8".parse().expect("a range")],
            ..Settings::default()
        });
        let server = Some(Server::start(&folder, port));
        RequestTracker {
            url: format!("http://127.0.0.1:{port}"),
            tokens: tokens.into(),
            client: client.expect("a client can be made"),
            port,
            server,
            folder,
        }
    }

    /// Stops it; what is sent there meets nobody.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// Starts it again where it was.
    pub fn start_again(&mut self) {
        self.server = None;
        self.server = Some(Server::start(&self.folder, self.port));
    }

    /// Puts things into the database as an administrator does with RT's own tool.
    pub fn insert(&self, data: &str) {
        self.folder.write("data.pl", data);
        let mut insert = program(&self.folder, "rt-setup-database-5");
        insert.args(["--action", "insert", "--skip-create", "--datafile"]);
        finished(insert.arg(self.folder.path().join("data.pl")));
    }

    /// Asks its REST interface as one of [`PEOPLE`]; null where there is no body.
    ///
    /// # Panics
    /// When it answers anything but 2xx.
    pub async fn call(&self, who: &str, method: Method, path: &str, body: Option<&Value>) -> Value {
        let known = PEOPLE.iter().position(|name| *name == who);
        let token = &self.tokens[known.expect("one of the people")];
        let url = format!("{}/REST/2.0{path}", self.url)
            .parse()
            .expect("a path");
        let mut request = Request::new(method.clone(), url);
        request = request.header("authorization", format!("token {token}"));
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

    /// Files a ticket as Hanako and answers its number.
    pub async fn new_ticket(&self, fields: Value) -> u64 {
        let mut ticket = serde_json::json!({
            "Queue": "Escalations",
            "Requestor": "hanako@example.com",
        });
        let all = ticket.as_object_mut().expect("an object");
        all.extend(fields.as_object().expect("an object").clone());
        let made = self
            .call("hanako", Method::POST, "/ticket", Some(&ticket))
            .await;
        let id = made["id"].as_str().expect("an id");
        id.parse().expect("a number")
    }

    /// Changes a ticket as Aoki.
    pub async fn change(&self, ticket: u64, fields: Value) {
        let path = format!("/ticket/{ticket}");
        self.call("aoki", Method::PUT, &path, Some(&fields)).await;
    }

    /// Writes to the requestor (`correspond`) or among colleagues (`comment`).
    pub async fn write(&self, who: &str, ticket: u64, how: &str, text: &str) {
        let path = format!("/ticket/{ticket}/{how}");
        let body = serde_json::json!({ "ContentType": "text/plain", "Content": text });
        self.call(who, Method::POST, &path, Some(&body)).await;
    }

    /// A ticket as it is now.
    pub async fn ticket(&self, ticket: u64) -> Value {
        self.call("aoki", Method::GET, &format!("/ticket/{ticket}"), None)
            .await
    }

    /// What happened to a ticket, mail aside: whose act of which type, with its words, in its order.
    pub async fn history(&self, ticket: u64) -> Vec<(String, String, String)> {
        let path = format!("/ticket/{ticket}/history?per_page=100&fields=Type,Creator,Created");
        let all = self.call("aoki", Method::GET, &path, None).await;
        let path =
            format!("/ticket/{ticket}/attachments?per_page=100&fields=TransactionId,Content");
        let texts = self.call("aoki", Method::GET, &path, None).await;
        let list = |value: &Value| value["items"].as_array().expect("a list").clone();
        let texts = list(&texts);
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let acts = list(&all).into_iter().map(|act| {
            let text = texts.iter().find(|text| text["TransactionId"] == act["id"]);
            let text = text.map(|text| word(&text["Content"]));
            (
                word(&act["Creator"]["id"]),
                word(&act["Type"]),
                text.unwrap_or_default(),
            )
        });
        acts.filter(|(_, kind, _)| !kind.contains("EmailRecord"))
            .collect()
    }
}

/// Runs a command to its end and answers what it said.
fn finished(command: &mut Command) -> String {
    let done = command.output();
    let done = done.unwrap_or_else(|error| panic!("Request Tracker is not set up: {error}"));
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "Request Tracker is not set up: {said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    said
}

/// Tokens are checked cheaply, because RT does it anew with every request: half a second each, as it comes.
fn configuration(folder: &Folder, port: u16) -> String {
    let home = folder.path().display();
    format!(
        "Set($rtname, 'toban.test');
         Set($Organization, 'toban.test');
         Set($DatabaseType, 'SQLite');
         Set($DatabaseName, '{home}/rt.sqlite');
         Set($WebDomain, '127.0.0.1');
         Set($WebPort, {port});
         Set($WebBaseURL, 'http://127.0.0.1:{port}');
         Set($WebPath, '');
         Set($MailCommand, 'testfile');
         Set($LogToSyslog, undef);
         Set($LogToSTDERR, 'error');
         Set($Timezone, 'Asia/Tokyo');
         Set($BcryptCost, 4);
         Set($HTMLFormatter, 'core');
         Set($MasonDataDir, '{home}/mason');
         Set($MasonSessionDir, '{home}/sessions');
         Set($WebSessionClass, 'Apache::Session::File');
         1;\n"
    )
}

/// A program of the instance that is in a folder.
fn program(folder: &Folder, name: &str) -> Command {
    let home = folder.path();
    let mut command = folder.command(name, home);
    command
        .env("RT_SITE_CONFIG", home.join("site.pm"))
        .env("RT_SITE_CONFIG_DIR", home.join("site.d"));
    command
}

/// The one process that answers, one request after the other.
#[derive(Debug)]
struct Server(Child);

impl Server {
    fn start(folder: &Folder, port: u16) -> Server {
        let mut command = program(folder, "plackup");
        command.args(["-s", "Starlet", "--max-workers=0", "--host=127.0.0.1"]);
        command.arg(format!("--port={port}"));
        command.arg(format!("{HOME}/libexec/rt-server"));
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut server =
            Server(child.unwrap_or_else(|error| panic!("plackup does not start: {error}")));
        let mut lines = BufReader::new(server.0.stderr.take().expect("it is piped")).lines();
        let mut said = String::new();
        while let Some(Ok(line)) = lines.next() {
            if line.contains("Accepting connections at") {
                // It must never wait for somebody to read what it says.
                std::thread::spawn(move || lines.for_each(drop));
                return server;
            }
            said.push_str(&line);
            said.push('\n');
        }
        panic!("plackup ended before it listened:\n{said}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
