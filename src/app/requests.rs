//! Words into commands: what a request names is looked up, what is missing or odd is said.

use super::desk::App;
use super::moment::{Toward, parse_moment};
use super::perform::Declined;
use super::ports::Stored;
use super::setup::Member;
use super::verbs::{Param, ParamKind, Request, Verb};
use crate::domain::contract::Finding;
use crate::domain::ids::{QueueId, TextId};
use crate::domain::inquiry::{
    Checked, CloseReason, Command, Moving, NextBy, ReferredTo, Resolution, Severity, WaitingOn,
};
use crate::domain::notice::{Arg, Message};
use crate::time::Timestamp;

impl App {
    /// Turns words into a command.
    pub(super) fn command(
        &self,
        request: &Request,
        stored: &Stored,
        words: &mut Words<'_>,
    ) -> Result<Command, Declined> {
        let zone = &self.setup.queue(&stored.inquiry.queue).zone;
        let now = self.clock.now();
        let moment = |name: &str, toward: Toward| -> Result<Option<Timestamp>, Declined> {
            request
                .param(name)
                .map(|given| {
                    parse_moment(given, now, zone, toward).map_err(|_| {
                        Declined::say(Message::new("refused-no-moment").with("given", plain(given)))
                    })
                })
                .transpose()
        };
        Ok(match request.verb {
            Verb::Claim => Command::Claim,
            Verb::Accept => Command::Accept,
            Verb::Release => Command::Release {
                reason: words.maybe(request, "reason"),
            },
            Verb::Assign => Command::Assign {
                to: self.member_named(request, "to")?.id.clone(),
            },
            Verb::TakeOver => Command::TakeOver {
                reason: words.needed(request, "reason")?,
            },
            Verb::Note => Command::Note {
                text: words.needed(request, "text")?,
            },
            Verb::Reply | Verb::Ask => Command::Reply {
                text: words.needed(request, "text")?,
                is_question: request.verb == Verb::Ask,
                has_way_back: self.way_back.takes_replies(&stored.inquiry.origin.source),
            },
            Verb::Replied => Command::Replied {
                at: moment("at", Toward::Past)?,
                text: words.maybe(request, "text"),
                was_sent: false,
            },
            Verb::RetractReply => Command::RetractReply,
            Verb::Heard => Command::Heard {
                text: words.needed(request, "text")?,
                at: moment("at", Toward::Past)?,
            },
            Verb::NoAnswerNeeded => Command::NoAnswerNeeded,
            Verb::Wait => Command::Wait {
                on: match choice(request, "on")? {
                    "vendor" => WaitingOn::Vendor,
                    "development" => WaitingOn::Development,
                    "next_tier" => WaitingOn::NextTier,
                    _ => WaitingOn::Requester,
                },
                chase_at: moment("until", Toward::Future)?,
                asked: words.maybe(request, "asked"),
                case: words.maybe(request, "case"),
            },
            Verb::Resume => Command::Resume {
                answer: words.maybe(request, "answer"),
            },
            Verb::Severity => Command::SetSeverity {
                to: severity(request, "to")?,
                reason: words.maybe(request, "reason"),
            },
            Verb::ProposeSeverity => Command::ProposeSeverity {
                to: severity(request, "to")?,
                reason: words.needed(request, "reason")?,
            },
            Verb::AgreeSeverity => Command::AgreeSeverity {
                to: severity_seen(request)?,
                note: words.maybe(request, "note"),
            },
            Verb::DeclineSeverity => Command::DeclineSeverity {
                to: severity_seen(request)?,
                reason: words.maybe(request, "reason"),
            },
            Verb::NotUrgent => Command::NotUrgent {
                reason: words.needed(request, "reason")?,
            },
            Verb::Transfer => {
                let queue = self.queue_named(request, "to")?;
                Command::Transfer {
                    to: queue.0,
                    rules: self.setup.policies.get(&queue.1).cloned(),
                    policy: queue.1,
                    reason: words.needed(request, "reason")?,
                    moving: match maybe_choice(request, "as")? {
                        Some("handed_on") => Moving::HandedOn,
                        Some(_) | None => Moving::Misrouted,
                    },
                }
            }
            Verb::Snooze if request.param("until").is_some_and(is_reply) => {
                Command::SnoozeUntilReply
            }
            Verb::Unsnooze => Command::Unsnooze,
            Verb::Snooze => Command::Snooze {
                until: moment("until", Toward::Future)?.ok_or_else(|| missing(request, "until"))?,
            },
            Verb::Mute => Command::Mute {
                until: moment("until", Toward::Future)?,
            },
            Verb::Unmute => Command::Unmute,
            Verb::Resolve => Command::Resolve(Resolution {
                category: request.param("category").map(str::to_owned),
                cause: words.maybe(request, "cause"),
                workaround: words.maybe(request, "workaround"),
                no_workaround: words.maybe(request, "no_workaround"),
                answer: words.maybe(request, "answer"),
            }),
            Verb::Close => Command::Close {
                reason: match choice(request, "as")? {
                    "duplicate" => CloseReason::Duplicate,
                    "refused" => CloseReason::Refused,
                    "spam" => CloseReason::Spam,
                    "out_of_scope" => CloseReason::OutOfScope,
                    "gone" => CloseReason::Gone,
                    _ => CloseReason::Agreed,
                },
                note: words.maybe(request, "note"),
            },
            Verb::Reopen => Command::Reopen {
                reason: words.maybe(request, "reason"),
            },
            // What it says where nobody says it is filled in by whoever performs.
            Verb::Bounce => Command::Bounce {
                reason: words.needed(request, "reason")?,
                has_way_back: self.has_way_to_bounce(&stored.inquiry),
                is_elsewhere: maybe_choice(request, "told")? == Some("elsewhere"),
            },
            Verb::OutOfScope => Command::Refer {
                to: match choice(request, "to")? {
                    "sales" => ReferredTo::Sales,
                    "professional_services" => ReferredTo::ProfessionalServices,
                    _ => ReferredTo::Other {
                        who: words.needed(request, "who")?,
                    },
                },
                note: words.maybe(request, "note"),
                reply: words.maybe(request, "reply"),
                has_way_back: self.way_back.takes_replies(&stored.inquiry.origin.source),
            },
            Verb::Keep => Command::Keep,
            // Who has the duty is looked up by whoever performs.
            Verb::HandOver => Command::HandOver { duty: None },
            Verb::Next => Command::SetNext {
                text: words.needed(request, "text")?,
                who: match request.param("who").map(|_| choice(request, "who")) {
                    None => NextBy::Us,
                    Some(who) => match who? {
                        "requester" => NextBy::Requester,
                        "vendor" => NextBy::Vendor,
                        "development" => NextBy::Development,
                        _ => NextBy::Us,
                    },
                },
                until: moment("until", Toward::Future)?,
            },
            // What the register says is looked up by whoever performs.
            Verb::CheckContract => Command::CheckContract(Checked {
                finding: Finding::Unknown,
                is_required: false,
            }),
            Verb::Refuse => Command::Refuse {
                text: words.needed(request, "text")?,
                has_way_back: self.way_back.takes_replies(&stored.inquiry.origin.source),
            },
            Verb::Except => Command::ExceptContract {
                reason: words.needed(request, "reason")?,
            },
            Verb::File | Verb::Link | Verb::Unlink => self.issue_command(request, stored, words)?,
            verb => unreachable!("\"{}\" changes no inquiry", verb.name()),
        })
    }

