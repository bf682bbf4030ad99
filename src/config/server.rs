//! `[server]`, `[database]`, `[portal]`, `[discord]` and `[net]`: what the edges need.

use super::mail::certificates;
use super::section::{Field, Section};
use crate::app::secret::Secret;
use crate::net::Authorities;
use crate::time::parse_span;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// How the process listens and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    pub bind: SocketAddr,
    /// Where people's browsers reach it, without a slash at the end.
    pub public_url: Option<String>,
    /// What is logged, as `tracing` reads it: `info`, `warn,toban=debug`.
    pub log: String,
    pub log_format: LogFormat,
    /// Proxies whose word is taken for who asks.
    pub trusted_proxies: Vec<IpNet>,
    /// How long connections are still taken after a stop, where somebody asks for `/readyz`.
    pub linger: Duration,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

impl Default for ServerConfig {
    fn default() -> Self {
        ServerConfig {
            bind: SocketAddr::from(([127, 0, 0, 1], 8420)),
            public_url: None,
            log: "info".to_owned(),
            log_format: LogFormat::default(),
            trusted_proxies: Vec::new(),
            linger: Duration::from_secs(2),
        }
    }
}

/// Where everything is kept. Addresses may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseConfig {
    pub url: Secret,
    /// PostgreSQL without a pooler between, for LISTEN.
    pub direct_url: Option<Secret>,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        DatabaseConfig {
            url: Secret::new("sqlite://data/toban.db"),
            direct_url: None,
        }
    }
}

/// The form where support files an inquiry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortalConfig {
    pub enabled: bool,
    /// Opens the form; always there when it is enabled.
    pub key: Option<Secret>,
}

/// The bot's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscordConfig {
    pub token: Secret,
    pub application_id: u64,
    pub guild_id: u64,
    /// Another address than Discord's, for tests.
    pub api_base: Option<String>,
}

/// What outgoing requests may reach beside the public internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetConfig {
    /// Ranges such as `10.0.0.0/8`.
    pub allow_private: Vec<String>,
    /// Names that may resolve to private addresses.
    pub allow_hosts: Vec<String>,
    /// Certificates in PEM of authorities of one's own.
    pub authority: Option<String>,
}

/// Reads `[server]`.
pub(super) fn server(root: &Section<'_>) -> ServerConfig {
    let default = ServerConfig::default();
    let Some(section) = root.section("server") else {
        return default;
    };
    let bind = section.field("bind").and_then(|field| {
        let text = field.text()?;
        let address = text.parse().ok();
        if address.is_none() {
            field.wrong_with(
                format!("{text:?} is not an address to listen on"),
                "write an IP address and a port, such as \"127.0.0.1:8420\" or \"0.0.0.0:8420\"",
            );
        }
        address
    });
    let log = section.field("log").and_then(|field| {
        field.parsed(|text| {
            tracing_subscriber::EnvFilter::builder()
                .parse(text)
                .map(|_| text.to_owned())
        })
    });
    ServerConfig {
        bind: bind.unwrap_or(default.bind),
        public_url: section
            .field("public_url")
            .and_then(|field| field.web_address()),
        log: log.unwrap_or(default.log),
        log_format: section
            .field("log_format")
            .and_then(|field| field.choice(&[("text", LogFormat::Text), ("json", LogFormat::Json)]))
            .unwrap_or_default(),
        trusted_proxies: section
            .texts("trusted_proxies")
            .into_iter()
            .filter_map(range)
            .collect(),
        linger: section
            .field("linger")
            .and_then(|field| Duration::try_from(field.span(parse_span)?).ok())
            .unwrap_or(default.linger),
    }
}

