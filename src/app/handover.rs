//! What the outgoing duty is asked when the duty turns over, to whom things are handed, and what was answered.
//!
//! Promises: each item is asked about once for each turn, in working time only, and never if the duty stays the same;
//! the outgoing duty is called once, with everything in one list; what they answered is told once. Leaves out what an
//! answer means (`domain/inquiry/handoff.rs`) and what silence does (the tick of the inquiry).

use super::desk::{ActError, App};
use super::ports::*;
use super::setup::Queue;
use crate::domain::announce::otherwise_word;
use crate::domain::calendar::{Calendar, Part};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Answered, Command, Handoff, Inquiry};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::sla::Audience;
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::{BTreeMap, BTreeSet};

/// The turn of a duty, as far as whoever hands over and whoever takes over are concerned.
pub(super) struct Turn<'a> {
    pub incoming: &'a MemberId,
    /// Everybody who had the duty since anybody was last asked.
    pub outgoing: BTreeSet<MemberId>,
    pub at: Timestamp,
    pub now: Timestamp,
}

/// Answers are told a moment after the last may come, when what silence means has been done.
const AFTERWARDS: SignedDuration = SignedDuration::from_mins(1);

/// How far ahead somebody is looked for who has the duty next.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 28);

impl App {
    /// Asks the outgoing duty about everything that they hold in a queue; answers until when, if anything was asked.
    ///
    /// Outside working time nothing is asked: the opening does.
    pub(super) async fn ask_at_handoff(
        &self,
        queue: &Queue,
        turn: &Turn<'_>,
    ) -> Result<Option<Timestamp>, ActError> {
        let policy = self.policy(&queue.policy).await?;
        if !is_working(policy.working(), turn.now) {
            return Ok(None);
        }
        let answer_by = policy
            .working()
            .due_after(turn.now, queue.handoff_answer_within);
        let mut until = None;
        let gone = turn.outgoing.iter().filter(|from| *from != turn.incoming);
        for from in gone.filter(|from| self.setup.members.contains_key(*from)) {
            let mut asked = Vec::new();
            for held in self.held_by(queue, from).await? {
                asked.extend(self.ask_about(&held, queue, from, turn, answer_by).await?);
            }
            let first = asked.first().and_then(asked_of).cloned();
            if let Some(first) = first {
                self.call_outgoing(queue, turn, &first, &asked).await?;
                until = until.max(Some(first.answer_by));
            }
        }
        Ok(until)
    }

    async fn ask_about(
        &self,
        held: &Stored,
        queue: &Queue,
        from: &MemberId,
        turn: &Turn<'_>,
        answer_by: Timestamp,
    ) -> Result<Option<Stored>, ActError> {
        let id = &held.inquiry.id;
        let key = format!("handoff·{}·{}·{id}", queue.rota, turn.at.as_millisecond());
        let command = Command::AskAtHandoff {
            from: from.clone(),
            to: turn.incoming.clone(),
            answer_by,
            otherwise: queue.handoff,
        };
        let done = self.act(id, self.by_time(Some(key)), command).await?;
        Ok(Some(done.stored).filter(|stored| asked_of(stored).is_some()))
    }

    /// One message that calls the outgoing duty, with what they are asked about by the time left.
    async fn call_outgoing(
        &self,
        queue: &Queue,
        turn: &Turn<'_>,
        first: &Handoff,
        asked: &[Stored],
    ) -> Result<(), ActError> {
        let asked = self.by_time_left(asked.to_vec()).await?;
        let message = Message::new("notice-handoff")
            .with("member", Arg::Member(first.from.clone()))
            .with("to", Arg::Member(first.to.clone()))
            .with("until", Arg::Instant(first.answer_by))
            .with(
                "otherwise",
                Arg::Word(otherwise_word(first.otherwise).to_owned()),
            )
            .with("count", number(asked.len()))
            .with("lines", Arg::Lines(self.list_lines(&asked).await?));
        let at = turn.at.as_millisecond();
        let key = format!("handoff-ask·{}·{at}·{}", queue.id, first.from);
        let audience = [Audience::Member(first.from.clone())];
        self.tell_queue(queue, &audience, message, key, turn.now)
            .await?;
        Ok(())
    }

