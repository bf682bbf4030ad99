//! `toban source status`: how sources are, as a list and one by one.

use super::{Common, enabled};
use crate::app::desk::App;
use crate::app::setup::Comes;
use crate::app::standing::SourceView;
use crate::app::trackers::{TrackerStanding, TrackerView};
use crate::app::wording::SourceWords;
use crate::cli::process::{load, reader};
use crate::cli::say as out;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::i18n::{self, Args, Lang, say};
use crate::msg;
use crate::store::OpenError;
use anyhow::Context;
use std::process::ExitCode;
use unicode_width::UnicodeWidthStr;

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    common: Common,
    /// One source, with all that is known; all of them if not given.
    name: Option<String>,
}

/// Prints how sources are; the code is not 0 while one is in trouble, so that a script can ask.
pub(super) async fn run(args: &StatusArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.common.config)?;
    let lang = args.common.lang(&config);
    let app = looking(config.clone(), lang).await?;
    let mut views = app.source_views().await?;
    if let Some(name) = &args.name {
        let id = SourceId::from(name.as_str());
        if !views.iter().any(|view| view.id == id) {
            enabled(&config, name, lang)?;
        }
        views.retain(|view| view.id == id);
    }
    let tracked = match &args.name {
        Some(_) => Vec::new(),
        None => app.tracker_views().await?,
    };
    let words = SourceWords {
        lang,
        zone: &app.setup.zone,
        now: SystemClock.now(),
    };
    if args.common.json {
        out(&serde_json::to_string_pretty(&views)?);
    } else if args.name.is_some() {
        for view in &views {
            for line in detail(view, &words) {
                out(&line);
            }
        }
    } else {
        for line in table(&views, &words) {
            out(&line);
        }
        for line in trackers(&tracked, &words) {
            out(&line);
        }
    }
    let is_trouble = views.iter().any(|view| view.standing.is_trouble())
        || tracked.iter().any(TrackerView::is_trouble);
    app.store.close().await;
    Ok(match is_trouble {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// The desk over what a running one keeps.
pub(super) async fn looking(config: Config, lang: Lang) -> anyhow::Result<App> {
    reader(config).await.map_err(|error| {
        let is_missing = matches!(
            error.downcast_ref::<OpenError>(),
            Some(OpenError::Missing(_) | OpenError::Older { found: 0, .. })
        );
        match is_missing {
            true => anyhow::anyhow!("{}", say(lang, msg!("source-no-database"), &Args::new())),
            false => error,
        }
    })
}

fn comes(view: &SourceView, lang: Lang) -> String {
    // How it came is in no configuration any more.
    if !view.is_enabled {
        return "–".to_owned();
    }
    let id = match view.comes {
        Comes::Filed => msg!("source-comes-filed"),
        Comes::Delivered => msg!("source-comes-delivered"),
        Comes::Both => msg!("source-comes-both"),
        Comes::Fetched => msg!("source-comes-fetched"),
        Comes::Mailed => msg!("source-comes-mailed"),
    };
    say(lang, id, &Args::new())
}

fn detail(view: &SourceView, words: &SourceWords<'_>) -> Vec<String> {
    let args = Args::new()
        .with("name", view.name.as_str())
        .with("id", view.id.as_str())
        .with("comes", comes(view, words.lang))
        .with("state", words.state(view));
    let head = say(words.lang, msg!("source-head"), &args);
    let lines = words
        .lines(view)
        .into_iter()
        .map(|line| format!("  {line}"));
    std::iter::once(head).chain(lines).collect()
}

/// One line for each source, and below it what somebody should look at.
fn table(views: &[SourceView], words: &SourceWords<'_>) -> Vec<String> {
    if views.is_empty() {
        return vec![say(words.lang, msg!("source-none-at-all"), &Args::new())];
    }
    let rows: Vec<[String; 3]> = views
        .iter()
        .map(|view| {
            [
                view.id.to_string(),
                comes(view, words.lang),
                words.state(view),
            ]
        })
        .collect();
    let width = |n: usize| rows.iter().map(|row| row[n].width()).max().unwrap_or(0);
    let widths = [width(0), width(1)];
    let fill = |text: &str, n: usize| format!("{text}{}", " ".repeat(widths[n] - text.width()));
    let mut lines = Vec::new();
    for (view, row) in views.iter().zip(&rows) {
        lines.push(format!(
            "{}  {}  {}",
            fill(&row[0], 0),
            fill(&row[1], 1),
            row[2]
        ));
        let why = crate::app::wording::trouble(view).map(str::to_owned);
        let below = why.into_iter().chain(words.remarks(view));
        lines.extend(below.map(|line| format!("  {line}")));
    }
    lines
}

/// How trackers of development are; nothing where there is none.
fn trackers(views: &[TrackerView], words: &SourceWords<'_>) -> Vec<String> {
    if views.is_empty() {
        return Vec::new();
    }
    let say = |id: &str, args: Args| say(words.lang, id, &args);
    let mut lines = vec![String::new(), say(msg!("source-trackers"), Args::new())];
    let width = views.iter().map(|view| view.id.as_str().width()).max();
    for view in views {
        let since = view.since.map(|since| at(words, since)).unwrap_or_default();
        let counted = || {
            let args = Args::new().with("count", i64::from(view.failures));
            args.with("since", since.as_str())
        };
        let state = match view.state {
            TrackerStanding::NeverAsked => say(msg!("tracker-state-never-asked"), Args::new()),
            TrackerStanding::Ok => {
                let last = view.last_ok_at.map(|last| at(words, last));
                let args = Args::new().with("at", last.unwrap_or_default());
                say(msg!("tracker-state-ok"), args)
            }
            TrackerStanding::Failing => say(msg!("tracker-state-failing"), counted()),
            TrackerStanding::Out => say(msg!("tracker-state-out"), counted()),
        };
        let id = view.id.as_str();
        let fill = " ".repeat(width.unwrap_or(0) - id.width());
        lines.push(format!("{id}{fill}  {state}"));
        let tally = |id: &str, count: u64| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            (count > 0).then(|| say(id, Args::new().with("count", count)))
        };
        let below = [
            view.why.clone(),
            tally(msg!("tracker-waiting"), view.waiting),
            tally(msg!("tracker-dead"), view.dead),
        ];
        lines.extend(below.into_iter().flatten().map(|line| format!("  {line}")));
    }
    lines
}

/// When something happened, as lists write it.
pub(super) fn at(words: &SourceWords<'_>, at: crate::time::Timestamp) -> String {
    i18n::instant(words.lang, at, words.zone, words.now)
}

/// The state of a source as the database has it, for whoever asks it with the same question.
pub(super) async fn state_of(
    app: &App,
    source: &SourceId,
) -> anyhow::Result<crate::app::ports::SourceState> {
    let rows = app
        .store
        .sources_known()
        .await
        .context("what is known of the sources")?;
    let row = rows.into_iter().find(|row| row.source == *source);
    Ok(row.map(|row| row.state).unwrap_or_default())
}

#[cfg(test)]
mod tests;
