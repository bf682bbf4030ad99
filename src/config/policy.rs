//! `[[policy]]`: what is promised, and who hears of it when.
//!
//! A policy as written does not say in which calendar its hours pass: that is the queue's, unless a row names its
//! own. So a [`Draft`] becomes a `Policy` once for every calendar that a queue uses it with.

use super::calendar::Calendars;
use super::customer::Customers;
use super::section::{Field, Section};
use super::steps::{Reach, step, urgent_step};
use crate::domain::calendar::Calendar;
use crate::domain::gate::Gate;
use crate::domain::inquiry::{Clock, Severity, WaitingOn};
use crate::domain::sla::{Amount, Definition, Policy, Step, Target, default_ladders};
use crate::time::{SignedDuration, parse_open_span, parse_span};
use std::collections::BTreeMap;

const HOUR_MS: i64 = 3_600_000;

/// A policy before it is known in which calendar its hours pass.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    rows: Vec<Row>,
    /// The calendars of customers, by name.
    customers: BTreeMap<String, Calendar>,
    /// The rest, with empty targets and calendars.
    rest: Policy,
}

/// A row of the target table.
#[derive(Clone, Debug)]
struct Row {
    severity: Option<Severity>,
    plan: Option<String>,
    region: Option<String>,
    amounts: [Option<i64>; 4],
    /// Named by the row itself.
    calendar: Option<(String, Calendar)>,
    /// What is expected of vendor, development and the next tier.
    internal: [Option<i64>; 3],
    /// The calendar of that; the row's if not named.
    internal_calendar: Option<(String, Calendar)>,
}

/// Every policy that is written, whether or not a queue has it.
#[derive(Clone, Debug, Default)]
pub struct WrittenPolicies(BTreeMap<String, Draft>);

