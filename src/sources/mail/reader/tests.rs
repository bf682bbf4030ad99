#![allow(clippy::unwrap_used)]

use super::{ENOUGH, GIVEN_UP, PAGE, Reader};
use crate::app::ports::{
    Envelope, Fate, MailAddress, MailRow, Mails, Page, Returned, Side, SourceState, StoreError,
};
use crate::app::source_config::After;
use crate::clock;
use crate::domain::ids::SourceId;
use crate::sources::mail::session::MailboxError;
use crate::sources::mail::session::double::Double;
use crate::sources::mail::{Post, START, tests};
use crate::sources::{Sources, Way};
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is kept of mails, by their ids.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, MailRow>>);

#[async_trait]
impl Mails for Kept {
    async fn keep_mail(&self, row: MailRow) -> Result<(), StoreError> {
        let mut kept = self.0.lock().unwrap();
        kept.entry(row.message_id.clone()).or_insert(row);
        Ok(())
    }

    async fn mail(&self, _: &SourceId, id: &str) -> Result<Option<MailRow>, StoreError> {
        Ok(self.0.lock().unwrap().get(id).cloned())
    }

    async fn mail_thread(
        &self,
        _: &SourceId,
        thread: &str,
        _: u32,
    ) -> Result<Vec<MailRow>, StoreError> {
        let kept = self.0.lock().unwrap();
        Ok(kept
            .values()
            .filter(|row| row.thread == thread)
            .cloned()
            .collect())
    }
}

/// A source, a mailbox that is not well, and what is kept.
struct Scene {
    sources: Sources,
    post: Post,
    double: Double,
}

fn scene(after: After, double: Double) -> Scene {
    let mut sources = tests::sources();
    let source = sources.sources.get_mut(&"box".into()).unwrap();
    let Way::Mail(plan) = &mut source.way else {
        unreachable!()
    };
    plan.imap.after = after;
    let post = Post {
        kept: Arc::new(Kept::default()),
        boxes: HashMap::new(),
    };
    Scene {
        sources,
        post,
        double,
    }
}

impl Scene {
    async fn page(&self, state: &SourceState) -> Result<Page, MailboxError> {
        let source = &self.sources.sources[&"box".into()];
        let began = clock::monotonic();
        let mut mailbox = self.double.opened().await;
        let reader = Reader {
            source,
            plan: source.mailbox().unwrap(),
            post: &self.post,
            since: None,
            began,
            now: "2026-11-21T03:30:00Z".parse().unwrap(),
        };
        reader.page(&mut mailbox, state).await
    }

    /// Keeps a letter of ours, with a copy to the boss.
    async fn sent(&self, id: &str) {
        let someone = |address: &str| MailAddress {
            address: address.to_owned(),
            name: None,
        };
        let row = MailRow {
            source: "box".into(),
            message_id: id.to_owned(),
            thread: "root@x".to_owned(),
            at: "2026-11-21T03:30:00Z".parse().unwrap(),
            by: Side::Own,
            envelope: Envelope {
                to: vec![someone("sato@customer.example")],
                cc: vec![someone("boss@customer.example")],
                key: Some(format!("key of {id}")),
                ..Envelope::default()
            },
        };
        self.post.kept.keep_mail(row).await.unwrap();
    }
}

fn mail(id: &str, bytes: usize) -> Vec<u8> {
    let mut mail =
        format!("From: sato@customer.example\r\nMessage-ID: <{id}>\r\nSubject: {id}\r\n\r\n");
    while mail.len() < bytes {
        mail.push_str("all these words\r\n");
    }
    mail.into_bytes()
}

/// What a page brought: titles, or why there is none; and where it stands.
fn brought(page: &Page) -> (Vec<String>, Option<&str>, bool) {
    let items = page.items.iter().map(|item| match item {
        Ok(mapped) => mapped.title.clone(),
        Err((what, why)) => format!("{what}: {why}"),
    });
    (items.collect(), page.state.cursor.as_deref(), page.has_more)
}

fn bodies(page: &Page) -> Vec<&str> {
    let bodies = page
        .items
        .iter()
        .map(|item| item.as_ref().unwrap().body.as_deref());
    bodies.map(Option::unwrap_or_default).collect()
}

