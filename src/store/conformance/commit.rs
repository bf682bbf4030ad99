//! Commits: who wins, what is kept, what a repeat hears.

use super::ground::at_once;
use super::{Ground, both};
use crate::app::ports::{Changes, CommitError, Reference, TimerKind};
use crate::domain::inquiry::{Event, refold};
use crate::testkit::inquiry::{card_post, claimed, happened, place, received, second};

both! {
    a_new_inquiry_is_kept_whole
    references_start_at_one_and_follow
    a_second_commit_on_one_version_is_a_conflict
    of_a_hundred_concurrent_claims_one_wins
    the_same_command_key_answers_the_first_outcome
    the_same_command_key_at_once_commits_once
    the_same_new_item_at_once_commits_once
    a_known_item_is_a_conflict_and_leaves_no_gap
    a_new_inquiry_with_a_known_id_is_a_conflict
    an_unknown_inquiry_cannot_move_on
    a_broken_commit_spoils_nobody_elses
    a_ledger_with_a_gap_is_refused
    outbox_rows_of_a_known_key_are_added_once
    no_deadline_removes_the_timer
    many_commits_at_once_are_all_kept
    naughty_text_comes_back_as_it_was
    text_with_nul_is_kept_whole_or_refused
    words_are_found_by_their_ids
    a_refold_of_the_ledger_is_the_projection
    a_reopened_database_has_kept_everything
    what_goes_together_is_kept_together
    of_what_goes_together_nothing_is_kept_if_one_loses
    what_goes_together_answers_a_repeat_with_the_first_outcome
}

async fn a_new_inquiry_is_kept_whole(ground: Ground) {
    let mut changes = received("a", "T-1", second(0));
    changes.portal_key = Some("portal".to_owned());
    changes.command_key = Some("delivery-1".to_owned());
    let committed = ground.commit(changes.clone()).await;
    assert_eq!((committed.reference, committed.seq), (Reference(1), 1));

    let store = &ground.store;
    let stored = ground.stored("a").await;
    assert_eq!(stored.inquiry, changes.inquiry);
    assert_eq!(stored.reference, Reference(1));
    assert_eq!(stored.deadline, changes.deadline);
    let same = Some(stored);
    assert_eq!(store.by_reference(Reference(1)).await.unwrap(), same);
    assert_eq!(
        store.by_external(&"hook".into(), "T-1").await.unwrap(),
        same
    );
    assert_eq!(store.by_portal_key("portal").await.unwrap(), same);
    assert_eq!(
        store.by_command_key("delivery-1").await.unwrap(),
        Some(("a".into(), Reference(1)))
    );
    assert_eq!(store.ledger(&"a".into()).await.unwrap(), changes.entries);
    assert_eq!(
        store.timers(TimerKind::Inquiry).await.unwrap(),
        [("a".to_owned(), changes.deadline.unwrap())]
    );
    assert_eq!(store.outbox(&[], 10).await.unwrap().len(), 1);
    let cards = store.cards(&"a".into()).await.unwrap();
    assert_eq!(cards.len(), 1);
    assert_eq!((&cards[0].place, cards[0].wanted), (&place(), 1));
    assert!(store.audit_whole(second(0)).await.unwrap().is_clean());

    assert_eq!(store.inquiry(&"b".into()).await.unwrap(), None);
    assert_eq!(store.by_reference(Reference(2)).await.unwrap(), None);
    assert_eq!(
        store.by_external(&"poll".into(), "T-1").await.unwrap(),
        None
    );
    assert_eq!(store.by_portal_key("other").await.unwrap(), None);
    assert_eq!(store.by_command_key("other").await.unwrap(), None);
    assert_eq!(store.ledger(&"b".into()).await.unwrap(), []);
}

async fn references_start_at_one_and_follow(ground: Ground) {
    for (n, id) in ["c", "a", "b"].into_iter().enumerate() {
        assert_eq!(ground.receive(id).await.reference.0, n as i64 + 1);
    }
}

async fn a_second_commit_on_one_version_is_a_conflict(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let committed = ground.commit(claimed(&first, "aoki", second(1))).await;
    assert_eq!((committed.reference, committed.seq), (Reference(1), 2));
    let late = ground
        .store
        .commit(claimed(&first, "baba", second(1)))
        .await;
    assert!(matches!(late, Err(CommitError::Conflict)), "{late:?}");
    assert_eq!(
        ground.stored("a").await.inquiry.holder(),
        Some(&"aoki".into())
    );
}

