//! `/feeds/…`: the duty as iCalendar (RFC 5545), for calendars that people subscribe to.
//!
//! Promises: instants are written in UTC. A shift is one event with a beginning and an end, never a rule that
//! repeats, so UTC is exact over every change of the clocks and no VTIMEZONE can disagree with the reader's own. An
//! unchanged feed is the same to the byte, so a client that asks again hears 304. The key stands in the address because
//! calendars can send nothing else; wrong ones are counted. Leaves out what is in a feed (`app/feeds.rs`).

use super::guesses::{Client, Door};
use super::parts::Web;
use super::problem::Problem;
use crate::app::feeds::{FedShift, Feed, FeedOf};
use crate::domain::ids::MemberId;
use crate::time::Timestamp;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use icalendar::{Calendar, Component, Event, Property, ValueType};
use serde::Deserialize;
use sha2::{Digest, Sha256};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/feeds/rota/{file}", get(of_rota))
        .route("/feeds/member/{file}", get(of_member))
        .route("/feeds/team.ics", get(of_team))
}

#[derive(Deserialize)]
struct Knock {
    #[serde(default)]
    key: String,
}

async fn of_rota(
    State(web): State<Web>,
    client: Client,
    Path(file): Path<String>,
    Query(knock): Query<Knock>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = FeedOf::Rota(named(&file)?.to_owned());
    answer(&web, client, &of, &knock.key, &headers).await
}

async fn of_member(
    State(web): State<Web>,
    client: Client,
    Path(file): Path<String>,
    Query(knock): Query<Knock>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = FeedOf::Member(MemberId::from(named(&file)?));
    answer(&web, client, &of, &knock.key, &headers).await
}

async fn of_team(
    State(web): State<Web>,
    client: Client,
    Query(knock): Query<Knock>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&web, client, &FeedOf::Team, &knock.key, &headers).await
}

fn named(file: &str) -> Result<&str, Problem> {
    file.strip_suffix(".ics")
        .ok_or_else(|| Problem::not_found(format!("there is no feed \"{file}\": it ends in .ics")))
}

async fn answer(
    web: &Web,
    client: Client,
    of: &FeedOf,
    key: &str,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let app = web.app();
    let Some(reader) = app.feed_reader(key).await? else {
        web.missed(Door::Feed, client)?;
        return Err(Problem::forbidden(
            "no-feed-key",
            "this address has no key that holds (any more): say \"feed\" at the desk for a new one",
        ));
    };
    let lang = app.language_of_member(Some(&reader)).await;
    let lang = lang.unwrap_or(app.setup.lang);
    let feed = app.feed(of, lang).await?;
    let feed = feed.ok_or_else(|| Problem::not_found("there is no such rota or member"))?;
    let body = written(
        &feed,
        app.setup.zone.iana_name(),
        app.setup.desk_url.as_deref(),
    );
    Ok(sent(body, headers))
}

/// Where people find us, as far as it is known.
pub(super) fn base(web: &Web) -> String {
    match &web.options().public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", web.bound),
    }
}

/// Answers a feed, or that it has not changed.
fn sent(body: String, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &hex::encode(Sha256::digest(&body))[..32]);
    let known = headers.get(header::IF_NONE_MATCH);
    let known = known.and_then(|known| known.to_str().ok()).unwrap_or("");
    // A proxy that compresses makes the tag a weak one.
    let is_known = known
        .split(',')
        .any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == tag);
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = "text/calendar; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], body).into_response()
    };
    let out = response.headers_mut();
    out.insert(
        header::ETAG,
        HeaderValue::from_str(&tag).expect("a hash is plain ASCII"),
    );
    // It is one person's address; no proxy keeps what it answers.
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    response
}

/// How often a client may ask again.
const REFRESH: &str = "PT1H";

/// Writes a feed, lines folded by octets.
fn written(feed: &Feed, zone: Option<&str>, desk: Option<&str>) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//toban//duty//EN"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("NAME", &feed.name))
        .append_property(Property::new("X-WR-CALNAME", &feed.name))
        .append_property(
            Property::new("REFRESH-INTERVAL", REFRESH)
                .append_parameter(ValueType::Duration)
                .done(),
        )
        .append_property(Property::new("X-PUBLISHED-TTL", REFRESH));
    if let Some(zone) = zone {
        calendar.append_property(Property::new("X-WR-TIMEZONE", zone));
    }
    for shift in &feed.shifts {
        calendar.push(event(shift, desk));
    }
    calendar.to_string()
}

fn event(shift: &FedShift, desk: Option<&str>) -> Event {
    let modified = utc(shift.revision.modified_at);
    let mut event = Event::new();
    event
        .uid(&shift.uid)
        .summary(&shift.summary)
        .description(&shift.description)
        .sequence(shift.revision.sequence)
        .add_property("DTSTART", utc(shift.starts_at))
        .add_property("DTEND", utc(shift.ends_at))
        // Without a METHOD the stamp is when it was last changed.
        .add_property("DTSTAMP", &modified)
        .add_property("LAST-MODIFIED", &modified)
        // Whoever has the duty still has their day: meetings may be put into it.
        .add_property("TRANSP", "TRANSPARENT")
        .add_property("CLASS", "PRIVATE");
    if let Some(desk) = desk {
        event.url(&format!("{}/desk", desk.trim_end_matches('/')));
    }
    event.done()
}

/// An instant as iCalendar writes it in UTC, to the second.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests;
