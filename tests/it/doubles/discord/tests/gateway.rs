//! The gateway, spoken to frame by frame.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{pair, register};
use crate::doubles::discord::{DiscordDouble, Options, intents};

struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_seq: Value,
    seen: VecDeque<Value>,
}

/// How a connection ended: with a code, or without a word (0).
type Ended = u16;

impl Wire {
    async fn open(double: &DiscordDouble) -> Self {
        let (socket, _) = connect_async(format!("{}/?v=10&encoding=json", double.gateway_url()))
            .await
            .unwrap();
        let mut wire = Self {
            socket,
            last_seq: Value::Null,
            seen: VecDeque::new(),
        };
        assert_eq!(wire.next().await.unwrap()["op"], 10);
        wire
    }

    async fn identified(double: &DiscordDouble, intents: u64) -> (Self, String) {
        let mut wire = Self::open(double).await;
        wire.say(2, identify(&double.token(), intents)).await;
        let ready = wire.event("READY").await;
        (wire, ready["d"]["session_id"].as_str().unwrap().to_owned())
    }

    async fn say(&mut self, op: u64, d: Value) {
        self.socket
            .send(Frame::text(json!({"op": op, "d": d}).to_string()))
            .await
            .unwrap();
    }

    async fn next(&mut self) -> Result<Value, Ended> {
        let frame = tokio::time::timeout(Duration::from_secs(20), self.socket.next())
            .await
            .expect("the gateway says something");
        match frame {
            Some(Ok(Frame::Text(text))) => {
                let value: Value = serde_json::from_str(&text).unwrap();
                if value["s"].is_number() {
                    self.last_seq = value["s"].clone();
                }
                self.seen.push_back(value.clone());
                Ok(value)
            }
            Some(Ok(Frame::Close(Some(close)))) => Err(close.code.into()),
            Some(Err(_)) | None => Err(0),
            other => panic!("an odd frame {other:?}"),
        }
    }

