//! The card of an inquiry, as data: what anyone glancing at the channel should see.

use crate::domain::calendar::{Awake, Calendar};
use crate::domain::contract::Finding;
use crate::domain::gate::Need;
use crate::domain::ids::{InquiryId, QueueId};
use crate::domain::inquiry::{
    Bounce, Clock, ContractStanding, Ending, Facts, Filing, Inquiry, Link, NextStep, Outcome,
    Ownership, Proposal, Referral, Run, Severity, Snooze, Stage, There, Tracked, Urgency,
    WaitingOn,
};
use crate::domain::notice::Offer;
use crate::domain::sla::{Definition, Policy, StepAt, amount, due_at, place};
use crate::time::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What a card shows. It is a function of the ledger and the policy alone, so two looks agree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub inquiry: InquiryId,
    pub tone: Tone,
    pub severity: Severity,
    /// What the source declares, where that differs from what we set.
    pub source_says: Option<Severity>,
    pub facts: Facts,
    pub source: String,
    pub url: Option<String>,
    pub queue: QueueId,
    pub ownership: Ownership,
    pub stage: Stage,
    pub is_urgent: bool,
    pub dues: Vec<Due>,
    #[serde(with = "crate::time::serde_ms")]
    pub received_at: Timestamp,
    /// The source's escalation time, where it differs from the receipt by more than five minutes.
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub escalated_at: Option<Timestamp>,
    pub round_trips: u32,
    pub outcome: Option<Outcome>,
    pub follows: Option<InquiryId>,
    /// What is to be done next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextStep>,
    pub offers: Vec<Offer>,
    /// The severity that somebody proposes, until it is agreed or declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// What the severity of now and the proposed one mean, where one is proposed and the policy says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<(Severity, Definition)>,
    /// Whose reminders are held back, while that lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snooze: Option<Snooze>,
    /// Which offices were awake at the receipt and which was next, where several share the work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offices: Option<Awake>,
    /// The item is gone at the source, and somebody has it all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_gone: bool,
    /// How it stands with its contract, once the register was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractStanding>,
    /// What its queue wants of escalations and this one does not bring, while nobody has said it otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Need>,
    /// How much its queue wants; 0 where it wants nothing.
    #[serde(default)]
    pub needs: u32,
    /// That it was sent back, the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounce: Option<Bounce>,
    /// Whom it was handed on to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// The issues of development that it is linked to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracked: Vec<Tracked>,
    /// Issues that were to be filed and do not stand anywhere yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filings: Vec<Filing>,
    /// What it came out of, what came out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The ledger's length that it shows.
    pub seq: u64,
}

impl Card {
    /// Tells whether work or an answer is still owed.
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Active { .. } | Stage::Waiting { .. })
    }

    /// The plan that its promises go by: the contract's first.
    pub fn plan(&self) -> &str {
        let terms = self.contract.as_ref().and_then(|it| it.finding.terms());
        let bought = terms.and_then(|terms| terms.plan.as_deref());
        bought.unwrap_or(&self.facts.plan)
    }

    /// Whether it lies with its requester because it was sent back.
    pub fn is_sent_back(&self) -> bool {
        let lies = matches!(
            self.stage,
            Stage::Waiting {
                on: WaitingOn::Requester,
                ..
            }
        );
        lies && self
            .bounce
            .as_ref()
            .is_some_and(|bounce| !bounce.is_answered)
    }
}

/// The mood of a card, worst first: its colour and its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Urgent,
    Late,
    AtRisk,
    Waiting,
    Unclaimed,
    Calm,
    Done,
}

/// A promise as the card shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    pub clock: Clock,
    /// `None` while the clock stands still.
    #[serde(default, with = "crate::time::serde_ms::option")]
    pub at: Option<Timestamp>,
    pub standing: Standing,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Running,
    AtRisk,
    Late,
    Paused,
    Met,
    MetLate,
}

/// The receipt may lag the source's escalation by this much before both are shown (DESIGN §5).
const SHOWN_LAG: SignedDuration = SignedDuration::from_mins(5);

