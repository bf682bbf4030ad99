//! Answering interactions: the first answer, and the edit that fills one that was announced.

use super::{MESSAGE, Reception};
use crate::chat::discord::forms::Form;
use crate::chat::discord::read::Asker;
use crate::chat::discord::rest::{Call, Failure};
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};
use serenity::model::id::{ApplicationId, InteractionId};
use std::time::Duration;

const UPDATE: u8 = 7;
const MODAL: u8 = 9;

/// What a person is shown in answer.
pub(super) enum Shown {
    Message(Value),
    /// A message with a text as a file.
    WithFile(Value, String),
    Form(Box<Form>),
}

impl Reception {
    pub(super) async fn answer(&self, asker: &Asker, shown: Shown, replaces: bool) {
        let mut file = None;
        let shown = match shown {
            Shown::WithFile(message, text) => {
                file = Some(text);
                Shown::Message(message)
            }
            shown @ (Shown::Message(_) | Shown::Form(_)) => shown,
        };
        let answer = match shown {
            Shown::Form(form) => json!({"type": MODAL, "data": form.modal(asker.lang)}),
            Shown::Message(message) if replaces => {
                json!({"type": UPDATE, "data": without_flags(message)})
            }
            Shown::Message(message) | Shown::WithFile(message, _) => {
                json!({"type": MESSAGE, "data": message})
            }
        };
        self.first_with(asker, answer, file).await;
    }

    /// Sends the first answer; tells whether Discord has one now.
    pub(super) async fn first(&self, asker: &Asker, answer: Value) -> bool {
        self.first_with(asker, answer, None).await
    }

    async fn first_with(&self, asker: &Asker, answer: Value, file: Option<String>) -> bool {
        let route = || Route::InteractionResponse {
            interaction_id: InteractionId::new(asker.id),
            token: &asker.token,
        };
        let send = || {
            let call = Call::new(LightMethod::Post, route()).body(answer.clone());
            self.rest.send(call.file(file.clone()))
        };
        let outcome = match send().await {
            // It did not arrive, so a second try does no harm; a third would come too late.
            Err(Failure::NotSent { .. } | Failure::Broken { .. } | Failure::NoAnswer { .. }) => {
                send().await
            }
            other => other,
        };
        match outcome {
            Ok(_) => true,
            // Answered already: the interaction came twice, or our first try did arrive.
            Err(Failure::Refused { code: 40_060, .. }) => true,
            Err(failure) => {
                tracing::warn!(
                    interaction = asker.id,
                    "an interaction could not be answered: {failure}"
                );
                false
            }
        }
    }

    /// Fills an answer that was announced.
    pub(super) async fn edit(&self, asker: &Asker, shown: Shown) {
        let (message, file) = match shown {
            Shown::Message(message) => (message, None),
            Shown::WithFile(message, text) => (message, Some(text)),
            Shown::Form(form) => (form.late(asker.lang), None),
        };
        let application_id = ApplicationId::new(self.config.application_id);
        let route = || Route::WebhookOriginalInteractionResponse {
            application_id,
            token: &asker.token,
        };
        let body = without_flags(message);
        for attempt in 1..=3 {
            let call = Call::new(LightMethod::Patch, route()).body(body.clone());
            match self.rest.send(call.file(file.clone())).await {
                Ok(_) => return,
                Err(Failure::Refused {
                    status,
                    code,
                    message,
                }) => {
                    tracing::warn!(
                        interaction = asker.id,
                        "an answer was refused with {status} ({code}): {message}"
                    );
                    return;
                }
                Err(Failure::Limited { after }) => self.clock.pause(after).await,
                Err(failure) => {
                    tracing::debug!(
                        interaction = asker.id,
                        attempt,
                        "an answer did not get through: {failure}"
                    );
                    self.clock.pause(Duration::from_secs(attempt)).await;
                }
            }
        }
        tracing::warn!(
            interaction = asker.id,
            "an answer did not get through in three tries"
        );
    }
}

/// Who sees a message is settled when it is first sent; an edit may only speak of previews.
fn without_flags(mut message: Value) -> Value {
    if let Some(map) = message.as_object_mut() {
        map.remove("flags");
    }
    message
}
