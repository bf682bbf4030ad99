//! `[[policy]]`: what is promised, and who hears of it when.
//!
//! A policy as written does not say in which calendar its hours pass: that is the queue's, unless a row names its
//! own. So a [`Draft`] becomes a `Policy` once for every calendar that a queue uses it with.

use super::calendar::Calendars;
use super::section::{Field, Section};
use super::steps::{Reach, step, urgent_step};
use crate::domain::calendar::Calendar;
use crate::domain::inquiry::{Clock, Severity, WaitingOn};
use crate::domain::sla::{Amount, Policy, Step, Target, default_ladders};
use crate::time::{SignedDuration, parse_open_span, parse_span};
use std::collections::BTreeMap;

const HOUR_MS: i64 = 3_600_000;

/// A policy before it is known in which calendar its hours pass.
#[derive(Clone)]
pub(super) struct Draft {
    rows: Vec<Row>,
    /// The rest, with empty targets and calendars.
    rest: Policy,
}

/// A row of the target table.
#[derive(Clone)]
struct Row {
    severity: Option<Severity>,
    plan: Option<String>,
    amounts: [Option<i64>; 4],
    /// Named by the row itself.
    calendar: Option<(String, Calendar)>,
}

const CLOCKS: [(&str, Clock); 6] = [
    ("first_response", Clock::FirstResponse),
    ("next_response", Clock::NextResponse),
    ("claim", Clock::Claim),
    ("resolution", Clock::Resolution),
    ("needed_by", Clock::NeededBy),
    ("urgent", Clock::Urgent),
];

impl Draft {
    /// The policy as it holds in a queue that works in this calendar.
    pub fn within(&self, name: &str, calendar: &Calendar) -> Policy {
        let mut policy = self.rest.clone();
        policy.working = name.to_owned();
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
            policy.targets.push(Target {
                severity: row.severity,
                plan: row.plan.clone(),
                first_response,
                next_response,
                claim,
                resolution,
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
) -> BTreeMap<String, Option<Draft>> {
    let mut all = BTreeMap::new();
    for section in root.sections("policy") {
        let section = section.with_preset();
        let name = section
            .need("name", "\"standard\"")
            .and_then(|field| field.text());
        let draft = policy(&section, name.unwrap_or_default(), calendars, reach);
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
    ];
    let rest = Policy {
        name: name.to_owned(),
        targets: Vec::new(),
        calendars: BTreeMap::new(),
        working: String::new(),
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
        quiet_ms: section
            .field("quiet")
            .and_then(|field| field.span(parse_open_span))
            .map_or(8 * HOUR_MS, millis),
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
    };
    rows.map(|rows| Draft { rows, rest })
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
        Some(field) => calendars.named(&field).map(Some),
        None => Some(None),
    };
    let is_always = matches!(&calendar, Some(Some((_, own))) if own.is_around_the_clock());
    let mut amounts = [None; 4];
    let mut is_whole = true;
    for (amount, (key, _)) in amounts.iter_mut().zip(CLOCKS) {
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
        amounts,
        calendar: calendar?,
    })
}

/// Checks that every inquiry finds a row, and every row an inquiry.
fn check_rows(section: &Section<'_>, name: &str, tables: &[Section<'_>], rows: &[Row]) {
    let is_last_resort = |row: &Row| row.severity.is_none() && row.plan.is_none();
    if !rows.iter().any(is_last_resort) {
        section.wrong(
            "target",
            format!("policy {name:?} has no row for every severity and plan"),
            "end it with a [[policy.target]] whose severity and plan are \"*\"",
        );
    }
    for (n, row) in rows.iter().enumerate() {
        let covers = |earlier: &Row| {
            (earlier.severity.is_none() || earlier.severity == row.severity)
                && (earlier.plan.is_none() || earlier.plan == row.plan)
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
    let read = |owner: &Section<'_>, key: &str, is_urgent: bool| {
        let parse = if is_urgent { urgent_step } else { step };
        owner.has(key).then(|| {
            owner
                .texts(key)
                .into_iter()
                .filter_map(|(field, _)| field.parsed(|text| parse(text, reach)))
                .collect::<Vec<Step>>()
        })
    };
    let mut ladders = default_ladders();
    if let Some(steps) = read(section, "steps", false) {
        for (clock, ladder) in &mut ladders {
            if *clock != Clock::Urgent {
                ladder.clone_from(&steps);
            }
        }
    }
    if let Some(own) = section.section("ladder") {
        for (key, clock) in CLOCKS {
            if let Some(steps) = read(&own, key, clock == Clock::Urgent) {
                ladders.insert(clock, steps);
            }
        }
    }
    ladders
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
