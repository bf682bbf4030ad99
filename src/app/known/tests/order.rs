//! However deliveries and polls of the same items come together, the desk ends in the same state.
//!
//! The same state is, of each item: its words and its severity, whether the inquiry is open, how the item stands there as far
//! as known, every message of the requester and of the team once, and who has it. Who has it is compared where the source
//! settles it: where its last word names one of us, or none of its words ever did. That it names nobody, or a stranger, takes it from
//! no one; so whoever was named before keeps it if that word arrived, and not if it was passed over. The same goes for
//! whether what is gone is still open: it is, if somebody had it.
//!
//! Not part of it: how long the ledger is, when clocks started and ended (a word that comes late starts nothing in the past), who
//! was told what, and messages that stood in the first document, which belong to the inquiry itself.

use crate::app::ports::{Mapped, MappedMessage, Page, PollError, Poller, Side, SourceState};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::{Event, Facts, There};
use crate::testkit::world::{STORY, World, tokyo, usual};
use crate::time::{SignedDuration, Timestamp, plus};
use async_trait::async_trait;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

const ITEMS: [&str; 2] = ["A-1", "B-2"];

/// How the source tells states apart.
#[derive(Clone, Copy, Debug)]
enum Revisions {
    /// Each state has one of its own.
    Each,
    /// Two states in a row share one, as times in whole seconds do.
    Shared,
    None,
}

/// What the source says of when its items changed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Times {
    /// Nothing.
    None,
    /// Every word arrives in the hour after the last change: an outage, a queue that was long.
    Late,
}

/// How an item is found at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    There,
    /// It says so itself.
    Deleted,
    /// Whole looks do not show it any more.
    Missing,
}

/// One state of an item at its source.
#[derive(Clone, Debug)]
struct State {
    title: u8,
    severity: &'static str,
    is_closed: bool,
    /// The name of whoever has it there: one of us, a stranger, or nobody.
    owner: Option<&'static str>,
    /// Who wrote what since the state before.
    message: Option<Side>,
}

/// Something that reaches the desk.
#[derive(Clone, Debug)]
enum Step {
    /// A delivery of a state of an item, perhaps an old one, perhaps again.
    Hook(usize, usize),
    /// A page with states of both items, as old as may be.
    Poll(usize, usize),
    /// A whole look at a list in which an item is missing.
    Look(usize),
    /// A delivery that says that an item is gone; it is there again afterwards.
    Gone(usize),
}

type Histories = [Vec<State>; 2];

fn states() -> impl Strategy<Value = Vec<State>> {
    let side = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Side::Requester)),
        1 => Just(Some(Side::Team)),
    ];
    let owner = prop_oneof![
        2 => Just(None),
        2 => Just(Some("aoki")),
        2 => Just(Some("井上")),
        1 => Just(Some("stranger")),
    ];
    let state = (
        0u8..3,
        prop::sample::select(vec!["S1", "S2", "S3"]),
        prop::bool::weighted(0.3),
        owner,
        side,
    );
    let state = state.prop_map(|(title, severity, is_closed, owner, message)| State {
        title,
        severity,
        is_closed,
        owner,
        message,
    });
    prop::collection::vec(state, 1..5)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0usize..2, 0usize..8).prop_map(|(item, state)| Step::Hook(item, state)),
        2 => (0usize..8, 0usize..8).prop_map(|(a, b)| Step::Poll(a, b)),
        1 => (0usize..2).prop_map(Step::Look),
        1 => (0usize..2).prop_map(Step::Gone),
    ];
    prop::collection::vec(step, 0..14)
}

/// The document of a state; a place beyond the last is the last.
fn document(
    history: &[State],
    item: usize,
    place: usize,
    (revisions, times): (Revisions, Times),
) -> Mapped {
    let place = place.min(history.len() - 1);
    let state = &history[place];
    let mut mapped = usual(ITEMS[item]);
    mapped.revision = match revisions {
        Revisions::Each => Some((place + 1).to_string()),
        Revisions::Shared => Some((place / 2 + 1).to_string()),
        Revisions::None => None,
    };
    mapped.title = format!("件名{}", state.title);
    mapped.severity = Some(state.severity.to_owned());
    mapped.is_closed = state.is_closed;
    mapped.owner = state.owner.map(str::to_owned);
    if times == Times::Late {
        mapped.changed_at = Some(changed(place));
        return mapped;
    }
    let said = history[..=place].iter().enumerate();
    mapped.messages = said
        .filter_map(|(n, state)| {
            Some(MappedMessage {
                id: n.to_string(),
                by: state.message?,
                at: tokyo("2026-11-24 11:00"),
                text: format!("{n}通目"),
            })
        })
        .collect();
    mapped
}

