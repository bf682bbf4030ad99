//! `rota` and `rotas` of `[[queue]]`: which rota has the duty when.

use super::near::instead;
use super::policy::severity;
use super::queue::{Parts, named};
use super::section::{Field, Section};
use crate::domain::calendar::Calendar;
use crate::domain::rota::{Coverage, CoverageError, Line, LineRule, Rota};
use crate::time::{SignedDuration, Timestamp, civil, plus};
use std::collections::BTreeMap;

/// Reads which rotas a queue has: one for all of its time, or several lines in order.
pub(super) fn coverage(section: &Section<'_>, parts: &Parts<'_, '_>) -> Option<Coverage> {
    let Some(field) = section.field("rotas") else {
        return named(section, "rota", parts.rotas).map(|(name, _)| Coverage::one(name));
    };
    if section.has("rota") {
        field.wrong_with(
            "\"rota\" and \"rotas\" are given at once",
            "write the one rota of all time as rota, or every line in rotas",
        );
        return None;
    }
    let mut calendars = BTreeMap::new();
    let items = field.list()?;
    let read: Vec<Option<Line>> = items
        .iter()
        .map(|item| line(item, parts, &mut calendars))
        .collect();
    let lines: Option<Vec<Line>> = read.into_iter().collect();
    let lines = lines?;
    let coverage = match Coverage::new(lines, calendars) {
        Ok(coverage) => coverage,
        Err(error) => {
            field.wrong_with(error.to_string(), advice(&error));
            return None;
        }
    };
    for (item, line) in items.iter().zip(coverage.lines()) {
        check_handoffs(item, line, &coverage, parts);
    }
    Some(coverage)
}

/// What to do about lines that are refused.
fn advice(error: &CoverageError) -> &'static str {
    match error {
        CoverageError::NoRest => {
            "let the rota of ordinary days stand alone: rotas = [{ rota = \"weekend\", during = \"weekend\" }, \"support\"]"
        }
        CoverageError::TwoRests { .. } => {
            "say when the other one has it: { rota = \"weekend\", during = \"weekend\" }"
        }
        CoverageError::RestHasRules { .. } => {
            "the queue's policy says it for the rest; give the line a calendar"
        }
        CoverageError::NoCalendar { .. } => "name a calendar that is there",
    }
}

/// Reads one line: a rota alone, or a table that says when it has the duty.
fn line(
    item: &Field<'_>,
    parts: &Parts<'_, '_>,
    calendars: &mut BTreeMap<String, Calendar>,
) -> Option<Line> {
    if item.value.is_str() {
        let name = item.text()?;
        return known(item, name, parts).map(|rota| Line {
            rota,
            rule: LineRule::default(),
        });
    }
    let table = item.section("queue.rotas")?;
    let rota = table.need("rota", "\"weekend\"").and_then(|field| {
        let name = field.text()?;
        known(&field, name, parts)
    });
    let during = match table.field("during") {
        Some(field) => parts.calendars.named(&field).map(|(key, calendar)| {
            calendars.insert(key.clone(), calendar);
            Some(key)
        }),
        None => Some(None),
    };
    let floor = match table.field("floor") {
        Some(field) => severity(&field).map(Some),
        None => Some(None),
    };
    let wake_up = match table.has("wake_up") {
        true => {
            let named = table.texts("wake_up").into_iter();
            let read: Option<Vec<_>> = named.map(|(field, _)| severity(&field)).collect();
            read.map(Some)
        }
        false => Some(None),
    };
    Some(Line {
        rota: rota?,
        rule: LineRule {
            during: during?,
            region: table.text("region").map(str::to_owned),
            floor: floor?,
            wake_up: wake_up?,
        },
    })
}

/// Finds the rota that a line names; a wrong one was reported where it stands.
fn known(field: &Field<'_>, name: &str, parts: &Parts<'_, '_>) -> Option<String> {
    match parts.rotas.get(name) {
        Some(found) => found.as_ref().map(|_| name.to_owned()),
        None => {
            let names = parts.rotas.keys().map(String::as_str);
            field.wrong_with(format!("there is no rota {name:?}"), instead(name, names));
            None
        }
    }
}

/// A month that begins on a Monday: in it every weekly line has come several times.
const SAMPLE: (civil::Date, SignedDuration) =
    (civil::date(2026, 6, 1), SignedDuration::from_hours(24 * 28));

/// Tells of a line that begins before its rota hands over: until then the duty of long ago would be called.
fn check_handoffs(item: &Field<'_>, line: &Line, coverage: &Coverage, parts: &Parts<'_, '_>) {
    let Some(Some(rota)) = parts.rotas.get(&line.rota) else {
        return;
    };
    if line.rule.during.is_none() {
        return;
    }
    let from = crate::time::resolve(
        SAMPLE.0.to_datetime(civil::Time::midnight()),
        &parts.desk.zone,
    );
    let stretches = coverage.stretches(from, plus(from, SAMPLE.1));
    let own = stretches.iter().filter(|stretch| stretch.line == line);
    let mut late = own.filter_map(|stretch| late_handoff(rota, stretch.starts_at, stretch.ends_at));
    let Some((begins, hands_over)) = late.find(|(begins, _)| *begins > from) else {
        return;
    };
    let wall = |at: Timestamp| {
        parts
            .desk
            .zone
            .to_datetime(at)
            .strftime("%a %H:%M")
            .to_string()
    };
    item.odd(
        format!(
            "rota {:?} has the duty from {}, but hands over at {}: until then whoever had it last is called",
            line.rota,
            wall(begins),
            wall(hands_over)
        ),
        "let the hours of \"during\" begin at the handoff, such as sat = \"09:30-33:30\", or move the handoff",
    );
}

/// Longer than from a Friday's handoff to a Tuesday's.
const LONG_AGO: SignedDuration = SignedDuration::from_hours(24 * 4);

/// Finds a handoff that comes after a stretch has begun and within its first day, so that it was meant for its beginning.
fn late_handoff(rota: &Rota, begins: Timestamp, ends: Timestamp) -> Option<(Timestamp, Timestamp)> {
    // Monday's duty may well answer until Tuesday's handoff; last weekend's was not meant to answer on Saturday.
    if plus(rota.planned(begins).starts_at, LONG_AGO) > begins {
        return None;
    }
    let next = rota.next_handoff(begins);
    let is_meant = next < ends && next < plus(begins, SignedDuration::from_hours(24));
    is_meant.then_some((begins, next))
}
