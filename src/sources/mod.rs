//! Where inquiries come from: webhook, poll and portal; presets are data.
//!
//! Promises: a source is what its configuration says and nothing else; no document, answer or header of a stranger
//! panics here, and all are bounded in size, depth and time. [`Sources`] implements the ports [`Hooks`], [`Poller`] and
//! [`WayBack`]. Leaves out storing anything, deciding what a document means to the desk, and when to poll or send
//! again after a failure was recorded: that is the engine's.
//!
//! [`Hooks`]: crate::app::ports::Hooks
//! [`Poller`]: crate::app::ports::Poller
//! [`WayBack`]: crate::app::ports::WayBack

mod connect;
mod csv;
mod document;
mod explain;
mod mail;
mod mapping;
mod mask;
mod poll;
mod request;
mod send;
pub mod signature;
#[cfg(test)]
mod tests;
mod trackers;
mod trial;
mod way_back;
mod webhook;

pub use connect::SourceProblem;
pub use document::{BODY_CAP, DEPTH_CAP};
pub use explain::{As, Beside, Explained, Item, Outcome};
pub use mask::masked_document;
pub use send::{SendError, Sent, send};
pub use trackers::{HttpTrackers, TrackerError};
pub use trial::{Came, Exchange, Trial, Tried};

use crate::app::ports::HookError;
use crate::app::secret::Secret;
use crate::app::setup::{Backlog, Setup, SourceSetup};
use crate::app::source_config::{
    Delivery, Mapping, PollConfig, SourceConfig, SourceKind, SourcesConfig,
};
use crate::domain::ids::{MemberId, SourceId};
use crate::i18n::Lang;
use crate::net;
use crate::time::Timestamp;
use mapping::Mapper;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

/// Every enabled source, made ready.
#[derive(Debug)]
pub struct Sources {
    sources: BTreeMap<SourceId, Source>,
    client: net::Client,
    /// What is known of details that could not be fetched, by source and address; lost on a restart.
    owed: Mutex<HashMap<(SourceId, String), poll::Owing>>,
    /// What sources of mail need besides.
    post: Option<mail::Post>,
    /// What was asked and answered, for whoever tries a source out.
    trail: Option<Mutex<Vec<Exchange>>>,
}

/// Why a source cannot be used as it is configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("source \"{source_name}\", {key}: {why}")]
pub struct SourceError {
    pub source_name: String,
    pub key: String,
    pub why: String,
}

#[derive(Debug)]
struct Source {
    id: SourceId,
    /// Reads what is delivered or filed.
    mapper: Mapper,
    /// Reads what is fetched, where that differs.
    fetched: Option<Mapper>,
    way: Way,
    back: way_back::Back,
    contact: Contact,
    /// What is sent there to be let in, and so must not be quoted back.
    secrets: Vec<Secret>,
}

#[derive(Debug)]
enum Way {
    Webhook {
        gate: Box<webhook::Gate>,
        brings: Delivery,
        poll: Option<Box<poll::Plan>>,
    },
    Poll(Box<poll::Plan>),
    Portal,
    Mail(Box<mail::Plan>),
}

/// What the desk knows of a source that reading and answering it needs.
#[derive(Clone, Debug, Default)]
struct Contact {
    /// Items changed before this are not asked for, instead of before the first contact.
    since: Option<Timestamp>,
    /// Whether everything is asked for at first, however old.
    wants_backlog: bool,
    lang: Lang,
    /// Every name by which the source may call one of our members.
    owners: Vec<String>,
    /// The source's own names of members.
    own_names: HashMap<MemberId, String>,
    /// The names of members.
    names: HashMap<MemberId, String>,
}

impl Sources {
    /// Makes the sources ready.
    ///
    /// # Errors
    /// [`SourceError`] for a text that does not compile or a secret that cannot be used. A configuration that was
    /// checked has none but bad secrets.
    pub fn new(
        config: &SourcesConfig,
        setup: &Setup,
        client: net::Client,
    ) -> Result<Sources, SourceError> {
        let names: HashMap<MemberId, String> = setup
            .members
            .iter()
            .map(|(id, member)| (id.clone(), member.name.clone()))
            .collect();
        let contact = |id: &SourceId| Contact {
            names: names.clone(),
            ..setup.sources.get(id).map(Contact::of).unwrap_or_default()
        };
        let sources = config
            .sources
            .iter()
            .map(|(id, config)| Ok((id.clone(), Source::new(config, contact(id))?)));
        Ok(Sources {
            sources: sources.collect::<Result<_, _>>()?,
            client,
            owed: Mutex::default(),
            post: None,
            trail: None,
        })
    }

    fn source(&self, id: &SourceId) -> Result<&Source, HookError> {
        self.sources.get(id).ok_or(HookError::UnknownSource)
    }
}

impl Contact {
    fn of(setup: &SourceSetup) -> Contact {
        Contact {
            since: setup.since,
            wants_backlog: setup.backlog == Backlog::Quiet,
            lang: setup.defaults.language,
            owners: setup.owners.keys().cloned().collect(),
            own_names: setup
                .owners
                .iter()
                .map(|(own, member)| (member.clone(), own.clone()))
                .collect(),
            names: HashMap::new(),
        }
    }
}

impl Source {
    fn new(config: &SourceConfig, contact: Contact) -> Result<Source, SourceError> {
        let wrong = |key: &str, why: String| SourceError {
            source_name: config.id.to_string(),
            key: key.to_owned(),
            why,
        };
        let mapper = |mapping: &Mapping, place: &str| {
            Mapper::compile(config, mapping, &contact.owners)
                .map_err(|(key, why)| wrong(&format!("{place}.{key}"), why))
        };
        let plan = |poll: &PollConfig| {
            let plan = poll::Plan::compile(config, poll);
            plan.map(Box::new).map_err(|(key, why)| wrong(&key, why))
        };
        let way = match &config.kind {
            SourceKind::Webhook { auth, brings, poll } => Way::Webhook {
                gate: Box::new(
                    webhook::Gate::new(auth, config.verifying())
                        .map_err(|why| wrong("auth", why))?,
                ),
                brings: *brings,
                poll: poll.as_deref().map(plan).transpose()?,
            },
            SourceKind::Poll(poll) => Way::Poll(plan(poll)?),
            SourceKind::Portal => Way::Portal,
            SourceKind::Mail(mail) => {
                let plan = mail::Plan::compile(config, mail);
                Way::Mail(Box::new(plan.map_err(|(key, why)| wrong(&key, why))?))
            }
        };
        let fetched = config.poll().and_then(|poll| poll.mapping.as_ref());
        let fetched = fetched.map(|mapping| mapper(mapping, "poll.mapping"));
        let back = way_back::Back::compile(config).map_err(|(key, why)| wrong(&key, why))?;
        Ok(Source {
            id: config.id.clone(),
            mapper: mapper(&config.mapping, "mapping")?,
            fetched: fetched.transpose()?,
            way,
            back,
            contact,
            secrets: [&config.secrets[..], &config.hook_secrets].concat(),
        })
    }
}

impl Source {
    /// What reads a fetched item.
    fn reader(&self) -> &Mapper {
        self.fetched.as_ref().unwrap_or(&self.mapper)
    }
}