    pub(super) fn member_named(&self, request: &Request, name: &str) -> Result<&Member, Declined> {
        let given = request.param(name).ok_or_else(|| missing(request, name))?;
        // A platform may hand over its own id of the person.
        let by_chat = self.setup.people.members.iter().find(|(_, person)| {
            person
                .chat_ids
                .values()
                .any(|id| id == given || format!("<@{id}>") == given)
        });
        by_chat
            .and_then(|(id, _)| self.setup.members.get(id))
            .or_else(|| self.setup.find_member(given))
            .ok_or_else(|| {
                let known = self
                    .setup
                    .members
                    .values()
                    .map(|member| member.name.clone());
                Declined::say(
                    Message::new("refused-no-member")
                        .with("given", plain(given))
                        .with("known", plain(&known.collect::<Vec<_>>().join(", "))),
                )
            })
    }

    pub(super) fn queue_named(
        &self,
        request: &Request,
        name: &str,
    ) -> Result<(QueueId, crate::domain::inquiry::PolicyHash), Declined> {
        let given = request.param(name).ok_or_else(|| missing(request, name))?;
        let queue = self.setup.find_queue(given).ok_or_else(|| {
            let known = self.setup.queues.keys().map(ToString::to_string);
            Declined::say(
                Message::new("refused-no-queue")
                    .with("given", plain(given))
                    .with("known", plain(&known.collect::<Vec<_>>().join(", "))),
            )
        })?;
        Ok((queue.id.clone(), queue.policy.clone()))
    }

    /// Checks that what must be there is there.
    pub(super) fn check_params(&self, request: &Request) -> Result<(), Declined> {
        for param in request.verb.params() {
            if param.is_required && request.param(param.name).is_none() {
                return Err(missing(request, param.name));
            }
        }
        let known = |name: &String| request.verb.params().iter().any(|param| param.name == name);
        if let Some(odd) = request.params.keys().find(|name| !known(name)) {
            let known: Vec<&str> = request
                .verb
                .params()
                .iter()
                .map(|param| param.name)
                .collect();
            return Err(Declined::say(
                Message::new("refused-odd-param")
                    .with("given", plain(odd))
                    .with("verb", plain(request.verb.name()))
                    .with("known", plain(&known.join(", "))),
            ));
        }
        if let Some(too_long) = request
            .params
            .iter()
            .find(|(_, value)| value.chars().count() > LONGEST)
        {
            return Err(Declined::say(
                Message::new("refused-too-long")
                    .with("name", plain(too_long.0))
                    .with("limit", Arg::Number(LONGEST as i64)),
            ));
        }
        if request.params.values().any(|value| value.contains('\0')) {
            return Err(Declined::say(Message::new("refused-nul")));
        }
        Ok(())
    }
}

