#![allow(clippy::unwrap_used)]

mod order;

use crate::app::ports::{Mapped, MappedMessage, Reference, SeenMark, SeenWrite, Side};
use crate::app::seen::Seen;
use crate::domain::inquiry::{Clock, CloseReason, Ending, Event, Inquiry, Stage, There};
use crate::testkit::world::{World, tokyo, usual};

const RECEIPT: &str = "2026-11-24 10:00";

/// A document of a revision: `changed` lays the rest over the usual one.
fn at(revision: u32, change: impl FnOnce(&mut Mapped)) -> Mapped {
    let mut mapped = usual("A-1");
    mapped.revision = Some(revision.to_string());
    change(&mut mapped);
    mapped
}

fn open(revision: u32) -> Mapped {
    at(revision, |_| {})
}

fn closed(revision: u32) -> Mapped {
    at(revision, |mapped| mapped.is_closed = true)
}

/// Nothing but an id, as a deletion comes.
fn deleted() -> Mapped {
    at(0, |mapped| {
        mapped.revision = None;
        mapped.title = String::new();
        mapped.body = None;
        mapped.is_deleted = true;
    })
}

async fn comes(world: &World, mapped: Mapped) {
    comes_by(world, mapped, "hook").await;
}

async fn comes_by(world: &World, mapped: Mapped, via: &str) {
    world.app.receive(mapped, via).await.unwrap();
    world.settle().await;
}

async fn inquiry(world: &World) -> Inquiry {
    let stored = world.app.store.by_reference(Reference(1)).await;
    stored.unwrap().unwrap().inquiry
}

async fn kinds(world: &World) -> Vec<&'static str> {
    let ledger = world.app.store.ledger(&inquiry(world).await.id).await;
    let ledger = ledger.unwrap();
    ledger.iter().map(|entry| entry.event.kind()).collect()
}

fn stage(inquiry: &Inquiry) -> &'static str {
    match &inquiry.stage {
        Stage::Active { .. } => "active",
        Stage::Waiting { .. } => "waiting",
        Stage::Resolved { .. } => "resolved",
        Stage::Closed { reason, .. } => match reason {
            CloseReason::AtSource => "closed there",
            CloseReason::Gone => "gone",
            CloseReason::Agreed
            | CloseReason::Silence
            | CloseReason::Duplicate
            | CloseReason::Refused
            | CloseReason::Spam
            | CloseReason::OutOfScope => "closed here",
        },
    }
}

/// What becomes of an inquiry that nobody has touched, by what comes in this order.
async fn check(documents: Vec<Mapped>, expected: (&str, There), ledger: &[&str]) {
    let world = World::at(RECEIPT).await;
    for mapped in documents {
        comes(&world, mapped).await;
    }
    let inquiry = inquiry(&world).await;
    assert_eq!((stage(&inquiry), inquiry.there()), expected);
    assert_eq!(kinds(&world).await, ledger);
    world.end().await;
}

#[tokio::test]
async fn an_update_of_an_unknown_item_creates_it_as_it_is_then() {
    check(vec![open(7)], ("active", There::Open), &["received"]).await;
    check(
        vec![open(7), at(3, |mapped| mapped.title = "古い".to_owned())],
        ("active", There::Open),
        &["received"],
    )
    .await;
}

#[tokio::test]
async fn what_is_closed_when_it_is_first_met_ends_at_once_and_calls_nobody() {
    let all = ["received", "found_there", "closed"];
    check(vec![closed(2)], ("closed there", There::Closed), &all).await;
    check(
        vec![closed(2), open(1)],
        ("closed there", There::Closed),
        &all,
    )
    .await;
    let world = World::at(RECEIPT).await;
    comes(&world, closed(2)).await;
    let posts = world.chat.posts();
    assert!(!posts.is_empty());
    assert!(posts.iter().all(|post| post.mentions.is_empty()));
    world.end().await;
}

#[tokio::test]
async fn the_state_at_the_source_is_followed_there_and_back() {
    let closed_there = ["received", "found_there", "closed"];
    check(
        vec![open(1), closed(2), closed(2), closed(3)],
        ("closed there", There::Closed),
        &closed_there,
    )
    .await;
    check(
        vec![open(1), closed(2), open(1)],
        ("closed there", There::Closed),
        &closed_there,
    )
    .await;
    check(
        vec![open(1), closed(2), open(3)],
        ("active", There::Open),
        &[
            "received",
            "found_there",
            "closed",
            "found_there",
            "reopened",
        ],
    )
    .await;
    check(
        vec![open(1), open(3), closed(2)],
        ("active", There::Open),
        &["received"],
    )
    .await;
}

