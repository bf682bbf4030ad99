//! Interactions: read, brought to the inbox, answered.
//!
//! Discord waits three seconds for the first answer, so an inbox that takes longer is announced first and
//! the answer follows by an edit. The interaction's id is the command's key: one that is delivered twice is
//! done once. Strangers are the inbox's business; this room only knows ids.

mod answer;
mod given_back;

use answer::Shown;
use given_back::{given_back, written};

use super::config::DiscordConfig;
use super::forms::{Form, asked_first, begin, begin_resolving, choose, menu_param};
use super::press::{About, Press, What, chosen, is_digest};
use super::read::{Asker, Heard, read};
use super::render::{private, say, told};
use super::rest::Rest;
use super::text::cut;
use crate::app::ports::{Ask, Clock, Inbox, People, Reference, Told};
use crate::app::verbs::{Request, Verb};
use crate::app::wording::Words;
use crate::i18n::Lang;
use crate::msg;
use crate::time::TimeZone;
use serde_json::{Value, json};
use serenity::model::application::Interaction;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Suggestions that take longer than this are not worth waiting for.
const SUGGEST: Duration = Duration::from_secs(2);
const SUGGESTIONS: usize = 25;

const MESSAGE: u8 = 4;
const DEFERRED_MESSAGE: u8 = 5;
const DEFERRED_UPDATE: u8 = 6;
const CHOICES: u8 = 8;

/// Brings what people do on Discord to the inbox.
pub(super) struct Reception {
    pub config: Arc<DiscordConfig>,
    pub rest: Arc<Rest>,
    pub inbox: Arc<dyn Inbox>,
    pub people: Arc<People>,
    pub zone: TimeZone,
    pub clock: Arc<dyn Clock>,
}

impl Reception {
    /// Reads and answers one interaction.
    pub async fn receive(&self, interaction: Interaction) {
        let Some((asker, heard)) = read(&interaction, &self.config, &self.people) else {
            return;
        };
        if let Heard::Suggest { beginning } = heard {
            return self.suggest(&asker, &beginning).await;
        }
        let replaces = matches!(
            &heard,
            Heard::Press {
                press: Press {
                    what: What::Form { replaces: true, .. },
                    ..
                },
                ..
            }
        );
        let work = self.work(&asker, heard);
        tokio::pin!(work);
        let quick = tokio::select! {
            biased;
            shown = &mut work => Some(shown),
            () = self.clock.pause(self.config.gateway.defer_after) => None,
        };
        match quick {
            Some(shown) => self.answer(&asker, shown, replaces).await,
            None => {
                let kind = if replaces {
                    DEFERRED_UPDATE
                } else {
                    DEFERRED_MESSAGE
                };
                let first = json!({"type": kind, "data": {"flags": 64}});
                let (deferred, shown) = tokio::join!(self.first(&asker, first), work);
                if deferred {
                    self.edit(&asker, shown).await;
                }
            }
        }
    }

    /// Tells somebody whose interaction could not be read; only its id and token are known.
    pub async fn could_not_read(&self, value: &Value) {
        let (Some(id), Some(token)) = (
            value["id"].as_str().and_then(|id| id.parse().ok()),
            value["token"].as_str(),
        ) else {
            return;
        };
        let lang = if value["locale"]
            .as_str()
            .is_some_and(|locale| locale.starts_with("ja"))
        {
            Lang::Ja
        } else {
            Lang::En
        };
        let asker = Asker::nobody(id, token, lang);
        if value["type"] == 4 {
            return;
        }
        let said = private(&say(lang, msg!("discord-unreadable"), &[]));
        self.first(&asker, json!({"type": MESSAGE, "data": said}))
            .await;
    }

    async fn suggest(&self, asker: &Asker, beginning: &str) {
        let found = tokio::select! {
            found = self.inbox.complete(&asker.by, beginning, SUGGESTIONS) => found,
            () = self.clock.pause(SUGGEST) => Vec::new(),
        };
        let choice = |(reference, line): &(Reference, String)| {
            let reference = reference.to_string();
            let name = if line.contains(&reference) {
                line.clone()
            } else {
                format!("{reference} {line}")
            };
            json!({"name": cut(&name, 100, ""), "value": reference})
        };
        let choices: Vec<Value> = found.iter().take(SUGGESTIONS).map(choice).collect();
        self.first(
            asker,
            json!({"type": CHOICES, "data": {"choices": choices}}),
        )
        .await;
    }