/// How long a parameter may be, in characters: more than any answer, less than a mistake.
const LONGEST: usize = 20_000;

pub(super) fn plain(text: &str) -> Arg {
    Arg::Plain(text.to_owned())
}

pub(super) fn missing(request: &Request, name: &str) -> Declined {
    let param: Option<&Param> = request
        .verb
        .params()
        .iter()
        .find(|param| param.name == name);
    Declined::say(
        Message::new("refused-missing-param")
            .with("verb", plain(request.verb.name()))
            .with("verb_ja", plain(request.verb.name_ja()))
            .with("name", plain(name))
            .with("name_ja", plain(param.map_or(name, |param| param.name_ja))),
    )
}

/// The same for a parameter that need not be there.
fn maybe_choice<'a>(request: &'a Request, name: &str) -> Result<Option<&'a str>, Declined> {
    let is_said = request.param(name).is_some();
    is_said.then(|| choice(request, name)).transpose()
}

/// One of a parameter's few words, in either language, as its English word.
pub(super) fn choice<'a>(request: &'a Request, name: &str) -> Result<&'a str, Declined> {
    let given = request.param(name).ok_or_else(|| missing(request, name))?;
    let param = request
        .verb
        .params()
        .iter()
        .find(|param| param.name == name);
    let Some(ParamKind::Choice(choices)) = param.map(|param| param.kind) else {
        return Ok(given);
    };
    let found = choices.iter().find(|(en, ja)| {
        en.eq_ignore_ascii_case(given)
            || en.replace('_', "-").eq_ignore_ascii_case(given)
            || *ja == given
    });
    found.map(|(en, _)| *en).ok_or_else(|| {
        let known: Vec<String> = choices
            .iter()
            .map(|(en, ja)| format!("{en} ({ja})"))
            .collect();
        Declined::say(
            Message::new("refused-odd-choice")
                .with("given", plain(given))
                .with("name", plain(name))
                .with("known", plain(&known.join(", "))),
        )
    })
}

/// Says of the end of a snooze that it is the requester's reply.
fn is_reply(given: &str) -> bool {
    ["reply", "until-reply", "返信", "返信まで", "返信があるまで"]
        .iter()
        .any(|word| given.eq_ignore_ascii_case(word))
}

/// The severity that an answer to a proposal means, if it says.
fn severity_seen(request: &Request) -> Result<Option<Severity>, Declined> {
    let is_said = request.param("to").is_some();
    is_said.then(|| severity(request, "to")).transpose()
}

pub(super) fn severity(request: &Request, name: &str) -> Result<Severity, Declined> {
    let given = request.param(name).ok_or_else(|| missing(request, name))?;
    given.parse().map_err(|()| {
        Declined::say(
            Message::new("refused-odd-choice")
                .with("given", plain(given))
                .with("name", plain(name))
                .with("known", plain("S1, S2, S3, S4")),
        )
    })
}

/// Gives a person's words their ids.
pub(super) struct Words<'a> {
    app: &'a App,
    pub texts: Vec<(TextId, String)>,
}

impl<'a> Words<'a> {
    pub fn new(app: &'a App) -> Self {
        Words {
            app,
            texts: Vec::new(),
        }
    }

    pub(super) fn maybe(&mut self, request: &Request, name: &str) -> Option<TextId> {
        let words = request.param(name)?;
        let id: TextId = self.app.ids.id().into();
        self.texts.push((id.clone(), words.to_owned()));
        Some(id)
    }

    pub(super) fn needed(&mut self, request: &Request, name: &str) -> Result<TextId, Declined> {
        self.maybe(request, name)
            .ok_or_else(|| missing(request, name))
    }

    /// Words that must be there and are one line: what breaks them up becomes a space.
    pub(super) fn one_line(&mut self, request: &Request, name: &str) -> Result<TextId, Declined> {
        let words = request.param(name).ok_or_else(|| missing(request, name))?;
        let id: TextId = self.app.ids.id().into();
        let words: Vec<&str> = words.split_whitespace().collect();
        self.texts.push((id.clone(), words.join(" ")));
        Ok(id)
    }

    /// Gives words an id that nobody typed just now.
    pub(super) fn known(&mut self, words: String) -> TextId {
        let id: TextId = self.app.ids.id().into();
        self.texts.push((id.clone(), words));
        id
    }
}
