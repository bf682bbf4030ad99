//! `toban serve`: the desk as a process.
//!
//! The order of the start keeps it from being half a desk: configuration, port, database, and only then the
//! loops; a start that fails leaves nothing that was not there. The order of the stop loses nothing: not ready, no new requests, loops to a safe point, pool.

use super::process::{self, Parts};
use super::{ConfigArgs, say};
use crate::app::ports::Hooks;
use crate::app::rotas;
use crate::app::secret::Secret;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::store::Access;
use crate::web::{self, Portal, WebOptions, WebParts};
use anyhow::Context;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How late work may be before the auditor calls it so.
const GRACE: Duration = Duration::from_mins(5);

pub(super) async fn run(args: &ConfigArgs) -> anyhow::Result<()> {
    let config = process::load(args)?;
    process::log(&config)?;
    for problem in &config.warnings.list {
        tracing::warn!("{problem}");
    }
    let listener = bind(config.server.bind).await?;
    let address = listener
        .local_addr()
        .context("the port cannot be read back")?;
    let store = process::open(&config, Access::Write).await?;
    let mut config = process::with_feeds(config, &*store).await?;
    let key_file = process::key_file(&config);
    let mut options = options(&config, None, false);
    let news = rotas::adopt(&*store, &mut config.setup, SystemClock.now()).await?;
    let parts = process::assemble(config, store, Arc::new(SystemClock), GRACE)?;
    parts.app.start().await?;
    parts.engine.start().await?;
    parts.app.tell_of_rotas(&news).await?;
    options.local_key = Some(process::write_key(&key_file)?);
    say(&format!(
        "toban listens on http://{address}/ — sign in with \"toban login MEMBER\""
    ));
    let outcome = serve(parts, listener, options, signals()).await;
    let _ = std::fs::remove_file(&key_file);
    outcome
}

/// Listens, or says what to do about it.
pub(super) async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is in use: another program listens there; stop it, or choose another address in [server] bind"
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("{address} may not be used by this user: choose a port above 1023 in [server] bind")
        }
        _ => anyhow::Error::new(error).context(format!("{address} cannot be listened on")),
    })
}

/// The web's settings of a configuration.
pub(super) fn options(
    config: &Config,
    local_key: Option<Secret>,
    demo_sign_in: bool,
) -> WebOptions {
    let portal = config.portal.key.clone().filter(|_| config.portal.enabled);
    WebOptions {
        public_url: config.server.public_url.clone(),
        demo_sign_in,
        portal: portal.map(|key| Portal {
            source: SourceId::from("portal"),
            key,
        }),
        local_key,
        linger: config.server.linger,
        trusted_proxies: config.server.trusted_proxies.clone(),
        ..WebOptions::new()
    }
}

/// Runs engine and web until the shutdown, then stops both in order.
pub(super) async fn serve(
    parts: Parts,
    listener: TcpListener,
    options: WebOptions,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    // One process has one recorder; a second desk in the same process counts into the first.
    let metrics = PrometheusBuilder::new()
        .install_recorder()
        .ok()
        .map(|handle| Arc::new(move || handle.render()) as Arc<dyn Fn() -> String + Send + Sync>);
    let store = parts.app.store.clone();
    let health = parts.health.clone();
    let web_parts = WebParts {
        app: parts.app.clone(),
        hooks: parts.sources.clone() as Arc<dyn Hooks>,
        options,
        health: parts.health.clone(),
        metrics,
    };
    let draining = shutdown.clone();
    tokio::spawn(async move {
        draining.cancelled().await;
        health.drain();
    });
    let engine = tokio::spawn(parts.engine.clone().run(shutdown.clone()));
    let served = web::serve(listener, web_parts, shutdown.clone()).await;
    shutdown.cancel();
    let ran = engine.await;
    store.close().await;
    served.context("the web server broke off")?;
    ran.context("the engine broke off")??;
    Ok(())
}

/// Is cancelled by the first signal; a second one exits at once.
pub(super) fn signals() -> CancellationToken {
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        signalled().await;
        tracing::info!("stopping; a second signal exits at once");
        stop.cancel();
        signalled().await;
        std::process::exit(130);
    });
    token
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::error!("SIGTERM cannot be heard: {error}");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
