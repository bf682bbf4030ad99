//! `toban rota`: the rotas in force, and where the configuration has moved on from them.

use super::check::Finding;
use super::process::{assemble, load, open};
use super::{ConfigArgs, say};
use super::{coverage, facts};
use crate::app::ports::Store;
use crate::app::rotas;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::store::Access;
use crate::time::{SignedDuration, plus};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct RotaArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// How many days ahead.
    #[arg(long, default_value_t = 14)]
    days: u16,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

/// Prints the shifts of the coming days, overrides laid over, and what an edit of the file would change.
pub(super) async fn show(args: &RotaArgs) -> anyhow::Result<()> {
    let mut config = load(&args.config)?;
    let (lang, zone) = (config.setup.lang, config.setup.zone.clone());
    let store = open(&config, Access::Read).await?;
    let now = SystemClock.now();
    let pending = rotas::look(&*store, &mut config.setup, now).await?;
    let clock = Arc::new(SystemClock);
    let app = assemble(config, store, clock, Duration::from_mins(5))?.app;
    let until = plus(now, SignedDuration::from_hours(24 * i64::from(args.days)));
    let mut all = Vec::new();
    for rota in app.setup.rotas.values() {
        let shifts = app.shifts(rota, now, until).await?;
        let pending = pending.iter().find(|news| news.rota == rota.name());
        if args.json {
            all.push(json!({ "rota": rota.name(), "shifts": shifts, "at_next_start": pending }));
            continue;
        }
        say(rota.name());
        facts::lines(&app.setup, rota, lang)
            .iter()
            .for_each(|line| say(&format!("  {line}")));
        for shift in shifts {
            let name = app.setup.people.name(&shift.member);
            let at = |at| i18n::instant(lang, at, &zone, now);
            let mark = if shift.by_override { " *" } else { "" };
            say(&format!(
                "  {} – {}  {name}{mark}",
                at(shift.starts_at),
                at(shift.ends_at)
            ));
        }
        if let Some(news) = pending {
            say(&format!(
                "  {}",
                differs(&news.sentences(lang, &app.setup.people, now), lang)
            ));
        }
    }
    if args.json {
        say(&serde_json::to_string_pretty(&all)?);
    } else {
        for queue in app.setup.queues.values() {
            let lines = coverage::lines(&app.setup, queue, lang, now);
            if !lines.is_empty() {
                let name = Args::new()
                    .with("name", queue.name.as_str())
                    .with("id", queue.id.as_str());
                say(&i18n::say(lang, msg!("check-queue"), &name));
            }
            lines.iter().for_each(|line| say(&format!("  {line}")));
        }
    }
    app.store.close().await;
    Ok(())
}

/// What a start would change in the rotas in force: a finding each, and none where nothing differs.
pub(super) async fn differences(config: &Config, store: &dyn Store, lang: Lang) -> Vec<Finding> {
    let mut setup = config.setup.clone();
    let now = SystemClock.now();
    match rotas::look(store, &mut setup, now).await {
        Ok(pending) => pending
            .iter()
            .map(|news| Finding {
                subject: news.rota.clone(),
                is_good: true,
                said: differs(&news.sentences(lang, &setup.people, now), lang),
            })
            .collect(),
        Err(error) => vec![Finding {
            subject: "rota".to_owned(),
            is_good: false,
            said: format!("{:#}", anyhow::Error::new(error)),
        }],
    }
}

fn differs(sentences: &[String], lang: Lang) -> String {
    let args = Args::new().with("news", sentences.join(" "));
    i18n::say(lang, msg!("rota-differs"), &args)
}
