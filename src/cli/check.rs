//! `toban check`: every problem of a configuration at once, or in words what it means.
//!
//! Promises: it changes nothing and starts nothing; its exit code is 0 only if a server would start with the
//! configuration. What needs a database or a chat (`--connect`) is handed in as further checks.

pub(super) mod ledger;
mod summary;

use crate::config::{Config, ConfigError, DEFAULT_FILE, EXAMPLE, Problems};
use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::time::Timestamp;
use serde_json::json;
use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

/// What `toban check` is asked.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CheckArgs {
    /// The configuration; toban.toml in the working directory if not given.
    #[arg(long, short, env = "TOBAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Prints one JSON object instead of sentences.
    #[arg(long)]
    pub json: bool,
    /// Language of the sentences: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    pub lang: Option<Lang>,
    /// Also tries the database and the chat.
    #[arg(long)]
    pub connect: bool,
    /// Folds the whole ledger anew, beside a running server, and says what is kept otherwise.
    #[arg(long, conflicts_with_all = ["connect", "example"])]
    pub ledger: bool,
    /// Prints a commented example of a configuration and ends.
    #[arg(long)]
    pub example: bool,
}

/// What a further check found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// What was tried: `database`, `discord`.
    pub subject: String,
    /// Whether it is as it should be.
    pub is_good: bool,
    /// What was found, in one sentence.
    pub said: String,
}

/// Further checks of a good configuration.
pub type Further<'a> = &'a dyn Fn(&Config) -> Vec<Finding>;

/// Checks a configuration and prints what it found; returns the exit code.
///
/// # Errors
/// If nothing can be printed.
pub fn run(
    args: &CheckArgs,
    env: &dyn Fn(&str) -> Option<String>,
    now: Timestamp,
    further: Further<'_>,
    out: &mut dyn Write,
) -> io::Result<u8> {
    if args.example {
        out.write_all(EXAMPLE.as_bytes())?;
        return Ok(0);
    }
    let file = args.config.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    let wanted = args.lang.or_else(|| lang_of(env));
    match Config::load(Some(file), env) {
        Ok(config) => {
            let findings = further(&config);
            let report = Report {
                file,
                config: &config,
                findings: &findings,
                lang: wanted.unwrap_or(config.setup.lang),
                now,
            };
            match args.json {
                true => writeln!(out, "{:#}", report.json())?,
                false => report.print(out)?,
            }
            Ok(u8::from(findings.iter().any(|finding| !finding.is_good)))
        }
        Err(error) => {
            match args.json {
                true => writeln!(out, "{:#}", refused_json(file, &error))?,
                false => print_refused(out, file, &error, wanted.unwrap_or_default())?,
            }
            Ok(1)
        }
    }
}

/// A good configuration and what further checks found.
struct Report<'a> {
    file: &'a Path,
    config: &'a Config,
    findings: &'a [Finding],
    lang: Lang,
    now: Timestamp,
}

impl Report<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.config.warnings.list.is_empty() {
            write!(out, "{}", self.config.warnings.render(is_terminal()))?;
        }
        let fine = Args::new().with("file", self.file.display().to_string());
        writeln!(out, "{}", say(self.lang, msg!("check-fine"), &fine))?;
        for line in summary::lines(self.config, self.lang, self.now) {
            writeln!(out, "{line}")?;
        }
        for finding in self.findings {
            let id = match finding.is_good {
                true => msg!("check-further-good"),
                false => msg!("check-further-bad"),
            };
            let args = Args::new()
                .with("subject", finding.subject.as_str())
                .with("said", finding.said.as_str());
            writeln!(out, "{}", say(self.lang, id, &args))?;
        }
        Ok(())
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "ok": self.findings.iter().all(|finding| finding.is_good),
            "file": self.file.display().to_string(),
            "problems": self.config.warnings.list,
            "summary": summary::json(self.config, self.now),
            "checks": self.findings,
        })
    }
}

fn refused_json(file: &Path, error: &ConfigError) -> serde_json::Value {
    let problems = match error {
        ConfigError::Problems(problems) => json!(problems.list),
        ConfigError::Missing { .. } | ConfigError::Unreadable { .. } => json!([{
            "level": "error",
            "file": file.display().to_string(),
            "what": with_causes(error),
        }]),
    };
    json!({ "ok": false, "file": file.display().to_string(), "problems": problems })
}

fn print_refused(
    out: &mut dyn Write,
    file: &Path,
    error: &ConfigError,
    lang: Lang,
) -> io::Result<()> {
    let ConfigError::Problems(problems) = error else {
        return writeln!(out, "{}", with_causes(error));
    };
    write!(out, "{}", problems.render(is_terminal()))?;
    let args = Args::new()
        .with("file", file.display().to_string())
        .with("count", errors(problems));
    writeln!(out, "{}", say(lang, msg!("check-problems"), &args))
}

fn errors(problems: &Problems) -> i64 {
    let errors = problems
        .list
        .iter()
        .filter(|problem| problem.level == crate::config::Level::Error);
    errors.count() as i64
}

/// Colours are for people who look at it now.
fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// An error with what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    said
}

/// The language that the terminal is set to, if it says one of ours.
pub(super) fn lang_of(env: &dyn Fn(&str) -> Option<String>) -> Option<Lang> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()))?;
    Lang::ALL
        .into_iter()
        .find(|lang| set.split(['_', '.']).next() == Some(lang.code()))
}

#[cfg(test)]
mod tests;
