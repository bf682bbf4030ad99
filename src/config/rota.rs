//! `[[rota]]`: who turns for whom.

use super::calendar::{Calendars, WEEKDAYS};
use super::desk::{Desk, Members};
use super::near::instead;
use super::section::{Field, Section};
use crate::domain::ids::MemberId;
use crate::domain::rota::{Cadence, Dated, DayList, OffHours, Plan, Rota, RotaError, Version};
use crate::time::{Date, Time, civil};
use std::collections::{BTreeMap, BTreeSet};

/// The handoff of whoever has not named one.
const HANDOFF: Time = civil::time(9, 30, 0, 0);

/// The start of whoever has not named one: a Monday long ago, so that the order is the same on every start.
const STARTS: Date = civil::date(2024, 1, 1);

/// The rotas by name. One that is written but wrong is there as `None`.
pub(super) type Rotas = BTreeMap<String, Option<Rota>>;

/// Reads every `[[rota]]`.
pub(super) fn rotas(
    root: &Section<'_>,
    desk: &Desk,
    calendars: &Calendars,
    members: &Members<'_>,
) -> Rotas {
    let sections = root.sections("rota");
    let names: Vec<String> = sections
        .iter()
        .filter_map(|section| section.field("name")?.value.as_str().map(str::to_owned))
        .collect();
    let known = Known {
        desk,
        calendars,
        members,
        names: &names,
    };
    let mut all = BTreeMap::new();
    for section in &sections {
        let name = section
            .need("name", "\"support\"")
            .and_then(|field| field.text());
        let rota = rota(section, name.unwrap_or_default(), &known);
        let Some(name) = name else { continue };
        if all.insert(name.to_owned(), rota).is_some() {
            section.wrong(
                "name",
                format!("rota {name:?} is there twice"),
                "give each rota a name of its own",
            );
        }
    }
    for section in &sections {
        check_circle(section, &all);
    }
    all
}

/// What rotas name.
struct Known<'k, 'a> {
    desk: &'k Desk,
    calendars: &'k Calendars,
    members: &'k Members<'a>,
    names: &'k [String],
}

/// Reads one rota with the versions that it dates.
fn rota(section: &Section<'_>, name: &str, known: &Known<'_, '_>) -> Option<Rota> {
    let first = first_version(section, name, known);
    let tables = section.sections("version");
    let mut versions: Vec<Version> = first.into_iter().collect();
    let mut is_whole = !versions.is_empty();
    let checked = |section: &Section<'_>, versions: &[Version]| {
        let plan = Plan {
            name: name.to_owned(),
            versions: versions.to_vec(),
        };
        Rota::new(plan)
            .map_err(|error| report(section, &error))
            .ok()
    };
    let mut rota = match is_whole {
        true => checked(section, &versions),
        false => None,
    };
    for table in &tables {
        // What a version says is read even where the one before it is wrong, so that every mistake is told.
        let before = versions.last().cloned();
        let next = later_version(table, before.as_ref(), name, known);
        is_whole &= next.is_some();
        versions.extend(next);
        if is_whole && rota.is_some() {
            rota = checked(table, &versions);
        }
    }
    rota.filter(|_| is_whole)
}

/// Reports why a rota is refused, at the key that it is about.
fn report(section: &Section<'_>, error: &RotaError) {
    let (key, help) = match error {
        RotaError::Order { .. } => (
            "from",
            "write the versions in order, each with a later date; one that has begun can be changed in place",
        ),
        RotaError::ListsNotDaily { .. } => {
            ("cadence", "drop the lists, or let the duty turn over daily")
        }
        RotaError::List { .. } | RotaError::TwoLists { .. } => (
            "on",
            "give each weekday one list of people, and only days worked",
        ),
        RotaError::NoVersion { .. }
        | RotaError::NoParticipants { .. }
        | RotaError::Zone { .. }
        | RotaError::Cadence { .. }
        | RotaError::HoursWithDaysOff { .. } => ("cadence", ""),
    };
    section.wrong(key, error.to_string(), help);
}

