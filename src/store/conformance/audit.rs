//! The auditor: clean where all is well, and each fault found when the database is harmed.

use super::{Ground, both};
use crate::app::ports::{
    Attempt, DutyKept, DutyTrouble, Findings, Kept, KeptCard, KeptSwap, Receipt, Sweep, TimerKind,
};
use crate::domain::inquiry::Actor;
use crate::domain::rota::book::{DutyEntry, DutyEvent, Span};
use crate::testkit::inquiry::{claimed, received, second};
use std::time::Duration;

both! {
    a_sound_database_is_clean
    an_open_inquiry_without_a_timer_is_found
    a_closed_inquiry_needs_no_timer
    a_deadline_that_nobody_looked_at_is_found
    an_outbox_row_that_is_late_is_found
    a_gap_in_a_ledger_is_found
    a_ledger_without_its_inquiry_is_found
    a_projection_that_differs_is_found
    a_card_that_was_sent_and_is_not_known_is_found
    a_list_is_cut_at_twenty
    every_page_is_compared
    what_was_never_swept_is_swept_from_the_beginning
    ids_come_in_pages_and_in_order
    what_is_kept_comes_in_pages_with_all_that_belongs_to_it
    what_has_no_inquiry_comes_with_the_page_of_its_id
    a_gap_in_the_duty_book_is_found_on_any_page
    lines_of_the_duty_book_come_in_pages_and_unread
    swaps_are_followed_by_their_lines_and_looks_by_their_timers
}

impl Ground {
    async fn findings(&self, overdue_before: i64) -> Findings {
        self.store
            .audit_whole(second(overdue_before))
            .await
            .unwrap()
    }

    /// Harms the database and tells what is found; everything else must be clean.
    async fn found(&self, sql: &str, what: fn(&mut Findings) -> &mut Vec<String>) -> Vec<String> {
        self.harm(sql).await;
        let mut findings = self.findings(0).await;
        let lines = std::mem::take(what(&mut findings));
        assert!(findings.is_clean(), "{findings:?}");
        lines
    }
}

async fn a_sound_database_is_clean(ground: Ground) {
    assert!(ground.findings(0).await.is_clean());
    let first = ground.receive("a").await.inquiry;
    ground.commit(claimed(&first, "aoki", second(1))).await;
    assert!(ground.findings(0).await.is_clean());
}

async fn an_open_inquiry_without_a_timer_is_found(ground: Ground) {
    ground.receive("a").await;
    ground.receive("b").await;
    let sql = "delete from timers where subject = 'b'";
    let lines = ground.found(sql, |f| &mut f.open_without_deadline).await;
    assert_eq!(lines, ["Q-2 is active and nothing is due"]);
}

async fn a_closed_inquiry_needs_no_timer(ground: Ground) {
    ground.receive("a").await;
    let sql = "delete from timers; update inquiries set stage = 'closed'";
    ground.harm(sql).await;
    assert!(ground.findings(0).await.is_clean());
}

async fn a_deadline_that_nobody_looked_at_is_found(ground: Ground) {
    ground.receive("a").await;
    ground
        .harm("update outbox set state = 'sent', deliver = 'notice'")
        .await;
    assert!(ground.findings(3600).await.is_clean());
    let findings = ground.findings(3601).await;
    assert_eq!(findings.overdue_deadlines.len(), 1);
    assert!(findings.overdue_deadlines[0].starts_with("Q-1 was due at 2026-"));
}

async fn an_outbox_row_that_is_late_is_found(ground: Ground) {
    ground.receive("a").await;
    assert!(ground.findings(0).await.is_clean());
    let late = ground.findings(1).await.overdue_outbox;
    assert_eq!(late.len(), 1);
    assert!(late[0].starts_with("Q-1: outbox row a-card is queued since 2026-"));
    for state in ["sending", "retry", "unknown"] {
        ground
            .harm(&format!("update outbox set state = '{state}'"))
            .await;
        assert_eq!(ground.findings(1).await.overdue_outbox.len(), 1, "{state}");
    }
    for state in ["dead", "merged"] {
        ground
            .harm(&format!("update outbox set state = '{state}'"))
            .await;
        assert!(ground.findings(1).await.is_clean(), "{state}");
    }
}

