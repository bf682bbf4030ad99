//! Puts a process together from a configuration: store, sources, platforms, app.

use super::check::CheckArgs;
use super::{ConfigArgs, Out, connect};
use crate::app::desk::App;
use crate::app::health::Health;
use crate::app::letters::MAIL;
use crate::app::ports::{Clock, Ids, Letterbox, Platform, Store, Wake, WayBack};
use crate::app::secret::Secret;
use crate::app::setup::Setup;
use crate::app::source_config::{SourceKind, SourcesConfig};
use crate::app::{rotas, subscriptions};
use crate::chat::desk::Desk;
use crate::chat::discord;
use crate::clock::{SystemClock, SystemIds};
use crate::config::{Config, ConfigError, MailConfig, MailSecurity, Problems};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::Severity;
use crate::domain::sla::{Definition, Policy};
use crate::engine::{Engine, Heartbeat, HttpFetch, HttpPulse, Waker};
use crate::mail::{Answers, Authority, Mail, Security, SignIn, Wire};
use crate::net;
use crate::sources::{HttpTrackers, Sources};
use crate::store::{self, Access, OpenError, OpenOptions};
use anyhow::Context;
use std::collections::{BTreeMap, HashMap};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Everything of a desk that can run or be looked at.
pub(super) struct Parts {
    pub app: App,
    pub engine: Engine,
    pub sources: Arc<Sources>,
    pub health: Arc<Health>,
}

/// Reads an environment variable: the one place where the process does.
#[expect(clippy::disallowed_methods, reason = "the home of the environment")]
pub(super) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Loads the configuration; its problems are rendered with their places.
pub(super) fn load(args: &ConfigArgs) -> anyhow::Result<Config> {
    match Config::load(args.config.as_deref(), &env) {
        Ok(config) => Ok(config),
        Err(ConfigError::Problems(problems)) => Err(mistakes(&problems)),
        Err(error) => Err(error.into()),
    }
}

fn mistakes(problems: &Problems) -> anyhow::Error {
    let shown = problems.render(std::io::stderr().is_terminal());
    anyhow::anyhow!("the configuration has mistakes:\n{shown}")
}

/// The configuration with the days of calendars at addresses, fetched now or else kept of an earlier start.
pub(super) async fn with_feeds(config: Config, store: &dyn Store) -> anyhow::Result<Config> {
    if config.setup.feeds.is_empty() {
        return Ok(config);
    }
    let fetch = HttpFetch::new(client(&config)?);
    let gathered =
        subscriptions::gather(store, &fetch, &config.setup.feeds, SystemClock.now()).await;
    let gathered = gathered.context("calendars that the configuration names cannot be had")?;
    for warning in &gathered.warnings {
        tracing::warn!("{warning}");
    }
    with_pages(&config, &gathered.pages)
}

/// The configuration with the days of calendars at addresses as the desk has them: for whoever only looks.
pub(super) async fn with_kept(config: Config, store: &dyn Store) -> anyhow::Result<Config> {
    if config.setup.feeds.is_empty() {
        return Ok(config);
    }
    let gathered = subscriptions::kept(store, &config.setup.feeds).await?;
    for warning in &gathered.warnings {
        super::remark(warning);
    }
    with_pages(&config, &gathered.pages)
}

/// The configuration with the days of these pages.
pub(super) fn with_pages(config: &Config, pages: &subscriptions::Pages) -> anyhow::Result<Config> {
    let whole = config.with_pages(&env, pages);
    let whole = whole.map_err(|problems| mistakes(&problems))?;
    let known = &config.warnings.list;
    for problem in whole.warnings.list.iter().filter(|p| !known.contains(p)) {
        tracing::warn!("{problem}");
    }
    Ok(whole)
}

/// Opens the store of a configuration.
pub(super) async fn open(config: &Config, access: Access) -> Result<Arc<dyn Store>, OpenError> {
    let options = OpenOptions {
        access,
        direct_url: config
            .database
            .direct_url
            .as_ref()
            .map(|url| url.expose().to_owned()),
        ..OpenOptions::default()
    };
    store::open(config.database.url.expose(), &options).await
}

/// The outgoing client of a configuration.
pub(super) fn client(config: &Config) -> anyhow::Result<net::Client> {
    let mut allow_private = Vec::new();
    for range in &config.net.allow_private {
        allow_private.push(
            range
                .parse()
                .with_context(|| format!("net.allow_private: {range}"))?,
        );
    }
    let settings = net::Settings {
        allow_private,
        allow_hosts: config.net.allow_hosts.clone(),
        authorities: match &config.net.authority {
            Some(pem) => net::Authorities::read(pem).context("net.ca_file")?,
            None => net::Authorities::default(),
        },
        ..net::Settings::default()
    };
    net::Client::new(&settings).context("no outgoing HTTP client can be made")
}