/// Draws the card.
pub fn card(inquiry: &Inquiry, policy: &Policy) -> Card {
    let dues = dues(inquiry, policy);
    let is_urgent = matches!(inquiry.urgency, Urgency::Urgent { .. }) && inquiry.is_open();
    let gaps = gaps(inquiry, policy);
    let needs = match inquiry.is_split() {
        true => 0,
        false => policy.gate.needs(inquiry.facts.kind).len(),
    };
    Card {
        inquiry: inquiry.id.clone(),
        tone: tone(inquiry, &dues, is_urgent),
        severity: inquiry.severity,
        source_says: Some(inquiry.facts.severity).filter(|said| *said != inquiry.severity),
        facts: inquiry.facts.clone(),
        source: inquiry.origin.source.to_string(),
        url: inquiry.origin.url.clone(),
        queue: inquiry.queue.clone(),
        ownership: inquiry.ownership.clone(),
        stage: inquiry.stage.clone(),
        is_urgent,
        received_at: inquiry.received_at,
        escalated_at: escalated_at(inquiry),
        round_trips: inquiry.round_trips,
        outcome: match &inquiry.stage {
            Stage::Resolved { outcome, .. } => Some(outcome.clone()),
            Stage::Closed { outcome, .. } => outcome.clone(),
            Stage::Active { .. } | Stage::Waiting { .. } => None,
        },
        follows: inquiry.follows.clone(),
        is_gone: inquiry.there() == There::Gone && inquiry.is_open(),
        next: inquiry.next.clone(),
        offers: offers(inquiry, &gaps),
        proposal: inquiry.proposal.clone(),
        definitions: definitions(inquiry, policy),
        snooze: inquiry.snooze.clone().filter(|_| inquiry.is_open()),
        offices: offices(inquiry, policy),
        contract: inquiry.contract.clone(),
        gaps,
        needs: u32::try_from(needs).unwrap_or(u32::MAX),
        bounce: inquiry.bounce.clone(),
        referral: inquiry.referral.clone(),
        tracked: inquiry.tracked.clone(),
        filings: inquiry.filings.clone(),
        links: inquiry.links(),
        dues,
        seq: inquiry.seq,
    }
}

/// What is missing. An answer to what was sent back may bring it in words, which people judge, so nothing is missing then.
fn gaps(inquiry: &Inquiry, policy: &Policy) -> Vec<Need> {
    let is_answered = inquiry
        .bounce
        .as_ref()
        .is_some_and(|bounce| bounce.is_answered);
    match inquiry.is_open() && !is_answered {
        true => inquiry.gaps(policy),
        false => Vec::new(),
    }
}

/// Whoever answers a proposal reads beside it what both severities mean.
fn definitions(inquiry: &Inquiry, policy: &Policy) -> Vec<(Severity, Definition)> {
    let Some(proposal) = &inquiry.proposal else {
        return Vec::new();
    };
    let both = [inquiry.severity, proposal.to].into_iter();
    both.filter_map(|severity| Some((severity, policy.definition(severity)?.clone())))
        .collect()
}

/// The first response counts from the escalation, so that is where its time is kept.
fn escalated_at(inquiry: &Inquiry) -> Option<Timestamp> {
    let ended = inquiry.ended.iter().map(|ended| &ended.run);
    let first = ended
        .chain(&inquiry.runs)
        .find(|run| run.clock == Clock::FirstResponse)?;
    let lag = inquiry.received_at.duration_since(first.started_at);
    (lag > SHOWN_LAG).then_some(first.started_at)
}

/// Who was awake at the receipt: a fact, unlike who is awake now. What is said now says that (`App::awake`).
fn offices(inquiry: &Inquiry, policy: &Policy) -> Option<Awake> {
    if !inquiry.is_open() {
        return None;
    }
    shared_calendar(inquiry, policy)?.awake(inquiry.received_at)
}

/// The calendar of several offices that an inquiry is worked in: its queue's, or that of its first response.
pub fn shared_calendar<'a>(inquiry: &Inquiry, policy: &'a Policy) -> Option<&'a Calendar> {
    let promised = amount(inquiry, Clock::FirstResponse, policy);
    let promised = promised.and_then(|amount| policy.calendars.get(&amount.calendar));
    std::iter::once(policy.working())
        .chain(promised)
        .find(|calendar| calendar.is_union())
}

fn dues(inquiry: &Inquiry, policy: &Policy) -> Vec<Due> {
    let mut dues: Vec<Due> = inquiry
        .runs
        .iter()
        .filter(|run| run.clock != Clock::Urgent)
        .filter_map(|run| {
            let at = due_at(inquiry, run, policy);
            // Where nothing is promised, nothing stands still either.
            let is_promised = amount(inquiry, run.clock, policy).is_some();
            let is_paused =
                is_promised && run.pauses.last().is_some_and(|pause| pause.until.is_none());
            let standing = match () {
                () if run.missed_at.is_some() => Standing::Late,
                () if is_paused => Standing::Paused,
                () if is_at_risk(inquiry, run, policy) => Standing::AtRisk,
                () => Standing::Running,
            };
            (at.is_some() || is_paused).then_some(Due {
                clock: run.clock,
                at,
                standing,
            })
        })
        .collect();
    if dues.iter().all(|due| due.clock != Clock::FirstResponse) {
        let first = inquiry
            .ended
            .iter()
            .rev()
            .find(|ended| ended.run.clock == Clock::FirstResponse);
        dues.extend(
            first
                .filter(|ended| ended.how != Ending::Cancelled)
                .map(|ended| Due {
                    clock: Clock::FirstResponse,
                    at: Some(ended.ended_at),
                    standing: if ended.how == Ending::Met {
                        Standing::Met
                    } else {
                        Standing::MetLate
                    },
                }),
        );
    }
    dues.sort_by_key(|due| (due.clock, due.at));
    dues
}