/// When an item reached a state, where that is told.
fn changed(place: usize) -> Timestamp {
    let minutes = i64::try_from(place).unwrap() * 5;
    plus(
        tokyo("2026-11-24 09:10"),
        SignedDuration::from_mins(minutes),
    )
}

/// Nothing but the id of an item, as its deletion comes.
fn deletion(item: usize) -> Mapped {
    let mut mapped = usual(ITEMS[item]);
    mapped.title = String::new();
    mapped.body = None;
    mapped.is_deleted = true;
    mapped
}

/// Who of us a name is.
fn ours(name: Option<&str>) -> Option<&'static str> {
    match name {
        Some("aoki") => Some("aoki"),
        Some("井上") => Some("inoue"),
        Some(_) | None => None,
    }
}

/// Whether the source settles who has an item.
fn is_settled(history: &[State]) -> bool {
    let named = |state: &State| ours(state.owner).is_some();
    history.last().is_some_and(named) || !history.iter().any(named)
}

struct List(Mutex<Vec<Page>>);

#[async_trait]
impl Poller for List {
    fn polled(&self) -> Vec<SourceId> {
        vec!["crm".into()]
    }

    fn next_poll(&self, _: &SourceId, _: &SourceState, now: Timestamp) -> Timestamp {
        now
    }

    async fn poll(&self, _: &SourceId, _: &SourceState, _: Timestamp) -> Result<Page, PollError> {
        Ok(self.0.lock().unwrap().remove(0))
    }
}

async fn polls(world: &World, items: Vec<Mapped>, complete: Option<u32>) {
    let page = Page {
        items: items.into_iter().map(Ok).collect(),
        state: SourceState::default(),
        has_more: false,
        complete,
        passed: Vec::new(),
        returned: Vec::new(),
    };
    let list = List(Mutex::new(vec![page]));
    world.app.poll(&list, &"crm".into()).await.unwrap();
}

async fn hooks(world: &World, mapped: Mapped) {
    world.app.receive(mapped, "hook").await.unwrap();
}

/// What the desk knows of an item.
#[derive(Debug, PartialEq)]
struct Known {
    words: String,
    /// `None` where it depends on who has it, and that is not settled.
    is_open: Option<bool>,
    there: String,
    said: BTreeSet<String>,
    /// `None` where it is not settled.
    holder: Option<Option<String>>,
}

/// What is known in the end, without the requester's words of the first states of each item.
async fn known(
    world: &World,
    histories: &Histories,
    first: [usize; 2],
) -> BTreeMap<&'static str, Known> {
    let mut all = BTreeMap::new();
    for ((item, history), first) in ITEMS.into_iter().zip(histories).zip(first) {
        let stored = world.app.store.by_external(&"crm".into(), item).await;
        let inquiry = stored.unwrap().unwrap().inquiry;
        let ledger = world.app.store.ledger(&inquiry.id).await.unwrap();
        let said: Vec<_> = ledger
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::RequesterReplied { text, .. } => Some(("requester", text.clone())),
                Event::RepliedElsewhere {
                    text: Some(text), ..
                } => Some(("team", text.clone())),
                _ => None,
            })
            .collect();
        let mut ids: Vec<_> = said.iter().map(|(_, id)| id.clone()).collect();
        ids.push(inquiry.facts.title.clone());
        let texts = world.app.store.texts(&ids).await.unwrap();
        let messages: Vec<String> = said
            .iter()
            .map(|(by, id)| format!("{by}: {}", texts[id]))
            .collect();
        let once: BTreeSet<String> = messages.iter().cloned().collect();
        assert_eq!(
            once.len(),
            messages.len(),
            "each was said once: {messages:?}"
        );
        let came_with_it: Vec<String> =
            (0..=first).map(|n| format!("requester: {n}通目")).collect();
        let said = once.into_iter();
        let said = said.filter(|message| !came_with_it.contains(message));
        let once: BTreeSet<String> = said.collect();
        let Facts {
            title, severity, ..
        } = &inquiry.facts;
        let is_settled = is_settled(history);
        let is_gone = inquiry.there() == There::Gone;
        // What is closed there is nobody's work: a word about its owner came too late for us, or not.
        let is_closed = inquiry.there() == There::Closed;
        let holder = inquiry.holder().map(ToString::to_string);
        let known = Known {
            words: format!("{} {severity} {:?}", texts[title], inquiry.severity),
            is_open: (is_settled || !is_gone).then_some(inquiry.is_open()),
            there: format!("{:?}", inquiry.there()),
            said: once,
            holder: (is_settled && !is_closed && !is_gone).then_some(holder),
        };
        all.insert(item, known);
    }
    all
}

