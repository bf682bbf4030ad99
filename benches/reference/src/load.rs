//! The load: deliveries over so many connections, each waiting for its answer before the next.
//!
//! `load PORT SECRET DELIVERIES CONNECTIONS [FIRST]` sends items FIRST.. to `/hooks/hook` and prints one line of figures. An
//! answer other than 202 ends it with an error: what was not taken is no acknowledgement.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

type Error = Box<dyn std::error::Error + Send + Sync>;

fn document(n: u64) -> String {
    serde_json::json!({
        "id": format!("LOAD-{n}"),
        "title": format!("請求書の PDF が開けない ({n})"),
        "body": "昨日の更新のあとから、請求書の PDF を開くと白い画面になります。Chrome と Edge の両方で起きます。",
        "requester": "佐藤", "customer": "株式会社やまと商事", "severity": "S3", "product": "billing",
    })
    .to_string()
}

async fn connection(port: u16, secret: Arc<str>, next: Arc<AtomicU64>, end: u64) -> Result<Vec<Duration>, Error> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut waits = Vec::new();
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        if n >= end {
            return Ok(waits);
        }
        let request = Request::post("/hooks/hook")
            .header("host", "127.0.0.1")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {secret}"))
            .body(Full::<Bytes>::from(document(n)))?;
        let sent = Instant::now();
        let answer = sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        waits.push(sent.elapsed());
        if status != StatusCode::ACCEPTED {
            return Err(format!("item {n}: {status} {}", String::from_utf8_lossy(&body)).into());
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let args: Vec<String> = std::env::args().collect();
    let [_, port, secret, deliveries, connections, first @ ..] = &args[..] else {
        return Err("usage: load PORT SECRET DELIVERIES CONNECTIONS [FIRST]".into());
    };
    let first: u64 = first.first().map_or(Ok(0), |first| first.parse())?;
    let deliveries: u64 = deliveries.parse()?;
    let next = Arc::new(AtomicU64::new(first));
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections.parse::<usize>()? {
        tasks.spawn(connection(port.parse()?, secret.as_str().into(), next.clone(), first + deliveries));
    }
    let mut waits = Vec::new();
    while let Some(task) = tasks.join_next().await {
        waits.extend(task??);
    }
    let took = started.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{} acknowledged over {connections} connections: {:.0}/s, p50 {:.1} ms, p99 {:.1} ms",
        waits.len(),
        waits.len() as f64 / took,
        at(0.5),
        at(0.99)
    );
    Ok(())
}
