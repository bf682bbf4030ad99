//! The portal: support files an escalation and follows it behind a link that nobody can guess.

use super::desk::{ActError, App, Order};
use super::facts::{NewWords, yes_or_no};
use super::ports::{Mapped, MappedIntake, Reference, StoreError, Stored};
use super::receive::ReceiveError;
use super::routing::{kind_of, route};
use super::snapshot::hash;
use super::views::View;
use crate::domain::gate::{Gate, Need};
use crate::domain::ids::{QueueId, SourceId, TextId};
use crate::domain::inquiry::{Actor, Command};
use crate::i18n::Lang;
use crate::time::Timestamp;

/// How often something can be split off what was split off, and still be seen by the first link.
const DEEPEST: u32 = 20;

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
    /// What support has tried already.
    pub tried: Option<String>,
    /// Whether wrong settings were ruled out: `yes`, `no`, or nothing.
    pub settings_checked: Option<String>,
    pub environment: Option<String>,
    pub error_text: Option<String>,
    /// Made with the form: sending it twice files it once.
    pub form_id: String,
}

impl PortalForm {
    /// The form as the document of a source.
    fn mapped(self, source: &SourceId) -> Mapped {
        Mapped {
            source: source.clone(),
            external_id: hash(&self.form_id),
            url: None,
            revision: None,
            delivery_id: Some(hash(&self.form_id)),
            title: self.title,
            body: self.body,
            requester: self.requester,
            customer: self.customer,
            plan: self.plan,
            product: self.product,
            region: self.region,
            language: self.language,
            kind: self.kind,
            severity: self.severity,
            business_stopped: self.business_stopped,
            needed_by: self.needed_by,
            escalated_at: None,
            is_closed: false,
            is_answered: false,
            is_deleted: false,
            owner: None,
            messages: Vec::new(),
            heard: None,
            changed_at: None,
            is_partial: false,
            intake: MappedIntake {
                channel: Some("portal".to_owned()),
                tried: self.tried,
                settings_checked: self.settings_checked,
                environment: self.environment,
                error_text: self.error_text,
            },
            odd: Vec::new(),
        }
    }

    fn brings(&self, need: Need) -> bool {
        match need {
            Need::Body => self.body.is_some(),
            Need::Customer => self.customer.is_some(),
            Need::Tried => self.tried.is_some(),
            Need::SettingsChecked => {
                self.settings_checked.as_deref().and_then(yes_or_no) == Some(true)
            }
            Need::Environment => self.environment.is_some(),
            Need::ErrorText => self.error_text.is_some(),
        }
    }
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
        let mapped = form.mapped(source);
        let received = self
            .receive_filed(mapped, "portal", Some(hash(&token)))
            .await?;
        let reference = received.reference.ok_or(ActError::NotFound)?;
        Ok(Filed { reference, token })
    }

    /// What the queue that a form would go to wants, and the form does not say. Whoever files is asked for it first; nothing
    /// is taken in meanwhile. The way to the queue is that of the receipt, contract and all.
    ///
    /// # Errors
    /// When the store does not answer; the form can be sent again.
    pub async fn portal_gaps(
        &self,
        source: &SourceId,
        form: &PortalForm,
    ) -> Result<Vec<Need>, StoreError> {
        let Some(setup) = self.setup.sources.get(source) else {
            return Ok(Vec::new());
        };
        let mapped = form.clone().mapped(source);
        let mut words = NewWords::new(self);
        let facts = self.facts_of(&mapped, setup, None, &mut words);
        let finding = self.contract_of_document(&mapped, &facts.product).await?;
        let look = route(&self.setup, &mapped, setup, finding.as_ref());
        let queue = self.setup.queue(&look.queue);
        let needs = self.gate_of(&queue.id).map(|gate| {
            let needs = gate.needs(kind_of(&mapped, setup)).iter();
            needs.copied().filter(|need| !form.brings(*need)).collect()
        });
        Ok(needs.unwrap_or_default())
    }

    /// What the queue wants that takes what no rule takes; shown in a form that says nothing yet.
    pub fn usual_gate(&self) -> Gate {
        let gate = self.gate_of(&self.setup.default_queue);
        gate.cloned().unwrap_or_default()
    }

    fn gate_of(&self, queue: &QueueId) -> Option<&Gate> {
        let policy = self.setup.policies.get(&self.setup.queue(queue).policy)?;
        Some(&policy.gate)
    }

    /// The inquiry of a status link, or one that was split off it: whoever has the link of the one sees the other too.
    async fn behind_link(
        &self,
        token: &str,
        about: Option<Reference>,
    ) -> Result<Option<Stored>, StoreError> {
        let Some(filed) = self.store.by_portal_key(&hash(token)).await? else {
            return Ok(None);
        };
        let Some(about) = about.filter(|about| *about != filed.reference) else {
            return Ok(Some(filed));
        };
        let Some(wanted) = self.store.by_reference(about).await? else {
            return Ok(None);
        };
        // Up from what is wanted: only what was split off this one leads here.
        let mut above = wanted.inquiry.clone();
        for _ in 0..DEEPEST {
            match above.follows.as_ref().filter(|_| above.is_split()) {
                Some(id) if *id == filed.inquiry.id => return Ok(Some(wanted)),
                Some(id) => match self.store.inquiry(id).await? {
                    Some(next) => above = next.inquiry,
                    None => break,
                },
                None => break,
            }
        }
        Ok(None)
    }

    /// What the status page shows; `about` is what was split off what the link is of.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn portal_status(
        &self,
        token: &str,
        about: Option<Reference>,
        lang: Lang,
    ) -> Result<Option<View>, StoreError> {
        match self.behind_link(token, about).await? {
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
        about: Option<Reference>,
        text: &str,
        form_id: &str,
    ) -> Result<Reference, ActError> {
        let stored = self.behind_link(token, about).await?;
        let stored = stored.ok_or(ActError::NotFound)?;
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
