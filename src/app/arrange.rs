//! What a person arranges that is about no inquiry: overrides, swaps, absences and cover of the duty; their language.

use super::desk::{ActError, App, Order};
use super::duty_book::{BookDone, BookError};
use super::duty_refusals::duty_refusal;
use super::moment::{Toward, parse_day, parse_moment};
use super::perform::{Answered, Declined, Person};
use super::ports::Ask;
use super::requests::{choice, missing, plain};
use super::verbs::{Request, Verb};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Refusal;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::Rota;
use crate::domain::rota::book::{Days, DutyCommand, DutyEvent, DutyRefusal, Span, days_said};
use crate::time::{Date, Timestamp, Weekday};

impl From<BookError> for Declined {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Refused(refusal) => {
                let data = serde_json::to_value(&refusal).unwrap_or_default();
                Declined::Message(duty_refusal(&refusal), data)
            }
            BookError::Contended => Declined::Act(ActError::Contended),
            BookError::Store(error) => Declined::Act(error.into()),
        }
    }
}

impl App {
    /// Does what a person arranges about the duty.
    pub(super) async fn arrange(&self, ask: &Ask, person: &Person) -> Result<Answered, Declined> {
        let command = self.duty_command(&ask.verb, person).await?;
        let order = Order {
            actor: person.actor.clone(),
            via: ask.via.clone(),
            command_key: ask.command_key.clone(),
            texts: Vec::new(),
        };
        let done = self.on_book(&order, command).await?;
        let lines: Vec<serde_json::Value> = done
            .entries
            .iter()
            .map(|entry| serde_json::json!({ "number": entry.seq, "event": entry.event }))
            .collect();
        Ok(Answered {
            message: done_message(&done),
            about: None,
            data: serde_json::json!({ "lines": lines, "is_repeat": done.is_repeat }),
        })
    }

    async fn duty_command(
        &self,
        request: &Request,
        person: &Person,
    ) -> Result<DutyCommand, Declined> {
        let now = self.clock.now();
        Ok(match request.verb {
            Verb::DutyOverride => self.override_asked(request, now)?,
            Verb::Swap => self.swap_asked(request, person, now)?,
            Verb::AcceptSwap => DutyCommand::AcceptSwap {
                number: number(request)?,
            },
            Verb::DeclineSwap => DutyCommand::DeclineSwap {
                number: number(request)?,
            },
            Verb::DeclineCover => DutyCommand::DeclineCover {
                number: number(request)?,
            },
            Verb::TakeBack => DutyCommand::TakeBack {
                number: number(request)?,
            },
            Verb::Cover => {
                let by = own(person)?;
                DutyCommand::Cover {
                    rota: self.rota_asked(request, &by, now)?.name().to_owned(),
                    on: self.day_needed(request, "on", now)?,
                }
            }
            Verb::Absent => DutyCommand::EnterAbsence {
                member: self.who_asked(request, "who", person)?,
                days: self.days_asked(request, now)?,
            },
            Verb::Back => self.return_asked(request, person)?,
            Verb::ReadGuide => DutyCommand::ReadGuide,
            verb => unreachable!("\"{}\" arranges nothing", verb.name()),
        })
    }

    fn override_asked(&self, request: &Request, now: Timestamp) -> Result<DutyCommand, Declined> {
        let member = self.member_named(request, "member")?.id.clone();
        let rota = match request.param("rota") {
            Some(name) => self.rota_named(name)?,
            None => self.default_rota(),
        };
        let moment = |name: &str| self.moment_needed(request, name, now);
        Ok(DutyCommand::LayOverride {
            rota: rota.name().to_owned(),
            span: Span {
                starts_at: moment("from")?,
                ends_at: moment("until")?,
            },
            member,
        })
    }

    fn swap_asked(
        &self,
        request: &Request,
        person: &Person,
        now: Timestamp,
    ) -> Result<DutyCommand, Declined> {
        let from = self.who_asked(request, "for", person)?;
        Ok(DutyCommand::Swap {
            rota: self.rota_asked(request, &from, now)?.name().to_owned(),
            with: self.member_named(request, "with")?.id.clone(),
            mine: self.day_needed(request, "mine", now)?,
            theirs: self.day_needed(request, "theirs", now)?,
            from,
        })
    }

