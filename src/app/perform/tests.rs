#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::verbs::{Param, ParamKind, Request};
use crate::domain::inquiry::PolicyHash;
use crate::testkit::world::{STORY, World};

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

/// An office in London that is awake in the evening of Tokyo, with eguchi alone in it.
fn emea() -> String {
    let lines = r#"rotas = [{ rota = "london", during = "london", region = "emea" }, "support"]"#;
    let story = STORY.replacen("\nrota = \"support\"", &format!("\n{lines}"), 1);
    assert_ne!(story, STORY);
    story
        + r#"
[[calendar]]
name = "london"
zone = "Europe/London"
hours = "09:00-17:00"

[[rota]]
name = "london"
zone = "Europe/London"
works = "london"
participants = ["eguchi"]
"#
}

#[tokio::test]
async fn what_was_done_is_told_even_where_the_store_answers_no_more() {
    let world = World::with(&emea(), "2026-11-24 18:30").await;
    world
        .receive("A-1", |mapped| mapped.region = Some("emea".to_owned()))
        .await;
    let stored = world.app.store.by_reference(Reference(1)).await;
    let (mut stored, aoki) = (stored.unwrap().unwrap(), MemberId::from("aoki"));
    let done = || Message::new("done-claim");
    let more = world.app.with_region(done(), &stored, &aoki).await;
    assert_ne!(more, done(), "whose region it is");
    // The duty book that was read lately is not read again.
    world
        .clock
        .set(crate::testkit::world::tokyo("2026-11-24 19:30"));
    world.app.store.close().await;
    assert_eq!(world.app.with_region(done(), &stored, &aoki).await, done());
    stored.inquiry.policy = PolicyHash("of a former configuration".to_owned());
    let claimed = Done {
        stored,
        events: Vec::new(),
        is_repeat: false,
    };
    assert_eq!(world.app.answer_to(Verb::Claim, &claimed).await, done());
}
