//! Calendar feeds of the running program, read by a library that nobody here wrote (Debian's python3-icalendar) and
//! compared, shift by shift, with what `toban rota show` says; over changes of the clocks, whatever day it is.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use super::binary::{House, PATIENCE, Server, desk, free_port};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Stdio;
use toban::clock::{self, SystemClock};
use toban::time::Timestamp;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Debian's own Python, which sees Debian's packages.
const PYTHON: &str = "/usr/bin/python3";

/// Some of them change their clocks within thirty days before and a hundred and twenty after any day of the year.
const ZONES: [(&str, &str); 4] = [
    ("york", "America/New_York"),
    ("sydney", "Australia/Sydney"),
    ("cairo", "Africa/Cairo"),
    ("santiago", "America/Santiago"),
];

/// A house with a rota in each zone, handing off at 09:30 of its own wall time.
fn house() -> House {
    let mut config = desk(free_port());
    for (name, zone) in ZONES {
        config.push_str(&format!(
            "\n[[rota]]\nname = \"{name}\"\nzone = \"{zone}\"\nhandoff = \"09:30\"\nparticipants = [\"aoki\", \"inoue\"]\n"
        ));
    }
    House::new(&config)
}

struct Desk {
    house: House,
    base: String,
    _server: Server,
}

impl Desk {
    async fn open() -> Desk {
        let house = house();
        let (server, base) = house.serve().await;
        Desk {
            house,
            base,
            _server: server,
        }
    }

    /// The addresses of a member's feeds.
    async fn links(&self, member: &str) -> Vec<String> {
        let said = self.house.run(&["feed-link", member]).await.well();
        said.lines().map(str::to_owned).collect()
    }

    /// What `toban rota show` says of a rota from now on, without the shift that runs: (member, start, end).
    async fn shown(&self, rota: &str) -> BTreeSet<(String, i64, i64)> {
        let args = ["rota", "show", "--json", "--days", "100"];
        let all: Vec<Value> = serde_json::from_str(&self.house.run(&args).await.well()).unwrap();
        let found = all.iter().find(|one| one["rota"] == rota).unwrap();
        let shifts = found["shifts"].as_array().unwrap();
        // The last one is cut where the list ends.
        shifts[1..shifts.len() - 1].iter().map(whole).collect()
    }
}

fn whole(shift: &Value) -> (String, i64, i64) {
    let ms = |at: &Value| {
        let at: Timestamp = at.as_str().unwrap().parse().unwrap();
        at.as_millisecond()
    };
    let member = match shift["member"].as_str().unwrap() {
        "aoki" => "青木",
        _ => "井上",
    };
    (
        member.to_owned(),
        ms(&shift["starts_at"]),
        ms(&shift["ends_at"]),
    )
}

/// What Python reads in a feed.
async fn read(ics: &[u8], zone: &str) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/edges/feeds/read.py");
    let mut reader = Command::new(PYTHON)
        .args([script, zone])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdin = reader.stdin.take().unwrap();
    stdin.write_all(ics).await.unwrap();
    drop(stdin);
    let ended = clock::timeout(PATIENCE, reader.wait_with_output()).await;
    let ended = ended.unwrap().unwrap();
    let why = String::from_utf8_lossy(&ended.stderr);
    assert!(
        ended.status.success(),
        "python3-icalendar (run scripts/test, which installs it) says: {why}"
    );
    serde_json::from_slice(&ended.stdout).unwrap()
}

async fn fetched(url: &str) -> Vec<u8> {
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/calendar; charset=utf-8"
    );
    answer.bytes().await.unwrap().to_vec()
}

/// The events of a feed that begin after now and end before a hundred days: (name, start, end).
fn coming(read: &Value, shown: &BTreeSet<(String, i64, i64)>) -> BTreeSet<(String, i64, i64)> {
    let first = shown.iter().map(|(_, start, _)| *start).min().unwrap();
    let last = shown.iter().map(|(.., end)| *end).max().unwrap();
    let events = read["events"].as_array().unwrap().iter();
    events
        .map(|event| {
            let summary = event["summary"].as_str().unwrap();
            let name = summary.strip_prefix("Duty: ").unwrap();
            // Where several rotas meet, their names follow.
            let name = name.split(" (").next().unwrap();
            let ms = |name: &str| event[name].as_i64().unwrap();
            (name.to_owned(), ms("start_ms"), ms("end_ms"))
        })
        .filter(|(_, start, end)| *start >= first && *end <= last)
        .collect()
}

