//! What a person asks, from words to an answer: the `Inbox` of every platform, the API and the command line.

use super::desk::{ActError, App, Order};
use super::moment::{Toward, parse_moment};
use super::ports::*;
use super::setup::Member;
use super::verbs::{Param, ParamKind, Request, Verb};
use crate::domain::ids::{InquiryId, MemberId, QueueId, TextId};
use crate::domain::inquiry::{
    Actor, CloseReason, Command, Event, Refusal, Resolution, Severity, WaitingOn,
};
use crate::domain::notice::{Arg, Message};
use crate::i18n::Lang;
use crate::time::Timestamp;
use async_trait::async_trait;

/// Why something asked was not done.
#[derive(Debug)]
pub(super) enum Declined {
    Message(Message, serde_json::Value),
    Act(ActError),
}

impl From<ActError> for Declined {
    fn from(error: ActError) -> Self {
        Declined::Act(error)
    }
}

impl From<StoreError> for Declined {
    fn from(error: StoreError) -> Self {
        Declined::Act(error.into())
    }
}

impl Declined {
    fn say(message: Message) -> Self {
        let code = message.id.clone();
        Declined::Message(message, serde_json::json!({ "code": code }))
    }
}

/// What a person is told, and about what.
pub(super) struct Answered {
    pub message: Message,
    pub about: Option<Stored>,
    pub data: serde_json::Value,
}

/// A person who may act.
pub(super) struct Person {
    pub actor: Actor,
}

#[async_trait]
impl Inbox for App {
    async fn perform(&self, ask: Ask) -> Told {
        let lang = self.language_of(&ask.by).await;
        match self.try_perform(&ask).await {
            Ok(answered) => self.told(lang, false, answered).await,
            Err(Declined::Message(message, data)) => {
                self.told(
                    lang,
                    true,
                    Answered {
                        message,
                        about: None,
                        data,
                    },
                )
                .await
            }
            Err(Declined::Act(ActError::Refused(refusal))) => {
                let data = serde_json::to_value(&refusal).unwrap_or_default();
                let about = self.inquiry_asked(&ask).await.ok();
                let message = super::refusals::refusal(
                    &refusal,
                    about.as_ref().map(|stored| stored.reference),
                );
                self.told(
                    lang,
                    true,
                    Answered {
                        message,
                        about,
                        data,
                    },
                )
                .await
            }
            Err(Declined::Act(ActError::NotFound)) => {
                let message = not_found(&ask);
                let data = serde_json::json!({ "code": "not_found" });
                self.told(
                    lang,
                    true,
                    Answered {
                        message,
                        about: None,
                        data,
                    },
                )
                .await
            }
            Err(Declined::Act(error @ (ActError::Contended | ActError::Store(_)))) => {
                tracing::error!(error = %error, via = %ask.via, "a request was not done: {error}");
                let data = serde_json::json!({ "code": "unavailable" });
                let message = Message::new("refused-unavailable");
                self.told(
                    lang,
                    true,
                    Answered {
                        message,
                        about: None,
                        data,
                    },
                )
                .await
            }
        }
    }

    async fn complete(
        &self,
        who: &AskedBy,
        beginning: &str,
        limit: usize,
    ) -> Vec<(Reference, String)> {
        if self.person(who).is_err() {
            return Vec::new();
        }
        let filter = ListFilter {
            is_open: Some(true),
            limit: 200,
            ..ListFilter::default()
        };
        let Ok(open) = self.store.list(&filter).await else {
            return Vec::new();
        };
        let titles: Vec<TextId> = open.iter().map(|s| s.inquiry.facts.title.clone()).collect();
        let titles = self.store.texts(&titles).await.unwrap_or_default();
        let wanted = beginning.trim().to_lowercase();
        let digits = wanted.trim_start_matches(['q', '-']);
        open.iter()
            .filter_map(|stored| {
                let title = titles
                    .get(&stored.inquiry.facts.title)
                    .cloned()
                    .unwrap_or_default();
                let fits = wanted.is_empty()
                    || title.to_lowercase().contains(&wanted)
                    || (!digits.is_empty() && stored.reference.0.to_string().starts_with(digits));
                fits.then(|| {
                    (
                        stored.reference,
                        format!("{} {} {title}", stored.reference, stored.inquiry.severity),
                    )
                })
            })
            .take(limit)
            .collect()
    }