    async fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self
                .next()
                .await
                .unwrap_or_else(|code| panic!("closed with {code} before {name}"));
            if frame["t"] == name {
                return frame;
            }
        }
    }

    async fn op(&mut self, op: u64) -> Value {
        loop {
            let frame = self
                .next()
                .await
                .unwrap_or_else(|code| panic!("closed with {code} before op {op}"));
            if frame["op"] == op {
                return frame;
            }
        }
    }

    async fn ends(&mut self) -> Ended {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

fn identify(token: &str, intents: u64) -> Value {
    json!({"token": token, "intents": intents, "properties": {"os": "linux", "browser": "t", "device": "t"}, "shard": [0, 1]})
}

#[tokio::test]
async fn identify_is_checked() {
    let double = DiscordDouble::start_with(Options {
        privileged_intents: intents::GUILD_MEMBERS,
        ..Options::default()
    })
    .await;
    let token = double.token();
    let cases = [
        (2, identify("wrong", 1), 4004, 0),
        (2, identify(&token, intents::MESSAGE_CONTENT), 4014, 0),
        (2, identify(&token, 1 << 40), 4013, 1),
        (
            2,
            json!({"token": token, "intents": 1, "properties": {}, "shard": [3, 4]}),
            4010,
            1,
        ),
        (3, json!({}), 4003, 1),
        (99, json!({}), 4001, 1),
        (2, json!({"token": "x".repeat(5_000)}), 4002, 1),
    ];
    for (op, data, code, violations) in cases {
        let mut wire = Wire::open(&double).await;
        wire.say(op, data).await;
        assert_eq!(wire.ends().await, code);
        assert_eq!(double.take_violations().len(), violations, "close {code}");
    }
    let (mut twice, _) = Wire::identified(&double, intents::GUILDS | intents::GUILD_MEMBERS).await;
    twice.say(2, identify(&token, 1)).await;
    assert_eq!(twice.ends().await, 4005);
    double.take_violations();
}

#[tokio::test]
async fn events_follow_the_intents() {
    let (double, bot) = pair().await;
    register(&double, &bot).await;
    let aoki = double.add_member("青木", &[], "ja");
    let (mut guilds, _) = Wire::identified(&double, intents::GUILDS).await;
    let (mut both, _) = Wire::identified(&double, intents::GUILDS | intents::GUILD_MESSAGES).await;
    let guild = guilds.event("GUILD_CREATE").await;
    assert_eq!(guild["d"]["channels"].as_array().unwrap().len(), 2);
    double.person(aoki).say("secret");
    double.person(aoki).slash("/toban list", &[]);
    guilds.event("INTERACTION_CREATE").await;
    assert!(
        !guilds
            .seen
            .iter()
            .any(|frame| frame["t"] == "MESSAGE_CREATE")
    );
    assert_eq!(both.event("MESSAGE_CREATE").await["d"]["content"], "");
    let seqs: Vec<u64> = both
        .seen
        .iter()
        .filter_map(|frame| frame["s"].as_u64())
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
    both.say(1, both.last_seq.clone()).await;
    both.op(11).await;
    assert_eq!(double.gateway_counts().heartbeats, 1);
}

#[tokio::test]
async fn a_resume_replays_what_was_missed() {
    let (double, bot) = pair().await;
    register(&double, &bot).await;
    let aoki = double.add_member("青木", &[], "ja");
    let (mut wire, session) = Wire::identified(&double, intents::GUILDS).await;
    wire.event("GUILD_CREATE").await;
    let seq = wire.last_seq.clone();
    double.gateway_break();
    assert_eq!(wire.ends().await, 0);
    double
        .until("nobody is connected", |d| {
            (d.gateway_connections() == 0).then_some(())
        })
        .await;
    let missed = double.person(aoki).slash("/toban list", &[]);

    let mut again = Wire::open(&double).await;
    let resume = json!({"token": double.token(), "session_id": session, "seq": seq});
    again.say(6, resume.clone()).await;
    assert_eq!(
        again.event("INTERACTION_CREATE").await["d"]["id"],
        missed.to_string()
    );
    again.event("RESUMED").await;
    double.deliver_again(missed);
    assert_eq!(
        again.event("INTERACTION_CREATE").await["d"]["id"],
        missed.to_string()
    );
    double.gateway_repeats(true);
    let twice = double.person(aoki).slash("/toban list", &[]);
    for _ in 0..2 {
        assert_eq!(
            again.event("INTERACTION_CREATE").await["d"]["id"],
            twice.to_string()
        );
    }

    let mut ahead = Wire::open(&double).await;
    ahead
        .say(
            6,
            json!({"token": double.token(), "session_id": session, "seq": 999}),
        )
        .await;
    assert_eq!(ahead.ends().await, 4007);

    double.gateway_forget();
    let mut forgotten = Wire::open(&double).await;
    forgotten.say(6, resume).await;
    assert_eq!(forgotten.op(9).await["d"], false);
    let counts = double.gateway_counts();
    assert_eq!(
        (counts.identifies, counts.resumes, counts.resumed),
        (1, 3, 1)
    );
}

#[tokio::test]
async fn the_gateway_misbehaves_on_demand() {
    let double = DiscordDouble::start().await;
    let (mut wire, session) = Wire::identified(&double, intents::GUILDS).await;
    double.gateway_reconnect();
    wire.op(7).await;
    double.gateway_ask_heartbeat();
    wire.op(1).await;
    double.gateway_invalidate(true);
    assert_eq!(wire.op(9).await["d"], true);

    double.gateway_acks(false);
    wire.say(1, Value::Null).await;
    double
        .until("the heartbeat is heard", |d| {
            (d.gateway_counts().heartbeats == 1).then_some(())
        })
        .await;

    double.gateway_answers_resume(false);
    let mut silent = Wire::open(&double).await;
    silent
        .say(
            6,
            json!({"token": double.token(), "session_id": session, "seq": 1}),
        )
        .await;
    double
        .until("the resume is heard", |d| {
            (d.gateway_counts().resumes == 1).then_some(())
        })
        .await;
    double.gateway_close(4000);
    assert_eq!((silent.ends().await, silent.seen.len()), (4000, 1));
    assert_eq!(wire.ends().await, 4000);
    assert!(!wire.seen.iter().any(|frame| frame["op"] == 11));

    double.gateway_accepts(false);
    assert!(
        connect_async(format!("{}/?v=10", double.gateway_url()))
            .await
            .is_err()
    );
    double.gateway_accepts(true);
    double.revoke_token();
    let mut revoked = Wire::open(&double).await;
    revoked.say(2, identify(&double.token(), 1)).await;
    assert_eq!(revoked.ends().await, 4004);
}

#[tokio::test]
async fn more_than_120_sends_a_minute_are_too_many() {
    let double = DiscordDouble::start().await;
    let (mut wire, _) = Wire::identified(&double, intents::GUILDS).await;
    for _ in 0..120 {
        wire.say(1, Value::Null).await;
    }
    assert_eq!(wire.ends().await, 4008);
    assert_eq!(double.take_violations()[0].problems[0].code, "GATEWAY");
}

#[tokio::test]
async fn only_the_latest_sessions_can_be_resumed() {
    let double = DiscordDouble::start().await;
    let mut sessions = Vec::new();
    for _ in 0..10 {
        let (_, session) = Wire::identified(&double, intents::GUILDS).await;
        sessions.push(session);
    }
    double
        .until("nobody is connected", |d| {
            (d.gateway_connections() == 0).then_some(())
        })
        .await;
    for (session, op) in [(&sessions[0], 9), (&sessions[9], 0)] {
        let mut wire = Wire::open(&double).await;
        wire.say(
            6,
            json!({"token": double.token(), "session_id": session, "seq": 1}),
        )
        .await;
        wire.op(op).await;
    }
}
