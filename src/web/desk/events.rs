//! `GET /desk/events?after=STAMP`: what is new at the desk, as server-sent events.
//!
//! Each post's stamp is the event's id, so a browser that lost the line says where it was and misses nothing;
//! one that was away too long is told to load the page again. Waking is a hint only: we also look by
//! ourselves, because another process may have posted.

use super::super::guard::{NotSigned, Signed};
use super::super::parts::Web;
use super::super::problem::Problem;
use super::board::{Board, Shown};
use crate::app::ports::{DeskPost, Stirred};
use crate::clock;
use crate::time::ms;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// How many posts are sent at once; a browser that missed more loads the page again.
const BATCH: u32 = 200;
/// How often we look without being woken (DESIGN §6: loops look every second or so).
const LOOK: Duration = Duration::from_secs(2);
/// Every so many looks the clock is sent, and the reader's right to look is checked.
const LOOKS_PER_CLOCK: u32 = 5;

#[derive(Deserialize)]
pub(super) struct From {
    after: Option<i64>,
}

pub(super) async fn follow(
    State(web): State<Web>,
    signed: Result<Signed, NotSigned>,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Result<Response, Problem> {
    let signed = signed.map_err(|problem| problem.0)?;
    let resumed = headers.get("last-event-id").map(|id| {
        let id = id.to_str().ok().and_then(|id| id.parse::<i64>().ok());
        id.ok_or_else(|| Problem::bad_field("last-event-id", "not a stamp"))
    });
    // We listen before we look, so that nothing falls between.
    let wake = web.app().wake.listen();
    let stamp = match (resumed.transpose()?, from.after) {
        (Some(stamp), _) | (None, Some(stamp)) => stamp,
        (None, None) => web.app().store.desk_stamp().await?,
    };
    let follower = Follower {
        web,
        signed,
        stamp,
        wake,
        looks: 0,
    };
    let mut response = Sse::new(events(follower)).into_response();
    // Proxies would hold events back until they have many.
    response.headers_mut().insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    Ok(response)
}

struct Follower {
    web: Web,
    signed: Signed,
    stamp: i64,
    wake: Receiver<Stirred>,
    looks: u32,
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Some(follower), |follower| async {
        let mut follower = follower?;
        let (events, goes_on) = follower.next().await;
        Some((stream::iter(events), goes_on.then_some(follower)))
    })
    .flatten()
    .map(Ok)
}

impl Follower {
    /// Waits until there is something to send; `false` when it is the last.
    async fn next(&mut self) -> (Vec<Event>, bool) {
        loop {
            if self.looks.is_multiple_of(LOOKS_PER_CLOCK) {
                self.looks += 1;
                let token = &self.signed.token;
                let is_signed = match self.web.app().session(token).await {
                    Ok(member) => member.as_ref() == Some(&self.signed.member),
                    // The next look says whether the database is back.
                    Err(_) => true,
                };
                if !is_signed {
                    return (vec![Event::default().event("gone").data("")], false);
                }
                let now = ms(self.web.now()).to_string();
                return (vec![Event::default().event("clock").data(now)], true);
            }
            match self.look().await {
                Ok(events) if !events.is_empty() => return (events, true),
                // A database that does not answer is asked again at the next look.
                Ok(_) | Err(_) => {}
            }
            if !self.wait().await {
                return (Vec::new(), false);
            }
        }
    }

    async fn look(&mut self) -> Result<Vec<Event>, Problem> {
        let posts = self.web.app().store.desk_since(self.stamp, BATCH).await?;
        let Some(last) = posts.last().map(|post: &DeskPost| post.stamp) else {
            return Ok(Vec::new());
        };
        if posts.len() >= BATCH as usize {
            self.stamp = self.web.app().store.desk_stamp().await?;
            let reload = Event::default().event("reload").id(self.stamp.to_string());
            return Ok(vec![reload.data("")]);
        }
        let board = Board::new(&self.web, &self.signed).await?;
        let shown = board.show(posts).await?;
        let events = shown.iter().map(event).collect();
        self.stamp = last;
        Ok(events)
    }

    /// Waits for a hint or a while; `false` at the shutdown.
    async fn wait(&mut self) -> bool {
        let shutdown = self.web.shutdown.clone();
        let stirred = async {
            loop {
                match self.wake.recv().await {
                    Ok(Stirred::Desk) | Err(RecvError::Lagged(_)) => return,
                    Ok(Stirred::Timers | Stirred::Outbox | Stirred::Cards) => {}
                    // Nobody wakes any more: only looking is left.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => false,
            () = stirred => true,
            () = clock::sleep(LOOK) => {
                self.looks += 1;
                true
            }
        }
    }
}

fn event(shown: &Shown) -> Event {
    let post = &shown.post;
    let data = json!({
        "id": post.id,
        "channel": post.channel,
        "in_thread": post.in_thread,
        // With which stamp it was first posted: tells a revision from what is new to a page.
        "posted": post.posted,
        "at": ms(post.at),
        "reference": shown.reference.map(|reference| reference.to_string()),
        "is_for_me": shown.is_for_me,
        "is_urgent": shown.is_urgent,
        "html": shown.html,
    });
    // JSON text has no line breaks of its own, so it is one line of data.
    Event::default()
        .event("post")
        .id(post.stamp.to_string())
        .data(data.to_string())
}
