//! A mailbox at the other end of a line that is slow, breaks, or refuses: as much of IMAP as this room speaks.

#![allow(clippy::unwrap_used)]

use super::line::Bounded;
use super::{LISTING, Mailbox};
use crate::clock;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};

#[derive(Clone, Default)]
pub struct Double {
    /// The mails, numbered from one.
    pub mails: Vec<Vec<u8>>,
    /// How long each piece of a mail takes.
    pub pace: Duration,
    /// The mail on which the line breaks, and after how many bytes of it.
    pub breaks: Option<(usize, usize)>,
    /// Whether it refuses to move and to mark.
    pub is_stubborn: bool,
    /// Whether it has never heard of moving.
    pub is_old: bool,
    /// What it refuses: beginnings of commands.
    pub refuses: Vec<&'static str>,
    /// The mails of which it tells and gives nothing, with which it refuses all that is asked at once.
    pub broken: Vec<usize>,
    /// Whether it keeps to itself how long mails are.
    pub is_silent: bool,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Double {
    /// What was asked of it that begins so.
    pub fn asked_for(&self, what: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let found = asked.iter().filter(|line| line.starts_with(what));
        found.cloned().collect()
    }

    /// A mailbox over a new line to it.
    pub async fn opened(&self) -> Mailbox {
        let (ours, theirs) = tokio::io::duplex(1024 * 1024);
        tokio::spawn(self.clone().serve(theirs));
        let left = Arc::new(AtomicUsize::new(LISTING));
        let line = Bounded {
            line: Box::new(ours),
            left: left.clone(),
        };
        let mut imap = async_imap::Client::new(line);
        imap.read_response().await.unwrap();
        let session = imap.login("desk", "x").await;
        let mut session = session.map_err(|(error, _)| error).unwrap();
        let opened = session.select("INBOX").await.unwrap();
        Mailbox {
            session,
            left,
            validity: opened.uid_validity.unwrap(),
        }
    }

    async fn serve(self, line: DuplexStream) {
        let (reader, mut writer) = tokio::io::split(line);
        let mut lines = BufReader::new(reader).lines();
        let _ = writer.write_all(b"* OK ready\r\n").await;
        while let Ok(Some(line)) = lines.next_line().await {
            let (tag, asked) = line.split_once(' ').unwrap();
            self.asked.lock().unwrap().push(asked.to_owned());
            let Some(answer) = self.answer(asked).await else {
                return;
            };
            let is_refused = self.is_stubborn
                && (asked.starts_with("UID MOVE") || asked.starts_with("UID STORE"));
            let is_out = self.is_out(asked);
            let end = match (is_refused, is_out) {
                (true, _) => "NO not here",
                (false, true) => "NO [UNAVAILABLE] come back later",
                (false, false) => "OK done",
            };
            if !is_out {
                let _ = writer.write_all(&answer).await;
            }
            let _ = writer
                .write_all(format!("{tag} {end}\r\n").as_bytes())
                .await;
        }
    }

    fn is_out(&self, asked: &str) -> bool {
        let is_broken = asked.strip_prefix("UID FETCH ").is_some_and(|rest| {
            let set = rest.split(' ').next().unwrap();
            let mut uids = set.split(',').map(|uid| uid.parse().unwrap());
            uids.any(|uid| self.broken.contains(&uid))
        });
        is_broken || self.refuses.iter().any(|start| asked.starts_with(start))
    }

    /// What is said before the last line; nothing where the line breaks.
    async fn answer(&self, asked: &str) -> Option<Vec<u8>> {
        let words: Vec<&str> = asked.split(' ').collect();
        Some(match words[..] {
            ["CAPABILITY"] => match self.is_old {
                true => b"* CAPABILITY IMAP4rev1\r\n".to_vec(),
                false => b"* CAPABILITY IMAP4rev1 MOVE\r\n".to_vec(),
            },
            ["SELECT", ..] => format!(
                "* {} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n",
                self.mails.len()
            )
            .into_bytes(),
            ["UID", "SEARCH", "UID", set, "UNSEEN"] => match self.is_stubborn {
                true => {
                    format!("* SEARCH {}\r\n", set.split([',', ':']).next().unwrap()).into_bytes()
                }
                false => b"* SEARCH\r\n".to_vec(),
            },
            ["UID", "SEARCH", "UID", range] => {
                let number = |text: &str| text.parse::<usize>().unwrap();
                match range.split_once(':') {
                    Some((from, _)) => self.found(number(from)),
                    None => {
                        let there = range.split(',').map(number);
                        let there = there.filter(|uid| (1..=self.mails.len()).contains(uid));
                        let there: String = there.map(|uid| format!(" {uid}")).collect();
                        format!("* SEARCH{there}\r\n").into_bytes()
                    }
                }
            }
            ["UID", "SEARCH", ..] => self.found(1),
            ["UID", "FETCH", set, "(UID", "RFC822.SIZE", ..] => {
                let line = |uid: usize| {
                    let size = match self.is_silent {
                        true => String::new(),
                        false => format!(" RFC822.SIZE {}", self.mails[uid - 1].len()),
                    };
                    format!(
                        "* {uid} FETCH (UID {uid}{size} INTERNALDATE \"21-Nov-2026 10:00:00 +0900\")\r\n",
                    )
                };
                let uids = set.split(',').map(|uid| uid.parse().unwrap());
                uids.map(line).collect::<String>().into_bytes()
            }
            ["UID", "FETCH", uid, "(UID", piece] => self.piece(uid.parse().unwrap(), piece).await?,
            _ => Vec::new(),
        })
    }

    fn found(&self, from: usize) -> Vec<u8> {
        // As servers do, the last is found wherever a range begins.
        let from = from.min(self.mails.len()).max(1);
        let all = (from..=self.mails.len()).map(|uid| format!(" {uid}"));
        format!("* SEARCH{}\r\n", all.collect::<String>()).into_bytes()
    }

    async fn piece(&self, uid: usize, asked: &str) -> Option<Vec<u8>> {
        clock::sleep(self.pace).await;
        let range = asked.trim_start_matches("BODY.PEEK[]<");
        let (from, bytes) = range.trim_end_matches(">)").split_once('.').unwrap();
        let (from, bytes): (usize, usize) = (from.parse().unwrap(), bytes.parse().unwrap());
        let mail = &self.mails[uid - 1];
        let end = (from + bytes).min(mail.len());
        if self
            .breaks
            .is_some_and(|(at, after)| at == uid && end > after)
        {
            return None;
        }
        let piece = &mail[from.min(end)..end];
        let head = format!(
            "* {uid} FETCH (UID {uid} BODY[]<{from}> {{{}}}\r\n",
            piece.len()
        );
        Some([head.as_bytes(), piece, b")\r\n"].concat())
    }
}
