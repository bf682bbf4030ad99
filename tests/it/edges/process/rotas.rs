//! A rota edited in the file of a real desk: before the restart, at it and after it.

use super::*;
use serde_json::Value;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn shown(house: &House) -> Value {
    let shown = house.run(&["rota", "show", "--json"]).await.well();
    let shown: Value = serde_json::from_str(&shown).unwrap();
    shown[0].clone()
}

#[tokio::test]
async fn an_edited_file_is_told_before_the_start_that_takes_it_up() {
    let house = House::new(&desk(0));
    let (server, _) = house.serve().await;
    let before = shown(&house).await;
    assert_eq!(before["at_next_start"], Value::Null);
    server.kill().await;

    // The other one comes first now: counted from the file alone, today would be theirs.
    let order = r#"participants = ["aoki", "inoue"]"#;
    let edited = desk(0).replace(order, r#"participants = ["inoue", "aoki", "aoki"]"#);
    assert_ne!(edited, desk(0));
    std::fs::write(house.path("toban.toml"), &edited).unwrap();
    let pending = shown(&house).await;
    // The first begins and the last ends when it is asked.
    let whole = |shown: &Value| shown["shifts"].as_array().unwrap()[1..7].to_vec();
    assert_eq!(whole(&pending), whole(&before));
    let first = &before["shifts"][0];
    assert_eq!(pending["at_next_start"]["begins"][0], first["ends_at"]);
    for args in [&["rota", "show"][..], &["check", "--connect"]] {
        let said = house.run(args).await.well();
        let differs = "The file differs from the rota in force. If the desk started now: Rota “support” was edited: from ";
        assert!(said.contains(differs), "{said}");
    }
    // Without --connect the file is all it knows, and it says so.
    let said = house.run(&["check"]).await.well();
    assert!(said.contains("counted from this file alone"), "{said}");
    assert!(!said.contains("The file differs"), "{said}");

    for is_first in [true, false] {
        let (mut server, _) = house.serve().await;
        if is_first {
            server.logged("was edited: from").await;
        }
        let after = shown(&house).await;
        assert_eq!(after["at_next_start"], Value::Null);
        assert_eq!(after["shifts"][0]["member"], first["member"]);
        assert_eq!(after["shifts"][0]["ends_at"], first["ends_at"]);
        // Three turns in the order instead of two: two in a row are of the same member.
        let shifts = after["shifts"].as_array().unwrap();
        let same = |pair: &[Value]| pair[0]["member"] == pair[1]["member"];
        assert!(shifts.windows(2).any(same), "{after}");
        let store = house.look().await;
        assert_eq!(store.rota_changes("support").await.unwrap().len(), 2);
        store.close().await;
        server.signal("TERM").await;
        assert_eq!(server.ended().await.code(), Some(0));
    }
}

/// How many days the rota has off as holidays and closures, as a command tells it.
async fn listed(house: &House, args: &[&str]) -> u32 {
    let said = house.run(args).await.well();
    let (_, rest) = said.split_once("On holidays and closures (").unwrap();
    rest.split_once(" listed").unwrap().0.parse().unwrap()
}

#[tokio::test]
async fn holidays_of_an_address_are_no_edit_and_are_kept_when_nobody_answers() {
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
        DTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20301224\r\nSUMMARY:創立記念日\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let elsewhere = MockServer::start().await;
    let page = ResponseTemplate::new(200).set_body_raw(calendar, "text/calendar");
    Mock::given(path("/days.ics"))
        .respond_with(page)
        .mount(&elsewhere)
        .await;
    let config = desk(0) + "\n[net]\nallow_hosts = [\"127.0.0.1\"]\n";
    let named = "name = \"office\"";
    let holidays = format!(
        "{named}\nholidays = [{{ ical_url = \"{}/days.ics\" }}]",
        elsewhere.uri()
    );
    let config = config.replacen(named, &holidays, 1);
    let without = House::new(&desk(0).replacen(named, &format!("{named}\nholidays = []"), 1));
    let without = listed(&without, &["check"]).await;
    let house = House::new(&config);
    // Before the first start nobody has fetched them; what a start would do is tried.
    let said = house.run(&["check", "--connect"]).await.well();
    assert!(said.contains("answers; one day, 2030-12-24"), "{said}");
    for is_answered in [true, false] {
        if !is_answered {
            elsewhere.reset().await;
        }
        let (mut server, _) = house.serve().await;
        for args in [&["rota", "show"][..], &["check", "--connect"]] {
            let said = house.run(args).await.well();
            assert!(!said.contains("The file differs"), "{args:?}: {said}");
        }
        // What the ready-made calendar closes is listed too; the feed adds its one day.
        assert_eq!(listed(&house, &["rota", "show"]).await, without + 1);
        server.signal("TERM").await;
        assert_eq!(server.ended().await.code(), Some(0));
    }
}
