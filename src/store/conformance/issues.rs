//! Issues of development: links by commits, looks, workarounds and notes.

use super::{Ground, both};
use crate::app::ports::{Delivery, IssueRow, KnownWorkaround, NewOutbox, TrackerAct, TrackerState};
use crate::domain::breaker::Breaker;
use crate::domain::ids::TrackerId;
use crate::domain::inquiry::Event;
use crate::testkit::inquiry::{happened, place, second};
use std::collections::BTreeMap;

both! {
    a_link_is_there_with_its_commit_and_gone_with_its_unlinking
    what_an_inquiry_knows_to_be_done_is_not_looked_at_for_it
    a_look_is_recorded_and_a_link_brings_the_issue_back_to_the_front
    a_workaround_and_a_look_do_not_overwrite_each_other
    a_note_is_counted_once
    issues_are_listed_open_ones_first_then_by_their_inquiries
    a_commit_about_something_else_leaves_the_links_alone
    how_a_tracker_answers_is_kept_until_it_answers_otherwise
}

fn tracker() -> TrackerId {
    "github".into()
}

fn linked(issue: &str) -> Event {
    Event::IssueLinked {
        tracker: tracker(),
        issue: issue.to_owned(),
        url: Some(format!("https://github.com/example/app/issues/{issue}")),
        of: None,
        workaround: None,
    }
}

fn changed(issue: &str, is_done: bool) -> Event {
    Event::IssueChanged {
        tracker: tracker(),
        issue: issue.to_owned(),
        state: "closed".to_owned(),
        is_done,
        fixed_in: Some("2.3".to_owned()),
        is_quiet: false,
    }
}

impl Ground {
    async fn happens(&self, id: &str, events: Vec<Event>) {
        let stored = self.stored(id).await;
        self.commit(happened(&stored.inquiry, events, second(1)))
            .await;
    }

    /// The inquiries of an issue, with what they know.
    async fn links(&self, issue: &str) -> Vec<String> {
        let subject = [(tracker(), issue.to_owned())];
        let links = self.store.linked(&subject).await.unwrap();
        let line = |link: crate::app::ports::Linked| {
            let done = if link.is_done { " done" } else { "" };
            let filed = if link.is_filed { " filed" } else { "" };
            format!("{} {}{done}{filed}", link.reference, link.inquiry)
        };
        links.into_iter().map(line).collect()
    }

    async fn issue(&self, issue: &str) -> IssueRow {
        let row = self.store.issue(&tracker(), issue).await.unwrap();
        row.unwrap()
    }

    async fn to_look_at(&self, at: i64) -> Vec<String> {
        let tracker = tracker();
        let rows = self.store.issues_to_look_at(&tracker, second(at), 10).await;
        rows.unwrap().into_iter().map(|row| row.issue).collect()
    }
}

async fn a_link_is_there_with_its_commit_and_gone_with_its_unlinking(ground: Ground) {
    ground.receive("a").await;
    ground.receive("b").await;
    ground.happens("b", vec![linked("7")]).await;
    let filed = Event::IssueLinked {
        tracker: tracker(),
        issue: "7".to_owned(),
        url: None,
        of: Some(9),
        workaround: None,
    };
    ground.happens("a", vec![filed]).await;
    assert_eq!(ground.links("7").await, ["Q-1 a filed", "Q-2 b"]);
    // An address that is known is not forgotten.
    let url = "https://github.com/example/app/issues/7";
    assert_eq!(ground.issue("7").await.url.as_deref(), Some(url));
    let unlinked = Event::IssueUnlinked {
        tracker: tracker(),
        issue: "7".to_owned(),
    };
    ground.happens("b", vec![unlinked]).await;
    assert_eq!(ground.links("7").await, ["Q-1 a filed"]);
    assert_eq!(ground.links("8").await, [] as [String; 0]);
    assert_eq!(ground.store.issue(&tracker(), "8").await.unwrap(), None);
}

async fn what_an_inquiry_knows_to_be_done_is_not_looked_at_for_it(ground: Ground) {
    for id in ["a", "b"] {
        ground.receive(id).await;
        ground.happens(id, vec![linked("7")]).await;
    }
    ground.happens("a", vec![changed("7", true)]).await;
    assert_eq!(ground.links("7").await, ["Q-1 a done", "Q-2 b"]);
    assert_eq!(ground.to_look_at(0).await, ["7"]);
    ground.happens("b", vec![changed("7", true)]).await;
    assert_eq!(ground.to_look_at(0).await, [] as [String; 0]);
    let other = ground
        .store
        .issues_to_look_at(&"jira".into(), second(0), 10)
        .await;
    assert_eq!(other.unwrap(), []);
}

async fn a_look_is_recorded_and_a_link_brings_the_issue_back_to_the_front(ground: Ground) {
    for id in ["a", "b"] {
        ground.receive(id).await;
    }
    ground.happens("a", vec![linked("7"), linked("8")]).await;
    let looked = IssueRow {
        state: Some("進行中".to_owned()),
        is_done: false,
        fixed_in: Some("2.3".to_owned()),
        look_at: second(900),
        looked_at: Some(second(5)),
        failures: 2,
        problem: Some("it answered 502".to_owned()),
        ..ground.issue("7").await
    };
    ground.store.keep_look(&looked).await.unwrap();
    assert_eq!(ground.issue("7").await, looked);
    assert_eq!(ground.to_look_at(899).await, ["8"]);
    assert_eq!(ground.to_look_at(900).await, ["8", "7"]);
    ground.happens("b", vec![linked("7")]).await;
    assert_eq!(ground.to_look_at(0).await, ["7", "8"]);
    let kept = ground.issue("7").await;
    assert_eq!(kept.state, looked.state);
}

