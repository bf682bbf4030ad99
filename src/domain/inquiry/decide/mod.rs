//! Decides: a command becomes events or a refusal. The rules of the desk are here and nowhere else.
//!
//! Every decision first records the promises that broke before it, so that an act never hides a miss, and
//! ends by asking whether the inquiry has become urgent.

mod answer;
mod contract;
mod gate;
mod handoff;
mod hands;
mod passing;
mod severity;
mod snooze;
mod split;
mod there;
mod tracking;

pub use passing::{compare_revisions, is_ahead};

use super::{
    Actor, Clock, CloseReason, Command, Entry, Event, Inquiry, Ownership, Receive, Refusal, Stage,
    There, Urgency, evolve,
};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::sla::{Case, Policy, due_at, due_from, moved_between};
use crate::time::{SignedDuration, Timestamp};

/// Takes an inquiry in.
///
/// # Errors
/// Never today; a receipt is checked before it becomes a command.
pub fn open(
    receive: Receive,
    policy: &Policy,
    by: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let received = Event::Received {
        origin: receive.origin,
        facts: receive.facts,
        queue: receive.queue,
        policy: receive.policy,
        escalated_at: receive.escalated_at,
        follows: receive.follows,
        link: receive.link,
        is_backlog: receive.is_backlog,
        routed: receive.routed.map(Box::new),
    };
    let first = Entry {
        inquiry: receive.id,
        seq: 1,
        at: now,
        actor: by.clone(),
        via: String::new(),
        event: received.clone(),
    };
    let mut draft = Draft {
        inquiry: evolve(None, &first),
        events: vec![received],
        by,
        now,
    };
    if receive.there != There::Open {
        there::find(&mut draft, policy, receive.there);
        return Ok(draft.events);
    }
    if !receive.is_backlog {
        if let Some(checked) = receive.contract {
            contract::at_receipt(&mut draft, checked);
        }
        draft.raise_if_urgent(policy);
        match (receive.owner, receive.assign_to) {
            (Some(by), _) => draft.push(Event::Claimed { by }),
            (None, Some(to)) => draft.push(Event::Assigned { to, by_desk: true }),
            (None, None) => {}
        }
    }
    Ok(draft.events)
}

/// Decides a command of somebody at a moment.
///
/// # Errors
/// A [`Refusal`] that carries what the person needs to know.
pub fn decide(
    inquiry: &Inquiry,
    policy: &Policy,
    by: &Actor,
    command: Command,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let mut draft = Draft {
        inquiry: inquiry.clone(),
        events: Vec::new(),
        by,
        now,
    };
    match command {
        Command::Tick => passing::tick(&mut draft, policy),
        command => {
            draft.record_misses(policy);
            // What goes to another queue is as urgent as it is there.
            let there = match &command {
                Command::Transfer { rules, .. } => rules.clone(),
                _ => None,
            };
            act(&mut draft, policy, command)?;
            draft.settle_urgency(there.as_deref().unwrap_or(policy));
        }
    }
    Ok(draft.events)
}

/// Decides news of the source, and what the register says of them; where they are no news nothing is asked.
///
/// # Errors
/// As [`decide`].
pub fn update_and_check(
    inquiry: &Inquiry,
    policy: &Policy,
    by: &Actor,
    (update, checked): (Command, super::Checked),
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let mut draft = Draft {
        inquiry: inquiry.clone(),
        events: Vec::new(),
        by,
        now,
    };
    draft.record_misses(policy);
    act(&mut draft, policy, update)?;
    let mut events = draft.events.iter();
    if events.any(|event| matches!(event, Event::Updated { .. })) {
        contract::check(&mut draft, policy, checked);
    }
    draft.settle_urgency(policy);
    Ok(draft.events)
}

/// Moves an inquiry to another policy: unreached deadlines move, with old and new in the ledger.
pub fn adopt(
    inquiry: &Inquiry,
    from: &Policy,
    to: (&super::PolicyHash, &Policy),
    by: &Actor,
    now: Timestamp,
) -> Vec<Event> {
    let mut draft = Draft {
        inquiry: inquiry.clone(),
        events: Vec::new(),
        by,
        now,
    };
    draft.record_misses(from);
    let moved = moved_between((&draft.inquiry, from), (&draft.inquiry, to.1));
    draft.push(Event::PolicyChanged {
        from: inquiry.policy.clone(),
        to: to.0.clone(),
        moved,
    });
    draft.settle_urgency(to.1);
    draft.events
}

