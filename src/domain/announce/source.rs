//! What is said when the source changes its item: field by field, and that it is gone or open again.
//!
//! Promises: one line of the thread for an update, old and new side by side where they are short. Leaves out the words of
//! a body: of those it says how many lines came and went.

use super::{moved_line, thread, told};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Clock, Facts, Inquiry, Kind, LinesChanged, Ownership, Stage, There};
use crate::domain::notice::{Arg, Message, Notice, Offer};
use crate::domain::sla::{Audience, Policy, moved_between};
use crate::time::Timestamp;

/// One line of what changed; somebody is mentioned only for new urgency (the alarm does that), an earlier
/// needed-by, a higher severity of the source, or when it seems to be another item altogether.
pub(super) fn updated(
    before: &Inquiry,
    (facts, body): (&Facts, Option<LinesChanged>),
    after: &Inquiry,
    policy: &Policy,
) -> Vec<Notice> {
    let old = &before.facts;
    let mut lines = words(old, facts, body);
    lines.extend(choices(old, facts));
    let intake = super::gate::changes(&old.intake, &facts.intake).into_iter();
    let changed = intake.filter(|(_, is_changed)| *is_changed);
    lines.extend(changed.map(|(id, _)| Message::new(id)));
    let mut audience = Vec::new();
    if old.needed_by != facts.needed_by {
        lines.push(needed_by(old.needed_by, facts.needed_by));
        if is_sooner(old.needed_by, facts.needed_by) {
            audience.push(Audience::Owner);
        }
    }
    if is_all_other(old, facts) {
        lines.push(Message::new("change-all"));
        if audience.is_empty() {
            audience.push(Audience::Owner);
        }
    }
    if old.severity != facts.severity {
        let is_ours = after.has_own_severity();
        let id = if is_ours {
            "change-severity-said"
        } else {
            "change-severity"
        };
        lines.push(
            Message::new(id)
                .with("from", Arg::Severity(old.severity))
                .with("to", Arg::Severity(facts.severity)),
        );
        // Told once: a value that was higher before is no news.
        if is_ours
            && facts.severity.outranks(after.severity)
            && facts.severity.outranks(old.severity)
        {
            audience.push(Audience::Duty);
        }
    }
    if lines.is_empty() {
        return Vec::new();
    }
    if after.policy == before.policy {
        let moved = moved_between((before, policy), (after, policy));
        let by_the_clock = |clock| clock == Clock::NeededBy;
        lines.extend(
            moved
                .iter()
                .filter(|moved| !by_the_clock(moved.clock))
                .map(moved_line),
        );
    }
    vec![told(
        &audience,
        Message::new("notice-updated").with("lines", Arg::Lines(lines)),
    )]
}

/// What people wrote.
fn words(old: &Facts, new: &Facts, body: Option<LinesChanged>) -> Vec<Message> {
    let mut lines = Vec::new();
    let mut said = |id: &'static str, old: Option<&TextId>, new: Option<&TextId>| {
        if old != new {
            let arg = |id: Option<&TextId>| id.map_or_else(none, |id| Arg::Title(id.clone()));
            lines.push(from_to(id, arg(old), arg(new)));
        }
    };
    said("change-title", Some(&old.title), Some(&new.title));
    said(
        "change-requester",
        old.requester.as_ref(),
        new.requester.as_ref(),
    );
    said(
        "change-customer",
        old.customer.as_ref(),
        new.customer.as_ref(),
    );
    if old.body != new.body {
        lines.push(match body {
            Some(LinesChanged { added, removed }) => Message::new("change-body-lines")
                .with("added", Arg::Number(i64::from(added)))
                .with("removed", Arg::Number(i64::from(removed))),
            None => Message::new("change-body"),
        });
    }
    lines
}

/// What was chosen from a list.
fn choices(old: &Facts, new: &Facts) -> Vec<Message> {
    let mut lines = Vec::new();
    let mut said = |id: &'static str, old: Option<&str>, new: Option<&str>| {
        if old != new {
            let arg = |word: Option<&str>| match word.filter(|word| !word.is_empty()) {
                Some(word) => Arg::Plain(short(word)),
                None => none(),
            };
            lines.push(from_to(id, arg(old), arg(new)));
        }
    };
    said("change-product", Some(&old.product), Some(&new.product));
    said("change-plan", Some(&old.plan), Some(&new.plan));
    said(
        "change-region",
        old.region.as_deref(),
        new.region.as_deref(),
    );
    said(
        "change-calendar",
        old.calendar.as_deref(),
        new.calendar.as_deref(),
    );
    said("change-language", Some(&old.language), Some(&new.language));
    if old.kind != new.kind {
        lines.push(from_to("change-kind", kind(old.kind), kind(new.kind)));
    }
    match (old.business_stopped, new.business_stopped) {
        (false, true) => lines.push(Message::new("change-stopped")),
        (true, false) => lines.push(Message::new("change-running")),
        (true, true) | (false, false) => {}
    }
    lines
}

