//! The duty as people ask for it: who had or has it at a time and why, what is arranged, and how fairly it was shared.

use super::desk::App;
use super::perform::{Answered, Declined, Person};
use super::ports::StoreError;
use super::verbs::{Request, Verb};
use super::wording::{PlainText, Words, sentence};
use crate::domain::ids::MemberId;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::rota::book::{Book, Laid, SwapState, Why, days_said};
use crate::domain::rota::fairness::{Fairness, Share, fairness};
use crate::time::{DateTime, SignedDuration, Time, Timestamp, plus, resolve};

/// The window of a question about fairness that names none.
const WINDOW: SignedDuration = SignedDuration::from_hours(24 * 90);

/// The longest such window: every day of it is looked at, while others wait.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 3_660);

/// Why somebody has a shift that is not their turn, in brackets; nothing if it is.
pub(super) fn why_theirs(laid: Option<&Laid>) -> Arg {
    let message = laid.map(|laid| match &laid.why {
        Why::Override => Message::new("theirs-by-override"),
        Why::Swap { with } => {
            Message::new("theirs-by-swap").with("with", Arg::Member(with.clone()))
        }
        Why::Cover {
            of,
            absence: Some(_),
        } => Message::new("theirs-by-absence").with("of", Arg::Member(of.clone())),
        Why::Cover { of, absence: None } => {
            Message::new("theirs-by-cover").with("of", Arg::Member(of.clone()))
        }
    });
    Arg::Lines(message.into_iter().collect())
}

