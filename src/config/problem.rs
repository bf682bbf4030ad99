//! What is wrong with a configuration: every problem with its place, what it is and what to do.
//!
//! Problems are English only: the operator who reads them searches the web with them. They are collected, never
//! thrown, so that one run names them all.

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// Of a line that may hold a secret: it is shown without the value.
pub(super) const NO_NAME: &str = "this names a variable, and it is no name of one; as it may be the secret itself, it is not repeated here";
pub(super) const IN_PLACE: &str = "the secret stands in the file itself";

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing starts with it.
    Error,
    /// It works, but hardly as meant.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub level: Level,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The path of the key, as in `queue[0].rota`; empty for the file as a whole.
    pub key: String,
    pub what: String,
    pub help: Option<String>,
    /// The bytes at fault.
    #[serde(skip)]
    pub range: Range<usize>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if self.level == Level::Warning {
            f.write_str("warning: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// All that is wrong, in the order of the file, with the texts it is in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Problems {
    pub list: Vec<Problem>,
    /// File → its text, for showing the lines.
    texts: BTreeMap<String, String>,
}

impl Problems {
    /// Sorts what was collected.
    pub(super) fn new(mut list: Vec<Problem>, texts: BTreeMap<String, String>) -> Self {
        list.sort_by(|a, b| {
            let order =
                |p: &Problem| (p.file.clone(), p.range.start, p.key.clone(), p.what.clone());
            order(a).cmp(&order(b))
        });
        list.dedup();
        Problems { list, texts }
    }

    /// Tells whether anything stands in the way of a start.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|problem| problem.level == Level::Error)
    }

    /// Shows every problem with its lines and a caret under the fault.
    pub fn render(&self, with_colour: bool) -> String {
        let theme = if with_colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
        let mut shown = String::new();
        for problem in &self.list {
            let report = self.report(problem);
            if handler.render_report(&mut shown, report.as_ref()).is_err() {
                shown.push_str(&problem.to_string());
            }
            shown.push('\n');
        }
        shown
    }

    /// A text without the secrets that problems point at, each as long as it was.
    fn without_secrets(&self, file: &str, text: &str) -> String {
        let mut text = text.to_owned();
        let is_secret = |problem: &&Problem| {
            problem.file == file && (problem.what == NO_NAME || problem.what == IN_PLACE)
        };
        for problem in self.list.iter().filter(is_secret) {
            if let Some(secret) = text.get(problem.range.clone()) {
                // A text of several lines keeps them, so that what follows stays where it is.
                let hidden: String = secret
                    .bytes()
                    .map(|byte| if byte == b'\n' { '\n' } else { '*' })
                    .collect();
                text.replace_range(problem.range.clone(), &hidden);
            }
        }
        text
    }

    fn report(&self, problem: &Problem) -> miette::Report {
        let what = if problem.key.is_empty() {
            problem.what.clone()
        } else {
            format!("{}: {}", problem.key, problem.what)
        };
        let mut diagnostic = MietteDiagnostic::new(what).with_severity(match problem.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
        });
        if let Some(help) = &problem.help {
            diagnostic = diagnostic.with_help(help);
        }
        match self.texts.get(&problem.file) {
            Some(text) => {
                let label = LabeledSpan::new_with_span(None, problem.range.clone());
                let source =
                    NamedSource::new(&problem.file, self.without_secrets(&problem.file, text));
                miette::Report::new(diagnostic.with_label(label)).with_source_code(source)
            }
            None => miette::Report::new(diagnostic),
        }
    }
}

impl fmt::Debug for Problems {
    /// Without the texts, which are long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.list.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The line and column, from 1, of a byte of a text.
pub(super) fn place(text: &str, byte: usize) -> (usize, usize) {
    let byte = (0..=byte.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let before = &text[..byte];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}
