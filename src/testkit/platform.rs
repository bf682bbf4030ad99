//! A platform that keeps what it is told, as plain text, and can be made to fail.

use crate::app::ports::*;
use crate::app::wording::{Markup, Words, board_text, card_text, sentence};
use crate::domain::ids::MemberId;
use crate::domain::notice::NoticePlace;
use crate::i18n;
use crate::time::{TimeZone, Timestamp};
use async_trait::async_trait;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

/// A chat in memory.
#[derive(Default)]
pub struct FakePlatform {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    posts: BTreeMap<String, Posted>,
    by_key: BTreeMap<String, String>,
    transcript: Vec<String>,
    faults: VecDeque<Fault>,
}

/// One post.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    pub id: String,
    pub place: Place,
    pub inquiry: Option<String>,
    pub is_card: bool,
    pub in_thread: bool,
    pub text: String,
    pub mentions: Vec<MemberId>,
    pub at: Timestamp,
}

/// What the next call does instead of its work.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Refuses without posting.
    Refuse(DeliveryError),
    /// Posts, and loses the answer.
    PostAndLose,
}

impl FakePlatform {
    /// What was said so far, a line each.
    pub fn transcript(&self) -> Vec<String> {
        self.lock().transcript.clone()
    }

    /// What was said since the last call.
    pub fn take_transcript(&self) -> String {
        std::mem::take(&mut self.lock().transcript).join("\n")
    }

    /// Adds a line of the story's own.
    pub fn remark(&self, line: &str) {
        self.lock().transcript.push(line.to_owned());
    }

    /// Every post that stands.
    pub fn posts(&self) -> Vec<Posted> {
        self.lock().posts.values().cloned().collect()
    }

    /// Deletes a post, as people of a chat can.
    pub fn delete(&self, message: &str) {
        self.lock().posts.remove(message);
    }

    /// Makes coming calls fail, in order.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics while holding it")
    }
}

impl State {
    fn post(&mut self, place: &Place, post: &Post, key: &str) -> Receipt {
        let id = format!("m{}", self.by_key.len() + 1);
        let (text, is_card, in_thread, mentions) = text(post);
        self.transcript.push(line(
            place,
            post,
            in_thread,
            if is_card { "＋ " } else { "" },
            &text,
        ));
        let posted = Posted {
            id: id.clone(),
            place: place.clone(),
            inquiry: post.context.inquiry.as_ref().map(ToString::to_string),
            is_card,
            in_thread,
            text,
            mentions,
            at: post.context.now,
        };
        self.posts.insert(id.clone(), posted);
        self.by_key.insert(key.to_owned(), id.clone());
        Receipt {
            thread: is_card.then(|| format!("t-{id}")),
            message: id,
        }
    }

    fn receipt(&self, id: &str) -> Receipt {
        let is_card = self.posts.get(id).is_some_and(|post| post.is_card);
        Receipt {
            message: id.to_owned(),
            thread: is_card.then(|| format!("t-{id}")),
        }
    }
}

#[async_trait]
impl Platform for FakePlatform {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            edits: true,
            threads: true,
            buttons: true,
            idempotency_window: None,
            finds: true,
        }
    }

    async fn deliver(
        &self,
        place: &Place,
        post: &Post,
        key: &str,
    ) -> Result<Receipt, DeliveryError> {
        let mut state = self.lock();
        match state.faults.pop_front() {
            Some(Fault::Refuse(error)) => return Err(error),
            Some(Fault::PostAndLose) => {
                state.post(place, post, key);
                return Err(DeliveryError::Unknown {
                    why: "the connection broke".to_owned(),
                });
            }
            None => {}
        }
        Ok(state.post(place, post, key))
    }

    async fn revise(
        &self,
        place: &Place,
        receipt: &Receipt,
        post: &Post,
    ) -> Result<(), DeliveryError> {
        let mut state = self.lock();
        let (text, ..) = text(post);
        let Some(posted) = state.posts.get_mut(&receipt.message) else {
            return Err(DeliveryError::Gone {
                why: format!("no message {}", receipt.message),
            });
        };
        if posted.text != text {
            posted.text.clone_from(&text);
            state.transcript.push(line(place, post, false, "✎ ", &text));
        }
        Ok(())
    }

    async fn find(
        &self,
        _place: &Place,
        _post: &Post,
        key: &str,
        since: Timestamp,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let state = self.lock();
        let found = state
            .by_key
            .get(key)
            .filter(|id| state.posts[*id].at >= since);
        Ok(found.map(|id| state.receipt(id)))
    }

    async fn run(
        &self,
        _inbox: Arc<dyn Inbox>,
        shutdown: tokio_util::sync::CancellationToken,
    ) -> Result<(), CannotRun> {
        shutdown.cancelled().await;
        Ok(())
    }

    async fn check(&self, _places: &[Place]) -> Vec<String> {
        Vec::new()
    }
}

/// One line of the transcript: when, where, what.
fn line(place: &Place, post: &Post, in_thread: bool, sign: &str, text: &str) -> String {
    let context = &post.context;
    let at = clock_words(context.now, &context.zone);
    let thread = match (in_thread, context.reference) {
        (true, Some(reference)) => format!("/{reference}"),
        (true, None) | (false, _) => String::new(),
    };
    let indented = text.replace('\n', "\n      ");
    format!("{at} #{}{thread} {sign}{indented}", place.channel)
}

fn clock_words(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%a %d %H:%M")
        .to_string()
}

fn text(post: &Post) -> (String, bool, bool, Vec<MemberId>) {
    let words = Words::of(&post.context);
    match &post.what {
        PostKind::Card { card, mentions, .. } => {
            let text = card_text(card, &post.context, &Plain);
            let shown: Vec<String> = text
                .fields
                .iter()
                .filter(|field| field.is_short)
                .take(3 + card.dues.len())
                .map(|field| format!("{}={}", field.label, field.value))
                .collect();
            let flags: String = text.flags.iter().map(|flag| format!(" ⚑{flag}")).collect();
            let body = format!(
                "[{}] {} ({}){flags}",
                text.status,
                text.heading,
                shown.join(", ")
            );
            (
                with_mentions(body, mentions, &words),
                true,
                false,
                mentions.clone(),
            )
        }
        PostKind::Board { board } => {
            let text = board_text(board, &words, &Plain);
            let lines: Vec<String> = text.lines.into_iter().map(|(_, line)| line).collect();
            let said = format!("▤ {}\n{}", text.heading, lines.join("\n"));
            (said.trim_end().to_owned(), false, false, Vec::new())
        }
        PostKind::Notice { notice, mentions } => {
            let said = sentence(&notice.message, &words, &Plain);
            let in_thread = notice.place == NoticePlace::Thread && post.context.inquiry.is_some();
            (
                with_mentions(said, mentions, &words),
                false,
                in_thread,
                mentions.clone(),
            )
        }
    }
}

fn with_mentions(text: String, mentions: &[MemberId], words: &Words<'_>) -> String {
    let called: String = mentions
        .iter()
        .map(|id| format!("{} ", Plain.mention(id, words)))
        .collect();
    format!("{called}{text}")
}

/// Plain text with short times, so that transcripts read well.
struct Plain;

impl Markup for Plain {
    fn outside(&self, text: &str) -> String {
        text.to_owned()
    }

    fn instant(&self, at: Timestamp, words: &Words<'_>) -> String {
        i18n::instant_without_zone(words.lang, at, words.zone, words.now)
    }
}