    /// Asks at the opening what could not be asked at night: whoever had the duty since the queue closed.
    pub(super) async fn ask_at_opening(
        &self,
        queue: &Queue,
        closed_at: Timestamp,
        opens_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let rota = self.setup.rota_at(queue, opens_at);
        let outgoing: BTreeSet<MemberId> = self
            .shifts(rota, closed_at, opens_at)
            .await?
            .into_iter()
            .map(|shift| shift.member)
            .collect();
        let overrides = self.overrides_of(rota.name(), now).await?;
        let turn = Turn {
            incoming: &rota.on_duty(opens_at, &overrides).shift.member,
            outgoing,
            at: opens_at,
            now,
        };
        // Who turns over at the opening itself is asked by the handoff.
        if rota.planned(opens_at).starts_at == opens_at {
            return Ok(());
        }
        if let Some(until) = self.ask_at_handoff(queue, &turn).await? {
            let look = self.look_at_answers(queue, until).await?;
            if look < rota.next_handoff(now) {
                self.store
                    .set_timer(TimerKind::Handoff, rota.name(), look)
                    .await?;
            }
        }
        Ok(())
    }

    /// When the answers that may come until then can be told.
    pub(super) async fn look_at_answers(
        &self,
        queue: &Queue,
        until: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let policy = self.policy(&queue.policy).await?;
        Ok(plus(policy.awake_from(until), AFTERWARDS))
    }

    /// Tells once what was answered since the duty turned over, calling nobody.
    pub(super) async fn tell_answers(
        &self,
        queue: &Queue,
        rota: &Rota,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let turn_at = rota.planned(now).starts_at;
        let open = ListFilter {
            queue: Some(queue.id.to_string()),
            is_open: Some(true),
            ..ListFilter::default()
        };
        type Said = BTreeMap<(Answered, bool), Vec<i64>>;
        let mut by_member: BTreeMap<MemberId, Said> = BTreeMap::new();
        for stored in self.every(open).await? {
            let handoff = stored.inquiry.handoff.as_ref();
            let Some(handoff) = handoff.filter(|handoff| handoff.asked_at >= turn_at) else {
                continue;
            };
            let Some(answer) = &handoff.answer else {
                continue;
            };
            by_member
                .entry(handoff.from.clone())
                .or_default()
                .entry((answer.what, answer.is_silent))
                .or_default()
                .push(stored.reference.0);
        }
        for (from, said) in by_member {
            let lines = said
                .into_iter()
                .map(|((what, is_silent), mut references)| {
                    references.sort_unstable();
                    let references: Vec<String> = references
                        .iter()
                        .map(|number| format!("Q-{number}"))
                        .collect();
                    Message::new(answer_line(what, is_silent))
                        .with("references", Arg::Plain(references.join(", ")))
                })
                .collect();
            let message = Message::new("notice-handoff-answers")
                .with("member", Arg::Member(from.clone()))
                .with("lines", Arg::Lines(lines));
            let at = turn_at.as_millisecond();
            let key = format!("handoff-answers·{}·{at}·{from}", queue.id);
            self.tell_queue(queue, &[], message, key, now).await?;
        }
        Ok(())
    }

    /// To whom a person hands an inquiry over: the duty, or the next one if they have it themself.
    pub(super) async fn hand_over_to(
        &self,
        stored: &Stored,
        by: &Actor,
    ) -> Result<Option<MemberId>, StoreError> {
        let now = self.clock.now();
        let queue = self.setup.queue(&stored.inquiry.queue);
        let region = stored.inquiry.facts.region.as_deref();
        let rota = self.setup.rota_for(queue, region, now);
        let shifts = self.shifts(rota, now, plus(now, AHEAD)).await?;
        let mut in_turn = shifts.into_iter().map(|shift| shift.member);
        Ok(in_turn
            .find(|member| by.member() != Some(member) && self.setup.members.contains_key(member)))
    }

    /// The open inquiries that somebody holds in a queue.
    async fn held_by(&self, queue: &Queue, who: &MemberId) -> Result<Vec<Stored>, StoreError> {
        self.every(ListFilter {
            queue: Some(queue.id.to_string()),
            owner: Some(who.clone()),
            is_open: Some(true),
            ..ListFilter::default()
        })
        .await
    }
}

/// What is asked about an inquiry and not answered yet.
pub(super) fn asked_of(stored: &Stored) -> Option<&Handoff> {
    Inquiry::asked_at_handoff(&stored.inquiry)
}

/// Lunch is no night: whoever turns over then is at work.
fn is_working(calendar: &Calendar, at: Timestamp) -> bool {
    matches!(calendar.why_closed(at), None | Some(Part::Break))
}

fn answer_line(what: Answered, is_silent: bool) -> &'static str {
    match (what, is_silent) {
        (Answered::Kept, false) => "answer-kept",
        (Answered::Kept, true) => "answer-kept-silently",
        (Answered::HandedOver, false) => "answer-handed-over",
        (Answered::HandedOver, true) => "answer-handed-over-silently",
        (Answered::Released, false) => "answer-released",
        (Answered::Released, true) => "answer-released-silently",
        (Answered::Taken, _) => "answer-taken",
    }
}

/// A count, for a sentence.
pub(super) fn number(count: usize) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
