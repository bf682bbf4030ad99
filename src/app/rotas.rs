//! The rotas in force: what the configuration says, brought together with what the desk has kept of it.
//!
//! A desk that starts adopts its rotas: one that is configured as it was goes on; one that was edited gets what the
//! edit makes of it (`domain/rota/edit.rs`), as one more entry of its history. The history is append-only and its
//! numbers are unique, so of several processes that start together one writes the entry and the others read it. What
//! only looks takes the rotas as they are kept, and can say what a start would change.
//!
//! Promises: what was shown of the past stays; a rota that leaves the configuration and returns goes on with its
//! history. Leaves out: a rota that is not configured is not loaded; nobody asks for it.

use super::desk::App;
use super::ports::{Store, StoreError, TimerKind};
use super::setup::Setup;
use super::wording::{PlainText, Words, sentence};
use crate::domain::ids::MemberId;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::{Change, Rota, RotaError, adopt as decide, in_force};
use crate::i18n::Lang;
use crate::time::{TimeZone, Timestamp, from_ms, ms, zone};
use std::collections::{BTreeSet, HashMap};

/// What a start changes in a rota.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RotaNews {
    pub rota: String,
    /// The number of the change in the history of the rota.
    pub number: u32,
    /// The zone of the handoff.
    pub zone: String,
    /// When the edit begins and with whom; nothing if it only takes back what had not begun.
    pub begins: Option<(Timestamp, MemberId)>,
    /// Who has the duty from now on, because whoever had it is no longer a member.
    pub stands_in: Option<MemberId>,
}

