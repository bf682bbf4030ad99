//! The calendars that members keep of the days on which they are off: looked at at the start and every hour, and
//! followed in the duty book.
//!
//! Promises: a start waits for none of them; where nobody answers, or what comes cannot be read, the absences stay as
//! they are and the operators hear of it once; a calendar that is no longer configured takes its absences with it.
//! Neither the address nor a word of what a member does on those days is shown or kept: the copy has dates only.
//!
//! Leaves out what becomes of the days (`domain/rota/book/following.rs`) and fetching itself ([`Fetch`]).

use super::desk::{ActError, App};
use super::ports::{FeedRow, Fetch, Fetched, StoreError, TimerKind};
use super::secret::Secret;
use super::setup::AbsenceCalendar;
use super::snapshot::hash;
use crate::domain::ids::MemberId;
use crate::domain::notice::{Arg, Message};
use crate::domain::rota::book::{Days, DutyCommand, Source};
use crate::ical;
use crate::time::{Date, SignedDuration, Timestamp, plus};
use std::collections::BTreeSet;

/// How long after a look the next one comes.
const HOURLY: SignedDuration = SignedDuration::from_hours(1);

/// How far ahead days are taken.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 365);

/// What is kept of a calendar that never answered, so that it is complained of once.
const NOTHING: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";

impl AbsenceCalendar {
    /// The host of an address, for people; a file has none.
    pub fn host(&self) -> Option<String> {
        match self {
            AbsenceCalendar::Address(url) => {
                let url = url::Url::parse(url.expose()).ok()?;
                url.host_str().map(str::to_owned)
            }
            AbsenceCalendar::Text(_) => None,
        }
    }
}

impl App {
    /// Lets every calendar be looked at now; timers and absences of those that are gone go too.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn set_absence_timers(&self) -> Result<(), StoreError> {
        let (kind, now) = (TimerKind::Absences, self.clock.now());
        let kept = self.book(now).await?;
        let of_calendars = kept.book.absences.values();
        let followed: BTreeSet<&MemberId> = of_calendars
            .filter(|absence| absence.source == Source::Calendar)
            .map(|absence| &absence.member)
            .collect();
        let configured = self.setup.absences.keys();
        let members: BTreeSet<&MemberId> = configured.chain(followed).collect();
        for member in &members {
            self.store.set_timer(kind, member.as_str(), now).await?;
        }
        for (subject, _) in self.store.timers(kind).await? {
            if members.iter().all(|member| member.as_str() != subject) {
                self.store.remove_timer(kind, &subject).await?;
            }
        }
        Ok(())
    }

    /// Looks at the calendar of a member and brings the duty book in line with it; answers when to look next.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn look_at_absences(
        &self,
        fetch: Option<&dyn Fetch>,
        member: &MemberId,
    ) -> Result<Option<Timestamp>, ActError> {
        let text = match (self.setup.absences.get(member), fetch) {
            (None, _) => {
                self.follow(member, Vec::new()).await?;
                return Ok(None);
            }
            (Some(AbsenceCalendar::Text(text)), _) => Some(text.expose().to_owned()),
            (Some(AbsenceCalendar::Address(url)), Some(fetch)) => {
                self.page_of(member, url, fetch).await?
            }
            (Some(AbsenceCalendar::Address(_)), None) => None,
        };
        if let Some(text) = text {
            match self.days_off(&text) {
                Ok(days) => self.follow(member, days).await?,
                Err(error) => tracing::warn!("the absences of {member}: {error}"),
            }
        }
        Ok(Some(plus(self.clock.now(), HOURLY)))
    }

    /// The days of a calendar that are off, from today on.
    fn days_off(&self, text: &str) -> Result<Vec<Days>, ical::IcalError> {
        let today = self.duty_team(self.clock.now()).today;
        let last = today.checked_add(AHEAD).unwrap_or(Date::MAX);
        let stretches = ical::stretches(text, &self.setup.zone, (today, last))?;
        let days = stretches.into_iter().map(|(first, last)| Days {
            starts: first,
            ends: last.tomorrow().ok(),
            every: None,
        });
        Ok(days.collect())
    }

    async fn follow(&self, member: &MemberId, said: Vec<Days>) -> Result<(), ActError> {
        let member = member.clone();
        let mut order = self.by_time(None);
        order.via = "calendar".to_owned();
        let command = DutyCommand::Follow { member, said };
        self.on_book(&order, command).await?;
        Ok(())
    }

    /// What lies at the address now, as dates only; nothing where it cannot be had, which the operators hear once.
    async fn page_of(
        &self,
        member: &MemberId,
        url: &Secret,
        fetch: &dyn Fetch,
    ) -> Result<Option<String>, ActError> {
        // Kept by a name that gives nothing away, apart from the holidays that may lie at the same address.
        let key = format!("absences·{member}·{}", &hash(url.expose())[..16]);
        let kept = self.store.feed(&key).await?;
        let known = kept.as_ref().filter(|row| self.days_off(&row.body).is_ok());
        let fetched = fetch.fetch(url.expose(), known).await;
        let now = self.clock.now();
        let row = match (fetched, known) {
            (Ok(Fetched::Unchanged), Some(known)) => Ok(FeedRow {
                checked_at: now,
                problem: None,
                ..known.clone()
            }),
            (Ok(Fetched::Unchanged), None) => {
                Err("it says that nothing changed since never".to_owned())
            }
            (
                Ok(Fetched::Page {
                    body,
                    etag,
                    last_modified,
                }),
                _,
            ) => match self.days_off(&body) {
                Ok(_) => Ok(FeedRow {
                    url: key.clone(),
                    body: ical::dates_only(&body),
                    etag,
                    last_modified,
                    fetched_at: now,
                    checked_at: now,
                    problem: None,
                }),
                Err(error) => Err(error.to_string()),
            },
            (Err(why), _) => Err(why),
        };
        match row {
            Ok(row) => {
                if kept.is_some_and(|kept| kept.problem.is_some()) {
                    tracing::info!("the absences of {member} are to be had again");
                }
                let body = row.body.clone();
                self.store.keep_feed(row).await?;
                Ok(Some(body))
            }
            Err(why) => {
                tracing::warn!("the absences of {member}: {why}");
                self.complain(member, url, key, kept, why).await?;
                Ok(None)
            }
        }
    }

    async fn complain(
        &self,
        member: &MemberId,
        url: &Secret,
        key: String,
        kept: Option<FeedRow>,
        why: String,
    ) -> Result<(), ActError> {
        let now = self.clock.now();
        if kept.as_ref().is_some_and(|kept| kept.problem.is_some()) {
            return Ok(());
        }
        let host = AbsenceCalendar::Address(url.clone()).host();
        let message = Message::new("notice-absences-failing")
            .with("member", Arg::Member(member.clone()))
            .with("host", Arg::Plain(host.unwrap_or_default()))
            .with("why", Arg::Plain(why.clone()));
        // By the last good copy, so that of two replicas that look at once one is heard.
        let since = kept.as_ref().map(|kept| crate::time::ms(kept.checked_at));
        let once = format!("{key}·failing·{}", since.unwrap_or_default());
        self.tell_operators(message, once, now).await?;
        let row = kept.unwrap_or(FeedRow {
            url: key,
            body: NOTHING.to_owned(),
            etag: None,
            last_modified: None,
            fetched_at: now,
            checked_at: now,
            problem: None,
        });
        self.store
            .keep_feed(FeedRow {
                problem: Some(why),
                ..row
            })
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
