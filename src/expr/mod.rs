//! The one expression language (MiniJinja, sandboxed) for mappings, routing rules and canned texts.
//!
//! Promises: text that compiles uses only filters and tests that exist (the nearest name is suggested), evaluation
//! always ends soon (fuel, and a meter on filters), never builds a value much larger than its input, and answers at most [`OUTPUT_CAP`] bytes.
//! Nothing here panics on any text or document. Errors say where and what to do.
//!
//! Leaves out on purpose: loading other templates, macros, functions and methods; a mapping does not need them and
//! each is a way around the limits. The size and depth of documents are bounded by the caller.

mod check;
mod dates;
mod error;
mod filters;
mod html;
mod meter;
mod outcome;
#[cfg(test)]
mod tests;

pub use error::{ErrorKind, ExprError};
pub use html::markdown;

use std::sync::{Arc, LazyLock};

use minijinja::value::ValueKind;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Value;

/// The most bytes that one rendering or evaluation may answer: more than any chat platform shows.
pub const OUTPUT_CAP: usize = 64 * 1024;

/// The most bytes of template or expression text: canned replies are pages, not books.
pub const SOURCE_CAP: usize = 32 * 1024;

/// Instructions of one run. A mapping takes some dozens; a loop over a thousand comments about ten thousand.
const FUEL: u64 = 50_000;

/// Name under which a template is kept in its own environment; shown nowhere.
const NAME: &str = "text";

static SANDBOX: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env.set_fuel(Some(FUEL));
    env.set_recursion_limit(64);
    env.set_debug(true);
    env.set_formatter(|out, state, value| {
        // JSON null is an absent value for the people who read the text
        if value.is_none() {
            Ok(())
        } else {
            minijinja::escape_formatter(out, state, value)
        }
    });
    for global in ["range", "dict", "debug", "namespace"] {
        env.remove_global(global);
    }
    filters::add_to(&mut env);
    env
});

/// Compiles templates and expressions of the one language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Engine {
    /// Makes an engine; all engines share one set of filters and limits.
    pub fn new() -> Engine {
        Engine
    }

    /// Lists the filters that are offered.
    pub fn filters(&self) -> impl Iterator<Item = &'static str> {
        filters::FILTERS.iter().map(|(name, _)| *name)
    }

    /// Compiles a text with `{{ … }}` and `{% … %}` in it.
    pub fn compile_template(&self, text: &str) -> Result<Template, ExprError> {
        check::template(text)?;
        let mut env = SANDBOX.clone();
        env.add_template_owned(NAME, text.to_owned())
            .map_err(|e| error::from_engine(text, &e))?;
        let paths = env
            .get_template(NAME)
            .map_err(|e| error::from_engine(text, &e))?
            .undeclared_variables(true);
        Ok(Template {
            inner: Arc::new(TemplateInner {
                text: text.into(),
                env,
                paths: sorted(paths),
            }),
        })
    }

    /// Compiles a bare expression, such as a routing rule.
    pub fn compile_expression(&self, text: &str) -> Result<Expression, ExprError> {
        check::expression(text)?;
        let env: &'static Environment<'static> = &SANDBOX;
        let compiled = env
            .compile_expression_owned(text.to_owned())
            .map_err(|e| error::from_engine(text, &e))?;
        let paths = sorted(compiled.undeclared_variables(true));
        Ok(Expression {
            inner: Arc::new(ExpressionInner {
                text: text.into(),
                compiled,
                paths,
            }),
        })
    }
}

/// A document made ready, for callers that evaluate many texts over the same one; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Document(minijinja::Value);

impl From<&Value> for Document {
    fn from(document: &Value) -> Document {
        Document(minijinja::Value::from(minijinja::value::Serde(document)))
    }
}

impl From<&Document> for Document {
    fn from(document: &Document) -> Document {
        document.clone()
    }
}

