//! However deliveries and polls of the same items come together, the desk ends in the same state.

use crate::app::ports::{Mapped, MappedMessage, Page, PollError, Poller, Side, SourceState};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::{Event, Facts};
use crate::testkit::world::{World, tokyo, usual};
use crate::time::Timestamp;
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

/// One state of an item at its source.
#[derive(Clone, Debug)]
struct State {
    title: u8,
    severity: &'static str,
    is_closed: bool,
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
}

type Histories = [Vec<State>; 2];

fn states() -> impl Strategy<Value = Vec<State>> {
    let side = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Side::Requester)),
        1 => Just(Some(Side::Team)),
    ];
    let state = (
        0u8..3,
        prop::sample::select(vec!["S2", "S3"]),
        prop::bool::weighted(0.3),
        side,
    );
    let state = state.prop_map(|(title, severity, is_closed, message)| State {
        title,
        severity,
        is_closed,
        message,
    });
    prop::collection::vec(state, 1..5)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0usize..2, 0usize..8).prop_map(|(item, state)| Step::Hook(item, state)),
        2 => (0usize..8, 0usize..8).prop_map(|(a, b)| Step::Poll(a, b)),
        1 => (0usize..2).prop_map(Step::Look),
    ];
    prop::collection::vec(step, 0..14)
}

/// The document of a state; a place beyond the last is the last.
fn document(history: &[State], item: usize, place: usize, revisions: Revisions) -> Mapped {
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

/// What the desk knows of the items: their words, whether they are open, how they stand there, what was said.
async fn known(world: &World) -> BTreeMap<&'static str, (String, bool, String, BTreeSet<String>)> {
    let mut all = BTreeMap::new();
    for item in ITEMS {
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
        assert_eq!(said.len(), said.iter().collect::<BTreeSet<_>>().len());
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
        let Facts {
            title, severity, ..
        } = &inquiry.facts;
        let words = format!("{} {severity}", texts[title]);
        let there = format!("{:?}", inquiry.there());
        all.insert(item, (words, inquiry.is_open(), there, once));
    }
    all
}

async fn holds(histories: Histories, steps: Vec<Step>, revisions: Revisions) {
    let document = |item: usize, place| document(&histories[item], item, place, revisions);
    let newest = || vec![document(0, usize::MAX), document(1, usize::MAX)];
    // In order, each once.
    let plain = World::at("2026-11-24 10:00").await;
    for (item, history) in histories.iter().enumerate() {
        for place in 0..history.len() {
            hooks(&plain, document(item, place)).await;
        }
    }
    let expected = known(&plain).await;
    plain.end().await;

    let world = World::at("2026-11-24 10:00").await;
    for step in &steps {
        match step {
            Step::Hook(item, place) => hooks(&world, document(*item, *place)).await,
            Step::Poll(a, b) => polls(&world, vec![document(0, *a), document(1, *b)], None).await,
            Step::Look(missing) => {
                let mut items = newest();
                items.remove(*missing);
                polls(&world, items, Some(2)).await;
            }
        }
    }
    // What was lost on the way comes with the next look.
    polls(&world, newest(), Some(2)).await;
    let found = known(&world).await;
    assert_eq!(found, expected, "{revisions:?} {histories:#?} {steps:?}");
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
        polls(&world, newest(), Some(2)).await;
    }
    assert_eq!(ledgers(&world).await, before);
    world.end().await;
}

fn blocking(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(future);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_of_deliveries_and_polls_ends_in_the_same_state(
        a in states(),
        b in states(),
        steps in steps(),
        revisions in prop::sample::select(vec![Revisions::Each, Revisions::Shared, Revisions::None]),
    ) {
        blocking(holds([a, b], steps, revisions));
    }
}

fn state(title: u8, is_closed: bool) -> State {
    State {
        title,
        severity: "S2",
        is_closed,
        message: None,
    }
}

#[tokio::test]
async fn a_state_that_changed_nothing_is_remembered_against_those_before_it() {
    let history = || vec![state(0, false), state(1, false), state(0, false)];
    let steps = vec![Step::Hook(0, 0), Step::Hook(0, 2), Step::Hook(0, 1)];
    holds([history(), history()], steps, Revisions::Each).await;
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
        holds([history(), history()], steps.clone(), revisions).await;
    }
}

#[tokio::test]
async fn a_redelivery_does_not_hide_what_is_fetched_afterwards() {
    let history = || vec![state(0, false), state(1, false)];
    let steps = vec![Step::Poll(1, 0), Step::Poll(0, 0), Step::Hook(0, 1)];
    holds([history(), vec![state(0, false)]], steps, Revisions::Shared).await;
}
