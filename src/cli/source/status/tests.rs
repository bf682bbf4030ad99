#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::ports::{SourceState, StoreError};
use crate::testkit::world::World;

#[tokio::test]
async fn the_list_names_each_source_and_what_is_wrong_below_it() -> Result<(), StoreError> {
    let world = World::at("2026-11-24 10:00").await;
    let crm: SourceId = "crm".into();
    world
        .app
        .note_delivery(&crm, Some("the signature does not match"))
        .await?;
    let gone = SourceState {
        failures: 3,
        last_error: Some("503".to_owned()),
        ..SourceState::default()
    };
    world
        .app
        .store
        .commit_page(&"gone".into(), &gone, Vec::new())
        .await?;
    let views = world.app.source_views().await?;
    let mut said = String::new();
    for lang in Lang::ALL {
        let words = SourceWords {
            lang,
            zone: &world.app.setup.zone,
            now: world.app.clock.now(),
        };
        said += &table(&views, &words).join("\n");
        said += "\n";
        let crm = views.iter().find(|view| view.id == crm).unwrap();
        said += &detail(crm, &words).join("\n");
        said += "\n\n";
        assert_eq!(table(&[], &words).len(), 1);
    }
    insta::assert_snapshot!(said);
    let state = state_of(&world.app, &"gone".into()).await.unwrap();
    assert_eq!(state.failures, 3);
    world.end().await;
    Ok(())
}