/// What the source comes to.
async fn ends(world: &World, newest: &[Mapped; 2], ends: [End; 2]) {
    for (item, end) in ends.into_iter().enumerate() {
        if end == End::Deleted {
            hooks(world, deletion(item)).await;
        }
    }
    let left = || {
        let there = newest.iter().zip(ends);
        let there = there.filter(|(_, end)| *end == End::There);
        there.map(|(mapped, _)| mapped.clone())
    };
    if ends != [End::There; 2] {
        for _ in 0..2 {
            polls(world, left().collect(), Some(2)).await;
        }
    }
}

/// A desk whose source has been known for long.
async fn desk(wall: &str) -> World {
    let known = "secret_env = \"CRM\"\nsince = 2026-11-01";
    World::with(&STORY.replacen("secret_env = \"CRM\"", known, 1), wall).await
}

/// The state with which each item is met.
fn firsts(histories: &Histories, steps: &[Step]) -> [usize; 2] {
    [0, 1].map(|item| {
        let mut places = steps.iter().filter_map(|step| match step {
            Step::Hook(of, place) => (*of == item).then_some(*place),
            Step::Poll(a, b) => Some([*a, *b][item]),
            Step::Look(missing) => (*missing != item).then_some(usize::MAX),
            Step::Gone(_) => None,
        });
        let first = places.next().unwrap_or(usize::MAX);
        first.min(histories[item].len() - 1)
    })
}

async fn holds(histories: Histories, steps: Vec<Step>, how: (Revisions, Times), at_end: [End; 2]) {
    let document = |item: usize, place| document(&histories[item], item, place, how);
    let both = || [document(0, usize::MAX), document(1, usize::MAX)];
    let newest = || both().to_vec();
    // In order, each once, when it happens.
    let plain = desk("2026-11-24 09:10").await;
    for place in 0..histories.iter().map(Vec::len).max().unwrap_or_default() {
        if how.1 == Times::Late {
            plain.clock.set(changed(place));
        }
        for (item, history) in histories.iter().enumerate() {
            if place < history.len() {
                hooks(&plain, document(item, place)).await;
            }
        }
    }
    plain.clock.set(tokyo("2026-11-24 10:00"));
    ends(&plain, &both(), at_end).await;
    let first = firsts(&histories, &steps);
    let expected = known(&plain, &histories, first).await;
    plain.end().await;

    let world = desk("2026-11-24 10:00").await;
    for step in &steps {
        match step {
            Step::Hook(item, place) => hooks(&world, document(*item, *place)).await,
            Step::Poll(a, b) => polls(&world, vec![document(0, *a), document(1, *b)], None).await,
            Step::Look(missing) => {
                let mut items = newest();
                items.remove(*missing);
                polls(&world, items, Some(2)).await;
            }
            Step::Gone(item) => hooks(&world, deletion(*item)).await,
        }
    }
    // What was lost on the way comes with the next look.
    polls(&world, newest(), Some(2)).await;
    ends(&world, &both(), at_end).await;
    let found = known(&world, &histories, first).await;
    assert_eq!(
        found, expected,
        "{how:?} {at_end:?} {histories:#?} {steps:?}"
    );
    // And then nothing is news any more.
    let ledgers = async |world: &World| {
        let mut lines = 0;
        for item in ITEMS {
            let stored = world.app.store.by_external(&"crm".into(), item).await;
            lines += stored.unwrap().unwrap().inquiry.seq;
        }
        lines
    };
    let before = ledgers(&world).await;
    for _ in 0..2 {
        let there = newest().into_iter().zip(at_end);
        let there = there.filter_map(|(mapped, end)| (end == End::There).then_some(mapped));
        polls(&world, there.collect(), Some(2)).await;
    }
    assert_eq!(ledgers(&world).await, before);
    world.end().await;
}

fn blocking(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(future);
}

/// As many cases as usual, or as many as somebody asks for.
fn cases(usual: u32) -> ProptestConfig {
    // What proptest takes where PROPTEST_CASES says nothing.
    const UNASKED: u32 = 256;
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: match asked.cases {
            UNASKED => usual,
            cases => cases,
        },
        ..asked
    }
}