/// Puts the parts together over a store; nothing runs yet.
pub(super) fn assemble(
    config: Config,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    grace: Duration,
) -> anyhow::Result<Parts> {
    let setup = Arc::new(config.setup.clone());
    let client = client(&config)?;
    let heartbeat = match &config.heartbeat {
        Some(wanted) => Some(Heartbeat {
            pulse: Arc::new(HttpPulse::new(client.clone(), &wanted.url).context("heartbeat.url")?),
            every: wanted.every,
        }),
        None => None,
    };
    let fetching = client.clone();
    let trackers = HttpTrackers::new(&config.trackers, client.clone())?;
    let sources = Sources::new(&config.sources, &setup, client)?;
    let boxes = letterboxes(&config.sources, &clock)?;
    let sources = Arc::new(sources.with_mail(store.clone(), boxes));
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    let wake: Arc<dyn Wake> = Arc::new(Waker::default());
    let mut app = App::new(
        store.clone(),
        clock.clone(),
        ids.clone(),
        wake.clone(),
        sources.clone() as Arc<dyn WayBack>,
        setup.clone(),
    );
    app.trackers = Arc::new(trackers);
    let desk = Desk::new(store, clock.clone(), ids, wake);
    let mut platforms: HashMap<String, Arc<dyn Platform>> =
        HashMap::from([(Desk::KEY.to_owned(), Arc::new(desk) as Arc<dyn Platform>)]);
    if let Some(discord) = discord(&config, clock)? {
        platforms.insert("discord".to_owned(), Arc::new(discord));
    }
    if let Some(server) = &config.mail {
        platforms.insert(MAIL.to_owned(), Arc::new(mail(server)?));
    }
    let health = Arc::new(Health::default());
    let engine = Engine {
        app: app.clone(),
        platforms: Arc::new(platforms),
        poller: sources.clone(),
        health: health.clone(),
        holder: SystemIds.id(),
        grace,
        at_once: crate::engine::AT_ONCE,
        heartbeat,
        fetch: Some(Arc::new(HttpFetch::new(fetching))),
    };
    Ok(Parts {
        app,
        engine,
        sources,
        health,
    })
}

