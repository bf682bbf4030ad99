//! The contract register: what is put is found by each of its names, what is changed is logged, all or nothing.

use super::{Ground, both};
use crate::app::ports::{ContractAct, ContractChange, ListFilter};
use crate::domain::contract::{Contract, Finding, name_key};
use crate::domain::inquiry::{Actor, CheckEffect, Event};
use crate::testkit::inquiry::{happened, received, second};

both! {
    a_contract_is_found_by_each_of_its_names
    what_is_changed_is_found_by_its_new_names_only
    what_is_removed_is_gone_and_its_log_stays
    changes_are_made_together_or_not_at_all
    more_contracts_than_one_statement_takes_are_put
    two_changes_at_once_leave_the_names_of_the_one_that_stands
    how_an_inquiry_stands_with_its_contract_can_be_asked_for
}

fn contract(id: &str, customer: &str, aliases: &[&str]) -> Contract {
    Contract {
        id: id.to_owned(),
        customer: customer.to_owned(),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        plan: Some("gold".to_owned()),
        products: vec!["core".to_owned()],
        calendar: Some("office".to_owned()),
        region: None,
        language: Some("ja".to_owned()),
        starts_on: Some("2026-04-01".parse().unwrap()),
        ends_on: None,
        note: Some("担当：営業一課".to_owned()),
    }
}

fn change(line: &str, what: ContractAct, contract: Contract, at: i64) -> ContractChange {
    ContractChange {
        id: line.to_owned(),
        what,
        contract,
        at: second(at),
        by: Actor::Member("aoki".into()),
        via: "cli".to_owned(),
    }
}

impl Ground {
    async fn numbers_of(&self, customer: &str) -> Vec<String> {
        let found = self.store.contracts_of(&name_key(customer)).await.unwrap();
        found.into_iter().map(|contract| contract.id).collect()
    }

    async fn change(&self, changes: Vec<ContractChange>) {
        self.store.change_contracts(changes).await.unwrap();
    }
}

async fn a_contract_is_found_by_each_of_its_names(ground: Ground) {
    assert!(!ground.store.has_contracts().await.unwrap());
    // The second name is the first in another coat: one key, and no quarrel.
    let one = contract(
        "K-2",
        "株式会社さくら商事",
        &["さくら商事", "Sakura Trading"],
    );
    let other = contract("K-1", "さくら商事", &[]);
    ground
        .change(vec![
            change("l1", ContractAct::Added, one.clone(), 1),
            change("l2", ContractAct::Added, other.clone(), 1),
        ])
        .await;
    assert!(ground.store.has_contracts().await.unwrap());
    assert_eq!(ground.numbers_of("さくら商事 様").await, ["K-1", "K-2"]);
    assert_eq!(
        ground.numbers_of("ＳＡＫＵＲＡ　ｔｒａｄｉｎｇ").await,
        ["K-2"]
    );
    assert_eq!(ground.numbers_of("もみじ物産").await, [""; 0]);
    let kept = ground.store.contract("K-2").await.unwrap().unwrap();
    assert_eq!(kept.contract, one);
    assert_eq!(kept.changed_at, second(1));
    assert_eq!(kept.changed_by, Actor::Member("aoki".into()));
    assert_eq!(ground.store.contract("K-9").await.unwrap(), None);
    let all = ground.store.contracts().await.unwrap();
    let all: Vec<_> = all.iter().map(|kept| kept.contract.id.as_str()).collect();
    assert_eq!(all.len(), 2);
}

async fn what_is_changed_is_found_by_its_new_names_only(ground: Ground) {
    let old = contract("K-1", "さくら商事", &["Sakura"]);
    ground
        .change(vec![change("l1", ContractAct::Added, old, 1)])
        .await;
    let new = contract("K-1", "もみじ物産", &["Sakura"]);
    ground
        .change(vec![change("l2", ContractAct::Changed, new, 2)])
        .await;
    assert_eq!(ground.numbers_of("さくら商事").await, [""; 0]);
    assert_eq!(ground.numbers_of("もみじ物産").await, ["K-1"]);
    assert_eq!(ground.numbers_of("sakura").await, ["K-1"]);
}

