#![allow(clippy::unwrap_used)]
use super::*;
use crate::chat::discord::text::length;

#[test]
fn a_key_gives_its_nonce_and_marker_and_no_other() {
    assert_eq!(nonce("a"), nonce("a"));
    assert_ne!(nonce("a"), nonce("b"));
    assert_ne!(marker("a"), marker("b"));
    assert!(!nonce("a").contains(&marker("a")));
    assert!(length(&nonce(&"long".repeat(99))) <= 25);
}

#[test]
fn a_message_carries_its_marker_only_at_its_end() {
    let check = |message: Value, carried: bool| {
        assert_eq!(carries(&message, "0a1b2c"), carried, "{message}")
    };
    check(
        json!({"content": "said\n-# Q-1 · 0a1b2c", "embeds": []}),
        true,
    );
    check(
        json!({"content": "", "embeds": [{"footer": {"text": "Q-1·7 · 0a1b2c"}}]}),
        true,
    );
    check(
        json!({"content": "0a1b2c was said", "embeds": [{"description": "0a1b2c"}]}),
        false,
    );
    check(json!({"content": "said"}), false);
}

#[test]
fn ids_begin_with_their_time() {
    // The example of Discord's reference: 175928847299117063 is of 2016-04-30 11:18:25.796 UTC.
    let posted: Timestamp = "2016-04-30T11:18:25.796Z".parse().unwrap();
    let first: u64 = first_id_at(posted).parse().unwrap();
    assert!(first < 175_928_847_299_117_063);
    assert_eq!((first >> 22) + 60_000, 175_928_847_299_117_063 >> 22);
    assert_eq!(first_id_at(Timestamp::UNIX_EPOCH), "0");
}

#[test]
fn a_channel_is_a_number() {
    let place = |channel: &str| Place {
        platform: "discord".to_owned(),
        channel: channel.to_owned(),
    };
    assert_eq!(channel(&place("17")).unwrap(), ChannelId::new(17));
    for wrong in ["0", "general", "", "-1"] {
        assert!(
            matches!(channel(&place(wrong)), Err(DeliveryError::Rejected { .. })),
            "{wrong}"
        );
    }
}