/// Who hands over the answers of each mailbox.
pub(crate) fn letterboxes(
    sources: &SourcesConfig,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<HashMap<SourceId, Arc<dyn Letterbox>>> {
    let mut boxes: HashMap<SourceId, Arc<dyn Letterbox>> = HashMap::new();
    for (id, source) in &sources.sources {
        let SourceKind::Mail(mailbox) = &source.kind else {
            continue;
        };
        let Some(server) = &mailbox.smtp else {
            continue;
        };
        let name = Some(source.name.clone()).filter(|name| *name != id.as_str());
        let wire = wire(server).with_context(|| format!("source \"{id}\""))?;
        let answers = Answers::new(wire, &server.from, name, clock.clone());
        boxes.insert(id.clone(), Arc::new(answers.context("mail.from")?));
    }
    Ok(boxes)
}

/// The mail platform of a configuration.
pub(super) fn mail(config: &MailConfig) -> anyhow::Result<Mail> {
    Mail::new(wire(config)?, &config.from).context("mail.from")
}

fn wire(config: &MailConfig) -> anyhow::Result<Wire> {
    Ok(Wire {
        host: config.host.clone(),
        port: config.port,
        security: match config.security {
            MailSecurity::StartTls => Security::StartTls,
            MailSecurity::Tls => Security::Tls,
            MailSecurity::None => Security::None,
        },
        authority: match &config.authority {
            Some(pem) => Some(Authority::read(pem).context("mail.ca_file")?),
            None => None,
        },
        sign_in: config.sign_in.as_ref().map(|sign_in| SignIn {
            username: sign_in.username.clone(),
            password: sign_in.password.clone(),
        }),
    })
}

fn discord(config: &Config, clock: Arc<dyn Clock>) -> anyhow::Result<Option<discord::Discord>> {
    let Some(bot) = &config.discord else {
        return Ok(None);
    };
    let mut settings =
        discord::DiscordConfig::new(bot.token.expose(), bot.application_id, bot.guild_id);
    settings.api_base = match &bot.api_base {
        Some(base) => Some(base.parse().context("discord.api_base")?),
        None => None,
    };
    let setup = &config.setup;
    let mut categories: Vec<String> = Vec::new();
    for policy in setup.policies.values() {
        for category in &policy.categories {
            if !categories.contains(category) {
                categories.push(category.clone());
            }
        }
    }
    settings.vocabulary.categories = categories;
    settings.vocabulary.severities = one_meaning(setup);
    settings.vocabulary.templates = setup
        .templates
        .iter()
        .map(|template| (template.id.clone(), template.name.clone()))
        .collect();
    settings.vocabulary.queues = setup
        .queues
        .values()
        .map(|queue| (queue.id.to_string(), queue.name.clone()))
        .collect();
    let discord = discord::Discord::new(settings, setup.people.clone(), setup.zone.clone(), clock)?;
    Ok(Some(discord))
}

/// What severities mean, as far as every policy in use says the same: a command is one for all queues.
fn one_meaning(setup: &Setup) -> BTreeMap<Severity, Definition> {
    let mut used = setup
        .queues
        .values()
        .filter_map(|queue| setup.policies.get(&queue.policy));
    let Some(first) = used.next() else {
        return BTreeMap::new();
    };
    let others: Vec<_> = used.collect();
    let is_shared = |severity: &Severity, means: &Definition| {
        let same = |policy: &Arc<Policy>| policy.definition(*severity) == Some(means);
        others.iter().all(|policy| same(policy))
    };
    let all = first.definitions.iter();
    all.filter(|(severity, means)| is_shared(severity, means))
        .map(|(severity, means)| (*severity, means.clone()))
        .collect()
}

/// The app over a reader, for commands that only look.
pub(super) async fn reader(config: Config) -> anyhow::Result<App> {
    let store = open(&config, Access::Read).await?;
    let mut config = with_kept(config, &*store).await?;
    rotas::look(&*store, &mut config.setup, SystemClock.now()).await?;
    let parts = assemble(config, store, Arc::new(SystemClock), Duration::from_mins(5))?;
    Ok(parts.app)
}

/// Where the local key lies: beside the SQLite file, or in the working directory's `data` for PostgreSQL.
pub(super) fn key_file(config: &Config) -> PathBuf {
    match config.database.url.expose().strip_prefix("sqlite://") {
        Some(path) => {
            let path = path.split('?').next().unwrap_or(path);
            PathBuf::from(format!("{path}.key"))
        }
        None => PathBuf::from("data/toban.key"),
    }
}

/// Makes the local key anew; only its owner can read the file.
pub(super) fn write_key(path: &Path) -> anyhow::Result<Secret> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let secret = SystemIds.token();
    // A file of an earlier run may have other rights; it is replaced, not written over.
    match std::fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be replaced", path.display()));
        }
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(secret.as_bytes())
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(Secret::new(secret))
}

/// Starts logging; a second start in one process is ignored.
pub(super) fn log(config: &Config) -> anyhow::Result<()> {
    use crate::config::LogFormat;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.server.log)
        .with_context(|| format!("server.log: \"{}\"", config.server.log))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Whoever read the log may be gone; then there is nobody to complain to, and nothing to die of.
        .log_internal_errors(false);
    match config.server.log_format {
        LogFormat::Text => {
            let _ = builder
                .with_ansi(std::io::stderr().is_terminal())
                .try_init();
        }
        LogFormat::Json => {
            let _ = builder.json().try_init();
        }
    }
    Ok(())
}

/// `toban check`, with the connections if asked.
pub(super) async fn check(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    // A configuration with mistakes is told of below, as always.
    if args.ledger
        && let Ok(config) = Config::load(args.config.as_deref(), &env)
    {
        let app = reader(config).await?;
        let code = super::check::ledger::run(args, &env, &app, &mut Out).await;
        app.store.close().await;
        return Ok(ExitCode::from(code?));
    }
    let mut further = Vec::new();
    if args.connect && !args.example {
        // The file is read twice: once here for what needs waiting, once by the check for what is printed.
        if let Ok(config) = Config::load(args.config.as_deref(), &env) {
            let lang = args.lang.unwrap_or(config.setup.lang);
            further = connect::connections(&config, lang).await?;
        }
    }
    let findings = move |_: &Config| further.clone();
    let now = SystemClock.now();
    let code = super::check::run(args, &env, now, &findings, &mut Out)?;
    Ok(ExitCode::from(code))
}
