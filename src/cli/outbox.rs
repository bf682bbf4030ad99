//! `toban outbox`: what waits and what is dead, and sending a dead delivery again.
//!
//! The list is read beside a running server; a retry goes through its API.

use super::process::{load, reader};
use super::talk::ask;
use super::{ConfigArgs, say};
use crate::app::ports::{Delivery, OutboxLine, TrackerAct, WriteBack};
use crate::clock::SystemClock;
use crate::i18n;
use anyhow::Context;
use serde_json::json;
use std::collections::HashMap;

#[derive(Debug, clap::Args)]
pub(super) struct OutboxArgs {
    #[command(subcommand)]
    command: Option<OutboxCommand>,
    #[command(flatten)]
    config: ConfigArgs,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum OutboxCommand {
    /// Puts a dead delivery back into its lane. One whose answer was lost may have arrived: look there first.
    Retry {
        #[command(flatten)]
        config: ConfigArgs,
        /// The delivery, by the id that the list shows.
        id: String,
    },
}

/// The states of what is not done, in the words of the API.
const UNSENT: [&str; 5] = ["queued", "sending", "retry", "unknown", "dead"];
const MOST: u32 = 500;

pub(super) async fn run(args: &OutboxArgs) -> anyhow::Result<()> {
    match &args.command {
        Some(OutboxCommand::Retry { config, id }) => {
            anyhow::ensure!(
                id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
                "{id:?} is no id of a delivery: \"toban outbox\" lists them"
            );
            let answer = ask(config, &format!("api/v1/outbox/{id}/retry"), &json!({})).await?;
            let state = answer["state"]
                .as_str()
                .context("the desk answered oddly")?;
            say(&format!("{id} {state}"));
            Ok(())
        }
        None => list(args).await,
    }
}

async fn list(args: &OutboxArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let (lang, zone) = (config.setup.lang, config.setup.zone.clone());
    let app = reader(config).await?;
    let lines = app.store.outbox(&UNSENT, MOST).await?;
    if args.json {
        say(&serde_json::to_string_pretty(&lines)?);
    } else {
        let mut references = HashMap::new();
        let now = SystemClock.now();
        for line in &lines {
            let reference = match &line.inquiry {
                Some(id) => match references.get(id) {
                    Some(known) => String::clone(known),
                    None => {
                        let stored = app.store.inquiry(id).await?;
                        let found = stored.map_or("-".to_owned(), |it| it.reference.to_string());
                        references.insert(id.clone(), found.clone());
                        found
                    }
                },
                None => "-".to_owned(),
            };
            let at = i18n::instant(lang, line.not_before, &zone, now);
            let place = format!("{}/{}", line.place.platform, line.place.channel);
            let why = line.why.as_deref().unwrap_or_default();
            say(&format!(
                "{}  {:<7} {reference:<8} {:<10} {place}  {at}  {why}",
                line.id,
                line.state,
                kind(line),
            ));
        }
    }
    app.store.close().await;
    Ok(())
}

fn kind(line: &OutboxLine) -> &'static str {
    match &line.what {
        Delivery::Card { .. } => "card",
        Delivery::Notice { .. } => "notice",
        Delivery::Board { .. } => "board",
        Delivery::WriteBack { act, .. } => match act {
            WriteBack::Reply { .. } => "reply",
            WriteBack::Bounce { .. } => "bounce",
            WriteBack::Resolved { .. } => "answer",
            WriteBack::Owner { .. } => "owner",
            WriteBack::Closed => "closed",
            WriteBack::Reopened => "reopened",
            WriteBack::Severity { .. } => "severity",
            WriteBack::Aside { .. } => "aside",
        },
        Delivery::Tracker { act, .. } => match act {
            TrackerAct::File { .. } => "issue",
            TrackerAct::Note { .. } => "affected",
        },
    }
}
