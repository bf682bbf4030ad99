#![allow(clippy::unwrap_used)]

use crate::app::ports::Reference;
use crate::app::verbs::{Param, ParamKind, Request, Verb};
use crate::testkit::world::World;

/// Something that each kind of parameter takes.
fn some(param: &Param) -> &'static str {
    match param.kind {
        ParamKind::Text => "1",
        ParamKind::Member => "inoue",
        ParamKind::Queue => "support",
        ParamKind::Severity => "S2",
        ParamKind::Category => "defect",
        ParamKind::Time => "2h",
        ParamKind::Day => "tomorrow",
        ParamKind::Choice(choices) => choices[0].0,
    }
}

/// The table says what a verb is about; whoever makes commands of verbs must agree.
#[tokio::test]
async fn every_verb_of_the_table_is_answered() {
    let world = World::at("2026-11-24 10:00").await;
    world.receive("A-1", |_| {}).await;
    for verb in Verb::ALL {
        let reference = verb.needs_inquiry().then_some(Reference(1));
        let params = verb.params().iter().filter(|param| param.is_required);
        let request = params.fold(Request::new(verb, reference), |request, param| {
            request.with(param.name, some(param))
        });
        let told = world.asks("ueda", request).await;
        assert!(!told.trim().is_empty(), "{}", verb.name());
    }
    world.end().await;
}
