#![allow(clippy::unwrap_used)]
//! What a receipt asks of a large register is a search, on both engines.

use super::*;
use crate::store::conformance::Ground;

const MANY: u32 = 20_000;

async fn holds(ground: Ground) {
    let contract = "id, customer, doc, changed_at_ms, changed_by";
    let values = "'K-' || {i}, 'customer ' || {i}, '{}', 0, '{}'";
    ground.fill("contracts", contract, values, MANY).await;
    let values = "'customer' || {i}, 'K-' || {i}";
    ground
        .fill("contract_names", "key, contract", values, MANY)
        .await;
    let plan = ground.plan(OF, &["'customer4711'"]).await;
    let walks = |step: &String| step.starts_with("SCAN") || step.contains("Seq Scan");
    assert!(!plan.iter().any(walks), "{plan:#?}");
    // Whether there is any contract at all is answered by the first that is met.
    let plan = ground.plan(ANY, &[]).await;
    assert!(plan.len() <= 2, "{plan:#?}");
}

#[tokio::test]
async fn a_customer_is_looked_up_and_not_looked_for() {
    holds(Ground::sqlite().await).await;
}

#[tokio::test]
async fn a_customer_is_looked_up_and_not_looked_for_on_postgres() {
    holds(Ground::postgres("register").await).await;
}
