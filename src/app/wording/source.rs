//! How a source is, in words: for the command line now and for pages later.

use crate::app::setup::{Backlog, Comes};
use crate::app::standing::{SourceView, Standing};
use crate::i18n::{self, Args, Lang, say};
use crate::msg;
use crate::time::{SignedDuration, TimeZone, Timestamp};

/// What the words are made with.
#[derive(Clone, Copy)]
pub struct SourceWords<'a> {
    pub lang: Lang,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
}

impl SourceWords<'_> {
    /// The state in a few words: `ok`, `failing 3× since …`.
    pub fn state(&self, view: &SourceView) -> String {
        let none = Args::new();
        match &view.standing {
            Standing::Off => self.say(msg!("source-state-off"), none),
            Standing::Filed => self.say(msg!("source-state-filed"), none),
            Standing::NeverDelivered => self.say(msg!("source-state-never-delivered"), none),
            Standing::Delivered => {
                let args = none.with("at", self.maybe(view.delivered_at));
                self.say(msg!("source-state-delivered"), args)
            }
            Standing::NeverPolled => self.say(msg!("source-state-never-polled"), none),
            Standing::Ok => self.say(msg!("source-state-ok"), none),
            // Of a mailbox only filing can be wrong while mails come.
            Standing::Held { .. } if view.comes == Comes::Mailed => {
                self.say(msg!("source-state-unfiled"), none)
            }
            Standing::Held { .. } => self.say(msg!("source-state-held"), none),
            Standing::Late { due_at } => {
                let args = none.with("at", self.instant(*due_at));
                self.say(msg!("source-state-late"), args)
            }
            Standing::Failing {
                failures, since, ..
            } => {
                let args = none
                    .with("count", i64::from(*failures))
                    .with("since", self.maybe(*since));
                self.say(msg!("source-state-failing"), args)
            }
            Standing::Out {
                failures, since, ..
            } => {
                let args = none
                    .with("count", i64::from(*failures))
                    .with("since", self.instant(*since));
                self.say(msg!("source-state-out"), args)
            }
        }
    }

    /// Everything that is known, a line each; what says nothing is left out.
    pub fn lines(&self, view: &SourceView) -> Vec<String> {
        let why = trouble(view)
            .map(|why| self.say(msg!("source-line-why"), Args::new().with("why", why)));
        let at = |id: &str, at: Option<Timestamp>| {
            at.map(|at| self.say(id, Args::new().with("at", self.instant(at))))
        };
        let lines = [
            why,
            self.what_to_do(view),
            at(msg!("source-line-last-ok"), view.last_ok_at),
            at(msg!("source-line-next"), view.next_poll_at),
            at(msg!("source-line-delivered"), view.delivered_at),
            self.refused(view),
            at(msg!("source-line-last-item"), view.last_item_at),
            Some(self.counted(msg!("source-line-received"), view.received_24h)),
            self.since(view),
            self.cursor(view),
            self.skew(view),
            (view.unreadable > 0).then(|| {
                let args = Args::new().with("id", view.id.as_str());
                self.say(
                    msg!("source-line-unreadable"),
                    args.with("count", number(view.unreadable)),
                )
            }),
            self.backs(view),
        ];
        lines.into_iter().flatten().collect()
    }

    /// What somebody should look at, in a few words; nothing if there is nothing.
    pub fn remarks(&self, view: &SourceView) -> Vec<String> {
        let mut remarks = Vec::new();
        if view.unreadable > 0 {
            remarks.push(self.counted(msg!("source-remark-unreadable"), view.unreadable));
        }
        if view.write_backs.dead > 0 {
            remarks.push(self.counted(msg!("source-remark-dead"), view.write_backs.dead));
        }
        if view.write_backs.late > 0 {
            remarks.push(self.counted(msg!("source-remark-late"), view.write_backs.late));
        }
        if view.is_skewed {
            remarks.extend(self.skew(view));
        }
        let is_refused_last = view.refused_at > view.delivered_at;
        if is_refused_last {
            remarks.extend(self.refused(view));
        }
        remarks
    }

    /// What gets a source on that is held up although it answers.
    fn what_to_do(&self, view: &SourceView) -> Option<String> {
        let Standing::Held { .. } = view.standing else {
            return None;
        };
        let id = match view.comes {
            Comes::Mailed => msg!("source-line-do-unfiled"),
            Comes::Filed | Comes::Delivered | Comes::Both | Comes::Fetched => {
                msg!("source-line-do-held")
            }
        };
        Some(self.say(id, Args::new().with("id", view.id.as_str())))
    }

    fn refused(&self, view: &SourceView) -> Option<String> {
        let args = Args::new()
            .with("at", self.instant(view.refused_at?))
            .with("why", view.refusal.clone().unwrap_or_default());
        Some(self.say(msg!("source-line-refused"), args))
    }

    /// From when on items are taken in: why what was there before does not come.
    fn since(&self, view: &SourceView) -> Option<String> {
        let is_asked = match view.comes {
            Comes::Fetched | Comes::Both | Comes::Mailed | Comes::Delivered => view.is_enabled,
            Comes::Filed => false,
        };
        let since = view.since.filter(|_| is_asked)?;
        let id = match view.backlog {
            Backlog::Skip => msg!("source-line-since"),
            Backlog::Quiet => msg!("source-line-since-quiet"),
        };
        Some(self.say(id, Args::new().with("at", self.instant(since))))
    }

    fn cursor(&self, view: &SourceView) -> Option<String> {
        let cursor = view.cursor.as_deref()?;
        let args = Args::new().with("cursor", cursor);
        Some(match view.cursor_at {
            Some(at) => {
                let age = self.now.duration_since(at).max(SignedDuration::ZERO);
                let args = args.with("age", i18n::amount(self.lang, age));
                self.say(msg!("source-line-cursor-at"), args)
            }
            None => self.say(msg!("source-line-cursor"), args),
        })
    }

    fn skew(&self, view: &SourceView) -> Option<String> {
        let skew = view
            .skew_ms
            .filter(|skew| skew.saturating_abs() >= SHOWN_FROM_MS)?;
        let span = i18n::amount(
            self.lang,
            SignedDuration::from_millis(skew.saturating_abs()),
        );
        let id = match skew > 0 {
            true => msg!("source-line-ahead"),
            false => msg!("source-line-behind"),
        };
        Some(self.say(id, Args::new().with("span", span)))
    }

    fn backs(&self, view: &SourceView) -> Option<String> {
        let backs = &view.write_backs;
        if backs.waiting + backs.dead == 0 {
            return None;
        }
        let args = Args::new()
            .with("waiting", number(backs.waiting))
            .with("late", number(backs.late))
            .with("dead", number(backs.dead));
        Some(match &backs.why {
            Some(why) => self.say(
                msg!("source-line-backs-why"),
                args.with("why", why.as_str()),
            ),
            None => self.say(msg!("source-line-backs"), args),
        })
    }

    fn counted(&self, id: &str, count: u64) -> String {
        self.say(id, Args::new().with("count", number(count)))
    }

    fn maybe(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(|| "–".to_owned(), |at| self.instant(at))
    }

    fn instant(&self, at: Timestamp) -> String {
        i18n::instant(self.lang, at, self.zone, self.now)
    }

    fn say(&self, id: &str, args: Args) -> String {
        say(self.lang, id, &args)
    }
}

/// Why a source is in trouble, as it was said.
pub fn trouble(view: &SourceView) -> Option<&str> {
    match &view.standing {
        Standing::Held { why } | Standing::Failing { why, .. } | Standing::Out { why, .. } => {
            Some(why)
        }
        Standing::Off
        | Standing::Filed
        | Standing::NeverDelivered
        | Standing::Delivered
        | Standing::NeverPolled
        | Standing::Ok
        | Standing::Late { .. } => None,
    }
}

/// A skew below this is nobody's trouble.
const SHOWN_FROM_MS: i64 = 60_000;

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