fn needed_by(old: Option<Timestamp>, new: Option<Timestamp>) -> Message {
    match (old, new) {
        (Some(old), Some(new)) => from_to(
            "change-needed-by-moved",
            Arg::Instant(old),
            Arg::Instant(new),
        ),
        (None, Some(at)) => Message::new("change-needed-by").with("at", Arg::Instant(at)),
        (_, None) => Message::new("change-needed-by-gone"),
    }
}

fn is_sooner(old: Option<Timestamp>, new: Option<Timestamp>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => new < old,
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// Whether title, requester and customer are all other ones: perhaps the number was given to something else.
fn is_all_other(old: &Facts, new: &Facts) -> bool {
    let is_other =
        |old: &Option<TextId>, new: &Option<TextId>| old.is_some() && new.is_some() && old != new;
    old.title != new.title
        && is_other(&old.requester, &new.requester)
        && is_other(&old.customer, &new.customer)
}

/// The item stands otherwise there. What closes or reopens by it says so itself.
pub(super) fn found(before: &Inquiry, there: There, after: &Inquiry) -> Option<Notice> {
    match there {
        There::Closed | There::Answered => None,
        There::Gone => match &before.stage {
            Stage::Active { .. } | Stage::Waiting { .. } if !after.is_open() => None,
            Stage::Active { .. } | Stage::Waiting { .. } => Some(Notice {
                offers: vec![Offer::Close],
                ..told(&[Audience::Owner], Message::new(gone_word(before)))
            }),
            Stage::Resolved { .. } => Some(thread(Message::new("notice-gone-after-end"))),
            Stage::Closed { .. } => None,
        },
        There::Open => match &before.stage {
            // It was opened here, and so it was there.
            Stage::Active { .. } | Stage::Waiting { .. } if before.there() == There::Answered => {
                None
            }
            Stage::Active { .. } | Stage::Waiting { .. } => {
                Some(thread(Message::new("notice-there-again")))
            }
            Stage::Closed { .. } if before.is_ended_there() => None,
            Stage::Resolved { .. } | Stage::Closed { .. } => {
                // Told once: while a message of theirs waits already, this is only shown.
                let is_first = before.unanswered.is_empty();
                let audience: &[Audience] = if is_first { &[Audience::Owner] } else { &[] };
                Some(Notice {
                    offers: vec![Offer::Reopen, Offer::JustThanks],
                    ..told(audience, Message::new("notice-open-again"))
                })
            }
        },
    }
}

fn gone_word(before: &Inquiry) -> &'static str {
    match before.ownership {
        Ownership::Owned { .. } => "notice-gone",
        Ownership::Unclaimed { .. } | Ownership::Assigned { .. } => "notice-gone-waiting",
    }
}

/// The duty looks at it: nothing was taken over, and nothing is lost.
pub(super) fn reused(
    after: &Inquiry,
    title: &TextId,
    requester: &Option<TextId>,
    customer: &Option<TextId>,
) -> Notice {
    let who = |id: &Option<TextId>| id.clone().map_or_else(none, Arg::Title);
    told(
        &[Audience::Duty],
        Message::new("notice-id-reused")
            .with("id", Arg::Plain(after.origin.external_id.clone()))
            .with("title", Arg::Title(title.clone()))
            .with("requester", who(requester))
            .with("customer", who(customer)),
    )
}

fn from_to(id: &'static str, from: Arg, to: Arg) -> Message {
    Message::new(id).with("from", from).with("to", to)
}

fn none() -> Arg {
    Arg::Word("change-none".to_owned())
}

fn kind(kind: Kind) -> Arg {
    Arg::Word(
        match kind {
            Kind::Investigation => "kind-investigation",
            Kind::Specification => "kind-specification",
        }
        .to_owned(),
    )
}

/// How much of a chosen value a line shows, in characters.
const SHORT: usize = 40;

fn short(value: &str) -> String {
    match value.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", value[..end].trim_end()),
        None => value.to_owned(),
    }
}
