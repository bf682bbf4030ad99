//! The sending side of a webhook: what `toban send` does with a document.

use super::signature::BadSecret;
use super::webhook::scheme;
use crate::app::secret::Secret;
use crate::app::source_config::Auth;
use crate::net::{Client, Failure, Method, Request};
use crate::time::Timestamp;
use serde_json::Value;
use url::Url;

/// What the other side made of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// 202 when it brought something, 200 when it changed nothing.
    pub status: u16,
    /// The answer as JSON; null if it is none.
    pub answer: Value,
}

/// Why a document was not taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SendError {
    /// The scheme cannot be used.
    #[error("the scheme: {0}")]
    Scheme(String),
    /// The secret cannot be used.
    #[error(transparent)]
    Secret(#[from] BadSecret),
    /// There was no answer.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// It was refused, with a reason.
    #[error("answered {status}{}", if why.is_empty() { String::new() } else { format!(": {why}") })]
    Refused { status: u16, why: String },
}

/// Signs a document as the scheme wants it and posts it.
///
/// The bytes are sent as they are: whether they are a document is for the receiver to say.
pub async fn send(
    client: &Client,
    mut url: Url,
    auth: &Auth,
    secret: &Secret,
    document: Vec<u8>,
    delivery_id: &str,
    now: Timestamp,
) -> Result<Sent, SendError> {
    let scheme = scheme(auth).map_err(SendError::Scheme)?;
    let key = scheme.key(secret.expose())?;
    let signed = super::signature::sign(&scheme, &key, delivery_id, &document, now);
    let (in_address, headers): (Vec<_>, Vec<_>) = signed
        .into_iter()
        .partition(|(name, _)| name.starts_with('?'));
    for (name, value) in in_address {
        url.query_pairs_mut()
            .append_pair(name.trim_start_matches('?'), &value);
    }
    let mut request = Request::new(Method::POST, url)
        .header("content-type", "application/json")
        .body(document);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = client.send(request).await?;
    let status = answer.status.as_u16();
    let body = answer.json().unwrap_or_default();
    if answer.status.is_success() {
        return Ok(Sent {
            status,
            answer: body,
        });
    }
    let said = ["detail", "title"].map(|name| body.get(name).and_then(Value::as_str));
    let why = said.into_iter().flatten().next().unwrap_or_default();
    Err(SendError::Refused {
        status,
        why: why.chars().take(500).collect(),
    })
}

#[cfg(test)]
mod tests;
