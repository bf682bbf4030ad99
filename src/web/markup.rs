//! HTML as a platform's markup: whatever came from outside is escaped, times can be made relative.

use crate::app::wording::{Markup, Words};
use crate::domain::ids::MemberId;
use crate::i18n;
use crate::time::{Timestamp, ms};

/// The markup of our pages; mentions of the reader stand out.
#[derive(Clone, Debug, Default)]
pub(super) struct Html {
    pub me: Option<MemberId>,
}

impl Markup for Html {
    fn outside(&self, text: &str) -> String {
        escape(text)
    }

    fn mention(&self, id: &MemberId, words: &Words<'_>) -> String {
        let class = if self.me.as_ref() == Some(id) {
            "mention me"
        } else {
            "mention"
        };
        format!("<span class=\"{class}\">@{}</span>", self.member(id, words))
    }

    /// A member opens it beside the channel; whoever only has a link of the portal has no desk.
    fn reference(&self, number: i64) -> String {
        match &self.me {
            Some(_) => format!("<a href=\"/desk?inquiry=Q-{number}\">Q-{number}</a>"),
            None => format!("Q-{number}"),
        }
    }

    fn instant(&self, at: Timestamp, words: &Words<'_>) -> String {
        time(at, &i18n::instant(words.lang, at, words.zone, words.now))
    }
}

/// An instant that the page's script makes relative as well.
pub(super) fn time(at: Timestamp, words: &str) -> String {
    format!(
        "<time datetime=\"{at}\" data-ms=\"{}\">{}</time>",
        ms(at),
        escape(words)
    )
}

/// Escapes text for element content and quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// An address from outside, if a browser may follow it.
pub(super) fn followable(url: &str) -> Option<&str> {
    let parsed = url::Url::parse(url).ok()?;
    matches!(parsed.scheme(), "http" | "https").then_some(url)
}
