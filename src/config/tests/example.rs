//! `config/toban.toml` and the built-in texts.

use super::*;
use crate::config::keys::KEYS;
use std::collections::BTreeSet;

/// Uncomments the lines that begin with a mark.
fn uncommented(text: &str, marks: &[&str]) -> String {
    let line = |line: &str| {
        let is_default =
            line.starts_with('#') && !line.starts_with("# ") && !line.starts_with("#+");
        match line {
            _ if line.starts_with("#+") && marks.contains(&"#+") => line[2..].to_owned(),
            _ if is_default && marks.contains(&"#") => line[1..].to_owned(),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Everything that a configuration decides, as text.
fn shown(config: &Config) -> String {
    let setup = &config.setup;
    let routing: Vec<_> = setup
        .routing
        .iter()
        .map(|rule| (rule.when.text(), &rule.queue))
        .collect();
    format!(
        "{:#?}",
        (
            (
                &config.server,
                config.database.url.expose(),
                &config.portal,
                &config.discord,
                (&config.net, &config.heartbeat, &config.mail)
            ),
            (
                &config.sources,
                &setup.members,
                &setup.queues,
                &setup.default_queue,
                routing
            ),
            (
                &setup.rotas,
                &setup.sources,
                &setup.operators,
                &setup.fallback,
                setup.lang
            ),
            (
                &setup.zone,
                &setup.desk_url,
                setup.body_in_chat,
                &setup.required_roles,
                (&setup.roles, setup.pings_per_hour)
            ),
            (&setup.snapshots, &config.warnings),
        )
    )
}

#[test]
fn the_example_works_as_it_is() {
    let config = good(EXAMPLE);
    assert_eq!(config.warnings.list, []);
}

#[test]
fn the_commented_defaults_are_the_defaults_of_the_code() {
    let with_defaults = uncommented(EXAMPLE, &["#"]);
    assert!(with_defaults.lines().count() > 100 && with_defaults != EXAMPLE);
    assert_eq!(shown(&good(&with_defaults)), shown(&good(EXAMPLE)));
}

#[test]
fn every_key_stands_in_the_example() {
    let whole = uncommented(EXAMPLE, &["#", "#+"]);
    let table: toml::Table = toml::from_str(&whole).unwrap();
    let mut found = BTreeSet::new();
    collect("", &toml::Value::Table(table), &mut found);
    for (kind, keys) in KEYS {
        // Further requests and mappings, severities and later versions take the keys of the first one, which are explained there.
        let further = [
            "source.poll.check",
            "source.poll.detail",
            "source.poll.mapping",
            "source.poll.mapping.message",
            "policy.ladder.S2",
            "policy.ladder.S3",
            "policy.ladder.S4",
            "rota.version",
            "rota.version.on",
        ];
        let is_further = further.contains(kind);
        if kind.starts_with("source.way_back.") || is_further {
            continue;
        }
        for key in *keys {
            let path = format!("{kind}.{key}");
            let path = path.trim_start_matches('.');
            assert!(found.contains(path), "{path} is not in config/toban.toml");
        }
    }
}

fn collect(kind: &str, value: &toml::Value, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let path = format!("{kind}.{key}");
                let path = path.trim_start_matches('.').to_owned();
                collect(&path, value, found);
                found.insert(path);
            }
        }
        toml::Value::Array(items) => {
            for item in items {
                collect(kind, item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn the_examples_without_a_default_are_right_too() {
    let whole = uncommented(EXAMPLE, &["#", "#+"]);
    let any = |_: &str| Some("postgres://toban@db/toban".to_owned());
    let problems = Config::read("toban.toml", &whole, &any).unwrap_err();
    // What may be given in one of three ways stands there in all of them, files and scheme apart.
    let other: Vec<String> = problems
        .list
        .iter()
        .filter(|problem| problem.level == Level::Error)
        .filter(|problem| !problem.what.contains("are given at once"))
        .filter(|problem| !problem.what.contains("/run/secrets/"))
        // A file that lies beside no example, and an address that the variable of this test is not.
        .filter(|problem| {
            ![
                "holidays/london.ics",
                "absences/ueda.ics",
                "mail-ca.pem",
                "company-ca.pem",
            ]
            .iter()
            .any(|file| problem.what.contains(&format!("{file:?} cannot be read")))
        })
        .filter(|problem| !problem.key.ends_with(".ical_url_env"))
        .map(ToString::to_string)
        .collect();
    assert_eq!(other, [] as [String; 0]);
}

#[test]
fn presets_know_their_keys() {
    for preset in Presets::read().iter() {
        assert!(!preset.text.trim().is_empty(), "{}", preset.file);
    }
    let config = good(&format!(
        "{}\n[[calendar]]\nname = \"japan\"\npreset = \"japan-office\"\n[[policy]]\nname = \"ready\"\npreset = \"standard\"\n\
         [[source]]\nid = \"hook\"\npreset = \"toban\"\nsecret_env = \"HOOK_SECRET\"\n\
         [[source]]\nid = \"redmine\"\npreset = \"redmine\"\nbase_url = \"https://redmine.example.com\"\nsecret_env = \"HOOK_SECRET\"\n",
        BASE
    ));
    assert_eq!(config.warnings.list, []);
}

/// What its set-up page tells an operator to write at least.
#[test]
fn the_presets_of_trackers_are_whole() {
    for (preset, settings) in [
        ("zendesk", "account = \"toban@example.com\""),
        ("kintone", "app = \"12\""),
        ("github", "repository = \"example/billing\""),
        ("gitlab", "project = \"example/billing\""),
        (
            "jira",
            "account = \"toban@example.com\"\njql = \"project = SUP\"",
        ),
        ("freshdesk", ""),
    ] {
        let config = good(&format!(
            "{BASE}\n[[source]]\nid = \"tracker\"\npreset = \"{preset}\"\nbase_url = \"https://tracker.example.com\"\n\
             secret_env = \"HOOK_SECRET\"\nhook_secret_env = \"HOOK_SECRET\"\n[source.setting]\n{settings}\n"
        ));
        assert_eq!(config.warnings.list, [], "{preset}");
    }
}

#[test]
fn the_demo_is_a_team_of_four_in_tokyo() {
    let config = Config::demo("a word of at least twenty-four bytes", "open");
    let names: Vec<&str> = config
        .setup
        .members
        .values()
        .map(|m| m.name.as_str())
        .collect();
    assert_eq!(names, ["青木", "江口", "井上", "上田"]);
    let leads: Vec<&str> = config
        .setup
        .members
        .values()
        .filter(|m| m.is_lead)
        .map(|m| m.id.as_str())
        .collect();
    assert_eq!(leads, ["ueda"]);
    assert_eq!(config.setup.default_queue.as_str(), "support");
    assert_eq!(config.setup.queues.len(), 2);
    let sources: Vec<&str> = config
        .sources
        .sources
        .keys()
        .map(|id| id.as_str())
        .collect();
    assert_eq!(sources, ["demo", "portal"]);
    assert_eq!(config.portal.key.as_ref().unwrap().expose(), "open");
    assert_eq!(config.warnings.list, []);
}

#[test]
fn the_template_of_the_example_is_the_one_that_ships() {
    let config = good(EXAMPLE);
    let ships = crate::app::replies::shipped(crate::i18n::Lang::Ja);
    let [example] = &config.setup.templates[..] else {
        panic!("the example has one template")
    };
    assert_eq!((&example.id, &example.name), (&ships.id, &ships.name));
    assert_eq!(example.ja.text().trim(), ships.ja.text().trim());
    assert_eq!(example.en.text().trim(), ships.en.text().trim());
}