    async fn work(&self, asker: &Asker, heard: Heard) -> Shown {
        match heard {
            Heard::Suggest { .. } => unreachable!("suggestions are answered before"),
            Heard::Elsewhere => {
                Shown::Message(private(&say(asker.lang, msg!("discord-elsewhere"), &[])))
            }
            Heard::Outdated => {
                Shown::Message(private(&say(asker.lang, msg!("discord-outdated"), &[])))
            }
            Heard::OutdatedForm { values } => {
                let said = private(&say(asker.lang, msg!("discord-outdated-form"), &[]));
                let mut written: Vec<(String, String)> = values.into_iter().collect();
                written.retain(|(_, text)| !text.trim().is_empty());
                written.sort();
                given_back(said, &written, asker.lang)
            }
            Heard::NoSuchReference { given } => {
                let given = super::text::escape(&given);
                Shown::Message(private(&say(
                    asker.lang,
                    msg!("discord-no-such-reference"),
                    &[("given", given)],
                )))
            }
            Heard::Command { request, opens } => match opens {
                Some(form) => self.open(asker, *form).await,
                None => self.command(asker, request).await,
            },
            Heard::Press { press, values } => self.press(asker, press, values).await,
        }
    }

    async fn command(&self, asker: &Asker, request: Request) -> Shown {
        let here = match request.verb.needs_inquiry()
            && (request.reference.is_none() || request.verb == Verb::Resolve)
        {
            true => {
                self.inbox
                    .inquiry_at(&self.config.key, &asker.channel)
                    .await
            }
            false => None,
        };
        // With nothing said, resolving is a dialogue; elsewhere than in its thread the inbox must be asked outright.
        if let (Verb::Resolve, true, Some((inquiry, reference))) =
            (request.verb, request.params.is_empty(), &here)
            && request.reference.is_none_or(|named| named == *reference)
        {
            let about = About {
                reference: Some(*reference),
                inquiry: Some(inquiry.clone()),
            };
            return self.resolve(asker, about, request).await;
        }
        if request.verb == Verb::Unlink && request.params.is_empty() {
            let about = About {
                reference: request.reference,
                inquiry: here.as_ref().map(|(inquiry, _)| inquiry.clone()),
            };
            let draft = self.inbox.draft(&request, about.inquiry.as_ref()).await;
            let choices = draft.choices("issue");
            if choices.len() > 1 {
                return Shown::Message(choose(request.verb, about, choices, asker.lang));
            }
        }
        let named = request.reference.is_some();
        let about = About {
            reference: request.reference,
            inquiry: here.map(|(inquiry, _)| inquiry).filter(|_| !named),
        };
        self.perform(asker, request, about).await
    }

    async fn press(&self, asker: &Asker, press: Press, values: HashMap<String, String>) -> Shown {
        let Press { what, verb, about } = press;
        let request = Request::new(verb, about.reference);
        match what {
            What::Do => self.perform(asker, request, about).await,
            What::Of { number } => {
                let request = request.with("number", number.to_string());
                self.perform(asker, request, about).await
            }
            What::To { choice } => {
                let request = match menu_param(verb) {
                    Some(param) => request.with(param.name, choice),
                    None => request,
                };
                self.perform(asker, request, about).await
            }
            What::Ask if verb == Verb::Resolve => self.resolve(asker, about, request).await,
            What::Ask => self.begin(verb, about, asker).await,
            What::AskOf { choice } => {
                // It was asked on a card, which stays.
                let form = Form::new(verb, about, None, Some(choice), false);
                Shown::Form(Box::new(self.prefilled(asker, form).await))
            }
            What::Pick { .. } if verb == Verb::Unlink => {
                let issue = values.get("").cloned().unwrap_or_default();
                let issue = self.whole(verb, &about, issue).await;
                self.perform(asker, request.with("issue", issue), about)
                    .await
            }
            What::Pick { kind } => {
                let form = Form::new(verb, about, kind, values.get("").cloned(), true);
                Shown::Form(Box::new(self.prefilled(asker, form).await))
            }
            What::Open { kind, choice } => {
                let form = Form::new(verb, about, kind, choice, true);
                Shown::Form(Box::new(self.prefilled(asker, form).await))
            }
            What::Form { choice, .. } => self.sent(asker, request, about, choice, values).await,
        }
    }

    /// What comes first when a button asks for words: a menu, or the form with what stands in it already.
    async fn begin(&self, verb: Verb, about: About, asker: &Asker) -> Shown {
        match begin(verb, about, asker.lang) {
            Ok(form) => self.open(asker, form).await,
            Err(menu) => Shown::Message(menu),
        }
    }