fn act(draft: &mut Draft, policy: &Policy, command: Command) -> Result<(), Refusal> {
    match command {
        Command::Update {
            revision,
            facts,
            body,
            there,
            owner,
        } => {
            passing::update(draft, policy, (revision, *facts, body), there, owner);
            Ok(())
        }
        Command::Find { there } => {
            there::find(draft, policy, there);
            Ok(())
        }
        Command::FlagReused {
            title,
            requester,
            customer,
        } => {
            draft.push(Event::IdReused {
                title,
                requester,
                customer,
            });
            Ok(())
        }
        Command::Claim => hands::claim(draft),
        Command::Release { reason } => hands::release(draft, reason),
        Command::Assign { to } => hands::assign(draft, to),
        Command::Accept => hands::accept(draft),
        Command::TakeOver { reason } => hands::take_over(draft, reason),
        Command::Transfer {
            to,
            policy,
            rules: _,
            reason,
            moving,
        } => hands::transfer(draft, to, policy, reason, moving),
        Command::Note { text } => {
            draft.accept_by_acting();
            draft.push(Event::Noted { text });
            Ok(())
        }
        Command::Reply {
            text,
            is_question,
            has_way_back,
        } => answer::reply(draft, text, is_question, has_way_back),
        Command::Replied { at, text, was_sent } => answer::replied(draft, at, text, was_sent),
        Command::RetractReply => answer::retract(draft, policy),
        Command::ReplyFailed { of, why } => {
            answer::failed(draft, policy, of, why);
            Ok(())
        }
        Command::Heard { text, at } => answer::heard(draft, policy, text, at),
        Command::RequesterReplied { text, at } => {
            answer::requester_replied(draft, policy, text, at)
        }
        Command::NoAnswerNeeded => answer::no_answer_needed(draft),
        Command::Wait {
            on,
            chase_at,
            asked,
            case,
        } => answer::wait(draft, policy, on, chase_at, (asked, case)),
        Command::Resume { answer } => {
            draft.must_be_open()?;
            if !matches!(draft.inquiry.stage, Stage::Waiting { .. }) {
                return Err(Refusal::NotWaiting);
            }
            draft.accept_by_acting();
            draft.push(Event::Resumed { answer });
            Ok(())
        }
        Command::SetSeverity { to, reason } => severity::set(draft, policy, to, reason),
        Command::ProposeSeverity { to, reason } => severity::propose(draft, policy, to, reason),
        Command::AgreeSeverity { to, note } => severity::agree(draft, policy, to, note),
        Command::DeclineSeverity { to, reason } => severity::decline(draft, to, reason),
        Command::NotUrgent { reason } => {
            draft.must_be_open()?;
            draft.must_be_member()?;
            if !matches!(draft.inquiry.urgency, Urgency::Urgent { .. }) {
                return Err(Refusal::NotUrgent);
            }
            draft.push(Event::NotUrgent { reason });
            Ok(())
        }
        Command::Snooze { until } => snooze::until(draft, until),
        Command::SnoozeUntilReply => snooze::until_reply(draft, policy),
        Command::Unsnooze => snooze::end(draft),
        Command::HandToDuty { to } => hands::to_duty(draft, policy, to),
        Command::Mute { until } => {
            draft.must_be_member()?;
            if let Some(at) = until.filter(|until| *until <= draft.now) {
                return Err(Refusal::NotInTheFuture { at });
            }
            draft.push(Event::Muted { until });
            Ok(())
        }
        Command::Unmute => {
            draft.must_be_member()?;
            let by = draft.by.member();
            if draft.inquiry.mutes.iter().any(|mute| Some(&mute.by) == by) {
                draft.push(Event::Unmuted {});
            }
            Ok(())
        }
        Command::Resolve(resolution) => answer::resolve(draft, policy, resolution),
        Command::Close { reason, note } => answer::close(draft, reason, note),
        Command::Reopen { reason } => answer::reopen(draft, policy, reason),
        Command::AskAtHandoff {
            from,
            to,
            answer_by,
            otherwise,
        } => {
            handoff::ask(draft, from, to, answer_by, otherwise);
            Ok(())
        }
        Command::Keep => handoff::keep(draft),
        Command::HandOver { duty } => handoff::hand_over(draft, duty),
        Command::SetNext { text, who, until } => handoff::next(draft, text, who, until),
        Command::CheckContract(checked) => {
            contract::check(draft, policy, checked);
            Ok(())
        }
        Command::Refuse { text, has_way_back } => contract::refuse(draft, text, has_way_back),
        Command::ExceptContract { reason } => contract::except(draft, policy, reason),
        Command::Bounce {
            reason,
            has_way_back,
            is_elsewhere,
        } => gate::bounce(draft, policy, reason, has_way_back, is_elsewhere),
        Command::Refer {
            to,
            note,
            reply,
            has_way_back,
        } => gate::refer(draft, to, note, reply, has_way_back),
        Command::FileIssue {
            tracker,
            title,
            text,
        } => tracking::file(draft, tracker, title, text),
        Command::LinkIssue {
            tracker,
            issue,
            url,
            of,
            workaround,
        } => tracking::link(draft, (tracker, issue), url, of, workaround),
        Command::IssueFailed {
            of,
            why,
            is_unknown,
            issue,
            url,
        } => {
            tracking::failed(draft, of, why, is_unknown, (issue, url));
            Ok(())
        }
        Command::IssueSeen {
            tracker,
            issue,
            state,
            is_done,
            fixed_in,
            is_quiet,
        } => {
            tracking::seen(
                draft,
                (tracker, issue),
                (state, is_done, fixed_in),
                is_quiet,
            );
            Ok(())
        }
        Command::UnlinkIssue { tracker, issue } => tracking::unlink(draft, tracker, issue),
        Command::SplitOff { child, title } => split::off(draft, policy, child, title),
        Command::Tick => Ok(()),
    }
}