#[tokio::test]
async fn every_shift_is_where_the_rota_says_over_changes_of_the_clocks() {
    let desk = Desk::open().await;
    let links = desk.links("aoki").await;
    let mut changes = 0;
    let mut of_aoki = BTreeSet::new();
    for (rota, zone) in ZONES {
        let url = links
            .iter()
            .find(|url| url.contains(&format!("/rota/{rota}.ics")));
        let feed = read(&fetched(url.unwrap()).await, zone).await;
        let shown = desk.shown(rota).await;
        assert!(shown.len() > 90, "{}", shown.len());
        assert_eq!(coming(&feed, &shown), shown, "{rota}");
        let events = feed["events"].as_array().unwrap();
        // By Python's own database of zones each begins at 09:30, a month back and four ahead.
        assert!(
            events.iter().all(|event| event["wall"] == "09:30"),
            "{feed}"
        );
        let month_ago = SystemClock.now().as_millisecond() - 29 * 86_400_000;
        assert!(events[0]["start_ms"].as_i64().unwrap() < month_ago);
        changes += events
            .windows(2)
            .filter(|pair| pair[0]["offset"] != pair[1]["offset"])
            .count();
        assert_eq!(feed["refresh"], "PT1H");
        of_aoki.extend(shown.into_iter().filter(|(name, ..)| name == "青木"));
    }
    assert!(changes > 0, "no clock changes in a hundred and fifty days");
    let mine = links.iter().find(|url| url.contains("/member/aoki.ics"));
    let mine = read(&fetched(mine.unwrap()).await, "UTC").await;
    let support = desk.shown("support").await;
    of_aoki.extend(support.into_iter().filter(|(name, ..)| name == "青木"));
    let in_mine = coming(&mine, &of_aoki);
    let missing: Vec<_> = of_aoki.difference(&in_mine).collect();
    assert!(missing.is_empty(), "not in 青木's own feed: {missing:?}");
    assert!(in_mine.iter().all(|(name, ..)| name == "青木"));
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_sent_again_and_a_changed_shift_goes_one_up() {
    let desk = Desk::open().await;
    let links = desk.links("aoki").await;
    let url = links.iter().find(|url| url.contains("/rota/york.ics"));
    let url = url.unwrap();
    let first = reqwest::get(url).await.unwrap();
    let tag = first.headers()["etag"].clone();
    let before = read(&first.bytes().await.unwrap(), "America/New_York").await;
    let again = reqwest::Client::new()
        .get(url)
        .header("if-none-match", &tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.bytes().await.unwrap().len(), 0);

    // 井上 takes a whole shift of 青木's that is coming.
    let events = before["events"].as_array().unwrap();
    let now = SystemClock.now().as_millisecond();
    let theirs = events
        .iter()
        .find(|event| {
            event["start_ms"].as_i64().unwrap() > now + 86_400_000
                && event["summary"] == "Duty: 青木"
        })
        .unwrap();
    let token = desk
        .house
        .run(&["token", "test", "--member", "inoue"])
        .await;
    let token = token.well();
    let tokyo = |ms: &Value| {
        let at = toban::time::from_ms(ms.as_i64().unwrap());
        let zone = toban::time::zone("Asia/Tokyo").unwrap();
        at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    };
    let answer = reqwest::Client::new()
        .post(format!("{}/api/v1/duty/override", desk.base))
        .bearer_auth(token.trim())
        .json(&json!({
            "member": "inoue",
            "from": tokyo(&theirs["start_ms"]),
            "until": tokyo(&theirs["end_ms"]),
            "rota": "york",
        }))
        .send()
        .await
        .unwrap();
    let status = answer.status();
    assert_eq!(status, 200, "{}", answer.text().await.unwrap());

    let changed = reqwest::get(url).await.unwrap();
    assert_ne!(changed.headers()["etag"], tag);
    let after = read(&changed.bytes().await.unwrap(), "America/New_York").await;
    let after = after["events"].as_array().unwrap();
    assert_eq!(after.len(), events.len());
    for (old, new) in events.iter().zip(after) {
        assert_eq!(old["uid"], new["uid"]);
        if old["uid"] == theirs["uid"] {
            assert_eq!(new["sequence"], 1);
            assert_eq!(new["summary"], "Duty: 井上");
            let description = new["description"].as_str().unwrap();
            assert!(description.contains("in place of 青木"), "{description}");
        } else {
            assert_eq!(old, new);
        }
    }
}

#[tokio::test]
async fn a_key_opens_until_it_is_stopped_and_guesses_are_counted() {
    let desk = Desk::open().await;
    let status = async |url: &str| reqwest::get(url).await.unwrap().status().as_u16();
    let links = desk.links("aoki").await;
    let others = desk.links("inoue").await;
    assert_eq!(status(&links[0]).await, 200);
    let unknown = links[0].replace("/member/aoki.ics", "/member/nobody.ics");
    assert_eq!(status(&unknown).await, 404);
    let base = links[0].split('?').next().unwrap();
    assert_eq!(status(base).await, 403);
    let said = desk
        .house
        .run(&["feed-link", "青木", "--stop"])
        .await
        .well();
    assert_eq!(said, "1 addresses ended\n");
    assert_eq!(status(&links[0]).await, 403);
    assert_eq!(status(&others[0]).await, 200);
    let mut last = 0;
    for n in 0..40 {
        last = status(&format!("{base}?key=guess-{n}")).await;
    }
    assert_eq!(last, 429);
    // Whoever has a key is let in all the same.
    assert_eq!(status(&others[0]).await, 200);
    let refused = desk.house.run(&["feed-link", "nobody"]).await;
    refused.badly(&["member \"nobody\" is not configured"]);
}
