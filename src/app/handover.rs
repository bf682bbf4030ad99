//! What the outgoing duty is asked when the duty turns over, to whom things are handed, and what was answered.
//!
//! Promises: each item is asked about once for each turn, in working time or as the hours of a line end, and never while
//! whoever holds it has the duty; the outgoing duty is called once, with everything in one list; what they answered is
//! told once, whether the duty turned over within a rota or from line to line. Leaves out what an
//! answer means (`domain/inquiry/handoff.rs`) and what silence does (the tick of the inquiry).

use super::desk::{ActError, App};
use super::ports::*;
use super::setup::Queue;
use crate::domain::announce::otherwise_word;
use crate::domain::calendar::{Calendar, Part};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::{Actor, Answered, Command, Event, Handoff, Inquiry};
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Line;
use crate::domain::sla::{Audience, Case};
use crate::time::{SignedDuration, Timestamp, plus};
use std::collections::{BTreeMap, BTreeSet};

/// A turn of the duty of a queue, as far as whoever hands over is concerned.
pub(super) struct Turn<'a> {
    /// When the duty turned over, or the queue opened.
    at: Timestamp,
    now: Timestamp,
    /// Everybody who had the duty of anything since somebody could last be asked and has it no more: until when, and in
    /// which line.
    outgoing: BTreeMap<MemberId, (Timestamp, &'a Line)>,
}

impl Turn<'_> {
    /// Who hands over.
    pub(super) fn outgoing(&self) -> BTreeSet<MemberId> {
        self.outgoing.keys().cloned().collect()
    }
}

/// Answers are told a moment after the last may come, when what silence means has been done.
const AFTERWARDS: SignedDuration = SignedDuration::from_mins(1);

/// How far ahead somebody is looked for who has the duty next.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 28);

/// A handoff or a change of lines that comes so soon says and asks for both.
pub(super) const SOON: SignedDuration = SignedDuration::from_hours(1);

/// The instants of a turnover are looked at from just before.
const A_MOMENT: SignedDuration = SignedDuration::from_millis(1);