/// The instant from which the inquiry counts as urgent, unless that is recorded or was denied already.
///
/// Urgent is a wake-up severity, or the business stopped *and* needed-by within the policy's hours
/// (DESIGN §5, pings); needed-by alone wakes nobody.
pub fn urgent_since(inquiry: &Inquiry, policy: &Policy) -> Option<Timestamp> {
    if !inquiry.is_open() || inquiry.is_held() {
        return None;
    }
    let facts = &inquiry.facts;
    match &inquiry.urgency {
        Urgency::Urgent { .. } => None,
        Urgency::Calm => cause_of_urgency(inquiry, policy),
        Urgency::Denied {
            severity,
            needed_by,
            ..
        } => {
            let is_worse = inquiry.severity.outranks(*severity);
            let is_earlier = match (facts.needed_by, needed_by) {
                (Some(now), Some(then)) => now < *then,
                (Some(_), None) => true,
                (None, _) => false,
            };
            cause_of_urgency(inquiry, policy).filter(|_| is_worse || is_earlier)
        }
    }
}

fn cause_of_urgency(inquiry: &Inquiry, policy: &Policy) -> Option<Timestamp> {
    if let Some(since) = woken_since(inquiry, policy) {
        return Some(since);
    }
    let needed_by = inquiry
        .facts
        .needed_by
        .filter(|_| inquiry.facts.business_stopped)?;
    needed_by
        .checked_sub(SignedDuration::from_millis(policy.urgent_within_ms))
        .ok()
}

/// The instant from which its severity wakes people, by the line that has the duty then.
///
/// What has been raised stays while its severity woke people when it was; else a line that begins to wake for a severity
/// does so for what was there before, but none that has passed since the last act.
fn woken_since(inquiry: &Inquiry, policy: &Policy) -> Option<Timestamp> {
    let from = match inquiry.urgency {
        _ if policy.lines.is_empty() => inquiry.received_at,
        Urgency::Urgent { since } => since,
        Urgency::Calm | Urgency::Denied { .. } => inquiry.last_act_at,
    };
    policy.wakes_from(Case::of(inquiry), from)
}

