//! `toban check --connect`: tries the database, the chats and the sources.
//!
//! Promises: it makes nothing and migrates nothing. A database that is not there yet is no fault if a server could
//! make it. Leaves out the heartbeat: one that is tried would count as a sign of life.

use super::check::Finding;
use super::process::{assemble, client, open};
use super::scratch::Scratch;
use crate::app::ports::{Clock, Store};
use crate::app::subscriptions::{self, Pages};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::engine::HttpFetch;
use crate::i18n::{Args, Lang, instant, say};
use crate::msg;
use crate::sources::SourceProblem;
use crate::store::{self, Access, OpenError, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Everything that was tried.
pub(super) async fn connections(config: &Config, lang: Lang) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    match open(config, Access::Read).await {
        Ok(store) => {
            let ping = store.ping().await.err().map(|error| error.to_string());
            findings.push(finding("database", ping, lang));
            let (found, pages) = feeds_found(config, Some(&*store), lang).await;
            findings.extend(found);
            findings.extend(super::rota::differences(config, &pages, &*store, lang).await);
            others(config, store, lang, &mut findings).await;
        }
        Err(error) => {
            let (is_good, said) = without(&error, lang);
            findings.push(Finding {
                subject: "database".to_owned(),
                is_good,
                said,
            });
            findings.extend(feeds_found(config, None, lang).await.0);
            if is_good {
                // The rest is tried beside an empty desk that goes away.
                let folder = Scratch::new("toban-check")?;
                let store = store::open(&folder.database(), &OpenOptions::default()).await?;
                others(config, store, lang, &mut findings).await;
            }
        }
    }
    Ok(findings)
}

/// Fetches the calendars at addresses as a start would, keeping nothing; answers also what the start would go by.
async fn feeds_found(
    config: &Config,
    store: Option<&dyn Store>,
    lang: Lang,
) -> (Vec<Finding>, Pages) {
    let mut findings = Vec::new();
    let mut pages = Pages::new();
    // One that cannot be made is said once, by the sources.
    let Ok(client) = client(config) else {
        return (findings, pages);
    };
    let fetch = HttpFetch::new(client);
    for feed in &config.setup.feeds {
        let kept = match store {
            Some(store) => store.feed(feed.url.expose()).await.unwrap_or_default(),
            None => None,
        };
        let outcome = subscriptions::news(&fetch, feed, kept.as_ref(), SystemClock.now()).await;
        if let Some(row) = outcome.as_ref().ok().or(kept.as_ref()) {
            pages.insert(row.url.clone(), row.body.clone());
        }
        let (is_good, said) = match (outcome, kept) {
            (Ok(row), _) => {
                let days = feed.days(&row.body).unwrap_or_default();
                let count = i64::try_from(days.len()).unwrap_or(i64::MAX);
                let args = Args::new().with("count", count);
                let said = match days.keys().next().zip(days.keys().next_back()) {
                    Some((first, last)) => {
                        let args = args.with("first", first.to_string());
                        let args = args.with("last", last.to_string());
                        say(lang, msg!("connect-calendar-span"), &args)
                    }
                    None => say(lang, msg!("connect-calendar"), &args),
                };
                (true, said)
            }
            (Err(why), Some(row)) => {
                let zone = &config.setup.zone;
                let at = instant(lang, row.checked_at, zone, SystemClock.now());
                let args = Args::new().with("why", why.to_string()).with("at", at);
                (true, say(lang, msg!("connect-calendar-copy"), &args))
            }
            (Err(why), None) => {
                let args = Args::new().with("why", why.to_string());
                (false, say(lang, msg!("connect-calendar-none"), &args))
            }
        };
        findings.push(Finding {
            subject: format!("{} ({})", feed.host(), feed.calendar_names()),
            is_good,
            said,
        });
    }
    (findings, pages)
}

/// Whether a server would start without what cannot be read now, and why.
fn without(error: &OpenError, lang: Lang) -> (bool, String) {
    let said = |id: &str, args: Args| say(lang, id, &args);
    match error {
        OpenError::Missing(path) => {
            let folder = folder_of(path);
            let args = Args::new().with("path", path.display().to_string());
            match can_write(&folder) {
                Ok(()) => (true, said(msg!("connect-no-database"), args)),
                Err(why) => {
                    let args = args.with("folder", folder.display().to_string());
                    let args = args.with("why", why.to_string());
                    (false, said(msg!("connect-no-database-unwritable"), args))
                }
            }
        }
        OpenError::Older { found: 0, .. } => {
            (true, said(msg!("connect-empty-database"), Args::new()))
        }
        OpenError::Older { found, needed } => {
            let args = Args::new().with("found", found.to_string());
            let args = args.with("needed", needed.to_string());
            (true, said(msg!("connect-older-database"), args))
        }
        other => (false, other.to_string()),
    }
}

/// The nearest folder above a file that is there: a server makes the ones between.
fn folder_of(file: &Path) -> PathBuf {
    let here = || PathBuf::from(".");
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => here(),
    };
    let there = parent.ancestors().find(|folder| folder.exists());
    match there {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => here(),
    }
}

/// Tries to write by making a file that is gone at once: rights alone do not tell of a disk that is read-only.
fn can_write(folder: &Path) -> io::Result<()> {
    let name = format!(".toban-check-{}", crate::clock::SystemIds.id());
    let probe = folder.join(name);
    std::fs::File::create_new(&probe)?;
    std::fs::remove_file(&probe)
}

fn finding(subject: &str, problem: Option<String>, lang: Lang) -> Finding {
    Finding {
        subject: subject.to_owned(),
        is_good: problem.is_none(),
        said: problem.unwrap_or_else(|| say(lang, msg!("connect-answers"), &Args::new())),
    }
}

/// The chats and the sources, over a store that holds whatever.
async fn others(config: &Config, store: Arc<dyn Store>, lang: Lang, findings: &mut Vec<Finding>) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    match assemble(config.clone(), store.clone(), clock, Duration::from_mins(5)) {
        Ok(parts) => {
            for (name, platform) in parts.engine.platforms.iter() {
                let places: Vec<_> = config
                    .setup
                    .queues
                    .values()
                    .flat_map(|queue| queue.places.iter())
                    .filter(|place| place.platform == *name)
                    .cloned()
                    .collect();
                let problems = platform.check(&places).await;
                let said = (!problems.is_empty()).then(|| problems.join("; "));
                findings.push(finding(name, said, lang));
            }
            let sources: Vec<SourceId> = config.setup.sources.keys().cloned().collect();
            for source in sources {
                let problems = parts
                    .sources
                    .connect_problems(&source, SystemClock.now())
                    .await;
                let problems: Vec<String> = problems
                    .into_iter()
                    .map(|problem| problem_in(&source, problem, lang))
                    .collect();
                let said = (!problems.is_empty()).then(|| problems.join("; "));
                findings.push(finding(source.as_str(), said, lang));
            }
        }
        Err(error) => findings.push(finding("sources", Some(format!("{error:#}")), lang)),
    }
    store.close().await;
}

/// What is wrong with a source, in words; what others answered stays as they wrote it.
fn problem_in(source: &SourceId, problem: SourceProblem, lang: Lang) -> String {
    let args = Args::new().with("source", source.as_str());
    match problem {
        SourceProblem::NoAnswer(why) => why,
        SourceProblem::Cursor(why) => say(lang, msg!("connect-cursor"), &args.with("why", why)),
        SourceProblem::Item(why) => say(lang, msg!("connect-item"), &args.with("why", why)),
    }
}

#[cfg(test)]
mod tests;
