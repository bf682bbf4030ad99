//! Sources for the tests of this room, configured in a few words, over a client that reaches loopback; and what a wrong
//! configuration is told.

#![allow(clippy::unwrap_used)]

mod asked;
mod presets;

use super::{Contact, Source, Sources};
use crate::app::secret::Secret;
use crate::app::source_config::{
    Act, Auth, Format, MapField, Mapping, MessageMapping, PollConfig, RequestConfig, Schedule,
    SourceConfig, SourceKind,
};
use crate::domain::ids::SourceId;
use crate::net::{Client, Settings};
use crate::time::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// The key that these sources use.
pub const SECRET: &str = "opensesame";

/// The id of the only source.
pub fn id() -> SourceId {
    "tracker".into()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A mapping of these texts, and of `id` and `title` unless they say otherwise.
pub fn mapping(texts: &[(MapField, &str)]) -> Mapping {
    let usual = [
        (MapField::ExternalId, "{{ id }}"),
        (MapField::Title, "{{ title }}"),
    ];
    let fields = usual.iter().chain(texts);
    Mapping {
        fields: fields
            .map(|(field, text)| (*field, (*text).to_owned()))
            .collect(),
        message: None,
    }
}

pub fn config(kind: SourceKind, mapping: Mapping) -> SourceConfig {
    SourceConfig {
        id: id(),
        name: "Tracker".into(),
        kind,
        base_url: "https://tracker.example".into(),
        secrets: vec![Secret::new(SECRET)],
        hook_secrets: Vec::new(),
        settings: BTreeMap::new(),
        mapping,
        way_back: BTreeMap::new(),
    }
}

pub fn request(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> RequestConfig {
    let headers = headers.iter();
    RequestConfig {
        method: method.into(),
        url: url.into(),
        headers: headers
            .map(|(name, value)| ((*name).into(), (*value).into()))
            .collect(),
        body: body.map(str::to_owned),
        good_when: None,
    }
}

/// A poll every minute of what lies at `base_url`, with a cursor and pages.
pub fn poll_config() -> PollConfig {
    PollConfig {
        schedule: Schedule::Every(SignedDuration::from_mins(1)),
        format: Format::Json,
        mapping: None,
        request: request(
            "GET",
            "{{ base_url }}/items?after={{ cursor | urlencode }}&since={{ since }}",
            &[("authorization", "Bearer {{ secret }}")],
            None,
        ),
        check: None,
        detail: Vec::new(),
        breaker: 5,
        overlap: None,
        items: "items_found".into(),
        cursor: Some("{{ last.at }}".into()),
        has_more: Some("more".into()),
        complete: None,
        restart: None,
    }
}

/// The only source, as configured; the client gives up after `total`.
pub fn sources(config: &SourceConfig, contact: Contact, total: Duration) -> Sources {
    let client = Client::new(&Settings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        total,
        ..Settings::default()
    });
    let source = Source::new(config, contact).unwrap();
    Sources {
        sources: [(config.id.clone(), source)].into(),
        client: client.unwrap(),
        post: None,
        owed: Mutex::default(),
        trail: None,
    }
}

/// An address of this machine where nobody listens.
pub fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// What a source is told that cannot be made.
fn check(change: impl FnOnce(&mut SourceConfig), expected: &str) {
    let mut config = config(SourceKind::Poll(Box::new(poll_config())), mapping(&[]));
    change(&mut config);
    let error = Source::new(&config, Contact::default()).unwrap_err();
    let said = error.to_string();
    assert!(
        said.starts_with(&format!("source \"tracker\", {expected}")),
        "{said}"
    );
}

fn poll(change: impl FnOnce(&mut PollConfig)) -> SourceKind {
    let mut poll = poll_config();
    change(&mut poll);
    SourceKind::Poll(Box::new(poll))
}

#[test]
fn a_text_that_does_not_compile_is_named_by_its_key() {
    let bad = || "{{ x | nothing }}".to_owned();
    let request = || request("GET", "{{", &[], None);
    check(
        |c| c.mapping = mapping(&[(MapField::Plan, "{{ x | nothing }}")]),
        "mapping.plan: ",
    );
    check(
        |c| c.mapping = mapping(&[(MapField::Take, "x |")]),
        "mapping.take: ",
    );
    check(
        |c| {
            let good = || "{{ message.x }}".to_owned();
            c.mapping.message = Some(MessageMapping {
                id: good(),
                by: bad(),
                at: good(),
                text: good(),
            });
        },
        "mapping.message.by: ",
    );
    check(
        |c| c.kind = poll(|p| p.cursor = Some(bad())),
        "poll.cursor: ",
    );
    check(|c| c.kind = poll(|p| p.items = bad()), "poll.items: ");
    check(
        |c| c.kind = poll(|p| p.has_more = Some("a b".into())),
        "poll.has_more: ",
    );
    check(
        |c| c.kind = poll(|p| p.request.body = Some(bad())),
        "poll.body: ",
    );
    check(
        |c| c.kind = poll(|p| p.check = Some(request())),
        "poll.check.url: ",
    );
    check(
        |c| c.kind = poll(|p| p.detail = vec![request()]),
        "poll.detail.url: ",
    );
    check(
        |c| c.kind = poll(|p| p.request.method = "G ET".into()),
        "poll.method: ",
    );
    check(
        |c| c.way_back = [(Act::Reply, vec![request()])].into(),
        "way_back.reply.url: ",
    );
    let auth = || Auth::Preset("gitbub".into());
    check(
        |c| {
            c.kind = SourceKind::Webhook {
                auth: auth(),
                brings: Default::default(),
                poll: None,
            }
        },
        "auth: ",
    );
}
