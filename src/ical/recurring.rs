//! Writing events out: each once for every time it takes place, within bounds.

use super::{End, IcalError, MOST_EVENTS, MOST_OCCURRENCES, Written};
use crate::time::{Date, DateTime, Timestamp};
use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::dates::{CalendarEvent, TimeOrDelta};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use chrono::{Datelike as _, NaiveDateTime, TimeDelta, Timelike as _};
use std::collections::BTreeMap;

type Found = CalendarEvent<chrono::DateTime<Tz>, TimeOrDelta<chrono::DateTime<Tz>, TimeDelta>>;

/// Every occurrence with the number of the component that describes it, rules ending with `last`.
///
/// Events are expanded by their UID one after the other: so one that never ends does not use up what the others may
/// have, and a changed occurrence finds its own event and no other.
pub(super) fn written_out(
    mut calendar: ICalendar,
    last: Date,
    line: &dyn Fn(usize) -> usize,
) -> Result<Vec<(usize, Written)>, IcalError> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut events: Vec<ICalendarComponent> = Vec::with_capacity(calendar.components.len());
    for (index, component) in calendar.components.iter_mut().enumerate() {
        let mut taken = ICalendarComponent::default();
        if component.component_type == ICalendarComponentType::VEvent {
            std::mem::swap(&mut taken, component);
            component.component_type = ICalendarComponentType::VAlarm;
            end_rules(&mut taken, last);
            let recurs = taken.entries.iter().any(|entry| {
                matches!(
                    entry.name,
                    ICalendarProperty::Rrule | ICalendarProperty::RecurrenceId
                )
            });
            // What does not recur needs no company.
            let uid = uid(&taken).filter(|_| recurs).unwrap_or_default();
            groups.entry(uid).or_default().push(index);
        } else if component.component_type.has_time_ranges() {
            // Tasks and journals are no events.
            component.component_type = ICalendarComponentType::VAlarm;
        }
        events.push(taken);
    }
    let mut found = Vec::new();
    for group in groups.into_values() {
        for index in &group {
            std::mem::swap(&mut calendar.components[*index], &mut events[*index]);
        }
        let expanded = calendar.expand_dates(Tz::Floating, MOST_OCCURRENCES);
        if let Some(error) = expanded.errors.first() {
            let what = format!("this event cannot be read: {:?}", error.error);
            let line = line(error.comp_id as usize);
            return Err(IcalError::Broken { line, what });
        }
        // A text within its bound holds fewer events that do not recur.
        if expanded.events.len() >= MOST_OCCURRENCES {
            let line = group.first().map_or(1, |index| line(*index));
            return Err(IcalError::TooOften { line });
        }
        for event in expanded.events {
            let index = event.comp_id as usize;
            let is_dated = calendar.components.get(index).is_some_and(is_dated);
            found.extend(written(&event, is_dated).map(|span| (index, span)));
        }
        if found.len() > MOST_EVENTS {
            return Err(IcalError::TooMany);
        }
        for index in &group {
            std::mem::swap(&mut calendar.components[*index], &mut events[*index]);
        }
    }
    Ok(found)
}

fn uid(component: &ICalendarComponent) -> Option<String> {
    let entries = component.entries.iter();
    entries
        .filter(|entry| entry.name == ICalendarProperty::Uid)
        .find_map(|entry| entry.values.first()?.as_text().map(str::to_owned))
}

/// Lets every rule end with a date at the latest. A revision's number, which some programs raise for a changed
/// occurrence, does not part it from its event.
fn end_rules(component: &mut ICalendarComponent, last: Date) {
    component
        .entries
        .retain(|entry| entry.name != ICalendarProperty::Sequence);
    let end = PartialDateTime {
        year: u16::try_from(last.year()).ok(),
        month: u8::try_from(last.month()).ok(),
        day: u8::try_from(last.day()).ok(),
        hour: Some(23),
        minute: Some(59),
        second: Some(59),
        ..PartialDateTime::default()
    };
    for entry in &mut component.entries {
        for value in &mut entry.values {
            if let ICalendarValue::RecurrenceRule(rule) = value {
                let is_sooner = rule.until.as_ref().is_some_and(|until| {
                    (until.year, until.month, until.day) <= (end.year, end.month, end.day)
                });
                if !is_sooner {
                    rule.until = Some(end.clone());
                }
            }
        }
    }
}

/// Whether an event is of whole days.
fn is_dated(component: &ICalendarComponent) -> bool {
    component.entries.iter().any(|entry| {
        entry.name == ICalendarProperty::Dtstart
            && matches!(entry.values.first(), Some(ICalendarValue::PartialDateTime(date)) if !date.has_time())
    })
}

fn written(event: &Found, is_dated: bool) -> Option<Written> {
    let start = event.start;
    if is_dated {
        let first = civil(start.naive_local())?;
        let days = match &event.end {
            TimeOrDelta::Time(end) => end.naive_local() - start.naive_local(),
            TimeOrDelta::Delta(delta) => *delta,
        };
        // The end is exclusive; an event that ends where it starts is the day it starts on.
        let more = jiff::Span::new()
            .try_days(days.num_days().max(1) - 1)
            .ok()?;
        let last = first.date().checked_add(more).unwrap_or(Date::MAX);
        return Some(Written::Days {
            first: first.date(),
            last,
        });
    }
    let until = match &event.end {
        TimeOrDelta::Time(end) => *end,
        TimeOrDelta::Delta(delta) => start.checked_add_signed(*delta)?,
    };
    let (from, until) = (end(start)?, end(until)?);
    Some(Written::Times { from, until })
}

fn end(at: chrono::DateTime<Tz>) -> Option<End> {
    if at.timezone().is_floating() {
        return civil(at.naive_local()).map(End::Floating);
    }
    Timestamp::from_second(at.timestamp()).ok().map(End::At)
}

fn civil(local: NaiveDateTime) -> Option<DateTime> {
    let number = |n: u32| i8::try_from(n).ok();
    DateTime::new(
        i16::try_from(local.year()).ok()?,
        number(local.month())?,
        number(local.day())?,
        number(local.hour())?,
        number(local.minute())?,
        number(local.second())?,
        0,
    )
    .ok()
}
