//! Who is called when, in words: the rotas of a queue with their hours, and the times at which no region is awake.

use crate::app::setup::{Queue, Setup};
use crate::domain::calendar::{Calendar, Plan};
use crate::domain::inquiry::Severity;
use crate::domain::rota::{Coverage, Line, hours};
use crate::i18n::{Args, Lang, list, say, severity, weekday, weekdays};
use crate::msg;
use crate::time::{SignedDuration, Time, TimeZone, Timestamp, Weekday, plus, resolve};

/// A week, in which every ordinary opening comes once.
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Says which rota has the duty when, a line each; nothing for a queue with one rota.
pub(super) fn lines(setup: &Setup, queue: &Queue, lang: Lang, now: Timestamp) -> Vec<String> {
    let coverage = &queue.coverage;
    if coverage.lines().len() < 2 {
        return Vec::new();
    }
    let (rest, hours): (Vec<&Line>, Vec<&Line>) = coverage
        .lines()
        .iter()
        .partition(|line| line.rule.during.is_none());
    let words = Words {
        setup,
        queue,
        lang,
        now,
    };
    let mut said = vec![words.say(msg!("check-lines"), Args::new())];
    said.extend(hours.into_iter().chain(rest).map(|line| words.line(line)));
    said.extend(words.gaps());
    said
}

/// What sentences are made with.
struct Words<'a> {
    setup: &'a Setup,
    queue: &'a Queue,
    lang: Lang,
    now: Timestamp,
}

impl Words<'_> {
    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }

    /// One line: when, who, from which severity on, and for which it wakes.
    fn line(&self, line: &Line) -> String {
        let coverage: &Coverage = &self.queue.coverage;
        let calendar = line.rule.during.as_ref();
        let calendar = calendar.and_then(|key| Some((key, coverage.calendars().get(key)?)));
        let args = Args::new().with("rota", line.rota.as_str());
        let mut said = match calendar {
            None => self.say(msg!("check-line-rest"), args),
            Some((name, calendar)) => {
                let args = args.with("calendar", name.as_str());
                self.say(
                    msg!("check-line-during"),
                    args.with("hours", self.hours(calendar)),
                )
            }
        };
        let mut add = |id: &str, args: Args| said.push_str(&self.say(id, args));
        if let Some(region) = &line.rule.region {
            let args = Args::new().with("region", region.as_str());
            add(msg!("check-line-region"), args);
        }
        if let Some(floor) = line.rule.floor {
            let args = Args::new().with("severity", self.severity(floor));
            add(msg!("check-line-floor"), args);
        }
        let wakes = line.rule.wake_up.as_ref();
        match wakes.filter(|_| line.rule.during.is_some()) {
            Some(wakes) if wakes.is_empty() => add(msg!("check-line-wakes-nobody"), Args::new()),
            Some(wakes) => {
                let wakes: Vec<String> = wakes.iter().map(|s| self.severity(*s)).collect();
                let args = Args::new().with("severities", list(self.lang, &wakes));
                add(msg!("check-line-wakes"), args);
            }
            None => {}
        }
        said
    }

    fn severity(&self, found: Severity) -> String {
        let level = Severity::ALL.iter().position(|known| *known == found);
        severity(self.lang, level.map_or(0, |index| index as u8 + 1))
    }

    /// When no region is awake in the week to come, and who is called then.
    fn gaps(&self) -> Option<String> {
        let zone = &self.setup.zone;
        let from = midnight(self.now, zone);
        let gaps = self.queue.coverage.gaps(from, plus(from, WEEK));
        if gaps.is_empty() {
            return None;
        }
        let args = Args::new()
            .with("hours", self.spans(&gaps, zone))
            .with("zone", zone.iana_name().unwrap_or("UTC"))
            .with("rota", self.queue.coverage.rest().rota.as_str());
        Some(self.say(msg!("check-line-gaps"), args))
    }

    /// The hours of a week of a calendar, on its own wall clock.
    fn hours(&self, calendar: &Calendar) -> String {
        if calendar.is_around_the_clock() {
            return self.say(msg!("check-when-always"), Args::new());
        }
        let zone = calendar.zone();
        let from = ordinary_week(calendar, midnight(self.now, zone));
        // A little more than the week, so that what runs past its end is whole.
        let mut spans = hours(calendar, from, plus(from, WEEK + WEEK));
        spans.retain(|(opens, _)| *opens < plus(from, WEEK) && *opens > from);
        let said = self.spans(&spans, zone);
        match calendar.plan() {
            Plan::Business(plan) if plan.zone != self.setup.zone.iana_name().unwrap_or("UTC") => {
                format!("{said} {}", plan.zone)
            }
            Plan::Business(_) | Plan::AroundTheClock(_) | Plan::Union(_) => said,
        }
    }

    /// Stretches as weekdays and wall times; days with the same hours are named together.
    fn spans(&self, spans: &[(Timestamp, Timestamp)], zone: &TimeZone) -> String {
        let mut groups: Vec<(Shape, Vec<Weekday>)> = Vec::new();
        for (from, to) in spans {
            let (shape, day) = shape(*from, *to, zone);
            match groups.iter_mut().find(|(known, _)| *known == shape) {
                Some((_, days)) if days.contains(&day) => {}
                Some((_, days)) => days.push(day),
                None => groups.push((shape, vec![day])),
            }
        }
        groups.sort_by_key(|(_, days)| days[0].to_monday_zero_offset());
        let said: Vec<String> = groups
            .into_iter()
            .map(|(shape, mut days)| {
                days.sort_by_key(|day| day.to_monday_zero_offset());
                self.span(&shape, &days)
            })
            .collect();
        list(self.lang, &said)
    }

    fn span(&self, shape: &Shape, days: &[Weekday]) -> String {
        let wall = |time: Time| time.strftime("%H:%M").to_string();
        let args = Args::new().with("days", weekdays(self.lang, days));
        match shape {
            Shape::Within(from, to) => {
                // A day that ends with its midnight.
                let to = match *to == Time::midnight() {
                    true => "24:00".to_owned(),
                    false => wall(*to),
                };
                let args = args.with("from", wall(*from)).with("to", to);
                self.say(msg!("check-span"), args)
            }
            Shape::OverNight(from, to) => {
                let args = args.with("from", wall(*from)).with("to", wall(*to));
                self.say(msg!("check-span-night"), args)
            }
            Shape::Long(from, until, to) => {
                let args = args.with("from", wall(*from)).with("to", wall(*to));
                self.say(
                    msg!("check-span-long"),
                    args.with("until", weekday(self.lang, *until)),
                )
            }
        }
    }
}