/// Reads what a rota is at first.
fn first_version(section: &Section<'_>, name: &str, known: &Known<'_, '_>) -> Option<Version> {
    let participants = section
        .need("participants", "[\"aoki\", \"inoue\"]")
        .and_then(|field| participants(&field, name, known.members));
    let starts = match section.field("starts") {
        Some(field) => field.date(),
        None => Some(STARTS),
    };
    let version = changed(section, defaults(known), name, known);
    Some(Version {
        participants: participants?,
        starts: starts?,
        ..version?
    })
}

/// Makes what a rota is that says nothing; nobody takes part in it.
fn defaults(known: &Known<'_, '_>) -> Version {
    Version {
        starts: STARTS,
        zone: known.desk.zone_name.clone(),
        handoff: HANDOFF,
        cadence: Cadence::DAILY,
        works: None,
        participants: Vec::new(),
        on: Vec::new(),
        off_hours: OffHours::Duty,
        dated: None,
        begins: None,
    }
}

/// Reads what a rota is from a date on; what is not written stays as before.
fn later_version(
    section: &Section<'_>,
    before: Option<&Version>,
    name: &str,
    known: &Known<'_, '_>,
) -> Option<Version> {
    let from = section
        .need("from", "2027-01-04")
        .and_then(|field| field.date());
    let participants = match section.field("participants") {
        Some(field) => participants(&field, name, known.members).map(Some),
        None => Some(None),
    };
    let before = before.cloned().unwrap_or_else(|| defaults(known));
    let version = changed(section, before, name, known);
    let (from, participants, mut version) = (from?, participants?, version?);
    // Another rhythm is counted from its date; the same one keeps its weekday or its day of the month.
    if section.has("cadence") {
        version.starts = from;
    }
    version.dated = Some(Dated {
        from,
        goes_on: participants.is_none(),
    });
    version.participants = participants.unwrap_or(version.participants);
    Some(version)
}

/// Reads the keys that the first version and later ones share, over what held before.
fn changed(
    section: &Section<'_>,
    before: Version,
    name: &str,
    known: &Known<'_, '_>,
) -> Option<Version> {
    let zone = match section.field("zone") {
        Some(field) => field.zone().map(|(name, _)| name.to_owned()),
        None => Some(before.zone),
    };
    let handoff = match section.field("handoff") {
        Some(field) => field.time(),
        None => Some(before.handoff),
    };
    let cadence = match section.field("cadence") {
        Some(field) => cadence(&field),
        None => Some(before.cadence),
    };
    let works = match section.field("works") {
        Some(field) => known
            .calendars
            .named(&field)
            .map(|(_, calendar)| Some(calendar).filter(|calendar| !calendar.is_around_the_clock())),
        None => Some(before.works),
    };
    let on = match section.has("on") {
        true => lists(section, name, known.members),
        false => Some(before.on),
    };
    let off_hours = match section.field("off_hours") {
        Some(field) => off_hours(&field, known.members, known.names),
        None => Some(before.off_hours),
    };
    Some(Version {
        zone: zone?,
        handoff: handoff?,
        cadence: cadence?,
        works: works?,
        on: on?,
        off_hours: off_hours?,
        ..before
    })
}

/// Reads the lists of single weekdays.
fn lists(section: &Section<'_>, name: &str, members: &Members<'_>) -> Option<Vec<DayList>> {
    let read: Vec<Option<DayList>> = section
        .sections("on")
        .iter()
        .map(|table| {
            let days = table.need("days", "[\"fri\"]").and_then(|field| {
                let named = field.texts()?;
                let days = named.into_iter().map(|(field, _)| field.choice(&WEEKDAYS));
                days.collect::<Option<Vec<_>>>()
            });
            let participants = table
                .need("participants", "[\"aoki\", \"inoue\"]")
                .and_then(|field| participants(&field, name, members));
            let mut days = days?;
            days.sort_by_key(|day| day.to_monday_zero_offset());
            days.dedup();
            Some(DayList {
                days,
                participants: participants?,
            })
        })
        .collect();
    read.into_iter().collect()
}

