//! The portal: support files an escalation and follows it behind a link that nobody can guess.

use super::desk::{ActError, App, Order};
use super::ports::{Mapped, Reference, StoreError};
use super::receive::ReceiveError;
use super::snapshot::hash;
use super::views::View;
use crate::domain::ids::{SourceId, TextId};
use crate::domain::inquiry::{Actor, Command};
use crate::i18n::Lang;
use crate::time::Timestamp;

/// What the form asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PortalForm {
    pub title: String,
    pub body: Option<String>,
    pub requester: Option<String>,
    pub customer: Option<String>,
    pub product: Option<String>,
    pub plan: Option<String>,
    pub region: Option<String>,
    pub language: Option<String>,
    pub kind: Option<String>,
    pub severity: Option<String>,
    pub business_stopped: bool,
    pub needed_by: Option<Timestamp>,
    /// What support has tried already; it becomes part of the body.
    pub tried: Option<String>,
    /// Made with the form: sending it twice files it once.
    pub form_id: String,
}

/// A filed escalation: its reference, and the secret of its status link.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    pub reference: Reference,
    pub token: String,
}

impl App {
    /// Files a form under the portal's source.
    ///
    /// # Errors
    /// When the store does not answer; the form can be sent again.
    pub async fn file(&self, source: &SourceId, form: PortalForm) -> Result<Filed, ReceiveError> {
        // The id is made with the form and nobody can guess it. Its hash is the external id and the link's key, so
        // a form that is sent twice finds its first inquiry and the same link.
        let token = form.form_id.clone();
        let body = match (form.body, form.tried) {
            (Some(body), Some(tried)) => Some(format!("{body}\n\n---\n{tried}")),
            (body, tried) => body.or(tried),
        };
        let mapped = Mapped {
            source: source.clone(),
            external_id: hash(&form.form_id),
            url: None,
            revision: None,
            delivery_id: Some(hash(&form.form_id)),
            title: form.title,
            body,
            requester: form.requester,
            customer: form.customer,
            plan: form.plan,
            product: form.product,
            region: form.region,
            language: form.language,
            kind: form.kind,
            severity: form.severity,
            business_stopped: form.business_stopped,
            needed_by: form.needed_by,
            escalated_at: None,
            is_closed: false,
            is_deleted: false,
            owner: None,
            messages: Vec::new(),
            heard: None,
            changed_at: None,
            odd: Vec::new(),
        };
        let received = self
            .receive_filed(mapped, "portal", Some(hash(&token)))
            .await?;
        let reference = received.reference.ok_or(ActError::NotFound)?;
        Ok(Filed { reference, token })
    }

    /// What the status page shows.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn portal_status(&self, token: &str, lang: Lang) -> Result<Option<View>, StoreError> {
        match self.store.by_portal_key(&hash(token)).await? {
            Some(stored) => Ok(Some(self.view_of(stored, lang, true).await?)),
            None => Ok(None),
        }
    }

    /// The requester writes on the status page.
    ///
    /// # Errors
    /// A refusal when the inquiry was closed too long ago, or a store that does not answer.
    pub async fn portal_message(
        &self,
        token: &str,
        text: &str,
        form_id: &str,
    ) -> Result<Reference, ActError> {
        let stored = self
            .store
            .by_portal_key(&hash(token))
            .await?
            .ok_or(ActError::NotFound)?;
        let id: TextId = self.ids.id().into();
        let order = Order {
            actor: Actor::Requester,
            via: "portal".to_owned(),
            command_key: Some(format!("portal:{}", hash(form_id))),
            texts: vec![(id.clone(), text.to_owned())],
        };
        let command = Command::RequesterReplied {
            text: id,
            at: self.clock.now(),
        };
        Ok(self
            .act(&stored.inquiry.id, order, command)
            .await?
            .stored
            .reference)
    }
}
