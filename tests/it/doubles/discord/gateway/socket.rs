//! One connection to the gateway: hello, identify, heartbeats, resume, and all the ways it can end.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{Link, Out, PAYLOAD_MAX, SENDS_PER_MINUTE, Session, intents};
use crate::doubles::discord::errors::Problem;
use crate::doubles::discord::hub::{self, Hub, State, Violation};
use crate::doubles::discord::wire;

/// Takes a connection.
pub async fn connect(
    Shared(hub): Shared<Arc<Hub>>,
    Query(query): Query<BTreeMap<String, String>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !hub.look().gateway.moods.accepts {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let version = query.get("v").cloned();
    let encoding = query
        .get("encoding")
        .cloned()
        .unwrap_or_else(|| "json".to_owned());
    upgrade.on_upgrade(move |socket| async move {
        let is_understood = version.as_deref() == Some("10") && encoding == "json";
        run(hub, socket, is_understood).await;
    })
}

async fn run(hub: Arc<Hub>, mut socket: WebSocket, is_understood: bool) {
    let (to, from) = unbounded_channel();
    let (id, hello) = hub.change(|state| {
        let gateway = &mut state.gateway;
        gateway.counts.connections += 1;
        gateway.next_link += 1;
        gateway.links.insert(gateway.next_link, Link { to, session: None });
        (gateway.next_link, json!({"op": 10, "s": null, "t": null, "d": {"heartbeat_interval": gateway.heartbeat_ms}}))
    });
    if is_understood {
        if socket
            .send(Message::Text(hello.to_string().into()))
            .await
            .is_ok()
        {
            talk(&hub, id, &mut socket, from).await;
        }
    } else {
        close(&mut socket, 4012, "Invalid API version or encoding").await;
    }
    hub.change(|state| state.gateway.unlink(id));
}

async fn talk(hub: &Hub, id: u64, socket: &mut WebSocket, mut from: UnboundedReceiver<Out>) {
    let mut sends: VecDeque<Instant> = VecDeque::new();
    loop {
        tokio::select! {
            out = from.recv() => match out {
                Some(Out::Text(text)) => if socket.send(Message::Text(text.into())).await.is_err() { return },
                Some(Out::Close(code, reason)) => return close(socket, code, reason).await,
                Some(Out::Break) | None => return,
            },
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => {
                    let verdict = pace(&mut sends).and_then(|()| size(&text)).and_then(|()| parse(&text));
                    let heard = verdict.and_then(|frame| hub.change(|state| hear(hub, state, id, &frame)));
                    if let Err((code, reason)) = heard {
                        if !matches!(code, 4004 | 4007 | 4009 | 4014) {
                            note(hub, code, reason, &text);
                        }
                        return close(socket, code, reason).await;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    // A client that leaves with 1000 or 1001 gives its session up.
                    if frame.is_none_or(|frame| matches!(frame.code, 1000 | 1001)) {
                        hub.change(|state| leave(state, id));
                    }
                    return;
                }
                Some(Ok(Message::Binary(_))) => return close(socket, 4002, "Error while decoding payload.").await,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

type Verdict<T = ()> = Result<T, (u16, &'static str)>;

fn pace(sends: &mut VecDeque<Instant>) -> Verdict {
    let now = Instant::now();
    while sends
        .front()
        .is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(60))
    {
        sends.pop_front();
    }
    sends.push_back(now);
    if sends.len() > SENDS_PER_MINUTE {
        Err((4008, "You are being rate limited."))
    } else {
        Ok(())
    }
}

fn size(text: &str) -> Verdict {
    if text.len() > PAYLOAD_MAX {
        Err((4002, "Error while decoding payload."))
    } else {
        Ok(())
    }
}

fn parse(text: &str) -> Verdict<Value> {
    serde_json::from_str(text).map_err(|_| (4002, "Error while decoding payload."))
}

fn note(hub: &Hub, code: u16, reason: &str, text: &str) {
    let problems = vec![Problem::new(
        "",
        "GATEWAY",
        format!("closed with {code}: {reason}"),
    )];
    let body = serde_json::from_str(text).unwrap_or(Value::Null);
    let violation = Violation {
        method: "WS".to_owned(),
        path: "/".to_owned(),
        body,
        problems,
    };
    hub.change(|state| state.violations.push(violation));
}

async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        // Read on until the other side has closed, too: else it may see a reset instead of the code.
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

fn leave(state: &mut State, id: u64) {
    state
        .gateway
        .sessions
        .retain(|_, session| session.link != Some(id));
}

/// Handles one frame of a client; the error is the code to close with.
fn hear(hub: &Hub, state: &mut State, id: u64, frame: &Value) -> Verdict {
    let Some(link) = state.gateway.links.get(&id) else {
        return Ok(());
    };
    let is_known = link.session.is_some();
    let to = link.to.clone();
    let say = |value: Value| {
        // A connection that is closing hears nothing more.
        let _ = to.send(Out::Text(value.to_string()));
    };
    match frame["op"].as_u64() {
        Some(1) => {
            state.gateway.counts.heartbeats += 1;
            if state.gateway.moods.acks {
                say(json!({"op": 11, "d": null}));
            }
            Ok(())
        }
        Some(2) if is_known => Err((4005, "Already authenticated.")),
        Some(2) => identify(hub, state, id, &frame["d"]),
        Some(6) if is_known => Err((4005, "Already authenticated.")),
        Some(6) => resume(hub, state, id, &frame["d"], say),
        Some(3 | 4 | 8) if !is_known => Err((4003, "Not authenticated.")),
        Some(3) => Ok(()),
        Some(8) => {
            let session = state.gateway.links[&id]
                .session
                .as_ref()
                .and_then(|key| state.gateway.sessions.get(key));
            let sees = session.is_some_and(|session| session.intents & intents::GUILD_MEMBERS != 0);
            if frame["d"]["query"] == "" && !sees {
                return Err((4014, "Disallowed intent(s)."));
            }
            let members: Vec<Value> = state.world.members.values().map(wire::member).collect();
            let payload = json!({
                "guild_id": state.world.guild, "members": members, "chunk_index": 0, "chunk_count": 1,
                "nonce": frame["d"]["nonce"],
            });
            state.gateway.dispatch("GUILD_MEMBERS_CHUNK", 0, payload);
            Ok(())
        }
        _ => Err((4001, "Unknown opcode.")),
    }
}

fn identify(hub: &Hub, state: &mut State, id: u64, data: &Value) -> Verdict {
    state.gateway.counts.identifies += 1;
    check_token(state, data)?;
    let Some(intents) = data["intents"]
        .as_u64()
        .filter(|bits| bits & !intents::ALL == 0)
    else {
        return Err((4013, "Invalid intent(s)."));
    };
    if intents & intents::PRIVILEGED & !state.gateway.privileged != 0 {
        return Err((4014, "Disallowed intent(s)."));
    }
    if !data["properties"].is_object() {
        return Err((4002, "Error while decoding payload."));
    }
    if !data["shard"].is_null() && data["shard"] != json!([0, 1]) {
        return Err((4010, "Invalid shard"));
    }
    let key = format!("{:032x}", rand::random::<u128>());
    let session = Session {
        intents,
        seq: 0,
        sent: VecDeque::new(),
        link: Some(id),
        last_link: id,
    };
    // Only the new session is greeted: it is put in alone, the others come back after.
    let others = std::mem::take(&mut state.gateway.sessions);
    state.gateway.sessions.insert(key.clone(), session);
    if let Some(link) = state.gateway.links.get_mut(&id) {
        link.session = Some(key.clone());
    }
    let world = &state.world;
    let bot = &world.members[&world.app];
    let ready = json!({
        "v": 10, "user": wire::myself(bot), "guilds": [{"id": world.guild, "unavailable": true}], "session_id": key,
        "session_type": "normal", "resume_gateway_url": format!("{}/resume", hub.gateway_url()), "shard": [0, 1],
        "application": {"id": world.app, "flags": 0}, "user_settings": {}, "relationships": [], "private_channels": [],
        "presences": [], "guild_join_requests": [], "geo_ordered_rtc_regions": [], "auth": {}, "_trace": ["double"],
    });
    state.gateway.dispatch("READY", 0, ready);
    let guild = wire::guild_create(&state.world, intents & intents::GUILD_MEMBERS != 0);
    state
        .gateway
        .dispatch("GUILD_CREATE", intents::GUILDS, guild);
    state.gateway.sessions.extend(others);
    Ok(())
}

fn resume(hub: &Hub, state: &mut State, id: u64, data: &Value, say: impl Fn(Value)) -> Verdict {
    state.gateway.counts.resumes += 1;
    check_token(state, data)?;
    if !state.gateway.moods.answers_resume {
        return Ok(());
    }
    let key = data["session_id"].as_str().unwrap_or_default().to_owned();
    let gateway = &mut state.gateway;
    let Some(session) = gateway.sessions.get_mut(&key) else {
        say(json!({"op": 9, "d": false}));
        return Ok(());
    };
    let seen = data["seq"].as_u64().unwrap_or_default();
    if seen > session.seq {
        return Err((4007, "Invalid seq."));
    }
    (session.link, session.last_link) = (Some(id), id);
    if let Some(link) = gateway.links.get_mut(&id) {
        link.session = Some(key);
    }
    gateway.counts.resumed += 1;
    for (_, frame) in session.sent.iter().filter(|(seq, _)| *seq > seen) {
        let _ = gateway.links[&id].to.send(Out::Text(frame.clone()));
    }
    session.seq += 1;
    let frame = json!({"op": 0, "s": session.seq, "t": "RESUMED", "d": {"_trace": [hub.address.to_string()]}}).to_string();
    session.sent.push_back((session.seq, frame.clone()));
    let _ = gateway.links[&id].to.send(Out::Text(frame));
    Ok(())
}

fn check_token(state: &State, data: &Value) -> Verdict {
    let sent = data["token"].as_str().unwrap_or_default();
    let is_right = sent.strip_prefix("Bot ").unwrap_or(sent) == hub::token(state.world.app);
    if is_right && state.is_token_valid {
        Ok(())
    } else {
        Err((4004, "Authentication failed."))
    }
}