    /// `back`, `back 12` or `back aoki`.
    fn return_asked(&self, request: &Request, person: &Person) -> Result<DutyCommand, Declined> {
        let Some(given) = request.param("which") else {
            return Ok(DutyCommand::Return {
                member: own(person)?,
                number: None,
            });
        };
        match digits(given).parse() {
            Ok(number) => Ok(DutyCommand::TakeBack { number }),
            Err(_) => Ok(DutyCommand::Return {
                member: self.member_named(request, "which")?.id.clone(),
                number: None,
            }),
        }
    }

    fn days_asked(&self, request: &Request, now: Timestamp) -> Result<Days, Declined> {
        let starts = match request.param("from") {
            Some(given) => self.day(given, now)?,
            None => self.duty_team(now).today,
        };
        let every = match request.param("every") {
            Some(_) => weekday(choice(request, "every")?),
            None => None,
        };
        let last = match (request.param("until"), every) {
            (Some(given), _) => Some(self.day(given, now)?),
            (None, None) => Some(starts),
            (None, Some(_)) => None,
        };
        Ok(Days {
            starts,
            ends: last.and_then(|last| last.tomorrow().ok()),
            every,
        })
    }

    /// The member named, or whoever asks.
    fn who_asked(
        &self,
        request: &Request,
        name: &str,
        person: &Person,
    ) -> Result<MemberId, Declined> {
        match request.param(name) {
            Some(_) => Ok(self.member_named(request, name)?.id.clone()),
            None => own(person),
        }
    }

    /// The rota named; else the only one by which the member is in turn; else that of the default queue.
    fn rota_asked(
        &self,
        request: &Request,
        member: &MemberId,
        now: Timestamp,
    ) -> Result<&Rota, Declined> {
        if let Some(name) = request.param("rota") {
            return self.rota_named(name);
        }
        Ok(match self.rotas_of(member, now).as_slice() {
            [only] => only,
            _ => self.default_rota(),
        })
    }

    fn default_rota(&self) -> &Rota {
        self.setup.rota_at(
            self.setup.queue(&self.setup.default_queue),
            self.clock.now(),
        )
    }

    /// A rota by its own name, or by a queue that it serves.
    pub(super) fn rota_named(&self, name: &str) -> Result<&Rota, Declined> {
        let now = self.clock.now();
        let by_queue = || Some(self.setup.rota_at(self.setup.find_queue(name)?, now));
        let found = self.setup.rotas.get(name).or_else(by_queue);
        found.ok_or_else(|| {
            let known: Vec<&str> = self.setup.rotas.keys().map(String::as_str).collect();
            Declined::say(
                Message::new("refused-no-rota")
                    .with("given", plain(name))
                    .with("known", plain(&known.join(", "))),
            )
        })
    }

    pub(super) fn moment_needed(
        &self,
        request: &Request,
        name: &str,
        now: Timestamp,
    ) -> Result<Timestamp, Declined> {
        let given = request.param(name).ok_or_else(|| missing(request, name))?;
        parse_moment(given, now, &self.setup.zone, Toward::Future).map_err(|_| {
            Declined::say(Message::new("refused-no-moment").with("given", plain(given)))
        })
    }

    fn day_needed(&self, request: &Request, name: &str, now: Timestamp) -> Result<Date, Declined> {
        let given = request.param(name).ok_or_else(|| missing(request, name))?;
        self.day(given, now)
    }

    pub(super) fn day(&self, given: &str, now: Timestamp) -> Result<Date, Declined> {
        let today = now.to_zoned(self.setup.zone.clone()).date();
        parse_day(given, today)
            .map_err(|_| Declined::say(Message::new("refused-no-day").with("given", plain(given))))
    }

    pub(super) async fn choose_language(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let Some(member) = person.actor.member() else {
            return Err(Declined::Act(Refusal::MembersOnly.into()));
        };
        let code = choice(request, "language")?;
        self.store.set_language(member, code).await?;
        Ok(Answered {
            message: Message::new("done-language"),
            about: None,
            data: serde_json::json!({ "language": code }),
        })
    }
}

