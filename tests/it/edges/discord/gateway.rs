//! Signing in, staying connected, giving up.

use super::*;
use serde_json::json;

#[tokio::test]
async fn commands_are_registered_only_if_they_differ() {
    let scene = Scene::new().await;
    for _ in 0..2 {
        let (shutdown, running) = scene.listen().await;
        shutdown.cancel();
        scene
            .double
            .until("it let go", |double| {
                (double.gateway_connections() == 0).then_some(())
            })
            .await;
        assert_eq!(running.await.unwrap(), Ok(()));
    }
    assert_eq!(scene.double.command_writes(), 1);
    let names: Vec<String> = scene
        .double
        .commands()
        .iter()
        .map(|c| c["name"].as_str().unwrap().to_owned())
        .collect();
    for name in ["toban", "duty", "severity", "pings"] {
        let times = names.iter().filter(|known| *known == name).count();
        assert_eq!(times, 1, "{name} in {names:?}");
    }
}

#[tokio::test]
async fn a_wrong_token_ends_it_with_a_sentence() {
    let scene = Scene::new().await;
    scene.double.revoke_token();
    let ended = scene
        .discord
        .run(scene.desk.clone(), CancellationToken::new())
        .await;
    assert!(
        ended
            .unwrap_err()
            .to_string()
            .starts_with("Discord refuses the bot's token")
    );
}

#[tokio::test]
async fn a_token_revoked_while_running_ends_it_too() {
    let scene = Scene::new().await;
    let (_shutdown, running) = scene.listen().await;
    scene.double.revoke_token();
    let ended = drive(&scene, running).await;
    assert!(
        ended
            .unwrap_err()
            .to_string()
            .starts_with("Discord refuses the bot's token")
    );
}

/// Lets time pass until the adapter ends.
async fn drive(
    scene: &Scene,
    mut running: tokio::task::JoinHandle<Result<(), CannotRun>>,
) -> Result<(), CannotRun> {
    loop {
        tokio::select! {
            biased;
            ended = &mut running => return ended.unwrap(),
            () = tokio::task::yield_now() => scene.clock.pass(Duration::from_millis(50)),
        }
    }
}

#[tokio::test]
async fn a_broken_wire_is_resumed_and_nothing_is_missed() {
    let scene = Scene::new().await;
    let (_shutdown, _running) = scene.listen().await;
    scene.double.gateway_break();
    let asked = scene
        .double
        .person(scene.aoki)
        .slash("/toban claim", &[("inquiry", json!("Q-12"))]);
    assert_eq!(scene.said(asked).await, "yes");
    assert_eq!(scene.double.gateway_counts().resumed, 1);
}

#[tokio::test]
async fn a_resume_that_is_never_answered_is_given_up() {
    let scene = Scene::new().await;
    let (_shutdown, _running) = scene.listen().await;
    let beginnings = || {
        let requests = scene.double.requests();
        requests
            .iter()
            .filter(|seen| seen.template == "/gateway/bot")
            .count()
    };
    let before = beginnings();
    scene.double.gateway_answers_resume(false);
    scene.double.gateway_break();
    scene
        .double
        .until("it tries to resume", |double| {
            (double.gateway_connections() == 1).then_some(())
        })
        .await;
    // Three bad looks, the farewell, the wait: time passes until it begins anew, and no further.
    while beginnings() == before {
        scene.clock.pass(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    scene.double.until_connected().await;
    let asked = scene
        .double
        .person(scene.aoki)
        .slash("/toban claim", &[("inquiry", json!("Q-12"))]);
    assert_eq!(scene.said(asked).await, "yes");
}

#[tokio::test]
async fn an_interaction_that_cannot_be_read_is_answered_all_the_same() {
    let scene = Scene::new().await;
    let (shutdown, running) = scene.listen().await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
    scene
        .double
        .until("it let go", |double| {
            (double.gateway_connections() == 0).then_some(())
        })
        .await;
    scene.double.gateway_forget();
    // Somebody asks while nobody listens; what then arrives lacks what serenity insists on.
    let asked = scene
        .double
        .person(scene.stranger)
        .slash("/toban list", &[]);
    let mut payload = scene.double.interaction(asked).payload;
    payload.as_object_mut().unwrap().remove("entitlements");
    let (_shutdown, _running) = scene.listen().await;
    scene.double.gateway_dispatch("INTERACTION_CREATE", payload);
    assert!(
        scene
            .said(asked)
            .await
            .starts_with("This could not be read.")
    );
    assert!(scene.desk.asked().is_empty());
}