/// How a stretch lies in its days.
#[derive(PartialEq)]
enum Shape {
    /// Within one day.
    Within(Time, Time),
    /// Into the morning of the next.
    OverNight(Time, Time),
    /// Longer: until a time of another weekday.
    Long(Time, Weekday, Time),
}

fn shape(from: Timestamp, to: Timestamp, zone: &TimeZone) -> (Shape, Weekday) {
    let (starts, ends) = (zone.to_datetime(from), zone.to_datetime(to));
    let next = starts.date().tomorrow().ok();
    let is_midnight = ends.time() == Time::midnight();
    let day = starts.date().weekday();
    let shape = if ends.date() == starts.date() || (is_midnight && next == Some(ends.date())) {
        Shape::Within(starts.time(), ends.time())
    } else if next == Some(ends.date()) && ends.time() <= starts.time() {
        Shape::OverNight(starts.time(), ends.time())
    } else {
        Shape::Long(starts.time(), ends.date().weekday(), ends.time())
    };
    (shape, day)
}

/// The last midnight.
fn midnight(at: Timestamp, zone: &TimeZone) -> Timestamp {
    let date = zone.to_datetime(at).date();
    resolve(date.to_datetime(Time::midnight()), zone)
}

/// The first week from a midnight on, with the days around it, that has no date unlike its weekday; the first of all if
/// there is none in a year.
fn ordinary_week(calendar: &Calendar, from: Timestamp) -> Timestamp {
    let is_ordinary = |week: &Timestamp| {
        let (first, last) = (
            calendar.date(*week),
            calendar.date(plus(*week, WEEK + WEEK)),
        );
        !calendar
            .special_dates()
            .any(|date| first <= date && date <= last)
    };
    let weeks = std::iter::successors(Some(from), |week| Some(plus(*week, WEEK)));
    weeks.take(52).find(is_ordinary).unwrap_or(from)
}
