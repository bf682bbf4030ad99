//! The daily post: what the incoming duty must know when the duty turns over.
//!
//! Promises: what waits for their yes stands first, then everything by the time left; under each, in one line, whom it
//! waits for, what is to be done next and what was promised. It fits a phone: each part is bounded and says how many
//! more there are. Leaves out when it is said (`turning.rs`).

use super::desk::{ActError, App};
use super::handover::{asked_of, number, references};
use super::overflow::Second;
use super::ports::*;
use super::setup::Queue;
use crate::domain::announce::next_word;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Inquiry, NextStep, Ownership, Stage, WaitingOn};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::sla::next_promise;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// How many inquiries a part of the post shows.
const SHOWN: usize = 8;

/// Who hands over to whom, and when.
pub(super) struct Handing<'a> {
    pub incoming: &'a MemberId,
    /// Everybody who hands over.
    pub outgoing: &'a BTreeSet<MemberId>,
    pub now: Timestamp,
    /// Whether the incoming duty is mentioned.
    pub calls: bool,
}

impl App {
    /// Makes the post of a queue.
    pub(super) async fn daily_message(
        &self,
        queue: &Queue,
        rota: &Rota,
        handing: &Handing<'_>,
    ) -> Result<Message, ActError> {
        let open = self.open_in(queue).await?;
        let open = self.by_time_left(open).await?;
        let coverage = &queue.coverage;
        let turnover = coverage.next_turnover(handing.now);
        let until = rota
            .next_handoff(handing.now)
            .min(turnover.unwrap_or(Timestamp::MAX));
        let incoming = handing.incoming.clone();
        let shown = match handing.calls {
            true => Arg::Mention(incoming),
            false => Arg::Member(incoming),
        };
        let why = self.why_on_duty(rota, handing.now).await?;
        let mut lines = vec![
            Message::new("daily-duty")
                .with("why", super::duty_views::why_theirs(why.as_ref()))
                .with("member", shown)
                .with("until", Arg::Instant(until)),
        ];
        let floor = coverage
            .lines()
            .iter()
            .filter(|line| line.rota == rota.name())
            .filter(|line| *line == coverage.line_for(line.rule.region.as_deref(), handing.now))
            .find_map(|line| line.rule.floor);
        if let Some(floor) = floor {
            let floor = Arg::Plain(floor.to_string());
            lines.push(Message::new("daily-floor").with("severity", floor));
        }
        if let Some(second) = self.second(queue, handing.now).await? {
            lines.push(second_line(&second));
        }
        lines.extend(held_lines(&open, handing));
        if open.is_empty() {
            lines.push(Message::new("daily-nothing-open"));
        }
        let waits_for_them = |stored: &Stored| matches!(&stored.inquiry.ownership, Ownership::Assigned { to, .. } if to == handing.incoming);
        let (theirs, rest): (Vec<Stored>, Vec<Stored>) = open.into_iter().partition(waits_for_them);
        for (heading, part) in [("daily-to-accept", theirs), ("daily-open", rest)] {
            if !part.is_empty() {
                lines.push(Message::new(heading).with("count", number(part.len())));
                lines.extend(self.summary_lines(&part).await?);
            }
        }
        Ok(Message::new("daily-post")
            .with("queue", Arg::Queue(queue.id.clone()))
            .with("lines", Arg::Lines(lines)))
    }

    /// A line for each inquiry, and under it what is known of it beside its clock.
    async fn summary_lines(&self, part: &[Stored]) -> Result<Vec<Message>, ActError> {
        let shown = part.get(..SHOWN).unwrap_or(part);
        let mut lines = Vec::new();
        for (line, stored) in self.list_lines(shown).await?.into_iter().zip(shown) {
            lines.push(line);
            lines.extend(details(&stored.inquiry));
        }
        if part.len() > SHOWN {
            lines.push(Message::new("line-more").with("count", number(part.len() - SHOWN)));
        }
        Ok(lines)
    }

