//! The way back: an answer as a mail in its conversation, to whoever asked.
//!
//! Promises: a letter's id is made of its outbox key, so that it is the same whenever it is tried, and is kept before the
//! letter goes, so that it is known when it comes back. Leaves out handing it over, which is the letterbox's.

use super::Post;
use super::quote::{own_words, plain_subject};
use crate::app::ports::{DeliveryError, Envelope, Letter, MailAddress, MailRow, Refused, Side};
use crate::app::source_config::{Act, MailSource, SourceConfig};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::item_of;
use crate::expr::{Document, Engine, Template};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// How many mails of a conversation are looked at for the one to answer.
const LOOKED_AT: u32 = 100;

/// The most earlier mails that an answer names.
const REFERENCES: usize = 30;

/// The texts of answers, made ready.
#[derive(Debug)]
pub(in crate::sources) struct Replies {
    acts: BTreeMap<Act, Template>,
    keeps_cc: bool,
    own: Vec<String>,
}

impl Replies {
    pub fn compile(_config: &SourceConfig, mail: &MailSource) -> Result<Replies, (String, String)> {
        let engine = Engine::new();
        let acts = mail.replies.iter().map(|(act, text)| {
            let compiled = engine.compile_template(text);
            let key = format!("way_back.{}.body", act.key());
            compiled
                .map(|template| (*act, template))
                .map_err(|error| (key, error.to_string()))
        });
        let acts = acts.collect::<Result<BTreeMap<_, _>, _>>()?;
        let is_sent = mail.smtp.is_some();
        let own = [
            Some(mail.imap.sign_in.username.clone()),
            mail.smtp.as_ref().map(|smtp| smtp.from.clone()),
        ];
        Ok(Replies {
            acts: if is_sent { acts } else { BTreeMap::new() },
            keeps_cc: mail.keeps_cc,
            own: own.into_iter().flatten().collect(),
        })
    }

    pub fn takes(&self, act: Act) -> bool {
        self.of(act).is_some()
    }

    /// A kind of an act that has no text of its own takes that of the act.
    fn of(&self, act: Act) -> Option<&Template> {
        let general = || self.acts.get(&act.general()?);
        self.acts.get(&act).or_else(general)
    }

    /// The words of the mail.
    pub fn text(&self, act: Act, seen: &Document) -> Result<String, String> {
        let template = self.of(act);
        let template = template.ok_or_else(|| format!("no {} goes back", act.key()))?;
        let text = template.render(seen).map_err(|error| error.to_string())?;
        Ok(format!("{}\n", text.trim_end()))
    }

    /// What of the words would be read, were the mail to come back.
    pub fn echo(&self, act: Act, seen: &Document) -> Option<String> {
        self.text(act, seen).ok().map(|text| own_words(&text))
    }

    /// Sends an answer; answers who of those who were to have it was refused.
    pub async fn send(
        &self,
        post: &Post,
        source: &SourceId,
        external_id: &str,
        text: String,
        key: &str,
    ) -> Result<Vec<Refused>, DeliveryError> {
        let rejected = |why: &str| DeliveryError::Rejected {
            why: why.to_owned(),
        };
        let retry = |why: String| DeliveryError::Retry { after: None, why };
        let letterbox = post.boxes.get(source);
        let letterbox =
            letterbox.ok_or_else(|| rejected("no server for its mail is configured"))?;
        let thread = thread_of(item_of(external_id));
        // What was tried before goes to whom it was meant for then, whoever has written since.
        let id = message_id(key, letterbox.from());
        let tried = post.kept.mail(source, &id).await;
        let tried = tried.map_err(|error| retry(error.to_string()))?;
        if let Some(row) = tried.filter(|row| row.by == Side::Own) {
            return letterbox.hand_over(&again(row, text)).await;
        }
        let kept = post.kept.mail_thread(source, thread, LOOKED_AT).await;
        let kept = kept.map_err(|error| retry(error.to_string()))?;
        let answered = answered(&kept);
        let answered = answered.ok_or_else(|| rejected("no mail of this conversation is known"))?;
        let letter = self.letter(answered, text, &id);
        if letter.to.is_empty() {
            return Err(rejected(
                "the mail to answer names nobody who could be written to",
            ));
        }
        let row = MailRow {
            source: source.clone(),
            message_id: letter.message_id.clone(),
            thread: thread.to_owned(),
            at: answered.at,
            by: Side::Own,
            // Should it come back, this tells whose answer it was and for whom.
            envelope: Envelope {
                to: letter.to.clone(),
                cc: letter.cc.clone(),
                subject: letter.subject.clone(),
                references: letter.references.clone(),
                key: Some(key.to_owned()),
                ..Envelope::default()
            },
        };
        let kept = post.kept.keep_mail(row).await;
        kept.map_err(|error| retry(error.to_string()))?;
        letterbox.hand_over(&letter).await
    }

