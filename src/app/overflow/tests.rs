#![allow(clippy::unwrap_used)]

use crate::domain::ids::QueueId;
use crate::testkit::world::{STORY, World};

/// Two look at once, both before anything is changed: the slower one changes nothing.
#[tokio::test]
async fn of_two_who_look_at_once_one_calls_the_second() {
    let place = "calendar = \"office\"\ndefault = true";
    let config = STORY.replacen(place, &format!("{place}\noverflow = 2"), 1);
    let world = World::with(&config, "2026-11-24 10:00").await;
    for id in ["A-1", "A-2", "A-3"] {
        world.receive(id, |_| {}).await;
    }
    let (app, now) = (&world.app, world.app.clock.now());
    let id = QueueId::from("support");
    let queue = app.setup.queue(&id);
    let read_by_both = app.store.second_duty(&id).await.unwrap();
    world.heard();
    for _ in 0..2 {
        let last = read_by_both.clone();
        app.weigh_after(queue, last, now).await.unwrap();
    }
    world.settle().await;
    let heard = world.heard();
    assert_eq!(heard.matches("応援").count(), 1, "{heard}");
    let last = app.store.second_duty(&id).await.unwrap().unwrap();
    assert_eq!(last.number, 1);
    world.end().await;
}
