//! The tables of what is allowed, and one function per rule that says where a file breaks it.

use std::collections::BTreeSet;
use std::fmt;

use super::source::{self, Named, Token};

/// The rooms that anyone but `domain` may use.
pub const LEAVES: [&str; 7] = ["time", "clock", "expr", "i18n", "ical", "net", "tabular"];

/// What each room may use of ours, besides itself. Rooms that are not here (`cli`, `testkit`, `main.rs`, `lib.rs`) build
/// the others and may use everything.
pub const ROOMS: [(&str, &[&str]); 16] = [
    ("domain", &["time"]),
    (
        "app",
        &[
            "domain", "time", "clock", "expr", "i18n", "ical", "net", "tabular",
        ],
    ),
    ("store", OUTSIDE),
    ("chat", OUTSIDE),
    ("mail", OUTSIDE),
    ("web", OUTSIDE),
    ("sources", OUTSIDE),
    ("engine", OUTSIDE),
    ("config", OUTSIDE),
    ("time", &[]),
    // It is the system side of two ports, so it may name them.
    ("clock", &["time", "app"]),
    ("expr", &LEAVES),
    ("i18n", &LEAVES),
    ("ical", &["time"]),
    ("net", &LEAVES),
    ("tabular", &[]),
];
pub const OUTSIDE: &[&str] = &[
    "app", "domain", "time", "clock", "expr", "i18n", "ical", "net", "tabular",
];

/// Platforms never use each other; each is a folder of `chat`.
pub const PLATFORMS: [&str; 2] = ["discord", "desk"];

/// Third-party crates that have a home: where else they are named, their types would leak.
pub const HOMES: [(&str, &[&str]); 21] = [
    ("serenity", &["src/chat/discord", "src/testkit"]),
    ("lettre", &["src/mail"]),
    ("sqlx", &["src/store", "src/testkit"]),
    ("axum", &["src/web", "src/testkit"]),
    ("axum_extra", &["src/web"]),
    ("tower_http", &["src/web"]),
    ("reqwest", &["src/net", "src/chat/discord", "src/testkit"]),
    ("icalendar", &["src/web"]),
    ("minijinja", &["src/expr", "src/web"]),
    ("fluent_bundle", &["src/i18n"]),
    ("unic_langid", &["src/i18n"]),
    ("cron", &["src/time"]),
    ("chrono", &["src/time", "src/ical"]),
    ("calcard", &["src/ical"]),
    ("async_imap", &["src/sources/mail"]),
    ("mail_parser", &["src/sources/mail"]),
    ("tokio_rustls", &["src/sources/mail"]),
    ("webpki_roots", &["src/sources/mail"]),
    ("clap", &["src/cli", "src/main.rs"]),
    ("miette", &["src/config", "src/cli", "src/main.rs"]),
    ("anyhow", &["src/cli", "src/main.rs", "src/testkit"]),
];

/// The third-party crates of the pure room; time comes through `crate::time`.
pub const DOMAIN_CRATES: [&str; 2] = ["serde", "thiserror"];

/// What std offers and the pure room does not take: I/O, clocks, threads.
pub const DOMAIN_STD: [&str; 9] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// The suites that every store and every platform passes: test code, wherever it is compiled.
pub const SUITES: [&str; 2] = ["src/store/conformance", "src/chat/contract"];

/// Names that say nothing about what a file holds.
pub const NOT_NOUNS: [&str; 7] = [
    "util", "utils", "common", "helper", "helpers", "manager", "misc",
];

/// Lines of code in a file without its tests; long before that a file answers two questions.
pub const MOST_LINES: usize = 500;

/// A broken rule, where it was broken.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// A Rust file of this repository, read.
pub struct Source {
    pub path: String,
    pub text: String,
    pub blanked: String,
    pub tokens: Vec<Token>,
    pub named: Vec<Named>,
    pub inline_tests: Vec<std::ops::RangeInclusive<usize>>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let blanked = source::blank(text);
        let tokens = source::tokens(&blanked);
        let named = source::paths(&tokens, &module(path));
        let inline_tests = source::test_lines(&tokens);
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            blanked,
            tokens,
            named,
            inline_tests,
        }
    }

    /// The room the file is in, if it is in one.
    pub fn room(&self) -> Option<&str> {
        let room = self.path.strip_prefix("src/")?.split('/').next()?;
        Some(room.strip_suffix(".rs").unwrap_or(room))
    }

    /// Test code: a file of tests, one of the two suites that every store and every platform passes, or a line in an
    /// inline module of tests.
    pub fn is_test(&self, line: usize) -> bool {
        let is_test_file = self.path.split(['/', '.']).any(|part| part == "tests");
        is_test_file
            || self.is_under(&SUITES)
            || self.inline_tests.iter().any(|lines| lines.contains(&line))
    }

    pub fn is_under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| {
            let rest = self.path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest == ".rs")
        })
    }

    /// The third-party crates named, outside tests, with the lines.
    fn crates<'a>(
        &'a self,
        dependencies: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = (&'a str, usize)> {
        let own: BTreeSet<&str> = self.own_names().collect();
        self.named
            .iter()
            .filter(move |named| named.imported || !own.contains(named.path[0].as_str()))
            .filter(|named| !self.is_test(named.line))
            .map(|named| (named.path[0].as_str(), named.line))
            .filter(|(name, _)| dependencies.contains(*name))
    }

    /// Modules declared or imported here: `url::x` is not the crate `url` where `use crate::net::url` stands.
    fn own_names(&self) -> impl Iterator<Item = &str> {
        let declared = self
            .tokens
            .windows(2)
            .filter(|two| two[0].text == "mod")
            .map(|two| two[1].text.as_str());
        let imported = self
            .named
            .iter()
            .filter(|named| named.imported && named.path.len() > 1);
        declared.chain(
            imported
                .filter_map(|named| named.path.last())
                .map(String::as_str),
        )
    }

    fn finding(&self, line: usize, rule: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            rule: rule.into(),
        }
    }
}