async fn a_workaround_and_a_look_do_not_overwrite_each_other(ground: Ground) {
    ground.receive("a").await;
    ground.happens("a", vec![linked("7")]).await;
    let before = ground.issue("7").await;
    let known = KnownWorkaround {
        text: "通知を入れ直す".to_owned(),
        by: Some("aoki".into()),
        at: second(3),
    };
    let store = &ground.store;
    let is_set = store.set_workaround(&tracker(), "7", Some(&known)).await;
    assert!(is_set.unwrap());
    // Whoever looked had read the issue before.
    store.keep_look(&before).await.unwrap();
    assert_eq!(ground.issue("7").await.workaround, Some(known.clone()));
    let is_there = store.set_workaround(&tracker(), "9", Some(&known)).await;
    assert!(!is_there.unwrap());
    store.set_workaround(&tracker(), "7", None).await.unwrap();
    assert_eq!(ground.issue("7").await.workaround, None);
}

async fn a_note_is_counted_once(ground: Ground) {
    ground.receive("a").await;
    ground.happens("a", vec![linked("7")]).await;
    let row = ground.issue("7").await;
    let tells = |key: &str| NewOutbox {
        id: format!("id-{key}"),
        lane: "tracker|github|7".to_owned(),
        inquiry: None,
        place: place(),
        what: Delivery::Tracker {
            tracker: tracker(),
            act: TrackerAct::Note {
                issue: "7".to_owned(),
                customers: 2,
                references: vec![1, 2],
            },
        },
        key: key.to_owned(),
        not_before: second(0),
    };
    let store = &ground.store;
    let first = store.keep_note(&row, 2, second(4), tells("one")).await;
    assert!(first.unwrap());
    // Somebody else had read the same.
    let second_time = store.keep_note(&row, 2, second(4), tells("two")).await;
    assert!(!second_time.unwrap());
    let noted = ground.issue("7").await;
    assert_eq!((noted.noted, noted.noted_at), (2, Some(second(4))));
    let waiting = store.outbox(&["queued"], 10).await.unwrap();
    let told: Vec<_> = waiting.iter().filter(|row| row.key == "one").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].what, tells("one").what);
    assert!(waiting.iter().all(|row| row.key != "two"));
}

async fn issues_are_listed_open_ones_first_then_by_their_inquiries(ground: Ground) {
    for (id, issues) in [("a", ["7", "9"]), ("b", ["8", "9"])] {
        ground.receive(id).await;
        let events = issues.map(linked).to_vec();
        ground.happens(id, events).await;
    }
    let done = IssueRow {
        is_done: true,
        ..ground.issue("9").await
    };
    ground.store.keep_look(&done).await.unwrap();
    let listed = async |limit| {
        let rows = ground.store.issues(limit).await.unwrap();
        let names: Vec<String> = rows.into_iter().map(|row| row.issue).collect();
        names
    };
    assert_eq!(listed(10).await, ["7", "8", "9"]);
    assert_eq!(listed(2).await, ["7", "8"]);
    let unlinked = Event::IssueUnlinked {
        tracker: tracker(),
        issue: "7".to_owned(),
    };
    ground.happens("a", vec![unlinked]).await;
    assert_eq!(listed(10).await, ["8", "9"]);
}

async fn a_commit_about_something_else_leaves_the_links_alone(ground: Ground) {
    ground.receive("a").await;
    ground.happens("a", vec![linked("7")]).await;
    let claimed = Event::Claimed { by: "aoki".into() };
    ground.happens("a", vec![claimed]).await;
    assert_eq!(ground.links("7").await, ["Q-1 a"]);
    let mut facts = ground.stored("a").await.inquiry.facts;
    facts.customer = Some("a-requester".into());
    let updated = Event::Updated {
        revision: None,
        facts,
        body: None,
    };
    ground.happens("a", vec![updated]).await;
    let subject = [(tracker(), "7".to_owned())];
    let links = ground.store.linked(&subject).await.unwrap();
    assert_eq!(links[0].customer, Some("a-requester".into()));
}

async fn how_a_tracker_answers_is_kept_until_it_answers_otherwise(ground: Ground) {
    let known = async || ground.store.trackers_known().await.unwrap();
    assert_eq!(known().await, BTreeMap::new());
    let out = TrackerState {
        breaker: Breaker {
            failures: 3,
            failing_since: Some(second(1)),
            opened_at: Some(second(2)),
        },
        last_error: Some("it answered 503".to_owned()),
        last_ok_at: Some(second(0)),
    };
    ground.store.keep_tracker(&tracker(), &out).await.unwrap();
    assert_eq!(known().await, BTreeMap::from([(tracker(), out)]));
    let back = TrackerState {
        last_ok_at: Some(second(3)),
        ..TrackerState::default()
    };
    ground.store.keep_tracker(&tracker(), &back).await.unwrap();
    assert_eq!(known().await, BTreeMap::from([(tracker(), back)]));
}
