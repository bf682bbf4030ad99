//! What operators do about sources: have one polled, look at what could not be read, read it again.

use super::status::{at, looking};
use super::{Common, enabled};
use crate::app::ports::Unreadable;
use crate::app::wording::{SourceWords, unread_text};
use crate::cli::process::load;
use crate::cli::say as out;
use crate::cli::talk::ask;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::i18n::{Args, say};
use crate::msg;
use crate::sources::masked_document;
use anyhow::bail;
use serde_json::json;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(crate) struct PollArgs {
    #[command(flatten)]
    common: Common,
    /// The source, by its id.
    name: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UnreadableArgs {
    #[command(flatten)]
    common: Common,
    /// The source, by its id.
    name: String,
    /// One document, with its first lines; a list of all if not given.
    id: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    common: Common,
    /// The source, by its id.
    name: String,
    /// The document, by the id that `toban source unreadable` shows.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    id: Option<String>,
    /// All that were not replayed yet.
    #[arg(long)]
    all: bool,
}

/// How many documents a list shows, and how many are looked up at once for a replay of all.
const MOST: u32 = 500;

/// How much of a document is shown.
const LINES: usize = 40;
const CHARACTERS: usize = 4_000;

/// Has a source polled by the running desk.
pub(super) async fn poll(args: &PollArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let source = enabled(&config, &args.name, lang)?;
    let path = format!("api/v1/sources/{source}/poll");
    let answer = ask(&args.common.config, &path, &json!({})).await?;
    if args.common.json {
        out(&serde_json::to_string_pretty(&answer)?);
    } else {
        let args = Args::new().with("id", source.as_str());
        out(&say(lang, msg!("source-polled"), &args));
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows documents that could not be read.
pub(super) async fn unreadable(args: &UnreadableArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let documents = kept(&args.common, config.clone(), &args.name).await?;
    let words = SourceWords {
        lang,
        zone: &config.setup.zone,
        now: SystemClock.now(),
    };
    let Some(id) = &args.id else {
        if args.common.json {
            out(&serde_json::to_string_pretty(&documents)?);
            return Ok(ExitCode::SUCCESS);
        }
        if documents.is_empty() {
            let args = Args::new().with("id", args.name.as_str());
            out(&say(lang, msg!("source-unreadable-none"), &args));
        }
        for document in &documents {
            out(&line(document, &words));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let Some(document) = documents.iter().find(|document| document.id == *id) else {
        let args = Args::new()
            .with("id", id.as_str())
            .with("source", args.name.as_str());
        bail!("{}", say(lang, msg!("source-unreadable-unknown"), &args));
    };
    if args.common.json {
        out(&serde_json::to_string_pretty(document)?);
        return Ok(ExitCode::SUCCESS);
    }
    out(&line(document, &words));
    out("");
    // JSON of one line is laid out, so that a person can find the field.
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(&document.body);
    let body = parsed.and_then(|value| serde_json::to_string_pretty(&value));
    let body = body.unwrap_or_else(|_| document.body.clone());
    let mut shown: String = body.lines().take(LINES).collect::<Vec<_>>().join("\n");
    if let Some((end, _)) = shown.char_indices().nth(CHARACTERS) {
        shown.truncate(end);
    }
    out(&shown);
    if shown.len() < body.trim_end().len() {
        out("…");
    }
    Ok(ExitCode::SUCCESS)
}

fn line(document: &Unreadable, words: &SourceWords<'_>) -> String {
    let why = match &document.reason {
        Some(reason) => unread_text(words.lang, reason),
        None => document.why.clone(),
    };
    let args = Args::new()
        .with("id", document.id.as_str())
        .with("at", at(words, document.at))
        .with("why", why);
    match document.replayed_at {
        None => say(words.lang, msg!("source-unreadable-line"), &args),
        Some(replayed) => {
            let args = args.with("replayed", at(words, replayed));
            say(words.lang, msg!("source-unreadable-replayed"), &args)
        }
    }
}

/// Reads documents again, by the running desk.
pub(super) async fn replay(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let ids: Vec<String> = match &args.id {
        Some(id) => vec![id.clone()],
        None => waiting(&args.common, config.clone(), &args.name).await?,
    };
    let mut has_failed = false;
    let mut told = Vec::new();
    for id in &ids {
        if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            let args = Args::new()
                .with("id", id.as_str())
                .with("source", args.name.as_str());
            bail!("{}", say(lang, msg!("source-unreadable-unknown"), &args));
        }
        let path = format!("api/v1/unreadable/{id}/replay");
        let one = Args::new().with("id", id.as_str());
        let line = match ask(&args.common.config, &path, &json!({})).await {
            Ok(answer) => {
                told.push(json!({ "id": id, "answer": answer }));
                match answer["reference"].as_str() {
                    Some(reference) => say(
                        lang,
                        msg!("source-replayed"),
                        &one.with("reference", reference),
                    ),
                    None => say(lang, msg!("source-replayed-nothing"), &one),
                }
            }
            // One that is unreadable still does not keep the others.
            Err(error) if ids.len() > 1 || args.all => {
                has_failed = true;
                let why = format!("{error:#}");
                told.push(json!({ "id": id, "error": why }));
                say(lang, msg!("source-replay-failed"), &one.with("why", why))
            }
            Err(error) => return Err(error),
        };
        if !args.common.json {
            out(&line);
        }
    }
    if args.common.json {
        out(&serde_json::to_string_pretty(&told)?);
    } else if ids.is_empty() {
        let args = Args::new().with("id", args.name.as_str());
        out(&say(lang, msg!("source-unreadable-none"), &args));
    }
    Ok(match has_failed {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// The ids of all of a source that wait, in the order in which they came, so that the newer version of an item is read
/// last; of one page, which came at once, in any.
async fn waiting(common: &Common, config: Config, name: &str) -> anyhow::Result<Vec<String>> {
    let lang = common.lang(&config);
    let app = looking(config.clone(), lang).await?;
    let source = SourceId::from(name);
    let (mut ids, mut after) = (Vec::new(), None);
    let ids = loop {
        match app.store.unreadables_waiting(&source, after, MOST).await {
            Ok(some) => {
                after = some.last().map(|last| (last.at, last.id.clone()));
                ids.extend(some.into_iter().map(|one| one.id));
                if after.is_none() {
                    break Ok(ids);
                }
            }
            Err(error) => break Err(error),
        }
    };
    app.store.close().await;
    let ids = ids?;
    if ids.is_empty() {
        enabled(&config, name, lang)?;
    }
    Ok(ids)
}

/// What is kept of a source that could not be read; of one that is configured no more too.
async fn kept(common: &Common, config: Config, name: &str) -> anyhow::Result<Vec<Unreadable>> {
    let lang = common.lang(&config);
    let app = looking(config.clone(), lang).await?;
    let documents = app.store.unreadables_of(&SourceId::from(name), MOST).await;
    app.store.close().await;
    let mut documents = documents?;
    if documents.is_empty() {
        enabled(&config, name, lang)?;
    }
    // What earlier builds kept may hold a key of ours, and what is shown is soon shown to others.
    if let Some(source) = config.sources.sources.get(&SourceId::from(name)) {
        let secrets = [&source.secrets[..], &source.hook_secrets].concat();
        for document in &mut documents {
            document.body = masked_document(&document.body, &secrets);
        }
    }
    Ok(documents)
}
