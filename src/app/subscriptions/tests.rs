#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::secret::Secret;
use crate::testkit::world::{STORY, World};
use crate::time::{civil, zone};
use async_trait::async_trait;
use std::sync::Mutex;

const URL: &str = "https://calendars.example.com/private-3f9a/basic.ics";

/// Answers what it was told to, in order, and remembers what it was asked.
#[derive(Default)]
struct Answers {
    next: Mutex<Vec<Result<Fetched, String>>>,
    known: Mutex<Vec<Option<String>>>,
}

impl Answers {
    fn of(answers: Vec<Result<Fetched, String>>) -> Self {
        Answers {
            next: Mutex::new(answers.into_iter().rev().collect()),
            known: Mutex::default(),
        }
    }
}

#[async_trait]
impl Fetch for Answers {
    async fn fetch(&self, url: &str, known: Option<&FeedRow>) -> Result<Fetched, String> {
        assert_eq!(url, URL);
        self.known
            .lock()
            .unwrap()
            .push(known.and_then(|row| row.etag.clone()));
        self.next.lock().unwrap().pop().unwrap()
    }
}

/// A calendar with these days.
fn page(days: &[(&str, &str)]) -> Result<Fetched, String> {
    let events: String = days
        .iter()
        .map(|(date, name)| {
            let date = date.replace('-', "");
            format!("BEGIN:VEVENT\r\nUID:{date}\r\nDTSTART;VALUE=DATE:{date}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n")
        })
        .collect();
    Ok(Fetched::Page {
        body: format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"),
        etag: Some(format!("\"{}\"", days.len())),
        last_modified: None,
    })
}

fn broken() -> Result<Fetched, String> {
    Ok(Fetched::Page {
        body: "<html>Sign in</html>".to_owned(),
        etag: None,
        last_modified: None,
    })
}