    /// Opens a form, or first asks what only the desk knows: to which of several trackers. Whoever has begun to write is not
    /// asked first, for a menu could not keep the words; then the form has a field for it.
    async fn open(&self, asker: &Asker, mut form: Form) -> Shown {
        self.place(asker, &mut form).await;
        if let (Some(name), None) = (asked_first(form.verb), &form.choice) {
            form.choice = form.given.remove(name);
            if form.choice.is_none() {
                let request = Request::new(form.verb, form.about.reference);
                let here = form.about.inquiry.as_ref();
                let draft = self.inbox.draft(&request, here).await;
                match draft.choices(name) {
                    [(only, _)] => form.choice = Some(only.clone()),
                    several if several.len() > 1 && form.given.is_empty() => {
                        let menu = choose(form.verb, form.about, several, asker.lang);
                        return Shown::Message(menu);
                    }
                    _ => {}
                }
            }
        }
        Shown::Form(Box::new(self.prefilled(asker, form).await))
    }

    /// Has a form be about the inquiry of its thread, where nothing else was named.
    async fn place(&self, asker: &Asker, form: &mut Form) {
        if form.about == About::default() && form.verb.needs_inquiry() {
            let here = self.inbox.inquiry_at(&self.config.key, &asker.channel);
            if let Some((inquiry, reference)) = here.await {
                form.about = About {
                    reference: Some(reference),
                    inquiry: Some(inquiry),
                };
            }
        }
    }

    async fn sent(
        &self,
        asker: &Asker,
        mut request: Request,
        mut about: About,
        choice: Option<String>,
        values: HashMap<String, String>,
    ) -> Shown {
        if let (Some(choice), Some(param)) = (choice, menu_param(request.verb)) {
            let choice = self.whole(request.verb, &about, choice).await;
            request = request.with(param.name, choice);
        }
        let written = written(request.verb, &values, asker.lang);
        for (name, text) in values
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty())
        {
            request = request.with(&name, text);
        }
        if about == About::default() && request.verb.needs_inquiry() {
            about.inquiry = self
                .inbox
                .inquiry_at(&self.config.key, &asker.channel)
                .await
                .map(|(inquiry, _)| inquiry);
        }
        let told = self.ask(asker, request, about).await;
        let said = self.say(&told);
        match told.is_refused {
            // Nobody should have to write it twice.
            true => given_back(said, &written, asker.lang),
            false => Shown::Message(said),
        }
    }

    /// The choice behind a digest.
    async fn whole(&self, verb: Verb, about: &About, choice: String) -> String {
        if !is_digest(&choice) {
            return choice;
        }
        let all: Vec<String> = match (asked_first(verb), &about.inquiry) {
            (Some(name), here) => {
                let request = Request::new(verb, about.reference);
                let draft = self.inbox.draft(&request, here.as_ref()).await;
                let choices = draft.choices(name).iter();
                choices.map(|(value, _)| value.clone()).collect()
            }
            (None, Some(inquiry)) => {
                let form = self.inbox.resolve_form(inquiry).await;
                form.map(|form| form.categories).unwrap_or_default()
            }
            (None, None) => Vec::new(),
        };
        chosen(&choice, &all)
    }

    async fn resolve(&self, asker: &Asker, about: About, request: Request) -> Shown {
        let form = match &about.inquiry {
            Some(inquiry) => self.inbox.resolve_form(inquiry).await,
            None => None,
        };
        match form {
            Some(form) => shown(begin_resolving(about, &form, asker.lang)),
            None => self.perform(asker, request, about).await,
        }
    }

    /// A form with what it says before anybody has typed; what was given already stays.
    async fn prefilled(&self, asker: &Asker, mut form: Form) -> Form {
        self.place(asker, &mut form).await;
        let mut request = Request::new(form.verb, form.about.reference);
        request.params = form.given.clone();
        if let (Some(choice), Some(param)) = (&form.choice, menu_param(form.verb)) {
            request = request.with(param.name, choice);
        }
        let here = form.about.inquiry.as_ref();
        let draft = self.inbox.draft(&request, here).await;
        for (name, value) in draft.given {
            form.given.entry(name).or_insert(value);
        }
        form
    }

    async fn perform(&self, asker: &Asker, request: Request, about: About) -> Shown {
        let told = self.ask(asker, request, about).await;
        Shown::Message(self.say(&told))
    }

    async fn ask(&self, asker: &Asker, request: Request, about: About) -> Told {
        let key = &self.config.key;
        let command_key = Some(format!("{key}:{}", asker.id));
        let ask = Ask {
            by: asker.by.clone(),
            via: key.clone(),
            command_key,
            verb: request,
            here: about.inquiry,
        };
        self.inbox.perform(ask).await
    }

    fn say(&self, answer: &Told) -> Value {
        let words = Words {
            lang: answer.lang,
            zone: &self.zone,
            now: self.clock.now(),
            texts: &answer.texts,
            people: &self.people,
        };
        told(answer, &words, &self.config.key)
    }
}

fn shown(begun: Result<Form, Value>) -> Shown {
    match begun {
        Ok(form) => Shown::Form(Box::new(form)),
        Err(menu) => Shown::Message(menu),
    }
}
