//! The auditor: asks every minute for what must not be.

use super::Engine;
use crate::app::ports::{Findings, StoreError};
use crate::time::{SignedDuration, plus};

impl Engine {
    /// Looks, records the verdict and says it aloud if it is bad.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn audit(&self) -> Result<Findings, StoreError> {
        let now = self.app.clock.now();
        let grace = SignedDuration::try_from(self.grace).unwrap_or(SignedDuration::MAX);
        let findings = self.app.store.audit(plus(now, -grace)).await?;
        let is_new = self
            .health
            .verdict()
            .is_none_or(|(_, before)| before != findings);
        if !findings.is_clean() && is_new {
            tracing::error!(findings = ?findings, "the auditor found something wrong");
            let lines = findings.lines();
            let message = crate::domain::notice::Message::new("notice-audit")
                .with("lines", crate::domain::notice::Arg::Plain(lines.join("\n")));
            let key = format!("audit·{}", now.as_millisecond());
            self.app.tell_operators(message, key, now).await?;
        }
        metrics::gauge!("toban_audit_findings").set(findings.lines().len() as f64);
        self.health.audited(now, findings.clone());
        Ok(findings)
    }
}
