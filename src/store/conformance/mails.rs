//! Mails that came or went: each once, found by its id and by its conversation.

use super::{Ground, both};
use crate::app::ports::{Envelope, MailAddress, MailRow, Side};
use crate::domain::ids::SourceId;
use crate::testkit::inquiry::second;

both! {
    a_mail_is_kept_whole_and_found_by_its_id
    a_mail_that_is_known_stays_as_it_is
    a_conversation_is_read_from_its_newest_mail
}

fn row(source: &str, id: &str, thread: &str, at: i64) -> MailRow {
    MailRow {
        source: SourceId::from(source),
        message_id: id.to_owned(),
        thread: thread.to_owned(),
        at: second(at),
        by: Side::Requester,
        envelope: Envelope::default(),
    }
}

async fn a_mail_is_kept_whole_and_found_by_its_id(ground: Ground) {
    let store = &ground.store;
    let box_ = SourceId::from("box");
    for (n, by) in [Side::Requester, Side::Team, Side::Own]
        .into_iter()
        .enumerate()
    {
        let id = format!("{n}@example.com");
        assert_eq!(store.mail(&box_, &id).await.unwrap(), None);
        let someone = |address: &str, name: Option<&str>| MailAddress {
            address: address.to_owned(),
            name: name.map(str::to_owned),
        };
        let kept = MailRow {
            by,
            envelope: Envelope {
                from: someone("sato@example.com", Some("佐藤 \"花\" 子")),
                reply_to: vec![someone("desk@example.com", None)],
                to: vec![someone("box@example.com", None)],
                cc: vec![someone("boss@example.com", Some("部長"))],
                subject: "請求書が二重に発行される".to_owned(),
                references: vec!["root@example.com".to_owned()],
                key: (by == Side::Own).then(|| "Q-1·4·back·source".to_owned()),
            },
            ..row("box", &id, "root@example.com", 5)
        };
        store.keep_mail(kept.clone()).await.unwrap();
        assert_eq!(store.mail(&box_, &id).await.unwrap(), Some(kept));
    }
    let other = SourceId::from("other");
    assert_eq!(store.mail(&other, "0@example.com").await.unwrap(), None);
}

async fn a_mail_that_is_known_stays_as_it_is(ground: Ground) {
    let store = &ground.store;
    let first = row("box", "a@x", "a@x", 1);
    store.keep_mail(first.clone()).await.unwrap();
    store.keep_mail(row("box", "a@x", "b@x", 2)).await.unwrap();
    let kept = store.mail(&SourceId::from("box"), "a@x").await.unwrap();
    assert_eq!(kept, Some(first));
}

async fn a_conversation_is_read_from_its_newest_mail(ground: Ground) {
    let store = &ground.store;
    for (id, thread, at) in [("a", "t", 1), ("c", "t", 3), ("b", "t", 3), ("z", "u", 9)] {
        store.keep_mail(row("box", id, thread, at)).await.unwrap();
    }
    store.keep_mail(row("other", "q", "t", 8)).await.unwrap();
    let read = async |limit: u32| -> Vec<String> {
        let source = SourceId::from("box");
        let rows = store.mail_thread(&source, "t", limit).await.unwrap();
        rows.into_iter().map(|row| row.message_id).collect()
    };
    assert_eq!(read(10).await, ["c", "b", "a"]);
    assert_eq!(read(2).await, ["c", "b"]);
}
