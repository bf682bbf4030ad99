//! Tries a source out, for `toban check --connect`.

use super::Sources;
use crate::app::ports::{PollError, Poller as _, SourceState};
use crate::domain::ids::SourceId;
use crate::time::Timestamp;

/// What is wrong with a source that was asked once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceProblem {
    /// It did not answer, or something else than expected.
    #[error("{0}")]
    NoAnswer(String),
    /// The cursor does not move.
    #[error("{0}")]
    Cursor(String),
    /// An item is no inquiry.
    #[error("an item is no inquiry: {0}")]
    Item(String),
}

impl Sources {
    /// Asks a polled source once, keeping nothing, and says what is wrong in the sentences of the log.
    pub async fn connect_check(&self, source: &SourceId, now: Timestamp) -> Vec<String> {
        let problems = self.connect_problems(source, now).await.into_iter();
        let said = problems.map(|problem| match problem {
            SourceProblem::NoAnswer(why) => why,
            SourceProblem::Cursor(_) | SourceProblem::Item(_) => {
                format!("source \"{source}\": {problem}")
            }
        });
        said.collect()
    }

    /// Asks a polled source once, keeping nothing, and says what is wrong; other sources have nothing to be asked.
    pub async fn connect_problems(&self, source: &SourceId, now: Timestamp) -> Vec<SourceProblem> {
        if !self.polled().contains(source) {
            return Vec::new();
        }
        if let Some(found) = self.sources.get(source)
            && let Some(plan) = found.mailbox()
        {
            let tried = self.try_mailbox(found, plan).await;
            let problem = |error: PollError| SourceProblem::NoAnswer(error.to_string());
            return tried.err().map(problem).into_iter().collect();
        }
        let state = SourceState {
            since: Some(now),
            ..SourceState::default()
        };
        match self.poll(source, &state, now).await {
            Err(error) => vec![SourceProblem::NoAnswer(error.to_string())],
            Ok(page) => {
                let cursor = page.state.last_error.into_iter();
                let items = page.items.into_iter().filter_map(Result::err);
                let items = items.map(|(_, why)| SourceProblem::Item(why.to_string()));
                cursor.map(SourceProblem::Cursor).chain(items).collect()
            }
        }
    }
}
