//! Lists: what the filters find, in which order, and how many.

use super::{Ground, both};
use crate::app::ports::ListFilter;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::{CloseReason, Event, PolicyHash};
use crate::testkit::inquiry::{claimed, happened, received, second};

both! {
    a_list_is_ordered_by_deadline_then_reference
    filters_find_what_they_name
    a_page_skips_and_stops
    every_inquiry_of_a_filter_comes_at_once
    words_are_found_in_anything_that_was_said
    the_policies_of_open_inquiries_are_told
    what_was_received_in_a_window_comes_in_pages
}

impl Ground {
    async fn listed(&self, filter: &ListFilter) -> Vec<String> {
        let found = self.store.list(filter).await.unwrap();
        found
            .into_iter()
            .map(|stored| stored.inquiry.id.into())
            .collect()
    }
}

fn everything() -> ListFilter {
    ListFilter {
        limit: 500,
        ..ListFilter::default()
    }
}

async fn a_list_is_ordered_by_deadline_then_reference(ground: Ground) {
    for (id, due) in [
        ("z", Some(9)),
        ("y", None),
        ("x", Some(3)),
        ("w", Some(9)),
        ("v", None),
    ] {
        let mut changes = received(id, id, second(0));
        changes.deadline = due.map(second);
        ground.commit(changes).await;
    }
    assert_eq!(
        ground.listed(&everything()).await,
        ["x", "z", "w", "y", "v"]
    );
}

async fn filters_find_what_they_name(ground: Ground) {
    for n in 0..4 {
        ground
            .commit(received(&format!("i{n}"), &format!("T-{n}"), second(n)))
            .await;
    }
    let mut sales = received("s", "T-s", second(9));
    sales.inquiry.queue = "sales".into();
    ground.commit(sales).await;
    let of = async |id: &str| ground.stored(id).await.inquiry;
    ground
        .commit(claimed(&of("i1").await, "aoki", second(10)))
        .await;
    let closed = Event::Closed {
        reason: CloseReason::Duplicate,
        note: None,
        is_unanswered: false,
    };
    let mut done = happened(&of("i2").await, vec![closed], second(10));
    done.deadline = None;
    ground.commit(done).await;

    type Ask = fn(&mut ListFilter);
    let cases: [(Ask, &[&str]); 10] = [
        (|_| {}, &["i0", "i3", "s", "i1", "i2"]),
        (
            |f| f.queue = Some("support".to_owned()),
            &["i0", "i3", "i1", "i2"],
        ),
        (|f| f.queue = Some("nobody's".to_owned()), &[]),
        (|f| f.owner = Some("aoki".into()), &["i1"]),
        (|f| f.is_open = Some(true), &["i0", "i3", "s", "i1"]),
        (|f| f.is_open = Some(false), &["i2"]),
        (|f| f.is_unclaimed = Some(true), &["i0", "i3", "s", "i2"]),
        (|f| f.is_unclaimed = Some(false), &["i1"]),
        (
            |f| {
                f.received_from = Some(second(1));
                f.received_until = Some(second(3));
            },
            &["i1", "i2"],
        ),
        (
            |f| {
                f.queue = Some("support".to_owned());
                f.is_open = Some(true);
                f.is_unclaimed = Some(true);
                f.received_from = Some(second(1));
            },
            &["i3"],
        ),
    ];
    for (n, (ask, expected)) in cases.into_iter().enumerate() {
        let mut filter = everything();
        ask(&mut filter);
        assert_eq!(ground.listed(&filter).await, expected, "case {n}");
        let count = ground.store.count(&filter).await.unwrap();
        assert_eq!(count, expected.len() as u64, "case {n}");
    }
}

async fn a_page_skips_and_stops(ground: Ground) {
    for n in 0..5 {
        ground
            .commit(received(&format!("i{n}"), &format!("T-{n}"), second(n)))
            .await;
    }
    let page = async |limit, offset| {
        let filter = ListFilter {
            limit,
            offset,
            ..ListFilter::default()
        };
        assert_eq!(ground.store.count(&filter).await.unwrap(), 5);
        ground.listed(&filter).await
    };
    assert_eq!(page(2, 0).await, ["i0", "i1"]);
    assert_eq!(page(2, 4).await, ["i4"]);
    assert_eq!(page(0, 0).await, ["i0"], "a limit is at least one");
    assert_eq!(page(9999, 0).await.len(), 5);
}

