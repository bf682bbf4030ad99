//! Conditions: what was answered before, sent along so that the other side may say that nothing has changed.
//!
//! Promises: a condition goes with the question whose answer it came with, and only as long as the answer would be read
//! in the same way: another address or filter, a corrected mapping or another build asks without one, once.

use super::Plan;
use crate::app::ports::SourceState;
use crate::app::snapshot::hash;
use crate::net::Request;
use crate::sources::Source;
use crate::sources::mask::masked;

impl Plan {
    /// Whether "not modified" would mean that nothing has changed.
    pub(super) fn is_conditional(&self) -> bool {
        self.details.is_empty() && self.complete.is_none()
    }

    /// Names a question: what is asked, and what would be made of its answer. Secrets stay out of it.
    pub(super) fn asked(&self, source: &Source, state: &SourceState, request: &Request) -> String {
        let carried = request.carries().unwrap_or_default();
        let asked = format!(
            "{} {}\n{}\n{}\n{}",
            request.method(),
            request.url(),
            String::from_utf8_lossy(carried),
            self.reading,
            state.ground,
        );
        hash(&masked(&asked, &source.secrets))
    }

    /// Adds the condition, where the same was asked before.
    pub(super) fn conditioned(
        &self,
        mut request: Request,
        state: &SourceState,
        asked: &str,
    ) -> Request {
        if !self.is_conditional() || state.asked.as_deref() != Some(asked) {
            return request;
        }
        if let Some(etag) = &state.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(at) = &state.last_modified {
            request = request.header("if-modified-since", at);
        }
        request
    }
}