/// A decision in the making: the state after the events so far.
struct Draft<'a> {
    inquiry: Inquiry,
    events: Vec<Event>,
    by: &'a Actor,
    now: Timestamp,
}

impl Draft<'_> {
    fn push(&mut self, event: Event) {
        let entry = Entry {
            inquiry: self.inquiry.id.clone(),
            seq: self.inquiry.seq + 1,
            at: self.now,
            actor: self.by.clone(),
            via: String::new(),
            event: event.clone(),
        };
        self.inquiry = evolve(Some(self.inquiry.clone()), &entry);
        self.events.push(event);
    }

    /// Records what broke strictly before now.
    fn record_misses(&mut self, policy: &Policy) {
        let mut missed: Vec<_> = self
            .inquiry
            .runs
            .iter()
            .filter(|run| run.missed_at.is_none())
            .filter_map(|run| Some((due_at(&self.inquiry, run, policy)?, run.clock, run.run)))
            .filter(|(due, ..)| *due < self.now)
            .collect();
        missed.sort();
        for (at, clock, run) in missed {
            self.push(Event::Missed { clock, run, at });
        }
    }

    fn raise_if_urgent(&mut self, policy: &Policy) {
        if let Some(since) = urgent_since(&self.inquiry, policy).filter(|since| *since <= self.now)
        {
            self.push(Event::UrgencyRaised {
                since: since.max(self.inquiry.received_at),
            });
        }
    }

    /// Urgency follows the facts: raised when they say so, ended when they no longer do.
    fn settle_urgency(&mut self, policy: &Policy) {
        self.raise_if_urgent(policy);
        let still = cause_of_urgency(&self.inquiry, policy).is_some_and(|since| since <= self.now);
        if matches!(self.inquiry.urgency, Urgency::Urgent { .. })
            && (!still || !self.inquiry.is_open())
        {
            self.push(Event::UrgencyEnded {});
        }
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        match &self.inquiry.stage {
            Stage::Active { .. } | Stage::Waiting { .. } => Ok(()),
            Stage::Resolved { by, at, .. } => Err(Refusal::Resolved {
                by: by.clone(),
                at: *at,
            }),
            Stage::Closed { by, at, .. } => Err(Refusal::Closed {
                by: by.clone(),
                at: *at,
            }),
        }
    }

    fn must_be_member(&self) -> Result<MemberId, Refusal> {
        self.by.member().cloned().ok_or(Refusal::MembersOnly)
    }

    /// Ends it, and keeps whether somebody was still to be answered.
    fn close(&mut self, reason: CloseReason, note: Option<TextId>) {
        let is_unanswered = self.owed_response().is_some();
        self.push(Event::Closed {
            reason,
            note,
            is_unanswered,
        });
    }

    /// Any verb of an assignee is an acceptance (DESIGN §5).
    fn accept_by_acting(&mut self) {
        if let (Ownership::Assigned { to, .. }, Some(by)) =
            (&self.inquiry.ownership, self.by.member())
            && to == by
        {
            self.push(Event::Accepted { by: by.clone() });
        }
    }

    /// When a wait is chased if no date is given: when the other team's time is over, else after the policy's days.
    fn chase_of(&self, policy: &Policy, on: super::WaitingOn) -> Timestamp {
        let due = Clock::of_wait(on).and_then(|clock| match self.inquiry.run(clock) {
            Some(run) => due_at(&self.inquiry, run, policy),
            None => due_from(&self.inquiry, clock, self.now, policy),
        });
        due.filter(|due| *due > self.now).unwrap_or_else(|| {
            policy
                .working()
                .add_working_days(self.now, policy.chase_days)
        })
    }

    fn owed_response(&self) -> Option<(Clock, &super::Run)> {
        self.inquiry
            .runs
            .iter()
            .find(|run| run.clock.is_response())
            .map(|run| (run.clock, run))
    }

    /// The time of an act that may have been earlier, never later.
    fn not_in_the_future(&self, at: Option<Timestamp>) -> Result<Timestamp, Refusal> {
        let at = at.unwrap_or(self.now);
        if at > self.now {
            return Err(Refusal::InTheFuture { at });
        }
        Ok(at)
    }
}
