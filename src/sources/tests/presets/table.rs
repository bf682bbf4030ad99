//! The table of docs/sources/README.md says of each preset what the preset does.

use super::{SAMPLES, read, sources};
use crate::app::ports::{Handing, WayBack as _, WriteBack};
use crate::app::source_config::{Act, Delivery, SourceKind};
use crate::domain::inquiry::{Answer, Outcome, Severity, Workaround};
use crate::testkit::world::{STORY, may_read};

const PAGE: &str = include_str!("../../../../docs/sources/README.md");

/// The rows: the preset, what it is called in either language, and what proves it.
const ROWS: [(&str, [&str; 2], &str); 11] = [
    (
        "rakuraku-hanbai",
        ["楽楽販売"; 2],
        "tests/it/doubles/rakuraku.rs",
    ),
    ("redmine", ["Redmine"; 2], "src/testkit/redmine.rs"),
    (
        "request-tracker",
        ["Request Tracker"; 2],
        "src/testkit/request_tracker.rs",
    ),
    ("zendesk", ["Zendesk"; 2], "tests/it/doubles/zendesk.rs"),
    ("kintone", ["kintone"; 2], "tests/it/doubles/trackers.rs"),
    (
        "github",
        ["GitHub Issues"; 2],
        "tests/it/doubles/trackers.rs",
    ),
    (
        "gitlab",
        ["GitLab Issues"; 2],
        "tests/it/doubles/trackers.rs",
    ),
    (
        "jira",
        ["Jira Service Management"; 2],
        "tests/it/doubles/trackers.rs",
    ),
    (
        "freshdesk",
        ["Freshdesk"; 2],
        "tests/it/doubles/trackers.rs",
    ),
    (
        "mail",
        ["メール", "Mail"],
        "tests/it/edges/mailbox/house.rs",
    ),
    (
        "toban",
        [
            "toban の形（`toban send`）",
            "toban's own document (`toban send`)",
        ],
        "src/sources/send.rs",
    ),
];

/// The acts of the table, in its order.
const ACTS: [Act; 6] = [
    Act::Reply,
    Act::Answer,
    Act::Owner,
    Act::Close,
    Act::Reopen,
    Act::Severity,
];

fn example(act: Act) -> WriteBack {
    match act {
        Act::Reply => WriteBack::Reply { text: "x".into() },
        Act::Bounce => WriteBack::Bounce { text: "x".into() },
        Act::Answer => {
            let workaround = Workaround::None { reason: "x".into() };
            let cause = "x".into();
            WriteBack::Resolved {
                outcome: Outcome {
                    category: "bug".into(),
                    answer: Answer::Investigation { cause, workaround },
                },
            }
        }
        Act::Owner | Act::Claim | Act::Assign | Act::Release => WriteBack::Owner {
            member: None,
            how: Handing::Released,
        },
        Act::Close => WriteBack::Closed,
        Act::Reopen => WriteBack::Reopened,
        Act::Severity => WriteBack::Severity {
            severity: Severity::S2,
        },
    }
}

/// A desk with one source, which writes back these acts.
fn config(preset: &str, acts: &str) -> String {
    let sample = SAMPLES.iter().find(|sample| sample.preset == preset);
    let further = match preset {
        "mail" => {
            "[source.imap]\nhost = \"imap.example.com\"\nusername = \"desk@toban.example\"\npassword_env = \"BOX\"\n[source.smtp]\nhost = \"smtp.example.com\"\nfrom = \"desk@toban.example\""
        }
        "toban" => "",
        _ => sample.unwrap().source,
    };
    let is_hook = !matches!(
        preset,
        "redmine" | "request-tracker" | "rakuraku-hanbai" | "mail"
    );
    let hook = if is_hook {
        "hook_secret_env = \"HOOK\"\n"
    } else {
        ""
    };
    let key = match preset {
        "mail" => "",
        _ => "secret_env = \"KEY\"\nbase_url = \"https://x.example\"\n",
    };
    format!(
        "{STORY}\n[[source]]\nid = \"it\"\npreset = \"{preset}\"\n{key}{hook}{acts}\n{further}\n"
    )
}

