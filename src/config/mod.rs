//! The configuration: one file, read once at the start, checked as a whole.
//!
//! Promises: every mistake is reported at once, with file, line, key and what to do; what comes out is whole and needs
//! no second look ([`Setup`] and its companions). The environment is asked only for secrets that the file names. Leaves
//! out merging several files, and anything that changes while the server runs.
//!
//! `config/toban.toml` explains every key; a test keeps it in step with the table in `keys.rs`.

mod auth;
mod calendar;
mod contract;
mod coverage;
mod customer;
mod desk;
mod heartbeat;
mod holidays;
mod keys;
mod mail;
mod mailbox;
mod mapping;
mod near;
mod policy;
mod preset;
mod problem;
mod queue;
mod reply_template;
mod request;
mod role;
mod rota;
mod secret;
mod section;
mod server;
mod source;
mod steps;
mod tracker;
mod value;
mod way_back;

pub use heartbeat::HeartbeatConfig;
pub use mail::{MailConfig, MailSecurity, MailSignIn};
pub use policy::WrittenPolicies;
pub use preset::neutral_mapping;
pub use problem::{Level, Problem, Problems};
pub use server::{DatabaseConfig, DiscordConfig, LogFormat, NetConfig, PortalConfig, ServerConfig};

use crate::app::ports::{People, Person};
use crate::app::setup::{Rule, Setup};
use crate::app::snapshot::canonical_json;
use crate::app::source_config::SourcesConfig;
use crate::app::subscriptions::Pages;
use crate::app::tracker_config::TrackersConfig;
use crate::domain::ids::MemberId;
use crate::domain::rota::Rota;
use base64::Engine as _;
use preset::Presets;
use section::{Section, Sheet};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use steps::Reach;
use toml::de::DeTable;

/// The example that explains every key.
pub const EXAMPLE: &str = include_str!("../../config/toban.toml");

/// The desk of `toban demo`.
const DEMO: &str = include_str!("../../config/presets/demo.toml");

/// The file that is looked for when none is named.
pub const DEFAULT_FILE: &str = "toban.toml";

/// A whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    pub server: ServerConfig,
    pub database: DatabaseConfig,
    pub setup: Setup,
    pub sources: SourcesConfig,
    /// Where issues for development are filed and looked at.
    pub trackers: TrackersConfig,
    pub portal: PortalConfig,
    /// The bot, if Discord is enabled.
    pub discord: Option<DiscordConfig>,
    pub net: NetConfig,
    /// The sign of life that goes outward, if it has an address.
    pub heartbeat: Option<HeartbeatConfig>,
    /// The policies by their names, for those who want to try one.
    pub policies: WrittenPolicies,
    /// The mail server, if something is told by mail.
    pub mail: Option<MailConfig>,
    /// What works, but hardly as meant.
    pub warnings: Problems,
    /// The text that it was read from, and how its problems name that.
    origin: (String, String),
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no file.
    #[error(
        "there is no configuration {path:?}: write one with `toban check --example > {DEFAULT_FILE}`, or try `toban demo`"
    )]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("the configuration {path:?} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// There are mistakes in it.
    #[error("{0}")]
    Problems(Problems),
}