fn feed() -> Feed {
    Feed {
        url: Secret::new(URL),
        calendars: vec!["office".to_owned()],
        zone: zone("Asia/Tokyo").unwrap(),
        window: (civil::date(2016, 1, 1), civil::date(2035, 12, 31)),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Starts one after the other over one store; answers what each went on with, in words.
async fn starts(answers: Vec<Result<Fetched, String>>) -> (Vec<String>, Vec<Option<String>>) {
    let world = World::at("2026-07-15 09:00").await;
    let store = world.app.store.clone();
    let count = answers.len();
    let fetch = Answers::of(answers);
    let mut outcomes = Vec::new();
    for n in 0..count {
        let now = plus(
            at("2026-07-15T00:00:00Z"),
            DAILY * i32::try_from(n).unwrap(),
        );
        outcomes.push(match gather(&*store, &fetch, &[feed()], now).await {
            Ok(gathered) => {
                let days = feed().days(&gathered.pages[URL]).unwrap();
                let mut said: Vec<String> = days.keys().map(ToString::to_string).collect();
                said.extend(gathered.warnings);
                said.join("; ")
            }
            Err(error) => error.to_string(),
        });
    }
    (outcomes, fetch.known.into_inner().unwrap())
}

#[tokio::test]
async fn a_start_without_an_answer_and_without_a_copy_is_refused_and_tells_no_address() {
    let (outcomes, _) = starts(vec![Err("it cannot be reached".to_owned()), broken()]).await;
    assert_eq!(
        outcomes,
        [
            "the days of calendar office at calendars.example.com: it cannot be reached; there is no earlier copy to go on with: check the address, or take it out for now",
            "the days of calendar office at calendars.example.com: this is no iCalendar: it does not begin with BEGIN:VCALENDAR; there is no earlier copy to go on with: check the address, or take it out for now",
        ]
    );
}

#[tokio::test]
async fn the_last_good_copy_carries_a_start_and_a_broken_answer_does_not_replace_it() {
    let (outcomes, known) = starts(vec![
        page(&[("2026-07-20", "海の日")]),
        Err("it cannot be reached".to_owned()),
        broken(),
        Ok(Fetched::Unchanged),
        page(&[("2026-07-20", "海の日"), ("2026-08-14", "夏季休業")]),
    ])
    .await;
    assert_eq!(
        outcomes,
        [
            "2026-07-20",
            "2026-07-20; the days of calendar office at calendars.example.com: it cannot be reached; the copy of 2026-07-15T00:00:00Z is used",
            "2026-07-20; the days of calendar office at calendars.example.com: this is no iCalendar: it does not begin with BEGIN:VCALENDAR; the copy of 2026-07-15T00:00:00Z is used",
            "2026-07-20",
            "2026-07-20; 2026-08-14",
        ]
    );
    let one = Some("\"1\"".to_owned());
    assert_eq!(
        known,
        [None, one.clone(), one.clone(), one.clone(), one],
        "each asks for what is newer than the copy"
    );
}

#[tokio::test]
async fn who_only_looks_goes_by_the_copies() {
    let world = World::at("2026-07-15 09:00").await;
    let store = world.app.store.clone();
    let none = kept(&*store, &[feed()]).await.unwrap();
    assert_eq!(none.pages, Pages::new());
    assert_eq!(
        none.warnings,
        [
            "the days of calendar office at calendars.example.com: never fetched yet, and left out: a server fetches it when it starts"
        ]
    );
    let fetch = Answers::of(vec![page(&[("2026-07-20", "海の日")])]);
    let now = at("2026-07-15T00:00:00Z");
    let gathered = gather(&*store, &fetch, &[feed()], now).await.unwrap();
    let copies = kept(&*store, &[feed()]).await.unwrap();
    assert_eq!(copies, gathered);
}

/// A desk whose office takes its holidays from the feed.
async fn desk() -> World {
    let named = "name = \"office\"";
    assert!(STORY.contains(named));
    let holidays = format!("{named}\nholidays = [{{ ical_url = \"{URL}\" }}]");
    World::with(&STORY.replacen(named, &holidays, 1), "2026-07-15 09:00").await
}

/// Looks once for each answer, a day apart; answers what the operators read.
async fn looks(answers: Vec<Result<Fetched, String>>) -> String {
    let world = desk().await;
    let feed = &world.app.setup.feeds[0];
    let start = page(&[
        ("2026-07-20", "海の日"),
        ("2026-08-11", "山の日"),
        ("2026-01-01", "元日"),
    ]);
    let row = news(&Answers::of(vec![start]), feed, None, world.app.clock.now()).await;
    world.app.store.keep_feed(row.unwrap()).await.unwrap();
    let count = answers.len();
    let fetch = Answers::of(answers);
    for _ in 0..count {
        let now = plus(world.app.clock.now(), DAILY);
        world.clock.set(now);
        let next = world.app.look_at_feed(&fetch, &feed.key()).await.unwrap();
        assert_eq!(next, Some(plus(now, DAILY)));
    }
    let unknown = world.app.look_at_feed(&fetch, "gone").await.unwrap();
    assert_eq!(unknown, None);
    let rows = world.app.store.outbox(&[], 100).await.unwrap();
    let mut said = Vec::new();
    for row in rows {
        said.push(serde_json::to_string(&row.what).unwrap());
    }
    assert!(said.iter().all(|row| !row.contains("private-3f9a")));
    said.join("\n")
}

#[tokio::test]
async fn a_day_that_came_or_went_is_told_once_and_what_lies_behind_is_not() {
    let new = || page(&[("2026-07-20", "海の日"), ("2026-08-14", "夏季休業")]);
    let said = looks(vec![new(), Ok(Fetched::Unchanged), new()]).await;
    assert_eq!(said.matches("notice-feed-changed").count(), 1, "{said}");
    assert_eq!(said.matches("feed-day-came").count(), 1, "{said}");
    assert_eq!(said.matches("feed-day-went").count(), 1, "{said}");
    assert!(
        said.contains("夏季休業") && said.contains("山の日"),
        "{said}"
    );
    assert!(!said.contains("元日"), "{said}");
}

#[tokio::test]
async fn a_feed_that_fails_is_told_once_until_it_answers_again() {
    let same = || {
        page(&[
            ("2026-07-20", "海の日"),
            ("2026-08-11", "山の日"),
            ("2026-01-01", "元日"),
        ])
    };
    let down = || Err("it cannot be reached".to_owned());
    let said = looks(vec![down(), broken(), down()]).await;
    assert_eq!(said.matches("notice-feed-failing").count(), 1, "{said}");
    let said = looks(vec![down(), same(), broken()]).await;
    assert_eq!(said.matches("notice-feed-failing").count(), 2, "{said}");
    assert_eq!(said.matches("notice-feed-changed").count(), 0, "{said}");
}

#[tokio::test]
async fn two_replicas_that_look_at_once_tell_once() {
    let world = desk().await;
    let feed = &world.app.setup.feeds[0];
    let start = page(&[("2026-07-20", "海の日")]);
    let row = news(&Answers::of(vec![start]), feed, None, world.app.clock.now()).await;
    let seen = row.unwrap();
    for answer in [
        || Err("it cannot be reached".to_owned()),
        || page(&[("2026-08-14", "夏季休業")]),
    ] {
        for _ in 0..2 {
            // Each had read the same copy before the other told anything.
            world.app.store.keep_feed(seen.clone()).await.unwrap();
            world
                .clock
                .set(plus(world.app.clock.now(), SignedDuration::from_secs(1)));
            let fetch = Answers::of(vec![answer()]);
            world.app.look_at_feed(&fetch, &feed.key()).await.unwrap();
        }
    }
    let rows = world.app.store.outbox(&[], 100).await.unwrap();
    let said: Vec<String> = rows
        .iter()
        .map(|row| serde_json::to_string(&row.what).unwrap())
        .collect();
    let said = said.join("\n");
    assert_eq!(said.matches("notice-feed-failing").count(), 1, "{said}");
    assert_eq!(said.matches("notice-feed-changed").count(), 1, "{said}");
}
