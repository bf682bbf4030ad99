//! Faults happen as scripted, to the requests they are for, and no more often.

use std::time::Duration;

use serde_json::Value;

use super::{Bot, pair, pair_with, said};
use crate::doubles::discord::{DiscordDouble, Fault, Limits, On, Options, Refusal, Scope};

async fn post_status(double: &DiscordDouble, bot: &Bot) -> u16 {
    let path = format!("/channels/{}/messages", double.channel("general"));
    bot.send("POST", &path, said("x")).await.0
}

#[tokio::test]
async fn a_fault_meets_only_its_requests_and_only_so_often() {
    let (double, bot) = pair().await;
    let (general, other) = (double.channel("general"), double.channel("当番"));
    double.fault(
        On::post().in_channel(general).after(1).times(2),
        Fault::Status(502),
    );
    assert_eq!(double.faults_left(), 1);
    bot.post(other, "elsewhere").await;
    let statuses = [
        post_status(&double, &bot).await,
        post_status(&double, &bot).await,
        post_status(&double, &bot).await,
        post_status(&double, &bot).await,
    ];
    assert_eq!(statuses, [200, 502, 502, 200]);
    assert_eq!(
        (double.messages(general).len(), double.faults_left()),
        (2, 0)
    );
    double.fault(On::any().always(), Fault::Refuse(Refusal::MISSING_ACCESS));
    assert_eq!(bot.send("GET", "/users/@me", Value::Null).await.0, 403);
    double.clear_faults();
    assert_eq!(bot.send("GET", "/users/@me", Value::Null).await.0, 200);
}

#[tokio::test]
async fn a_limit_says_how_long_and_for_whom() {
    let (double, bot) = pair().await;
    for (scope, name, global) in [
        (Scope::User, "user", false),
        (Scope::Shared, "shared", false),
        (Scope::Global, "global", true),
    ] {
        double.fault(
            On::post(),
            Fault::RateLimit {
                scope,
                after: Duration::from_millis(1_250),
            },
        );
        let path = format!("/channels/{}/messages", double.channel("general"));
        let response = bot.try_send("POST", &path, &said("x")).await.unwrap();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(response.status(), 429);
        assert_eq!(header("retry-after").as_deref(), Some("2"));
        assert_eq!(header("x-ratelimit-scope").as_deref(), Some(name));
        assert_eq!(header("x-ratelimit-global").is_some(), global);
        let body: Value = response.json().await.unwrap();
        assert_eq!(
            (&body["retry_after"], &body["global"]),
            (&Value::from(1.25), &Value::from(global))
        );
    }
    assert!(double.messages(double.channel("general")).is_empty());
}

#[tokio::test]
async fn buckets_are_of_random_size_and_announced() {
    let limits = Limits::Random {
        seed: 7,
        limit: 2..=6,
        window_ms: 1_000..=5_000,
        global_per_s: None,
    };
    let (double, bot) = pair_with(Options {
        limits,
        ..Options::default()
    })
    .await;
    let mut sizes = Vec::new();
    for name in ["general", "当番"] {
        let path = format!("/channels/{}/messages", double.channel(name));
        let first = bot.try_send("POST", &path, &said("x")).await.unwrap();
        let number = |name: &str| {
            first.headers()[name]
                .to_str()
                .unwrap()
                .parse::<f64>()
                .unwrap()
        };
        let (limit, after) = (
            number("x-ratelimit-limit"),
            number("x-ratelimit-reset-after"),
        );
        assert_eq!(number("x-ratelimit-remaining"), limit - 1.0);
        for _ in 1..limit as usize {
            assert_eq!(bot.send("POST", &path, said("x")).await.0, 200);
        }
        assert_eq!(bot.send("POST", &path, said("x")).await.0, 429);
        double.advance(Duration::from_secs_f64(after));
        assert_eq!(bot.send("POST", &path, said("x")).await.0, 200);
        sizes.push((limit as u64, (after * 1_000.0) as u64));
    }
    assert_ne!(sizes[0], sizes[1], "two buckets of this seed differ");
}

#[tokio::test]
async fn the_global_limit_counts_everything_but_interactions() {
    let limits = Limits::Random {
        seed: 1,
        limit: 90..=99,
        window_ms: 1_000..=1_000,
        global_per_s: Some(3),
    };
    let (double, bot) = pair_with(Options {
        limits,
        ..Options::default()
    })
    .await;
    let mut statuses = Vec::new();
    for path in [
        "/users/@me",
        "/gateway/bot",
        "/users/@me",
        "/applications/@me",
    ] {
        statuses.push(bot.send("GET", path, Value::Null).await.0);
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
    let (_, answer) = bot
        .send(
            "POST",
            "/interactions/1/t/callback",
            serde_json::json!({"type": 5}),
        )
        .await;
    assert_eq!(answer["code"], 10062);
    double.advance(Duration::from_secs(1));
    assert_eq!(bot.send("GET", "/users/@me", Value::Null).await.0, 200);
}

#[tokio::test]
async fn a_reset_before_and_after_the_work() {
    let (double, bot) = pair().await;
    let general = double.channel("general");
    let path = format!("/channels/{general}/messages");
    for (fault, messages) in [
        (Fault::Reset, 0),
        (Fault::WorkThenReset, 1),
        (Fault::WorkThenStatus(500), 2),
    ] {
        let resets = !matches!(fault, Fault::WorkThenStatus(_));
        double.fault(On::post(), fault);
        let outcome = bot.try_send("POST", &path, &said("x")).await;
        assert_eq!(outcome.is_err(), resets, "{outcome:?}");
        assert_eq!(double.messages(general).len(), messages);
    }
    assert_eq!(post_status(&double, &bot).await, 200);
}

#[tokio::test]
async fn a_hang_lasts_until_released() {
    let (double, bot) = pair().await;
    let general = double.channel("general");
    let path = format!("/channels/{general}/messages");
    for (fault, while_hanging, after) in [(Fault::Hang, 0, 1), (Fault::WorkThenHang, 2, 2)] {
        double.fault(On::post(), fault);
        let body = said("x");
        let mut sending = std::pin::pin!(bot.try_send("POST", &path, &body));
        let seen = double.requests().len();
        let arrived = double.until("the request hangs", |double| {
            (double.faults_left() == 0
                && double.requests().len() > seen
                && double.messages(general).len() == while_hanging)
                .then_some(())
        });
        tokio::select! {
            answer = &mut sending => panic!("answered while hanging: {answer:?}"),
            () = arrived => {}
        }
        double.release();
        assert_eq!(sending.await.unwrap().status(), 200);
        assert_eq!(double.messages(general).len(), after);
    }
}