async fn of_a_hundred_concurrent_claims_one_wins(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let claims = (0..100).map(|n| claimed(&first, &format!("member-{n}"), second(1)));
    let answers = at_once(&ground.store, claims.collect()).await;
    let winners: Vec<_> = (0..100).filter(|n| answers[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1);
    let losers = answers
        .iter()
        .filter(|answer| matches!(answer, Err(CommitError::Conflict)));
    assert_eq!(losers.count(), 99);
    let holder = format!("member-{}", winners[0]).as_str().into();
    assert_eq!(ground.stored("a").await.inquiry.holder(), Some(&holder));
    assert_eq!(ground.store.ledger(&"a".into()).await.unwrap().len(), 2);
}

async fn the_same_command_key_answers_the_first_outcome(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let mut claim = claimed(&first, "aoki", second(1));
    claim.command_key = Some("press-1".to_owned());
    ground.commit(claim.clone()).await;
    let mut again = claimed(&ground.stored("a").await.inquiry, "aoki", second(2));
    again.command_key = claim.command_key.clone();
    for repeat in [claim, again] {
        let answer = ground.store.commit(repeat).await;
        assert!(
            matches!(&answer, Err(CommitError::Repeated { inquiry, reference })
                if *inquiry == "a".into() && *reference == Reference(1)),
            "{answer:?}"
        );
    }
    assert_eq!(ground.stored("a").await.inquiry.seq, 2);
}

async fn the_same_command_key_at_once_commits_once(ground: Ground) {
    // Different inquiries: only the key stands between them.
    let all = (0..20)
        .map(|n| {
            let mut changes = received(&format!("i{n}"), &format!("T-{n}"), second(0));
            changes.command_key = Some("one".to_owned());
            changes
        })
        .collect();
    let answers = at_once(&ground.store, all).await;
    let winners: Vec<_> = (0..20).filter(|n| answers[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    let winner = format!("i{}", winners[0]).as_str().into();
    for answer in answers.iter().filter(|answer| answer.is_err()) {
        assert!(
            matches!(answer, Err(CommitError::Repeated { inquiry, .. }) if *inquiry == winner),
            "{answer:?}"
        );
    }
    assert_eq!(
        ground
            .store
            .count(&crate::app::ports::ListFilter::default())
            .await
            .unwrap(),
        1
    );
}

async fn the_same_new_item_at_once_commits_once(ground: Ground) {
    let all = (0..20)
        .map(|n| received(&format!("i{n}"), "T-1", second(0)))
        .collect();
    let answers = at_once(&ground.store, all).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(_) | Err(CommitError::Conflict))),
        "{answers:?}"
    );
    let ids = ground.store.inquiry_ids(None, 100).await.unwrap();
    assert_eq!(ids.len(), 1);
}

async fn a_known_item_is_a_conflict_and_leaves_no_gap(ground: Ground) {
    ground.receive("a").await;
    for n in 0..3 {
        let known = received(&format!("b{n}"), "a", second(1));
        let answer = ground.store.commit(known).await;
        assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
    }
    assert_eq!(ground.receive("c").await.reference, Reference(2));
}

async fn a_new_inquiry_with_a_known_id_is_a_conflict(ground: Ground) {
    ground.receive("a").await;
    let answer = ground.store.commit(received("a", "T-2", second(1))).await;
    assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
}

async fn an_unknown_inquiry_cannot_move_on(ground: Ground) {
    let unknown = received("a", "T-1", second(0)).inquiry;
    let answer = ground
        .store
        .commit(claimed(&unknown, "aoki", second(1)))
        .await;
    assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
}

