//! `toban route`: rules tried on documents, and what past decisions say about them.
//!
//! Trying needs the configuration only: no desk, no database, no network. The report looks beside a running desk and changes
//! nothing.

use super::check::lang_of;
use super::process::{client, env, load, reader};
use super::{ConfigArgs, say};
use crate::app::ports::{HookError, Hooks, Mapped};
use crate::app::routing::{Look, Tried, route};
use crate::app::setup::{Setup, SourceSetup};
use crate::app::source_config::{SourceConfig, SourceKind, SourcesConfig};
use crate::app::wording::{PlainText, Words, sentence, unread_text};
use crate::clock::SystemClock;
use crate::config::{Config, neutral_mapping};
use crate::domain::ids::SourceId;
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::sources::Sources;
use crate::time::{Date, SignedDuration, Time, Timestamp, plus, resolve};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct TestArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// One document, a list of them, or one on each line, as JSON; `-` reads standard input.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// The source whose mapping reads them; without it they are documents as `toban send` takes them.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The first day, in the desk's zone: inquiries received from then on; 30 days before the end if not given.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The last day, which belongs to it; today if not given.
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

fn date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| format!("{text:?} is no date: write it like 2026-11-21"))
}

/// Tries the rules on documents. The exit code is 1 if one of them is no inquiry.
pub(super) fn test(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.config)?;
    let lang = args
        .lang
        .or_else(|| lang_of(&env))
        .unwrap_or(config.setup.lang);
    let documents = documents(&args.file)?;
    let bench = Bench::new(&config, args.source.as_deref())?;
    let mut is_whole = true;
    let mut told = Vec::new();
    for (document, number) in documents.iter().zip(1..) {
        let found = bench.read(document);
        is_whole &= found.is_ok();
        if args.json {
            told.push(bench.json(number, &found));
        } else {
            bench
                .lines(number, &found, lang)
                .iter()
                .for_each(|line| say(line));
        }
    }
    if args.json {
        say(&serde_json::to_string_pretty(&told)?);
    }
    Ok(match is_whole {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Prints what the routing is to learn.
pub(super) async fn report(args: &ReportArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let lang = args
        .lang
        .or_else(|| lang_of(&env))
        .unwrap_or(config.setup.lang);
    let (from, until) = window(args, &config)?;
    let app = reader(config).await?;
    let report = app.routing_report(from, until).await;
    app.store.close().await;
    let report = report?;
    if args.json {
        say(&serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    let texts = HashMap::new();
    let words = Words {
        lang,
        zone: &app.setup.zone,
        now: SystemClock.now(),
        texts: &texts,
        people: &app.setup.people,
    };
    for line in report.lines() {
        say(&sentence(&line, &words, &PlainText));
    }
    Ok(())
}

fn window(args: &ReportArgs, config: &Config) -> anyhow::Result<(Timestamp, Timestamp)> {
    let zone = &config.setup.zone;
    let midnight = |date: Date| resolve(date.to_datetime(Time::midnight()), zone);
    let last = args
        .to
        .unwrap_or_else(|| zone.to_datetime(SystemClock.now()).date());
    let until = midnight(last.tomorrow().context("--to is the last day there is")?);
    let from = match args.from {
        Some(from) => midnight(from),
        None => plus(until, SignedDuration::from_hours(-24 * 30)),
    };
    if from >= until {
        bail!("--from lies after --to: exchange them");
    }
    Ok((from, until))
}

/// The documents of a file.
fn documents(file: &Path) -> anyhow::Result<Vec<Value>> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin()
            .read_to_string(&mut text)
            .context("standard input cannot be read")?;
    } else {
        text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
    }
    let documents = match serde_json::from_str(&text) {
        Ok(Value::Array(documents)) => documents,
        Ok(document) => vec![document],
        Err(whole) => {
            let lines = text
                .lines()
                .zip(1..)
                .filter(|(line, _)| !line.trim().is_empty());
            let mut documents = Vec::new();
            for (line, number) in lines {
                // A document over many lines is wrong where it is wrong, not on its first line.
                let document =
                    serde_json::from_str(line).map_err(|error| match documents.is_empty() {
                        true => anyhow::anyhow!("{} is no JSON: {whole}", file.display()),
                        false => {
                            anyhow::anyhow!("{}, line {number} is no JSON: {error}", file.display())
                        }
                    })?;
                documents.push(document);
            }
            documents
        }
    };
    if documents.is_empty() {
        bail!("{} has no document", file.display());
    }
    Ok(documents)
}

/// What the rules are tried with.
struct Bench<'a> {
    setup: &'a Setup,
    sources: Sources,
    source: SourceSetup,
}

/// A document that was read, or why it was not.
type Found = Result<Option<Mapped>, HookError>;

impl<'a> Bench<'a> {
    fn new(config: &'a Config, named: Option<&str>) -> anyhow::Result<Bench<'a>> {
        let client = client(config)?;
        let (configs, source) = match named {
            Some(named) => {
                let id = SourceId::from(named);
                let Some(found) = config.sources.sources.get(&id) else {
                    let known: Vec<&str> = config
                        .sources
                        .sources
                        .keys()
                        .map(SourceId::as_str)
                        .collect();
                    bail!(
                        "there is no source {named:?}: use one of {}",
                        known.join(", ")
                    );
                };
                if found.kind == SourceKind::Portal {
                    bail!(
                        "source {named:?} is the portal's form, which reads no documents: leave --source out"
                    );
                }
                let setup = config.setup.sources.get(&id).cloned();
                let setup =
                    setup.unwrap_or_else(|| SourceSetup::plain(id.clone(), config.setup.lang));
                let only = BTreeMap::from([(id, found.clone())]);
                (SourcesConfig { sources: only }, setup)
            }
            None => {
                let id = SourceId::from("toban");
                let setup = SourceSetup::plain(id.clone(), config.setup.lang);
                let neutral = SourceConfig {
                    name: id.to_string(),
                    kind: SourceKind::Portal,
                    base_url: String::new(),
                    secrets: Vec::new(),
                    hook_secrets: Vec::new(),
                    settings: BTreeMap::new(),
                    mapping: neutral_mapping(),
                    way_back: BTreeMap::new(),
                    id: id.clone(),
                };
                let only = BTreeMap::from([(id, neutral)]);
                (SourcesConfig { sources: only }, setup)
            }
        };
        Ok(Bench {
            setup: &config.setup,
            sources: Sources::new(&configs, &config.setup, client)?,
            source,
        })
    }

    fn read(&self, document: &Value) -> Found {
        let body = document.to_string();
        self.sources
            .map(&self.source.id, body.as_bytes(), SystemClock.now())
    }

    fn json(&self, number: usize, found: &Found) -> Value {
        let mapped = match found {
            Err(why) => return json!({ "document": number, "error": why.to_string() }),
            Ok(None) => return json!({ "document": number, "taken": false }),
            Ok(Some(mapped)) => mapped,
        };
        let look = route(self.setup, mapped, &self.source, None);
        let rules = look.tried();
        json!({
            "document": number,
            "taken": true,
            "external_id": mapped.external_id,
            "title": mapped.title,
            "queue": look.queue,
            "rule": look.ruled.map(|place| place + 1),
            "rules": rules.iter().map(|tried| json!({
                "number": tried.number,
                "name": tried.rule.name,
                "when": tried.rule.when.text(),
                "queue": tried.rule.queue,
                "matched": tried.outcome.as_ref().ok(),
                "error": tried.outcome.as_ref().err(),
                "values": tried.looked_at,
            })).collect::<Vec<_>>(),
        })
    }

    fn lines(&self, number: usize, found: &Found, lang: Lang) -> Vec<String> {
        let args = Args::new().with("number", number.to_string());
        let mapped = match found {
            Err(why) => {
                let args = args.with("why", unread_text(lang, why));
                return vec![i18n::say(lang, msg!("route-test-unreadable"), &args)];
            }
            Ok(None) => return vec![i18n::say(lang, msg!("route-test-not-taken"), &args)],
            Ok(Some(mapped)) => mapped,
        };
        let look = route(self.setup, mapped, &self.source, None);
        let queue = self.setup.queue(&look.queue);
        let args = args
            .with("title", mapped.title.as_str())
            .with("id", mapped.external_id.as_str())
            .with("queue", format!("{} ({})", queue.name, queue.id));
        let head = match look.ruled {
            Some(place) => {
                let args = args.with("rule", (place + 1).to_string());
                i18n::say(lang, msg!("route-test-ruled"), &args)
            }
            None => i18n::say(lang, msg!("route-test-default"), &args),
        };
        let mut lines = vec![head];
        lines.extend(
            look.tried()
                .iter()
                .map(|tried| rule_line(&look, tried, lang)),
        );
        lines
    }
}

/// What a rule made of a document: `  2  not matched  region == 'jp'  (region = null)`.
fn rule_line(look: &Look<'_>, tried: &Tried<'_>, lang: Lang) -> String {
    let is_later = look.ruled.is_some_and(|place| place + 1 < tried.number);
    let (id, why) = match &tried.outcome {
        Ok(true) if is_later => (msg!("route-test-too-late"), String::new()),
        Ok(true) => (msg!("route-test-matched"), String::new()),
        Ok(false) => (msg!("route-test-not-matched"), String::new()),
        Err(why) => (msg!("route-test-error"), why.clone()),
    };
    let values: Vec<String> = tried
        .looked_at
        .iter()
        .map(|(name, value)| format!("{name} = {}", quoted(value)))
        .collect();
    let name = tried
        .rule
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!("{name}: "));
    let outcome = i18n::say(lang, id, &Args::new().with("why", why));
    let text = format!(
        "  {}  {outcome}  {name}{} → {}",
        tried.number,
        tried.rule.when.text(),
        tried.rule.queue
    );
    match values.is_empty() {
        true => text,
        false => format!("{text}  ({})", values.join(", ")),
    }
}

/// A value in a line: a long text is cut.
fn quoted(value: &Value) -> String {
    let whole = value.to_string();
    let cut: String = whole.chars().take(60).collect();
    match cut.len() < whole.len() {
        true => format!("{cut}…"),
        false => cut,
    }
}

#[cfg(test)]
mod tests;