#[tokio::test]
async fn what_is_gone_and_untouched_closes_and_what_somebody_has_stays() {
    let gone = ["received", "found_there", "closed"];
    check(vec![open(1), deleted()], ("gone", There::Gone), &gone).await;
    check(
        vec![open(1), deleted(), deleted(), open(1)],
        ("gone", There::Gone),
        &gone,
    )
    .await;
    check(
        vec![open(1), deleted(), open(2)],
        ("active", There::Open),
        &[
            "received",
            "found_there",
            "closed",
            "found_there",
            "reopened",
        ],
    )
    .await;

    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    world.says("aoki", "claim Q-1").await;
    comes(&world, deleted()).await;
    let state = inquiry(&world).await;
    assert_eq!((stage(&state), state.there()), ("active", There::Gone));
    assert_eq!(state.holder(), Some(&"aoki".into()));
    let told = world.chat.posts();
    assert_eq!(told.last().unwrap().mentions, ["aoki".into()]);
    let said = world.says("aoki", "close Q-1 gone").await;
    assert_eq!(stage(&inquiry(&world).await), "gone", "{said}");
    world.end().await;
}

#[tokio::test]
async fn what_is_deleted_and_was_never_known_leaves_nothing() {
    let world = World::at(RECEIPT).await;
    comes(&world, deleted()).await;
    let found = world.app.store.by_external(&"crm".into(), "A-1").await;
    assert_eq!(found.unwrap(), None);
    world.end().await;
}

#[tokio::test]
async fn what_is_fetched_is_there_whatever_its_revision() {
    let world = World::at(RECEIPT).await;
    comes_by(&world, open(1), "poll").await;
    comes(&world, deleted()).await;
    comes(&world, open(1)).await;
    assert_eq!(inquiry(&world).await.there(), There::Gone, "a redelivery");
    comes_by(&world, open(1), "poll").await;
    let state = inquiry(&world).await;
    assert_eq!((stage(&state), state.there()), ("active", There::Open));
    world.end().await;
}

#[tokio::test]
async fn our_own_end_is_not_undone_by_a_source_that_was_not_told() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "close Q-1 duplicate").await;
    let before = kinds(&world).await;
    // It is open there, has always been, and goes on being edited.
    for (revision, via) in [(1, "poll"), (2, "hook"), (3, "poll"), (4, "hook")] {
        comes_by(&world, open(revision), via).await;
    }
    assert_eq!(kinds(&world).await, before);
    world.end().await;
}

#[tokio::test]
async fn an_item_that_opens_again_after_our_end_asks_its_owner_once() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    world.says("aoki", "claim Q-1").await;
    world.says("aoki", "close Q-1 duplicate").await;
    comes(&world, closed(2)).await;
    let before = world.chat.posts().len();
    comes(&world, open(3)).await;
    let state = inquiry(&world).await;
    assert_eq!((stage(&state), state.there()), ("closed here", There::Open));
    assert!(state.run(Clock::NextResponse).is_some());
    let told: Vec<_> = world.chat.posts()[before..]
        .iter()
        .filter(|post| !post.mentions.is_empty())
        .map(|post| post.mentions.clone())
        .collect();
    assert_eq!(told, [vec!["aoki".into()]]);
    comes(&world, closed(4)).await;
    comes(&world, open(5)).await;
    let mentions = world.chat.posts().into_iter().skip(before);
    let mentions = mentions.filter(|post| !post.mentions.is_empty());
    assert_eq!(mentions.count(), 1, "they are told once");
    world.says("aoki", "no-answer-needed Q-1").await;
    assert!(inquiry(&world).await.run(Clock::NextResponse).is_none());
    world.end().await;
}

