//! Commands that only look: beside a running server, or at the configuration alone.

use super::process::{load, reader};
use super::{ConfigArgs, say};
use crate::app::ports::{ListFilter, Reference, Stored};
use crate::app::why::why;
use crate::app::wording::{PlainText, Words, sentence};
use crate::clock::SystemClock;
use crate::domain::sla::next_promise;
use crate::i18n::{self, Lang};
use crate::msg;
use anyhow::Context;
use serde_json::json;
use std::collections::HashMap;

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The inquiry, like Q-12.
    #[arg(value_parser = reference)]
    inquiry: Reference,
    /// In this language instead of the desk's: ja or en.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Ended ones too.
    #[arg(long)]
    all: bool,
    /// Of one queue only.
    #[arg(long)]
    queue: Option<String>,
    /// Of one owner only.
    #[arg(long)]
    owner: Option<String>,
    /// With these words in anything that was said of them (title, error text, messages, answers); ended ones too.
    #[arg(long)]
    text: Option<String>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=500))]
    limit: u32,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

fn reference(text: &str) -> Result<Reference, String> {
    text.parse()
        .map_err(|()| format!("{text:?} is no inquiry: write it like Q-12"))
}

/// Prints why every deadline of an inquiry is what it is.
pub(super) async fn explain(args: &ExplainArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let app = reader(config).await?;
    let stored = app.store.by_reference(args.inquiry).await?;
    let stored = stored.with_context(|| format!("there is no inquiry {}", args.inquiry))?;
    let explained = app.explain(&stored).await?;
    if args.json {
        say(&serde_json::to_string_pretty(&explained)?);
    } else {
        let queue = app.setup.queue(&stored.inquiry.queue);
        let texts = HashMap::new();
        let words = Words {
            lang: args.lang.unwrap_or(app.setup.lang),
            zone: &queue.zone,
            now: SystemClock.now(),
            texts: &texts,
            people: &app.setup.people,
        };
        say(&stored.reference.to_string());
        for line in app.awake(std::slice::from_ref(&stored)).await? {
            say(&format!("  {}", sentence(&line, &words, &PlainText)));
        }
        for line in explained.iter().flat_map(|(_, lines)| lines) {
            say(&format!("  {}", sentence(&why(line), &words, &PlainText)));
        }
    }
    app.store.close().await;
    Ok(())
}

/// Prints inquiries, the ones with the least time first.
pub(super) async fn list(args: &ListArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let app = reader(config).await?;
    let owner = match &args.owner {
        Some(word) => {
            let member = app.setup.find_member(word);
            Some(
                member
                    .with_context(|| format!("there is no member \"{word}\""))?
                    .id
                    .clone(),
            )
        }
        None => None,
    };
    let filter = ListFilter {
        queue: args.queue.clone(),
        owner,
        is_open: (!args.all && args.text.is_none()).then_some(true),
        text: args.text.clone(),
        limit: args.limit,
        ..ListFilter::default()
    };
    let now = SystemClock.now();
    let mut rows = Vec::new();
    let views = app.views(&filter, app.setup.lang).await?;
    if !args.json && views.is_empty() {
        let none = i18n::Args::new();
        say(&i18n::say(app.setup.lang, msg!("list-nothing"), &none));
    }
    if !args.json {
        let words = Words {
            lang: app.setup.lang,
            zone: &app.setup.zone,
            now,
            texts: &HashMap::new(),
            people: &app.setup.people,
        };
        let found: Vec<Stored> = views.iter().map(|view| view.stored.clone()).collect();
        for line in app.awake(&found).await? {
            say(&sentence(&line, &words, &PlainText));
        }
    }
    for view in views {
        let inquiry = &view.stored.inquiry;
        let policy = app.policy(&inquiry.policy).await?;
        let due = next_promise(inquiry, &policy).map(|(_, due)| due);
        let title = view
            .context
            .texts
            .get(&inquiry.facts.title)
            .cloned()
            .unwrap_or_default();
        let owner = inquiry.holder().map(|holder| app.setup.people.name(holder));
        if args.json {
            rows.push(json!({
                "reference": view.stored.reference.to_string(),
                "severity": inquiry.severity,
                "queue": inquiry.queue,
                "stage": inquiry.stage,
                "owner": inquiry.holder(),
                "due_at": due,
                "contract": inquiry.contract_word(),
                "title": title,
            }));
        } else {
            let due = match due {
                Some(due) => i18n::instant(app.setup.lang, due, &view.context.zone, now),
                None if inquiry.is_held() => {
                    let none = i18n::Args::new();
                    i18n::say(app.setup.lang, msg!("tone-no-contract"), &none)
                }
                None => "-".to_owned(),
            };
            let owner = owner.unwrap_or_else(|| "-".to_owned());
            say(&format!(
                "{:<8} {}  {due:<22}  {owner:<10}  {title}",
                view.stored.reference.to_string(),
                inquiry.severity
            ));
        }
    }
    if args.json {
        say(&serde_json::to_string_pretty(&rows)?);
    }
    app.store.close().await;
    Ok(())
}
