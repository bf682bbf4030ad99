//! How cards and messages become words: shared by every platform and the web, so that all say the same.
//!
//! A platform gives its [`Markup`]; everything that came from outside passes through [`Markup::outside`],
//! which must neither mention anyone nor render markup.

mod board;
mod card;
mod contract;
mod intake;
mod message;
mod requester;
mod source;
mod unread;

pub use board::{BoardText, board_text};
pub use card::{CardText, Field, card_text, offer_label, proposal_text};
pub use message::{sentence, word};
pub use requester::{RequesterText, requester_text};
pub use source::{SourceWords, trouble};
pub use unread::{unfit_text, unread, unread_text};

use crate::app::ports::{People, PostContext};
use crate::domain::ids::{MemberId, TextId};
use crate::i18n::Lang;
use crate::time::{TimeZone, Timestamp};
use std::collections::HashMap;

/// What words are made with.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub lang: Lang,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    pub texts: &'a HashMap<TextId, String>,
    pub people: &'a People,
}

impl<'a> Words<'a> {
    /// The words of a post.
    pub fn of(context: &'a PostContext) -> Self {
        Words {
            lang: context.lang,
            zone: &context.zone,
            now: context.now,
            texts: &context.texts,
            people: &context.people,
        }
    }

    /// The words behind an id; erased ones are shown as such.
    pub fn text(&self, id: &TextId) -> String {
        match self.texts.get(id) {
            Some(text) => text.clone(),
            None => crate::i18n::say(
                self.lang,
                crate::msg!("text-erased"),
                &crate::i18n::Args::new(),
            ),
        }
    }
}

/// How a platform writes the parts of a sentence.
pub trait Markup {
    /// Words from outside: escaped, mentioning nobody.
    fn outside(&self, text: &str) -> String;
    /// Words of our own (names, queues): escaped too, for a name may hold markup.
    fn plain(&self, text: &str) -> String {
        self.outside(text)
    }
    /// A member who is named.
    fn member(&self, id: &MemberId, words: &Words<'_>) -> String {
        self.plain(&words.people.name(id))
    }
    /// A member who is called.
    fn mention(&self, id: &MemberId, words: &Words<'_>) -> String {
        format!("@{}", self.member(id, words))
    }
    /// An inquiry that is named by its reference.
    fn reference(&self, number: i64) -> String {
        format!("Q-{number}")
    }
    /// An absolute instant, with the platform's relative stamp if it has one.
    fn instant(&self, at: Timestamp, words: &Words<'_>) -> String {
        self.plain(&crate::i18n::instant(words.lang, at, words.zone, words.now))
    }
}

/// Plain text: for terminals, JSON and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainText;

impl Markup for PlainText {
    fn outside(&self, text: &str) -> String {
        text.to_owned()
    }
}
