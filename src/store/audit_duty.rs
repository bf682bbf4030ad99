//! What the auditor asks of the duty: whether the lines of its book follow each other, which timers look at it, and
//! what became of the swaps of late.
//!
//! Promises: nothing of it is shared with the duty book, neither statement nor fold, so that a mistake there is not
//! repeated here; a look costs what the swaps of late cost, however long the book. Leaves out what should have
//! happened by now, which the calendars of the rotas say (`app/duty_audit.rs`).

use super::SqlStore;
use super::dialect::{Dialect, Fields};
use super::sql::{Args, all, unavailable};
use crate::app::ports::{DutyKept, DutyTrouble, KeptSwap, StoreError, Sweep, TimerKind};
use crate::time::{Timestamp, from_ms};
use serde::Deserialize;
use sqlx::SqlStr;
use std::collections::BTreeMap;

const LINES_END: &str = "select max(seq) as last, count(*) as n from (select seq from duty_book where seq > $1 \
    order by seq limit $2) as page";
const GAPS: &str = "select d.seq as seq from duty_book as d where d.seq > $1 and d.seq <= $2 and d.seq > 1 \
    and not exists (select 1 from duty_book as p where p.seq = d.seq - 1) order by d.seq limit 20";
const LOOKS: &str = "select kind, subject, due_at_ms from timers where kind in ('absences', 'book', 'handoff') \
    order by kind, subject";
/// By the words of the index `duty_book_swaps`.
const SWAPS: &str = "select seq, at_ms, kind, body from duty_book where kind in ('swap_offered', 'swap_arranged', \
    'swap_accepted', 'swap_declined', 'swap_withdrawn', 'swap_called_off', 'swap_lapsed', 'swap_reminded', \
    'swap_foretold') and at_ms >= $1 order by seq";

impl<DB: Dialect> SqlStore<DB> {
    /// Compares one page of lines with their numbers; answers the last of them, and whether the book ends with it.
    pub(super) async fn duty_lines(
        &self,
        page: &Sweep,
    ) -> Result<(Vec<DutyTrouble>, i64, bool), StoreError> {
        let (after, limit) = (page.after_line, i64::from(page.limit));
        let args = Args::new().int(after).int(limit);
        let (last, n) = match self.read(LINES_END, args).await?.first() {
            Some(row) => (row.maybe_int("last")?.unwrap_or(after), row.int("n")?),
            None => (after, 0),
        };
        let mut found = Vec::new();
        if last - after != n {
            let args = Args::new().int(after).int(last);
            for row in self.read(GAPS, args).await? {
                let follows = row.int("seq")?;
                let missing = follows - 1;
                found.push(DutyTrouble::Gap { missing, follows });
            }
        }
        Ok((found, last, n < limit))
    }

    pub(super) async fn duty_kept(&self, offered_since: Timestamp) -> Result<DutyKept, StoreError> {
        // A timer is set with the lines that it is for: both are of one moment.
        let mut tx = self
            .reads
            .begin_with(SqlStr::from_static(DB::BEGIN_READ))
            .await
            .map_err(unavailable)?;
        let args = Args::<DB>::new().at(offered_since);
        let lines = all::<DB>(&mut tx, SWAPS, args).await.map_err(unavailable)?;
        let looks = all::<DB>(&mut tx, LOOKS, Args::<DB>::new())
            .await
            .map_err(unavailable)?;
        tx.commit().await.map_err(unavailable)?;
        let mut timers = Vec::new();
        for row in &looks {
            let word = row.text("kind")?;
            let kind = TimerKind::ALL.into_iter().find(|it| it.as_str() == word);
            if let Some(kind) = kind {
                timers.push((kind, row.text("subject")?, from_ms(row.int("due_at_ms")?)));
            }
        }
        let (mut swaps, mut unreadable) = (BTreeMap::new(), Vec::new());
        for row in &lines {
            let (seq, at) = (row.int("seq")?, from_ms(row.int("at_ms")?));
            if follow(&mut swaps, seq, at, &row.text("kind")?, &row.text("body")?).is_none() {
                unreadable.push(seq);
            }
        }
        Ok(DutyKept {
            timers,
            swaps: swaps.into_values().collect(),
            unreadable,
        })
    }
}

/// What an offer says.
#[derive(Deserialize)]
struct Offered {
    rota: String,
    mine: Stretch,
    theirs: Stretch,
}

#[derive(Deserialize)]
struct Stretch {
    starts_at: i64,
}

/// What every other line about a swap says.
#[derive(Deserialize)]
struct About {
    number: i64,
    starts_at: Option<i64>,
}

/// Follows one line; nothing if it cannot be read. What is about an offer of long ago is let be.
fn follow(
    swaps: &mut BTreeMap<i64, KeptSwap>,
    seq: i64,
    at: Timestamp,
    kind: &str,
    body: &str,
) -> Option<()> {
    if matches!(kind, "swap_offered" | "swap_arranged") {
        let offered: Offered = serde_json::from_str(body).ok()?;
        let mut begin = [offered.mine, offered.theirs].map(|shift| from_ms(shift.starts_at));
        begin.sort();
        let swap = KeptSwap {
            number: seq,
            rota: offered.rota,
            begin,
            offered_at: at,
            agreed_at: (kind == "swap_arranged").then_some(at),
            is_reminded: false,
            foretold: Vec::new(),
        };
        swaps.insert(seq, swap);
        return Some(());
    }
    let about: About = serde_json::from_str(body).ok()?;
    match (kind, swaps.get_mut(&about.number)) {
        (_, None) => {}
        ("swap_accepted", Some(swap)) => swap.agreed_at = Some(at),
        ("swap_reminded", Some(swap)) => swap.is_reminded = true,
        ("swap_foretold", Some(swap)) => swap.foretold.push(from_ms(about.starts_at?)),
        // Declined, withdrawn, called off, lapsed: nobody waits for anything.
        (_, Some(_)) => drop(swaps.remove(&about.number)),
    }
    Some(())
}
