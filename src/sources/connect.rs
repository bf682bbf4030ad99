//! Tries a source out, for `toban check --connect`.

use super::Sources;
use crate::app::ports::{Poller as _, SourceState};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;

impl Sources {
    /// Asks a polled source once, keeping nothing, and says what is wrong in sentences; other sources have nothing
    /// to be asked.
    pub async fn connect_check(&self, source: &SourceId, now: Timestamp) -> Vec<String> {
        if !self.polled().contains(source) {
            return Vec::new();
        }
        if let Some(found) = self.sources.get(source)
            && let Some(plan) = found.mailbox()
        {
            let tried = self.try_mailbox(found, plan).await;
            return tried.err().iter().map(ToString::to_string).collect();
        }
        let state = SourceState {
            since: Some(now),
            ..SourceState::default()
        };
        match self.poll(source, &state, now).await {
            Err(error) => vec![error.to_string()],
            Ok(page) => {
                let cursor = page.state.last_error.into_iter();
                let items = page.items.into_iter().filter_map(Result::err);
                let said =
                    cursor.chain(items.map(|(_, why)| format!("an item is no inquiry: {why}")));
                said.map(|why| format!("source \"{source}\": {why}"))
                    .collect()
            }
        }
    }
}
