//! Requests as configured: url, header values and body are texts of the one language.

use super::document::{self, ANSWER_DEPTH_CAP, Nul};
use super::mask::masked;
use crate::app::secret::Secret;
use crate::app::source_config::{RequestConfig, SourceConfig};
use crate::expr::{Document, Engine, Expression, Template};
use crate::net::{Answer, Method, Request, StatusCode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// A request made ready.
#[derive(Debug)]
pub(super) struct Rendered {
    method: Method,
    url: Template,
    headers: Vec<(String, Template)>,
    body: Option<Template>,
    good_when: Option<Expression>,
}

/// How much of an answer is quoted: the reason is near the start.
const QUOTE_CAP: usize = 200;

/// What every request of a source sees besides its own.
pub(super) struct Common {
    base_url: Document,
    secret: Document,
    setting: Document,
}

impl fmt::Debug for Common {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Common(…)")
    }
}

impl Common {
    pub fn of(config: &SourceConfig) -> Common {
        Common::new(&config.base_url, &config.secrets, &config.settings)
    }

    /// What is common to the requests of anything that has an address, secrets and settings.
    pub fn new(base_url: &str, secrets: &[Secret], settings: &BTreeMap<String, String>) -> Common {
        let secret = secrets.first();
        Common {
            base_url: Document::text(base_url),
            secret: Document::text(secret.map_or("", |secret| secret.expose())),
            setting: Document::texts(settings),
        }
    }

    /// What was chosen in the system, by name.
    pub fn setting(&self) -> Document {
        self.setting.clone()
    }

    /// An answer with what is no secret of these.
    pub fn beside(&self, answer: Document) -> Document {
        answer.with([
            ("base_url", self.base_url.clone()),
            ("setting", self.setting.clone()),
        ])
    }

    /// The texts that a request sees; all others are empty.
    pub fn with(&self, texts: impl IntoIterator<Item = (&'static str, String)>) -> Document {
        let common = [
            ("base_url", self.base_url.clone()),
            ("secret", self.secret.clone()),
            ("setting", self.setting.clone()),
        ];
        let texts = texts
            .into_iter()
            .map(|(name, text)| (name, Document::text(&text)));
        Document::object(common.into_iter().chain(texts))
    }
}

impl Rendered {
    /// Compiles a request; says at which key it does not.
    pub fn compile(config: &RequestConfig, key: &str) -> Result<Rendered, (String, String)> {
        let template = |name: &str, text: &str| {
            Engine::new()
                .compile_template(text)
                .map_err(|error| (format!("{key}.{name}"), error.to_string()))
        };
        let method = Method::from_bytes(config.method.as_bytes()).map_err(|_| {
            let why = format!("{:?} is no method", config.method);
            (format!("{key}.method"), why)
        })?;
        let headers = config.headers.iter().map(|(name, text)| {
            template(&format!("headers.{name}"), text).map(|value| (name.clone(), value))
        });
        Ok(Rendered {
            method,
            url: template("url", &config.url)?,
            headers: headers.collect::<Result<_, _>>()?,
            body: config
                .body
                .as_deref()
                .map(|text| template("body", text))
                .transpose()?,
            good_when: config
                .good_when
                .as_deref()
                .map(|text| Engine::new().compile_expression(text))
                .transpose()
                .map_err(|error| (format!("{key}.good_when"), error.to_string()))?,
        })
    }

    /// Tells of an answer with a good status whether it is good all the same, and if not what it said.
    ///
    /// An answer without content says nothing against itself.
    pub fn judge(&self, answer: &Answer, secrets: &[Secret]) -> Result<(), String> {
        let is_silent = !answer.status.is_success() || answer.status == StatusCode::NO_CONTENT;
        let Some(expression) = self.good_when.as_ref().filter(|_| !is_silent) else {
            return Ok(());
        };
        let said = || quote(&answer.body, secrets);
        let document =
            document::read(&answer.body, ANSWER_DEPTH_CAP, Nul::Replaced).map_err(|_| {
                format!(
                    "its answer is no JSON, so good_when cannot be told: {}",
                    said()
                )
            })?;
        // As in a list that is fetched, an answer that is no object is its field `answer`.
        let document = match document {
            Value::Object(_) => Document::from(&document),
            other => Document::object([("answer", Document::from(&other))]),
        };
        match expression.test(document) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("it answered that it failed: {}", said())),
            Err(error) => Err(format!("good_when: {error}; it answered {}", said())),
        }
    }

    /// Tells whether its address or its body reads one of these names.
    pub fn reads(&self, names: &[&str]) -> bool {
        let paths = self
            .body
            .iter()
            .chain([&self.url])
            .flat_map(Template::paths);
        let mut roots = paths.map(|path| path.split('.').next().unwrap_or(path));
        roots.any(|root| names.contains(&root))
    }

    /// Tells whether it has no address over such a document, so that there is nothing to send.
    pub fn is_blank(&self, document: &Document) -> bool {
        let url = self.url.render(document);
        url.is_ok_and(|url| url.trim().is_empty())
    }

    /// Fills the request in; the words of an error name no secret.
    pub fn fill(&self, document: &Document) -> Result<Request, String> {
        let url = self
            .url
            .render(document)
            .map_err(|error| format!("its url: {error}"))?;
        let url = Url::parse(url.trim()).map_err(|error| format!("its url: {error}"))?;
        let mut request = Request::new(self.method.clone(), url);
        for (name, value) in &self.headers {
            let value = value
                .render(document)
                .map_err(|error| format!("its header {name}: {error}"))?;
            request = request.header(name, value.trim());
        }
        if let Some(body) = self.body(document)? {
            request = request.body(body.into_bytes());
        }
        Ok(request)
    }

    /// The body alone, if there is one.
    pub fn body(&self, document: &Document) -> Result<Option<String>, String> {
        let Some(body) = &self.body else {
            return Ok(None);
        };
        let body = body.render(document);
        body.map(Some).map_err(|error| format!("its body: {error}"))
    }
}

/// The start of an answer, in one line, without the secrets that some systems repeat in what they refuse.
pub(super) fn quote(body: &[u8], secrets: &[Secret]) -> String {
    let text = masked(&String::from_utf8_lossy(body), secrets);
    // A NUL of a binary answer could not be kept.
    let text = text.replace(char::is_control, " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(QUOTE_CAP) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
