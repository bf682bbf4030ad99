//! The checker on small invented sources: that it sees what it should, and nothing else.

#![allow(clippy::unwrap_used)]

use super::*;

/// The findings of every rule about one file, as `LINE: RULE`.
fn findings(path: &str, text: &str) -> Vec<String> {
    let dependencies: BTreeSet<String> = [
        "serde",
        "thiserror",
        "serde_json",
        "jiff",
        "sqlx",
        "axum",
        "serenity",
        "reqwest",
        "cron",
        "proptest",
        "tokio",
    ]
    .map(str::to_owned)
    .into();
    let file = Source::new(path, &format!("//! An invented file.\n{text}"));
    let all = [
        rooms(&file),
        crates(&file, &dependencies),
        purity(&file),
        pretence(&file),
        introduction(&file),
        length(&file),
    ];
    all.into_iter()
        .flatten()
        .map(|finding| format!("{}: {}", finding.line - 1, finding.rule))
        .collect()
}

/// The file breaks exactly these rules: (line of `text`, words of the rule).
#[track_caller]
fn check(path: &str, text: &str, expected: &[(usize, &str)]) {
    let found = findings(path, text);
    let is_as_expected = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, (line, words))| {
            found.starts_with(&format!("{line}: ")) && found.contains(words)
        });
    assert!(
        is_as_expected,
        "{path}\n{text}\nexpected {expected:?}\nfound {found:#?}"
    );
}

#[test]
fn an_arrow_that_points_outward_is_found() {
    check(
        "src/domain/card.rs",
        "use crate::app::ports::Store;",
        &[(1, "domain may not use app")],
    );
    check(
        "src/app/claim.rs",
        "fn f(s: crate::store::Pool) {}",
        &[(1, "app may not use store")],
    );
    check(
        "src/web/router.rs",
        "\nuse crate::engine::Wake;",
        &[(2, "web may not use engine")],
    );
    check(
        "src/time/mod.rs",
        "use crate::domain::Shift;",
        &[(1, "(it may use: nothing of ours)")],
    );
    check(
        "src/engine/mod.rs",
        "use crate::cli;",
        &[(1, "engine may not use cli")],
    );
    check(
        "src/clock.rs",
        "use crate::store::Pool;",
        &[(1, "clock may not use store")],
    );
}

#[test]
fn an_arrow_that_points_inward_is_not() {
    check(
        "src/domain/card.rs",
        "use crate::{domain::sla, time::Zone};",
        &[],
    );
    check(
        "src/store/pool.rs",
        "use crate::app::ports::{self, Store};\nuse crate::clock::sleep;",
        &[],
    );
    check(
        "src/cli/serve.rs",
        "use crate::{store, web, chat::discord, engine};",
        &[],
    );
    check("src/testkit/world.rs", "use crate::store::Pool;", &[]);
    check("src/main.rs", "use toban::cli;", &[]);
    check("tests/it/story.rs", "use toban::store::Pool;", &[]);
}

#[test]
fn groups_renames_and_nesting_hide_nothing() {
    check(
        "src/chat/mod.rs",
        "use crate::{\n    app::{self, ports::{Platform, Wake}},\n    store::pool as elsewhere,\n    domain::*,\n};",
        &[(3, "chat may not use store")],
    );
    check(
        "src/engine/a.rs",
        "pub(crate) use ::serde::Serialize;\nuse crate::{web::{a, b}};",
        &[(2, "engine may not use web"), (2, "engine may not use web")],
    );
}

#[test]
fn a_way_round_through_super_is_found() {
    check(
        "src/store/inquiry.rs",
        "use super::super::web::Router;",
        &[(1, "store may not use web")],
    );
    check(
        "src/store/inquiry/mod.rs",
        "fn f() { super::super::chat::say() }",
        &[(1, "store may not use chat")],
    );
    check(
        "src/store/mod.rs",
        "mod a { mod b { use super::super::super::web::X; } }\nuse self::a::b;",
        &[(1, "use web")],
    );
    check(
        "src/store/mod.rs",
        "mod a { fn f() { if x { y } } }\nuse super::web::X;",
        &[(2, "use web")],
    );
    check(
        "src/store/inquiry.rs",
        "use super::pool::Pool;\nuse self::row::Row;",
        &[],
    );
}

#[test]
fn platforms_do_not_meet() {
    check(
        "src/chat/desk/render.rs",
        "use crate::chat::discord::Colour;",
        &[(1, "chat/desk uses chat/discord")],
    );
    check(
        "src/chat/discord.rs",
        "use super::desk;",
        &[(1, "chat/discord uses chat/desk")],
    );
    check(
        "src/chat/registry.rs",
        "use crate::chat::{desk, discord};",
        &[],
    );
    check(
        "src/chat/discord/inbound.rs",
        "use crate::chat::discord::commands;",
        &[],
    );
}