    async fn inquiry_at(
        &self,
        platform: &str,
        message_or_thread: &str,
    ) -> Option<(InquiryId, Reference)> {
        let card = self
            .store
            .card_at(platform, message_or_thread)
            .await
            .ok()??;
        let stored = self.store.inquiry(&card.inquiry).await.ok()??;
        Some((stored.inquiry.id, stored.reference))
    }

    async fn resolve_form(&self, inquiry: &InquiryId) -> Option<ResolveForm> {
        let stored = self.store.inquiry(inquiry).await.ok()??;
        let policy = self.policy(&stored.inquiry.policy).await.ok()?;
        Some(ResolveForm {
            reference: stored.reference,
            kind: stored.inquiry.facts.kind,
            categories: policy.categories.clone(),
        })
    }
}

impl App {
    async fn try_perform(&self, ask: &Ask) -> Result<Answered, Declined> {
        let person = self.person(&ask.by)?;
        self.check_params(&ask.verb)?;
        match ask.verb.verb {
            Verb::List => self.list_for(&person, &ask.verb).await,
            Verb::DutyToday => self.duty_today().await,
            Verb::DutyWeek => self.duty_week_lines().await,
            Verb::DutyOverride => self.duty_override(&person, &ask.verb).await,
            Verb::Language => self.choose_language(&person, &ask.verb).await,
            Verb::Help => Ok(help()),
            Verb::Show => {
                let stored = self.inquiry_asked(ask).await?;
                self.show_lines(stored).await
            }
            Verb::Why => {
                let stored = self.inquiry_asked(ask).await?;
                self.why_lines(stored).await
            }
            _ => self.change(ask, &person).await,
        }
    }

    async fn change(&self, ask: &Ask, person: &Person) -> Result<Answered, Declined> {
        let stored = self.inquiry_asked(ask).await?;
        let mut words = Words {
            app: self,
            texts: Vec::new(),
        };
        let command = self.command(&ask.verb, &stored, &mut words)?;
        let order = Order {
            actor: person.actor.clone(),
            via: ask.via.clone(),
            command_key: ask.command_key.clone(),
            texts: words.texts,
        };
        let done = self.act(&stored.inquiry.id, order, command).await?;
        let kinds: Vec<String> = done
            .events
            .iter()
            .map(|event| super::ledger::to_stored(event).0)
            .collect();
        let data = serde_json::json!({
            "reference": done.stored.reference.to_string(),
            "events": kinds,
            "is_repeat": done.is_repeat,
        });
        let message = if done.is_repeat {
            Message::new("done-before")
        } else if done.events.is_empty() {
            Message::new("done-nothing")
        } else {
            done_message(ask.verb.verb, &done.events)
        };
        let message = message.with("reference", Arg::Reference(done.stored.reference.0));
        Ok(Answered {
            message,
            about: Some(done.stored),
            data,
        })
    }

