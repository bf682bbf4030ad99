//! A policy: what is promised, in which calendar, and who hears of it when.
//!
//! A policy is plain data with every calendar expanded, normalised to canonical JSON and kept for ever
//! under its hash, so that an old deadline can always be worked out again.

use crate::domain::calendar::Calendar;
use crate::domain::inquiry::{Clock, Facts, Inquiry, Severity, WaitingOn};
use crate::domain::rota::LineRule;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Everything that decides the clocks and the notices of one queue's inquiries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    pub name: String,
    /// Ordered rows; the first that matches severity and plan rules. The last must match everything.
    pub targets: Vec<Target>,
    /// Every calendar that the policy names, expanded.
    pub calendars: BTreeMap<String, Calendar>,
    /// The calendar in which notices may be said and quiet time is counted: the queue's.
    pub working: String,
    /// When each line of the queue has the duty, and for whom it may be disturbed then; empty where one rota has it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineRule>,
    /// The ladders, by clock. A clock without one is silent.
    pub ladders: BTreeMap<Clock, Vec<Step>>,
    /// Severities that wake people at any hour.
    pub wake_up: Vec<Severity>,
    /// How near needed-by must be, with the business stopped, to be urgent; milliseconds of wall time.
    pub urgent_within_ms: i64,
    /// Silence of everyone after which the owner is asked; milliseconds of working time.
    pub quiet_ms: i64,
    /// Working days after which a wait without a date of its own is chased.
    pub chase_days: i32,
    /// Working days of silence after which a resolved inquiry closes.
    pub close_days: i32,
    /// Calendar days within which a message reopens the talk on a closed inquiry.
    pub reopen_days: u32,
    /// The waiting stages in which the resolution clock stands still.
    pub resolution_pauses: Vec<WaitingOn>,
    /// The categories a resolution may take.
    pub categories: Vec<String>,
    /// Ladders that differ for a severity; what is not here is told by `ladders`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub severity_ladders: BTreeMap<Severity, BTreeMap<Clock, Vec<Step>>>,
    /// What a severity means, shown wherever one is chosen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub definitions: BTreeMap<Severity, Definition>,
    /// Silence after which the desk hands what somebody owns to the duty; milliseconds of working time. Off if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release_after_ms: Option<i64>,
    /// What escalations to the queue must bring.
    #[serde(default, skip_serializing_if = "crate::domain::gate::Gate::is_empty")]
    pub gate: crate::domain::gate::Gate,
}

/// What a severity means, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    pub ja: String,
    pub en: String,
}

/// The key of the calendar that never closes.
pub const ALWAYS: &str = "always";

/// One row of the target table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// `None` matches every severity.
    pub severity: Option<Severity>,
    /// `None` matches every plan.
    pub plan: Option<String>,
    /// `None` matches every region, and inquiries without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether the customer's calendar comes before the row's: it names none of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub yields: bool,
    pub first_response: Option<Amount>,
    pub next_response: Option<Amount>,
    pub claim: Option<Amount>,
    pub resolution: Option<Amount>,
    /// What is expected of other teams; internal, never promised to anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub development: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_tier: Option<Amount>,
}

impl Target {
    /// The amount that the row promises for a clock.
    pub fn amount(&self, clock: Clock) -> Option<&Amount> {
        match clock {
            Clock::FirstResponse => self.first_response.as_ref(),
            Clock::NextResponse => self.next_response.as_ref(),
            Clock::Claim => self.claim.as_ref(),
            Clock::Resolution => self.resolution.as_ref(),
            Clock::Vendor => self.vendor.as_ref(),
            Clock::Development => self.development.as_ref(),
            Clock::NextTier => self.next_tier.as_ref(),
            Clock::NeededBy | Clock::Urgent => None,
        }
    }
}

/// An amount of time in a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    pub ms: i64,
    /// A key of [`Policy::calendars`].
    pub calendar: String,
}

