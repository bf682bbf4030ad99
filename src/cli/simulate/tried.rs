//! What is tried, found by its name: in the configuration, in another file, or by name in another file.

use crate::app::simulate::Roster;
use crate::app::snapshot::{canonical_json, hash};
use crate::config::{Config, ConfigError};
use crate::domain::ids::QueueId;
use crate::domain::inquiry::PolicyHash;
use crate::domain::rota::Coverage;
use crate::domain::sla::Policy;
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Where something is looked for, and by which name.
#[derive(Debug, PartialEq, Eq)]
enum Meant<'a> {
    /// A name of the present configuration.
    Name(&'a str),
    /// Whatever each queue has in a file.
    File(&'a str),
    /// A name in a file.
    Within(&'a str, &'a str),
}

/// A word is a name if the configuration knows it, and a file otherwise.
fn meant<'a>(word: &'a str, is_known: bool) -> Meant<'a> {
    match word.rsplit_once('#') {
        _ if is_known => Meant::Name(word),
        Some((file, name)) => Meant::Within(file, name),
        None => Meant::File(word),
    }
}

/// Lists names for an error.
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [] => "there are none".to_owned(),
        [only] => format!("there is only {only}"),
        names => format!("use one of {}", names.join(", ")),
    }
}

/// Reads another configuration; a word that is neither file nor name is told both.
fn read(file: &str, word: &str, what: &str, known: &[&str], env: Env) -> anyhow::Result<Config> {
    match Config::load(Some(Path::new(file)), env) {
        Ok(config) => Ok(config),
        Err(ConfigError::Missing { .. }) => {
            bail!(
                "there is no {what} {word:?} in the configuration, and no file of that name: {}",
                one_of(known)
            )
        }
        Err(error @ ConfigError::Unreadable { .. }) => Err(error.into()),
        Err(ConfigError::Problems(problems)) => bail!(
            "{file} has mistakes; it is read as a whole configuration, so begin with a copy of yours:\n{}",
            problems.render(false)
        ),
    }
}

/// The policy that each queue would have.
pub(super) fn policies(
    word: &str,
    config: &Config,
    env: Env,
) -> anyhow::Result<BTreeMap<QueueId, (PolicyHash, Arc<Policy>)>> {
    let known: Vec<&str> = config.policies.names().collect();
    let mut other = None;
    let name = match meant(word, known.contains(&word)) {
        Meant::Name(name) => Some(name),
        Meant::File(file) => {
            other = Some(read(file, word, "policy", &known, env)?);
            None
        }
        Meant::Within(file, name) => {
            other = Some(read(file, word, "policy", &known, env)?);
            Some(name)
        }
    };
    let there = other.as_ref().unwrap_or(config);
    let mut all = BTreeMap::new();
    for queue in config.setup.queues.keys() {
        let held = &there.setup.queue(queue).policy;
        let held = there
            .setup
            .policies
            .get(held)
            .with_context(|| format!("queue \"{queue}\" has no policy"))?;
        let policy = match name {
            None => held.clone(),
            // In the hours that the queue works, as every policy of it.
            Some(name) => match there.policies.within(name, &held.working, held.working()) {
                Some(policy) => Arc::new(policy),
                None => {
                    let names: Vec<&str> = there.policies.names().collect();
                    bail!("there is no policy {name:?} in {word}: {}", one_of(&names));
                }
            },
        };
        let hash = PolicyHash(hash(&canonical_json(&*policy)));
        all.insert(queue.clone(), (hash, policy));
    }
    Ok(all)
}

/// The roster that there would be.
pub(super) fn roster(word: &str, config: &Config, env: Env) -> anyhow::Result<Roster> {
    let known: Vec<&str> = config.setup.rotas.keys().map(String::as_str).collect();
    let mut other = None;
    let name = match meant(word, known.contains(&word)) {
        Meant::Name(name) => Some(name),
        Meant::File(file) => {
            other = Some(read(file, word, "rota", &known, env)?);
            None
        }
        Meant::Within(file, name) => {
            other = Some(read(file, word, "rota", &known, env)?);
            Some(name)
        }
    };
    let there = &other.as_ref().unwrap_or(config).setup;
    if let Some(name) = name
        && !there.rotas.contains_key(name)
    {
        let names: Vec<&str> = there.rotas.keys().map(String::as_str).collect();
        bail!("there is no rota {name:?} in {word}: {}", one_of(&names));
    }
    let of_queue = config.setup.queues.keys().map(|queue| {
        let rota = match name {
            Some(name) => Coverage::one(name),
            None => there.queue(queue).coverage.clone(),
        };
        (queue.clone(), rota)
    });
    Ok(Roster {
        of_queue: of_queue.collect(),
        rotas: there.rotas.clone(),
        members: there.members.keys().cloned().collect(),
    })
}

#[cfg(test)]
mod tests;
