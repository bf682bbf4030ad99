//! Grants that end, links that work once, and chosen languages.

use super::{Ground, both};
use crate::app::ports::{Grant, GrantKind};
use crate::testkit::inquiry::second;

both! {
    a_grant_is_found_until_it_ends
    a_grant_opens_only_its_own_kind
    granting_again_replaces_the_grant
    a_link_works_once
    a_link_taken_at_once_works_once
    a_link_that_has_ended_does_not_work
    a_revoked_grant_is_gone
    grants_are_listed_by_age
    the_chosen_language_is_kept
}

fn grant(hash: &str, kind: GrantKind, ends: Option<i64>) -> Grant {
    Grant {
        hash: hash.to_owned(),
        kind,
        member: Some("aoki".into()),
        label: "青木 / laptop".to_owned(),
        created_at: second(0),
        expires_at: ends.map(second),
    }
}

async fn a_grant_is_found_until_it_ends(ground: Ground) {
    let session = grant("h", GrantKind::Session, Some(10));
    ground.store.grant(session.clone()).await.unwrap();
    let at = async |n| {
        let found = ground
            .store
            .granted(GrantKind::Session, "h", second(n))
            .await;
        found.unwrap()
    };
    assert_eq!(at(9).await, Some(session));
    assert_eq!(at(10).await, None);
}

async fn a_grant_opens_only_its_own_kind(ground: Ground) {
    let mut token = grant("h", GrantKind::Token, None);
    token.member = None;
    ground.store.grant(token.clone()).await.unwrap();
    let kinds = [
        (GrantKind::Token, Some(token)),
        (GrantKind::Session, None),
        (GrantKind::Login, None),
    ];
    for (kind, expected) in kinds {
        let found = ground.store.granted(kind, "h", second(1)).await.unwrap();
        assert_eq!(found, expected);
    }
    assert_eq!(ground.store.take_login("h", second(1)).await.unwrap(), None);
    assert_eq!(
        ground.store.grants(GrantKind::Token).await.unwrap().len(),
        1
    );
}

async fn granting_again_replaces_the_grant(ground: Ground) {
    ground
        .store
        .grant(grant("h", GrantKind::Session, Some(5)))
        .await
        .unwrap();
    let longer = grant("h", GrantKind::Session, Some(50));
    ground.store.grant(longer.clone()).await.unwrap();
    assert_eq!(
        ground.store.grants(GrantKind::Session).await.unwrap(),
        [longer]
    );
}

async fn a_link_works_once(ground: Ground) {
    let link = grant("h", GrantKind::Login, Some(10));
    ground.store.grant(link.clone()).await.unwrap();
    assert_eq!(ground.store.take_login("x", second(1)).await.unwrap(), None);
    assert_eq!(
        ground.store.take_login("h", second(1)).await.unwrap(),
        Some(link)
    );
    assert_eq!(ground.store.take_login("h", second(1)).await.unwrap(), None);
}

async fn a_link_taken_at_once_works_once(ground: Ground) {
    ground
        .store
        .grant(grant("h", GrantKind::Login, None))
        .await
        .unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let store = ground.store.clone();
            tokio::spawn(async move { store.take_login("h", second(1)).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += usize::from(task.await.unwrap().is_some());
    }
    assert_eq!(taken, 1);
}

async fn a_link_that_has_ended_does_not_work(ground: Ground) {
    ground
        .store
        .grant(grant("h", GrantKind::Login, Some(10)))
        .await
        .unwrap();
    assert_eq!(
        ground.store.take_login("h", second(10)).await.unwrap(),
        None
    );
    assert_eq!(ground.store.take_login("h", second(9)).await.unwrap(), None);
}

async fn a_revoked_grant_is_gone(ground: Ground) {
    ground
        .store
        .grant(grant("h", GrantKind::Token, None))
        .await
        .unwrap();
    assert!(ground.store.revoke("h").await.unwrap());
    assert!(!ground.store.revoke("h").await.unwrap());
    let found = ground.store.granted(GrantKind::Token, "h", second(1)).await;
    assert_eq!(found.unwrap(), None);
}

async fn grants_are_listed_by_age(ground: Ground) {
    for (hash, at) in [("b", 1), ("a", 2), ("c", 1)] {
        let mut token = grant(hash, GrantKind::Token, None);
        token.created_at = second(at);
        ground.store.grant(token).await.unwrap();
    }
    let all = ground.store.grants(GrantKind::Token).await.unwrap();
    let hashes: Vec<_> = all.iter().map(|grant| grant.hash.as_str()).collect();
    assert_eq!(hashes, ["b", "c", "a"]);
    assert_eq!(ground.store.grants(GrantKind::Login).await.unwrap(), []);
}

async fn the_chosen_language_is_kept(ground: Ground) {
    let (aoki, baba) = ("aoki".into(), "baba".into());
    for language in ["ja", "en"] {
        ground.store.set_language(&aoki, language).await.unwrap();
        let chosen = ground.store.language(&aoki).await.unwrap();
        assert_eq!(chosen.as_deref(), Some(language));
    }
    assert_eq!(ground.store.language(&baba).await.unwrap(), None);
}