impl App {
    /// Works out who hands over at a turn: of its rota, of the queue's lines, or since the night at an opening.
    ///
    /// `due_at` is when the first of the turns was due of which this is the last; it lies before `at` after a down-time.
    pub(super) async fn turn<'a>(
        &self,
        queue: &'a Queue,
        due_at: Timestamp,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Turn<'a>, ActError> {
        let policy = self.policy(&queue.policy).await?;
        // What the opening, or a change of lines, left to this turn is made up for.
        let mut since = plus(due_at.min(plus(at, -SOON)), -A_MOMENT);
        if !is_working(policy.working(), since) {
            since = policy.working().last_close_before(since).unwrap_or(since);
        }
        let coverage = &queue.coverage;
        let mut outgoing: BTreeMap<MemberId, (Timestamp, &Line)> = BTreeMap::new();
        for region in coverage.regions() {
            for stretch in coverage.stretches_for(region, since, at) {
                let rota = self.setup.named(&stretch.line.rota);
                let shifts = self.shifts(rota, stretch.starts_at, stretch.ends_at);
                for shift in shifts.await? {
                    let until = shift.ends_at.min(stretch.ends_at);
                    let latest = outgoing
                        .entry(shift.member)
                        .or_insert((until, stretch.line));
                    if latest.0 < until {
                        *latest = (until, stretch.line);
                    }
                }
            }
        }
        for name in coverage.on_duty(now) {
            let rota = self.setup.named(name);
            let overrides = self.overrides_of(name, now).await?;
            outgoing.remove(&rota.on_duty(now, &overrides).shift.member);
        }
        Ok(Turn { at, now, outgoing })
    }

    /// Asks the outgoing duty about everything that they hold in a queue.
    ///
    /// Outside working time only those are asked whose line held until just now; the others are at the opening.
    pub(super) async fn ask_at_handoff(
        &self,
        queue: &Queue,
        turn: &Turn<'_>,
    ) -> Result<(), ActError> {
        if turn.outgoing.is_empty() {
            return Ok(());
        }
        let mut asked: BTreeMap<(MemberId, MemberId), Vec<Stored>> = BTreeMap::new();
        for held in self.open_in(queue).await? {
            let Some(stored) = self.ask_about(held, queue, turn).await? else {
                continue;
            };
            // Whoever does this again after a crash calls with the same list.
            let Some(question) = asked_of(&stored).filter(|it| it.asked_at >= turn.at) else {
                continue;
            };
            if !self.was_called(&stored, question, turn).await? {
                let between = (question.from.clone(), question.to.clone());
                asked.entry(between).or_default().push(stored);
            }
        }
        for ((from, to), asked) in asked {
            self.call_outgoing(queue, turn, (&from, &to), asked).await?;
        }
        Ok(())
    }

    /// Asks about one inquiry, if somebody holds it who hands over; answers how it stands then.
    async fn ask_about(
        &self,
        held: Stored,
        queue: &Queue,
        turn: &Turn<'_>,
    ) -> Result<Option<Stored>, ActError> {
        let inquiry = &held.inquiry;
        let Some(from) = inquiry.holder().cloned() else {
            return Ok(None);
        };
        let Some((until, line)) = turn.outgoing.get(&from) else {
            return Ok(None);
        };
        if !self.setup.members.contains_key(&from) {
            return Ok(None);
        }
        let policy = self.policy(&queue.policy).await?;
        let may_ask = is_working(policy.working(), turn.now)
            || (plus(*until, SOON) > turn.now && was_at_work(queue, line, *until, inquiry));
        let region = inquiry.facts.region.as_deref();
        if !may_ask || self.turns_soon(queue, region, policy.working(), turn.now) {
            return Ok(None);
        }
        let rota = self.setup.rota_for(queue, region, turn.now);
        let overrides = self.overrides_of(rota.name(), turn.now).await?;
        let to = rota.on_duty(turn.now, &overrides).shift.member;
        // Asked since their turn ended: once is enough, unless it would now go to somebody else.
        let before = inquiry.handoff.as_ref();
        let before = before.filter(|it| it.from == from && it.asked_at >= *until);
        if before.is_some_and(|it| it.answer.is_some() || it.to == to) {
            return Ok(Some(held));
        }
        let answer_by = answer_by(queue, policy.working(), region, turn.now);
        let (id, at) = (&inquiry.id, turn.at.as_millisecond());
        let key = format!("handoff·{}·{at}·{id}", queue.id);
        let command = Command::AskAtHandoff {
            from,
            to,
            answer_by,
            otherwise: queue.handoff,
        };
        let done = self.act(id, self.by_time(Some(key)), command).await?;
        Ok(Some(done.stored))
    }

    /// Tells whether whoever is asked was asked before this turn, since their own ended: that the answer would now go to
    /// somebody else is said in the thread and calls nobody, for it may be night where they are.
    async fn was_called(
        &self,
        stored: &Stored,
        question: &Handoff,
        turn: &Turn<'_>,
    ) -> Result<bool, StoreError> {
        let Some((until, _)) = turn.outgoing.get(&question.from) else {
            return Ok(false);
        };
        let ledger = self.store.ledger(&stored.inquiry.id).await?;
        let mut earlier = ledger
            .iter()
            .filter(|entry| entry.at >= *until && entry.at < turn.at);
        Ok(earlier.any(|entry| {
            matches!(&entry.event, Event::HandoffAsked { from, .. } if *from == question.from)
        }))
    }

    /// Tells whether the duty of a region's inquiries turns over again within the hour, in working time: that asks.
    fn turns_soon(
        &self,
        queue: &Queue,
        region: Option<&str>,
        working: &Calendar,
        now: Timestamp,
    ) -> bool {
        let coverage = &queue.coverage;
        let line = coverage.line_for(region, now);
        let passes = coverage
            .next_turnover(now)
            .filter(|at| coverage.line_for(region, *at) != line);
        let handoff = self.setup.named(&line.rota).next_handoff(now);
        let mut next = passes.into_iter().chain([handoff]);
        next.any(|at| at <= plus(now, SOON) && is_working(working, at))
    }

    /// One message that calls the outgoing duty, with what they are asked about by the time left.
    async fn call_outgoing(
        &self,
        queue: &Queue,
        turn: &Turn<'_>,
        (from, to): (&MemberId, &MemberId),
        asked: Vec<Stored>,
    ) -> Result<(), ActError> {
        let asked = self.by_time_left(asked).await?;
        let Some(question) = asked.first().and_then(asked_of) else {
            return Ok(());
        };
        let message = Message::new("notice-handoff")
            .with("member", Arg::Member(from.clone()))
            .with("to", Arg::Member(to.clone()))
            .with("until", Arg::Instant(question.answer_by))
            .with(
                "otherwise",
                Arg::Word(otherwise_word(question.otherwise).to_owned()),
            )
            .with("count", number(asked.len()))
            .with("lines", Arg::Lines(self.list_lines(&asked).await?));
        let at = turn.at.as_millisecond();
        let key = format!("handoff-ask·{}·{at}·{from}·{to}", queue.id);
        let audience = [Audience::Member(from.clone())];
        self.tell_queue(queue, &audience, message, key, turn.now)
            .await?;
        Ok(())
    }

    /// Asks at the opening what could not be asked at night: whoever had the duty since the queue closed.
    pub(super) async fn ask_at_opening(
        &self,
        queue: &Queue,
        opens_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let turn = self.turn(queue, opens_at, opens_at, now).await?;
        self.ask_at_handoff(queue, &turn).await?;
        let rota = self.setup.rota_at(queue, now);
        let look = self.tell_answers(queue, opens_at, now).await?;
        if let Some(look) = look.filter(|look| *look < rota.next_handoff(now)) {
            self.store
                .set_timer(TimerKind::Handoff, rota.name(), look)
                .await?;
        }
        Ok(())
    }

    /// Tells once what was answered to the questions whose time is over since an instant, calling nobody. Answers when
    /// the time of the next questions is over.
    ///
    /// What there is to tell is read from the inquiries, so it does not matter which timer comes for it, or how late.
    pub(super) async fn tell_answers(
        &self,
        queue: &Queue,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, ActError> {
        let policy = self.policy(&queue.policy).await?;
        let mut asked: BTreeMap<(MemberId, Timestamp), Vec<Stored>> = BTreeMap::new();
        for stored in self.open_in(queue).await? {
            if let Some(handoff) = &stored.inquiry.handoff {
                let key = (handoff.from.clone(), handoff.answer_by);
                asked.entry(key).or_default().push(stored);
            }
        }
        let mut next: Option<Timestamp> = None;
        for ((from, answer_by), asked) in asked {
            let awake = |stored: &Stored| policy.awake_for(Case::of(&stored.inquiry), answer_by);
            let awake = asked.iter().map(awake).max().unwrap_or(answer_by);
            let look = plus(awake, AFTERWARDS);
            if look > now {
                next = earliest(next, Some(look));
            } else if look >= plus(since, -SOON) {
                self.tell_answers_of(queue, (&from, answer_by), asked, now)
                    .await?;
            }
        }
        Ok(next)
    }

    /// Tells what one who was asked answered until then, or what their silence meant.
    async fn tell_answers_of(
        &self,
        queue: &Queue,
        (from, answer_by): (&MemberId, Timestamp),
        asked: Vec<Stored>,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let mut said = Said::new();
        for mut stored in asked {
            // After a down-time this may come before what silence means is done.
            if asked_of(&stored).is_some() {
                let tick = self.act(&stored.inquiry.id, self.by_time(None), Command::Tick);
                stored = tick.await?.stored;
            }
            let handoff = stored.inquiry.handoff.as_ref();
            if let Some(answer) = handoff.and_then(|handoff| handoff.answer.as_ref()) {
                let what = (answer.what, answer.is_silent);
                said.entry(what).or_default().push(stored);
            }
        }
        if said.is_empty() {
            return Ok(());
        }
        let lines = said.into_iter().map(|((what, is_silent), stored)| {
            Message::new(answer_line(what, is_silent))
                .with("references", Arg::Plain(references(&stored)))
        });
        let message = Message::new("notice-handoff-answers")
            .with("member", Arg::Member(from.clone()))
            .with("lines", Arg::Lines(lines.collect()));
        let by = answer_by.as_millisecond();
        let key = format!("handoff-answers·{}·{by}·{from}", queue.id);
        self.tell_queue(queue, &[], message, key, now).await?;
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

    /// The open inquiries of a queue.
    pub(super) async fn open_in(&self, queue: &Queue) -> Result<Vec<Stored>, StoreError> {
        self.store
            .every(&ListFilter {
                queue: Some(queue.id.to_string()),
                is_open: Some(true),
                ..ListFilter::default()
            })
            .await
    }
}

/// What was answered, and about which.
type Said = BTreeMap<(Answered, bool), Vec<Stored>>;

/// What is asked about an inquiry and not answered yet.
pub(super) fn asked_of(stored: &Stored) -> Option<&Handoff> {
    Inquiry::asked_at_handoff(&stored.inquiry)
}

/// Lunch is no night: whoever turns over then is at work.
fn is_working(calendar: &Calendar, at: Timestamp) -> bool {
    matches!(calendar.why_closed(at), None | Some(Part::Break))
}

/// Until when an answer is waited for: counted in the queue's working time, or in the hours of the line that has the
/// inquiry now where those are sooner, so that the new duty hears of it while they have the duty.
fn answer_by(queue: &Queue, working: &Calendar, region: Option<&str>, now: Timestamp) -> Timestamp {
    let within = queue.handoff_answer_within;
    let coverage = &queue.coverage;
    let hours = coverage.line_for(region, now).rule.during.as_ref();
    let hours = hours.and_then(|key| coverage.calendars().get(key));
    let by = working.due_after(now, within);
    hours.map_or(by, |hours| hours.due_after(now, within).min(by))
}

/// Tells whether whoever hands over was at work until they did, and could be told of the inquiry: a line's hours say
/// that somebody is.
fn was_at_work(queue: &Queue, line: &Line, until: Timestamp, inquiry: &Inquiry) -> bool {
    let calendar = line.rule.during.as_ref();
    let calendar = calendar.and_then(|key| queue.coverage.calendars().get(key));
    calendar.is_some_and(|calendar| is_working(calendar, plus(until, -A_MOMENT)))
        && !line.rule.is_below(inquiry.severity)
}

/// References side by side, in their order.
pub(super) fn references(of: &[Stored]) -> String {
    let mut numbers: Vec<i64> = of.iter().map(|stored| stored.reference.0).collect();
    numbers.sort_unstable();
    let references = numbers.iter().map(|number| format!("Q-{number}"));
    references.collect::<Vec<String>>().join(", ")
}

/// The earlier of two instants that may be there.
pub(super) fn earliest(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
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
