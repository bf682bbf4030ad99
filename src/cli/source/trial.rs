//! `toban source try`: one page of a polled source, with everything that was asked and answered; nothing is kept.

use super::hint::hint;
use super::item::{Shown, cut};
use super::status::state_of;
use super::{Common, enabled};
use crate::app::ports::SourceState;
use crate::app::source_config::SourceKind;
use crate::cli::process::{assemble, client, load, open};
use crate::cli::say as out;
use crate::cli::scratch::Scratch;
use crate::clock::SystemClock;
use crate::domain::ids::SourceId;
use crate::i18n::{Args, Lang, list, say};
use crate::msg;
use crate::sources::{Came, Exchange, Sources, Trial, Tried};
use crate::store::{self, Access, OpenOptions};
use anyhow::bail;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct TryArgs {
    #[command(flatten)]
    common: Common,
    /// The source, by its id.
    name: String,
    /// Asks from here instead of where the desk is; an empty one asks from the beginning.
    #[arg(long)]
    cursor: Option<String>,
    /// How many pages.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    pages: u8,
    /// Shows the beginning of each answer as it came.
    #[arg(long)]
    raw: bool,
}

pub(super) async fn run(args: &TryArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let source = enabled(&config, &args.name, lang)?;
    let is_polled =
        config.sources.sources.get(&source).is_some_and(|found| {
            found.poll().is_some() || matches!(found.kind, SourceKind::Mail(_))
        });
    if !is_polled {
        let args = Args::new().with("id", source.as_str());
        bail!("{}", say(lang, msg!("source-not-polled"), &args));
    }
    let sources = Sources::new(&config.sources, &config.setup, client(&config)?)?.watched();
    let folder = Scratch::new("toban-source")?;
    // Where there is no desk yet, an empty one does.
    let store = match open(&config, Access::Read).await {
        Ok(store) => store,
        Err(_) => store::open(&folder.database(), &OpenOptions::default()).await?,
    };
    let clock = Arc::new(SystemClock);
    let parts = assemble(config.clone(), store, clock, Duration::from_mins(5))?;
    let mut state = state_of(&parts.app, &source).await?;
    if let Some(cursor) = &args.cursor {
        state = SourceState {
            since: state.since,
            cursor: Some(cursor.clone()).filter(|cursor| !cursor.is_empty()),
            ..SourceState::default()
        };
    }
    // An answer that nothing has changed would show nothing.
    (state.etag, state.last_modified) = (None, None);
    let now = SystemClock.now();
    state.since = state.since.or(Some(now));
    let setup = parts.app.setup.sources.get(&source);
    let since = setup.and_then(|setup| setup.since).or(state.since);
    let backlog = setup.map(|setup| setup.backlog);
    let shown = Shown {
        app: &parts.app,
        lang,
        now,
        since: since.zip(backlog),
    };
    let mut pages = Vec::new();
    let mut is_good = true;
    for page in 0..args.pages {
        state.is_further_page = page > 0;
        let Some(trial) = sources.try_page(&source, &state, now).await else {
            break;
        };
        if args.common.json {
            pages.push(as_json(&trial, &state, &shown, args.raw));
        } else {
            for line in lines(&trial, &state, &shown, args.raw, &source) {
                out(&line);
            }
        }
        let next = match &trial.page {
            Ok(tried) => {
                is_good &= tried.items.iter().all(|item| item.mapped.is_ok());
                tried.has_more.then(|| tried.state.clone())
            }
            Err(_) => {
                is_good = false;
                None
            }
        };
        match next {
            Some(next) => state = next,
            None => break,
        }
    }
    if args.common.json {
        out(&serde_json::to_string_pretty(&json!({ "pages": pages }))?);
    } else {
        out(&say(lang, msg!("source-try-kept-nothing"), &Args::new()));
    }
    parts.app.store.close().await;
    Ok(match is_good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// How much of an answer is shown when it went wrong, and how much when it is asked for.
const QUOTED: usize = 300;
const RAW: usize = 2_000;

fn lines(
    trial: &Trial,
    before: &SourceState,
    shown: &Shown<'_>,
    raw: bool,
    source: &SourceId,
) -> Vec<String> {
    let lang = shown.lang;
    let mut lines = Vec::new();
    for exchange in &trial.exchanges {
        lines.push(exchange.line.clone());
        if !exchange.headers.is_empty() {
            let names = exchange.headers.join(", ");
            lines.push(say(
                lang,
                msg!("source-try-headers"),
                &Args::new().with("names", names),
            ));
        }
        if let Some(body) = &exchange.body {
            let args = Args::new().with("body", cut(body, QUOTED));
            lines.push(say(lang, msg!("source-try-body"), &args));
        }
        lines.push(came(exchange, lang));
        lines.extend(hint(exchange, lang).map(|hint| format!("  → {hint}")));
        if let Ok(came) = &exchange.came
            && raw
        {
            lines.extend(start(came, RAW));
        }
    }
    match &trial.page {
        Err(error) => {
            let args = Args::new().with("why", error.to_string());
            lines.push(say(lang, msg!("source-try-failed"), &args));
            let last = trial.exchanges.last();
            let is_good = |came: &&Came| (200..300).contains(&came.status);
            if let Some(came) = last
                .and_then(|last| last.came.as_ref().ok())
                .filter(is_good)
                && !raw
            {
                lines.extend(start(came, QUOTED));
            }
        }
        Ok(tried) => lines.extend(page(tried, before, shown, source)),
    }
    lines
}

fn came(exchange: &Exchange, lang: Lang) -> String {
    let ms = i64::try_from(exchange.took.as_millis()).unwrap_or(i64::MAX);
    let args = Args::new().with("ms", ms.to_string());
    match &exchange.came {
        Ok(came) => {
            let kind = match came.kind.as_str() {
                "" => "–",
                kind => kind,
            };
            let args = args
                .with("status", i64::from(came.status).to_string())
                .with("bytes", came.bytes.to_string())
                .with("kind", kind);
            say(lang, msg!("source-try-answer"), &args)
        }
        Err(failure) => {
            let args = args.with("why", failure.to_string());
            say(lang, msg!("source-try-no-answer"), &args)
        }
    }
}

/// The beginning of an answer, indented.
fn start(came: &Came, most: usize) -> Vec<String> {
    let text: String = came.start.chars().take(most).collect();
    text.lines().map(|line| format!("  | {line}")).collect()
}

fn page(tried: &Tried, before: &SourceState, shown: &Shown<'_>, source: &SourceId) -> Vec<String> {
    let lang = shown.lang;
    let said = |cursor: &Option<String>| cursor.clone().unwrap_or_else(|| "–".to_owned());
    let mut lines = Vec::new();
    let count = i64::try_from(tried.items.len()).unwrap_or(i64::MAX);
    let args = Args::new()
        .with("count", count)
        .with("before", said(&before.cursor))
        .with("after", said(&tried.state.cursor));
    lines.push(say(lang, msg!("source-try-page"), &args));
    if tried.has_more {
        lines.push(say(lang, msg!("source-try-more"), &Args::new()));
    }
    if let Some(why) = &tried.state.last_error {
        let args = Args::new().with("why", why.as_str());
        lines.push(say(lang, msg!("source-try-held"), &args));
    }
    if tried.items.is_empty() {
        let args = Args::new().with("names", list(lang, &tried.names));
        lines.push(say(
            lang,
            msg!("source-try-empty"),
            &args.with("id", source.as_str()),
        ));
    }
    for (n, item) in tried.items.iter().enumerate() {
        lines.extend(shown.lines(n + 1, item));
    }
    lines
}

fn as_json(trial: &Trial, before: &SourceState, shown: &Shown<'_>, raw: bool) -> Value {
    let exchanges: Vec<Value> = trial
        .exchanges
        .iter()
        .map(|exchange| {
            let mut told = json!({
                "what": exchange.what, "request": exchange.line, "headers": exchange.headers,
                "body": exchange.body, "took_ms": exchange.took.as_millis() as u64,
                "hint": hint(exchange, shown.lang),
            });
            match &exchange.came {
                Ok(came) => {
                    told["status"] = json!(came.status);
                    told["bytes"] = json!(came.bytes);
                    told["content_type"] = json!(came.kind);
                    if raw {
                        told["raw"] = json!(came.start);
                    }
                }
                Err(failure) => told["error"] = json!(failure.to_string()),
            }
            told
        })
        .collect();
    let mut told = json!({ "exchanges": exchanges, "cursor_before": before.cursor });
    match &trial.page {
        Ok(tried) => {
            let items: Vec<Value> = tried.items.iter().map(|item| shown.json(item)).collect();
            told["items"] = json!(items);
            told["cursor_after"] = json!(tried.state.cursor);
            told["has_more"] = json!(tried.has_more);
            told["remark"] = json!(tried.state.last_error);
        }
        Err(error) => told["error"] = json!(error.to_string()),
    }
    told
}
