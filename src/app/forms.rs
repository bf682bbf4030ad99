//! What a form says before anybody has typed: one answer for the desk, every platform, the API and the command line.
//!
//! Promises: what stands in a form is there to be read and changed, and goes nowhere until a person sends it; what depends on
//! a choice is asked for with that choice. Leaves out which fields a form has, which the verbs and the platforms say, and
//! whether it can be sent, which whoever performs says.

use super::desk::App;
use super::ports::{Draft, StoreError, Stored};
use super::verbs::{Request, Verb};
use crate::domain::ids::InquiryId;

impl App {
    /// What a verb's form says about an inquiry, with the choices that the request holds so far.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn draft_of(
        &self,
        request: &Request,
        stored: Option<&Stored>,
    ) -> Result<Draft, StoreError> {
        let mut draft = match (request.verb, stored) {
            (Verb::Refuse, Some(stored)) => Draft::of("text", self.refusal_of(stored).await?),
            (Verb::Bounce, Some(stored)) => Draft::of("reason", self.send_back_of(stored).await?),
            (Verb::OutOfScope, Some(stored)) => {
                Draft::of("reply", self.out_of_scope_of(stored, request.param("to")))
            }
            (Verb::Reply, Some(stored)) => self.reply_draft(request, stored).await?,
            (Verb::Split, Some(stored)) => self.split_draft(stored).await?,
            (Verb::File | Verb::Link | Verb::Unlink, Some(stored)) => {
                self.issue_draft(request, Some(stored)).await?
            }
            (Verb::KnownWorkaround, _) => self.issue_draft(request, None).await?,
            _ => Draft::default(),
        };
        draft.reference = stored.map(|stored| stored.reference);
        Ok(draft)
    }

    /// The same where the words name the inquiry, or the place implies it; empty where there is none.
    pub(super) async fn draft_asked(
        &self,
        request: &Request,
        here: Option<&InquiryId>,
    ) -> Result<Draft, StoreError> {
        let stored = match (request.reference, here) {
            (Some(reference), _) => self.store.by_reference(reference).await?,
            (None, Some(here)) => self.store.inquiry(here).await?,
            (None, None) => None,
        };
        self.draft_of(request, stored.as_ref()).await
    }
}
