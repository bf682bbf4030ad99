//! One request as the double reads it, and the answer it gives.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Response;
use serde_json::Value;

use super::Snowflake;
use super::errors::Refusal;
use super::validate::spec;

/// What parts the parts of a form; nothing for a body that is no form.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (_, boundary) = kind
        .strip_prefix("multipart/form-data;")?
        .split_once("boundary=")?;
    Some(boundary.trim_matches('"').to_owned())
}

/// The parts of a form: name and text.
fn parts(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let body = String::from_utf8_lossy(body);
    let between = format!("--{boundary}");
    let pieces = body.split(&between).map(str::to_owned);
    let pieces: Vec<String> = pieces.collect();
    let part = |piece: &String| {
        let (head, text) = piece.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        let text = text.strip_suffix("\r\n").unwrap_or(text);
        Some((name.to_owned(), text.to_owned()))
    };
    pieces.iter().filter_map(part).collect()
}

/// A request below `/api/v10` whose route the description knows.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub route: spec::Route,
    pub query: Vec<(String, String)>,
    pub body: Value,
    /// The files that came along, as texts.
    pub files: Vec<String>,
    headers: HeaderMap,
}

impl Request {
    /// Reads a request; one with a body that is no JSON is refused.
    pub fn read(
        method: &Method,
        uri: &Uri,
        headers: HeaderMap,
        path: &str,
        body: &[u8],
    ) -> Result<Self, Refusal> {
        let route = spec::route(method.as_str(), path).ok_or(Refusal::NO_ROUTE)?;
        let form = boundary(&headers).map(|boundary| parts(body, &boundary));
        let files = form.iter().flatten();
        let files = files.filter(|(name, _)| name.starts_with("files["));
        let files = files.map(|(_, text)| text.clone()).collect();
        let json = match &form {
            None => body,
            Some(parts) => parts
                .iter()
                .find(|(name, _)| name == "payload_json")
                .map_or(&[][..], |(_, text)| text.as_bytes()),
        };
        let body = match json {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).map_err(|_| Refusal::INVALID_JSON)?,
        };
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        Ok(Self {
            method: method.to_string(),
            path: path.to_owned(),
            route,
            query,
            body,
            files,
            headers,
        })
    }

    /// Returns a header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns a path parameter; the routes that ask for one have it.
    pub fn param(&self, name: &str) -> &str {
        self.route
            .params
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
    }

    /// Returns a path parameter that is an id; one that is no number names nothing.
    pub fn id(&self, name: &str) -> Snowflake {
        Snowflake(self.param(name).parse().unwrap_or_default())
    }

    /// Says whether a query parameter is true.
    pub fn asks(&self, name: &str) -> bool {
        self.query(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }
}

/// What the double answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(&'static str, String)>,
}

impl Answer {
    /// Answers 200 with a body.
    pub fn ok(body: Value) -> Self {
        Self::with(200, body)
    }

    /// Answers 204.
    pub fn empty() -> Self {
        Self::with(204, Value::Null)
    }

    /// Answers any status; a null body is none.
    pub fn with(status: u16, body: Value) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }

    /// Turns the answer into what axum sends.
    pub fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = if self.body.is_null() {
            Body::empty()
        } else {
            response = response.header(header::CONTENT_TYPE, "application/json");
            Body::from(self.body.to_string())
        };
        response
            .body(body)
            .expect("the double's own headers are valid")
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::with(refusal.status, refusal.body())
    }
}