#[tokio::test(start_paused = true)]
async fn a_large_first_mail_on_a_slow_line_is_taken_as_far_as_it_came() {
    let double = Double {
        mails: vec![mail("large", 2_000_000), mail("small", 100)],
        pace: Duration::from_secs(20),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let began = clock::monotonic();
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert!(
        began.elapsed() < ENOUGH + Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(
        brought(&page),
        (vec!["large".to_owned()], Some("7:1"), true)
    );
    assert!(
        bodies(&page)[0].ends_with(
            "（メールボックスから読み切れなかったため、全2.0 MBのうち初めの263 KBだけを取り込みました。続きはメールボックスで確認してください）"
        ),
        "{}",
        &bodies(&page)[0][bodies(&page)[0].len() - 200..]
    );
    let further = SourceState {
        is_further_page: true,
        ..page.state
    };
    let page = scene.page(&further).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["small".to_owned()], Some("7:2"), false)
    );
}

#[tokio::test(start_paused = true)]
async fn a_large_mail_behind_others_gets_a_page_of_its_own() {
    let double = Double {
        mails: vec![mail("small", 100), mail("large", 200_000)],
        pace: Duration::from_secs(20),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["small".to_owned()], Some("7:1"), true)
    );
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["large".to_owned()], Some("7:2"), false)
    );
    assert!(!bodies(&page)[0].contains("だけを取り込みました"));
}

#[tokio::test]
async fn a_mail_on_which_the_line_breaks_is_taken_as_far_as_it_came_at_the_third_time() {
    let double = Double {
        mails: vec![mail("broken", 300_000), mail("whole", 100)],
        breaks: Some((1, 100_000)),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let first = SourceState::default();
    for _ in 0..2 {
        assert!(matches!(
            scene.page(&first).await,
            Err(MailboxError::Unavailable(_))
        ));
    }
    let page = scene.page(&first).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["broken".to_owned()], Some("7:1"), false)
    );
    assert!(bodies(&page)[0].contains("全301 KBのうち初めの66 KBだけ"));
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["whole".to_owned()], Some("7:2"), false)
    );
}

