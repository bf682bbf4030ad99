//! The least that can acknowledge durably: one axum route, one SQLite writer (WAL, `synchronous=FULL`, at most 256 rows a
//! commit), 202 only after COMMIT. It checks the bearer and parses the document, and does nothing else that toban does.
//!
//! `reference FILE.db PORT SECRET`

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

type Row = (String, String, oneshot::Sender<i64>);

fn write(mut db: Connection, mut rows: mpsc::Receiver<Row>) -> rusqlite::Result<()> {
    let mut batch = Vec::with_capacity(256);
    while rows.blocking_recv_many(&mut batch, 256) > 0 {
        let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let mut told = Vec::with_capacity(batch.len());
        for (id, body, tell) in batch.drain(..) {
            let mut insert = tx.prepare_cached(
                "insert into items (external_id, body) values (?1, ?2)
                 on conflict (external_id) do update set body = excluded.body returning id",
            )?;
            let id = insert.query_row(params![id, body], |row| row.get(0))?;
            told.push((tell, id));
        }
        tx.commit()?;
        for (tell, id) in told {
            let _ = tell.send(id);
        }
    }
    Ok(())
}

async fn deliver(
    State((rows, secret)): State<(mpsc::Sender<Row>, Arc<str>)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    if bearer.and_then(|value| value.strip_prefix("Bearer ")) != Some(&*secret) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let document: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let id = document["id"].as_str().ok_or(StatusCode::UNPROCESSABLE_ENTITY)?;
    let (tell, told) = oneshot::channel();
    let row = (id.to_owned(), document.to_string(), tell);
    rows.send(row).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let id = told.await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "reference": format!("Q-{id}") }))))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, file, port, secret] = &args[..] else {
        return Err("usage: reference FILE.db PORT SECRET".into());
    };
    let db = Connection::open(file)?;
    db.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full;
         create table if not exists items (id integer primary key, external_id text not null unique, body text not null) strict;",
    )?;
    let (rows, waiting) = mpsc::channel(1024);
    std::thread::spawn(move || write(db, waiting).expect("the reference has a disk to write to"));
    let app = Router::new()
        .route("/hooks/hook", post(deliver))
        .layer(DefaultBodyLimit::max(256 * 1024))
        .with_state((rows, secret.as_str().into()));
    axum::serve(tokio::net::TcpListener::bind(("127.0.0.1", port.parse()?)).await?, app).await?;
    Ok(())
}
