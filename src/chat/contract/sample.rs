//! What the checks post: one inquiry, and the people it concerns.

use crate::app::ports::{BodyInChat, People, Person, PostContext, Reference};
use crate::domain::card::{Card, Due, Standing, Tone};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{Clock, Facts, Kind, Ownership, Severity, Stage};
use crate::domain::notice::Offer;
use crate::i18n::Lang;
use crate::time::{SignedDuration, TimeZone, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// A context in which Aoki is known to the platform and has the duty.
pub fn sample_context(now: Timestamp, lang: Lang, platform: &str, aoki: &str) -> PostContext {
    let person = |name: &str, chat: Option<&str>| Person {
        name: name.to_owned(),
        chat_ids: chat
            .map(|id| (platform.to_owned(), id.to_owned()))
            .into_iter()
            .collect(),
        lang: None,
    };
    let members = [
        ("aoki", person("青木", Some(aoki))),
        ("inoue", person("井上_*", None)),
    ];
    let texts = [
        ("title", "Payment fails"),
        ("body", "It *fails* at the till."),
        ("customer", "Hayashi Ltd"),
        ("requester", "森"),
    ];
    PostContext {
        inquiry: Some("0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into()),
        reference: Some(Reference(1042)),
        card: None,
        lang,
        zone: TimeZone::get("Asia/Tokyo").expect("the time zones are built in"),
        now,
        texts: texts
            .map(|(id, text)| (TextId::from(id), text.to_owned()))
            .into_iter()
            .collect::<HashMap<_, _>>(),
        people: Arc::new(People {
            members: members
                .map(|(id, person)| (MemberId::from(id), person))
                .into(),
            queues: HashMap::from([("billing".to_owned(), "請求".to_owned())]),
            groups: Default::default(),
        }),
        on_duty: Some("aoki".into()),
        body: BodyInChat::Excerpt,
        desk_url: None,
    }
}

/// An unclaimed S2 investigation, due in two hours.
pub fn sample_card(now: Timestamp) -> Card {
    Card {
        inquiry: "0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into(),
        tone: Tone::Unclaimed,
        severity: Severity::S2,
        source_says: None,
        is_gone: false,
        facts: Facts {
            title: "title".into(),
            body: Some("body".into()),
            requester: Some("requester".into()),
            customer: Some("customer".into()),
            plan: "gold".to_owned(),
            product: "pay".to_owned(),
            region: None,
            language: "ja".to_owned(),
            kind: Kind::Investigation,
            severity: Severity::S2,
            business_stopped: false,
            needed_by: None,
            flags: Vec::new(),
            calendar: None,
            intake: Default::default(),
        },
        source: "redmine".to_owned(),
        url: Some("https://tracker.example.com/issues/7".to_owned()),
        queue: "billing".into(),
        ownership: Ownership::Unclaimed { since: now },
        stage: Stage::Active { since: now },
        is_urgent: false,
        dues: vec![Due {
            clock: Clock::FirstResponse,
            at: Some(now + SignedDuration::from_hours(2)),
            standing: Standing::Running,
        }],
        received_at: now,
        escalated_at: None,
        offices: None,
        round_trips: 0,
        outcome: None,
        follows: None,
        next: None,
        offers: vec![Offer::Claim, Offer::Replied, Offer::Open],
        proposal: None,
        contract: None,
        definitions: Vec::new(),
        snooze: None,
        gaps: Vec::new(),
        needs: 0,
        bounce: None,
        referral: None,
        tracked: Vec::new(),
        filings: Vec::new(),
        links: Vec::new(),
        seq: 7,
    }
}
