#![allow(clippy::unwrap_used)]
//! What grows with the years is found by an index, on both engines.

use super::*;
use crate::store::conformance::Ground;

const MANY: u32 = 20_000;

/// Whether nothing is walked over from end to end, and an index of this name is used.
fn is_searched(plan: &[String], index: &str) -> bool {
    let walks = |step: &String| step.starts_with("SCAN") || step.contains("Seq Scan");
    let sorts = |step: &String| step.contains("TEMP B-TREE") || step.contains("Sort");
    !plan.iter().any(|step| walks(step) || sorts(step))
        && plan.iter().any(|step| step.contains(index))
}

async fn holds(ground: Ground) {
    let columns = "ref_no, id, queue, source, external_id, stage, severity, version, received_at_ms, policy, doc";
    let values =
        "{i}, 'i' || {i}, 'support', 'crm', 'A-' || {i}, 'active', 'S2', 1, {i} * 1000, 'p', '{}'";
    ground.fill("inquiries", columns, values, MANY).await;
    for after in ["''", "'i10050'"] {
        let plan = ground
            .plan(BETWEEN, &["10000000", "10200000", after, "100"])
            .await;
        assert!(is_searched(&plan, "inquiries_received"), "{plan:#?}");
    }
    let plan = ground
        .plan(&format!("{SELECT}{BY_EXTERNAL}"), &["'crm'", "'A-7~2'"])
        .await;
    assert!(is_searched(&plan, "inquiries"), "{plan:#?}");
}

#[tokio::test]
async fn a_window_of_receipts_costs_what_was_received_in_it() {
    holds(Ground::sqlite().await).await;
}

#[tokio::test]
async fn a_window_of_receipts_costs_what_was_received_in_it_on_postgres() {
    holds(Ground::postgres("receipts").await).await;
}
