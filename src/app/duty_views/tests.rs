#![allow(clippy::unwrap_used)]
//! Every sentence about what people arrange, in both languages.

use crate::app::ports::{People, Person};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::inquiry::Actor;
use crate::domain::notice::{Arg, Message};
use crate::i18n::{Lang, arguments, keys};
use crate::testkit::world::World;
use crate::time::{Timestamp, zone};
use std::collections::{BTreeSet, HashMap};

/// Message ids of this room by how they begin.
const OURS: [&str; 17] = [
    "notice-override-removed",
    "notice-swap",
    "notice-abs",
    "absence-line",
    "notice-back",
    "notice-cover",
    "notice-guide",
    "cover-line",
    "guide-l",
    "days-",
    "theirs-by-",
    "done-",
    "duty-",
    "book-",
    "fair-",
    "refused-",
    "button-",
];

fn person(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        chat_ids: HashMap::new(),
        lang: None,
    }
}

/// What an argument of that name is filled with; a member or a moment by what the message says.
fn example(id: &str, name: &str) -> Arg {
    let at: Timestamp = "2026-12-02T00:30:00Z".parse().unwrap();
    let until: Timestamp = "2026-12-03T00:30:00Z".parse().unwrap();
    let is_of_two = id.contains("swap") && id != "notice-swap-foretold";
    match name {
        "from" if is_of_two => Arg::Member("aoki".into()),
        "why" | "host" if id == "notice-absences-failing" => Arg::Plain(match name {
            "host" => "calendars.example.com".to_owned(),
            _ => "it answers 404 Not Found".to_owned(),
        }),
        "from" if id == "notice-back" || id == "absence-line-back" => {
            Arg::Day("2026-12-02".parse().unwrap())
        }
        "member" | "owes" | "called" => Arg::Member("inoue".into()),
        "with" | "whose" | "to" => Arg::Member("inoue".into()),
        "of" => Arg::Member("aoki".into()),
        "by" => Arg::Actor(Actor::Member("ueda".into())),
        "from" | "at" | "mine" => Arg::Instant(at),
        "until" | "theirs" => Arg::Instant(until),
        "first" | "since" => Arg::Day("2026-12-02".parse().unwrap()),
        "last" => Arg::Day("2026-12-04".parse().unwrap()),
        "weekday" => Arg::Word("weekday-friday".to_owned()),
        "days" | "before" => Arg::Lines(vec![
            Message::new("days-one").with("first", Arg::Day("2026-12-02".parse().unwrap())),
        ]),
        "lines" => Arg::Lines(vec![
            Message::new("cover-line")
                .with("number", Arg::Number(13))
                .with("from", Arg::Instant(at))
                .with("until", Arg::Instant(until)),
        ]),
        "why" => Arg::Lines(vec![
            Message::new("theirs-by-absence").with("of", Arg::Member("aoki".into())),
        ]),
        "amount" => Arg::Span(72 * 3_600_000),
        "count" if id == "absence-lines-more" => Arg::Number(12),
        "number" | "turns" | "worked" | "weekends" | "holidays" => Arg::Number(12),
        "rota" => Arg::Plain("サポート".to_owned()),
        "url" => Arg::Plain("https://wiki.example.com/duty".to_owned()),
        "numbers" => Arg::Plain("12, 15".to_owned()),
        other => Arg::Plain(format!("<{other}>")),
    }
}

#[test]
fn every_sentence_about_the_duty_reads_well() {
    // Those that another part of the desk says have their own tests.
    let source = [
        include_str!("../duty_views.rs"),
        include_str!("../duty_refusals.rs"),
        include_str!("../absences.rs"),
        include_str!("../arrange.rs"),
        include_str!("../../domain/rota/book/said.rs"),
    ]
    .concat();
    let is_ours = |id: &&str| {
        OURS.iter().any(|begins| id.starts_with(begins)) && source.contains(&format!("\"{id}\""))
    };
    let ids: BTreeSet<&str> = keys(Lang::Ja).filter(is_ours).collect();
    assert!(ids.len() > 60, "{ids:?}");
    let members = [("aoki", "青木"), ("inoue", "井上"), ("ueda", "上田")];
    let members = members.map(|(id, name)| (id.into(), person(name)));
    let people = People {
        members: HashMap::from(members),
        queues: HashMap::new(),
        groups: Default::default(),
    };
    let (tokyo, texts) = (zone("Asia/Tokyo").unwrap(), HashMap::new());
    let mut all = String::new();
    for id in ids {
        let args = arguments(Lang::Ja, id).unwrap();
        let message = Message {
            id: id.to_owned(),
            args: args
                .iter()
                .map(|name| ((*name).to_owned(), example(id, name)))
                .collect(),
        };
        all.push_str(&format!("{id}\n"));
        for lang in Lang::ALL {
            let words = Words {
                lang,
                zone: &tokyo,
                now: "2026-11-24T01:00:00Z".parse().unwrap(),
                texts: &texts,
                people: &people,
            };
            all.push_str(&format!("  {}\n", sentence(&message, &words, &PlainText)));
        }
    }
    insta::assert_snapshot!(all);
}

/// Every day of a window is looked at, and meanwhile nobody else is served.
#[tokio::test]
async fn a_window_that_nobody_can_look_through_is_refused() {
    let world = World::at("2026-11-24 10:00").await;
    for window in [
        "2026-01-01 9999-12-30",
        "2016-01-01 2026-11-01",
        "2026-11-02 2026-11-01",
    ] {
        let told = world.says("ueda", &format!("fairness {window}")).await;
        let is_refused = told.contains("集計できません");
        assert!(is_refused, "{window}: {told}");
    }
    let told = world.says("ueda", "fairness 2026-01-01 2026-11-01").await;
    assert!(!told.contains("集計できません"), "{told}");
    world.end().await;
}