/// Tells whether a rung before the end of a run was reached.
pub(super) fn is_at_risk(inquiry: &Inquiry, run: &Run, policy: &Policy) -> bool {
    let ladder = policy.ladder_for(inquiry.severity, run.clock);
    run.said.iter().any(|said| {
        place(said, ladder)
            .and_then(|step| ladder.get(step as usize))
            .is_some_and(|step| matches!(step.at, StepAt::Percent(_) | StepAt::Before(_)))
    })
}

fn tone(inquiry: &Inquiry, dues: &[Due], is_urgent: bool) -> Tone {
    // What other teams owe us is no promise of ours.
    let any = |standing| {
        dues.iter()
            .any(|due| due.standing == standing && !due.clock.is_internal())
    };
    match (&inquiry.stage, &inquiry.ownership) {
        _ if is_urgent => Tone::Urgent,
        _ if any(Standing::Late) => Tone::Late,
        _ if any(Standing::AtRisk) => Tone::AtRisk,
        (Stage::Resolved { .. } | Stage::Closed { .. }, _) => Tone::Done,
        (Stage::Waiting { .. }, _) => Tone::Waiting,
        (Stage::Active { .. }, Ownership::Owned { .. }) => Tone::Calm,
        (Stage::Active { .. }, Ownership::Unclaimed { .. } | Ownership::Assigned { .. }) => {
            Tone::Unclaimed
        }
    }
}

/// What can be done for want of a contract: where nobody said who the customer is, that is to be asked first.
fn of_contract(inquiry: &Inquiry) -> Vec<Offer> {
    let held = inquiry.contract.as_ref().filter(|it| it.hold.is_some());
    match held.map(|standing| &standing.finding) {
        Some(Finding::Unknown) => vec![Offer::Except, Offer::CheckContract],
        Some(Finding::Covered(_)) => vec![Offer::CheckContract],
        Some(_) => vec![Offer::Refuse, Offer::Except, Offer::CheckContract],
        None => Vec::new(),
    }
}

fn offers(inquiry: &Inquiry, gaps: &[Need]) -> Vec<Offer> {
    let mut offers = Vec::new();
    match &inquiry.stage {
        Stage::Active { .. } | Stage::Waiting { .. } => {
            offers.extend(of_contract(inquiry));
            match inquiry.ownership {
                Ownership::Unclaimed { .. } => offers.push(Offer::Claim),
                Ownership::Assigned { .. } => offers.push(Offer::Accept),
                Ownership::Owned { .. } => offers.push(Offer::Resolve),
            }
            if !gaps.is_empty() && !inquiry.is_sent_back() {
                offers.push(Offer::Bounce);
            }
            if let Some(proposal) = &inquiry.proposal {
                offers.push(Offer::AgreeSeverity(proposal.to));
                offers.push(Offer::DeclineSeverity(proposal.to));
            }
            if matches!(inquiry.stage, Stage::Waiting { .. }) {
                offers.push(Offer::Resume);
            }
            if is_to_be_filed(inquiry) {
                offers.push(Offer::File);
            }
            if inquiry.runs.iter().any(|run| run.clock.is_response()) {
                offers.push(Offer::Replied);
            }
            if matches!(inquiry.urgency, Urgency::Urgent { .. }) {
                offers.push(Offer::NotUrgent);
            }
            if !matches!(inquiry.ownership, Ownership::Unclaimed { .. }) {
                offers.push(Offer::Release);
            }
        }
        Stage::Resolved { .. } => {
            offers.push(Offer::Reopen);
            if inquiry.runs.iter().any(|run| run.clock.is_response()) {
                offers.push(Offer::JustThanks);
            }
            offers.push(Offer::Close);
        }
        Stage::Closed { .. } => offers.push(Offer::Reopen),
    }
    offers.push(Offer::Open);
    offers
}

/// Whoever waits for development without an issue there is offered to file one.
fn is_to_be_filed(inquiry: &Inquiry) -> bool {
    let on_development = matches!(
        inquiry.stage,
        Stage::Waiting {
            on: WaitingOn::Development,
            ..
        }
    );
    on_development
        && inquiry.tracked.is_empty()
        && inquiry.filings.iter().all(|filing| filing.is_failed)
}
