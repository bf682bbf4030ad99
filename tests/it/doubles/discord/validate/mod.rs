//! Judges every request: against Discord's official description, then by the rules it leaves unsaid.
//!
//! The description is compiled one operation at a time, once per process. What Discord would refuse is
//! told apart from what only our own house forbids (a message without `allowed_mentions`).

pub mod command;
mod interaction;
pub mod message;
mod shape;
pub mod spec;

use serde_json::Value;

use super::errors::Problem;
use super::request::Request;
pub use shape::Shapes;

/// Lists everything that is wrong with a request whose route is known.
///
/// `body_schema` narrows the description where it allows several bodies and the double knows which one is meant.
pub fn problems(
    request: &Request,
    body_schema: Option<&str>,
    shapes: Option<&Shapes>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    head(request, &mut problems);
    let form = spec::tolerated(request.route.template, &request.body);
    let shape = shapes.map(|_| shape::of(request, &form));
    if !shapes
        .zip(shape)
        .is_some_and(|(known, shape)| known.passed(shape))
    {
        let before = problems.len();
        spec::path_and_query(request, &mut problems);
        spec::body(request, body_schema, &form, &mut problems);
        if let (Some(known), Some(shape), true) = (shapes, shape, before == problems.len()) {
            known.pass(shape);
        }
    }
    rules(request, &mut problems);
    problems
}

/// Checks what every request needs: a bot's user agent where a bot is asked for, and JSON that says it is JSON.
fn head(request: &Request, problems: &mut Vec<Problem>) {
    let agent = request.header("user-agent").unwrap_or_default();
    // Routes that carry their own token are for webhooks, too: no client names itself there alike.
    if request.header("authorization").is_some() && !agent.starts_with("DiscordBot (") {
        problems.push(Problem::ours(
            "",
            "USER_AGENT",
            format!("user agent {agent:?} is not `DiscordBot (url, version)`"),
        ));
    }
    if !request.body.is_null()
        && !request.header("content-type").is_some_and(|t| {
            let is_form = !request.files.is_empty() && t.starts_with("multipart/form-data");
            is_form || t.starts_with("application/json")
        })
    {
        problems.push(Problem::new(
            "",
            "CONTENT_TYPE",
            "the body is JSON but does not say so",
        ));
    }
}

/// Applies the rules that the description misses.
fn rules(request: &Request, problems: &mut Vec<Problem>) {
    let body = &request.body;
    match (request.method.as_str(), request.route.template) {
        ("POST", "/channels/{channel_id}/messages" | "/webhooks/{webhook_id}/{webhook_token}") => {
            message::check(body, "", message::Verb::Create, problems);
        }
        (
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}"
            | "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
            | "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        ) => message::check(body, "", message::Verb::Edit, problems),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback") => {
            interaction::check(body, problems)
        }
        ("PUT", template) if template.ends_with("/commands") => {
            command::check_list(body.as_array().map_or(&[][..], Vec::as_slice), problems);
        }
        ("POST", template) if template.ends_with("/commands") => {
            command::check(body, "", false, problems)
        }
        ("PATCH", template) if template.ends_with("/commands/{command_id}") => {
            command::check(body, "", true, problems)
        }
        ("GET", "/channels/{channel_id}/messages") => {
            let anchors = ["before", "after", "around"]
                .iter()
                .filter(|name| request.query(name).is_some())
                .count();
            if anchors > 1 {
                problems.push(Problem::new(
                    "?before",
                    "ANCHORS",
                    "before, after and around exclude each other",
                ));
            }
        }
        _ => {}
    }
}

/// Returns the items of an array, or nothing when it is absent, null or no array.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Returns the text under a key, or the empty text.
fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Says whether a key is there and not null.
fn given(value: &Value, key: &str) -> bool {
    !value[key].is_null()
}