    fn letter(&self, answered: &MailRow, text: String, message_id: &str) -> Letter {
        let envelope = &answered.envelope;
        let is_own = |one: &MailAddress| {
            let mut own = self.own.iter();
            own.any(|own| own.eq_ignore_ascii_case(&one.address))
        };
        let is_among = |all: &[MailAddress], one: &MailAddress| {
            let mut all = all.iter();
            all.any(|known| known.address.eq_ignore_ascii_case(&one.address))
        };
        let wanted = envelope.reply_to.iter();
        let mut to: Vec<MailAddress> = wanted
            .filter(|one| !one.address.is_empty() && !is_own(one))
            .cloned()
            .collect();
        // A list that wants answers for itself is not who asked: it was written to.
        let is_a_list =
            |one: &MailAddress| is_among(&envelope.to, one) || is_among(&envelope.cc, one);
        let from = &envelope.from;
        if to.iter().all(is_a_list)
            && !from.address.is_empty()
            && !is_own(from)
            && !is_among(&to, from)
        {
            to.insert(0, from.clone());
        }
        let mut cc: Vec<MailAddress> = Vec::new();
        if self.keeps_cc {
            for one in envelope.to.iter().chain(&envelope.cc) {
                if !is_own(one) && !is_among(&to, one) && !is_among(&cc, one) {
                    cc.push(one.clone());
                }
            }
        }
        let mut references = envelope.references.clone();
        references.retain(|id| *id != answered.message_id);
        references.push(answered.message_id.clone());
        if references.len() > REFERENCES {
            references.drain(1..=references.len() - REFERENCES);
        }
        Letter {
            message_id: message_id.to_owned(),
            to,
            cc,
            subject: format!("Re: {}", plain_subject(&envelope.subject))
                .trim_end()
                .to_owned(),
            in_reply_to: Some(answered.message_id.clone()),
            references,
            text,
        }
    }
}

/// A letter as it was when it was first tried.
fn again(row: MailRow, text: String) -> Letter {
    let envelope = row.envelope;
    Letter {
        message_id: row.message_id,
        to: envelope.to,
        cc: envelope.cc,
        subject: envelope.subject,
        in_reply_to: envelope.references.last().cloned(),
        references: envelope.references,
        text,
    }
}

/// The mail that is answered: the requester's latest, or else the first that anybody wrote.
fn answered(newest_first: &[MailRow]) -> Option<&MailRow> {
    let latest = newest_first.iter().find(|row| row.by == Side::Requester);
    latest.or_else(|| newest_first.iter().rfind(|row| row.by != Side::Own))
}

/// The conversation of an inquiry; one that follows another is of the same (`…~2`).
fn thread_of(external_id: &str) -> &str {
    match external_id.rsplit_once('~') {
        Some((thread, n)) if !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()) => thread,
        _ => external_id,
    }
}

/// The id of a letter: the same whenever it is tried.
fn message_id(key: &str, from: &str) -> String {
    let domain = from
        .rsplit_once('@')
        .map_or("toban.invalid", |(_, domain)| domain);
    format!("toban.{}@{domain}", hex::encode(&Sha256::digest(key)[..16]))
}

#[cfg(test)]
mod tests;