    /// The inquiry whose promise breaks first stands first; those without any stand last.
    pub(super) async fn by_time_left(&self, all: Vec<Stored>) -> Result<Vec<Stored>, ActError> {
        let mut by_due = Vec::with_capacity(all.len());
        for stored in all {
            let policy = self.policy(&stored.inquiry.policy).await?;
            let due = next_promise(&stored.inquiry, &policy).map(|(_, due)| due);
            by_due.push((due.is_none(), due, stored.reference, stored));
        }
        by_due.sort_by_key(|(is_last, due, reference, _)| (*is_last, *due, *reference));
        Ok(by_due.into_iter().map(|(.., stored)| stored).collect())
    }
}

/// Who has joined because there is too much for one.
fn second_line(second: &Second) -> Message {
    Message::new("daily-second").with("member", Arg::Member(second.member.clone()))
}

/// What those who hand over still have: asked about, or simply going on.
fn held_lines(open: &[Stored], handing: &Handing<'_>) -> Vec<Message> {
    let mut lines = Vec::new();
    let outgoing = handing.outgoing.iter();
    for member in outgoing.filter(|member| *member != handing.incoming) {
        let held = open
            .iter()
            .filter(|stored| stored.inquiry.holder() == Some(member));
        let (asked, kept): (Vec<Stored>, Vec<Stored>) =
            held.cloned().partition(|it| asked_of(it).is_some());
        let until = asked.iter().filter_map(asked_of).map(|it| it.answer_by);
        let until = until.max().map(Arg::Instant);
        for (id, part) in [("daily-asked", asked), ("daily-held", kept)] {
            if part.is_empty() {
                continue;
            }
            let message = Message::new(id)
                .with("member", Arg::Member(member.clone()))
                .with("count", number(part.len()))
                .with("references", Arg::Plain(references(&part)));
            lines.push(match &until {
                Some(until) => message.with("until", until.clone()),
                None => message,
            });
        }
    }
    lines
}

/// Whom it waits for, what is to be done next, and what was promised; nothing if there is nothing to say.
fn details(inquiry: &Inquiry) -> Option<Message> {
    let waiting = match &inquiry.stage {
        Stage::Waiting { on, chase_at, .. } => Some(
            Message::new("summary-waiting")
                .with("on", Arg::Word(waiting_word(*on).to_owned()))
                .with("chase", Arg::Instant(*chase_at)),
        ),
        Stage::Active { .. } | Stage::Resolved { .. } | Stage::Closed { .. } => None,
    };
    let next = inquiry.next.as_ref().map(next_line);
    let needed_by = inquiry
        .facts
        .needed_by
        .map(|needed_by| Message::new("summary-needed-by").with("at", Arg::Instant(needed_by)));
    let unanswered = inquiry
        .unanswered
        .first()
        .map(|oldest| Message::new("summary-unanswered").with("at", Arg::Instant(oldest.at)));
    let said = [unanswered, waiting, next, needed_by].into_iter().flatten();
    let said = said.reduce(|first, next| {
        Message::new("summary-and")
            .with("first", Arg::Lines(vec![first]))
            .with("next", Arg::Lines(vec![next]))
    })?;
    Some(Message::new("summary-detail").with("what", Arg::Lines(vec![said])))
}

fn next_line(next: &NextStep) -> Message {
    let message = Message::new(match next.until {
        Some(_) => "summary-next-until",
        None => "summary-next",
    });
    let message = message
        .with("text", Arg::Title(next.text.clone()))
        .with("who", Arg::Word(next_word(next.who).to_owned()));
    match next.until {
        Some(until) => message.with("until", Arg::Instant(until)),
        None => message,
    }
}

fn waiting_word(on: WaitingOn) -> &'static str {
    match on {
        WaitingOn::Requester => "waiting-requester",
        WaitingOn::Vendor => "waiting-vendor",
        WaitingOn::Development => "waiting-development",
        WaitingOn::NextTier => "waiting-next-tier",
    }
}