/// `src/chat/desk/mod.rs` and `src/chat/desk.rs` are the module `chat::desk`.
pub fn module(path: &str) -> Vec<String> {
    let inner = path.strip_prefix("src/").unwrap_or(path);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    if matches!(inner, "lib" | "main") {
        return Vec::new();
    }
    inner.split('/').map(str::to_owned).collect()
}

/// Arrows point inward only.
pub fn rooms(file: &Source) -> Vec<Finding> {
    let Some((room, allowed)) = file
        .room()
        .and_then(|room| ROOMS.iter().find(|(name, _)| *name == room))
    else {
        return Vec::new();
    };
    let is_room = |name: &str| {
        ["cli", "testkit"].contains(&name) || ROOMS.iter().any(|(room, _)| *room == name)
    };
    let mut findings = Vec::new();
    for Named { path, line, .. } in &file.named {
        let [first, other, inner @ ..] = path.as_slice() else {
            continue;
        };
        if first != "crate" || !is_room(other) {
            continue;
        }
        if other == "testkit" && file.is_test(*line) {
            continue;
        }
        if other != room && !allowed.contains(&other.as_str()) {
            findings.push(file.finding(
                *line,
                format!(
                    "{room} may not use {other} (it may use: {})",
                    listed(allowed)
                ),
            ));
        }
        let other_platform = inner
            .first()
            .filter(|name| PLATFORMS.contains(&name.as_str()));
        if let Some(platform) = other_platform.filter(|_| other == "chat") {
            let own = PLATFORMS
                .iter()
                .find(|own| file.is_under(&[&format!("src/chat/{own}")]));
            if let Some(own) = own.filter(|own| *own != platform) {
                findings.push(file.finding(
                    *line,
                    format!("platforms never use each other: chat/{own} uses chat/{platform}"),
                ));
            }
        }
    }
    findings
}

pub fn listed(rooms: &[&str]) -> String {
    if rooms.is_empty() {
        "nothing of ours".to_owned()
    } else {
        rooms.join(", ")
    }
}

/// Drivers and SDKs stay in their homes, and the pure room has none.
pub fn crates(file: &Source, dependencies: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !file.path.starts_with("src/") {
        return findings;
    }
    for (name, line) in file.crates(dependencies) {
        if file.room() == Some("domain") {
            if !DOMAIN_CRATES.contains(&name) {
                let rule = format!(
                    "domain may not use the crate {name} (only std, serde and thiserror; time through crate::time)"
                );
                findings.push(file.finding(line, rule));
            }
        } else if let Some((_, homes)) = HOMES.iter().find(|(home, _)| *home == name)
            && !file.is_under(homes)
        {
            findings.push(file.finding(
                line,
                format!("the crate {name} is used only in {}", homes.join(", ")),
            ));
        }
    }
    findings
}

/// The pure room has no I/O, no clock and no async.
pub fn purity(file: &Source) -> Vec<Finding> {
    if file.room() != Some("domain") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for token in file.tokens.iter().filter(|token| !file.is_test(token.line)) {
        if matches!(token.text.as_str(), "async" | "await") {
            findings.push(file.finding(
                token.line,
                "domain has no async: a caller waits, the domain decides",
            ));
        }
    }
    for named in file.named.iter().filter(|named| !file.is_test(named.line)) {
        let path = named.path.join("::");
        let taken = DOMAIN_STD
            .iter()
            .find(|no| path == **no || path.starts_with(&format!("{no}::")));
        if let Some(no) = taken {
            findings.push(file.finding(
                named.line,
                format!("domain does no I/O and reads no clock: {no}"),
            ));
        }
    }
    findings
}