/// Reads an address, or the start of a range and how many of its bits count.
fn range((field, text): (Field<'_>, &str)) -> Option<IpNet> {
    let read = text
        .parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    if read.is_err() {
        field.wrong_with(
            format!("{text:?} is not a range of addresses"),
            "write it like \"10.0.0.0/8\" or \"192.168.1.20\"",
        );
    }
    read.ok()
}

/// Reads `[database]`.
pub(super) fn database(root: &Section<'_>) -> DatabaseConfig {
    let default = DatabaseConfig::default();
    let Some(section) = root.section("database") else {
        return default;
    };
    let url = address(
        &section,
        "url",
        &["sqlite:", "postgres://", "postgresql://"],
    );
    let direct_url = address(&section, "direct_url", &["postgres://", "postgresql://"]);
    DatabaseConfig {
        url: url.unwrap_or(default.url),
        direct_url,
    }
}

/// Reads a database address; in the file itself it is no secret unless it holds a password.
fn address(section: &Section<'_>, name: &str, schemes: &[&str]) -> Option<Secret> {
    let is_in_place = section.has(name);
    let holds_password =
        |text: &str| url::Url::parse(text).is_ok_and(|url| url.password().is_some());
    let by_other_means = ["_env", "_file"]
        .iter()
        .any(|end| section.has(&format!("{name}{end}")));
    let secret = match section.text(name) {
        Some(text) if !by_other_means && !holds_password(text) => Secret::new(text),
        _ => section.secret(name)?,
    };
    if schemes
        .iter()
        .any(|scheme| secret.expose().starts_with(scheme))
    {
        return Some(secret);
    }
    let key = match is_in_place {
        true => name.to_owned(),
        false if section.has(&format!("{name}_env")) => format!("{name}_env"),
        false => format!("{name}_file"),
    };
    section.wrong(
        &key,
        "this is not the address of a database toban can use",
        format!("it starts with {}", schemes.join(" or ")),
    );
    None
}

/// Reads `[portal]`.
pub(super) fn portal(root: &Section<'_>) -> PortalConfig {
    let Some(section) = root.section("portal") else {
        return PortalConfig::default();
    };
    let enabled = section.truth_or("enabled", false);
    if enabled && !section.has_secret("key") {
        section.wrong(
            "key",
            "the portal is enabled without a key",
            "name the variable that holds it: key_env = \"TOBAN_PORTAL_KEY\"",
        );
    }
    PortalConfig {
        enabled,
        key: enabled.then(|| section.secret("key")).flatten(),
    }
}

/// Reads `[discord]`: the bot, if it is enabled, and the roles asked for.
pub(super) fn discord(root: &Section<'_>) -> (Option<DiscordConfig>, Vec<String>) {
    let Some(section) = root.section("discord") else {
        return (None, Vec::new());
    };
    let enabled = section.truth_or("enabled", false);
    let id = |name: &str| -> Option<u64> {
        let field = section.field(name)?;
        field.snowflake()?.parse().ok()
    };
    let roles = section
        .texts("required_roles")
        .into_iter()
        .filter_map(|(field, _)| field.snowflake().map(str::to_owned))
        .collect();
    let (application_id, guild_id) = (id("application_id"), id("guild_id"));
    let api_base = section
        .field("api_base")
        .and_then(|field| field.web_address());
    if !enabled {
        return (None, roles);
    }
    for (name, what) in [
        ("application_id", "the application's id"),
        ("guild_id", "the server's id"),
    ] {
        if !section.has(name) {
            section.wrong(
                name,
                format!("discord is enabled without {what}"),
                format!("add {name} = \"…\", a long number in quotes"),
            );
        }
    }
    if !section.has_secret("token") {
        section.wrong(
            "token",
            "discord is enabled without the bot's token",
            "name the variable that holds it: token_env = \"DISCORD_TOKEN\"",
        );
    }
    let bot = section
        .secret("token")
        .zip(application_id)
        .zip(guild_id)
        .map(|((token, application_id), guild_id)| DiscordConfig {
            token,
            application_id,
            guild_id,
            api_base,
        });
    (bot, roles)
}

/// Reads `[net]`.
pub(super) fn net(root: &Section<'_>) -> NetConfig {
    let Some(section) = root.section("net") else {
        return NetConfig::default();
    };
    NetConfig {
        allow_private: section
            .texts("allow_private")
            .into_iter()
            .filter_map(|(field, text)| range((field, text)).map(|_| text.to_owned()))
            .collect(),
        allow_hosts: section
            .texts("allow_hosts")
            .into_iter()
            .map(|(_, text)| text.to_lowercase())
            .collect(),
        authority: section.field("ca_file").and_then(|field| trusted(&field)),
    }
}

/// Reads the certificates of an authority; a bad one is told here and not by the first request.
fn trusted(field: &Field<'_>) -> Option<String> {
    let pem = certificates(field)?;
    if let Err(why) = Authorities::read(&pem) {
        field.wrong_with(
            format!("the authority cannot be trusted: {why}"),
            "write the authority's certificate in PEM",
        );
        return None;
    }
    Some(pem)
}