async fn a_gap_in_a_ledger_is_found(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    let second_state = claimed(&first, "aoki", second(1));
    ground.commit(second_state.clone()).await;
    ground
        .commit(claimed(&second_state.inquiry, "baba", second(2)))
        .await;
    let sql = "delete from events where seq = 2";
    let lines = ground.found(sql, |f| &mut f.ledger_gaps).await;
    assert_eq!(
        lines,
        ["Q-1: version 3, 2 ledger lines, the last numbered 3"]
    );
}

async fn a_ledger_without_its_inquiry_is_found(ground: Ground) {
    ground.receive("a").await;
    let sql = "delete from timers; delete from outbox; delete from inquiries";
    let lines = ground.found(sql, |f| &mut f.ledger_gaps).await;
    assert_eq!(lines, ["a: a ledger without an inquiry"]);
}

async fn a_projection_that_differs_is_found(ground: Ground) {
    let first = ground.receive("a").await.inquiry;
    ground.commit(claimed(&first, "aoki", second(1))).await;
    let doc = serde_json::to_string(&first).unwrap();
    let sql = format!("update inquiries set doc = '{doc}'");
    let lines = ground.found(&sql, |f| &mut f.projection_differs).await;
    assert_eq!(lines, ["Q-1: version 2, its document says 1, its ledger 2"]);
}

async fn a_card_that_was_sent_and_is_not_known_is_found(ground: Ground) {
    ground.receive("a").await;
    let minute = Duration::from_secs(60);
    let claimed = ground
        .store
        .claim_outbox(second(0), "here", minute, 1)
        .await;
    let attempt = Attempt::Sent {
        receipt: Receipt {
            message: "m".to_owned(),
            thread: None,
        },
        shown: Some(1),
    };
    let row = claimed.unwrap().remove(0);
    ground
        .store
        .settle_outbox(&row, &attempt, second(0))
        .await
        .unwrap();
    assert!(ground.findings(0).await.is_clean());
    let lost = "Q-1: its card in desk support was sent and is not known";
    for sql in ["update cards set message = null", "delete from cards"] {
        let lines = ground.found(sql, |f| &mut f.cards_missing).await;
        assert_eq!(lines, [lost]);
    }
}

async fn a_list_is_cut_at_twenty(ground: Ground) {
    for n in 0..25 {
        ground
            .commit(received(&format!("i{n}"), &format!("T-{n}"), second(0)))
            .await;
    }
    let lines = ground
        .found("delete from timers", |f| &mut f.open_without_deadline)
        .await;
    assert_eq!(lines.len(), 20);
    assert!(lines[0].starts_with("Q-1 "));
}

async fn every_page_is_compared(ground: Ground) {
    for n in 0..7 {
        let id = format!("i{n}");
        ground
            .commit(received(&id, &format!("T-{n}"), second(0)))
            .await;
    }
    ground
        .harm("update inquiries set version = 9 where id in ('i0', 'i4', 'i6')")
        .await;
    ground
        .harm("update outbox set state = 'sent', message = 'm' where inquiry in ('i1', 'i5')")
        .await;
    // A ledger whose inquiry is gone, after all inquiries that there are.
    ground.harm("delete from inquiries where id = 'i6'").await;
    let mut page = Some(Sweep {
        limit: 2,
        ..Sweep::default()
    });
    let (mut pages, mut all) = (0, Findings::default());
    while let Some(next) = page {
        let (findings, after) = ground.store.sweep(&next).await.unwrap();
        all.merge(findings);
        page = after;
        pages += 1;
    }
    assert_eq!(pages, 4);
    assert_eq!(
        all.ledger_gaps,
        [
            "Q-1: version 9, 1 ledger lines, the last numbered 1",
            "Q-5: version 9, 1 ledger lines, the last numbered 1",
            "i6: a ledger without an inquiry",
        ]
    );
    assert_eq!(all.projection_differs.len(), 2);
    assert_eq!(all.cards_missing.len(), 2);
}

async fn what_was_never_swept_is_swept_from_the_beginning(ground: Ground) {
    let (findings, next) = ground.store.sweep(&Sweep::default()).await.unwrap();
    assert_eq!((findings.is_clean(), next), (true, None));
}

