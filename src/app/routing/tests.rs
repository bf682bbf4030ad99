#![allow(clippy::unwrap_used)]
//! Rules over inquiries, by the configuration of the stories with more of them.

use super::*;
use crate::testkit::world::{STORY, World, usual};
use std::sync::Arc;

async fn setup() -> Arc<Setup> {
    let more = "\n[[route]]\nname = \"phone\"\nwhen = \"channel == 'phone' and settings_checked\"\nqueue = \"billing\"\n\
                [[route]]\nwhen = \"channel == 'fax' and (tried | length) > 3\"\nqueue = \"billing\"\n";
    let world = World::with(&format!("{STORY}{more}"), "2026-11-24 10:00").await;
    let setup = world.app.setup.clone();
    world.end().await;
    setup
}

/// The queue, the rule that rules, and what each rule made of it.
async fn check(
    change: impl FnOnce(&mut Mapped),
    queue: &str,
    ruled: Option<usize>,
    tried: &[&str],
) {
    let setup = setup().await;
    let mut mapped = usual("A-1");
    change(&mut mapped);
    let source = setup.sources.get(&mapped.source).unwrap();
    let look = route(&setup, &mapped, source, None);
    assert_eq!((look.queue.as_str(), look.ruled), (queue, ruled));
    let outcomes: Vec<String> = look
        .tried()
        .iter()
        .map(|tried| {
            let outcome = match &tried.outcome {
                Ok(is) => is.to_string(),
                Err(_) => "error".to_owned(),
            };
            format!(
                "{} {outcome} {}",
                tried.number,
                Value::from(tried.looked_at.clone())
            )
        })
        .collect();
    assert_eq!(outcomes, tried);
}

#[tokio::test]
async fn the_first_rule_that_matches_rules_and_all_are_told() {
    check(
        |mapped| {
            mapped.product = Some("billing".to_owned());
            mapped.intake.channel = Some("phone".to_owned());
            mapped.intake.settings_checked = Some("はい".to_owned());
            mapped.region = Some("jp".to_owned());
        },
        "billing",
        Some(0),
        &[
            r#"1 true {"product":"billing"}"#,
            r#"2 true {"channel":"phone","settings_checked":true}"#,
            r#"3 false {"channel":"phone","tried":null}"#,
        ],
    )
    .await;
}

#[tokio::test]
async fn a_rule_that_cannot_be_evaluated_does_not_match() {
    check(
        |mapped| mapped.intake.channel = Some("fax".to_owned()),
        "support",
        None,
        &[
            r#"1 false {"product":"core"}"#,
            r#"2 false {"channel":"fax","settings_checked":null}"#,
            r#"3 error {"channel":"fax","tried":null}"#,
        ],
    )
    .await;
}

async fn check_routed(change: impl FnOnce(&mut Mapped), unknown: Option<&str>, expected: &Routed) {
    let setup = setup().await;
    let mut mapped = usual("A-1");
    change(&mut mapped);
    let look = route(
        &setup,
        &mapped,
        setup.sources.get(&mapped.source).unwrap(),
        None,
    );
    let mut facts = crate::domain::inquiry::tests::facts();
    facts
        .flags
        .extend(unknown.map(|field| crate::domain::inquiry::Flag {
            field: field.to_owned(),
            given: "t".into(),
        }));
    assert_eq!(&look.routed(&facts), expected);
}

#[tokio::test]
async fn the_ledger_learns_the_rule_by_name_number_and_text() {
    check_routed(
        |mapped| mapped.product = Some("billing".to_owned()),
        None,
        &Routed::Rule {
            name: None,
            number: 1,
            when: "product == 'billing'".to_owned(),
        },
    )
    .await;
    check_routed(
        |mapped| {
            mapped.intake.channel = Some("phone".to_owned());
            mapped.intake.settings_checked = Some("yes".to_owned());
        },
        Some("product"),
        &Routed::Rule {
            name: Some("phone".to_owned()),
            number: 2,
            when: "channel == 'phone' and settings_checked".to_owned(),
        },
    )
    .await;
}

#[tokio::test]
async fn what_no_rule_takes_is_the_defaults_or_unknown() {
    check_routed(|_| {}, None, &Routed::Default).await;
    check_routed(|_| {}, Some("plan"), &Routed::Default).await;
    check_routed(|_| {}, Some("product"), &Routed::Triage).await;
    check_routed(|_| {}, Some("region"), &Routed::Triage).await;
}