#[tokio::test]
async fn an_item_that_opens_long_after_its_end_is_an_inquiry_of_its_own() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    comes(&world, closed(2)).await;
    world.until("2027-02-01 10:00").await;
    comes(&world, at(3, |mapped| mapped.title = "再発".to_owned())).await;
    comes(&world, at(3, |mapped| mapped.title = "再発".to_owned())).await;
    let next = async || {
        let next = world.app.store.by_external(&"crm".into(), "A-1~2").await;
        next.unwrap().map(|stored| stored.inquiry)
    };
    let old = inquiry(&world).await;
    assert_eq!((stage(&old), old.there()), ("closed there", There::Open));
    let new = next().await.unwrap();
    assert_eq!((stage(&new), &new.follows), ("active", &Some(old.id)));
    // From now on that stands for the item.
    comes(
        &world,
        at(4, |mapped| mapped.severity = Some("S1".to_owned())),
    )
    .await;
    assert_eq!(
        next().await.unwrap().facts.severity,
        crate::domain::inquiry::Severity::S1
    );
    comes(&world, closed(5)).await;
    assert_eq!(stage(&next().await.unwrap()), "closed there");
    comes(&world, open(6)).await;
    assert_eq!(stage(&next().await.unwrap()), "active");
    comes(&world, deleted()).await;
    assert_eq!(stage(&next().await.unwrap()), "gone");
    let third = world.app.store.by_external(&"crm".into(), "A-1~3").await;
    assert_eq!(third.unwrap(), None);
    world.end().await;
}

#[tokio::test]
async fn an_id_that_is_given_to_another_item_is_told_to_the_duty_once_and_overwrites_nothing() {
    let other = |revision| {
        at(revision, |mapped| {
            mapped.title = "印刷できない".to_owned();
            mapped.requester = Some("伊藤".to_owned());
            mapped.customer = Some("ひまわり工業".to_owned());
        })
    };
    let world = World::at(RECEIPT).await;
    comes(&world, open(8)).await;
    let before = inquiry(&world).await.facts;
    for _ in 0..3 {
        comes(&world, other(1)).await;
    }
    let state = inquiry(&world).await;
    assert_eq!(state.facts, before);
    assert_eq!(kinds(&world).await, ["received", "id_reused"]);
    let last = world.chat.posts().pop().unwrap();
    assert_eq!(last.mentions, ["ueda".into()]);
    // What the item itself once was is only old.
    comes(&world, other(9)).await;
    comes(&world, open(2)).await;
    let ledger = world.app.store.ledger(&state.id).await.unwrap();
    let flagged = ledger
        .iter()
        .filter(|entry| matches!(entry.event, Event::IdReused { .. }));
    assert_eq!(flagged.count(), 1);
    world.end().await;
}

#[tokio::test]
async fn the_same_item_of_two_sources_is_two_inquiries() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    comes(&world, at(1, |mapped| mapped.source = "mute".into())).await;
    let second = world.app.store.by_reference(Reference(2)).await;
    assert_eq!(
        second.unwrap().unwrap().inquiry.origin.source,
        "mute".into()
    );
    world.end().await;
}

#[tokio::test]
async fn a_reopening_here_stands_against_the_state_of_before() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    comes(&world, closed(2)).await;
    world.until("2026-11-24 10:30").await;
    world.says("aoki", "reopen Q-1").await;
    for via in ["poll", "hook", "poll"] {
        comes_by(&world, closed(2), via).await;
    }
    comes(
        &world,
        at(3, |mapped| {
            mapped.is_closed = true;
            mapped.changed_at = Some(tokyo("2026-11-24 10:20"));
        }),
    )
    .await;
    assert_eq!(stage(&inquiry(&world).await), "active");
    comes(
        &world,
        at(4, |mapped| {
            mapped.is_closed = true;
            mapped.changed_at = Some(tokyo("2026-11-24 10:31"));
        }),
    )
    .await;
    assert_eq!(stage(&inquiry(&world).await), "closed there");
    world.end().await;
}

/// An item of before the receipt, given to somebody there.
fn given(revision: u32, minute: u32, owner: &str) -> Mapped {
    at(revision, |mapped| {
        mapped.changed_at = Some(tokyo(&format!("2026-11-24 09:{minute}")));
        mapped.owner = Some(owner.to_owned());
    })
}