async fn ids_come_in_pages_and_in_order(ground: Ground) {
    for id in ["b", "a-1", "c", "Z", "あ"] {
        ground.receive(id).await;
    }
    // Byte order on both engines, whatever the locale.
    let mut after = None;
    let mut all = Vec::new();
    loop {
        let page = ground.store.inquiry_ids(after.as_ref(), 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        all.extend(page.into_iter().map(String::from));
    }
    assert_eq!(all, ["Z", "a-1", "b", "c", "あ"]);
}

/// Everything that is kept, in pages of a size.
async fn kept(ground: &Ground, limit: u32) -> Vec<Kept> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = ground.store.kept(after.as_ref(), limit).await.unwrap();
        all.extend(page.all);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

async fn what_is_kept_comes_in_pages_with_all_that_belongs_to_it(ground: Ground) {
    for id in ["b", "a", "Z"] {
        ground.receive(id).await;
    }
    let first = ground.stored("a").await.inquiry;
    ground.commit(claimed(&first, "aoki", second(1))).await;
    let all = kept(&ground, 2).await;
    let ids: Vec<&str> = all.iter().map(|kept| kept.id.as_str()).collect();
    assert_eq!(ids, ["Z", "a", "b"]);
    let Kept {
        row,
        lines,
        timer,
        cards,
        ..
    } = &all[1];
    let row = row.as_ref().unwrap();
    let known = ground.stored("a").await;
    assert_eq!(row.reference, known.reference);
    assert_eq!((row.version, row.stage.as_str()), (2, "active"));
    assert_eq!(row.owner.as_deref(), Some("aoki"));
    assert_eq!((row.deadline, *timer), (known.deadline, known.deadline));
    assert_eq!(row.received_at, second(0));
    let told: Vec<_> = lines
        .iter()
        .map(|line| (line.seq, line.kind.as_str(), line.v, line.at))
        .collect();
    assert_eq!(
        told,
        [(1, "received", 1, second(0)), (2, "claimed", 1, second(1))]
    );
    let card = KeptCard {
        place: crate::testkit::inquiry::place(),
        shown: 0,
        wanted: 2,
    };
    assert_eq!(*cards, [card]);
    for limit in [1, 3, 4] {
        assert_eq!(kept(&ground, limit).await, all, "in pages of {limit}");
    }
}

async fn what_has_no_inquiry_comes_with_the_page_of_its_id(ground: Ground) {
    for id in ["a", "b", "c", "d"] {
        ground.receive(id).await;
    }
    ground
        .harm("delete from inquiries where id in ('b', 'd')")
        .await;
    for limit in [1, 2, 9] {
        let all = kept(&ground, limit).await;
        let told: Vec<_> = all
            .iter()
            .map(|kept| (kept.id.as_str(), kept.row.is_some(), kept.lines.len()))
            .collect();
        assert_eq!(
            told,
            [
                ("a", true, 1),
                ("b", false, 1),
                ("c", true, 1),
                ("d", false, 1)
            ],
            "in pages of {limit}"
        );
    }
}

impl Ground {
    /// Adds lines to the duty book, a second each.
    async fn arrange(&self, events: Vec<DutyEvent>) {
        let lines: Vec<DutyEntry> = (1..)
            .zip(events)
            .map(|(seq, event)| line(seq, event))
            .collect();
        let added = self.store.add_to_duty_book(0, &lines, vec![], None).await;
        assert!(added.unwrap());
    }
}

fn line(seq: u64, event: DutyEvent) -> DutyEntry {
    DutyEntry {
        seq,
        at: second(i64::try_from(seq).unwrap()),
        actor: Actor::Member("aoki".into()),
        via: "desk".to_owned(),
        command_key: None,
        event,
    }
}

fn shift(from: i64) -> Span {
    Span {
        starts_at: second(from),
        ends_at: second(from + 10),
    }
}

fn offer(mine: i64, theirs: i64) -> DutyEvent {
    DutyEvent::SwapOffered {
        rota: "support".to_owned(),
        from: "aoki".into(),
        with: "inoue".into(),
        mine: shift(mine),
        theirs: shift(theirs),
    }
}

async fn a_gap_in_the_duty_book_is_found_on_any_page(ground: Ground) {
    ground
        .arrange((0..7).map(|n| offer(100 + n, 200)).collect())
        .await;
    assert!(ground.findings(0).await.is_clean());
    ground
        .harm("delete from duty_book where seq in (1, 4, 5)")
        .await;
    let gap = |missing, follows| DutyTrouble::Gap { missing, follows };
    let expected = vec![gap(1, 2), gap(5, 6)];
    for limit in [1, 2, 3, 100] {
        let mut page = Some(Sweep {
            limit,
            ..Sweep::default()
        });
        let mut all = Findings::default();
        while let Some(next) = page {
            let (findings, after) = ground.store.sweep(&next).await.unwrap();
            all.merge(findings);
            page = after;
        }
        assert_eq!(all.duty, expected, "in pages of {limit}");
    }
    let lines = ground.findings(0).await.lines();
    assert_eq!(
        lines[1],
        "duty: line 5 of the duty book is missing, 6 follows"
    );
}

async fn lines_of_the_duty_book_come_in_pages_and_unread(ground: Ground) {
    ground
        .arrange((0..3).map(|n| offer(100 + n, 200)).collect())
        .await;
    ground
        .harm("update duty_book set kind = 'teleported', body = '{' where seq = 2")
        .await;
    let page = ground.store.kept_duty_book(0, 2).await.unwrap();
    let told: Vec<_> = page
        .iter()
        .map(|line| (line.seq, line.kind.as_str(), line.at))
        .collect();
    assert_eq!(
        told,
        [(1, "swap_offered", second(1)), (2, "teleported", second(2))]
    );
    assert_eq!(page[1].body, "{");
    assert_eq!(ground.store.kept_duty_book(2, 2).await.unwrap().len(), 1);
    assert_eq!(ground.store.kept_duty_book(3, 2).await.unwrap(), []);
}

async fn swaps_are_followed_by_their_lines_and_looks_by_their_timers(ground: Ground) {
    let DutyEvent::SwapOffered {
        rota,
        from,
        with,
        mine,
        theirs,
    } = offer(400, 300)
    else {
        unreachable!("it is an offer");
    };
    let arranged = DutyEvent::SwapArranged {
        rota,
        from,
        with,
        mine,
        theirs,
    };
    ground
        .arrange(vec![
            offer(100, 200),
            offer(110, 210),
            arranged,
            DutyEvent::SwapReminded { number: 1 },
            DutyEvent::SwapAccepted { number: 1 },
            DutyEvent::SwapForetold {
                number: 1,
                starts_at: second(100),
            },
            DutyEvent::SwapDeclined { number: 2 },
            offer(120, 220),
        ])
        .await;
    for (kind, subject) in [
        (TimerKind::Handoff, "support"),
        (TimerKind::Book, "duty"),
        (TimerKind::Poll, "crm"),
    ] {
        ground
            .store
            .set_timer(kind, subject, second(7))
            .await
            .unwrap();
    }
    let swap = |number, begin: [i64; 2], agreed: Option<i64>| KeptSwap {
        number,
        rota: "support".to_owned(),
        begin: begin.map(second),
        offered_at: second(number),
        agreed_at: agreed.map(second),
        is_reminded: false,
        foretold: Vec::new(),
    };
    let first = KeptSwap {
        is_reminded: true,
        foretold: vec![second(100)],
        ..swap(1, [100, 200], Some(5))
    };
    let timers = [(TimerKind::Book, "duty"), (TimerKind::Handoff, "support")];
    let whole = DutyKept {
        timers: timers
            .map(|(kind, subject)| (kind, subject.to_owned(), second(7)))
            .to_vec(),
        swaps: vec![
            first,
            swap(3, [300, 400], Some(3)),
            swap(8, [120, 220], None),
        ],
        unreadable: Vec::new(),
    };
    let kept = |since| ground.store.audit_duty(second(since));
    assert_eq!(kept(0).await.unwrap(), whole);
    // What was offered before is not asked for, and what is about it is let be.
    assert_eq!(kept(4).await.unwrap().swaps, whole.swaps[2..]);
    for body in ["{", "[]", "{\"number\": \"one\"}"] {
        ground
            .harm(&format!(
                "update duty_book set body = '{body}' where seq = 7"
            ))
            .await;
        assert_eq!(kept(0).await.unwrap().unreadable, [7], "{body}");
    }
}
