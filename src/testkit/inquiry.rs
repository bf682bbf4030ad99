//! Changes for tests of the store: a received inquiry and what happens to it next, without a policy.

use crate::app::ports::{Changes, Delivery, NewOutbox, Place};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{
    Actor, Entry, Event, Facts, Inquiry, Kind, Origin, PolicyHash, Severity, evolve,
};
use crate::time::{Timestamp, from_ms};

/// An instant so many seconds after the tests' beginning, a Monday morning.
pub fn second(n: i64) -> Timestamp {
    from_ms(1_767_571_200_000 + n * 1_000)
}

/// The place where the tests' cards are.
pub fn place() -> Place {
    Place {
        platform: "desk".to_owned(),
        channel: "support".to_owned(),
    }
}

/// A new inquiry of source `hook` with its texts, a deadline an hour later and its card; all ids derive from `id`.
pub fn received(id: &str, external_id: &str, at: Timestamp) -> Changes {
    let text = |what: &str| TextId::from(format!("{id}-{what}"));
    let facts = Facts {
        title: text("title"),
        body: Some(text("body")),
        requester: Some(text("requester")),
        customer: None,
        plan: "gold".to_owned(),
        product: "billing".to_owned(),
        region: None,
        language: "ja".to_owned(),
        kind: Kind::Investigation,
        severity: Severity::S2,
        business_stopped: false,
        needed_by: None,
        flags: Vec::new(),
        calendar: None,
        intake: Default::default(),
    };
    let event = Event::Received {
        origin: Origin {
            source: "hook".into(),
            external_id: external_id.to_owned(),
            url: Some(format!("https://tracker.example/{external_id}")),
            revision: None,
        },
        facts,
        queue: "support".into(),
        policy: PolicyHash("5f".repeat(32)),
        escalated_at: None,
        follows: None,
        link: Default::default(),
        is_backlog: false,
        routed: None,
    };
    let entry = Entry {
        inquiry: id.into(),
        seq: 1,
        at,
        actor: Actor::Source("hook".into()),
        via: "hook".to_owned(),
        event,
    };
    Changes {
        inquiry: evolve(None, &entry),
        expected: 0,
        entries: vec![entry],
        texts: vec![
            (text("title"), "請求書が二重に発行される".to_owned()),
            (
                text("body"),
                "先月分の請求書が二通届いた。再現手順は添付の通り。".to_owned(),
            ),
            (text("requester"), "佐藤".to_owned()),
        ],
        deadline: Some(at + crate::time::SignedDuration::from_hours(1)),
        outbox: vec![card_post(id, at)],
        cards: vec![place()],
        boards: Vec::new(),
        pings: Vec::new(),
        command_key: None,
        portal_key: None,
        seen: None,
        shown_by: Vec::new(),
    }
}

/// The first post of an inquiry's card, in the lane of the inquiry at the tests' place.
pub fn card_post(id: &str, at: Timestamp) -> NewOutbox {
    NewOutbox {
        id: format!("{id}-card"),
        lane: format!("desk·support·{id}"),
        inquiry: Some(id.into()),
        place: place(),
        what: Delivery::Card {
            mentions: vec!["aoki".into()],
            is_urgent: false,
        },
        key: format!("{id}·1·0"),
        not_before: at,
    }
}

/// What changes when these events happen to an inquiry: nothing to deliver, the deadline an hour later.
pub fn happened(inquiry: &Inquiry, events: Vec<Event>, at: Timestamp) -> Changes {
    let entries: Vec<_> = events
        .into_iter()
        .zip(inquiry.seq + 1..)
        .map(|(event, seq)| Entry {
            inquiry: inquiry.id.clone(),
            seq,
            at,
            actor: Actor::Member("aoki".into()),
            via: "desk".to_owned(),
            event,
        })
        .collect();
    Changes {
        inquiry: entries
            .iter()
            .fold(inquiry.clone(), |state, entry| evolve(Some(state), entry)),
        expected: inquiry.seq,
        entries,
        texts: Vec::new(),
        deadline: Some(at + crate::time::SignedDuration::from_hours(1)),
        outbox: Vec::new(),
        cards: vec![place()],
        boards: Vec::new(),
        pings: Vec::new(),
        command_key: None,
        portal_key: None,
        seen: None,
        shown_by: Vec::new(),
    }
}

/// What changes when a member claims an inquiry.
pub fn claimed(inquiry: &Inquiry, member: &str, at: Timestamp) -> Changes {
    happened(inquiry, vec![Event::Claimed { by: member.into() }], at)
}