/// Why a rota cannot be brought together with its history.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error("rota {rota:?} does not go on from what is kept of it")]
    Rota { rota: String, source: RotaError },
    #[error("rota {rota:?} is being changed by other processes without end")]
    Contended { rota: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How often a change that others forestalled is decided again: more than there are processes.
const TRIES: u32 = 64;

/// Brings the configured rotas into force, in the database and in the setup; answers what that changed.
///
/// # Errors
/// When the store does not answer, or what it keeps cannot be read.
pub async fn adopt(
    store: &dyn Store,
    setup: &mut Setup,
    now: Timestamp,
) -> Result<Vec<RotaNews>, AdoptError> {
    let members = setup.members.keys().cloned().collect();
    let mut all = Vec::new();
    for rota in setup.rotas.values_mut() {
        let (adopted, news) = adopt_rota(store, rota, &members, now).await?;
        if let Some(news) = news {
            for said in news.sentences(Lang::En, &setup.people, now) {
                tracing::info!(rota = %news.rota, change = news.number, "{said}");
            }
            all.push(news);
        }
        *rota = adopted;
    }
    Ok(all)
}

/// Takes the rotas as they are in force, changing nothing in the database; answers what a start would change.
///
/// # Errors
/// When the store does not answer, or what it keeps cannot be read.
pub async fn look(
    store: &dyn Store,
    setup: &mut Setup,
    now: Timestamp,
) -> Result<Vec<RotaNews>, AdoptError> {
    let members = setup.members.keys().cloned().collect();
    let mut all = Vec::new();
    for rota in setup.rotas.values_mut() {
        let history = store.rota_changes(rota.name()).await?;
        let (kept, change) = decided(&history, rota, &members, now)?;
        if let (Some(kept), Some(change)) = (kept, change) {
            all.push(news(&history, &kept, change, now)?);
        }
        if let Some(kept) = in_force_of(rota.name(), &history)? {
            *rota = kept;
        }
    }
    Ok(all)
}

/// Brings one rota into force; answers what it is then, and what was changed by this.
pub(crate) async fn adopt_rota(
    store: &dyn Store,
    configured: &Rota,
    members: &BTreeSet<MemberId>,
    now: Timestamp,
) -> Result<(Rota, Option<RotaNews>), AdoptError> {
    let name = configured.name();
    // What is written down must be what was decided: instants are kept to the millisecond.
    let now = from_ms(ms(now));
    for _ in 0..TRIES {
        let mut history = store.rota_changes(name).await?;
        let (kept, change) = decided(&history, configured, members, now)?;
        let Some(change) = change else {
            let kept = kept.unwrap_or_else(|| configured.clone());
            return Ok((kept, None));
        };
        if !store.add_rota_change(name, next(&history), &change).await? {
            continue;
        }
        let news = match &kept {
            Some(kept) => Some(news(&history, kept, change.clone(), now)?),
            None => None,
        };
        history.push(change);
        let adopted = in_force_of(name, &history)?.unwrap_or_else(|| configured.clone());
        return Ok((adopted, news));
    }
    Err(AdoptError::Contended {
        rota: name.to_owned(),
    })
}

/// The rota as it is kept, and what the configured one changes in it.
fn decided(
    history: &[Change],
    configured: &Rota,
    members: &BTreeSet<MemberId>,
    now: Timestamp,
) -> Result<(Option<Rota>, Option<Change>), AdoptError> {
    let is_member = |who: &MemberId| members.contains(who);
    let change = decide(history, configured, &is_member, now);
    let change = change.map_err(of(configured.name()))?;
    Ok((in_force_of(configured.name(), history)?, change))
}

fn in_force_of(name: &str, history: &[Change]) -> Result<Option<Rota>, AdoptError> {
    in_force(history).map_err(of(name))
}

fn of(name: &str) -> impl Fn(RotaError) -> AdoptError {
    let rota = name.to_owned();
    move |source| AdoptError::Rota {
        rota: rota.clone(),
        source,
    }
}

/// The number of the next change.
fn next(history: &[Change]) -> u32 {
    u32::try_from(history.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

fn news(
    history: &[Change],
    before: &Rota,
    change: Change,
    now: Timestamp,
) -> Result<RotaNews, AdoptError> {
    let begins: Vec<Timestamp> = change
        .versions
        .iter()
        .filter_map(|version| version.begins.as_ref())
        .map(|begins| begins.at)
        .collect();
    let number = next(history);
    let mut history = history.to_vec();
    history.push(change);
    let after = in_force_of(before.name(), &history)?.unwrap_or_else(|| before.clone());
    let duty = after.planned(now).member;
    let stands_in = (before.planned(now).member != duty).then_some(duty);
    // The edit is what begins later; whoever stands in begins now.
    let at = begins.iter().find(|at| **at > now).or(begins.last());
    let at = at.filter(|at| **at > now || stands_in.is_none());
    Ok(RotaNews {
        rota: before.name().to_owned(),
        number,
        zone: after.version(at.copied().unwrap_or(now)).zone.clone(),
        begins: at.map(|at| (*at, after.planned(*at).member)),
        stands_in,
    })
}

impl RotaNews {
    /// What there is to say about it.
    pub fn messages(&self) -> Vec<Message> {
        let about = |id| Message::new(id).with("rota", Arg::Plain(self.rota.clone()));
        let stands_in = self.stands_in.iter().map(|member| {
            about("notice-rota-stands-in").with("member", Arg::Member(member.clone()))
        });
        let edit = match &self.begins {
            Some((at, member)) => Some(
                about("notice-rota-edited")
                    .with("from", Arg::Instant(*at))
                    .with("member", Arg::Member(member.clone())),
            ),
            None if self.stands_in.is_none() => Some(about("notice-rota-goes-on")),
            None => None,
        };
        stands_in.chain(edit).collect()
    }

    /// The same in words, in the zone of the handoff.
    pub fn sentences(
        &self,
        lang: Lang,
        people: &super::ports::People,
        now: Timestamp,
    ) -> Vec<String> {
        let words = Words {
            lang,
            zone: &zone(&self.zone).unwrap_or(TimeZone::UTC),
            now,
            texts: &HashMap::new(),
            people,
        };
        let messages = self.messages();
        let said = messages
            .iter()
            .map(|message| sentence(message, &words, &PlainText));
        said.collect()
    }
}

impl App {
    /// Tells the operators what the start has changed in the rotas; each change is told once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell_of_rotas(&self, news: &[RotaNews]) -> Result<(), StoreError> {
        let now = self.clock.now();
        for change in news {
            for (n, message) in change.messages().into_iter().enumerate() {
                let key = format!("rota·{}·{}·{n}", change.rota, change.number);
                self.tell_operators(message, key, now).await?;
            }
        }
        Ok(())
    }

    /// Sets one timer for each queue whose duty passes from rota to rota; those of what is gone are removed.
    pub(super) async fn set_turnover_timers(&self, now: Timestamp) -> Result<(), StoreError> {
        let kind = TimerKind::Turnover;
        let mut standing: HashMap<String, Timestamp> =
            self.store.timers(kind).await?.into_iter().collect();
        for queue in self.setup.queues.values() {
            let name = queue.id.as_str();
            let due = standing.remove(name);
            // What comes before the next change tells what was answered at the last one, or finds that there is none.
            let Some(next) = queue.coverage.next_turnover(now) else {
                continue;
            };
            match due {
                Some(due) if due <= next => {}
                Some(_) => self.store.set_timer(kind, name, next).await?,
                None => self.store.ensure_timer(kind, name, next).await?,
            }
        }
        for subject in standing.keys() {
            self.store.remove_timer(kind, subject).await?;
        }
        Ok(())
    }

    /// Sets one handoff timer for each rota; those of what is gone are removed.
    pub(super) async fn set_handoff_timers(&self, now: Timestamp) -> Result<(), StoreError> {
        let kind = TimerKind::Handoff;
        let standing = self.store.timers(kind).await?;
        for rota in self.setup.rotas.values() {
            let (name, next) = (rota.name(), rota.next_handoff(now));
            match standing.iter().find(|(subject, _)| subject == name) {
                // A handoff that was missed is still made up for; one that lies ahead may have been moved by an edit.
                // What comes before it only looks what was answered at the last one.
                Some((_, due)) if *due <= now || *due <= next => {}
                Some(_) => self.store.set_timer(kind, name, next).await?,
                None => self.store.ensure_timer(kind, name, next).await?,
            }
        }
        for (subject, _) in standing {
            if !self.setup.rotas.contains_key(&subject) {
                self.store.remove_timer(kind, &subject).await?;
            }
        }
        Ok(())
    }
}