/// The member who asks; a script must say whom it means.
fn own(person: &Person) -> Result<MemberId, Declined> {
    let member = person.actor.member().cloned();
    member.ok_or_else(|| BookError::Refused(DutyRefusal::MembersOnly).into())
}

fn number(request: &Request) -> Result<u64, Declined> {
    let given = request
        .param("number")
        .ok_or_else(|| missing(request, "number"))?;
    digits(given)
        .parse()
        .map_err(|_| Declined::say(Message::new("refused-no-number").with("given", plain(given))))
}

/// `#12`, `12番`, full-width digits.
fn digits(given: &str) -> String {
    let plain = given.trim().trim_start_matches(['#', '＃']);
    let plain = plain.strip_suffix('番').unwrap_or(plain);
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    plain.chars().map(narrow).collect()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// What was done, by the line that says it; with an absence also who covers.
fn done_message(done: &BookDone) -> Message {
    if done.is_repeat {
        return Message::new("done-duty-before");
    }
    let Some(first) = done.entries.first() else {
        return Message::new("done-duty-nothing");
    };
    let number = Arg::Number(i64::try_from(first.seq).unwrap_or(i64::MAX));
    let message = match &first.event {
        DutyEvent::OverrideLaid { member, span, .. } => Message::new("done-override")
            .with("member", Arg::Member(member.clone()))
            .with("from", Arg::Instant(span.starts_at))
            .with("until", Arg::Instant(span.ends_at)),
        DutyEvent::SwapOffered { with, .. } => {
            Message::new("done-swap-offered").with("member", Arg::Member(with.clone()))
        }
        DutyEvent::SwapArranged { from, with, .. } => Message::new("done-swap-arranged")
            .with("from", Arg::Member(from.clone()))
            .with("with", Arg::Member(with.clone())),
        DutyEvent::SwapAccepted { .. } => Message::new("done-swap-accepted"),
        DutyEvent::SwapDeclined { .. } => Message::new("done-swap-declined"),
        DutyEvent::AbsenceEntered { member, days, .. } => Message::new("done-absent")
            .with("member", Arg::Member(member.clone()))
            .with("days", Arg::Lines(vec![days_said(days)])),
        DutyEvent::AbsenceEnded { .. } => Message::new("done-back"),
        DutyEvent::CoverDeclined { .. } => Message::new("done-cover-declined"),
        DutyEvent::CoverTaken { .. } | DutyEvent::CoverTakenBack { .. } => {
            Message::new("done-cover")
        }
        DutyEvent::GuideRead { .. } => Message::new("done-guide"),
        DutyEvent::OverrideRemoved { .. }
        | DutyEvent::SwapWithdrawn { .. }
        | DutyEvent::SwapCalledOff { .. } => Message::new("done-taken-back"),
        // These begin with something that somebody asked; they follow from time or from what was asked.
        DutyEvent::SwapLapsed { .. }
        | DutyEvent::SwapReminded { .. }
        | DutyEvent::SwapForetold { .. }
        | DutyEvent::AbsenceChanged { .. }
        | DutyEvent::CoverFound { .. }
        | DutyEvent::CoverMissing { .. }
        | DutyEvent::GuideSent { .. }
        | DutyEvent::GuideAskedAgain { .. } => Message::new("done-duty-nothing"),
    };
    let more = done.entries.iter().filter_map(|entry| match &entry.event {
        DutyEvent::CoverFound { by, span, .. } => Some(
            Message::new("done-cover-found")
                .with("member", Arg::Member(by.clone()))
                .with("from", Arg::Instant(span.starts_at)),
        ),
        DutyEvent::CoverMissing { span, .. } => {
            Some(Message::new("done-cover-missing").with("from", Arg::Instant(span.starts_at)))
        }
        _ => None,
    });
    let lines: Vec<Message> = std::iter::once(message.with("number", number))
        .chain(more)
        .collect();
    Message::new("duty").with("lines", Arg::Lines(lines))
}
