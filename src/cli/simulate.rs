//! `toban simulate`: what the past would have been under another policy or roster.
//!
//! It looks beside a running desk and changes nothing. What is tried is read from a configuration as `serve` would
//! read it. The bar goes to the terminal's error side, so that the table can be piped.

mod table;
mod tried;

use super::check::lang_of;
use super::process::{env, load, reader};
use super::{ConfigArgs, say};
use crate::app::simulate::Trial;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::QueueId;
use crate::i18n::Lang;
use crate::time::{Date, Time, TimeZone, resolve};
use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

#[derive(Debug, clap::Args)]
#[group(id = "tried", required = true, multiple = true, args = ["policy", "rota"])]
pub(super) struct SimulateArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The policy to try: one of the configuration by its name, a file (each queue takes what it has there), or FILE#NAME.
    #[arg(long, value_name = "NEW")]
    policy: Option<String>,
    /// The rota to try, named in the same ways; it is counted as if it had held all along.
    #[arg(long, value_name = "NEW")]
    rota: Option<String>,
    /// The first day of the window, in the desk's zone: inquiries received from then on.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Date,
    /// The last day of the window, which belongs to it; today if not given.
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// Only what was received in this queue.
    #[arg(long)]
    queue: Option<String>,
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

/// Below this a look is too short for a bar.
const LONG: u64 = 200;

/// Replays a window and prints both columns.
pub(super) async fn run(args: &SimulateArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let trial = trial(args, &config)?;
    let lang = args
        .lang
        .or_else(|| lang_of(&env))
        .unwrap_or(config.setup.lang);
    let app = reader(config).await?;
    let bar = bar(args);
    let compared = app
        .simulate(&trial, &mut |done, total| {
            if total >= LONG && done % 16 == 0 {
                bar.set_length(total);
                bar.set_position(done);
            }
        })
        .await;
    bar.finish_and_clear();
    app.store.close().await;
    let compared = compared?;
    let shown = table::Shown {
        lang,
        trial: &trial,
        compared: &compared,
        people: &app.setup.people,
        zone: &app.setup.zone,
        policy: args.policy.as_deref(),
        rota: args.rota.as_deref(),
    };
    if args.json {
        say(&serde_json::to_string_pretty(&shown.json())?);
    } else {
        for line in shown.lines() {
            say(&line);
        }
    }
    Ok(())
}

/// Checks what is asked and reads what is tried.
fn trial(args: &SimulateArgs, config: &Config) -> anyhow::Result<Trial> {
    let zone = &config.setup.zone;
    let now = SystemClock.now();
    let today = zone.to_datetime(now).date();
    let (from, to) = window(args.from, args.to, today)?;
    let queue = match &args.queue {
        None => None,
        Some(word) => Some(queue(word, config)?),
    };
    let end = to.tomorrow().context("--to is the last day there is")?;
    Ok(Trial {
        from: midnight(from, zone),
        until: midnight(end, zone),
        dates: (from, end),
        now,
        queue,
        policies: match &args.policy {
            Some(word) => Some(tried::policies(word, config, &env)?),
            None => None,
        },
        roster: match &args.rota {
            Some(word) => Some(tried::roster(word, config, &env)?),
            None => None,
        },
    })
}

/// The days of the window, both of them in it.
fn window(from: Date, to: Option<Date>, today: Date) -> anyhow::Result<(Date, Date)> {
    let to = to.unwrap_or(today);
    for (name, day) in [("--from", from), ("--to", to)] {
        if day > today {
            bail!(
                "{name} {day} lies ahead: only what was received can be replayed, and today is {today}"
            );
        }
    }
    if to < from {
        bail!("--to {to} is before --from {from}: exchange them");
    }
    Ok((from, to))
}

fn queue(word: &str, config: &Config) -> anyhow::Result<QueueId> {
    let Some(queue) = config.setup.find_queue(word) else {
        let known: Vec<&str> = config.setup.queues.keys().map(QueueId::as_str).collect();
        bail!("there is no queue {word:?}: {}", tried::one_of(&known));
    };
    Ok(queue.id.clone())
}

fn midnight(date: Date, zone: &TimeZone) -> crate::time::Timestamp {
    resolve(date.to_datetime(Time::midnight()), zone)
}

/// A bar for people who wait at a terminal; nothing for everybody else.
fn bar(args: &SimulateArgs) -> ProgressBar {
    let is_watched = std::io::stderr().is_terminal() && !args.json;
    let target = match is_watched {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(None, target);
    match ProgressStyle::with_template("{wide_bar} {pos}/{len}  {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests;