    /// Turns words into a command.
    fn command(
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
                    _ => WaitingOn::Requester,
                },
                chase_at: moment("until", Toward::Future)?,
            },
            Verb::Resume => Command::Resume,
            Verb::Severity => Command::SetSeverity {
                to: severity(request)?,
                reason: words.maybe(request, "reason"),
            },
            Verb::NotUrgent => Command::NotUrgent {
                reason: words.needed(request, "reason")?,
            },
            Verb::Transfer => {
                let queue = self.queue_named(request, "to")?;
                Command::Transfer {
                    to: queue.0,
                    policy: queue.1,
                    reason: words.needed(request, "reason")?,
                }
            }
            Verb::Snooze => Command::Snooze {
                until: moment("until", Toward::Future)?.ok_or_else(|| missing(request, "until"))?,
            },
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
                    _ => CloseReason::Agreed,
                },
                note: words.maybe(request, "note"),
            },
            Verb::Reopen => Command::Reopen {
                reason: words.maybe(request, "reason"),
            },
            Verb::List
            | Verb::Show
            | Verb::Why
            | Verb::DutyToday
            | Verb::DutyWeek
            | Verb::DutyOverride
            | Verb::Language
            | Verb::Help => unreachable!("only verbs that change an inquiry come here"),
        })
    }

    /// The inquiry that the words name, or the place implies.
    pub(super) async fn inquiry_asked(&self, ask: &Ask) -> Result<Stored, Declined> {
        let found = match (ask.verb.reference, &ask.here) {
            (Some(reference), _) => self.store.by_reference(reference).await?,
            (None, Some(here)) => self.store.inquiry(here).await?,
            (None, None) => return Err(Declined::say(Message::new("refused-which-inquiry"))),
        };
        found.ok_or(Declined::Act(ActError::NotFound))
    }

    /// Names who asks, or refuses a stranger politely.
    pub(super) fn person(&self, by: &AskedBy) -> Result<Person, Declined> {
        let stranger = || Declined::say(Message::new("refused-stranger"));
        match by {
            AskedBy::Member(id) => {
                let member = self.setup.members.get(id).ok_or_else(stranger)?;
                Ok(Person {
                    actor: Actor::Member(member.id.clone()),
                })
            }
            AskedBy::Token(name) => Ok(Person {
                actor: Actor::Token(name.clone()),
            }),
            AskedBy::Chat {
                platform,
                id,
                roles,
                ..
            } => {
                let member = self
                    .setup
                    .people
                    .by_chat_id(platform, id)
                    .ok_or_else(stranger)?;
                let required = self
                    .setup
                    .required_roles
                    .get(platform)
                    .map_or(&[][..], Vec::as_slice);
                if !required.is_empty() && !required.iter().any(|role| roles.contains(role)) {
                    return Err(Declined::say(Message::new("refused-role")));
                }
                Ok(Person {
                    actor: Actor::Member(member.clone()),
                })
            }
        }
    }

    /// A person's own language; else their platform's locale; else the desk's.
    pub(super) async fn language_of(&self, by: &AskedBy) -> Lang {
        let (member, locale) = match by {
            AskedBy::Member(id) => (Some(id.clone()), None),
            AskedBy::Token(_) => (None, None),
            AskedBy::Chat {
                platform,
                id,
                locale,
                ..
            } => (
                self.setup.people.by_chat_id(platform, id).cloned(),
                locale.clone(),
            ),
        };
        if let Some(lang) = self.language_of_member(member.as_ref()).await {
            return lang;
        }
        match locale
            .as_deref()
            .map(|locale| locale.split('-').next().unwrap_or(locale))
        {
            Some("ja") => Lang::Ja,
            Some(_) => Lang::En,
            None => self.setup.lang,
        }
    }

    /// The language that a member chose or has by configuration.
    pub async fn language_of_member(&self, member: Option<&MemberId>) -> Option<Lang> {
        let member = member?;
        let chosen = self.store.language(member).await.ok().flatten();
        chosen.and_then(|code| code.parse().ok()).or_else(|| {
            self.setup
                .members
                .get(member)
                .and_then(|member| member.lang)
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

    fn queue_named(
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
    fn check_params(&self, request: &Request) -> Result<(), Declined> {
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

    async fn told(&self, lang: Lang, is_refused: bool, answered: Answered) -> Told {
        let texts = self
            .store
            .texts(&texts_of(&answered.message))
            .await
            .unwrap_or_default();
        Told {
            is_refused,
            lang,
            reference: answered.about.as_ref().map(|stored| stored.reference),
            inquiry: answered.about.map(|stored| stored.inquiry.id),
            message: answered.message,
            texts,
            data: answered.data,
        }
    }

    async fn duty_override(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let member = self.member_named(request, "member")?.clone();
        let rota = match request.param("rota") {
            Some(name) => self.setup.rotas.get(name).ok_or_else(|| {
                let known: Vec<&str> = self.setup.rotas.keys().map(String::as_str).collect();
                Declined::say(
                    Message::new("refused-no-rota")
                        .with("given", plain(name))
                        .with("known", plain(&known.join(", "))),
                )
            })?,
            None => self.setup.rota(self.setup.queue(&self.setup.default_queue)),
        };
        let now = self.clock.now();
        let moment = |name: &str| {
            let given = request.param(name).unwrap_or_default();
            parse_moment(given, now, &self.setup.zone, Toward::Future).map_err(|_| {
                Declined::say(Message::new("refused-no-moment").with("given", plain(given)))
            })
        };
        let (starts_at, ends_at) = (moment("from")?, moment("until")?);
        if ends_at <= starts_at || ends_at <= now {
            return Err(Declined::say(
                Message::new("refused-empty-span")
                    .with("from", Arg::Instant(starts_at))
                    .with("until", Arg::Instant(ends_at)),
            ));
        }
        let row = OverrideRow {
            id: self.ids.id(),
            rota: rota.name().to_owned(),
            member: member.id.clone(),
            starts_at,
            ends_at,
            by: person.actor.member().cloned(),
            created_at: now,
            removed_at: None,
        };
        self.lay_override(row.clone()).await?;
        let message = Message::new("notice-override")
            .with("by", Arg::Actor(person.actor.clone()))
            .with("member", Arg::Member(member.id.clone()))
            .with("from", Arg::Instant(starts_at))
            .with("until", Arg::Instant(ends_at));
        for queue in self
            .setup
            .queues
            .values()
            .filter(|queue| queue.rota == rota.name())
        {
            let audience = [crate::domain::sla::Audience::Member(member.id.clone())];
            let key = format!("override·{}·{}", row.id, queue.id);
            self.tell_queue(queue, &audience, message.clone(), key, now)
                .await?;
        }
        let data = serde_json::to_value(&row).unwrap_or_default();
        let message = Message::new("done-override")
            .with("member", Arg::Member(member.id))
            .with("from", Arg::Instant(starts_at))
            .with("until", Arg::Instant(ends_at));
        Ok(Answered {
            message,
            about: None,
            data,
        })
    }

    async fn choose_language(
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

/// How long a parameter may be, in characters: more than any answer, less than a mistake.
const LONGEST: usize = 20_000;

fn plain(text: &str) -> Arg {
    Arg::Plain(text.to_owned())
}

fn missing(request: &Request, name: &str) -> Declined {
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

/// One of a parameter's few words, in either language, as its English word.
fn choice<'a>(request: &'a Request, name: &str) -> Result<&'a str, Declined> {
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

fn severity(request: &Request) -> Result<Severity, Declined> {
    let given = request.param("to").ok_or_else(|| missing(request, "to"))?;
    given.parse().map_err(|()| {
        Declined::say(
            Message::new("refused-odd-choice")
                .with("given", plain(given))
                .with("name", plain("to"))
                .with("known", plain("S1, S2, S3, S4")),
        )
    })
}

fn not_found(ask: &Ask) -> Message {
    match ask.verb.reference {
        Some(reference) => {
            Message::new("refused-not-found").with("reference", Arg::Reference(reference.0))
        }
        None => Message::new("refused-which-inquiry"),
    }
}

/// What was done, by the event that says most.
fn done_message(verb: Verb, events: &[Event]) -> Message {
    match (verb, events.last()) {
        (Verb::Claim, _) => Message::new("done-claim"),
        (Verb::Accept, _) => Message::new("done-accept"),
        (Verb::Release, _) => Message::new("done-release"),
        (Verb::Assign, _) => Message::new("done-assign"),
        (Verb::TakeOver, _) => Message::new("done-take-over"),
        (Verb::Note, _) => Message::new("done-note"),
        (Verb::Reply | Verb::Ask, _) => Message::new("done-reply"),
        (Verb::Resolve, _) => Message::new("done-resolve"),
        (Verb::Close, _) => Message::new("done-close"),
        (Verb::Reopen, _) => Message::new("done-reopen"),
        (_, _) => Message::new("done"),
    }
}

fn help() -> Answered {
    let lines = Verb::ALL
        .into_iter()
        .map(|verb| {
            Message::new("help-line")
                .with("name", plain(verb.name()))
                .with("name_ja", plain(verb.name_ja()))
                .with("what", Arg::Word(verb.description()))
        })
        .collect();
    Answered {
        message: Message::new("help").with("lines", Arg::Lines(lines)),
        about: None,
        data: serde_json::json!({}),
    }
}

/// The text ids that a message names, deep.
pub fn texts_of(message: &Message) -> Vec<TextId> {
    let mut ids = Vec::new();
    for arg in message.args.values() {
        match arg {
            Arg::Text(id) => ids.push(id.clone()),
            Arg::Lines(lines) => ids.extend(lines.iter().flat_map(texts_of)),
            _ => {}
        }
    }
    ids
}

/// Gives a person's words their ids.
struct Words<'a> {
    app: &'a App,
    texts: Vec<(TextId, String)>,
}

impl Words<'_> {
    fn maybe(&mut self, request: &Request, name: &str) -> Option<TextId> {
        let words = request.param(name)?;
        let id: TextId = self.app.ids.id().into();
        self.texts.push((id.clone(), words.to_owned()));
        Some(id)
    }

    fn needed(&mut self, request: &Request, name: &str) -> Result<TextId, Declined> {
        self.maybe(request, name)
            .ok_or_else(|| missing(request, name))
    }
}