impl WrittenPolicies {
    pub(super) fn new(drafts: BTreeMap<String, Option<Draft>>) -> Self {
        let whole = drafts
            .into_iter()
            .filter_map(|(name, draft)| Some((name, draft?)));
        WrittenPolicies(whole.collect())
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The policy of a name as it would hold in a queue that works in this calendar.
    pub fn within(&self, name: &str, calendar_name: &str, calendar: &Calendar) -> Option<Policy> {
        Some(self.0.get(name)?.within(calendar_name, calendar))
    }
}

const CLOCKS: [(&str, Clock); 9] = [
    ("first_response", Clock::FirstResponse),
    ("next_response", Clock::NextResponse),
    ("claim", Clock::Claim),
    ("resolution", Clock::Resolution),
    ("needed_by", Clock::NeededBy),
    ("urgent", Clock::Urgent),
    ("vendor", Clock::Vendor),
    ("development", Clock::Development),
    ("next_tier", Clock::NextTier),
];

/// The other teams, as a row of the target table names them.
const INTERNAL: [&str; 3] = ["vendor", "development", "next_tier"];

const SEVERITIES: [(&str, Severity); 4] = [
    ("S1", Severity::S1),
    ("S2", Severity::S2),
    ("S3", Severity::S3),
    ("S4", Severity::S4),
];

impl Draft {
    /// The policy as it holds in a queue that works in this calendar.
    pub fn within(&self, name: &str, calendar: &Calendar) -> Policy {
        let mut policy = self.rest.clone();
        policy.working = name.to_owned();
        let customers = self.customers.clone();
        policy.calendars.extend(customers);
        policy.calendars.insert(name.to_owned(), calendar.clone());
        for row in &self.rows {
            let key = match &row.calendar {
                Some((key, own)) => {
                    policy.calendars.insert(key.clone(), own.clone());
                    key
                }
                None => name,
            };
            let amount = |ms: Option<i64>| {
                ms.map(|ms| Amount {
                    ms,
                    calendar: key.to_owned(),
                })
            };
            let [first_response, next_response, claim, resolution] = row.amounts.map(amount);
            let inner = match &row.internal_calendar {
                Some((key, own)) => {
                    policy.calendars.insert(key.clone(), own.clone());
                    key
                }
                None => key,
            };
            let amount = |ms: Option<i64>| {
                ms.map(|ms| Amount {
                    ms,
                    calendar: inner.to_owned(),
                })
            };
            let [vendor, development, next_tier] = row.internal.map(amount);
            policy.targets.push(Target {
                severity: row.severity,
                plan: row.plan.clone(),
                region: row.region.clone(),
                // Where no customer has a calendar, there is nothing to yield to.
                yields: row.calendar.is_none() && !self.customers.is_empty(),
                first_response,
                next_response,
                claim,
                resolution,
                vendor,
                development,
                next_tier,
            });
        }
        policy
    }
}

/// Reads every `[[policy]]`; one that is wrong is there as `None`.
pub(super) fn policies(
    root: &Section<'_>,
    calendars: &Calendars,
    reach: &Reach<'_>,
    customers: &Customers,
) -> BTreeMap<String, Option<Draft>> {
    let mut all = BTreeMap::new();
    for section in root.sections("policy") {
        let section = section.with_preset();
        let name = section
            .need("name", "\"standard\"")
            .and_then(|field| field.text());
        let mut draft = policy(&section, name.unwrap_or_default(), calendars, reach);
        if let Some(draft) = &mut draft {
            draft.customers.clone_from(&customers.calendars);
        }
        let Some(name) = name else { continue };
        if all.insert(name.to_owned(), draft).is_some() {
            section.wrong(
                "name",
                format!("policy {name:?} is there twice"),
                "give each policy a name of its own",
            );
        }
    }
    all
}

fn policy(
    section: &Section<'_>,
    name: &str,
    calendars: &Calendars,
    reach: &Reach<'_>,
) -> Option<Draft> {
    let tables = section.sections("target");
    let read: Vec<Option<Row>> = tables.iter().map(|table| row(table, calendars)).collect();
    let rows: Option<Vec<Row>> = read.into_iter().collect();
    if let Some(rows) = &rows {
        check_rows(section, name, &tables, rows);
    }
    let number = |key: &str, default: i64| {
        section
            .field(key)
            .and_then(|field| field.number(1..=365))
            .unwrap_or(default)
    };
    let severity = |(field, _): (Field<'_>, &str)| severity(&field);
    let pauses = [
        ("requester", WaitingOn::Requester),
        ("vendor", WaitingOn::Vendor),
        ("development", WaitingOn::Development),
        ("next_tier", WaitingOn::NextTier),
    ];
    let quiet_ms = section
        .field("quiet")
        .and_then(|field| field.span(parse_open_span))
        .map_or(8 * HOUR_MS, millis);
    let rest = Policy {
        name: name.to_owned(),
        targets: Vec::new(),
        calendars: BTreeMap::new(),
        working: String::new(),
        lines: Vec::new(),
        ladders: ladders(section, reach),
        wake_up: match section.has("wake_up") {
            true => section
                .texts("wake_up")
                .into_iter()
                .filter_map(severity)
                .collect(),
            false => vec![Severity::S1],
        },
        urgent_within_ms: section
            .field("urgent_within")
            .and_then(|field| field.span(parse_span))
            .map_or(4 * HOUR_MS, millis),
        quiet_ms,
        chase_days: number("chase_days", 2) as i32,
        close_days: number("close_days", 5) as i32,
        reopen_days: number("reopen_days", 14) as u32,
        resolution_pauses: match section.has("resolution_pauses") {
            true => section
                .texts("resolution_pauses")
                .into_iter()
                .filter_map(|(field, _)| field.choice(&pauses))
                .collect(),
            false => vec![WaitingOn::Requester],
        },
        categories: categories(section),
        severity_ladders: severity_ladders(section, reach),
        definitions: definitions(section),
        release_after_ms: release_after(section, quiet_ms),
        // Each queue has its own.
        gate: Gate::default(),
    };
    rows.map(|rows| Draft {
        rows,
        customers: BTreeMap::new(),
        rest,
    })
}

/// Reads one `[[policy.target]]`.
fn row(table: &Section<'_>, calendars: &Calendars) -> Option<Row> {
    let severity = match table.field("severity") {
        Some(field) if field.value.as_str() == Some("*") => Some(None),
        Some(field) => severity(&field).map(Some),
        None => Some(None),
    };
    let plan = match table.field("plan") {
        Some(field) if field.value.as_str() == Some("*") => Some(None),
        Some(field) => field.text().map(|plan| Some(plan.to_owned())),
        None => Some(None),
    };
    let calendar = match table.field("calendar") {
        Some(field) => calendars.shared(&field).map(Some),
        None => Some(None),
    };
    let region = match table.field("region") {
        Some(field) if field.value.as_str() == Some("*") => Some(None),
        Some(field) => field.text().map(|region| Some(region.to_owned())),
        None => Some(None),
    };
    let is_always = matches!(&calendar, Some(Some((_, own))) if own.is_around_the_clock());
    let internal_calendar = match table.field("internal_calendar") {
        Some(field) => calendars.named(&field).map(Some),
        None => Some(None),
    };
    let is_always_inside = match &internal_calendar {
        Some(Some((_, own))) => own.is_around_the_clock(),
        Some(None) | None => is_always,
    };
    let mut amounts = [None; 4];
    let mut internal = [None; 3];
    let mut is_whole = true;
    let promised = amounts
        .iter_mut()
        .zip(CLOCKS)
        .map(|(amount, (key, _))| (amount, key, is_always));
    let expected = internal
        .iter_mut()
        .zip(INTERNAL)
        .map(|(amount, key)| (amount, key, is_always_inside));
    for (amount, key, is_always) in promised.chain(expected) {
        let Some(field) = table.field(key) else {
            continue;
        };
        // A day of the clock is plain; a day of business hours is not.
        let span = match is_always {
            true => field.span(parse_span),
            false => field.span(parse_open_span),
        };
        is_whole &= span.is_some();
        *amount = span.map(millis);
    }
    if !is_whole {
        return None;
    }
    Some(Row {
        severity: severity?,
        plan: plan?,
        region: region?,
        amounts,
        calendar: calendar?,
        internal,
        internal_calendar: internal_calendar?,
    })
}

/// Checks that every inquiry finds a row, and every row an inquiry.
fn check_rows(section: &Section<'_>, name: &str, tables: &[Section<'_>], rows: &[Row]) {
    let is_last_resort =
        |row: &Row| row.severity.is_none() && row.plan.is_none() && row.region.is_none();
    if !rows.iter().any(is_last_resort) {
        section.wrong(
            "target",
            format!("policy {name:?} has no row for every severity and plan"),
            "end it with a [[policy.target]] whose severity and plan are \"*\", and without a region",
        );
    }
    for (n, row) in rows.iter().enumerate() {
        let covers = |earlier: &Row| {
            (earlier.severity.is_none() || earlier.severity == row.severity)
                && (earlier.plan.is_none() || earlier.plan == row.plan)
                && (earlier.region.is_none() || earlier.region == row.region)
        };
        if rows[..n].iter().any(covers) {
            tables[n].wrong(
                "",
                "this row is never reached: a row above takes all that it would",
                "the first row that fits rules; move this one up or drop it",
            );
        }
    }
}

/// Reads the ladders: `steps` for every promise, `[policy.ladder]` for single ones.
fn ladders(section: &Section<'_>, reach: &Reach<'_>) -> BTreeMap<Clock, Vec<Step>> {
    let mut ladders = default_ladders();
    if let Some(steps) = steps(section, "steps", false, reach) {
        for (clock, ladder) in &mut ladders {
            if *clock != Clock::Urgent {
                ladder.clone_from(&steps);
            }
        }
    }
    if let Some(own) = section.section("ladder") {
        for (key, clock) in CLOCKS {
            if let Some(steps) = steps(&own, key, clock == Clock::Urgent, reach) {
                ladders.insert(clock, steps);
            }
        }
    }
    ladders
}

/// Reads a ladder, if it is there.
fn steps(owner: &Section<'_>, key: &str, is_urgent: bool, reach: &Reach<'_>) -> Option<Vec<Step>> {
    let parse = if is_urgent { urgent_step } else { step };
    owner.has(key).then(|| {
        owner
            .texts(key)
            .into_iter()
            .filter_map(|(field, _)| field.parsed(|text| parse(text, reach)))
            .collect()
    })
}

/// Reads `[policy.ladder.S1]` and its like: ladders that differ for a severity.
fn severity_ladders(
    section: &Section<'_>,
    reach: &Reach<'_>,
) -> BTreeMap<Severity, BTreeMap<Clock, Vec<Step>>> {
    let mut all = BTreeMap::new();
    let Some(ladder) = section.section("ladder") else {
        return all;
    };
    for (name, severity) in SEVERITIES {
        let Some(own) = ladder.section(name) else {
            continue;
        };
        let ladders: BTreeMap<Clock, Vec<Step>> = CLOCKS
            .into_iter()
            .filter_map(|(key, clock)| {
                Some((clock, steps(&own, key, clock == Clock::Urgent, reach)?))
            })
            .collect();
        if !ladders.is_empty() {
            all.insert(severity, ladders);
        }
    }
    all
}

/// Reads `[policy.severity]`: what each means, as one text or in both languages.
fn definitions(section: &Section<'_>) -> BTreeMap<Severity, Definition> {
    let mut all = BTreeMap::new();
    let Some(written) = section.section("severity") else {
        return all;
    };
    for (name, severity) in SEVERITIES {
        let Some(field) = written.field(name) else {
            continue;
        };
        let definition = if field.value.is_table() {
            field.section("policy.severity.S1").and_then(|both| {
                let ja = both
                    .need("ja", "\"業務が止まっている\"")?
                    .text()?
                    .to_owned();
                let en = both
                    .need("en", "\"business has stopped\"")?
                    .text()?
                    .to_owned();
                Some(Definition { ja, en })
            })
        } else {
            field.text().map(|text| Definition {
                ja: text.to_owned(),
                en: text.to_owned(),
            })
        };
        all.extend(definition.map(|definition| (severity, definition)));
    }
    all
}

/// Reads `release_after`: off unless written, and never before owner and duty have both been asked.
fn release_after(section: &Section<'_>, quiet_ms: i64) -> Option<i64> {
    let field = section.field("release_after")?;
    let after = millis(field.span(parse_open_span)?);
    if after <= quiet_ms.saturating_mul(2) {
        field.wrong_with(
            "release_after must be longer than twice quiet: the owner is asked after quiet, the duty after as long again",
            "write a longer time, or leave it out: then nothing is taken from its owner",
        );
        return None;
    }
    Some(after)
}

/// Reads the categories; each once.
fn categories(section: &Section<'_>) -> Vec<String> {
    if !section.has("categories") {
        return ["不具合", "仕様", "設定・環境", "操作方法", "その他"]
            .map(str::to_owned)
            .to_vec();
    }
    let mut all: Vec<String> = Vec::new();
    for (field, category) in section.texts("categories") {
        if all.iter().any(|known| known == category.trim()) {
            field.wrong_with(
                format!("category {category:?} is there twice"),
                "name each category once",
            );
        } else {
            all.push(category.trim().to_owned());
        }
    }
    if all.is_empty() {
        section.wrong(
            "categories",
            "there are no categories, but a resolution needs one",
            "name at least one",
        );
    }
    all
}

/// Reads a severity.
pub(super) fn severity(field: &Field<'_>) -> Option<Severity> {
    let text = field.text()?;
    let severity = text.parse().ok();
    if severity.is_none() {
        field.wrong_with(
            format!("{text:?} is not a severity"),
            "write S1, S2, S3 or S4, S1 the worst",
        );
    }
    severity
}

/// Milliseconds of a span that was read from text.
pub(super) fn millis(span: SignedDuration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