/// Who has an item that was filed at 09:10, given to Aoki at 09:15 and to Inoue at 09:20, and met at 10:00 in this order.
async fn holder_after(documents: Vec<Mapped>) -> Option<String> {
    let world = long_known(RECEIPT).await;
    for mapped in documents {
        comes(&world, mapped).await;
    }
    let holder = inquiry(&world).await.holder().map(ToString::to_string);
    world.end().await;
    holder
}

#[tokio::test]
async fn what_was_given_there_before_the_receipt_is_heard_after_it() {
    let first = || given(1, 10, "nobody of ours");
    let (aoki, inoue) = (|| given(2, 15, "aoki"), || given(3, 20, "井上"));
    let holder = Some("aoki".to_owned());
    assert_eq!(holder_after(vec![first(), aoki()]).await, holder);
    let holder = Some("inoue".to_owned());
    assert_eq!(holder_after(vec![first(), aoki(), inoue()]).await, holder);
    assert_eq!(holder_after(vec![inoue(), aoki()]).await, holder);
}

#[tokio::test]
async fn without_a_revision_what_changed_later_is_open_again_however_late_it_is_told() {
    let told = |minute: u32, is_closed: bool| {
        let mut mapped = given(1, minute, "nobody of ours");
        mapped.revision = None;
        mapped.is_closed = is_closed;
        mapped
    };
    let world = long_known(RECEIPT).await;
    for (minute, is_closed, expected) in [
        (10, false, "active"),
        (15, true, "closed there"),
        // A page that was under way when it closed.
        (10, false, "closed there"),
        (20, false, "active"),
    ] {
        comes_by(&world, told(minute, is_closed), "poll").await;
        assert_eq!(stage(&inquiry(&world).await), expected, "09:{minute}");
    }
    world.end().await;
}

#[tokio::test]
async fn an_item_that_claims_to_be_changed_in_the_future_can_still_be_closed() {
    let world = World::at(RECEIPT).await;
    let changed = |mapped: &mut Mapped, at: &str| {
        mapped.revision = None;
        mapped.changed_at = Some(tokyo(at));
    };
    comes(&world, at(0, |it| changed(it, "2027-11-24 10:00"))).await;
    let again = |it: &mut Mapped| {
        it.title.push('!');
        changed(it, "2027-11-24 10:00");
    };
    world.until("2026-11-24 10:10").await;
    comes(&world, at(0, again)).await;
    world.until("2026-11-24 10:30").await;
    let closes = |it: &mut Mapped| {
        it.is_closed = true;
        changed(it, "2026-11-24 10:20");
    };
    comes(&world, at(0, closes)).await;
    assert_eq!(stage(&inquiry(&world).await), "closed there");
    world.end().await;
}

/// A desk that has known its source for long, and so takes what was given there at any time.
async fn long_known(wall: &str) -> World {
    let since = "secret_env = \"CRM\"\nsince = 2026-11-01";
    let config = crate::testkit::world::STORY.replacen("secret_env = \"CRM\"", since, 1);
    World::with(&config, wall).await
}

/// An item as it was last changed at a time, and whom it names then.
fn named(time: &str, owner: Option<&str>) -> Mapped {
    at(0, |mapped| {
        mapped.revision = Some(time.to_owned());
        mapped.changed_at = Some(tokyo(&format!("2026-11-24 {time}")));
        mapped.owner = owner.map(str::to_owned);
    })
}

/// Who has an item that names Aoki at its receipt and is taken over by Inoue at 10:10, after what comes then.
async fn holder_after_a_take_over(documents: &[Mapped], via: &str, expected: &str) {
    let world = World::at(RECEIPT).await;
    comes_by(&world, named("10:00", Some("aoki")), via).await;
    world.until("2026-11-24 10:10").await;
    world.says("inoue", "take-over Q-1 休みなので").await;
    for mapped in documents {
        world.clock.set(mapped.changed_at.unwrap());
        comes_by(&world, mapped.clone(), via).await;
    }
    let holder = inquiry(&world).await.holder().map(ToString::to_string);
    assert_eq!(holder.as_deref(), Some(expected), "{via} {documents:#?}");
    world.end().await;
}