#[test]
fn comments_and_strings_are_not_code() {
    check(
        "src/domain/card.rs",
        r####"// use crate::store::Pool;
/* use crate::web; /* nested */ use crate::chat; todo!() */
const A: &str = "use crate::store::Pool; \" todo!()";
const B: &str = r##"say "crate::web::x" and "# .await"##;
const C: &[u8] = br#"crate::web::x"#;
const D: [char; 3] = ['"', '\'', '\u{1F600}'];
fn life<'a>(x: &'a str) -> &'a str { x }
use crate::store::Real;"####,
        &[(8, "domain may not use store")],
    );
}

#[test]
fn tests_may_use_the_testkit_and_any_crate() {
    check(
        "src/domain/sla/tests.rs",
        "use crate::testkit::policy;\nuse proptest::prelude::*;",
        &[],
    );
    check(
        "src/store/conformance/outbox.rs",
        "use crate::testkit::ids;",
        &[],
    );
    check("src/chat/contract.rs", "use crate::testkit::ids;", &[]);
    check(
        "src/domain/contract.rs",
        "use crate::testkit::ids;",
        &[(1, "domain may not use testkit")],
    );
    check(
        "src/domain/sla/mod.rs",
        "#[cfg(test)]\nmod tests {\n    use crate::testkit::policy;\n    use proptest::x;\n}",
        &[],
    );
    check(
        "src/domain/sla/mod.rs",
        "#[cfg(test)]\nmod tests {}\nuse crate::testkit::policy;",
        &[(3, "may not use testkit")],
    );
    check(
        "src/domain/sla/mod.rs",
        "#[cfg(test)]\nmod tests;\nuse proptest::x;",
        &[(3, "the crate proptest")],
    );
    check(
        "src/store/tests.rs",
        "use crate::web::Router;",
        &[(1, "store may not use web")],
    );
}

#[test]
fn a_driver_away_from_home_is_found() {
    check(
        "src/app/claim.rs",
        "fn f(p: &sqlx::SqlitePool) {}",
        &[(1, "sqlx is used only in src/store")],
    );
    check(
        "src/engine/a.rs",
        "use serenity::all::Http;",
        &[(1, "serenity is used only in src/chat/discord")],
    );
    check(
        "src/chat/desk/mod.rs",
        "use {axum::Router, serde::Serialize};",
        &[(1, "axum is used only in src/web")],
    );
    check("src/chat/discord.rs", "use serenity::all::Http;", &[]);
    check(
        "src/chat/discord_rest.rs",
        "use serenity::all::Http;",
        &[(1, "serenity")],
    );
    check(
        "src/chat/discord/delivery.rs",
        "use serenity::all::Http;",
        &[],
    );
    check(
        "src/store/pool.rs",
        "#[derive(sqlx::FromRow)]\nstruct Row;",
        &[],
    );
}

#[test]
fn a_module_of_ours_is_not_the_crate_of_its_name() {
    check(
        "src/config/mod.rs",
        "mod cron;\nfn f() { cron::parse() }",
        &[],
    );
    check(
        "src/config/mod.rs",
        "use crate::time::cron;\nfn f() { cron::parse() }",
        &[],
    );
    check(
        "src/config/mod.rs",
        "fn f() { cron::parse() }",
        &[(1, "cron is used only in src/time")],
    );
    check(
        "src/config/mod.rs",
        "fn f() { self.sqlx::x; <A as B>::axum::c() }",
        &[],
    );
}

#[test]
fn the_domain_takes_two_crates_and_no_world() {
    check(
        "src/domain/event.rs",
        "use serde::Serialize;\n#[derive(thiserror::Error)]\nstruct E;",
        &[],
    );
    check(
        "src/domain/event.rs",
        "use jiff::Timestamp;",
        &[(1, "time through crate::time")],
    );
    check(
        "src/domain/event.rs",
        "fn f() -> serde_json::Value {}",
        &[(1, "the crate serde_json")],
    );
    check(
        "src/domain/event.rs",
        "async fn f() {\n    g().await\n}",
        &[(1, "no async"), (2, "no async")],
    );
    check(
        "src/domain/event.rs",
        "use std::{fs, collections::BTreeMap, time::{Duration, Instant}};",
        &[(1, "std::fs"), (1, "std::time::Instant")],
    );
    check(
        "src/app/claim.rs",
        "async fn f() {}\nuse std::time::Instant;",
        &[],
    );
}

