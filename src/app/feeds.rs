//! The duty as calendars that people subscribe to: of a rota, of a member, of the whole team.
//!
//! Promises: a feed shows the shifts as they are, overrides laid over, each under an id that stays its own as long as
//! it begins when it begins; its sequence goes up when anything of it changes. A key belongs to a member, opens every
//! feed in that member's language, is kept as a hash only, and is shown to nobody but whoever asked for it. Leaves out
//! the format (`web/feeds.rs`).

use super::access::AccessError;
use super::desk::App;
use super::perform::{Answered, Declined, Person};
use super::ports::{FeedRevision, FeedShift, Grant, GrantKind, StoreError};
use super::requests::{choice, plain};
use super::snapshot::hash;
use super::verbs::Request;
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Refusal;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::{Rota, Shift};
use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::time::{SignedDuration, Timestamp, plus};

/// Whose shifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedOf {
    Rota(String),
    Member(MemberId),
    Team,
}

impl FeedOf {
    /// The path of the feed, without its key.
    pub fn path(&self) -> String {
        let kept = |name: &str| -> String {
            url::form_urlencoded::byte_serialize(name.as_bytes())
                .map(|piece| if piece == "+" { "%20" } else { piece })
                .collect()
        };
        match self {
            FeedOf::Rota(name) => format!("/feeds/rota/{}.ics", kept(name)),
            FeedOf::Member(id) => format!("/feeds/member/{}.ics", kept(id.as_str())),
            FeedOf::Team => "/feeds/team.ics".to_owned(),
        }
    }
}

/// A feed in its reader's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    pub name: String,
    pub shifts: Vec<FedShift>,
}

/// A shift in a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FedShift {
    pub uid: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub summary: String,
    pub description: String,
    pub revision: FeedRevision,
}

/// What is past is shown for so long: who wants to know who had the duty last month finds it.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 30);

/// As far as anybody plans a holiday.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 120);

/// More devices than anybody has; with one more, the oldest key stops.
const KEYS: usize = 10;