#[tokio::test]
async fn a_mail_of_which_nothing_ever_comes_is_told_and_passed() {
    let double = Double {
        mails: vec![mail("broken", 300), mail("whole", 100)],
        breaks: Some((1, 0)),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let first = SourceState::default();
    for _ in 1..GIVEN_UP {
        assert!(matches!(
            scene.page(&first).await,
            Err(MailboxError::Unavailable(_))
        ));
    }
    let (items, cursor, has_more) = {
        let page = scene.page(&first).await.unwrap();
        let (items, cursor, has_more) = brought(&page);
        (items, cursor.map(str::to_owned), has_more)
    };
    assert!(items[0].starts_with("mail 7:1 of INBOX: "), "{items:?}");
    assert!(
        items[0].contains("it did not come at 5 attempts"),
        "{items:?}"
    );
    assert_eq!(
        (items.len(), cursor.as_deref(), has_more),
        (1, Some("7:1"), false)
    );
}

/// The error of a page that cannot be read.
fn failed(page: Result<Page, MailboxError>) -> String {
    match page {
        Err(MailboxError::Unavailable(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_gives_no_mails_for_a_while_loses_none() {
    let mut scene = scene(
        After::Keep,
        Double {
            mails: (1..=4).map(|n| mail(&format!("{n}@x"), 100)).collect(),
            refuses: vec![
                "UID FETCH 1 (UID BODY",
                "UID FETCH 2",
                "UID FETCH 3",
                "UID FETCH 4",
            ],
            ..Double::default()
        },
    );
    let first = SourceState::default();
    for _ in 0..3 * GIVEN_UP {
        let why = failed(scene.page(&first).await);
        assert!(
            why.starts_with("mail 7:1 of INBOX: ") && why.contains("come back later"),
            "{why}"
        );
    }
    scene.double.refuses.clear();
    let page = scene.page(&first).await.unwrap();
    assert_eq!(page.items.iter().filter(|item| item.is_ok()).count(), 4);
    assert_eq!(page.state.cursor.as_deref(), Some("7:4"));
}

#[tokio::test]
async fn a_mail_that_is_refused_while_another_comes_is_told_and_passed() {
    let double = Double {
        mails: (1..=4).map(|n| mail(&format!("{n}@x"), 100)).collect(),
        broken: vec![1, 2, 3],
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let mut state = SourceState::default();
    let mut told = Vec::new();
    for _ in 0..30 {
        if let Ok(page) = scene.page(&state).await {
            told.extend(brought(&page).0);
            state = page.state;
        }
    }
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[0].starts_with("mail 7:1 of INBOX: ") && told[0].contains("come back later"),
        "{told:?}"
    );
    assert_eq!(told[3], "4@x");
}

#[tokio::test]
async fn what_came_before_a_refusal_is_kept() {
    let double = Double {
        mails: (1..=3).map(|n| mail(&format!("{n}@x"), 100)).collect(),
        broken: vec![2],
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert_eq!(brought(&page), (vec!["1@x".to_owned()], Some("7:1"), false));
}

#[tokio::test]
async fn a_mail_whose_length_nobody_tells_is_not_said_to_be_huge() {
    let double = Double {
        mails: vec![mail("short", 100), mail("long", START + 100_000)],
        is_silent: true,
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert!(!bodies(&page)[0].contains("取り込みました"));
    assert!(
        bodies(&page)[1].ends_with(
            "（初めの1.0 MBだけを取り込みました。続きはメールボックスで確認してください）"
        ),
        "{}",
        &bodies(&page)[1][bodies(&page)[1].len() - 200..]
    );
}

#[tokio::test]
async fn mails_that_wait_behind_a_broken_line_lose_nothing_that_came_before_it() {
    let double = Double {
        mails: vec![mail("one", 100), mail("broken", 300), mail("three", 100)],
        breaks: Some((2, 0)),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert_eq!(brought(&page), (vec!["one".to_owned()], Some("7:1"), false));
}

#[tokio::test]
async fn only_what_was_taken_is_filed() {
    let double = Double {
        mails: vec![
            mail("one", 100),
            include_bytes!("../../../../tests/fixtures/mail/vacation.eml").to_vec(),
            mail("three", 100),
            mail("four", 100),
        ],
        ..Double::default()
    };
    let scene = scene(After::Move("done".to_owned()), double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert_eq!(page.state.cursor.as_deref(), Some("7:4+1,3:4"));
    assert_eq!(scene.double.asked_for("UID MOVE"), Vec::<String>::new());
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!(page.state.cursor.as_deref(), Some("7:4"));
    assert_eq!(
        scene.double.asked_for("UID MOVE"),
        ["UID MOVE 1,3,4 \"done\""]
    );
    scene.page(&page.state).await.unwrap();
    assert_eq!(scene.double.asked_for("UID MOVE").len(), 1);
}

#[tokio::test]
async fn what_a_server_does_not_file_is_told_and_tried_again() {
    let double = Double {
        mails: vec![mail("one", 100)],
        is_stubborn: true,
        ..Double::default()
    };
    let mut scene = scene(After::Seen, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    scene.double.mails.push(mail("two", 100));
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!(
        brought(&page),
        (vec!["two".to_owned()], Some("7:2+1:2"), false)
    );
    let why = page.state.last_error.clone().unwrap();
    assert!(
        why.starts_with("taken mails stay where they are: "),
        "{why}"
    );
    scene.double.is_stubborn = false;
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!(
        (page.state.last_error, page.state.cursor.as_deref()),
        (None, Some("7:2"))
    );
}

#[tokio::test]
async fn a_server_that_cannot_move_is_told_what_to_write_instead() {
    let double = Double {
        mails: vec![mail("one", 100)],
        is_old: true,
        ..Double::default()
    };
    let scene = scene(After::Move("done".to_owned()), double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    let page = scene.page(&page.state).await.unwrap();
    let why = page.state.last_error.clone().unwrap();
    assert!(why.contains("after = \"seen\""), "{why}");
    assert_eq!(scene.double.asked_for("UID MOVE"), Vec::<String>::new());
}

#[tokio::test]
async fn a_page_ends_and_another_waits() {
    let double = Double {
        mails: (0..PAGE + 1).map(|n| mail(&format!("{n}@x"), 0)).collect(),
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    let page = scene.page(&SourceState::default()).await.unwrap();
    assert_eq!((page.items.len(), page.has_more), (PAGE, true));
    let page = scene.page(&page.state).await.unwrap();
    assert_eq!((page.items.len(), page.has_more), (1, false));
}

/// A report on a letter.
fn returned(letter: &str, answered: &str, action: &str, address: &str) -> Vec<u8> {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nMessage-ID: <report.{action}.{address}>\r\n{answered}\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n\
         --B\r\n\r\nSorry.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 nobody\r\n\r\n\
         --B\r\nContent-Type: message/rfc822\r\n\r\nFrom: desk@toban.example\r\n{letter}\r\nbody\r\n--B--\r\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn reports_on_letters_of_ours_are_brought_and_those_on_others_are_not() {
    let ours = "Message-ID: <toban.1@x>\r\n";
    let double = Double {
        mails: vec![
            returned(ours, "", "failed", "SATO@customer.example"),
            returned(ours, "", "delayed", "sato@customer.example"),
            returned(ours, "", "failed", "boss@customer.example"),
            returned(ours, "", "delivered", "sato@customer.example"),
            returned(
                "Message-ID: <toban.2@x>\r\n",
                "In-Reply-To: <toban.1@x>\r\n",
                "failed",
                "x@y",
            ),
            returned(
                "",
                "In-Reply-To: <toban.1@x>\r\n",
                "failed",
                "else@where.example",
            ),
            returned("", "References: <other@x>\r\n", "failed", "x@y"),
            include_bytes!("../../../../tests/fixtures/mail/bounce.eml").to_vec(),
        ],
        ..Double::default()
    };
    let scene = scene(After::Move("done".to_owned()), double);
    scene.sent("toban.1@x").await;
    let page = scene.page(&SourceState::default()).await.unwrap();
    let returned = |fate, why: &str| Returned {
        key: "key of toban.1@x".to_owned(),
        thread: "root@x".to_owned(),
        fate,
        why: why.to_owned(),
    };
    assert_eq!(
        page.returned,
        [
            returned(Fate::Failed, "550 nobody"),
            returned(Fate::Delayed, "sato@customer.example: 550 nobody"),
            returned(Fate::CopyFailed, "boss@customer.example: 550 nobody"),
            returned(Fate::Failed, "550 nobody"),
        ]
    );
    assert!(page.items.is_empty());
    assert_eq!(page.state.cursor.as_deref(), Some("7:8+1:3,6"));
}

#[tokio::test]
async fn a_server_that_reports_in_words_is_understood_by_the_id_of_our_letter() {
    let id = "toban.0123456789abcdef0123456789abcdef@x";
    let bounce = |from: &str, subject: &str, who: &str, id: &str| {
        format!(
            "Return-Path: <>\r\nFrom: {from}@mx.example\r\nSubject: {subject}\r\nMessage-ID: <{from}.{who}>\r\n\r\n\
             Hi. This is the qmail-send program at mx.example.\r\n\r\n<{who}>:\r\nno mailbox here\r\n\r\n\
             --- Below this line is a copy of the message.\r\n\r\nTo: sato@customer.example\r\n\
             Cc: boss@customer.example\r\nMessage-ID: <{id}>\r\n\r\nhello\r\n"
        )
        .into_bytes()
    };
    let sato = "SATO@customer.example";
    let double = Double {
        mails: vec![
            bounce("MAILER-DAEMON", "failure notice", sato, id),
            bounce(
                "MAILER-DAEMON",
                "failure notice",
                "boss@customer.example",
                id,
            ),
            bounce("MAILER-DAEMON", "failure notice", "else@where.example", id),
            bounce("MAILER-DAEMON", "Warning: still trying", sato, id),
            bounce("tanaka", "I am away", sato, id),
            bounce("MAILER-DAEMON", "failure notice", sato, "toban.1@x"),
        ],
        ..Double::default()
    };
    let scene = scene(After::Keep, double);
    scene.sent(id).await;
    let page = scene.page(&SourceState::default()).await.unwrap();
    let fates: Vec<Fate> = page.returned.iter().map(|one| one.fate).collect();
    assert_eq!(fates, [Fate::Failed, Fate::CopyFailed, Fate::Failed]);
    assert_eq!(page.returned[0].why, "undelivered");
    assert_eq!(page.state.cursor.as_deref(), Some("7:6"));
}
