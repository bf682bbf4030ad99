//! Errors as problem documents (RFC 9457).

use crate::app::access::AccessError;
use crate::app::desk::ActError;
use crate::app::ports::StoreError;
use crate::app::receive::ReceiveError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Why a request was not done, for a machine to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    status: StatusCode,
    /// The last part of the `type`: stable, for programs.
    kind: &'static str,
    title: &'static str,
    detail: String,
    extras: Map<String, Value>,
    challenge: Option<&'static str>,
    retry_after: Option<u32>,
}

impl Problem {
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Problem {
            status,
            kind,
            title,
            detail: detail.into(),
            extras: Map::new(),
            challenge: None,
            retry_after: None,
        }
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extras.insert(name.to_owned(), value.into());
        self
    }

    /// Says how to authenticate.
    #[must_use]
    pub fn challenge(mut self, scheme: &'static str) -> Self {
        self.challenge = Some(scheme);
        self
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request cannot be read",
            detail,
        )
    }

    /// A parameter or field that cannot be understood.
    pub fn bad_field(field: &str, why: &str) -> Self {
        Problem::bad_request(format!("{field}: {why}"))
            .with("field", field)
            .with("reason", why)
    }

    pub fn not_found(detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    pub fn unauthorized() -> Self {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "not-signed-in",
            "Not signed in",
            "sign in at /login, or send a token as \"authorization: bearer …\"",
        )
        .challenge("Bearer realm=\"toban\"")
    }

    pub fn forbidden(kind: &'static str, detail: impl Into<String>) -> Self {
        Problem::new(StatusCode::FORBIDDEN, kind, "Not allowed", detail)
    }

    pub fn too_large(limit: usize) -> Self {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "The body is too large",
            format!("the body is larger than {limit} bytes"),
        )
        .with("limit", limit)
    }

    /// Nothing was refused; it may go better in a moment.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        let mut problem = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "The desk cannot answer now",
            detail,
        );
        problem.retry_after = Some(2);
        problem
    }

    /// Too many wrong keys, links or tokens; the next may be tried in so many seconds.
    pub fn too_many(seconds: u32) -> Self {
        let mut problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-guesses",
            "Too many wrong guesses",
            format!("too many were wrong; try again in {seconds} seconds"),
        );
        problem.retry_after = Some(seconds);
        problem
    }

    /// The body did not come within the time that a whole one may take.
    pub fn too_slow(limit: Duration) -> Self {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "The body came too slowly",
            format!("it was not complete within {} seconds", limit.as_secs()),
        )
    }

    /// The panicking handler's answer: nothing of the inside is told.
    pub fn internal() -> Self {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong inside",
            "this is a fault of the desk; the log has the details under this request's id",
        )
    }
}

/// The database's own words stay in the log.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!("the web could not answer: {error}");
        match error {
            StoreError::Unavailable(_) | StoreError::Unknown(_) => {
                Problem::unavailable("the database did not answer; try again")
            }
            StoreError::Refused(_) | StoreError::Unreadable(_) => Problem::internal(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:toban:problem:{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(map) = body.as_object_mut() {
            map.extend(self.extras);
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(scheme) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::UnknownSource(_) => Problem::new(
                StatusCode::NOT_FOUND,
                "unknown-source",
                "No such source",
                error.to_string(),
            ),
            ReceiveError::Act(error) => error.into(),
        }
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Problem::not_found("there is no such inquiry"),
            ActError::Refused(refusal) => Problem::new(
                StatusCode::CONFLICT,
                "refused",
                "Refused",
                refusal.to_string(),
            ),
            ActError::Contended => Problem::unavailable("the inquiry keeps moving on; try again"),
            ActError::Store(error) => error.into(),
        }
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::UnknownMember(_) => Problem::bad_field("member", &error.to_string()),
            AccessError::Store(error) => error.into(),
        }
    }
}
