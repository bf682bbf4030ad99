//! Words to begin a reply with, by name: what a team says again and again, such as "please file it separately".
//!
//! They are in the requester's language, stand in the form for people to change, and go out only as somebody's reply.

use super::desk::App;
use super::perform::Declined;
use super::ports::{Ask, Draft, StoreError, Stored};
use super::requests::plain;
use super::verbs::{Request, Verb};
use crate::domain::contract::without_honorific;
use crate::domain::ids::TextId;
use crate::domain::notice::Message;
use crate::expr::{Engine, Template};
use crate::i18n::Lang;
use serde_json::{Value, json};

/// Words to begin a reply with.
#[derive(Clone, Debug)]
pub struct ReplyTemplate {
    pub id: String,
    /// What people choose it by.
    pub name: String,
    pub ja: Template,
    pub en: Template,
}

/// The reminder that ships, in Japanese.
pub const SEPARATELY_JA: &str = "\
ご連絡ありがとうございます（{{ reference }}「{{ title }}」）。
今回いただいた件は、{{ reference }}とは別の内容とお見受けします。対応漏れを防ぎ、それぞれ期限内にお答えするため、恐れ入りますが、別のお問い合わせとして起票をお願いいたします。
{{ reference }}については、引き続きこちらで対応いたします。";

/// The reminder that ships, in English.
pub const SEPARATELY_EN: &str = "\
Thank you for your message on {{ reference }} (“{{ title }}”).
What you describe now looks like a separate problem. So that neither is overlooked and each is answered in time, please file it as an inquiry of its own.
We carry on with {{ reference }} here.";

/// The template that ships, where none is configured.
pub fn shipped(lang: Lang) -> ReplyTemplate {
    let compiled = |text: &str| {
        let template = Engine::new().compile_template(text);
        template.expect("a test renders what ships")
    };
    let name = match lang {
        Lang::Ja => "別件は別に起票をお願いする",
        Lang::En => "Please file it separately",
    };
    ReplyTemplate {
        id: "separately".to_owned(),
        name: name.to_owned(),
        ja: compiled(SEPARATELY_JA),
        en: compiled(SEPARATELY_EN),
    }
}

/// What a template may name, on which it is tried when the configuration is read.
pub fn sample() -> Value {
    document(["Q-1", "title", "customer", "requester", "product"].map(str::to_owned))
}

fn document(words: [String; 5]) -> Value {
    let [reference, title, customer, requester, product] = words;
    json!({
        "reference": reference,
        "title": title,
        "customer": customer,
        "requester": requester,
        "product": product,
    })
}

impl App {
    /// Every template as it would begin a reply to an inquiry: id, name and words.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reply_templates(
        &self,
        stored: &Stored,
    ) -> Result<Vec<(String, String, String)>, StoreError> {
        let facts = &stored.inquiry.facts;
        let ids = [
            Some(facts.title.clone()),
            facts.customer.clone(),
            facts.requester.clone(),
        ];
        let ids: Vec<TextId> = ids.into_iter().flatten().collect();
        let texts = self.store.texts(&ids).await?;
        let text = |id: Option<&TextId>| {
            let words = id.and_then(|id| texts.get(id));
            words.cloned().unwrap_or_default()
        };
        let document = document([
            stored.reference.to_string(),
            text(Some(&facts.title)),
            without_honorific(&text(facts.customer.as_ref())).to_owned(),
            text(facts.requester.as_ref()),
            facts.product.clone(),
        ]);
        let lang = self.requesters_language(&stored.inquiry);
        let templates = self.setup.templates.iter().filter_map(|template| {
            let words = match lang {
                Lang::Ja => &template.ja,
                Lang::En => &template.en,
            };
            match words.render(&document) {
                Ok(words) => Some((
                    template.id.clone(),
                    template.name.clone(),
                    words.trim().to_owned(),
                )),
                Err(error) => {
                    tracing::error!(template = %template.id, "template \"{}\" cannot be written: {error}", template.id);
                    None
                }
            }
        });
        Ok(templates.collect())
    }

    /// What a reply begins with: the words of the template that is chosen, and the templates there are.
    pub(super) async fn reply_draft(
        &self,
        request: &Request,
        stored: &Stored,
    ) -> Result<Draft, StoreError> {
        let all = self.reply_templates(stored).await?;
        let given = request.param("template");
        let chosen = all.iter().find(|(id, name, _)| {
            given.is_some_and(|given| id.eq_ignore_ascii_case(given) || name == given)
        });
        let mut draft = Draft::of("text", chosen.map(|(_, _, words)| words.clone()));
        if !all.is_empty() {
            let named = all.into_iter().map(|(id, name, _)| (id, name));
            draft.choices.insert("template".to_owned(), named.collect());
        }
        Ok(draft)
    }

    /// A reply that names a template and says nothing itself says what the template says.
    pub(super) async fn with_reply_template(&self, ask: &Ask) -> Result<Option<Ask>, Declined> {
        let Some(given) = ask
            .verb
            .param("template")
            .filter(|_| ask.verb.verb == Verb::Reply)
        else {
            return Ok(None);
        };
        let mut request: Request = ask.verb.clone();
        request.params.remove("template");
        if request.param("text").is_some() {
            return Ok(Some(Ask {
                verb: request,
                ..ask.clone()
            }));
        }
        let stored = self.inquiry_asked(ask).await?;
        let templates = self.reply_templates(&stored).await?;
        let is = |id: &str, name: &str| id.eq_ignore_ascii_case(given) || name == given;
        let Some((_, _, words)) = templates.iter().find(|(id, name, _)| is(id, name)) else {
            let known: Vec<String> = templates
                .iter()
                .map(|(id, name, _)| format!("{id} ({name})"))
                .collect();
            return Err(Declined::say(
                Message::new("refused-no-template")
                    .with("given", plain(given))
                    .with("known", plain(&known.join(", "))),
            ));
        };
        Ok(Some(Ask {
            verb: request.with("text", words.clone()),
            ..ask.clone()
        }))
    }
}

#[cfg(test)]
mod tests;