#[tokio::test]
async fn a_name_that_stood_there_before_takes_nothing_from_whoever_took_it_here() {
    for via in ["poll", "hook"] {
        // Our own note, a reply, any edit: the item changes, and the name is what it was.
        let edits = [named("10:11", Some("aoki")), named("11:00", Some("aoki"))];
        holder_after_a_take_over(&edits, via, "inoue").await;
        let given = [
            named("10:11", Some("aoki")),
            named("10:20", Some("上田")),
            named("10:30", Some("上田")),
        ];
        holder_after_a_take_over(&given, via, "ueda").await;
        let back = [named("10:11", None), named("10:20", Some("aoki"))];
        holder_after_a_take_over(&back, via, "aoki").await;
    }
}

#[tokio::test]
async fn a_name_that_looks_older_than_what_was_done_here_is_heard_with_the_next_change() {
    let world = World::at(RECEIPT).await;
    comes_by(&world, named("10:00", None), "poll").await;
    world.until("2026-11-24 10:05:10").await;
    world.says("aoki", "claim Q-1").await;
    // Given there half a minute later, by a clock of whole minutes.
    world.until("2026-11-24 10:06").await;
    comes_by(&world, named("10:05", Some("井上")), "poll").await;
    assert_eq!(inquiry(&world).await.holder(), Some(&"aoki".into()));
    comes_by(&world, named("10:06", Some("井上")), "poll").await;
    assert_eq!(inquiry(&world).await.holder(), Some(&"inoue".into()));
    world.end().await;
}

#[tokio::test]
async fn what_one_way_never_tells_is_not_taken_back_by_the_other() {
    let world = World::at(RECEIPT).await;
    comes_by(&world, named("10:00", Some("aoki")), "poll").await;
    world.until("2026-11-24 10:10").await;
    world.says("inoue", "take-over Q-1 休みなので").await;
    world.until("2026-11-24 10:30").await;
    for (time, via) in [
        ("10:11", "hook"),
        ("10:12", "poll"),
        ("10:13", "hook"),
        ("10:14", "poll"),
    ] {
        comes_by(
            &world,
            named(time, Some("aoki").filter(|_| via == "poll")),
            via,
        )
        .await;
    }
    assert_eq!(inquiry(&world).await.holder(), Some(&"inoue".into()));
    world.end().await;
}

#[tokio::test]
async fn whom_we_wrote_there_ourselves_takes_nothing_back() {
    let world = World::at(RECEIPT).await;
    comes_by(&world, named("10:00", None), "poll").await;
    world.until("2026-11-24 10:10").await;
    world.says("aoki", "claim Q-1").await;
    world.until("2026-11-24 10:11").await;
    world.says("inoue", "take-over Q-1 休みなので").await;
    // The name is of the claim, the change of what was written after it.
    world.until("2026-11-24 10:12").await;
    comes_by(&world, named("10:11:30", Some("aoki")), "poll").await;
    assert_eq!(inquiry(&world).await.holder(), Some(&"inoue".into()));
    comes_by(&world, named("10:11:40", Some("井上")), "poll").await;
    world.until("2026-11-24 10:20").await;
    comes_by(&world, named("10:20", Some("aoki")), "poll").await;
    assert_eq!(inquiry(&world).await.holder(), Some(&"aoki".into()));
    world.end().await;
}

#[tokio::test]
async fn a_mark_of_before_names_were_kept_neither_takes_nor_loses_hands() {
    for (name, holder) in [("aoki", "inoue"), ("上田", "ueda")] {
        let world = World::at(RECEIPT).await;
        comes_by(&world, named("10:00", Some("aoki")), "poll").await;
        world.until("2026-11-24 10:10").await;
        world.says("inoue", "take-over Q-1 休みなので").await;
        let items = ["A-1".to_owned()];
        let known = world.app.store.known(&"crm".into(), &items).await.unwrap();
        let known = &known["A-1"];
        let mut seen = Seen::read(known.seen.as_deref());
        seen.named = None;
        let write = SeenWrite {
            expected: known.seen.clone(),
            seen: Some(seen.write()),
            mark: None,
        };
        let mark = SeenMark {
            inquiry: known.stored.inquiry.id.clone(),
            version: known.stored.inquiry.seq,
            write,
        };
        assert_eq!(world.app.store.mark_seen(vec![mark]).await.unwrap(), [true]);
        world.until("2026-11-24 10:20").await;
        comes_by(&world, named("10:20", Some(name)), "poll").await;
        assert_eq!(inquiry(&world).await.holder(), Some(&holder.into()));
        world.end().await;
    }
}