async fn what_is_removed_is_gone_and_its_log_stays(ground: Ground) {
    let one = contract("K-1", "さくら商事", &[]);
    let added = change("l1", ContractAct::Added, one.clone(), 1);
    let removed = change("l2", ContractAct::Removed, one, 2);
    ground.change(vec![added.clone()]).await;
    ground.change(vec![removed.clone()]).await;
    assert!(!ground.store.has_contracts().await.unwrap());
    assert_eq!(ground.numbers_of("さくら商事").await, [""; 0]);
    let log = ground.store.contract_changes("K-1", 10).await.unwrap();
    assert_eq!(log, [removed.clone(), added]);
    let log = ground.store.contract_changes("K-1", 1).await.unwrap();
    assert_eq!(log, [removed]);
}

async fn changes_are_made_together_or_not_at_all(ground: Ground) {
    let first = change("l1", ContractAct::Added, contract("K-1", "A", &[]), 1);
    ground.change(vec![first.clone()]).await;
    // A line of the log is written once: the repeat fails, and nothing that came with it is there.
    let with_it = change("l2", ContractAct::Added, contract("K-2", "B", &[]), 2);
    let refused = ground.store.change_contracts(vec![with_it, first]).await;
    assert!(refused.is_err());
    assert_eq!(ground.store.contract("K-2").await.unwrap(), None);
    assert_eq!(ground.numbers_of("B").await, [""; 0]);
}

async fn more_contracts_than_one_statement_takes_are_put(ground: Ground) {
    let many = (0..300).map(|n| {
        let id = format!("K-{n:03}");
        let contract = contract(&id, &format!("customer {n}"), &["shared"]);
        change(&format!("l{n}"), ContractAct::Added, contract, 1)
    });
    ground.change(many.collect()).await;
    assert_eq!(ground.store.contracts().await.unwrap().len(), 300);
    assert_eq!(ground.numbers_of("shared").await.len(), 300);
    assert_eq!(ground.numbers_of("customer 299").await, ["K-299"]);
}

async fn how_an_inquiry_stands_with_its_contract_can_be_asked_for(ground: Ground) {
    for id in ["held", "other"] {
        ground.commit(received(id, id, second(0))).await;
    }
    let of = async |contract: &str| {
        let filter = ListFilter {
            contract: Some(contract.to_owned()),
            limit: 500,
            ..ListFilter::default()
        };
        let found = ground.store.list(&filter).await.unwrap();
        assert_eq!(
            found.len() as u64,
            ground.store.count(&filter).await.unwrap()
        );
        let ids = found.into_iter().map(|stored| stored.inquiry.id.into());
        ids.collect::<Vec<String>>()
    };
    assert_eq!(of("held").await, [""; 0]);
    let checked = Event::ContractChecked {
        finding: Finding::None,
        is_required: true,
        effect: CheckEffect::Holds,
        at_receipt: true,
        done: Default::default(),
    };
    let inquiry = ground.stored("held").await.inquiry;
    ground
        .commit(happened(&inquiry, vec![checked], second(0)))
        .await;
    assert_eq!(of("held").await, ["held"]);
    let inquiry = ground.stored("held").await.inquiry;
    let taken = Event::ContractExcepted {
        reason: "t".into(),
        is_paused: false,
        done: Default::default(),
    };
    ground
        .commit(happened(&inquiry, vec![taken], second(1)))
        .await;
    assert_eq!(of("held").await, [""; 0]);
    assert_eq!(of("excepted").await, ["held"]);
}

async fn two_changes_at_once_leave_the_names_of_the_one_that_stands(ground: Ground) {
    for round in 0..30 {
        let put = |who: &str, alias: &str| {
            let contract = contract("K-1", "本社", &[alias]);
            let line = format!("{round}{who}");
            ground.change(vec![change(&line, ContractAct::Changed, contract, round)])
        };
        tokio::join!(put("a", "一課"), put("b", "二課"));
        let stands = ground.store.contract("K-1").await.unwrap().unwrap();
        let stands = &stands.contract.aliases;
        for alias in ["一課", "二課"] {
            let is_found = !ground.numbers_of(alias).await.is_empty();
            let is_own = stands.iter().any(|own| own == alias);
            assert_eq!(is_found, is_own, "{alias} in round {round}: {stands:?}");
        }
    }
}
