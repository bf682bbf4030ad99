//! The auditor: asks every minute for what must not be.
//!
//! Each process asks for itself, so that each can answer for itself in `/healthz`. Open work is looked at whole every time;
//! what is kept is compared with its ledger page by page, so that a look stays short however much there ever was; of the
//! duty, whether somebody looks at it and what time should have brought (`app/duty_audit.rs`). Leaves
//! out refolding every event: that is `toban check --ledger`.

use super::Engine;
use crate::app::ports::{DutyTrouble, Findings, StoreError};
use crate::app::snapshot;
use crate::domain::notice::{Arg, Message};
use crate::time::{SignedDuration, plus};

/// How often, in business time.
const EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What is wrong still is said again after this long, in milliseconds.
const AGAIN_MS: i64 = 24 * 60 * 60 * 1000;

impl Engine {
    /// Looks if it is time to.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn audit_pass(&self) -> Result<usize, StoreError> {
        let last = self.health.verdict().map(|(at, _)| at);
        if last.is_none_or(|last| plus(last, EVERY) <= self.app.clock.now()) {
            self.audit().await?;
        }
        Ok(0)
    }

    /// Looks, records the verdict and says it aloud if it is bad.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn audit(&self) -> Result<Findings, StoreError> {
        // What a process could not record before it was gone is no fault of the ledger: it is put right before anybody looks.
        if let Err(error) = self.app.settle_filings().await {
            tracing::error!("filings that died were not settled: {error}");
        }
        if let Err(error) = self.app.settle_untold().await {
            tracing::error!("what became of deliveries was not told: {error}");
        }
        let now = self.app.clock.now();
        let grace = SignedDuration::try_from(self.grace).unwrap_or(SignedDuration::MAX);
        let mut findings = self.app.store.audit(plus(now, -grace)).await?;
        let page = self.health.page();
        let (of_page, next) = self.app.store.sweep(&page).await?;
        findings.merge(self.health.swept(of_page, next));
        findings.merge(Findings {
            duty: self.app.duty_troubles(now, plus(now, -grace)).await?,
            ..Findings::default()
        });
        let is_new = self
            .health
            .verdict()
            .is_none_or(|(_, before)| before != findings);
        if !findings.is_clean() && is_new {
            tracing::error!(findings = ?findings, "the auditor found something wrong");
            // Other processes find the same, and it is said once.
            let day = now.as_millisecond().div_euclid(AGAIN_MS);
            let key = format!(
                "audit·{day}·{}",
                snapshot::hash(&findings.lines().join("\n"))
            );
            let message = Message::new("notice-audit").with("lines", Arg::Lines(said(&findings)));
            self.app.tell_operators(message, key, now).await?;
        }
        self.health.set_out(self.app.sources_out().await?);
        metrics::gauge!("toban_audit_findings").set(findings.lines().len() as f64);
        self.health.audited(now, findings.clone());
        Ok(findings)
    }
}

fn said(findings: &Findings) -> Vec<Message> {
    let work = findings.lines_of_work();
    let work = work.map(|line| Message::new("audit-line").with("line", Arg::Plain(line)));
    work.chain(findings.duty.iter().map(DutyTrouble::message))
        .collect()
}
