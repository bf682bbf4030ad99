#![allow(clippy::unwrap_used)]

use super::*;
use crate::testkit::world::{STORY, World};
use async_trait::async_trait;
use std::sync::{Arc, Mutex};

const URL: &str = "https://calendars.example.com/private-3f9a/basic.ics";

/// Answers what it was told to, in order, and remembers which version it was asked about.
#[derive(Default)]
struct Answers {
    next: Mutex<Vec<Result<Fetched, String>>>,
    known: Mutex<Vec<Option<String>>>,
}

#[async_trait]
impl Fetch for Answers {
    async fn fetch(&self, url: &str, known: Option<&FeedRow>) -> Result<Fetched, String> {
        assert_eq!(url, URL);
        let etag = known.and_then(|row| row.etag.clone());
        self.known.lock().unwrap().push(etag);
        self.next.lock().unwrap().remove(0)
    }
}

/// A calendar of whole days: the first one and the first that is not off any more.
fn text(days: &[(&str, &str)]) -> String {
    let events: String = days
        .iter()
        .map(|(from, until)| {
            let date = |date: &str| date.replace('-', "");
            format!(
                "BEGIN:VEVENT\r\nUID:{from}\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\nSUMMARY:通院\r\nEND:VEVENT\r\n",
                date(from),
                date(until)
            )
        })
        .collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

fn page(days: &[(&str, &str)]) -> Result<Fetched, String> {
    Ok(Fetched::Page {
        body: text(days),
        etag: Some(format!("\"{}\"", days.len())),
        last_modified: None,
    })
}

fn down() -> Result<Fetched, String> {
    Err("it cannot be reached".to_owned())
}

fn followed() -> String {
    let named = "name = \"青木\"";
    assert!(STORY.contains(named));
    let absences = format!("{named}\nabsences = {{ ical_url = \"{URL}\" }}");
    STORY.replacen(named, &absences, 1)
}

/// Every hour from now on one look of the timers, one for each answer; answers what the book held after each.
async fn looks(world: &mut World, answers: Vec<Result<Fetched, String>>) -> Vec<String> {
    let (count, fetch) = (answers.len(), Arc::new(Answers::default()));
    *fetch.next.lock().unwrap() = answers;
    world.engine.fetch = Some(fetch.clone());
    let mut held = Vec::new();
    for _ in 0..count {
        let done = world.engine.timers_pass(&[TimerKind::Absences]).await;
        assert_eq!(done.unwrap(), 1);
        held.push(absences(world).await);
        world.clock.set(plus(world.app.clock.now(), HOURLY));
    }
    assert!(fetch.next.lock().unwrap().is_empty());
    held
}

async fn absences(world: &World) -> String {
    let kept = world.app.book(world.app.clock.now()).await.unwrap();
    let all = kept.book.absences.iter().map(|(number, absence)| {
        let days = absence.days;
        format!(
            "{number} {} {}/{}",
            absence.member,
            days.starts,
            days.ends.unwrap()
        )
    });
    all.collect::<Vec<_>>().join(", ")
}

/// What people were told, as JSON.
async fn told(world: &World) -> String {
    let rows = world.app.store.outbox(&[], 100).await.unwrap();
    let rows: Vec<String> = rows
        .iter()
        .map(|row| serde_json::to_string(&row.what).unwrap())
        .collect();
    rows.join("\n")
}

#[tokio::test]
async fn a_calendar_is_followed_from_the_start_and_every_hour() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    let held = looks(
        &mut world,
        vec![
            page(&[("2026-12-02", "2026-12-03")]),
            Ok(Fetched::Unchanged),
            page(&[("2026-12-02", "2026-12-04"), ("2028-01-01", "2028-01-02")]),
            page(&[]),
        ],
    )
    .await;
    let expected = [
        "1 aoki 2026-12-02/2026-12-03",
        "1 aoki 2026-12-02/2026-12-03",
        "1 aoki 2026-12-02/2026-12-04",
        "",
    ];
    assert_eq!(held, expected);
    let told = told(&world).await;
    let said = |id: &str| told.matches(&format!("\"{id}\"")).count();
    // Once in the channel of each of the two queues.
    assert_eq!(said("absence-line-new"), 2, "{told}");
    assert_eq!(said("absence-line-moved"), 2, "{told}");
    assert_eq!(said("absence-line-gone"), 2, "{told}");
    assert!(
        !told.contains("通院") && !told.contains("private-3f9a"),
        "{told}"
    );
}

