//! `toban source test`: a document in a file, and the inquiry that it would become.

use super::item::Shown;
use super::{Common, enabled};
use crate::app::source_config::{Delivery, Format, SourceKind};
use crate::cli::process::{assemble, load};
use crate::cli::say as out;
use crate::cli::scratch::Scratch;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::sources::{As, Beside};
use crate::store::{self, OpenOptions};
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    #[command(flatten)]
    common: Common,
    /// The source, by its id.
    name: String,
    /// What it sends or answers: a document, a list, a whole answer, a table; `-` reads standard input.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// As what it is read, where a source is both delivered and fetched.
    #[arg(long = "as", value_enum)]
    how: Option<How>,
    /// What the request for the detail of an item answers; every item gets it.
    #[arg(long, value_name = "FILE")]
    detail: Option<PathBuf>,
    /// What the check before a poll answers.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum How {
    /// Delivered to `/hooks/…`.
    Delivered,
    /// Fetched by a poll.
    Fetched,
}

pub(super) async fn run(args: &TestArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let source = enabled(&config, &args.name, lang)?;
    let body = read(&args.file)?;
    let beside = Beside {
        detail: args.detail.as_deref().map(document).transpose()?,
        check: args.check.as_deref().map(document).transpose()?,
    };
    // A desk that nobody keeps: what it makes of words needs no inquiries.
    let folder = Scratch::new("toban-source")?;
    let store = store::open(&folder.database(), &OpenOptions::default()).await?;
    let how = args.how.map(|how| match how {
        How::Delivered => As::Delivered,
        How::Fetched => As::Fetched,
    });
    let how = match how {
        Some(how) => how,
        None => guessed(&config, &source, &body, lang)?,
    };
    let clock = Arc::new(SystemClock);
    let parts = assemble(config, store, clock, Duration::from_mins(5))?;
    let items = parts.sources.explain(&source, &body, how, &beside);
    let now = SystemClock.now();
    let shown = Shown {
        app: &parts.app,
        lang,
        now,
        since: None,
    };
    let code = match &items {
        Err(why) => {
            let args_ = Args::new().with("why", why.as_str());
            if args.common.json {
                out(&serde_json::to_string_pretty(
                    &json!({ "error": why, "items": [] }),
                )?);
            } else {
                out(&say(lang, msg!("source-file-unreadable"), &args_));
            }
            ExitCode::FAILURE
        }
        Ok(items) => {
            if args.common.json {
                let items: Vec<Value> = items.iter().map(|item| shown.json(item)).collect();
                out(&serde_json::to_string_pretty(&json!({ "items": items }))?);
            } else {
                if items.is_empty() {
                    out(&say(lang, msg!("source-no-items"), &Args::new()));
                }
                for (n, item) in items.iter().enumerate() {
                    for line in shown.lines(n + 1, item) {
                        out(&line);
                    }
                }
            }
            match items.iter().any(|item| item.mapped.is_err()) {
                true => ExitCode::FAILURE,
                false => ExitCode::SUCCESS,
            }
        }
    };
    parts.app.store.close().await;
    Ok(code)
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut body = Vec::new();
        std::io::stdin()
            .read_to_end(&mut body)
            .context("standard input cannot be read")?;
        return Ok(body);
    }
    std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn document(file: &Path) -> anyhow::Result<Value> {
    let body = read(file)?;
    serde_json::from_slice(&body).with_context(|| format!("{} is no JSON", file.display()))
}

/// As what it is read if nobody says: a source that comes both ways gives documents, unless this is a table.
fn guessed(config: &Config, source: &SourceId, body: &[u8], lang: Lang) -> anyhow::Result<As> {
    let found = config.sources.sources.get(source);
    let found = found.context("the source is configured")?;
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
    Ok(match &found.kind {
        SourceKind::Portal => bail!("{}", say(lang, msg!("source-is-portal"), &Args::new())),
        SourceKind::Poll(_) | SourceKind::Mail(_) => As::Fetched,
        SourceKind::Webhook { poll: None, .. } => As::Delivered,
        // What a nudge holds is not read: the inquiries are in what it makes us fetch.
        SourceKind::Webhook {
            brings: Delivery::Nudge,
            ..
        } => As::Fetched,
        SourceKind::Webhook {
            poll: Some(poll), ..
        } => match poll.format {
            Format::Csv(_) if !is_json => As::Fetched,
            Format::Csv(_) | Format::Json => As::Delivered,
        },
    })
}