#[test]
fn pretence_is_found_in_tests_too() {
    check(
        "tests/it/story.rs",
        "fn f() { todo!() }",
        &[(1, "no todo!")],
    );
    check(
        "src/web/tests.rs",
        "#[test]\n#[ignore = \"slow\"]\nfn f() { unimplemented!(\"x\") }",
        &[(2, "no test is ignored"), (3, "no unimplemented!")],
    );
    check(
        "src/web/tests.rs",
        "#[cfg_attr(unix, ignore)]\nfn f() {}",
        &[(1, "no test is ignored")],
    );
    check(
        "src/web/a.rs",
        "let todo = ignore; #[serde(skip)] struct A; // todo!()",
        &[],
    );
}

#[test]
fn a_silent_module_is_found() {
    let silent = |path: &str, text: &str| introduction(&Source::new(path, text)).len();
    assert_eq!(silent("src/web/a.rs", "use std::fmt;\n//! Late.\n"), 1);
    assert_eq!(silent("src/web/a.rs", "//!\n"), 1);
    assert_eq!(silent("src/web/a.rs", ""), 1);
    assert_eq!(silent("src/web/a.rs", "//! The front door.\n"), 0);
    assert_eq!(
        silent("src/web/a/tests.rs", "#![allow(clippy::unwrap_used)]\n"),
        0
    );
}

#[test]
fn a_long_file_is_found_and_its_tests_do_not_count() {
    let lines = |code: usize, tests: usize| {
        let code = "const A: u8 = 1;\n// why\n\n".repeat(code);
        let tests = "    const B: u8 = 1;\n".repeat(tests);
        findings(
            "src/web/a.rs",
            &format!("{code}#[cfg(test)]\nmod tests {{\n{tests}}}\n"),
        )
        .len()
    };
    assert_eq!(lines(500, 0), 0);
    assert_eq!(lines(500, 900), 0);
    assert_eq!(lines(501, 0), 1);
}

#[test]
fn a_name_that_says_nothing_is_found() {
    assert_eq!(name("src/web/util.rs").len(), 1);
    assert_eq!(name("tests/it/common/mod.rs").len(), 1);
    assert_eq!(name("src/web/session_manager.rs").len(), 1);
    assert_eq!(name("src/web/utility_bill.rs").len(), 0);
    assert_eq!(name("docs/common.md").len(), 0);
}

#[test]
fn a_path_of_a_machine_and_a_registry_are_found() {
    let seen = |path: &str, text: &str| machine(path, text).len();
    for folder in machine_paths() {
        assert_eq!(seen("a.md", &format!("see\n`{folder}notes`")), 1);
        assert_eq!(
            seen("tests/corpora/a.json", &format!("\"{folder}notes\"")),
            1
        );
        assert_eq!(
            seen(
                "a.md",
                &format!("https://example.com{folder}notes and desk{folder}x")
            ),
            0
        );
    }
    for host in registry_hosts() {
        assert_eq!(seen("a.md", &format!("https://{host}/x")), 1);
        assert_eq!(seen("tests/specs/a.json", &format!("https://{host}/x")), 0);
    }
    assert_eq!(
        machine("a.md", &format!("x\nx {}", registry_hosts()[0]))[0].line,
        2
    );
}

#[test]
fn a_migration_without_its_twin_is_found() {
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let count = |sqlite: &[&str], postgres: &[&str]| twins(&names(sqlite), &names(postgres)).len();
    assert_eq!(count(&[], &[]), 0);
    assert_eq!(
        count(&["0001_a.sql", "0002_b.sql"], &["0001_a.sql", "0002_b.sql"]),
        0
    );
    assert_eq!(count(&["0001_a.sql", "0002_b.sql"], &["0001_a.sql"]), 1);
    assert_eq!(count(&["0001_a.sql"], &["0001_a.sql", "0002_b.sql"]), 1);
    assert_eq!(count(&["0001_a.sql"], &["0001_b.sql"]), 2);
    assert_eq!(count(&["1_a.sql"], &["1_a.sql"]), 1);
    assert_eq!(
        count(&["0001_a.sql", "0001_b.sql"], &["0001_a.sql", "0001_b.sql"]),
        1
    );
}

#[test]
fn a_finding_reads_like_a_compilers() {
    let found = rooms(&Source::new("src/web/a.rs", "\nuse crate::engine;"));
    assert_eq!(
        found[0].to_string().split(" (").next().unwrap(),
        "src/web/a.rs:2: web may not use engine"
    );
}
