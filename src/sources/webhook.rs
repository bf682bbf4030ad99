//! Deliveries over HTTP: whether they come from who they say, and what they hold.

use super::document::{self, ANSWER_DEPTH_CAP, BODY_CAP, DEPTH_CAP, Nul};
use super::mask::masked_document;
use super::poll::{ANSWER_CAP, Besides};
use super::signature::{self, Key, Scheme};
use super::{Source, Sources, Way};
use crate::app::ports::{Delivered, HookError, Hooks, Mapped, RawDelivery};
use crate::app::secret::Secret;
use crate::app::source_config::{Auth, Delivery};
use crate::domain::ids::SourceId;
use crate::expr::Document;
use crate::time::Timestamp;

/// How the deliveries of one source are verified.
#[derive(Debug)]
pub(super) struct Gate {
    scheme: Scheme,
    keys: Vec<Key>,
}

impl Gate {
    pub fn new(auth: &Auth, secrets: &[Secret]) -> Result<Gate, String> {
        let scheme = scheme(auth)?;
        let key = |secret: &Secret| {
            scheme
                .key(secret.expose())
                .map_err(|error| error.to_string())
        };
        let keys = secrets.iter().map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err("it has no secret to verify with".to_owned());
        }
        Ok(Gate { scheme, keys })
    }

    fn verify(
        &self,
        delivery: &RawDelivery<'_>,
        now: Timestamp,
    ) -> Result<signature::Verified, HookError> {
        let header = |name: &str| delivery.headers.get(name).cloned();
        signature::verify(&self.scheme, &self.keys, &header, delivery.body, now)
            .map_err(|refused| HookError::Unauthorized(refused.to_string()))
    }
}

/// The scheme that a configuration means.
pub(super) fn scheme(auth: &Auth) -> Result<Scheme, String> {
    serde_json::to_value(auth)
        .and_then(serde_json::from_value)
        .map_err(|error| error.to_string())
}

impl Hooks for Sources {
    fn read(
        &self,
        source: &SourceId,
        delivery: &RawDelivery<'_>,
        now: Timestamp,
    ) -> Result<Delivered, HookError> {
        let source = self.source(source)?;
        let Way::Webhook { gate, brings, .. } = &source.way else {
            return Err(HookError::UnknownSource);
        };
        within(delivery.body, BODY_CAP)?;
        let verified = gate.verify(delivery, now)?;
        match brings {
            Delivery::Document => {
                let mapped = source.read(delivery.body, verified.delivery_id)?;
                Ok(mapped.map_or(Delivered::Nothing, |mapped| {
                    Delivered::Item(Box::new(mapped))
                }))
            }
            Delivery::Nudge => Ok(Delivered::Nudge),
        }
    }

    fn masked(&self, source: &SourceId, body: &str) -> String {
        match self.source(source) {
            Ok(source) => masked_document(body, &source.secrets),
            // Of what is configured no more nobody knows the secrets.
            Err(_) => body.to_owned(),
        }
    }

    fn map(
        &self,
        source: &SourceId,
        body: &[u8],
        _now: Timestamp,
    ) -> Result<Option<Mapped>, HookError> {
        let source = self.source(source)?;
        within(body, source.kept_cap())?;
        if source.mailbox().is_some() {
            let value = document::read(body, DEPTH_CAP, Nul::Refused);
            return source.reread_mail(&value.map_err(HookError::Malformed)?);
        }
        if let Way::Poll(_) = &source.way {
            return source.reread(body);
        }
        let read = source.read(body, None);
        match (&read, source.plan()) {
            // It may have been fetched: nobody remembers how it came.
            (Err(HookError::Unmappable { .. } | HookError::Malformed(_)), Some(_)) => {
                source.reread(body)
            }
            _ => read,
        }
    }
}

impl Source {
    fn read(&self, body: &[u8], delivery_id: Option<String>) -> Result<Option<Mapped>, HookError> {
        let value = document::read(body, DEPTH_CAP, Nul::Refused).map_err(HookError::Malformed)?;
        self.mapper.map(&Document::from(&value), delivery_id)
    }

    /// The largest document that may have been kept of it: an answer that was fetched may hold more than a delivery.
    fn kept_cap(&self) -> usize {
        match self.plan().is_some() || self.mailbox().is_some() {
            true => ANSWER_CAP,
            false => BODY_CAP,
        }
    }

    /// Reads a document as a fetched item.
    fn reread(&self, body: &[u8]) -> Result<Option<Mapped>, HookError> {
        let value =
            document::read(body, ANSWER_DEPTH_CAP, Nul::Refused).map_err(HookError::Malformed)?;
        let item = Document::from(&value);
        let whole = self
            .plan()
            .map(|plan| plan.beside(&item, Besides::default()));
        self.reader().map(&whole.unwrap_or(item), None)
    }
}

fn within(body: &[u8], limit: usize) -> Result<(), HookError> {
    if body.len() > limit {
        return Err(HookError::TooLarge { limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
