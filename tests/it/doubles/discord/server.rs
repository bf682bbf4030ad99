//! The HTTP side: reads a request, lets faults happen, judges it, does the work, answers.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State as Shared};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::any;
use serde_json::Value;
use tokio::net::TcpListener;

use super::cable::{Cable, Wires};
use super::errors::{Problem, Refusal};
use super::faults::{Fault, limited};
use super::hub::{Hub, Seen, State, Violation};
use super::request::{Answer, Request};
use super::{gateway, routes, validate};

/// Serves until the task is aborted.
pub async fn serve(listener: TcpListener, hub: Arc<Hub>) {
    let gone = hub.gone.clone();
    let app = Router::new()
        .route("/", any(gateway::connect))
        .route("/resume", any(gateway::connect))
        .fallback(rest)
        .with_state(hub)
        .into_make_service_with_connect_info::<Cable>();
    axum::serve(Wires { listener, gone }, app)
        .await
        .expect("a loopback listener accepts until it is dropped");
}

async fn rest(
    Shared(hub): Shared<Arc<Hub>>,
    ConnectInfo(cable): ConnectInfo<Cable>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (index, read) = arrive(&hub, &method, &uri, headers, &body);
    let request = match read {
        Ok(request) => request,
        Err(refusal) => return done(&hub, index, refusal.into()),
    };
    let fault = hub.change(|state| state.faults.take(&request));
    let mut released = hub.released.subscribe();
    match fault {
        None => done(&hub, index, work(&hub, &request)),
        Some(Fault::Status(status)) => done(&hub, index, Answer::with(status, Value::Null)),
        Some(Fault::WorkThenStatus(status)) => {
            work(&hub, &request);
            done(&hub, index, Answer::with(status, Value::Null))
        }
        Some(Fault::RateLimit { scope, after }) => done(&hub, index, limited(scope, after)),
        Some(Fault::Refuse(refusal)) => done(&hub, index, refusal.into()),
        Some(Fault::Hang) => {
            // The double outlives the wait or drops it together with the connection: both end it.
            let _ = released.changed().await;
            done(&hub, index, work(&hub, &request))
        }
        Some(Fault::WorkThenHang) => {
            let answer = work(&hub, &request);
            let _ = released.changed().await;
            done(&hub, index, answer)
        }
        Some(Fault::Reset) => cable.cut(),
        Some(Fault::WorkThenReset) => {
            work(&hub, &request);
            cable.cut()
        }
    }
}

/// Notes a request and reads it.
fn arrive(
    hub: &Hub,
    method: &Method,
    uri: &Uri,
    headers: HeaderMap,
    body: &[u8],
) -> (usize, Result<Request, Refusal>) {
    let at_ms = hub.clock.now_ms();
    let path = uri.path().to_owned();
    let read = match path.strip_prefix("/api/v10") {
        Some(below) => Request::read(method, uri, headers, below, body),
        None => Err(Refusal::NO_ROUTE),
    };
    hub.change(|state| {
        let (template, seen_body, files) = match &read {
            Ok(request) => {
                let files = request.files.clone();
                (request.route.template, request.body.clone(), files)
            }
            Err(_) => {
                let body = String::from_utf8_lossy(body).into_owned();
                ("", Value::String(body), Vec::new())
            }
        };
        if let Err(refusal) = &read {
            let problems = vec![Problem::new("", "REQUEST", refusal.message)];
            state.violations.push(Violation {
                method: method.to_string(),
                path: path.clone(),
                body: seen_body.clone(),
                problems,
            });
        }
        state.requests.push(Seen {
            method: method.to_string(),
            path,
            template,
            body: seen_body,
            files,
            status: 0,
            is_shared_limit: false,
            at_ms,
        });
        (state.requests.len() - 1, read)
    })
}