/// The same in words.
pub fn why_said(laid: Option<&Laid>, words: &Words<'_>) -> String {
    let message = Message::new("duty").with("lines", why_theirs(laid));
    sentence(&message, words, &PlainText)
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn count(count: u32) -> Arg {
    Arg::Number(i64::from(count))
}

impl App {
    /// Why whoever has the duty at a moment has it, if it is not their turn.
    pub(super) async fn why_on_duty(
        &self,
        rota: &Rota,
        at: Timestamp,
    ) -> Result<Option<Laid>, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let overrides = self.overrides_of(rota.name(), at).await?;
        let shift = rota.on_duty(at, &overrides).shift;
        Ok(kept.book.why(rota.name(), &shift).cloned())
    }

    /// Who had, has or will have the duty at a time.
    pub(super) async fn duty_who(&self, request: &Request) -> Result<Answered, Declined> {
        let at = self.moment_needed(request, "at", self.clock.now())?;
        let duties = self.duty(at).await?;
        let lines = duties.iter().map(|duty| {
            let line = if duty.called == duty.shift.member {
                Message::new("duty-who-line")
            } else {
                Message::new("duty-who-called").with("called", Arg::Member(duty.called.clone()))
            };
            line.with("rota", Arg::Plain(self.rota_name(&duty.rota)))
                .with("member", Arg::Member(duty.shift.member.clone()))
                .with("why", why_theirs(duty.why.as_ref()))
                .with("until", Arg::Instant(duty.shift.ends_at))
        });
        let head = Message::new("duty-who-at").with("at", Arg::Instant(at));
        Ok(Answered {
            message: listed(std::iter::once(head).chain(lines)),
            about: None,
            data: serde_json::to_value(&duties).unwrap_or_default(),
        })
    }

    /// Whom the guide waits for: shown to those who lead.
    pub(super) async fn guides_unread(&self, person: &Person) -> Result<Vec<Message>, StoreError> {
        let now = self.clock.now();
        let leads = self.duty_team(now).leads;
        if !person.actor.member().is_some_and(|own| leads.contains(own)) {
            return Ok(Vec::new());
        }
        let kept = self.book(now).await?;
        let unread = kept.book.guides.iter().filter(|(member, guide)| {
            guide.read_at.is_none() && self.setup.members.contains_key(*member)
        });
        let line = |member| Message::new("duty-guide-unread").with("member", Arg::Member(member));
        Ok(unread.map(|(member, _)| line(member.clone())).collect())
    }

    /// What is arranged from now on, each with the number by which it is undone.
    pub(super) async fn duty_book_lines(&self) -> Result<Answered, Declined> {
        let now = self.clock.now();
        let kept = self.book(now).await?;
        let today = self.duty_team(now).today;
        let lines = book_lines(&kept.book, now, today).into_iter();
        let mut lines: Vec<Message> = lines.map(|(_, line)| line).collect();
        let laid: Vec<&Laid> = kept
            .book
            .laid
            .iter()
            .filter(|laid| laid.span.ends_at > now)
            .collect();
        let data = serde_json::json!({ "laid": laid, "seq": kept.book.seq });
        if lines.is_empty() {
            lines.push(Message::new("book-empty"));
        } else {
            lines.push(Message::new("book-hint"));
        }
        Ok(Answered {
            message: listed(lines),
            about: None,
            data,
        })
    }

    /// What of the book a verb with a number can be about for a member: number and line.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn book_choices(
        &self,
        verb: Verb,
        me: &MemberId,
    ) -> Result<Vec<(u64, Message)>, StoreError> {
        let now = self.clock.now();
        let kept = self.book(now).await?;
        let book = &kept.book;
        let fits = |number: &u64| match verb {
            Verb::AcceptSwap | Verb::DeclineSwap => {
                let swap = book.swaps.get(number);
                swap.is_some_and(|swap| swap.is_open() && swap.with == *me)
            }
            Verb::DeclineCover => book.laid.iter().any(|laid| {
                let is_found = matches!(
                    laid.why,
                    Why::Cover {
                        absence: Some(_),
                        ..
                    }
                );
                laid.number == *number && laid.member == *me && is_found
            }),
            Verb::Back => book.absences.contains_key(number),
            _ => true,
        };
        let mut lines = book_lines(book, now, self.duty_team(now).today);
        lines.retain(|(number, _)| fits(number));
        Ok(lines)
    }

    /// How the duty was shared; the last ninety days if no window is named.
    pub(super) async fn fairness_lines(&self, request: &Request) -> Result<Answered, Declined> {
        let now = self.clock.now();
        let edge = |name: &str, days: i64| -> Result<Option<Timestamp>, Declined> {
            let Some(given) = request.param(name) else {
                return Ok(None);
            };
            let day = self.day(given, now)?;
            let day = day.saturating_add(SignedDuration::from_hours(24 * days));
            let midnight = DateTime::from_parts(day, Time::midnight());
            Ok(Some(resolve(midnight, &self.setup.zone)))
        };
        // The last day named is part of the window.
        let until = edge("until", 1)?.unwrap_or(now);
        let from = edge("from", 0)?.unwrap_or_else(|| plus(until, -WINDOW));
        if until <= from || until.duration_since(from) > LONGEST {
            return Err(Declined::say(
                Message::new("refused-no-window")
                    .with("from", Arg::Instant(from))
                    .with("until", Arg::Instant(until)),
            ));
        }
        let rota = request.param("rota").map(|name| self.rota_named(name));
        let rota = rota.transpose()?.map(|rota| rota.name().to_owned());
        let all = self.fairness(rota.as_deref(), from, until).await?;
        let lines = all.iter().flat_map(|fairness| self.said_of(fairness));
        Ok(Answered {
            message: listed(lines),
            about: None,
            data: serde_json::to_value(&all).unwrap_or_default(),
        })
    }

    /// How the duty of each rota, or of one, was shared in a window.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn fairness(
        &self,
        rota: Option<&str>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Fairness>, StoreError> {
        let kept = self.book(self.clock.now()).await?;
        let rotas = self.setup.rotas.values();
        let rotas = rotas.filter(|it| rota.is_none_or(|name| name == it.name()));
        Ok(rotas
            .map(|rota| fairness(rota, &kept.book, from, until))
            .collect())
    }

    /// Fairness in words: a line a member, and what is owed.
    pub fn said_of(&self, fairness: &Fairness) -> Vec<Message> {
        let head = Message::new("fair-rota")
            .with("rota", Arg::Plain(self.rota_name(&fairness.rota)))
            .with("from", Arg::Instant(fairness.from))
            .with("until", Arg::Instant(fairness.until));
        let shares = fairness.shares.iter().flat_map(share_lines);
        let debts = fairness.debts.iter().map(|debt| {
            Message::new("fair-debt")
                .with("owes", Arg::Member(debt.owes.clone()))
                .with("to", Arg::Member(debt.to.clone()))
                .with("turns", count(debt.turns))
        });
        std::iter::once(head).chain(shares).chain(debts).collect()
    }
}