/// One rung of a ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub at: StepAt,
    /// Who is told; nobody means that only the card changes its colour.
    pub tell: Vec<Audience>,
    pub repeat: Option<Repeat>,
}

/// When a rung falls due, counted in the target's calendar (the alarm of an urgent inquiry: in wall time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", content = "value", rename_all = "snake_case")]
pub enum StepAt {
    /// After this share of the amount.
    Percent(u8),
    /// This many milliseconds before the promise breaks.
    Before(i64),
    /// When the promise breaks.
    Breach,
    /// This many milliseconds after it; for the urgent alarm, after its start.
    After(i64),
}

/// How a rung repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    pub every_ms: i64,
    /// How often it is said in all; `None` is until the clock ends.
    pub times: Option<u32>,
}

/// Who is meant, by role: resolved to people only when a notice is handed over for delivery.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Owner,
    Duty,
    /// The one who has the duty after the present one.
    NextDuty,
    Lead,
    Team,
    Member(crate::domain::ids::MemberId),
    /// Said in the queue's channel, where it mentions nobody.
    Queue,
    /// A named group of members.
    Role(String),
    /// An address that is written to.
    Mail(String),
}

impl Audience {
    /// The address, where one is written to.
    pub fn address(&self) -> Option<&str> {
        match self {
            Audience::Mail(address) => Some(address),
            Audience::Owner
            | Audience::Duty
            | Audience::NextDuty
            | Audience::Lead
            | Audience::Team
            | Audience::Member(_)
            | Audience::Queue
            | Audience::Role(_) => None,
        }
    }
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

impl Policy {
    /// Finds the row for a severity and a plan, whatever the region: one that asks for a region is passed over.
    pub fn target(&self, severity: Severity, plan: &str) -> Option<&Target> {
        self.find(severity, plan, None)
    }

    /// Finds the row for a severity and these facts, whatever the contract.
    pub fn row(&self, severity: Severity, facts: &Facts) -> Option<&Target> {
        self.find(severity, &facts.plan, facts.region.as_deref())
    }

    /// Finds the row for an inquiry: by its severity, its plan (the contract's first) and its region.
    pub fn row_of(&self, inquiry: &Inquiry) -> Option<&Target> {
        let region = inquiry.facts.region.as_deref();
        self.find(inquiry.severity, inquiry.plan(), region)
    }

    fn find(&self, severity: Severity, plan: &str, region: Option<&str>) -> Option<&Target> {
        self.targets.iter().find(|row| {
            row.severity.is_none_or(|wanted| wanted == severity)
                && row.plan.as_deref().is_none_or(|wanted| wanted == plan)
                && (row.region.is_none() || row.region.as_deref() == region)
        })
    }

    /// The queue's working calendar.
    pub fn working(&self) -> &Calendar {
        self.calendar(&self.working)
    }

    /// The instant itself in working time, else the next opening. A calendar opens within ten years or is refused.
    pub fn awake_from(&self, at: Timestamp) -> Timestamp {
        self.working().next_open(at).unwrap_or(at)
    }

    /// A calendar of the policy by its key.
    ///
    /// # Panics
    /// When the key is not in the policy, which [`Policy::problems`] has refused before.
    pub fn calendar(&self, key: &str) -> &Calendar {
        self.calendars
            .get(key)
            .expect("a policy is loaded only if it holds every calendar it names")
    }

    /// The ladder of a clock, where the severity has none of its own. An internal clock that none is configured for
    /// has the usual one; any other is silent.
    pub fn ladder(&self, clock: Clock) -> &[Step] {
        match self.ladders.get(&clock) {
            Some(ladder) => ladder,
            None if clock.is_internal() => &INTERNAL_LADDER,
            None => &[],
        }
    }

    /// The ladder of a clock for an inquiry of a severity.
    pub fn ladder_for(&self, severity: Severity, clock: Clock) -> &[Step] {
        let own = self.severity_ladders.get(&severity);
        match own.and_then(|ladders| ladders.get(&clock)) {
            Some(ladder) => ladder,
            None => self.ladder(clock),
        }
    }