fn done(hub: &Hub, index: usize, answer: Answer) -> Response {
    let is_shared_limit = answer
        .headers
        .contains(&("x-ratelimit-scope", "shared".to_owned()));
    hub.change(|state| {
        state.requests[index].status = answer.status;
        state.requests[index].is_shared_limit = is_shared_limit;
    });
    answer.into_response()
}

/// Judges a request and carries it out.
fn work(hub: &Hub, request: &Request) -> Answer {
    let narrowed = routes::body_schema(&hub.look().world, request);
    let problems = validate::problems(request, narrowed, hub.shapes.as_ref());
    let now_ms = hub.clock.now_ms();
    let answer = hub.change(|state| {
        let answer = judge(hub, state, request, problems, now_ms);
        match answer {
            Ok(answer) => answer,
            Err(refusal) => refusal.into(),
        }
    });
    if hub.options.check_answers && request.route.allowed {
        let wrong = validate::spec::answer(
            &request.method,
            request.route.template,
            answer.status,
            &answer.body,
        );
        if !wrong.is_empty() {
            let problems = wrong
                .into_iter()
                .map(|p| Problem {
                    says: format!("the double answers wrongly: {}", p.says),
                    ..p
                })
                .collect();
            hub.change(|state| violate(state, request, problems));
        }
    }
    answer
}

fn judge(
    hub: &Hub,
    state: &mut State,
    request: &Request,
    problems: Vec<Problem>,
    now_ms: i64,
) -> Result<Answer, Refusal> {
    let refused: Vec<Problem> = problems
        .iter()
        .filter(|problem| problem.refused)
        .cloned()
        .collect();
    if !problems.is_empty() {
        violate(state, request, problems);
    }
    if needs_token(request) {
        let wanted = format!("Bot {}", super::hub::token(state.world.app));
        if !state.is_token_valid || request.header("authorization") != Some(&wanted) {
            return Err(Refusal::UNAUTHORIZED);
        }
    }
    let headers = match state.buckets.count(&hub.options.limits, request, now_ms) {
        Ok(headers) => headers,
        Err(answer) => return Ok(answer),
    };
    let mut answer = if let [Problem { code: "EMPTY", .. }] = refused[..] {
        Refusal::EMPTY_MESSAGE.into()
    } else if !refused.is_empty() {
        Refusal::invalid_form(&refused).into()
    } else {
        carry_out(hub, state, request, now_ms)
    };
    answer.headers.extend(headers);
    Ok(answer)
}

fn carry_out(hub: &Hub, state: &mut State, request: &Request, now_ms: i64) -> Answer {
    let mut call = routes::Call {
        hub,
        state,
        request,
        now_ms,
    };
    match routes::dispatch(&mut call) {
        Some(Ok(answer)) => answer,
        Some(Err(refusal)) => {
            // What only the state could tell to be malformed is forbidden all the same.
            if matches!(refusal.code, 50035 | 50006) {
                let says = format!("{} {}", refusal.message, refusal.errors);
                violate(state, request, vec![Problem::new("", "REFUSED", says)]);
            }
            refusal.into()
        }
        None => {
            let refusal = if request.route.allowed {
                Refusal::NO_ROUTE
            } else {
                Refusal::METHOD_NOT_ALLOWED
            };
            violate(
                state,
                request,
                vec![Problem::new(
                    "",
                    "ROUTE",
                    "the double has no such route: the app should not need it",
                )],
            );
            refusal.into()
        }
    }
}

/// Interactions and their webhooks carry their own token in the path.
fn needs_token(request: &Request) -> bool {
    let by_path = ["/interactions/", "/webhooks/"]
        .iter()
        .any(|prefix| request.path.starts_with(prefix));
    !by_path && request.route.template != "/gateway"
}

fn violate(state: &mut State, request: &Request, problems: Vec<Problem>) {
    let (method, path, body) = (
        request.method.clone(),
        request.path.clone(),
        request.body.clone(),
    );
    state.violations.push(Violation {
        method,
        path,
        body,
        problems,
    });
}