#[tokio::test]
async fn a_detail_that_fails_once_takes_nothing_away() {
    let world = World::at(RECEIPT).await;
    let whole = |revision| {
        at(revision, |mapped| {
            mapped.severity = Some("urgent!".to_owned());
            mapped.needed_by = Some(tokyo("2026-12-01 10:00"));
            mapped.business_stopped = true;
            mapped.intake.error_text = Some("E-42".to_owned());
            mapped.intake.settings_checked = Some("yes".to_owned());
            mapped.odd = vec![("needed_by".to_owned(), "soon".to_owned())];
        })
    };
    let lacking = |revision| {
        at(revision, |mapped| {
            *mapped = Mapped {
                title: mapped.title.clone(),
                revision: mapped.revision.clone(),
                is_partial: true,
                body: None,
                requester: None,
                customer: None,
                plan: None,
                product: None,
                severity: None,
                ..usual("A-1")
            }
        })
    };
    comes_by(&world, whole(1), "poll").await;
    let before = inquiry(&world).await;
    assert_eq!(before.facts.flags.len(), 2);
    for mapped in [lacking(2), whole(2), lacking(3), lacking(4), whole(5)] {
        comes_by(&world, mapped, "poll").await;
        let after = inquiry(&world).await;
        assert_eq!((after.seq, &after.facts), (before.seq, &before.facts));
    }
    // What it does say is taken, and what has all its details says all there is.
    let mut titled = lacking(6);
    titled.title = "別の件名".to_owned();
    comes_by(&world, titled.clone(), "poll").await;
    let after = inquiry(&world).await.facts;
    assert_ne!(after.title, before.facts.title);
    assert_eq!(after.body, before.facts.body);
    titled.is_partial = false;
    comes_by(&world, titled, "poll").await;
    let after = inquiry(&world).await.facts;
    assert_eq!((after.body, after.needed_by), (None, None));
    world.end().await;
}

#[tokio::test]
async fn a_revision_of_a_time_that_is_still_to_come_holds_up_nothing() {
    let world = World::at(RECEIPT).await;
    let revised = |revision: &str, title: &str| {
        at(0, |mapped| {
            mapped.revision = Some(revision.to_owned());
            mapped.title = title.to_owned();
        })
    };
    let title = async || {
        let id = inquiry(&world).await.facts.title;
        let texts = world.app.store.texts(std::slice::from_ref(&id)).await;
        texts.unwrap()[&id].clone()
    };
    // Wall time written as if it were UTC: nine hours ahead.
    comes_by(&world, revised("2026-11-24T10:00:00Z", "一"), "poll").await;
    for (revision, said) in [
        ("2026-11-24T01:01:00Z", "二"),
        ("2026-11-24T01:02:00Z", "三"),
        // What is ordered again keeps its order.
        ("2026-11-24T01:00:30Z", "三"),
        ("2027-11-24T01:00:30Z", "四"),
        ("2026-11-24T01:03:00Z", "五"),
    ] {
        let given = if said == "三" && revision.ends_with("30Z") {
            "古い"
        } else {
            said
        };
        comes_by(&world, revised(revision, given), "poll").await;
        assert_eq!(title().await, said, "{revision}");
    }
    world.end().await;
}

#[tokio::test]
async fn an_answer_that_comes_in_the_document_that_closes_it_was_given_in_time() {
    let world = World::at(RECEIPT).await;
    comes(&world, open(1)).await;
    world.until("2026-11-24 10:30").await;
    let solved = at(2, |mapped| {
        mapped.is_closed = true;
        mapped.messages = vec![MappedMessage {
            id: "m1".to_owned(),
            by: Side::Team,
            at: tokyo("2026-11-24 10:20"),
            text: "再起動で直ります".to_owned(),
        }];
    });
    comes_by(&world, solved, "poll").await;
    let inquiry = inquiry(&world).await;
    assert_eq!(stage(&inquiry), "closed there");
    let first = inquiry.ended.iter();
    let first: Vec<_> = first
        .filter(|ended| ended.run.clock == Clock::FirstResponse)
        .map(|ended| (ended.how, ended.ended_at))
        .collect();
    assert_eq!(first, [(Ending::Met, tokyo("2026-11-24 10:20"))]);
    world.end().await;
}