async fn a_broken_commit_spoils_nobody_elses(ground: Ground) {
    let mut all: Vec<_> = (0..20)
        .map(|n| received(&format!("i{n}"), &format!("T-{n}"), second(0)))
        .collect();
    // The same text id twice: no database takes that.
    let twice = all[7].texts[0].clone();
    all[7].texts.push(twice);
    let answers = at_once(&ground.store, all).await;
    for (n, answer) in answers.iter().enumerate() {
        assert_eq!(answer.is_ok(), n != 7, "{n}: {answer:?}");
    }
    assert!(matches!(answers[7], Err(CommitError::Store(_))));
    assert_eq!(ground.store.inquiry(&"i7".into()).await.unwrap(), None);
    assert_eq!(ground.store.inquiry_ids(None, 100).await.unwrap().len(), 19);
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

async fn a_ledger_with_a_gap_is_refused(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let mut gap = claimed(&first, "aoki", second(1));
    gap.entries[0].seq = 3;
    let answer = ground.store.commit(gap).await;
    assert!(matches!(answer, Err(CommitError::Store(_))), "{answer:?}");
    assert_eq!(ground.stored("a").await.inquiry.seq, 1);
}

async fn outbox_rows_of_a_known_key_are_added_once(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let mut claim = claimed(&first, "aoki", second(1));
    let mut same = card_post("a", second(1));
    same.id = "another".to_owned();
    claim.outbox.push(same);
    ground.commit(claim).await;
    assert_eq!(ground.store.outbox(&[], 10).await.unwrap().len(), 1);
}

async fn no_deadline_removes_the_timer(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let mut done = claimed(&first, "aoki", second(1));
    done.deadline = None;
    ground.commit(done).await;
    assert_eq!(ground.store.timers(TimerKind::Inquiry).await.unwrap(), []);
    assert_eq!(ground.stored("a").await.deadline, None);
}

async fn many_commits_at_once_are_all_kept(ground: Ground) {
    let all = (0..300).map(|n| received(&format!("i{n:03}"), &format!("T-{n}"), second(n)));
    let answers = at_once(&ground.store, all.collect()).await;
    let mut references: Vec<_> = answers
        .into_iter()
        .map(|a| a.unwrap().reference.0)
        .collect();
    references.sort_unstable();
    assert_eq!(references, (1..=300).collect::<Vec<_>>());
    let claims = {
        let mut claims = Vec::new();
        for n in 0..300 {
            let inquiry = ground.stored(&format!("i{n:03}")).await.inquiry;
            claims.push(claimed(&inquiry, "aoki", second(1)));
        }
        claims
    };
    for answer in at_once(&ground.store, claims).await {
        assert_eq!(answer.unwrap().seq, 2);
    }
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

/// Only here do commits share a transaction.
#[tokio::test]
async fn commits_of_one_inquiry_that_wait_together_keep_their_order() {
    let ground = Ground::sqlite().await;
    let mut inquiry = received("a", "T-1", second(0)).inquiry;
    let mut all = vec![received("a", "T-1", second(0))];
    for n in 1..20 {
        let note = Event::Noted {
            text: format!("note-{n}").as_str().into(),
        };
        let changes = happened(&inquiry, vec![note], second(n));
        inquiry = changes.inquiry.clone();
        all.push(changes);
    }
    let waiting = all.into_iter().map(|changes| ground.store.commit(changes));
    for answer in futures_util::future::join_all(waiting).await {
        answer.unwrap();
    }
    assert_eq!(ground.stored("a").await.inquiry, inquiry);
}

async fn naughty_text_comes_back_as_it_was(ground: Ground) {
    let naughty = [
        "",
        " \t\r\n ",
        "'; drop table inquiries; --",
        "\"$1\" ?1 :name @p %s {} \\ \\' \\u0000",
        "𠮷野家で👨‍👩‍👧‍👦が🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "e\u{301} é ﬁ ｶﾞ ガ",
        "\u{feff}\u{202e}\u{200b}\u{7f}\u{1}\u{85}\u{2028}",
        "\u{10ffff}\u{fffd}\u{e000}",
    ];
    let long = "長".repeat(90_000);
    for (n, text) in naughty.into_iter().chain([long.as_str()]).enumerate() {
        let id = format!("i{n}");
        // A key of PostgreSQL's indexes ends at some 2,700 bytes; no tracker's ids are near that.
        let external_id: String = format!("{n}{text}").chars().take(200).collect();
        let mut changes = received(&id, &external_id, second(0));
        changes.texts[1].1 = text.to_owned();
        changes.entries[0].via = text.to_owned();
        ground.commit(changes.clone()).await;
        let texts = ground
            .store
            .texts(&[changes.texts[1].0.clone()])
            .await
            .unwrap();
        assert_eq!(texts[&changes.texts[1].0], text);
        assert_eq!(ground.stored(&id).await.inquiry, changes.inquiry);
        assert_eq!(
            ground.store.ledger(&id.as_str().into()).await.unwrap(),
            changes.entries
        );
        let found = ground
            .store
            .by_external(&"hook".into(), &changes.inquiry.origin.external_id)
            .await
            .unwrap();
        assert_eq!(found.unwrap().inquiry.id, id.as_str().into());
    }
}

async fn text_with_nul_is_kept_whole_or_refused(ground: Ground) {
    let mut changes = received("a", "T-1", second(0));
    changes.texts[1].1 = "before\0after".to_owned();
    let id = changes.texts[1].0.clone();
    let answer = ground.store.commit(changes).await;
    assert_eq!(answer.is_ok(), ground.is_sqlite(), "{answer:?}");
    let texts = ground.store.texts(std::slice::from_ref(&id)).await.unwrap();
    let kept = texts.get(&id).map(String::as_str);
    assert_eq!(kept, ground.is_sqlite().then_some("before\0after"));
}

async fn words_are_found_by_their_ids(ground: Ground) {
    ground.receive("a").await;
    let mut ids: Vec<_> = (0..1200)
        .map(|n| format!("unknown-{n}").as_str().into())
        .collect();
    ids.push("a-title".into());
    let texts = ground.store.texts(&ids).await.unwrap();
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[&"a-title".into()], "請求書が二重に発行される");
    assert!(ground.store.texts(&[]).await.unwrap().is_empty());
}

async fn a_refold_of_the_ledger_is_the_projection(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let events = vec![
        Event::Claimed { by: "aoki".into() },
        Event::Replied {
            text: "a-reply".into(),
            is_question: true,
        },
        Event::NoAnswerNeeded {},
    ];
    ground.commit(happened(&first, events, second(5))).await;
    let stored = ground.stored("a").await.inquiry;
    assert_eq!(stored.seq, 4);
    let ledger = ground.store.ledger(&"a".into()).await.unwrap();
    assert_eq!(refold(&ledger), Some(stored));
}

async fn a_reopened_database_has_kept_everything(ground: Ground) {
    let before = ground.receive("a").await;
    let ledger = ground.store.ledger(&"a".into()).await.unwrap();
    let ground = ground.reopen().await;
    assert_eq!(ground.stored("a").await, before);
    assert_eq!(ground.store.ledger(&"a".into()).await.unwrap(), ledger);
    assert_eq!(
        ground.store.timers(TimerKind::Inquiry).await.unwrap().len(),
        1
    );
    assert_eq!(ground.store.outbox(&["queued"], 10).await.unwrap().len(), 1);
    assert_eq!(
        ground.store.texts(&["a-body".into()]).await.unwrap().len(),
        1
    );
    assert_eq!(ground.receive("b").await.reference, Reference(2));
}

/// A claim of `a`, and `b` that comes in, together.
async fn both_of(ground: &Ground) -> (Changes, Changes) {
    let first = ground.receive("a").await.inquiry;
    let mut new = received("b", "b", second(1));
    new.command_key = Some("split".to_owned());
    (claimed(&first, "aoki", second(1)), new)
}

async fn what_goes_together_is_kept_together(ground: Ground) {
    let (moved, new) = both_of(&ground).await;
    let committed = ground.store.commit_together(vec![moved, new]).await;
    let committed = committed.unwrap();
    let references = committed.iter().map(|one| (one.reference.0, one.seq));
    assert_eq!(references.collect::<Vec<_>>(), [(1, 2), (2, 1)]);
    let a = ground.stored("a").await.inquiry;
    assert_eq!(a.holder(), Some(&"aoki".into()));
    assert_eq!(ground.stored("b").await.reference, Reference(2));
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

async fn of_what_goes_together_nothing_is_kept_if_one_loses(ground: Ground) {
    let (moved, new) = both_of(&ground).await;
    // The second is known: the first, which could go, stays where it was.
    ground.receive("b").await;
    let lost = ground.store.commit_together(vec![moved.clone(), new]).await;
    assert!(matches!(lost, Err(CommitError::Conflict)), "{lost:?}");
    assert_eq!(ground.stored("a").await.inquiry.seq, 1);
    assert_eq!(ground.store.ledger(&"a".into()).await.unwrap().len(), 1);
    // The first has moved on: the second is not there, and no reference is lost.
    ground.commit(moved.clone()).await;
    let new = received("c", "c", second(1));
    let lost = ground.store.commit_together(vec![moved, new]).await;
    assert!(matches!(lost, Err(CommitError::Conflict)), "{lost:?}");
    assert_eq!(ground.store.inquiry(&"c".into()).await.unwrap(), None);
    assert_eq!(ground.receive("d").await.reference, Reference(3));
    assert!(
        ground
            .store
            .audit_whole(second(0))
            .await
            .unwrap()
            .is_clean()
    );
}

async fn what_goes_together_answers_a_repeat_with_the_first_outcome(ground: Ground) {
    let (moved, new) = both_of(&ground).await;
    let committed = ground.store.commit_together(vec![moved, new.clone()]).await;
    committed.unwrap();
    let now = ground.stored("a").await.inquiry;
    let again = happened(&now, vec![Event::Unmuted {}], second(2));
    let mut new = received("e", "e", second(2));
    new.command_key = Some("split".to_owned());
    let repeated = ground.store.commit_together(vec![again, new]).await;
    assert!(
        matches!(&repeated, Err(CommitError::Repeated { inquiry, reference })
            if inquiry.as_str() == "b" && reference.0 == 2),
        "{repeated:?}"
    );
    assert_eq!(ground.stored("a").await.inquiry.seq, 2);
    assert_eq!(ground.store.inquiry(&"e".into()).await.unwrap(), None);
}
