//! `toban rota`: the rotas in force, and where the configuration has moved on from them.

use super::check::Finding;
use super::process::{assemble, load, open, with_kept, with_pages};
use super::{ConfigArgs, say};
use super::{coverage, facts};
use crate::app::duty_views::why_said;
use crate::app::ports::Store;
use crate::app::rotas;
use crate::app::subscriptions::Pages;
use crate::app::wording::{PlainText, Words, sentence};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::store::Access;
use crate::time::{Date, DateTime, SignedDuration, Time, plus, resolve};
use serde_json::json;
use std::collections::HashMap;
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

#[derive(Debug, clap::Args)]
pub(super) struct FairnessArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The first day, like 2026-10-01; ninety days back if not given.
    #[arg(long)]
    from: Option<Date>,
    /// The last day; up to now if not given.
    #[arg(long)]
    to: Option<Date>,
    /// Of one rota only.
    #[arg(long)]
    rota: Option<String>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

/// Prints the shifts of the coming days, overrides laid over, and what an edit of the file would change.
pub(super) async fn show(args: &RotaArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let (lang, zone) = (config.setup.lang, config.setup.zone.clone());
    let store = open(&config, Access::Read).await?;
    let mut config = with_kept(config, &*store).await?;
    let now = SystemClock.now();
    let pending = rotas::look(&*store, &mut config.setup, now).await?;
    let clock = Arc::new(SystemClock);
    let app = assemble(config, store, clock, Duration::from_mins(5))?.app;
    let until = plus(now, SignedDuration::from_hours(24 * i64::from(args.days)));
    let mut all = Vec::new();
    let kept = app.book(now).await?;
    let texts = HashMap::new();
    let words = Words {
        lang,
        zone: &zone,
        now,
        texts: &texts,
        people: &app.setup.people,
    };
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
            let why = why_said(kept.book.why(rota.name(), &shift), &words);
            say(&format!(
                "  {} – {}  {name}{why}",
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

/// Prints how the duty of each rota was shared.
pub(super) async fn fairness(args: &FairnessArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let (lang, zone) = (config.setup.lang, config.setup.zone.clone());
    let store = open(&config, Access::Read).await?;
    let mut config = with_kept(config, &*store).await?;
    let now = SystemClock.now();
    rotas::look(&*store, &mut config.setup, now).await?;
    let clock = Arc::new(SystemClock);
    let app = assemble(config, store, clock, Duration::from_mins(5))?.app;
    let midnight = |day: Date| resolve(DateTime::from_parts(day, Time::midnight()), &zone);
    // The last day named is part of the window.
    let until = args.to.and_then(|day| day.tomorrow().ok());
    let until = until.map_or(now, midnight);
    let quarter = SignedDuration::from_hours(24 * 90);
    let from = args.from.map_or(plus(until, -quarter), midnight);
    anyhow::ensure!(from < until, "the window ends before it begins");
    if let Some(name) = &args.rota {
        let is_there = app.setup.rotas.contains_key(name);
        anyhow::ensure!(is_there, "there is no rota \"{name}\"");
    }
    let all = app.fairness(args.rota.as_deref(), from, until).await?;
    if args.json {
        say(&serde_json::to_string_pretty(&all)?);
    } else {
        let texts = HashMap::new();
        let words = Words {
            lang,
            zone: &zone,
            now,
            texts: &texts,
            people: &app.setup.people,
        };
        for message in all.iter().flat_map(|fairness| app.said_of(fairness)) {
            say(&sentence(&message, &words, &PlainText));
        }
    }
    app.store.close().await;
    Ok(())
}

/// What a start would change in the rotas in force: a finding each, and none where nothing differs.
pub(super) async fn differences(
    config: &Config,
    pages: &Pages,
    store: &dyn Store,
    lang: Lang,
) -> Vec<Finding> {
    let looked = async {
        let mut setup = with_pages(config, pages)?.setup;
        let now = SystemClock.now();
        let pending = rotas::look(store, &mut setup, now).await?;
        let found = pending.iter().map(|news| Finding {
            subject: news.rota.clone(),
            is_good: true,
            said: differs(&news.sentences(lang, &setup.people, now), lang),
        });
        anyhow::Ok(found.collect())
    };
    looked.await.unwrap_or_else(|error| {
        vec![Finding {
            subject: "rota".to_owned(),
            is_good: false,
            said: format!("{error:#}"),
        }]
    })
}

fn differs(sentences: &[String], lang: Lang) -> String {
    let args = Args::new().with("news", sentences.join(" "));
    i18n::say(lang, msg!("rota-differs"), &args)
}