    /// What a severity means here, if that is written.
    pub fn definition(&self, severity: Severity) -> Option<&Definition> {
        self.definitions.get(&severity)
    }

    /// Says what makes the policy unusable; empty when it is sound.
    pub fn problems(&self) -> Vec<String> {
        let named = self
            .targets
            .iter()
            .flat_map(|row| {
                [
                    &row.first_response,
                    &row.next_response,
                    &row.claim,
                    &row.resolution,
                    &row.vendor,
                    &row.development,
                    &row.next_tier,
                ]
                .into_iter()
                .flatten()
            })
            .map(|amount| &amount.calendar)
            .chain(self.lines.iter().filter_map(|rule| rule.during.as_ref()))
            .chain([&self.working]);
        let mut problems: Vec<String> = named
            .filter(|key| !self.calendars.contains_key(*key))
            .map(|key| {
                format!(
                    "policy \"{}\" names calendar \"{key}\", which it does not hold",
                    self.name
                )
            })
            .collect();
        if !self
            .targets
            .last()
            .is_some_and(|row| row.severity.is_none() && row.plan.is_none() && row.region.is_none())
        {
            problems.push(format!(
                "policy \"{}\" needs a last target row for every severity and plan (\"*\")",
                self.name
            ));
        }
        problems
    }
}

/// The ladder that a promise has unless the configuration says otherwise (DESIGN §5, default pings).
pub fn default_ladder() -> Vec<Step> {
    let once = |at, tell: &[Audience]| Step {
        at,
        tell: tell.to_vec(),
        repeat: None,
    };
    vec![
        once(StepAt::Percent(60), &[]),
        once(StepAt::Before(30 * MINUTE), &[Audience::Owner]),
        once(
            StepAt::Breach,
            &[Audience::Owner, Audience::Duty, Audience::Lead],
        ),
        Step {
            at: StepAt::After(HOUR),
            tell: vec![Audience::Owner, Audience::Duty],
            repeat: Some(Repeat {
                every_ms: HOUR,
                times: Some(3),
            }),
        },
    ]
}

/// The ladder of other teams' work: the owner is reminded while there is time to ask again, owner and lead hear of
/// its end. Not part of a policy's snapshot unless configured, so that older ones keep their hash.
static INTERNAL_LADDER: LazyLock<Vec<Step>> = LazyLock::new(|| {
    let once = |at, tell: &[Audience]| Step {
        at,
        tell: tell.to_vec(),
        repeat: None,
    };
    vec![
        once(StepAt::Percent(75), &[Audience::Owner]),
        once(StepAt::Breach, &[Audience::Owner, Audience::Lead]),
    ]
});

/// The alarm of an urgent inquiry (DESIGN §5, urgent): the duty, +5 min the next, +15 min the team, then every 15 min.
pub fn urgent_ladder() -> Vec<Step> {
    vec![
        Step {
            at: StepAt::After(0),
            tell: vec![Audience::Duty],
            repeat: None,
        },
        Step {
            at: StepAt::After(5 * MINUTE),
            tell: vec![Audience::NextDuty],
            repeat: None,
        },
        Step {
            at: StepAt::After(15 * MINUTE),
            tell: vec![Audience::Team],
            repeat: Some(Repeat {
                every_ms: 15 * MINUTE,
                times: None,
            }),
        },
    ]
}

/// The ladders of every clock when nothing is configured.
pub fn default_ladders() -> BTreeMap<Clock, Vec<Step>> {
    [
        Clock::FirstResponse,
        Clock::NextResponse,
        Clock::Claim,
        Clock::Resolution,
        Clock::NeededBy,
    ]
    .into_iter()
    .map(|clock| (clock, default_ladder()))
    .chain([(Clock::Urgent, urgent_ladder())])
    .collect()
}
