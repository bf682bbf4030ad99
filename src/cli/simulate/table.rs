//! Both columns as people read them, and as scripts do.

use crate::app::ports::{People, Reference};
use crate::app::simulate::{Comparison, Trial};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Clock;
use crate::domain::simulate::{Arranged, Called, Kept, Mismatch, NotLaid, Turns, WhyNot};
use crate::i18n::{self, Args, Lang, say};
use crate::msg;
use crate::time::{Date, TimeZone};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// A comparison with what is needed to put it into words.
pub(super) struct Shown<'a> {
    pub lang: Lang,
    pub trial: &'a Trial,
    pub compared: &'a Comparison,
    pub people: &'a People,
    pub zone: &'a TimeZone,
    /// The words by which the tried ones were named.
    pub policy: Option<&'a str>,
    pub rota: Option<&'a str>,
}

/// A line of the table: who or what, as it was, as it would be.
struct Row {
    name: String,
    cells: [String; 3],
}

/// More references than these are only counted.
const NAMED: usize = 8;

impl Shown<'_> {
    /// The whole answer, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.window(), self.tried(), String::new()];
        if self.compared.inquiries == 0 {
            lines.truncate(1);
            lines.push(self.say(msg!("simulate-nothing"), Args::new()));
            lines.extend(self.left_out());
            return lines;
        }
        lines.extend(laid_out(self.heads(), &self.sections()));
        lines.push(String::new());
        lines.extend(self.checked());
        lines.extend(self.refused());
        lines.extend(self.not_laid());
        lines.extend(self.left_out());
        lines
    }

    /// The same for scripts.
    pub fn json(&self) -> Value {
        let (first, end) = self.trial.dates;
        let mut told = json!(self.compared);
        told["window"] = json!({
            "from": first,
            "to": last_day(end),
            "queue": self.trial.queue,
            "followed_until": self.trial.now,
        });
        told["tried"] = json!({ "policy": self.policy, "rota": self.rota });
        told
    }

    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }

    fn word(&self, id: &str) -> String {
        self.say(id, Args::new())
    }

    fn window(&self) -> String {
        let (first, end) = self.trial.dates;
        let today = self.zone.to_datetime(self.trial.now).date();
        let day = |date| i18n::date(self.lang, date, today);
        let queue = match &self.trial.queue {
            Some(queue) => self.people.queues.get(queue.as_str()).cloned(),
            None => Some(self.word(msg!("simulate-all-queues"))),
        };
        let args = Args::new()
            .with("from", day(first))
            .with("to", day(last_day(end)))
            .with("queue", queue.unwrap_or_default())
            .with("count", count(self.compared.inquiries));
        self.say(msg!("simulate-window"), args)
    }

    fn tried(&self) -> String {
        let as_it_was = || self.word(msg!("simulate-unchanged"));
        let args = Args::new()
            .with("policy", self.policy.map_or_else(as_it_was, str::to_owned))
            .with("rota", self.rota.map_or_else(as_it_was, str::to_owned));
        self.say(msg!("simulate-tried"), args)
    }

    fn heads(&self) -> [String; 3] {
        [
            self.word(msg!("simulate-was")),
            self.word(msg!("simulate-would-be")),
            self.word(msg!("simulate-difference")),
        ]
    }

    /// The parts of the table that have anything in them.
    fn sections(&self) -> Vec<(String, Vec<Row>)> {
        let sections = [
            (msg!("simulate-missed"), self.promises()),
            (
                msg!("simulate-notices"),
                self.called(|called| called.notices),
            ),
            (
                msg!("simulate-nights"),
                self.called(|called| called.nights.len() as u64),
            ),
            (
                msg!("simulate-days-off"),
                self.called(|called| called.days_off.len() as u64),
            ),
            (
                msg!("simulate-turns"),
                self.turns(|turns| turns.worked_days),
            ),
            (
                msg!("simulate-turns-off"),
                self.turns(|turns| turns.days_off),
            ),
        ];
        let named = sections.map(|(id, rows)| (self.word(id), rows));
        named
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .collect()
    }

    fn promises(&self) -> Vec<Row> {
        let (was, would_be) = self.figures();
        let clocks: BTreeSet<Clock> = was
            .promises
            .keys()
            .chain(would_be.promises.keys())
            .copied()
            .collect();
        let of = |kept: Kept| {
            let made = kept.met + kept.missed + kept.cancelled + kept.running;
            format!("{}/{made}", kept.missed)
        };
        let row = |clock: Clock| {
            let [was, would_be] =
                [was, would_be].map(|side| side.promises.get(&clock).copied().unwrap_or_default());
            Row {
                name: clock_name(self.lang, clock),
                cells: [of(was), of(would_be), change(was.missed, would_be.missed)],
            }
        };
        let apart = [was.no_contract, would_be.no_contract];
        let apart = (apart != [0, 0]).then(|| Row {
            name: self.word(msg!("simulate-no-contract")),
            cells: [
                apart[0].to_string(),
                apart[1].to_string(),
                change(apart[0], apart[1]),
            ],
        });
        clocks.into_iter().map(row).chain(apart).collect()
    }

    fn figures(
        &self,
    ) -> (
        &crate::domain::simulate::Figures,
        &crate::domain::simulate::Figures,
    ) {
        (
            &self.compared.as_it_was.figures,
            &self.compared.as_it_would_be.figures,
        )
    }

    fn called(&self, number: impl Fn(&Called) -> u64) -> Vec<Row> {
        let (was, would_be) = self.figures();
        self.by_person(
            was.people.keys().chain(would_be.people.keys()),
            |member, is_tried| {
                let side = if is_tried { would_be } else { was };
                side.people.get(member).map_or(0, &number)
            },
        )
    }

    fn turns(&self, number: impl Fn(&Turns) -> u64) -> Vec<Row> {
        let (was, would_be) = (
            &self.compared.as_it_was.turns,
            &self.compared.as_it_would_be.turns,
        );
        self.by_person(was.keys().chain(would_be.keys()), |member, is_tried| {
            let side = if is_tried { would_be } else { was };
            side.get(member).map_or(0, &number)
        })
    }

    /// A row for everybody who has anything on either side.
    fn by_person<'m>(
        &self,
        members: impl Iterator<Item = &'m MemberId>,
        number: impl Fn(&MemberId, bool) -> u64,
    ) -> Vec<Row> {
        let members: BTreeSet<&MemberId> = members.collect();
        members
            .into_iter()
            .map(|member| (member, number(member, false), number(member, true)))
            .filter(|(_, was, would_be)| was + would_be > 0)
            .map(|(member, was, would_be)| Row {
                name: self.people.name(member),
                cells: [was.to_string(), would_be.to_string(), change(was, would_be)],
            })
            .collect()
    }

    /// Whether the record and its replay agree: only then is the other column worth anything.
    fn checked(&self) -> Vec<String> {
        let compared = self.compared;
        if compared.mismatched.is_empty() {
            let args = Args::new()
                .with("missed", count(compared.recorded.missed()))
                .with("reminders", count(compared.recorded.reminders));
            return vec![format!("✓ {}", self.say(msg!("simulate-agrees"), args))];
        }
        let mut lines = vec![format!("! {}", self.word(msg!("simulate-differs")))];
        lines.extend(compared.mismatches.iter().map(|pair| self.mismatch(pair)));
        let args = Args::new().with("inquiries", references(&compared.mismatched));
        lines.push(format!("  {}", self.say(msg!("simulate-differs-in"), args)));
        lines
    }

    fn mismatch(&self, pair: &Mismatch) -> String {
        let name = match pair.clock {
            Some(clock) => clock_name(self.lang, clock),
            None => self.word(msg!("simulate-reminders")),
        };
        let args = Args::new()
            .with("name", name)
            .with("recorded", count(pair.recorded))
            .with("replayed", count(pair.replayed));
        format!("  {}", self.say(msg!("simulate-mismatch"), args))
    }

    fn refused(&self) -> Vec<String> {
        let refused = &self.compared.refused;
        if refused.is_empty() {
            return Vec::new();
        }
        let total = refused.values().map(|of_kind| of_kind.len() as u64).sum();
        let args = Args::new().with("count", count(total));
        let mut lines = vec![format!("! {}", self.say(msg!("simulate-refused"), args))];
        for (act, inquiries) in refused {
            let args = Args::new()
                .with("act", self.word(act_name(act)))
                .with("count", count(inquiries.len() as u64))
                .with("inquiries", references(inquiries));
            lines.push(format!(
                "  {}",
                self.say(msg!("simulate-refused-act"), args)
            ));
        }
        lines
    }

    /// What people had arranged that the tried roster has no place for.
    fn not_laid(&self) -> Vec<String> {
        let all = &self.compared.not_laid;
        if all.is_empty() {
            return Vec::new();
        }
        let args = Args::new().with("count", count(all.len() as u64));
        let mut lines = vec![format!("! {}", self.say(msg!("simulate-not-laid"), args))];
        lines.extend(all.iter().map(|not| format!("  {}", self.arranged(not))));
        lines
    }

    fn arranged(&self, not: &NotLaid) -> String {
        let today = self.zone.to_datetime(self.trial.now).date();
        let days = not
            .days
            .iter()
            .map(|day| i18n::date(self.lang, *day, today));
        let gone = |id, member| {
            let args = Args::new().with("member", self.people.name(member));
            self.say(id, args)
        };
        let why = match &not.why {
            WhyNot::NotInRoster { member } => gone(msg!("simulate-not-laid-gone"), member),
            WhyNot::Absent { member } => gone(msg!("simulate-not-laid-absent"), member),
            WhyNot::OtherTurns => self.word(msg!("simulate-not-laid-turns")),
            WhyNot::Refused => self.word(msg!("simulate-not-laid-refused")),
        };
        let with = not.with.as_ref().map(|with| self.people.name(with));
        let args = Args::new()
            .with("who", self.people.name(&not.who))
            .with("with", with.unwrap_or_default())
            .with("days", days.collect::<Vec<_>>().join(", "))
            .with("why", why);
        let id = match not.what {
            Arranged::Override => msg!("simulate-not-laid-override"),
            Arranged::Swap => msg!("simulate-not-laid-swap"),
            Arranged::Cover => msg!("simulate-not-laid-cover"),
        };
        self.say(id, args)
    }

    fn left_out(&self) -> Vec<String> {
        let sentence = |left: &crate::app::simulate::LeftOut| {
            let args = Args::new()
                .with("inquiry", left.inquiry.to_string())
                .with("why", left.why.as_str());
            format!("! {}", self.say(msg!("simulate-left-out"), args))
        };
        self.compared.left_out.iter().map(sentence).collect()
    }
}

