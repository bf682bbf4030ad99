//! Issues of development: the inquiries that are linked to each, and what is known of the issue itself.
//!
//! Promises: the links say what the projections of the inquiries say, because one transaction writes both; a look and a
//! workaround never overwrite each other. Leaves out when an issue is looked at and what of it is told.

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::outbox::{OutboxValues, insert_outbox};
use super::sql::{Args, Insert, commit, lose, run, unavailable};
use crate::app::ports::{
    IssueRow, Issues, KnownWorkaround, Linked, NewOutbox, Reference, StoreError, TrackerState,
};
use crate::domain::breaker::Breaker;
use crate::domain::ids::TrackerId;
use crate::domain::inquiry::{Entry, Event, Inquiry};
use crate::time::{Timestamp, from_ms};
use async_trait::async_trait;
use std::collections::BTreeMap;

const SELECT: &str = "select s.tracker, s.issue, s.url, s.state, s.is_done, s.fixed_in, s.workaround, s.workaround_by, \
    s.workaround_at_ms, s.noted, s.noted_at_ms, s.look_at_ms, s.looked_at_ms, s.failures, s.problem from issues s";
const ONE: &str = " where s.tracker = $1 and s.issue = $2";
const ALL: &str = " left join (select tracker, issue, count(*) as n from tracked group by tracker, issue) c \
    on c.tracker = s.tracker and c.issue = s.issue where c.n is not null or s.workaround is not null \
    order by s.is_done, coalesce(c.n, 0) desc, s.tracker, s.issue limit $1";
const TO_LOOK_AT: &str = " where s.tracker = $1 and s.look_at_ms <= $2 and exists (select 1 from tracked t \
    where t.tracker = s.tracker and t.issue = s.issue and t.is_done = 0) order by s.look_at_ms, s.issue limit $3";
const LINKED: &str = "select t.tracker, t.issue, t.inquiry, i.ref_no, t.is_done, t.is_filed, t.customer \
    from tracked t join inquiries i on i.id = t.inquiry where t.tracker = $1 and t.issue = $2 order by i.ref_no";
const LOOKED: &str = "update issues set state = $1, is_done = $2, fixed_in = $3, look_at_ms = $4, looked_at_ms = $5, \
    failures = $6, problem = $7 where tracker = $8 and issue = $9";
const WORKAROUND: &str = "update issues set workaround = $1, workaround_by = $2, workaround_at_ms = $3 \
    where tracker = $4 and issue = $5";
const NOTED: &str = "update issues set noted = $1, noted_at_ms = $2 where tracker = $3 and issue = $4 and noted = $5 \
    and coalesce(noted_at_ms, -1) = $6";
const TRACKERS: &str = "select tracker, failures, failing_since_ms, opened_at_ms, last_error, last_ok_at_ms from trackers order by tracker";
const KEEP_TRACKER: &str = "insert into trackers (tracker, failures, failing_since_ms, opened_at_ms, last_error, last_ok_at_ms) \
    values ($1, $2, $3, $4, $5, $6) on conflict (tracker) do update set failures = excluded.failures, \
    failing_since_ms = excluded.failing_since_ms, opened_at_ms = excluded.opened_at_ms, last_error = excluded.last_error, \
    last_ok_at_ms = excluded.last_ok_at_ms";
const UNLINK: &str = "delete from tracked where inquiry = $1";
static LINK: Insert = Insert::new(
    "insert into tracked (tracker, issue, inquiry, is_done, is_filed, customer)",
    6,
    "on conflict (tracker, issue, inquiry) do nothing",
);
/// What was linked is looked at soon, however long the next look was put off.
static KNOW: Insert = Insert::new(
    "insert into issues (tracker, issue, url)",
    3,
    "on conflict (tracker, issue) do update set url = coalesce(excluded.url, issues.url), look_at_ms = 0",
);

/// What a commit says of the issues of its inquiry: every link as it stands then, and those that it made.
#[derive(Clone, Debug)]
pub(super) struct TrackedValues {
    links: Vec<LinkValues>,
    /// Tracker, issue and address.
    known: Vec<(String, String, Option<String>)>,
}

#[derive(Clone, Debug)]
struct LinkValues {
    tracker: String,
    issue: String,
    is_done: bool,
    is_filed: bool,
    customer: Option<String>,
}

