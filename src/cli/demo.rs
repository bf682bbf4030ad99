//! `toban demo`: the whole job in a few minutes, with a made-up team, a scratch database and a fast clock.
//!
//! The sample inquiries come in through the real webhook, signed; everything that is said is said by the
//! same engine that `serve` runs.

use super::process;
use super::say;
use super::scratch::Scratch;
use super::serve::{bind, options, serve, signals};
use crate::app::desk::App;
use crate::app::ports::AskedBy;
use crate::app::rotas;
use crate::app::source_config::Auth;
use crate::clock::{ScaledClock, SystemIds};
use crate::config::Config;
use crate::domain::calendar::Calendar;
use crate::domain::contract::Contract;
use crate::net;
use crate::sources;
use crate::store::{self, OpenOptions};
use crate::time::{SignedDuration, Time, Timestamp, plus, resolve};
use anyhow::Context;
use serde_json::Value;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The sample inquiries: when they come, in minutes after the start, and the document.
const SAMPLES: &str = include_str!("../../config/presets/demo-inquiries.json");

#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// How many times faster than the world the demo's clock runs.
    #[arg(long, default_value = "60", value_name = "N")]
    speed: NonZeroU32,
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 8420)]
    port: u16,
}

pub(super) async fn run(args: &DemoArgs) -> anyhow::Result<()> {
    let secret = SystemIds.token();
    let portal_key = "demo";
    let mut config = Config::demo(&secret, portal_key);
    "warn".clone_into(&mut config.server.log);
    process::log(&config)?;
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], args.port)))
        .await
        .context("try \"toban demo --port 0\"")?;
    let address = listener
        .local_addr()
        .context("the port cannot be read back")?;
    let folder = Scratch::new("toban-demo")?;
    let store = store::open(&folder.database(), &OpenOptions::default()).await?;
    let start = opening(&config);
    let clock = Arc::new(ScaledClock::new(start, args.speed));
    let source = config
        .sources
        .sources
        .values()
        .find(|source| !source.verifying().is_empty());
    let key = source
        .and_then(|source| source.verifying().first())
        .cloned()
        .context("the demo has a signed source")?;
    let options = options(&config, None, true);
    // A second of delay in the world is a minute of the demo's.
    let grace = Duration::from_mins(5).saturating_mul(args.speed.get());
    rotas::adopt(&*store, &mut config.setup, start).await?;
    let parts = process::assemble(config, store, clock.clone(), grace)?;
    parts.app.start().await?;
    register(&parts.app, start).await?;
    parts.engine.start().await?;
    say(&format!(
        "当番 toban demo — a team of four, {}× faster than the world\n\
         \n  desk    http://{address}/desk     (choose who you are)\
         \n  portal  http://{address}/portal   (key: {portal_key})\n\
         \nInquiries come in by themselves. Claim one, answer it, or let it run late and see who is called.\n\
         Stop with Ctrl-C; nothing is kept.",
        args.speed
    ));
    let stop = signals();
    let feeder = feed(clock, start, address, key, stop.clone());
    tokio::spawn(async move {
        if let Err(error) = feeder.await {
            tracing::error!("the sample inquiries broke off: {error:#}");
        }
    });
    serve(parts, listener, options, stop).await
}

/// The contracts of the demo's customers: one ends soon, one has ended.
async fn register(app: &App, start: Timestamp) -> anyhow::Result<()> {
    let today = start.to_zoned(app.setup.zone.clone()).date();
    let contracts = [
        ("K-1001", "株式会社さくら商事", "gold", 14),
        ("K-1002", "みなと運輸", "silver", -1),
        ("K-1003", "あおば食品", "gold", 200),
        ("K-1004", "Northwind Ltd", "standard", 200),
        ("K-1005", "こはる保育園", "standard", 200),
        ("K-1006", "ひばり不動産", "silver", 200),
    ];
    let by = AskedBy::Token("demo".to_owned());
    for (id, customer, plan, days) in contracts {
        let ends_on = today
            .checked_add(SignedDuration::from_hours(24 * days))
            .ok();
        let contract = Contract {
            id: id.to_owned(),
            customer: customer.to_owned(),
            aliases: Vec::new(),
            plan: Some(plan.to_owned()),
            products: Vec::new(),
            calendar: None,
            region: None,
            language: None,
            starts_on: None,
            ends_on,
            note: None,
        };
        app.put_contract(contract, &by, "cli").await?;
    }
    Ok(())
}

/// A quarter past nine on the next day that the demo's team works: the duty turns over at half past.
fn opening(config: &Config) -> Timestamp {
    let zone = config.setup.zone.clone();
    let today = crate::clock::SystemClock
        .now()
        .to_zoned(zone.clone())
        .date();
    let calendar: Option<Calendar> = config
        .setup
        .policies
        .values()
        .next()
        .map(|policy| policy.working().clone());
    let worked = |day| {
        calendar
            .as_ref()
            .is_none_or(|calendar| calendar.is_worked_day(day))
    };
    let day = if worked(today) {
        today
    } else {
        calendar
            .as_ref()
            .and_then(|calendar| calendar.next_worked_day(today))
            .unwrap_or(today)
    };
    resolve(day.to_datetime(Time::constant(9, 15, 0, 0)), &zone)
}

/// Sends the samples through the real hook, each at its minute of the demo's time.
async fn feed(
    clock: Arc<ScaledClock>,
    start: Timestamp,
    address: SocketAddr,
    key: crate::app::secret::Secret,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    use crate::app::ports::Clock;
    let samples: Vec<Value> = serde_json::from_str(SAMPLES).context("the samples are JSON")?;
    let settings = net::Settings {
        allow_private: vec!["127.0.0.0/8".parse().context("the loopback range")?],
        ..net::Settings::default()
    };
    let client = net::Client::new(&settings)?;
    let url: url::Url = format!("http://{address}/hooks/demo").parse()?;
    for sample in samples {
        let minute = sample["minute"].as_i64().unwrap_or_default();
        let at = plus(start, SignedDuration::from_mins(minute));
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = Clock::until(clock.as_ref(), at) => {}
        }
        let mut document = sample["document"].clone();
        if let Some(hours) = sample["needed_in_hours"].as_i64() {
            let needed = plus(clock.now(), SignedDuration::from_hours(hours));
            document["needed_by"] = Value::String(needed.to_string());
        }
        let auth = Auth::Preset("standard-webhooks".to_owned());
        let body = serde_json::to_vec(&document)?;
        let id = SystemIds.id();
        // The signature carries the time of the demo, which is what the hook goes by.
        sources::send(&client, url.clone(), &auth, &key, body, &id, clock.now()).await?;
    }
    Ok(())
}