/// Reads those who take part, in order; somebody may stand in it more than once.
fn participants(field: &Field<'_>, name: &str, members: &Members<'_>) -> Option<Vec<MemberId>> {
    let named = field.texts()?;
    if named.is_empty() {
        field.wrong_with(
            format!("rota {name:?} has no participants"),
            "name at least one member",
        );
        return None;
    }
    named
        .into_iter()
        .map(|(field, id)| member(&field, id, members))
        .collect()
}

/// Finds the member that a text names, reporting a stranger.
pub(super) fn member(field: &Field<'_>, id: &str, members: &Members<'_>) -> Option<MemberId> {
    let member = MemberId::from(id);
    if members.all.contains_key(&member) {
        return Some(member);
    }
    let known = members.all.keys().map(MemberId::as_str);
    field.wrong_with(format!("{id:?} is no member"), instead(id, known));
    None
}

/// Reads `daily`, `weekly`, `monthly` or `every 2 weeks`.
fn cadence(field: &Field<'_>) -> Option<Cadence> {
    let text = field.text()?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let read = match words[..] {
        ["daily"] => Some(Cadence::DAILY),
        ["weekly"] => Some(Cadence::WEEKLY),
        ["monthly"] => Some(Cadence::MONTHLY),
        ["every", count, unit] => count.parse().ok().and_then(|count| match unit {
            "hours" | "hour" => Some(Cadence::Hours(count)),
            "days" | "day" => Some(Cadence::Days(count)),
            "weeks" | "week" => Some(Cadence::Weeks(count)),
            "months" | "month" => Some(Cadence::Months(count)),
            _ => None,
        }),
        _ => None,
    };
    if read.is_none() {
        field.wrong_with(
            format!("{text:?} is not a cadence"),
            "write \"daily\", \"weekly\", \"monthly\", or \"every 2 weeks\" (hours, days, weeks, months)",
        );
    }
    read
}

/// Reads `duty`, `member:ueda` or `rota:night`.
fn off_hours(field: &Field<'_>, members: &Members<'_>, names: &[String]) -> Option<OffHours> {
    let text = field.text()?;
    match text.split_once(':') {
        None if text == "duty" => Some(OffHours::Duty),
        Some(("member", id)) => member(field, id.trim(), members).map(OffHours::Member),
        Some(("rota", name)) if names.iter().any(|known| known == name.trim()) => {
            Some(OffHours::Rota(name.trim().to_owned()))
        }
        Some(("rota", name)) => {
            let known = names.iter().map(String::as_str);
            field.wrong_with(
                format!("there is no rota {:?}", name.trim()),
                instead(name.trim(), known),
            );
            None
        }
        _ => {
            field.wrong_with(
                format!("{text:?} does not say who is called off hours"),
                "write \"duty\", \"member:ID\" or \"rota:NAME\"",
            );
            None
        }
    }
}

/// Refuses rotas that pass the off-hours on in a circle, in any of their versions.
fn check_circle(section: &Section<'_>, all: &Rotas) {
    let next = |name: &str| -> Vec<String> {
        let versions = all.get(name).and_then(Option::as_ref).map(Rota::plan);
        let versions = versions.map_or(&[][..], |plan| &plan.versions);
        let passed = versions
            .iter()
            .filter_map(|version| match &version.off_hours {
                OffHours::Rota(next) => Some(next.clone()),
                OffHours::Duty | OffHours::Member(_) => None,
            });
        passed.collect()
    };
    let Some(start) = section.text("name") else {
        return;
    };
    let (mut seen, mut left) = (BTreeSet::new(), next(start));
    while let Some(name) = left.pop() {
        if name == start {
            section.wrong(
                "off_hours",
                format!("rota {start:?} passes its off-hours on in a circle back to itself"),
                "let one of the rotas name a member, or \"duty\"",
            );
            return;
        }
        if seen.insert(name.clone()) {
            left.extend(next(&name));
        }
    }
}