/// What would make a test or a function pretend.
pub fn pretence(file: &Source) -> Vec<Finding> {
    let text = |i: usize| {
        file.tokens
            .get(i)
            .map_or("", |token: &Token| token.text.as_str())
    };
    let mut findings = Vec::new();
    for (i, token) in file.tokens.iter().enumerate() {
        if matches!(token.text.as_str(), "todo" | "unimplemented") && text(i + 1) == "!" {
            findings.push(file.finding(
                token.line,
                format!("no {}!: what is in the tree works", token.text),
            ));
        }
        if token.text == "#" && text(i + 1) == "[" {
            let attribute: Vec<&str> = (i + 2..)
                .map(text)
                .take_while(|word| !matches!(*word, "]" | ""))
                .collect();
            let is_ignored = attribute.first() == Some(&"ignore")
                || attribute.first() == Some(&"cfg_attr") && attribute.contains(&"ignore");
            if is_ignored {
                findings.push(file.finding(token.line, "no test is ignored"));
            }
        }
    }
    findings
}

/// A module begins by saying what it is for.
pub fn introduction(file: &Source) -> Vec<Finding> {
    let is_silent =
        file.path.starts_with("src/") && !file.is_test(1) && !file.text.starts_with("//! ");
    let rule = "the first line is `//!`: what the module is for";
    is_silent
        .then(|| file.finding(1, rule))
        .into_iter()
        .collect()
}

/// A file answers one question.
pub fn length(file: &Source) -> Vec<Finding> {
    if !file.path.starts_with("src/") || file.is_test(1) {
        return Vec::new();
    }
    let is_code =
        |(number, line): &(usize, &str)| !line.trim().is_empty() && !file.is_test(number + 1);
    let lines = file.blanked.lines().enumerate().filter(is_code).count();
    let rule = format!(
        "{lines} lines of code without tests (at most {MOST_LINES}): what is the second question?"
    );
    (lines > MOST_LINES)
        .then(|| file.finding(1, rule))
        .into_iter()
        .collect()
}

/// Files are named after the noun they hold.
pub fn name(path: &str) -> Vec<Finding> {
    let is_no_noun = |part: &str| NOT_NOUNS.contains(&part);
    let named = path
        .split('/')
        .flat_map(|folder| folder.split(['_', '.', '-']))
        .find(|part| is_no_noun(part));
    let finding = |word| Finding {
        path: path.to_owned(),
        line: 1,
        rule: format!("{word:?} is not the noun that a file holds"),
    };
    named
        .filter(|_| path.ends_with(".rs"))
        .map(finding)
        .into_iter()
        .collect()
}

/// Committed text names no machine of ours and no place that packages come from.
pub fn machine(path: &str, text: &str) -> Vec<Finding> {
    let is_borrowed = ["tests/corpora/", "tests/specs/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut found = |rule: &str, what: &str| {
            let rule = format!("{rule}: {what}");
            findings.push(Finding {
                path: path.to_owned(),
                line: number + 1,
                rule,
            });
        };
        for folder in machine_paths()
            .iter()
            .filter(|folder| names_folder(line, folder))
        {
            found("committed text names no path of a machine", folder);
        }
        for host in registry_hosts()
            .iter()
            .filter(|host| !is_borrowed && line.contains(host.as_str()))
        {
            found("committed text names no host of a package registry", host);
        }
    }
    findings
}

/// Built from pieces, so that this file does not contain them.
pub fn machine_paths() -> [String; 4] {
    ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"))
}

pub fn registry_hosts() -> Vec<String> {
    let hosts = [
        ("index.crat", "es.io"),
        ("static.crat", "es.io"),
        ("registry.np", "mjs.org"),
        ("registry.yarn", "pkg.com"),
        ("files.pythonh", "osted.org"),
        ("py", "pi.org"),
        ("proxy.go", "lang.org"),
        ("deb.deb", "ian.org"),
        ("rubyg", "ems.org"),
    ];
    hosts.map(|(name, top)| format!("{name}{top}")).to_vec()
}

/// An absolute path, not the end of a relative one or of an address.
pub fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || "\"'`(=:[<,".contains(c))
    })
}

/// Migrations are twins: the same numbers and names for both databases, each number once.
pub fn twins(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) -> Vec<Finding> {
    let finding = |database: &str, name: &String, rule: &str| Finding {
        path: format!("migrations/{database}/{name}"),
        line: 1,
        rule: rule.to_owned(),
    };
    let mut findings = Vec::new();
    findings.extend(
        sqlite
            .difference(postgres)
            .map(|name| finding("sqlite", name, "has no twin for postgres")),
    );
    findings.extend(
        postgres
            .difference(sqlite)
            .map(|name| finding("postgres", name, "has no twin for sqlite")),
    );
    let mut numbers = BTreeSet::new();
    for name in sqlite {
        let (number, rest) = name.split_once('_').unwrap_or((name, ""));
        let is_numbered = number.len() == 4
            && number.bytes().all(|b| b.is_ascii_digit())
            && rest.ends_with(".sql");
        if !is_numbered {
            findings.push(finding("sqlite", name, "is not called NNNN_name.sql"));
        }
        if !numbers.insert(number) {
            findings.push(finding(
                "sqlite",
                name,
                "has a number that another migration has",
            ));
        }
    }
    findings
}
