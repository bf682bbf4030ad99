//! A page of a mailbox: what was taken last is filed, then what is new is read, mail by mail.
//!
//! Promises: the mail that is next is got past in the end. It is read in pieces, each with its own time; one that is too
//! large, or takes too long, is taken with its beginning and says so; one that never comes (the line breaks on it, or the server
//! refuses it) is told to the operators and passed, but only while another comes: where none does, nothing is lost. Only mails that were taken are filed: what was left alone stays where a person sees it.

use super::cursor::Cursor;
use super::document::{self, Arrived};
use super::letter::Letter;
use super::report::{self, Report};
use super::session::{Head, Mailbox, MailboxError};
use super::{Cut, Plan, Post, START, WHOLE, ignore, session, short};
use crate::app::ports::{
    Envelope, HookError, MailRow, Mapped, Page, Returned, Side, SourceState, StoreError,
};
use crate::app::source_config::After;
use crate::clock::{self, Instant};
use crate::sources::Source;
use crate::time::{SignedDuration, Timestamp, plus};
use std::sync::Mutex;
use std::time::Duration;

/// How many mails one page brings, and how long it may take before what was read is kept.
pub(super) const PAGE: usize = 50;
const LONG: Duration = Duration::from_secs(30);

/// How long after the page was begun a mail is read on: within what a poll may take (`engine::polls`).
const ENOUGH: Duration = Duration::from_secs(75);

/// At which attempt a mail that breaks off is taken as far as it came, and from which on it is passed where nothing came
/// and another comes.
const AS_FAR_AS: u32 = 3;
const GIVEN_UP: u32 = 5;

/// The mail that is next, and how often reading it has begun. In memory: a restart only gives it more chances.
#[derive(Debug, Default)]
pub(super) struct Stuck(Mutex<Option<(u32, u32, u32)>>);

impl Stuck {
    /// Counts an attempt, and answers which it is.
    fn again(&self, validity: u32, uid: u32) -> u32 {
        let mut stuck = self.0.lock().expect("nobody panics while holding it");
        let before = stuck.filter(|(v, u, _)| (*v, *u) == (validity, uid));
        let attempt = before.map_or(1, |(_, _, attempt)| attempt.saturating_add(1));
        *stuck = Some((validity, uid, attempt));
        attempt
    }

    fn passed(&self) {
        *self.0.lock().expect("nobody panics while holding it") = None;
    }
}

type Item = Result<Mapped, (String, HookError)>;

/// One page being read.
pub(super) struct Reader<'a> {
    pub source: &'a Source,
    pub plan: &'a Plan,
    pub post: &'a Post,
    /// What came before is left alone.
    pub since: Option<Timestamp>,
    pub began: Instant,
    pub now: Timestamp,
}

/// What a mail brings.
enum Brought {
    Item(Box<Item>),
    Returned(Returned),
    /// Nobody wrote it, it is somebody else's, or it is gone.
    Nothing,
}

/// What became of reading a mail.
enum Got {
    Mail(Brought),
    /// It is for the next page.
    Later {
        is_line_good: bool,
    },
    /// The line is no good any more, and the mail is passed.
    Last(Brought),
}

/// A page as it grows.
struct Growing {
    items: Vec<Item>,
    returned: Vec<Returned>,
    taken: Vec<u32>,
    last: u32,
    has_more: bool,
}

impl Growing {
    fn add(&mut self, brought: Brought, head: Head, is_ours: bool) {
        let is_taken = match brought {
            Brought::Item(item) => {
                let is_taken = item.is_ok();
                self.items.push(*item);
                is_taken
            }
            Brought::Returned(returned) => {
                self.returned.push(returned);
                true
            }
            Brought::Nothing => false,
        };
        if is_taken && is_ours {
            self.taken.push(head.uid);
        }
    }
}