impl TrackedValues {
    /// What lines of the ledger change of the links; nothing for all others.
    pub fn of(inquiry: &Inquiry, entries: &[Entry]) -> Option<Self> {
        let mut known = Vec::new();
        let mut is_changed = false;
        for entry in entries {
            match &entry.event {
                Event::IssueLinked {
                    tracker,
                    issue,
                    url,
                    ..
                } => known.push((tracker.to_string(), issue.clone(), url.clone())),
                Event::IssueChanged { .. } | Event::IssueUnlinked { .. } => is_changed = true,
                // The customer may be another one now.
                Event::Updated { .. } => is_changed |= !inquiry.tracked.is_empty(),
                _ => {}
            }
        }
        // In one order for all, so that two commits never wait for each other.
        known.sort();
        known.dedup_by(|a, b| (&a.0, &a.1) == (&b.0, &b.1));
        if known.is_empty() && !is_changed {
            return None;
        }
        let customer = inquiry.facts.customer.clone().map(String::from);
        let links = inquiry.tracked.iter().map(|tracked| LinkValues {
            tracker: tracked.tracker.to_string(),
            issue: tracked.issue.clone(),
            is_done: tracked.is_done,
            is_filed: tracked.is_filed,
            customer: customer.clone(),
        });
        Some(TrackedValues {
            links: links.collect(),
            known,
        })
    }
}

/// Writes what a commit says of the issues of its inquiry.
pub(super) async fn write_tracked<DB: Dialect>(
    conn: &mut DB::Connection,
    inquiry: &str,
    values: &TrackedValues,
) -> sqlx::Result<()> {
    run(conn, UNLINK, Args::<DB>::new().text(inquiry)).await?;
    let links = values.links.iter().collect();
    LINK.run::<DB, &LinkValues>(conn, links, |args, link| {
        args.text(&link.tracker)
            .text(&link.issue)
            .text(inquiry)
            .int(i64::from(link.is_done))
            .int(i64::from(link.is_filed))
            .maybe_text(link.customer.as_ref())
    })
    .await?;
    let known = values.known.iter().collect();
    KNOW.run::<DB, &(String, String, Option<String>)>(conn, known, |args, (tracker, issue, url)| {
        args.text(tracker).text(issue).maybe_text(url.as_ref())
    })
    .await
    .map(drop)
}

#[async_trait]
impl<DB: Dialect> Issues for SqlStore<DB> {
    async fn issue(
        &self,
        tracker: &TrackerId,
        issue: &str,
    ) -> Result<Option<IssueRow>, StoreError> {
        let args = Args::new().text(tracker.as_str()).text(issue);
        let rows = self.read(super::sql::pieces(&[SELECT, ONE]), args).await?;
        rows.first().map(issue_row).transpose()
    }

    async fn issues(&self, limit: u32) -> Result<Vec<IssueRow>, StoreError> {
        let args = Args::new().int(i64::from(limit));
        let rows = self.read(super::sql::pieces(&[SELECT, ALL]), args).await?;
        rows.iter().map(issue_row).collect()
    }

    async fn linked(&self, issues: &[(TrackerId, String)]) -> Result<Vec<Linked>, StoreError> {
        let mut found = Vec::new();
        for (tracker, issue) in issues {
            let args = Args::new().text(tracker.as_str()).text(issue);
            for row in self.read(LINKED, args).await? {
                found.push(Linked {
                    tracker: row.text("tracker")?.into(),
                    issue: row.text("issue")?,
                    inquiry: row.text("inquiry")?.into(),
                    reference: Reference(row.int("ref_no")?),
                    is_done: row.int("is_done")? != 0,
                    is_filed: row.int("is_filed")? != 0,
                    customer: row.maybe_text("customer")?.map(Into::into),
                });
            }
        }
        Ok(found)
    }

