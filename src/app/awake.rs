//! Who is awake: which of several offices works an inquiry now, until when, and which is next.
//!
//! A card says who was awake at the receipt, which stays true; what is said when somebody asks says who is awake now.

use super::desk::App;
use super::ports::{StoreError, Stored};
use crate::domain::calendar::Awake;
use crate::domain::card::shared_calendar;
use crate::domain::notice::{Arg, Message};
use crate::time::Timestamp;

impl App {
    /// Who is awake now for each of the inquiries whose work several offices share; the same said once.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn awake(&self, inquiries: &[Stored]) -> Result<Vec<Message>, StoreError> {
        let now = self.clock.now();
        let mut lines: Vec<Message> = Vec::new();
        for stored in inquiries.iter().filter(|stored| stored.inquiry.is_open()) {
            let policy = self.policy(&stored.inquiry.policy).await?;
            let calendar = shared_calendar(&stored.inquiry, &policy);
            let awake = calendar.and_then(|calendar| calendar.awake(now));
            let line = awake.map(|awake| now_awake(&awake));
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
        Ok(lines)
    }
}

/// Who is awake now, as a sentence.
fn now_awake(awake: &Awake) -> Message {
    let id = match (last_close(awake), &awake.next) {
        (Some(_), Some(_)) => "awake-now-and-next",
        (Some(_), None) => "awake-now",
        (None, Some(_)) => "awake-next",
        (None, None) => "awake-nobody",
    };
    with_offices(Message::new(id), awake)
}

/// Who was awake at the receipt, as the value of a card's field.
pub(super) fn at_receipt(awake: &Awake) -> Message {
    let id = match (last_close(awake), &awake.next) {
        (Some(_), Some(_)) => "card-awake-and-next",
        (Some(_), None) => "card-awake",
        (None, Some(_)) => "card-awake-next",
        (None, None) => "awake-nobody",
    };
    with_offices(Message::new(id), awake)
}

fn with_offices(mut message: Message, awake: &Awake) -> Message {
    if let Some(until) = last_close(awake) {
        let names: Vec<&str> = awake.open.iter().map(|(name, _)| name.as_str()).collect();
        message = message
            .with("offices", Arg::Plain(joined(&names)))
            .with("until", Arg::Instant(until));
    }
    if let Some((next, at)) = &awake.next {
        message = message
            .with("next", Arg::Plain(next.clone()))
            .with("at", Arg::Instant(*at));
    }
    message
}

/// Until when somebody of those who are awake now is.
fn last_close(awake: &Awake) -> Option<Timestamp> {
    awake.open.iter().map(|(_, until)| *until).max()
}

/// Names of offices side by side, the same in every language.
pub(super) fn joined<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(" / ")
}