impl Reader<'_> {
    pub async fn page(
        &self,
        mailbox: &mut Mailbox,
        state: &SourceState,
    ) -> Result<Page, MailboxError> {
        let cursor = state.cursor.as_deref().and_then(Cursor::read);
        let known = cursor.filter(|cursor| cursor.validity == mailbox.validity && cursor.uid > 0);
        let after = known.as_ref().map_or(0, |cursor| cursor.uid);
        let mut unfiled = known.as_ref().map_or(Vec::new(), |it| it.unfiled.clone());
        // A server that does not file is told of, and read all the same.
        let trouble = match self.file(mailbox, &unfiled).await {
            Ok(()) => {
                unfiled.clear();
                None
            }
            Err(MailboxError::Unexpected(why)) => {
                Some(format!("taken mails stay where they are: {why}"))
            }
            Err(error) => return Err(error),
        };
        let query = self.query(known.is_some(), after);
        let mut uids = mailbox.search(&query).await?;
        // `n:*` means the last mail too where all are before n.
        uids.retain(|uid| *uid > after);
        let mut page = Growing {
            items: Vec::new(),
            returned: Vec::new(),
            taken: unfiled,
            last: after,
            has_more: uids.len() > PAGE,
        };
        uids.truncate(PAGE);
        let heads = mailbox.heads(&uids).await?;
        self.read(mailbox, &uids, &heads, state, &mut page).await?;
        let is_filed = self.plan.imap.after != After::Keep;
        let cursor = Cursor {
            validity: mailbox.validity,
            uid: page.last,
            unfiled: if is_filed { page.taken } else { Vec::new() },
        };
        Ok(Page {
            items: page.items,
            state: SourceState {
                // Before the first mail there is nothing to go on from: what is older is left where it is.
                cursor: (page.last > 0).then(|| cursor.written()),
                failures: 0,
                last_error: trouble,
                last_ok_at: Some(self.now),
                rest_until: None,
                ..state.clone()
            },
            has_more: page.has_more,
            complete: None,
            passed: Vec::new(),
            returned: page.returned,
        })
    }

    fn query(&self, is_known: bool, after: u32) -> String {
        match (is_known, self.since) {
            (true, _) => format!("UID {}:*", after.saturating_add(1)),
            // The server counts days, in a zone of its own.
            (false, Some(since)) => {
                let before = plus(since, SignedDuration::from_hours(-48));
                format!("SINCE {}", session::day(before))
            }
            (false, None) => "ALL".to_owned(),
        }
    }

    /// Reads mails until the page has taken long enough.
    async fn read(
        &self,
        mailbox: &mut Mailbox,
        uids: &[u32],
        heads: &[Head],
        state: &SourceState,
        page: &mut Growing,
    ) -> Result<(), MailboxError> {
        let began = clock::monotonic();
        for (n, head) in heads.iter().enumerate() {
            let got = match n {
                0 => {
                    // A further page of a poll has less time than its first, which is no fault of the mail.
                    let attempt = match state.is_further_page {
                        true => 1,
                        false => self.plan.stuck.again(mailbox.validity, head.uid),
                    };
                    self.next(mailbox, heads, attempt).await?
                }
                _ if began.elapsed() > LONG => Got::Later { is_line_good: true },
                _ => self.mail(mailbox, *head, None).await?,
            };
            // What is older than the first contact is left alone.
            let is_ours = match (self.since, head.at) {
                (Some(since), Some(at)) => at >= since,
                (Some(_), None) => false,
                (None, _) => true,
            };
            match got {
                Got::Mail(brought) => page.add(brought, *head, is_ours),
                Got::Last(brought) => {
                    page.add(brought, *head, is_ours);
                    (page.last, page.has_more) = (head.uid, false);
                    return Ok(());
                }
                // What was read is kept; the next page goes on from here, and says so if it cannot.
                Got::Later { is_line_good } => {
                    (page.last, page.has_more) = (heads[n - 1].uid, is_line_good);
                    return Ok(());
                }
            }
        }
        page.last = page.last.max(uids.last().copied().unwrap_or_default());
        Ok(())
    }

    /// Reads the mail that is next, at some attempt.
    ///
    /// One that never comes is passed only where another comes: a server that gives none has a trouble of its own.
    async fn next(
        &self,
        mailbox: &mut Mailbox,
        heads: &[Head],
        attempt: u32,
    ) -> Result<Got, MailboxError> {
        let others = &heads[1..];
        let is_enough = match attempt.checked_sub(GIVEN_UP) {
            Some(n) if !others.is_empty() => {
                // Another each time, as there may be several that never come.
                let n = usize::try_from(n).unwrap_or_default();
                mailbox.gives(others[n % others.len()].uid).await?
            }
            Some(_) | None => false,
        };
        self.mail(mailbox, heads[0], Some((attempt, is_enough)))
            .await
    }

    /// Reads one mail: the next, at some attempt and perhaps the last one, or one behind it, which can wait.
    async fn mail(
        &self,
        mailbox: &mut Mailbox,
        head: Head,
        attempt: Option<(u32, bool)>,
    ) -> Result<Got, MailboxError> {
        let folder = &self.plan.imap.folder;
        let what = format!("mail {}:{} of {folder}", mailbox.validity, head.uid);
        let told = |why: HookError| Brought::Item(Box::new(Err((what.clone(), why))));
        let is_long = head.bytes.is_none_or(|bytes| bytes > WHOLE);
        let most = if is_long { START } else { WHOLE };
        let enough = self.began + ENOUGH;
        let read = match (mailbox.mail(head.uid, most, enough).await, attempt) {
            (Ok(Some(read)), _) => read,
            (Ok(None), _) => return Ok(Got::Mail(Brought::Nothing)),
            (Err(_), None) => {
                return Ok(Got::Later {
                    is_line_good: false,
                });
            }
            (Err(error), Some((attempt, true))) => {
                self.plan.stuck.passed();
                let why = format!("it did not come at {attempt} attempts: {error}");
                return Ok(Got::Last(told(HookError::Unfetched(why))));
            }
            (Err(error), Some((_, false))) => {
                return Err(MailboxError::Unavailable(format!("{what}: {error}")));
            }
        };
        let length = read.raw.len();
        let is_whole = read.is_whole || head.bytes.is_some_and(|bytes| length >= bytes);
        let is_line_good = match (read.broke, attempt) {
            // What is refused behind the end is nothing that is missing.
            (Some(MailboxError::Unexpected(_)), _) if is_whole => true,
            (Some(_), None) => {
                return Ok(Got::Later {
                    is_line_good: false,
                });
            }
            (Some(error), Some((..AS_FAR_AS, _))) => {
                return Err(MailboxError::Unavailable(format!("{what}: {error}")));
            }
            (Some(_), Some(_)) => false,
            (None, _) => true,
        };
        let is_for_want_of_time = !is_whole && length < most;
        if is_for_want_of_time && attempt.is_none() {
            return Ok(Got::Later { is_line_good });
        }
        self.plan.stuck.passed();
        // Of a mail of which the folder does not tell it, nobody knows how long it is.
        let whole = head.bytes.map(|bytes| bytes.max(length));
        let cut = (!is_whole).then_some(Cut {
            read: length,
            whole,
            is_too_large: length >= most,
        });
        // Away from the others: a large mail takes a while, and one that breaks the parser breaks nothing else.
        let raw = read.raw;
        let read = tokio::task::spawn_blocking(move || match cut {
            Some(_) => Letter::read_start(&raw),
            None => Letter::read(&raw),
        });
        let brought = match read.await {
            Ok(Some(letter)) => {
                let at = head.at.unwrap_or(self.now).min(self.now);
                let arrived = self.arrived(&letter, at, cut).await;
                arrived.map_err(|error| MailboxError::Unavailable(error.to_string()))?
            }
            _ => told(HookError::Malformed(
                "it cannot be read as a mail".to_owned(),
            )),
        };
        Ok(match is_line_good {
            true => Got::Mail(brought),
            false => Got::Last(brought),
        })
    }

    /// Files mails that were taken in.
    async fn file(&self, mailbox: &mut Mailbox, taken: &[u32]) -> Result<(), MailboxError> {
        match taken.is_empty() {
            true => Ok(()),
            false => mailbox.file(taken, &self.plan.imap.after).await,
        }
    }

    /// What a mail brings.
    async fn arrived(
        &self,
        letter: &Letter,
        at: Timestamp,
        cut: Option<Cut>,
    ) -> Result<Brought, StoreError> {
        let id = &self.source.id;
        let before = self.post.kept.mail(id, &letter.message_id).await?;
        if before.as_ref().is_some_and(|row| row.by == Side::Own) {
            self.leave(letter, ignore::Reason::Own);
            return Ok(Brought::Nothing);
        }
        if let Some(reason) = ignore::reason(letter) {
            self.leave(letter, reason);
            let returned = match (&letter.report, reason) {
                (Some(report), ignore::Reason::Bounce) => self.returned(letter, report).await?,
                (None, ignore::Reason::Bounce) if ignore::is_from_a_server(letter) => {
                    self.returned_in_words(letter).await?
                }
                _ => None,
            };
            return Ok(returned.map_or(Brought::Nothing, Brought::Returned));
        }
        let (thread, is_known) = match before {
            Some(row) => (row.thread, true),
            None => self.thread(letter).await?,
        };
        let team = &self.source.contact.owners;
        let by = document::side(
            &letter.from.address,
            &self.plan.own,
            team,
            &self.plan.team_domains,
        );
        if let Some(reason) = document::opens_nothing(by, is_known) {
            self.leave(letter, reason);
            return Ok(Brought::Nothing);
        }
        let arrived = Arrived {
            letter,
            thread: &thread,
            by,
            at,
            cut,
        };
        let document = arrived.document(self.source.contact.lang);
        let mapped = match self.source.reread_mail(&document) {
            Ok(Some(mapped)) => Ok(mapped),
            // It is somebody else's: then it is of no conversation either.
            Ok(None) => return Ok(Brought::Nothing),
            Err(why) => Err((document.to_string(), why)),
        };
        // Kept before the inquiry is: until the cursor passes it, it is read again and is the same.
        let row = MailRow {
            source: id.clone(),
            message_id: letter.message_id.clone(),
            thread,
            at,
            by,
            envelope: envelope(letter),
        };
        self.post.kept.keep_mail(row).await?;
        Ok(Brought::Item(Box::new(mapped)))
    }

    /// What a report tells of a letter of ours; nothing of anybody else's.
    ///
    /// The letter is the one whose head the report holds. Only a report that holds none is taken for one of a letter that
    /// it answers.
    async fn returned(
        &self,
        letter: &Letter,
        report: &Report,
    ) -> Result<Option<Returned>, StoreError> {
        let answered = letter.in_reply_to.iter();
        let answered = answered.chain(letter.references.iter().rev());
        let named: Vec<&String> = match &report.letter {
            Some(id) => vec![id],
            None => answered.collect(),
        };
        for id in named {
            let row = self.post.kept.mail(&self.source.id, id).await?;
            let Some(row) = row.filter(|row| row.by == Side::Own) else {
                continue;
            };
            // What was kept before letters had a key cannot be told apart.
            let Some(key) = row.envelope.key.clone() else {
                return Ok(None);
            };
            let fate = report.fate(&row.envelope);
            return Ok(fate.map(|(fate, why)| Returned {
                key,
                thread: row.thread,
                fate,
                why,
            }));
        }
        Ok(None)
    }

    /// What a mail server tells in words only.
    async fn returned_in_words(&self, letter: &Letter) -> Result<Option<Returned>, StoreError> {
        for id in report::ours(&letter.text) {
            let row = self.post.kept.mail(&self.source.id, &id).await?;
            if let Some(row) = row.filter(|row| row.by == Side::Own) {
                let report = Report::in_words(&letter.text, &id, &row.envelope);
                return self.returned(letter, &report).await;
            }
        }
        Ok(None)
    }

    /// Of which conversation a mail is, and whether that is known.
    async fn thread(&self, letter: &Letter) -> Result<(String, bool), StoreError> {
        let named = || letter.references.iter().chain(&letter.in_reply_to);
        for earlier in named() {
            if let Some(row) = self.post.kept.mail(&self.source.id, earlier).await? {
                return Ok((row.thread, true));
            }
        }
        let first = named().next().unwrap_or(&letter.message_id);
        let thread = short(first);
        let kept = self
            .post
            .kept
            .mail_thread(&self.source.id, &thread, 1)
            .await?;
        Ok((thread, !kept.is_empty()))
    }

    fn leave(&self, letter: &Letter, reason: ignore::Reason) {
        let source = self.source.id.to_string();
        let why = reason.word();
        metrics::counter!("toban_mails_ignored_total", "source" => source, "why" => why)
            .increment(1);
        tracing::info!(source = %self.source.id, why, mail = %letter.message_id, "a mail of {} was left alone: {why}", self.source.id);
    }
}

fn envelope(letter: &Letter) -> Envelope {
    Envelope {
        from: letter.from.clone(),
        reply_to: letter.reply_to.clone(),
        to: letter.to.clone(),
        cc: letter.cc.clone(),
        subject: letter.subject.clone(),
        key: None,
        references: letter
            .references
            .iter()
            .chain(
                // Some programs name only the mail that they answer.
                letter
                    .in_reply_to
                    .iter()
                    .filter(|id| !letter.references.contains(id)),
            )
            .cloned()
            .collect(),
    }
}

#[cfg(test)]
mod tests;