    async fn issues_to_look_at(
        &self,
        tracker: &TrackerId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<IssueRow>, StoreError> {
        let args = Args::new()
            .text(tracker.as_str())
            .at(now)
            .int(i64::from(limit));
        let sql = super::sql::pieces(&[SELECT, TO_LOOK_AT]);
        let rows = self.read(sql, args).await?;
        rows.iter().map(issue_row).collect()
    }

    async fn keep_look(&self, row: &IssueRow) -> Result<(), StoreError> {
        let args = Args::new()
            .maybe_text(row.state.as_ref())
            .int(i64::from(row.is_done))
            .maybe_text(row.fixed_in.as_ref())
            .at(row.look_at)
            .maybe_at(row.looked_at)
            .int(i64::from(row.failures))
            .maybe_text(row.problem.as_ref())
            .text(row.tracker.as_str())
            .text(&row.issue);
        self.write(LOOKED, args).await.map(drop)
    }

    async fn set_workaround(
        &self,
        tracker: &TrackerId,
        issue: &str,
        workaround: Option<&KnownWorkaround>,
    ) -> Result<bool, StoreError> {
        let by = workaround.and_then(|known| known.by.as_ref());
        let args = Args::new()
            .maybe_text(workaround.map(|known| &known.text))
            .maybe_text(by.map(|by| by.as_str()))
            .maybe_at(workaround.map(|known| known.at))
            .text(tracker.as_str())
            .text(issue);
        Ok(self.write(WORKAROUND, args).await? > 0)
    }

    async fn keep_note(
        &self,
        row: &IssueRow,
        customers: u32,
        now: Timestamp,
        tells: NewOutbox,
    ) -> Result<bool, StoreError> {
        let tells = OutboxValues::new(tells);
        let args = Args::new()
            .int(i64::from(customers))
            .at(now)
            .text(row.tracker.as_str())
            .text(&row.issue)
            .int(i64::from(row.noted))
            .int(row.noted_at.map_or(-1, crate::time::ms));
        let mut tx = self.begin().await?;
        if run::<DB>(&mut tx, NOTED, args).await.map_err(unavailable)? == 0 {
            return lose(tx, false).await;
        }
        insert_outbox::<DB>(&mut tx, vec![&tells])
            .await
            .map_err(unavailable)?;
        commit(tx).await?;
        Ok(true)
    }

    async fn trackers_known(&self) -> Result<BTreeMap<TrackerId, TrackerState>, StoreError> {
        let rows = self.read(TRACKERS, Args::new()).await?;
        rows.iter()
            .map(|row| Ok((row.text("tracker")?.into(), tracker_state(row)?)))
            .collect()
    }

    async fn keep_tracker(&self, id: &TrackerId, state: &TrackerState) -> Result<(), StoreError> {
        let args = Args::new()
            .text(id.as_str())
            .int(i64::from(state.breaker.failures))
            .maybe_at(state.breaker.failing_since)
            .maybe_at(state.breaker.opened_at)
            .maybe_text(state.last_error.as_ref())
            .maybe_at(state.last_ok_at);
        self.write(KEEP_TRACKER, args).await.map(drop)
    }
}

fn tracker_state<R: Fields>(row: &R) -> Result<TrackerState, StoreError> {
    let at = |name: &str| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.maybe_int(name)?.map(from_ms))
    };
    Ok(TrackerState {
        breaker: Breaker {
            failures: u32::try_from(row.int("failures")?).unwrap_or(u32::MAX),
            failing_since: at("failing_since_ms")?,
            opened_at: at("opened_at_ms")?,
        },
        last_error: row.maybe_text("last_error")?,
        last_ok_at: at("last_ok_at_ms")?,
    })
}

fn issue_row<R: Fields>(row: &R) -> Result<IssueRow, StoreError> {
    let at = |ms: Option<i64>| ms.map(from_ms);
    let number = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let workaround = match (
        row.maybe_text("workaround")?,
        at(row.maybe_int("workaround_at_ms")?),
    ) {
        (Some(text), Some(at)) => Some(KnownWorkaround {
            text,
            by: row.maybe_text("workaround_by")?.map(Into::into),
            at,
        }),
        _ => None,
    };
    Ok(IssueRow {
        tracker: row.text("tracker")?.into(),
        issue: row.text("issue")?,
        url: row.maybe_text("url")?,
        state: row.maybe_text("state")?,
        is_done: row.int("is_done")? != 0,
        fixed_in: row.maybe_text("fixed_in")?,
        workaround,
        noted: number(row.int("noted")?),
        noted_at: at(row.maybe_int("noted_at_ms")?),
        look_at: from_ms(row.int("look_at_ms")?),
        looked_at: at(row.maybe_int("looked_at_ms")?),
        failures: number(row.int("failures")?),
        problem: row.maybe_text("problem")?,
    })
}