#[tokio::test]
async fn where_nobody_answers_the_absences_stay_and_it_is_told_once() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    let broken = Ok(Fetched::Page {
        body: "<html>Sign in</html>".to_owned(),
        etag: None,
        last_modified: None,
    });
    let day = || page(&[("2026-12-02", "2026-12-03")]);
    let held = looks(
        &mut world,
        vec![down(), down(), day(), broken, down(), day()],
    )
    .await;
    let there = "1 aoki 2026-12-02/2026-12-03";
    assert_eq!(held, ["", "", there, there, there, there]);
    let told = told(&world).await;
    assert_eq!(told.matches("notice-absences-failing").count(), 2, "{told}");
    assert!(!told.contains("private-3f9a"), "{told}");
}

#[tokio::test]
async fn the_copy_that_is_kept_has_dates_only_and_no_address() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    looks(&mut world, vec![page(&[("2026-12-02", "2026-12-03")])]).await;
    let key = format!("absences·aoki·{}", &hash(URL)[..16]);
    let kept = world.app.store.feed(&key).await.unwrap().unwrap();
    assert!(kept.body.contains("20261202"), "{}", kept.body);
    assert!(!kept.body.contains("SUMMARY"), "{}", kept.body);
    assert!(world.app.store.feed(URL).await.unwrap().is_none());
}

#[tokio::test]
async fn a_restart_looks_at_once_and_changes_nothing_that_holds() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    let day = || page(&[("2026-12-02", "2026-12-03")]);
    looks(&mut world, vec![day()]).await;
    let mut world = world.restarted(&followed()).await;
    let held = looks(&mut world, vec![Ok(Fetched::Unchanged), down()]).await;
    let there = "1 aoki 2026-12-02/2026-12-03";
    assert_eq!(held, [there, there]);
    // Taken out of the configuration, it takes its absences with it.
    let mut world = world.restarted(STORY).await;
    world.engine.fetch = None;
    let done = world.engine.timers_pass(&[TimerKind::Absences]).await;
    assert_eq!((done.unwrap(), absences(&world).await.as_str()), (1, ""));
    let left = world.app.store.timers(TimerKind::Absences).await.unwrap();
    assert_eq!(left, []);
}

#[tokio::test]
async fn who_takes_back_a_day_of_their_calendar_has_it_back_for_good() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    let day = || page(&[("2026-12-02", "2026-12-03")]);
    looks(&mut world, vec![day()]).await;
    world.says("aoki", "take-back 1").await;
    assert_eq!(looks(&mut world, vec![day()]).await, [""]);
}

#[tokio::test]
async fn a_file_is_followed_without_any_address() {
    let world = World::with(STORY, "2026-11-24 10:00").await;
    let mut app = world.app.clone();
    let mut setup = (*app.setup).clone();
    let body = text(&[("2026-12-02", "2026-12-03")]);
    setup
        .absences
        .insert("aoki".into(), AbsenceCalendar::Text(Secret::new(body)));
    app.setup = Arc::new(setup);
    let next = app.look_at_absences(None, &"aoki".into()).await.unwrap();
    assert_eq!(next, Some(plus(app.clock.now(), HOURLY)));
    assert_eq!(absences(&world).await, "1 aoki 2026-12-02/2026-12-03");
}

#[tokio::test]
async fn two_replicas_that_look_at_once_complain_once() {
    let mut world = World::with(&followed(), "2026-11-24 10:00").await;
    let key = format!("absences·aoki·{}", &hash(URL)[..16]);
    looks(&mut world, vec![page(&[("2026-12-02", "2026-12-03")])]).await;
    let seen = world.app.store.feed(&key).await.unwrap().unwrap();
    looks(&mut world, vec![down()]).await;
    // The other one had read the same copy before the first complained.
    world.app.store.keep_feed(seen).await.unwrap();
    looks(&mut world, vec![down()]).await;
    let told = told(&world).await;
    assert_eq!(told.matches("notice-absences-failing").count(), 1, "{told}");
}