impl Config {
    /// Reads and checks a file; `toban.toml` in the working directory if none is named.
    ///
    /// # Errors
    /// [`ConfigError`]; all mistakes of a file come at once.
    pub fn load(
        path: Option<&Path>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigError> {
        let path = path.unwrap_or(Path::new(DEFAULT_FILE));
        let bytes = std::fs::read(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing {
                path: path.to_owned(),
            },
            _ => ConfigError::Unreadable {
                path: path.to_owned(),
                source,
            },
        })?;
        let text = String::from_utf8(bytes).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            source: std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error()),
        })?;
        // Editors on Windows begin a file with a mark that TOML does not know.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self::read(&path.display().to_string(), text, env).map_err(ConfigError::Problems)
    }

    /// Checks a text; `file` is how its problems name it.
    ///
    /// # Errors
    /// Every mistake and warning, if there is a mistake.
    pub fn read(
        file: &str,
        text: &str,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, Problems> {
        Self::read_with(file, text, env, &Pages::new())
    }

    /// Reads the same text again, now with what lies at the addresses that it names (`setup.feeds`).
    ///
    /// # Errors
    /// As `read`; and for what cannot be read of the pages.
    pub fn with_pages(
        &self,
        env: &dyn Fn(&str) -> Option<String>,
        pages: &Pages,
    ) -> Result<Config, Problems> {
        Self::read_with(&self.origin.0, &self.origin.1, env, pages)
    }

    fn read_with(
        file: &str,
        text: &str,
        env: &dyn Fn(&str) -> Option<String>,
        pages: &Pages,
    ) -> Result<Config, Problems> {
        let presets = Presets::read();
        let log = RefCell::new(Vec::new());
        let feeds = RefCell::new(Vec::new());
        let sheet = Sheet {
            file,
            text,
            log: &log,
            env,
            presets: &presets,
            pages,
            feeds: &feeds,
        };
        let (tree, mistakes) = DeTable::parse_recoverable(text);
        for mistake in &mistakes {
            let range = mistake.span().unwrap_or(0..0);
            let what = format!("this is not TOML: {}", mistake.message());
            sheet.report(Level::Error, range, "", what, None);
        }
        // Half a tree would only name what the broken half holds.
        let config = mistakes.is_empty().then(|| {
            let root = Section::open(sheet, tree.get_ref(), String::new(), "", 0..0);
            build(&root)
        });
        let mut texts = BTreeMap::from([(file.to_owned(), text.to_owned())]);
        for preset in presets.iter() {
            texts.insert(preset.file.clone(), preset.text.to_owned());
        }
        let problems = Problems::new(log.into_inner(), texts);
        match config.flatten() {
            Some(mut config) if !problems.has_errors() => {
                config.warnings = problems;
                config.origin = (file.to_owned(), text.to_owned());
                config.setup.feeds = feeds.into_inner();
                Ok(config)
            }
            _ => Err(problems),
        }
    }

    /// The desk of the demo: a team of four in Tokyo, two queues, a signed webhook and the portal.
    ///
    /// The key of the hook is made from `hook_secret`, so a random word of at least 24 bytes is good.
    ///
    /// # Panics
    /// Never: a test reads it.
    pub fn demo(hook_secret: &str, portal_key: &str) -> Config {
        let encoded = base64::engine::general_purpose::STANDARD.encode(hook_secret);
        let env = |name: &str| match name {
            "TOBAN_DEMO_SECRET" => Some(format!("whsec_{encoded}")),
            "TOBAN_DEMO_PORTAL_KEY" => Some(portal_key.to_owned()),
            _ => None,
        };
        Self::read("presets/demo.toml", DEMO, &env)
            .expect("a test reads the configuration of the demo")
    }
}