fn share_lines(share: &Share) -> Vec<Message> {
    let mut notes = Vec::new();
    if let Some(joined) = share.joined {
        notes.push(Message::new("fair-joined").with("since", Arg::Day(joined)));
    }
    if share.has_left {
        notes.push(Message::new("fair-left"));
    }
    let parts = [
        (Message::new("fair-by-cover"), share.by_cover_ms),
        (Message::new("fair-by-override"), share.by_override_ms),
        (Message::new("fair-by-swap"), share.by_swap_ms),
    ];
    let parts = parts.into_iter().filter(|(_, ms)| *ms > 0);
    notes.extend(parts.map(|(message, ms)| message.with("amount", Arg::Span(ms))));
    let head = Message::new("fair-share")
        .with("member", Arg::Member(share.member.clone()))
        .with("turns", count(share.turns))
        .with("worked", count(share.worked_days))
        .with("weekends", count(share.weekend_days))
        .with("holidays", count(share.holidays))
        .with("amount", Arg::Span(share.on_duty_ms));
    std::iter::once(head).chain(notes).collect()
}

fn listed(lines: impl IntoIterator<Item = Message>) -> Message {
    Message::new("duty").with("lines", Arg::Lines(lines.into_iter().collect()))
}

fn book_lines(book: &Book, now: Timestamp, today: crate::time::Date) -> Vec<(u64, Message)> {
    let absences = book
        .absences
        .iter()
        .filter(|(_, absence)| absence.days.ends.is_none_or(|ends| today < ends));
    let absences = absences.map(|(seq, absence)| {
        let line = Message::new("book-absence")
            .with("number", number(*seq))
            .with("member", Arg::Member(absence.member.clone()))
            .with("days", Arg::Lines(vec![days_said(&absence.days)]));
        (*seq, line)
    });
    let swaps = book
        .swaps
        .iter()
        .filter(|(_, swap)| swap.mine.ends_at.max(swap.theirs.ends_at) > now);
    let swaps = swaps.filter_map(|(seq, swap)| {
        let line = match swap.state {
            SwapState::Offered => Message::new("book-swap-open"),
            SwapState::Agreed { .. } => Message::new("book-swap"),
            SwapState::Declined { .. }
            | SwapState::Withdrawn { .. }
            | SwapState::CalledOff { .. }
            | SwapState::Lapsed { .. } => return None,
        };
        let line = line
            .with("number", number(*seq))
            .with("from", Arg::Member(swap.from.clone()))
            .with("with", Arg::Member(swap.with.clone()))
            .with("mine", Arg::Instant(swap.mine.starts_at))
            .with("theirs", Arg::Instant(swap.theirs.starts_at));
        Some((*seq, line))
    });
    let laid = book.laid.iter().filter(|laid| laid.span.ends_at > now);
    let laid = laid.filter(|laid| !matches!(laid.why, Why::Swap { .. }));
    let laid = laid.map(|laid| {
        let line = Message::new("book-laid")
            .with("number", number(laid.number))
            .with("member", Arg::Member(laid.member.clone()))
            .with("why", why_theirs(Some(laid)))
            .with("from", Arg::Instant(laid.span.starts_at))
            .with("until", Arg::Instant(laid.span.ends_at));
        (laid.number, line)
    });
    absences.chain(swaps).chain(laid).collect()
}

#[cfg(test)]
mod tests;