const THERE: [End; 2] = [End::There; 2];

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_interleaving_of_deliveries_and_polls_ends_in_the_same_state(
        a in states(),
        b in states(),
        steps in steps(),
        revisions in prop::sample::select(vec![Revisions::Each, Revisions::Shared, Revisions::None]),
        times in prop::sample::select(vec![Times::None, Times::Late]),
        at_end in prop::array::uniform2(prop::sample::select(vec![End::There, End::There, End::Deleted, End::Missing])),
    ) {
        blocking(holds([a, b], steps, (revisions, times), at_end));
    }
}

/// An inquiry that Ueda takes here after all that its source said, and what follows from that there: our own notes change
/// the item, and deliveries of before come late.
async fn is_kept(
    mut history: Vec<State>,
    steps: Vec<Step>,
    revisions: Revisions,
    then: Vec<(usize, bool)>,
) {
    history.iter_mut().for_each(|state| state.is_closed = false);
    let how = (revisions, Times::Late);
    let document = |place| document(&history, 0, place, how);
    let world = desk("2026-11-24 10:00").await;
    for step in steps {
        match step {
            Step::Hook(_, place) => hooks(&world, document(place)).await,
            Step::Poll(place, _) => polls(&world, vec![document(place)], None).await,
            Step::Look(_) | Step::Gone(_) => {}
        }
    }
    polls(&world, vec![document(usize::MAX)], None).await;
    world.settle().await;
    world.until("2026-11-24 10:30").await;
    world.says("ueda", "claim Q-1").await;
    world.says("ueda", "take-over Q-1 引き取ります").await;
    for (note, (place, is_fetched)) in (1u32..).zip(then) {
        let noted = plus(
            tokyo("2026-11-24 10:30"),
            SignedDuration::from_mins(note.into()),
        );
        world.clock.set(noted);
        // Beyond the last state: the same once more, as our note has touched it.
        let mut mapped = document(place);
        if place >= history.len() {
            mapped.changed_at = Some(noted);
            mapped.title.push_str(&format!(" {note}"));
            mapped.revision = mapped.revision.map(|_| (100 + note).to_string());
        }
        match is_fetched {
            true => polls(&world, vec![mapped], None).await,
            false => hooks(&world, mapped).await,
        }
        let known = world.app.store.by_external(&"crm".into(), ITEMS[0]).await;
        let inquiry = known.unwrap().unwrap().inquiry;
        assert_eq!(inquiry.holder(), Some(&"ueda".into()), "{history:#?}");
    }
    world.end().await;
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn whoever_takes_it_here_keeps_it_while_the_name_there_is_what_it_was(
        history in states(),
        steps in steps(),
        revisions in prop::sample::select(vec![Revisions::Each, Revisions::Shared, Revisions::None]),
        then in prop::collection::vec((0usize..8, any::<bool>()), 1..6),
    ) {
        blocking(is_kept(history, steps, revisions, then));
    }
}

fn state(title: u8, is_closed: bool) -> State {
    State {
        title,
        severity: "S2",
        is_closed,
        owner: None,
        message: None,
    }
}

#[tokio::test]
async fn a_state_that_changed_nothing_is_remembered_against_those_before_it() {
    let history = || vec![state(0, false), state(1, false), state(0, false)];
    let steps = vec![Step::Hook(0, 0), Step::Hook(0, 2), Step::Hook(0, 1)];
    holds(
        [history(), history()],
        steps,
        (Revisions::Each, Times::None),
        THERE,
    )
    .await;
}

#[tokio::test]
async fn what_closes_opens_and_goes_missing_in_between_ends_as_it_is() {
    let history = || vec![state(0, false), state(0, true), state(1, false)];
    let steps = vec![
        Step::Hook(0, 1),
        Step::Look(0),
        Step::Look(0),
        Step::Hook(0, 0),
        Step::Hook(0, 2),
        Step::Hook(0, 1),
        Step::Look(0),
    ];
    for revisions in [Revisions::Each, Revisions::Shared, Revisions::None] {
        holds(
            [history(), history()],
            steps.clone(),
            (revisions, Times::None),
            THERE,
        )
        .await;
    }
}

#[tokio::test]
async fn a_redelivery_does_not_hide_what_is_fetched_afterwards() {
    let history = || vec![state(0, false), state(1, false)];
    let steps = vec![Step::Poll(1, 0), Step::Poll(0, 0), Step::Hook(0, 1)];
    let how = (Revisions::Shared, Times::None);
    holds([history(), vec![state(0, false)]], steps, how, THERE).await;
}