async fn the_policies_of_open_inquiries_are_told(ground: Ground) {
    let policy = |name: &str| PolicyHash(name.to_owned());
    for (n, (queue, hash)) in [
        ("support", "old"),
        ("support", "new"),
        ("support", "old"),
        ("sales", "old"),
        ("sales", "gone"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut new = received(&format!("i{n}"), &format!("T-{n}"), second(0));
        new.inquiry.queue = queue.into();
        new.inquiry.policy = policy(hash);
        ground.commit(new).await;
    }
    // Closed ones follow nothing any more.
    let closed = Event::Closed {
        reason: CloseReason::Duplicate,
        note: None,
        is_unanswered: false,
    };
    let mut done = happened(&ground.stored("i4").await.inquiry, vec![closed], second(1));
    done.deadline = None;
    ground.commit(done).await;
    let pairs = |pairs: &[(&str, &str)]| -> Vec<_> {
        let pair = |(queue, hash): &(&str, &str)| ((*queue).into(), policy(hash));
        pairs.iter().map(pair).collect()
    };
    assert_eq!(
        ground.store.policies_in_use().await.unwrap(),
        pairs(&[("sales", "old"), ("support", "new"), ("support", "old")])
    );
    let under = async |after: Option<&str>, limit| {
        let after = after.map(InquiryId::from);
        let store = &ground.store;
        store
            .open_under(&"support".into(), &policy("old"), after.as_ref(), limit)
            .await
            .unwrap()
    };
    assert_eq!(under(None, 9).await, ["i0".into(), "i2".into()]);
    assert_eq!(under(None, 1).await, ["i0".into()]);
    assert_eq!(under(Some("i0"), 9).await, ["i2".into()]);

    // It is what the inquiry follows now that counts.
    let changed = Event::PolicyChanged {
        from: policy("old"),
        to: policy("new"),
        moved: Vec::new(),
    };
    let mut more = happened(&ground.stored("i0").await.inquiry, vec![changed], second(1));
    more.deadline = Some(second(9));
    ground.commit(more).await;
    assert_eq!(under(None, 9).await, ["i2".into()]);
}

async fn what_was_received_in_a_window_comes_in_pages(ground: Ground) {
    for (id, at) in [("c", 10), ("a", 19), ("d", 20), ("b", 15), ("e", 9)] {
        let changes = received(id, id, second(at));
        ground.store.commit(changes).await.unwrap();
    }
    let mut found = Vec::new();
    let mut after: Option<InquiryId> = None;
    loop {
        let page = ground
            .store
            .received_between(second(10), second(20), after.as_ref(), 2)
            .await
            .unwrap();
        let Some((last, _)) = page.last() else { break };
        assert!(page.len() <= 2);
        after = Some(last.clone());
        found.extend(page.into_iter().map(|(id, no)| format!("{id} {no}")));
    }
    // As they were received; the end is exclusive, and the number is the inquiry's own.
    assert_eq!(found, ["c Q-1", "b Q-4", "a Q-2"]);
}

/// More than any page holds.
async fn words_are_found_in_anything_that_was_said(ground: Ground) {
    for (id, said) in [
        ("a", "ORA-00942: 表またはビューが存在しません"),
        ("b", "ＯＲＡ-00942 全角"),
        ("c", "100% of _all_ it's \\ gone!"),
        ("d", "Ora-00942 again"),
    ] {
        let mut changes = received(id, id, second(0));
        changes
            .texts
            .push((format!("said-{id}").into(), said.to_owned()));
        ground.commit(changes).await;
    }
    for (words, expected) in [
        ("ora-00942", &["d", "a"][..]),
        ("表またはビュー", &["a"]),
        ("ＯＲＡ", &["b"]),
        ("100% of", &["c"]),
        ("_all_", &["c"]),
        ("it's \\ gone!", &["c"]),
        ("1000", &[]),
        ("%", &["c"]),
    ] {
        let filter = ListFilter {
            text: Some(words.to_owned()),
            ..everything()
        };
        assert_eq!(ground.listed(&filter).await, expected, "{words}");
        let count = ground.store.count(&filter).await.unwrap();
        assert_eq!(count as usize, expected.len(), "{words}");
    }
}

async fn every_inquiry_of_a_filter_comes_at_once(ground: Ground) {
    for n in 0..501 {
        let mut changes = received(&format!("i{n:03}"), &format!("T-{n}"), second(n));
        changes.deadline = Some(second(1_000 - n));
        ground.commit(changes).await;
    }
    let mut sales = received("s", "T-s", second(9));
    sales.inquiry.queue = "sales".into();
    ground.commit(sales).await;
    let filter = ListFilter {
        queue: Some("support".to_owned()),
        limit: 2,
        offset: 7,
        ..ListFilter::default()
    };
    let found = ground.store.every(&filter).await.unwrap();
    let found = found.into_iter().map(|one| one.inquiry.id.to_string());
    let mut all: Vec<String> = (0..501).map(|n| format!("i{n:03}")).collect();
    all.reverse();
    assert_eq!(found.collect::<Vec<_>>(), all);
}