impl App {
    /// A feed for a reader; `None` if there is no such rota or member.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn feed(&self, of: &FeedOf, lang: Lang) -> Result<Option<Feed>, StoreError> {
        let (name, rotas): (String, Vec<&Rota>) = match of {
            FeedOf::Rota(name) => match self.setup.rotas.get(name) {
                Some(rota) => (self.rota_name(name), vec![rota]),
                None => return Ok(None),
            },
            FeedOf::Member(id) => match self.setup.members.get(id) {
                Some(member) => (member.name.clone(), self.setup.rotas.values().collect()),
                None => return Ok(None),
            },
            FeedOf::Team => (
                say(lang, msg!("feed-team"), &Args::new()),
                self.setup.rotas.values().collect(),
            ),
        };
        let now = self.clock.now();
        let mut shown = Vec::new();
        for rota in rotas {
            // Whole shifts, so that none changes its beginning as time goes on.
            let from = rota.planned(plus(now, -BACK)).starts_at;
            let until = rota.planned(plus(now, AHEAD)).ends_at;
            let shifts = self.shifts(rota, from, until).await?;
            shown.extend(shifts.into_iter().map(|shift| (rota, shift)));
        }
        if let FeedOf::Member(id) = of {
            shown.retain(|(_, shift)| shift.member == *id);
        }
        shown.sort_by_key(|(rota, shift)| (shift.starts_at, rota.name().to_owned()));
        let kept: Vec<FeedShift> = shown
            .iter()
            .map(|(rota, shift)| FeedShift {
                uid: uid(rota, shift),
                hash: hash(&format!(
                    "{}·{}·{}",
                    shift.member,
                    shift.ends_at.as_millisecond(),
                    shift.by_override
                )),
                ends_at: shift.ends_at,
            })
            .collect();
        // Twice as long as it is shown, so that nothing begins anew while it is.
        let forget = plus(now, -BACK * 2);
        let revisions = self.store.revise_feed(&kept, now, forget).await?;
        let shifts = shown
            .into_iter()
            .zip(kept)
            .filter_map(|((rota, shift), kept)| {
                let revision = revisions.get(&kept.uid).copied()?;
                Some(self.fed(of, (rota, &shift), kept.uid, revision, lang))
            });
        Ok(Some(Feed {
            name: say(lang, msg!("feed-name"), &Args::new().with("name", name)),
            shifts: shifts.collect(),
        }))
    }

    fn fed(
        &self,
        of: &FeedOf,
        (rota, shift): (&Rota, &Shift),
        uid: String,
        revision: FeedRevision,
        lang: Lang,
    ) -> FedShift {
        let people = &self.setup.people;
        let name = people.name(&shift.member);
        let about = Args::new()
            .with("member", name)
            .with("rota", self.rota_name(rota.name()));
        let description = if shift.by_override {
            let turn_of = rota.planned(shift.starts_at).member;
            let about = about.clone().with("turn", people.name(&turn_of));
            say(lang, msg!("feed-description-instead"), &about)
        } else {
            say(lang, msg!("feed-description"), &about)
        };
        // Where several rotas meet in one calendar, each shift says of which it is.
        let summary = match of {
            FeedOf::Member(_) | FeedOf::Team if self.setup.rotas.len() > 1 => {
                msg!("feed-summary-of")
            }
            FeedOf::Rota(_) | FeedOf::Member(_) | FeedOf::Team => msg!("feed-summary"),
        };
        FedShift {
            uid,
            starts_at: shift.starts_at,
            ends_at: shift.ends_at,
            summary: say(lang, summary, &about),
            description,
            revision,
        }
    }

    /// Who may read with a key.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn feed_reader(&self, key: &str) -> Result<Option<MemberId>, StoreError> {
        let grant = self
            .store
            .granted(GrantKind::Feed, &hash(key), self.clock.now())
            .await?;
        let member = grant.and_then(|grant| grant.member);
        Ok(member.filter(|member| self.setup.members.contains_key(member)))
    }

    /// Makes a key for a member's feeds; the answer is its secret. The keys before it go on.
    ///
    /// # Errors
    /// For a member who is not configured, or a store that does not answer.
    pub async fn make_feed_key(&self, member: &str) -> Result<(String, MemberId), AccessError> {
        let member = self
            .setup
            .find_member(member)
            .ok_or_else(|| AccessError::UnknownMember(member.to_owned()))?
            .id
            .clone();
        let keys = self.feed_keys(&member).await?;
        let too_many = (keys.len() + 1).saturating_sub(KEYS);
        for oldest in keys.iter().take(too_many) {
            self.store.revoke(&oldest.hash).await?;
        }
        let now = self.clock.now();
        let secret = self
            .give(GrantKind::Feed, Some(member.clone()), "feed", now, None)
            .await?;
        Ok((secret, member))
    }

    /// Ends every key of a member's feeds; answers how many there were.
    ///
    /// # Errors
    /// For a member who is not configured, or a store that does not answer.
    pub async fn stop_feeds(&self, member: &str) -> Result<usize, AccessError> {
        let member = self
            .setup
            .find_member(member)
            .ok_or_else(|| AccessError::UnknownMember(member.to_owned()))?;
        let keys = self.feed_keys(&member.id).await?;
        for key in &keys {
            self.store.revoke(&key.hash).await?;
        }
        Ok(keys.len())
    }

    /// The keys of a member, oldest first.
    async fn feed_keys(&self, member: &MemberId) -> Result<Vec<Grant>, StoreError> {
        let mut keys = self.store.grants(GrantKind::Feed).await?;
        keys.retain(|key| key.member.as_ref() == Some(member));
        Ok(keys)
    }

    /// Every feed there is for a member: their own, each rota's, the team's.
    pub fn feeds_for(&self, member: &MemberId) -> Vec<FeedOf> {
        let rotas = self.setup.rotas.keys().cloned().map(FeedOf::Rota);
        let mut feeds = vec![FeedOf::Member(member.clone())];
        feeds.extend(rotas);
        if self.setup.rotas.len() > 1 {
            feeds.push(FeedOf::Team);
        }
        feeds
    }

    /// The address of a feed with its key; a path only where nobody said how people find us.
    pub fn feed_address(&self, base: Option<&str>, of: &FeedOf, key: &str) -> String {
        let base = base.unwrap_or_default().trim_end_matches('/');
        format!("{base}{}?key={key}", of.path())
    }

    /// The verb: makes links, or stops all of them. The answer is for whoever asks, and nobody else.
    pub(super) async fn feed_links(
        &self,
        person: &Person,
        request: &Request,
    ) -> Result<Answered, Declined> {
        let Some(member) = person.actor.member() else {
            return Err(Declined::Act(Refusal::MembersOnly.into()));
        };
        let what = match request.param("what") {
            Some(_) => choice(request, "what")?,
            None => "new",
        };
        if what == "stop" {
            let count = self.stop_feeds(member.as_str()).await.map_err(declined)?;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            return Ok(Answered {
                message: Message::new("done-feed-stop").with("count", Arg::Number(count)),
                about: None,
                data: serde_json::json!({ "stopped": count }),
            });
        }
        let (key, member) = self
            .make_feed_key(member.as_str())
            .await
            .map_err(declined)?;
        let mut lines = Vec::new();
        let mut urls = Vec::new();
        for of in self.feeds_for(&member) {
            let url = self.feed_address(self.setup.desk_url.as_deref(), &of, &key);
            let line = match &of {
                FeedOf::Member(_) => Message::new("feed-line-mine"),
                FeedOf::Rota(name) => {
                    Message::new("feed-line-rota").with("rota", plain(&self.rota_name(name)))
                }
                FeedOf::Team => Message::new("feed-line-team"),
            };
            lines.push(line.with("url", plain(&url)));
            urls.push(url);
        }
        Ok(Answered {
            message: Message::new(match self.setup.desk_url {
                Some(_) => "done-feed",
                None => "done-feed-paths",
            })
            .with("lines", Arg::Lines(lines)),
            about: None,
            data: serde_json::json!({ "urls": urls }),
        })
    }
}

/// The id of a shift: of its rota and its beginning, so that a shift that is handed on is the same one.
fn uid(rota: &Rota, shift: &Shift) -> String {
    let of_rota = hash(rota.name());
    let starts_at = shift.starts_at.as_millisecond();
    format!("shift-{starts_at}-{}@toban", &of_rota[..16])
}

fn declined(error: AccessError) -> Declined {
    match error {
        AccessError::UnknownMember(_) => Declined::say(Message::new("refused-stranger")),
        AccessError::Store(error) => error.into(),
    }
}
