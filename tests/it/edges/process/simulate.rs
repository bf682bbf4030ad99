//! `toban simulate` beside a server: a week of last year under other rules, and what cannot be asked.

use super::*;
use serde_json::{Value, json};
use toban::testkit::world::World;

/// The desk with office hours, a policy that no queue has and a rota of one.
fn config() -> String {
    let desk = desk(0).replace("calendar = \"always\"", "calendar = \"office\"");
    format!(
        "{desk}\n[[policy]]\nname = \"patient\"\n[[policy.target]]\nfirst_response = \"40h\"\nclaim = \"40h\"\n\
         [[rota]]\nname = \"solo\"\nworks = \"office\"\nparticipants = [\"inoue\"]\n"
    )
}

/// A house in which one inquiry was claimed at once, answered the day after and resolved, a year ago.
async fn last_year() -> House {
    let house = House::new(&config());
    let url = format!("sqlite://{}", house.path("toban.db").display());
    // The made-up secrets of a world have no underscore.
    let config = config().replace("HOOK_SECRET", "HOOK");
    let world = World::on(&url, &config, "2025-11-25 10:00", house.path("world")).await;
    world
        .receive("E-1", |mapped| mapped.source = "hook".into())
        .await;
    world.until("2025-11-25 10:10").await;
    world.says("inoue", "claim Q-1").await;
    world.until("2025-11-26 17:00").await;
    world.says("inoue", "replied Q-1").await;
    let resolve = "resolve Q-1 category=設定・環境 cause=設定の誤り workaround=設定を直す";
    let told = world.says("inoue", resolve).await;
    let stored = world
        .app
        .store
        .by_reference(toban::app::ports::Reference(1))
        .await
        .unwrap();
    assert!(!stored.unwrap().inquiry.is_open(), "{told}");
    world.until("2025-12-05 12:00").await;
    world.end().await;
    house
}

const WEEK: [&str; 5] = ["simulate", "--from", "2025-11-24", "--to", "2025-11-28"];

fn with<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&WEEK[..], args].concat()
}

#[tokio::test]
async fn a_week_of_the_past_is_shown_beside_a_running_desk() {
    let house = last_year().await;
    let (mut server, _) = house.serve().await;
    let said = house
        .run(&with(&[
            "--policy", "patient", "--rota", "solo", "--lang", "en",
        ]))
        .await
        .well();
    let row = |name: &str| {
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name:?}: {said}"));
        let cells: Vec<&str> = line.split_whitespace().rev().take(3).collect();
        [cells[2], cells[1], cells[0]]
    };
    assert!(said.contains("1 inquiry"), "{said}");
    assert!(said.contains("Tried: policy patient, rota solo"), "{said}");
    assert_eq!(row("First response"), ["1/1", "0/1", "-1"], "{said}");
    assert!(
        said.contains("✓ The replay of the past agrees with the record"),
        "{said}"
    );
    // Nobody waits at a terminal here, so there is no bar among the words.
    let told: Value = serde_json::from_str(
        &house
            .run(&with(&["--policy", "patient", "--json"]))
            .await
            .well(),
    )
    .unwrap();
    assert_eq!(told["inquiries"], 1, "{told}");
    assert_eq!(
        told["as_it_was"]["promises"]["first_response"]["missed"], 1,
        "{told}"
    );
    assert_eq!(
        told["as_it_would_be"]["promises"]["first_response"]["met"], 1,
        "{told}"
    );
    assert_eq!(told["window"]["to"], "2025-11-28");
    assert_eq!(told["tried"], json!({"policy": "patient", "rota": null}));
    assert_eq!(
        (&told["mismatches"], &told["refused"]),
        (&json!([]), &json!({}))
    );
    let japanese = house
        .run(&with(&["--rota", "solo", "--lang", "ja"]))
        .await
        .well();
    assert!(
        japanese.contains("問い合わせ1件") && japanese.contains("試算"),
        "{japanese}"
    );
    server.signal("TERM").await;
    assert_eq!(server.ended().await.code(), Some(0));
}

#[tokio::test]
async fn a_file_is_tried_as_serve_would_read_it() {
    let house = last_year().await;
    let other = config().replace("policy = \"standard\"", "policy = \"patient\"");
    std::fs::write(house.path("new.toml"), other).unwrap();
    for word in ["new.toml", "new.toml#patient"] {
        let told = house.run(&with(&["--policy", word, "--json"])).await.well();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            told["as_it_would_be"]["promises"]["first_response"]["missed"], 0,
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_time_without_inquiries_says_so_kindly() {
    let house = last_year().await;
    let args = [
        "simulate",
        "--policy",
        "patient",
        "--from",
        "2025-10-01",
        "--to",
        "2025-10-31",
    ];
    let said = house.run(&args).await.well();
    assert!(
        said.contains("Nothing was received in these days"),
        "{said}"
    );
    let told = house.run(&[&args[..], &["--json"]].concat()).await.well();
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["inquiries"], 0, "{told}");
}

#[tokio::test]
async fn what_cannot_be_tried_is_said_with_what_is_known() {
    let house = last_year().await;
    for (args, sentence) in [
        (
            with(&["--policy", "strikt"]),
            "there is no policy \"strikt\" in the configuration, and no file of that name: use one of patient, standard",
        ),
        (
            with(&["--rota", "nights"]),
            "there is no rota \"nights\" in the configuration, and no file of that name: use one of solo, support",
        ),
        (
            with(&["--rota", "solo", "--queue", "sales"]),
            "there is no queue \"sales\": there is only support",
        ),
        (with(&[]), "--policy"),
        (
            vec![
                "simulate",
                "--rota",
                "solo",
                "--from",
                "2025-11-28",
                "--to",
                "2025-11-24",
            ],
            "--to 2025-11-24 is before --from 2025-11-28",
        ),
        (
            vec!["simulate", "--rota", "solo", "--from", "2199-01-01"],
            "--from 2199-01-01 lies ahead",
        ),
        (
            vec!["simulate", "--rota", "solo", "--from", "yesterday"],
            "\"yesterday\" is no date: write it like 2026-11-21",
        ),
    ] {
        house.run(&args).await.badly(&[sentence]);
    }
}