impl Document {
    /// A document of these fields.
    pub fn object(fields: impl IntoIterator<Item = (&'static str, Document)>) -> Document {
        let fields: std::collections::BTreeMap<&str, minijinja::Value> = fields
            .into_iter()
            .map(|(name, document)| (name, document.0))
            .collect();
        Document(minijinja::Value::from(fields))
    }

    /// Adds fields on top; one that is there already is hidden. What is no object is hidden as a whole.
    pub fn with(self, fields: impl IntoIterator<Item = (&'static str, Document)>) -> Document {
        let on_top = Document::object(fields);
        match self.0.kind() {
            ValueKind::Map => Document(minijinja::value::merge_maps([self.0, on_top.0])),
            _ => on_top,
        }
    }

    /// Adds fields beneath; one that is there already stays.
    pub fn over(self, fields: impl IntoIterator<Item = (&'static str, Document)>) -> Document {
        let beneath = Document::object(fields);
        match self.0.kind() {
            ValueKind::Map => Document(minijinja::value::merge_maps([beneath.0, self.0])),
            _ => beneath,
        }
    }

    /// A document of texts by their names.
    pub fn texts(texts: &std::collections::BTreeMap<String, String>) -> Document {
        Document(minijinja::Value::from(texts.clone()))
    }

    /// A document that is one text.
    pub fn text(text: &str) -> Document {
        Document(minijinja::Value::from(text))
    }

    /// A document that is a list.
    pub fn list(items: &[Document]) -> Document {
        Document(items.iter().map(|item| item.0.clone()).collect())
    }

    /// Copies it into JSON, if it has no more than [`OUTPUT_CAP`] bytes.
    pub fn to_json(&self) -> Result<Value, ExprError> {
        outcome::to_json(&self.0).map_err(|e| error::from_outcome("", e))
    }

    /// Writes it as JSON text, however large it is.
    pub fn to_json_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_else(|_| self.0.to_string())
    }
}

fn sorted(paths: std::collections::HashSet<String>) -> Vec<String> {
    let mut paths: Vec<String> = paths.into_iter().collect();
    paths.sort();
    paths
}

/// A compiled text with holes; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Template {
    inner: Arc<TemplateInner>,
}

#[derive(Debug)]
struct TemplateInner {
    text: Arc<str>,
    env: Environment<'static>,
    paths: Vec<String>,
}

impl Template {
    /// Fills the holes from `document`.
    pub fn render(&self, document: impl Into<Document>) -> Result<String, ExprError> {
        let TemplateInner { text, env, .. } = &*self.inner;
        let mut out = outcome::Capped::default();
        let run = env
            .get_template(NAME)
            .and_then(|t| t.render_captured_to(document.into().0, &mut out).map(drop));
        if out.is_overfull() {
            return Err(error::too_large(text));
        }
        run.map_err(|e| error::from_engine(text, &e))?;
        Ok(out.into_text())
    }

    /// Lists the paths into the document that the text reads, sorted, for lint.
    pub fn paths(&self) -> &[String] {
        &self.inner.paths
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.inner.text
    }
}

/// A compiled expression; cloning is cheap.
#[derive(Debug, Clone)]
pub struct Expression {
    inner: Arc<ExpressionInner>,
}

#[derive(Debug)]
struct ExpressionInner {
    text: Arc<str>,
    compiled: minijinja::Expression<'static, 'static>,
    paths: Vec<String>,
}

impl Expression {
    /// Computes the value; a path that the document lacks is [`ErrorKind::Undefined`].
    pub fn eval(&self, document: impl Into<Document>) -> Result<Value, ExprError> {
        let value = self.run(document)?;
        outcome::to_json(&value).map_err(|e| error::from_outcome(&self.inner.text, e))
    }

    /// Computes a list of documents without copying them, so that it may be as large as what it came from.
    pub fn documents(&self, document: impl Into<Document>) -> Result<Vec<Document>, ExprError> {
        let value = self.run(document)?;
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable => {
                let items = value
                    .try_iter()
                    .map_err(|e| error::from_engine(&self.inner.text, &e))?;
                Ok(items.map(Document).collect())
            }
            _ => Err(error::not_list(&self.inner.text, &value)),
        }
    }

    /// The names of the fields of what it gives, which is not copied; none if that is no object.
    pub fn names(&self, document: impl Into<Document>) -> Option<Vec<String>> {
        let value = self.run(document).ok()?;
        match value.kind() {
            ValueKind::Map => Some(
                value
                    .try_iter()
                    .ok()?
                    .map(|name| name.to_string())
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Computes a yes or no; anything else is an error that names what it was.
    pub fn test(&self, document: impl Into<Document>) -> Result<bool, ExprError> {
        let value = self.run(document)?;
        bool::try_from(value.clone())
            .ok()
            .filter(|_| value.kind() == ValueKind::Bool)
            .ok_or_else(|| error::not_boolean(&self.inner.text, &value))
    }

    /// Lists the paths into the document that the expression reads, sorted, for lint.
    pub fn paths(&self) -> &[String] {
        &self.inner.paths
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    fn run(&self, document: impl Into<Document>) -> Result<minijinja::Value, ExprError> {
        let ExpressionInner { text, compiled, .. } = &*self.inner;
        compiled
            .eval(document.into().0)
            .map_err(|e| error::from_engine(text, &e))
    }
}