/// Puts the sections together; `None` if one of them is not whole, which was reported.
fn build(root: &Section<'_>) -> Option<Config> {
    let server = server::server(root);
    let database = server::database(root);
    let portal = server::portal(root);
    let net = server::net(root);
    let heartbeat = heartbeat::heartbeat(root);
    let (discord, roles) = server::discord(root);
    let is_discord = root
        .section("discord")
        .is_some_and(|section| section.truth_or("enabled", false));
    let desk = desk::desk(root, server.public_url.as_deref());
    check_places(root, &desk, is_discord);
    let members = desk::members(root);
    let calendars = calendar::calendars(root, &desk.zone_name);
    let mut customers = customer::customers(root, &calendars);
    if contract::is_looked_at(root) {
        for (name, calendar) in calendars.iter() {
            let known = customers.calendars.entry(name.clone());
            known.or_insert_with(|| calendar.clone());
        }
    }
    let contracts = contract::contracts(root, &calendars);
    let templates = reply_template::templates(root, &desk);
    let mail = mail::mail(root);
    let roles_of_team = role::roles(root, &members);
    let reach = Reach {
        is_member: &|id| members.all.contains_key(&MemberId::from(id)),
        roles: roles_of_team.keys().map(String::as_str).collect(),
        has_mail: root.section("mail").is_some(),
    };
    let policies = policy::policies(root, &calendars, &reach, &customers);
    let rotas = rota::rotas(root, &desk, &calendars, &members);
    let parts = queue::Parts {
        desk: &desk,
        members: &members,
        calendars: &calendars,
        policies: &policies,
        rotas: &rotas,
        is_discord,
    };
    let queues = queue::queues(root, &parts);
    let routing = queue::routes(root, &queues.ids);
    let sources = source::sources(root, &desk, &members, portal.enabled, mail.as_ref());
    let trackers = tracker::trackers(root, &queues.ids);
    let people = People {
        members: members
            .all
            .values()
            .map(|member| {
                let person = Person {
                    name: member.name.clone(),
                    chat_ids: member.chat_ids.clone(),
                    lang: member.lang,
                };
                (member.id.clone(), person)
            })
            .collect(),
        queues: queues
            .all
            .values()
            .map(|queue| (queue.id.as_str().to_owned(), queue.name.clone()))
            .collect(),
        groups: roles_of_team.clone().into_iter().collect(),
    };
    let rotas: BTreeMap<String, Rota> = rotas
        .iter()
        .filter_map(|(name, rota)| Some((name.clone(), rota.clone()?)))
        .collect();
    let mut snapshots = snapshots(&calendars, &rotas, &routing);
    for (policy, body) in queues.policies.values() {
        snapshots.push(("policy".to_owned(), policy.name.clone(), body.clone()));
    }
    snapshots.sort();
    let setup = Setup {
        queues: queues.all,
        routing,
        default_queue: queues.default?,
        policies: queues
            .policies
            .into_iter()
            .map(|(hash, (policy, _))| (hash, Arc::new(policy)))
            .collect(),
        rotas,
        sources: sources.setups,
        sources_off: sources.off,
        people: Arc::new(people),
        operators: desk.operators,
        fallback: desk.fallback,
        lang: desk.lang,
        zone: desk.zone,
        desk_url: desk.url,
        body_in_chat: desk.body_in_chat,
        guidance: desk.guidance,
        roles: roles_of_team
            .into_iter()
            .map(|(name, group)| (name, group.members))
            .collect(),
        pings_per_hour: desk.pings_per_hour,
        required_roles: roles_by_platform(roles),
        members: members.all,
        absences: members.absences,
        snapshots,
        customers: customers.all,
        contracts,
        templates,
        feeds: Vec::new(),
    };
    Some(Config {
        server,
        database,
        setup,
        sources: sources.configs,
        trackers,
        portal,
        discord,
        net,
        heartbeat,
        policies: policy::WrittenPolicies::new(policies),
        mail,
        warnings: Problems::default(),
        origin: Default::default(),
    })
}

/// Channels of Discord need the bot.
fn check_places(root: &Section<'_>, desk: &desk::Desk, is_discord: bool) {
    let Some(section) = root.section("desk").filter(|_| !is_discord) else {
        return;
    };
    for (key, place) in [("operators", &desk.operators), ("fallback", &desk.fallback)] {
        if place.platform == "discord" && section.has(key) {
            section.wrong(
                key,
                "this is a channel of Discord, but discord is not enabled",
                "add enabled = true to [discord], or name a channel of the desk",
            );
        }
    }
}

fn roles_by_platform(roles: Vec<String>) -> HashMap<String, Vec<String>> {
    match roles.is_empty() {
        true => HashMap::new(),
        false => HashMap::from([("discord".to_owned(), roles)]),
    }
}

/// Canonical JSON of all calendars, rotas and the routing.
fn snapshots(
    calendars: &calendar::Calendars,
    rotas: &BTreeMap<String, Rota>,
    routing: &[Rule],
) -> Vec<(String, String, String)> {
    let calendars = calendars.iter().map(|(name, calendar)| {
        (
            "calendar".to_owned(),
            name.clone(),
            canonical_json(calendar),
        )
    });
    let rotas = rotas
        .iter()
        .map(|(name, rota)| ("rota".to_owned(), name.clone(), canonical_json(rota)));
    let rules: Vec<serde_json::Value> = routing
        .iter()
        .map(|rule| serde_json::json!({ "when": rule.when.text(), "queue": rule.queue }))
        .collect();
    let routing = (
        "routing".to_owned(),
        "routing".to_owned(),
        canonical_json(&rules),
    );
    calendars.chain(rotas).chain([routing]).collect()
}

#[cfg(test)]
mod tests;
