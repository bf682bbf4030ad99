//! `[[rota]]`: who turns for whom.

use super::calendar::Calendars;
use super::desk::{Desk, Members};
use super::near::instead;
use super::section::{Field, Section};
use crate::domain::ids::MemberId;
use crate::domain::rota::{Cadence, OffHours, Plan, Rota, Version};
use crate::time::{Date, Time, civil};
use std::collections::BTreeMap;

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
    let mut all = BTreeMap::new();
    for section in &sections {
        let name = section
            .need("name", "\"support\"")
            .and_then(|field| field.text());
        let version = version(
            section,
            name.unwrap_or_default(),
            desk,
            calendars,
            members,
            &names,
        );
        let Some(name) = name else { continue };
        let rota = version.and_then(|version| {
            let plan = Plan {
                name: name.to_owned(),
                versions: vec![version],
            };
            Rota::new(plan)
                .map_err(|error| section.wrong("cadence", error.to_string(), ""))
                .ok()
        });
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

fn version(
    section: &Section<'_>,
    name: &str,
    desk: &Desk,
    calendars: &Calendars,
    members: &Members<'_>,
    names: &[String],
) -> Option<Version> {
    let zone = match section.field("zone") {
        Some(field) => field.zone().map(|(name, _)| name.to_owned()),
        None => Some(desk.zone_name.clone()),
    };
    let handoff = match section.field("handoff") {
        Some(field) => field.time(),
        None => Some(HANDOFF),
    };
    let cadence = match section.field("cadence") {
        Some(field) => cadence(&field),
        None => Some(Cadence::DAILY),
    };
    let works = match section.field("works") {
        Some(field) => calendars
            .named(&field)
            .map(|(_, calendar)| Some(calendar).filter(|calendar| !calendar.is_around_the_clock())),
        None => Some(None),
    };
    let participants = participants(section, name, members);
    let starts = match section.field("starts") {
        Some(field) => field.date(),
        None => Some(STARTS),
    };
    let off_hours = match section.field("off_hours") {
        Some(field) => off_hours(&field, members, names),
        None => Some(OffHours::Duty),
    };
    Some(Version {
        starts: starts?,
        zone: zone?,
        handoff: handoff?,
        cadence: cadence?,
        works: works?,
        participants: participants?,
        off_hours: off_hours?,
        on: vec![],
        dated: None,
        begins: None,
    })
}

/// Reads those who take part, in order; somebody may stand in it more than once.
fn participants(section: &Section<'_>, name: &str, members: &Members<'_>) -> Option<Vec<MemberId>> {
    let field = section.need("participants", "[\"aoki\", \"inoue\"]")?;
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

/// Refuses rotas that pass the off-hours on in a circle.
fn check_circle(section: &Section<'_>, all: &Rotas) {
    let next = |name: &str| {
        let rota = all.get(name)?.as_ref()?;
        match &rota.plan().versions.last()?.off_hours {
            OffHours::Rota(next) => Some(next.clone()),
            OffHours::Duty | OffHours::Member(_) => None,
        }
    };
    let Some(start) = section.text("name") else {
        return;
    };
    let mut at = next(start);
    for _ in 0..all.len() {
        match at {
            Some(name) if name == start => {
                section.wrong(
                    "off_hours",
                    format!("rota {start:?} passes its off-hours on in a circle back to itself"),
                    "let one of the rotas name a member, or \"duty\"",
                );
                return;
            }
            Some(name) => at = next(&name),
            None => return,
        }
    }
}
