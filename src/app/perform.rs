//! What a person asks, from words to an answer: the `Inbox` of every platform, the API and the command line.

use super::answers::{and_whose, answer};
use super::desk::{ActError, App, Done, Order};
use super::ports::*;
use super::requests::{Words, plain};
use super::verbs::{Request, Verb};
use crate::domain::ids::{InquiryId, MemberId, TextId};
use crate::domain::inquiry::{Actor, Command, Event};
use crate::domain::notice::{Arg, Message};
use crate::i18n::Lang;
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
    pub(super) fn say(message: Message) -> Self {
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
            Err(declined) => {
                let answered = self.declined(&ask, declined).await;
                self.told(lang, true, answered).await
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

    async fn draft(&self, request: &Request, here: Option<&InquiryId>) -> Draft {
        let made = self.draft_asked(request, here).await;
        made.unwrap_or_else(|error| {
            tracing::warn!(verb = request.verb.name(), "a form begins empty: {error}");
            Draft::default()
        })
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
    /// What a person is told who asked for what cannot be done.
    async fn declined(&self, ask: &Ask, declined: Declined) -> Answered {
        let (message, about, data) = match declined {
            Declined::Message(message, data) => (message, None, data),
            Declined::Act(ActError::Refused(refusal)) => {
                let data = serde_json::to_value(&refusal).unwrap_or_default();
                let about = self.inquiry_asked(ask).await.ok();
                let reference = about.as_ref().map(|stored| stored.reference);
                (super::refusals::refusal(&refusal, reference), about, data)
            }
            Declined::Act(ActError::NotFound) => {
                let data = serde_json::json!({ "code": "not_found" });
                (not_found(ask), None, data)
            }
            Declined::Act(error @ (ActError::Contended | ActError::Store(_))) => {
                tracing::error!(error = %error, via = %ask.via, "a request was not done: {error}");
                let data = serde_json::json!({ "code": "unavailable" });
                let message = match error {
                    ActError::Store(StoreError::Unknown(_)) => Message::new("refused-unknown"),
                    _ => Message::new("refused-unavailable"),
                };
                (message, None, data)
            }
        };
        Answered {
            message,
            about,
            data,
        }
    }

    async fn try_perform(&self, ask: &Ask) -> Result<Answered, Declined> {
        let person = self.person(&ask.by)?;
        let templated = self.with_reply_template(ask).await?;
        let ask = templated.as_ref().unwrap_or(ask);
        self.check_params(&ask.verb)?;
        match ask.verb.verb {
            Verb::List => self.list_for(&person, &ask.verb).await,
            Verb::DutyToday => self.duty_today(&person).await,
            Verb::DutyWeek => self.duty_week_lines().await,
            Verb::Feed => self.feed_links(&person, &ask.verb).await,
            Verb::DutyWho => self.duty_who(&ask.verb).await,
            Verb::DutyBook => self.duty_book_lines().await,
            Verb::Fairness => self.fairness_lines(&ask.verb).await,
            Verb::Held => self.held_for(&person).await,
            Verb::Language => self.choose_language(&person, &ask.verb).await,
            Verb::Help => Ok(help()),
            Verb::Known => self.known_lines().await,
            Verb::KnownWorkaround => self.know_workaround(&person, &ask.verb).await,
            Verb::Show => {
                let stored = self.inquiry_asked(ask).await?;
                self.show_lines(stored).await
            }
            Verb::Why => {
                let stored = self.inquiry_asked(ask).await?;
                self.why_lines(stored).await
            }
            Verb::Split => self.split(ask, &person).await,
            verb if verb.is_about_duty() => self.arrange(ask, &person).await,
            _ => self.change(ask, &person).await,
        }
    }

    async fn change(&self, ask: &Ask, person: &Person) -> Result<Answered, Declined> {
        let stored = self.inquiry_asked(ask).await?;
        let mut words = Words::new(self);
        let request = self.with_template(&ask.verb, &stored).await?;
        let mut command = self.command(&request, &stored, &mut words)?;
        if let Command::CheckContract(checked) = &mut command {
            *checked = self.asked_again(&stored).await?;
        }
        if let Command::HandOver { duty } = &mut command {
            *duty = self.hand_over_to(&stored, &person.actor).await?;
        }
        let linked = match &mut command {
            Command::LinkIssue {
                tracker,
                issue,
                workaround,
                ..
            } => {
                let known = self.workaround_of(tracker, issue).await?;
                *workaround = known.map(|known| words.known(known));
                Some(tracker.clone())
            }
            _ => None,
        };
        let order = Order {
            actor: person.actor.clone(),
            via: ask.via.clone(),
            command_key: ask.command_key.clone(),
            texts: words.texts,
        };
        let done = self.act(&stored.inquiry.id, order, command).await?;
        if let Some(tracker) = linked {
            self.look_soon(&tracker).await;
        }
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
        let is_new = !done.is_repeat && !done.events.is_empty();
        let message = if done.is_repeat {
            Message::new("done-before")
        } else if done.events.is_empty() {
            Message::new("done-nothing")
        } else {
            self.answer_to(ask.verb.verb, &done).await
        };
        let message = message.with("reference", Arg::Reference(done.stored.reference.0));
        let message = match (ask.verb.verb, person.actor.member()) {
            (Verb::Claim | Verb::Accept | Verb::TakeOver, Some(member)) if is_new => {
                self.with_region(message, &done.stored, member).await
            }
            _ => message,
        };
        Ok(Answered {
            message,
            about: Some(done.stored),
            data,
        })
    }

    /// What was done, in the words that say most of it.
    async fn answer_to(&self, verb: Verb, done: &Done) -> Message {
        let said = match self.policy(&done.stored.inquiry.policy).await {
            Ok(policy) => answer(verb, done.stored.reference, &done.events, &policy),
            Err(error) => {
                unsaid(&done.stored, &error);
                None
            }
        };
        said.unwrap_or_else(|| done_message(verb, &done.events))
    }

    /// Tells who takes an inquiry of a region whose rota they have no part in; nothing is refused.
    async fn with_region(&self, message: Message, stored: &Stored, member: &MemberId) -> Message {
        let now = self.clock.now();
        let region = stored.inquiry.facts.region.as_deref();
        match (
            region,
            self.rota_elsewhere(&stored.inquiry, member, now).await,
        ) {
            (Some(region), Ok(Some(rota))) => and_whose(message, region, rota.name()),
            (_, Ok(_)) => message,
            (_, Err(error)) => {
                unsaid(stored, &error);
                message
            }
        }
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
}

/// What was committed is not called undone because there is no more to be said of it.
fn unsaid(stored: &Stored, error: &StoreError) {
    tracing::warn!(inquiry.id = %stored.inquiry.id, "what was done to {} is told in few words: {error}", stored.reference);
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
        (Verb::Keep, _) => Message::new("done-keep"),
        (Verb::HandOver, _) => Message::new("done-assign"),
        (Verb::Next, _) => Message::new("done-next"),
        (Verb::TakeOver, _) => Message::new("done-take-over"),
        (Verb::Note, _) => Message::new("done-note"),
        (Verb::Reply | Verb::Ask, _) => Message::new("done-reply"),
        (Verb::Mute, _) => Message::new("done-mute"),
        (Verb::Unmute, _) => Message::new("done-unmute"),
        (Verb::Resolve, _) => Message::new("done-resolve"),
        (Verb::Close, _) => Message::new("done-close"),
        (Verb::Bounce, _) => Message::new("done-bounce"),
        (Verb::OutOfScope, _) => Message::new("done-out-of-scope"),
        (Verb::Reopen, _) => Message::new("done-reopen"),
        (Verb::Refuse, _) => Message::new("done-refuse"),
        (Verb::Except, _) => Message::new("done-except"),
        (Verb::File, _) => Message::new("done-file"),
        (Verb::Link, _) => Message::new("done-link"),
        (Verb::Unlink, _) => Message::new("done-unlink"),
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
            Arg::Text(id) | Arg::Title(id) => ids.push(id.clone()),
            Arg::Lines(lines) | Arg::Parts(lines) => {
                ids.extend(lines.iter().flat_map(texts_of));
            }
            _ => {}
        }
    }
    ids
}

#[cfg(test)]
mod tests;
