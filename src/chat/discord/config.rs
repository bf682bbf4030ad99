//! What the Discord platform is told: plain data, checked and filled in by the configuration.

use crate::domain::inquiry::Severity;
use crate::domain::sla::Definition;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;
use url::Url;

/// How to reach one Discord server as one bot.
#[derive(Clone)]
pub struct DiscordConfig {
    /// The platform's key in the configuration, as places and people's chat ids name it.
    pub key: String,
    /// The bot's token, without `Bot `.
    pub token: String,
    pub application_id: u64,
    pub guild_id: u64,
    /// Where the API is, without `/api/v10`; Discord itself if not given.
    pub api_base: Option<Url>,
    /// How long a request may take before its outcome counts as unknown.
    pub timeout: Duration,
    pub gateway: GatewayConfig,
    pub vocabulary: Vocabulary,
}

/// How patient the gateway is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GatewayConfig {
    /// How often the connection is looked at.
    pub look_every: Duration,
    /// How many looks in a row may find no sign of life before it is begun anew. Heartbeats come about every
    /// 41 seconds, so this times `look_every` must be well above that.
    pub looks: u32,
    /// After how long an unfinished answer is announced to Discord, which waits three seconds.
    pub defer_after: Duration,
}

/// Words that commands offer as choices, as long as there are at most 25 of a kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    pub categories: Vec<String>,
    /// Id and shown name.
    pub queues: Vec<(String, String)>,
    /// Words to begin a reply with, the same way.
    pub templates: Vec<(String, String)>,
    /// What severities mean, where every queue means the same by them.
    pub severities: BTreeMap<Severity, Definition>,
}

impl DiscordConfig {
    /// A configuration with the usual patience.
    pub fn new(token: impl Into<String>, application_id: u64, guild_id: u64) -> Self {
        DiscordConfig {
            key: "discord".to_owned(),
            token: token.into(),
            application_id,
            guild_id,
            api_base: None,
            timeout: Duration::from_secs(15),
            gateway: GatewayConfig::default(),
            vocabulary: Vocabulary::default(),
        }
    }
}

impl Default for GatewayConfig {
    fn default() -> Self {
        GatewayConfig {
            look_every: Duration::from_secs(30),
            looks: 6,
            defer_after: Duration::from_millis(1_500),
        }
    }
}

impl fmt::Debug for DiscordConfig {
    /// Everything but the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiscordConfig")
            .field("key", &self.key)
            .field("application_id", &self.application_id)
            .field("guild_id", &self.guild_id)
            .field("api_base", &self.api_base.as_ref().map(Url::as_str))
            .field("timeout", &self.timeout)
            .field("gateway", &self.gateway)
            .field("vocabulary", &self.vocabulary)
            .finish_non_exhaustive()
    }
}
