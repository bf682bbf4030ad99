//! The contract register: lists, one contract with its log, changes, and files of contracts.

use super::super::guard::Caller;
use super::super::parts::Web;
use super::super::problem::Problem;
use crate::app::contracts::{ImportPlan, RegisterError};
use crate::app::ports::{ContractChange, KeptContract};
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::contract::{Contract, name_key};
use crate::domain::notice::Message;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The most bytes of a file of contracts: some ten thousand lines.
pub(super) const LIMIT: usize = 4 * 1024 * 1024;

/// How many lines of a contract's log are shown.
const LOG: u32 = 100;

/// `GET /contracts?customer=…&ends_within=30`: by customer; those that end soon by their end.
pub(super) async fn list(
    State(web): State<Web>,
    _: Caller,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Json<Value>, Problem> {
    let known = ["customer", "ends_within"];
    if let Some(odd) = query.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Problem::bad_field(
            odd,
            "unknown: use customer or ends_within",
        ));
    }
    let app = web.app();
    let mut found = match query.get("ends_within") {
        Some(days) => {
            let within = days.parse().ok().filter(|days| (0..=3_660).contains(days));
            let within = within.ok_or_else(|| {
                Problem::bad_field("ends_within", "not a number of days from 0 to 3660")
            })?;
            app.contracts_ending(within).await?
        }
        None => app.store.contracts().await?,
    };
    if let Some(customer) = query.get("customer") {
        let key = name_key(customer);
        found.retain(|kept| kept.contract.keys().contains(&key));
    }
    let contracts: Vec<Value> = found.iter().map(shape).collect();
    Ok(Json(json!({ "contracts": contracts })))
}

/// `GET /contracts/{id}`, with what became of it.
pub(super) async fn show(
    State(web): State<Web>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let store = &web.app().store;
    let kept = store.contract(&id).await?.ok_or_else(|| missing(&id))?;
    let mut body = shape(&kept);
    let log = store.contract_changes(&id, LOG).await?;
    body["log"] = log.iter().map(line).collect();
    Ok(Json(body))
}

/// `PUT /contracts/{id}`: the whole contract; its number is that of the address.
pub(super) async fn put(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let mut value: Value = serde_json::from_slice(&body)
        .map_err(|error| Problem::bad_field("body", &format!("not JSON: {error}")))?;
    let Some(fields) = value.as_object_mut() else {
        return Err(Problem::bad_field("body", "not a JSON object"));
    };
    fields.insert("id".to_owned(), Value::from(id.clone()));
    if let Some(odd) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let why = format!("unknown: a contract has {}", FIELDS.join(", "));
        return Err(Problem::bad_field(odd, &why));
    }
    let contract: Contract = serde_json::from_value(value)
        .map_err(|error| Problem::bad_field("body", &error.to_string()))?;
    let put = web
        .app()
        .put_contract(contract, &caller.by, caller.via)
        .await;
    let is_new = put.map_err(|error| match error {
        RegisterError::Faults(faults) => {
            let said: Vec<String> = faults.iter().map(|it| said(it, &caller, &web)).collect();
            unfit(&said.join(" ")).with("problems", said)
        }
        RegisterError::Store(error) => error.into(),
    })?;
    let kept = web.app().store.contract(&id).await?;
    let kept = kept.ok_or_else(|| missing(&id))?;
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(shape(&kept))).into_response())
}

/// The fields of a contract.
const FIELDS: [&str; 11] = [
    "id",
    "customer",
    "aliases",
    "plan",
    "products",
    "calendar",
    "region",
    "language",
    "starts_on",
    "ends_on",
    "note",
];

/// `DELETE /contracts/{id}`.
pub(super) async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    match web
        .app()
        .remove_contract(&id, &caller.by, caller.via)
        .await?
    {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(missing(&id)),
    }
}

/// `POST /contracts/import?dry_run=true&replace=true`: a CSV file in UTF-8 or CP932; all of it or nothing.
pub(super) async fn import(
    State(web): State<Web>,
    caller: Caller,
    Query(query): Query<BTreeMap<String, String>>,
    body: Bytes,
) -> Result<Response, Problem> {
    let mut wishes = [("dry_run", false), ("replace", false)];
    for (name, value) in &query {
        let wish = wishes.iter_mut().find(|(known, _)| known == name);
        let (_, wish) =
            wish.ok_or_else(|| Problem::bad_field(name, "unknown: use dry_run or replace"))?;
        *wish = value
            .parse()
            .map_err(|_| Problem::bad_field(name, "neither true nor false"))?;
    }
    let [(_, is_dry), (_, is_whole)] = wishes;
    let by = (&caller.by, caller.via);
    let plan = web
        .app()
        .import_contracts(&body, is_whole, is_dry, by)
        .await?;
    let lines: Vec<String> = plan
        .lines()
        .iter()
        .map(|it| said(it, &caller, &web))
        .collect();
    if !plan.faults.is_empty() {
        let count = plan.faults.len();
        let problem = unfit(&format!(
            "{count} mistakes in the file; nothing was changed"
        ));
        let problem = problem
            .with("problems", faults(&plan, &caller, &web))
            .with("lines", lines);
        return Err(problem);
    }
    let ids = |contracts: &[Contract]| -> Vec<String> {
        contracts.iter().map(|it| it.id.clone()).collect()
    };
    let changed = plan.changed.iter().map(|(_, after)| after.id.clone());
    Ok(Json(json!({
        "is_done": plan.is_done,
        "added": ids(&plan.added),
        "changed": changed.collect::<Vec<String>>(),
        "removed": ids(&plan.removed),
        "same": plan.same,
        "lines": lines,
    }))
    .into_response())
}

fn faults(plan: &ImportPlan, caller: &Caller, web: &Web) -> Value {
    let faults = plan.faults.iter().map(|fault| {
        json!({
            "line": fault.line,
            "column": fault.column,
            "what": said(&fault.what, caller, web),
        })
    });
    faults.collect()
}

fn said(message: &Message, caller: &Caller, web: &Web) -> String {
    let texts = HashMap::new();
    let words = Words {
        lang: caller.lang,
        zone: &web.app().setup.zone,
        now: web.now(),
        texts: &texts,
        people: &web.app().setup.people,
    };
    sentence(message, &words, &PlainText)
}

fn unfit(detail: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "contracts",
        "Not what the register can hold",
        detail,
    )
}

fn missing(id: &str) -> Problem {
    Problem::not_found(format!("there is no contract \"{id}\""))
}

fn shape(kept: &KeptContract) -> Value {
    let mut body = json!(kept.contract);
    body["changed_at"] = json!(kept.changed_at);
    body["changed_by"] = json!(kept.changed_by);
    body
}

fn line(change: &ContractChange) -> Value {
    json!({
        "what": change.what,
        "at": change.at,
        "by": change.by,
        "via": change.via,
        "contract": change.contract,
    })
}