/// Whether an act goes back: as it is, once a setting says where, or never.
fn goes(preset: &str, act: Act) -> &'static str {
    let text = config(preset, &format!("write_back = [\"{}\"]", act.key()));
    let Some(found) = may_read(&text) else {
        return "—";
    };
    let id = "it".into();
    if let SourceKind::Mail(mail) = &found.sources.sources[&id].kind {
        return if mail.replies.contains_key(&act) {
            "○"
        } else {
            "—"
        };
    }
    match sources(&text).takes(&id, &example(act)) {
        true => "○",
        false => "△",
    }
}

/// How it comes in, in either language.
fn comes(preset: &str) -> [&'static str; 2] {
    let config = read(&config(preset, ""));
    match &config.sources.sources[&"it".into()].kind {
        SourceKind::Webhook { poll: None, .. } => ["届く", "webhook"],
        SourceKind::Webhook { brings, .. } => match brings {
            Delivery::Document => ["届く＋取得", "webhook + poll"],
            Delivery::Nudge => ["合図＋取得", "nudge + poll"],
        },
        SourceKind::Poll(_) | SourceKind::Mail(_) => ["取得", "poll"],
        SourceKind::Portal => panic!("no preset is a portal"),
    }
}

#[test]
fn the_table_of_the_page_is_that_of_the_presets() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/config/presets/source");
    let files = std::fs::read_dir(folder).unwrap();
    let name = |file: std::fs::DirEntry| file.file_name().into_string().unwrap();
    let presets = files.map(|file| name(file.unwrap()).replace(".toml", ""));
    let mut presets: Vec<String> = presets.collect();
    presets.sort_unstable();
    let mut named: Vec<&str> = ROWS.iter().map(|(preset, ..)| *preset).collect();
    named.sort_unstable();
    assert_eq!(presets, named, "every preset has a row");
    for (preset, names, proof) in ROWS {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(root.join(proof).exists(), "{proof}");
        let proven = match proof.starts_with("tests/it/doubles") {
            true => ["模擬", "double"],
            false => ["実物", "original"],
        };
        let marks = ACTS.map(|act| goes(preset, act)).join(" | ");
        let comes = comes(preset);
        for lang in 0..2 {
            let row = format!(
                "| {} | {} | {marks} | {} |",
                names[lang], comes[lang], proven[lang]
            );
            assert!(PAGE.lines().any(|line| line == row), "not there: {row}");
        }
    }
}

#[test]
fn every_set_up_page_offers_what_goes_back_and_nothing_else() {
    for (preset, ..) in ROWS {
        let root = env!("CARGO_MANIFEST_DIR");
        let path = format!("{root}/docs/sources/{preset}.md");
        // Mail and our own document have nothing to choose.
        let chosen = !matches!(preset, "mail" | "toban");
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        let line = page.lines().find(|line| line.starts_with("write_back = "));
        assert_eq!(line.is_some(), chosen, "{path}");
        for act in ACTS.into_iter().filter(|_| chosen) {
            let is_offered = line.unwrap().contains(&format!("\"{}\"", act.key()));
            assert_eq!(is_offered, goes(preset, act) != "—", "{path}: {act:?}");
        }
    }
}

#[test]
fn github_needs_no_address_unless_it_is_ones_own() {
    let text = |base: &str| {
        let text = config("github", "");
        text.replace("base_url = \"https://x.example\"\n", base)
    };
    let base = |text: String| read(&text).sources.sources[&"it".into()].base_url.clone();
    assert_eq!(base(text("")), "https://api.github.com");
    let own = "base_url = \"https://github.example.com/api/v3\"\n";
    assert_eq!(base(text(own)), "https://github.example.com/api/v3");
}
