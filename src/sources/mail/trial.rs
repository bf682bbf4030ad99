//! Mails tried out: what one would become as the first of a conversation, and what the next page of a folder holds.
//!
//! Promises: nothing is kept, filed or marked. Leaves out of which conversation a mail is: that takes what is kept.

use super::cursor::Cursor;
use super::document::{self, Arrived};
use super::letter::Letter;
use super::reader::PAGE;
use super::session::Mailbox;
use super::{Cut, Plan, START, WHOLE, ignore, poll_error, session, short};
use crate::app::ports::{PollError, SourceState};
use crate::clock;
use crate::sources::explain::Item;
use crate::sources::trial::Tried;
use crate::sources::{Source, Sources};
use crate::time::{SignedDuration, Timestamp, plus};
use std::time::Duration;

/// How many mails of a page are shown.
const SHOWN: usize = 10;

/// How long after the start a mail is read on.
const TRIED: Duration = Duration::from_secs(30);

impl Source {
    /// The inquiry that a mail would open; in a sentence why it would open none.
    pub(in crate::sources) fn mail_item(
        &self,
        plan: &Plan,
        raw: &[u8],
        at: Option<Timestamp>,
        cut: Option<Cut>,
    ) -> Result<Item, String> {
        let letter = Letter::read(raw).ok_or("it cannot be read as a mail")?;
        if let Some(reason) = ignore::reason(&letter) {
            return Err(format!(
                "the mail {} is left alone: {}",
                letter.message_id,
                reason.word()
            ));
        }
        let address = &letter.from.address;
        let team = &self.contact.owners;
        let arrived = Arrived {
            thread: &short(letter.references.first().unwrap_or(&letter.message_id)),
            by: document::side(address, &plan.own, team, &plan.team_domains),
            at: at.or(letter.date).unwrap_or(Timestamp::UNIX_EPOCH),
            cut,
            letter: &letter,
        };
        let document = arrived.document(self.contact.lang);
        Ok(Item::of(self.reader(), &document::seen(&document)))
    }
}

impl Sources {
    /// Reads the start of the next page of a folder and keeps nothing.
    pub(in crate::sources) async fn try_mail(
        &self,
        source: &Source,
        plan: &Plan,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Tried, PollError> {
        let secrets = [plan.imap.sign_in.password.clone()];
        let failed = |error| poll_error(&source.id, error, &secrets);
        let began = clock::monotonic();
        let opened = Mailbox::open(&self.client, &plan.imap, &plan.trust).await;
        let mut mailbox = opened.map_err(failed)?;
        let known = state.cursor.as_deref().and_then(Cursor::read);
        let known = known.filter(|cursor| cursor.validity == mailbox.validity && cursor.uid > 0);
        let after = known.as_ref().map_or(0, |cursor| cursor.uid);
        let since = source.contact.since.or(state.since);
        let query = match (known, since.filter(|_| !source.contact.wants_backlog)) {
            (Some(_), _) => format!("UID {}:*", after.saturating_add(1)),
            (None, Some(since)) => {
                let before = plus(since, SignedDuration::from_hours(-48));
                format!("SINCE {}", session::day(before))
            }
            (None, None) => "ALL".to_owned(),
        };
        let mut uids = mailbox.search(&query).await.map_err(failed)?;
        uids.retain(|uid| *uid > after);
        let has_more = uids.len() > SHOWN;
        uids.truncate(SHOWN.min(PAGE));
        let mut items = Vec::new();
        for head in mailbox.heads(&uids).await.map_err(failed)? {
            let is_long = head.bytes.is_none_or(|bytes| bytes > WHOLE);
            let most = if is_long { START } else { WHOLE };
            let read = mailbox.mail(head.uid, most, began + TRIED).await;
            let Some(read) = read.map_err(failed)? else {
                continue;
            };
            let (length, raw) = (read.raw.len(), &read.raw);
            let is_whole = read.is_whole || head.bytes.is_some_and(|bytes| length >= bytes);
            let cut = (!is_whole).then_some(Cut {
                read: length,
                whole: head.bytes.map(|bytes| bytes.max(length)),
                is_too_large: length >= most,
            });
            match source.mail_item(plan, raw, head.at.or(Some(now)), cut) {
                Ok(item) => items.push(item),
                Err(why) => tracing::info!(source = %source.id, "{why}"),
            }
        }
        let cursor = Cursor {
            validity: mailbox.validity,
            uid: uids.last().copied().unwrap_or(after),
            unfiled: Vec::new(),
        };
        mailbox.close().await;
        Ok(Tried {
            items,
            state: SourceState {
                cursor: Some(cursor.written()),
                last_error: None,
                failures: 0,
                ..state.clone()
            },
            has_more,
            names: Vec::new(),
        })
    }
}