/// Lays the sections out under one another, the numbers to the right, as wide as they look.
fn laid_out(heads: [String; 3], sections: &[(String, Vec<Row>)]) -> Vec<String> {
    let rows = || sections.iter().flat_map(|(_, rows)| rows);
    let names = rows()
        .map(|row| row.name.width() + INDENT)
        .chain(sections.iter().map(|(title, _)| title.width()));
    let first = names.max().unwrap_or(0);
    let widths: [usize; 3] = std::array::from_fn(|n| {
        let cells = rows().map(|row| row.cells[n].width());
        cells.chain([heads[n].width()]).max().unwrap_or(0)
    });
    let numbers = |cells: &[String; 3]| {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths) {
            line += GAP;
            line += &" ".repeat(width - cell.width());
            line += cell;
        }
        line
    };
    let mut lines = vec![format!("{}{}", " ".repeat(first), numbers(&heads))];
    for (title, rows) in sections {
        lines.push(title.clone());
        for row in rows {
            let room = " ".repeat(first - INDENT - row.name.width());
            let indent = " ".repeat(INDENT);
            lines.push(format!("{indent}{}{room}{}", row.name, numbers(&row.cells)));
        }
    }
    lines
}

const INDENT: usize = 2;
const GAP: &str = "   ";

/// How much more or less: `+3`, `-2`, `0`.
fn change(was: u64, would_be: u64) -> String {
    match would_be.checked_sub(was) {
        Some(0) => "0".to_owned(),
        Some(more) => format!("+{more}"),
        None => format!("-{}", was - would_be),
    }
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `Q-3, Q-7`, each once, and how many more there are.
fn references(all: &[Reference]) -> String {
    let all: BTreeSet<Reference> = all.iter().copied().collect();
    let named: Vec<String> = all.iter().take(NAMED).map(Reference::to_string).collect();
    let more = all.len().saturating_sub(NAMED);
    match more {
        0 => named.join(", "),
        more => format!("{} … +{more}", named.join(", ")),
    }
}

fn last_day(end: Date) -> Date {
    end.yesterday().unwrap_or(end)
}

fn clock_name(lang: Lang, clock: Clock) -> String {
    let id = match clock {
        Clock::FirstResponse => msg!("clock-first-response"),
        Clock::NextResponse => msg!("clock-next-response"),
        Clock::Claim => msg!("clock-claim"),
        Clock::Resolution => msg!("clock-resolution"),
        Clock::NeededBy => msg!("clock-needed-by"),
        Clock::Urgent => msg!("clock-urgent"),
        Clock::Vendor => msg!("clock-vendor"),
        Clock::Development => msg!("clock-development"),
        Clock::NextTier => msg!("clock-next-tier"),
    };
    say(lang, id, &Args::new())
}

/// The words of an act; one of a newer ledger is at least told apart.
fn act_name(kind: &str) -> &'static str {
    match kind {
        "updated" => msg!("simulate-act-updated"),
        "claimed" | "accepted" => msg!("simulate-act-claimed"),
        "assigned" => msg!("simulate-act-assigned"),
        "released" => msg!("simulate-act-released"),
        "taken_over" => msg!("simulate-act-taken-over"),
        "noted" => msg!("simulate-act-noted"),
        "replied" | "replied_elsewhere" => msg!("simulate-act-replied"),
        "reply_retracted" => msg!("simulate-act-reply-retracted"),
        "reply_failed" => msg!("simulate-act-reply-failed"),
        "heard" | "requester_replied" => msg!("simulate-act-requester-replied"),
        "no_answer_needed" => msg!("simulate-act-no-answer-needed"),
        "wait_started" => msg!("simulate-act-waited"),
        "resumed" => msg!("simulate-act-resumed"),
        "severity_set" => msg!("simulate-act-severity-set"),
        "severity_proposed" | "severity_agreed" | "severity_declined" => {
            msg!("simulate-act-severity-agreed")
        }
        "handoff_asked" | "handoff_kept" => msg!("simulate-act-handoff"),
        "next_set" => msg!("simulate-act-next"),
        "not_urgent" => msg!("simulate-act-not-urgent"),
        "transferred" => msg!("simulate-act-transferred"),
        "snoozed" | "unsnoozed" | "muted" | "unmuted" => msg!("simulate-act-snoozed"),
        "resolved" => msg!("simulate-act-resolved"),
        "closed" => msg!("simulate-act-closed"),
        "reopened" => msg!("simulate-act-reopened"),
        _ => msg!("simulate-act-other"),
    }
}

#[cfg(test)]
mod tests;
