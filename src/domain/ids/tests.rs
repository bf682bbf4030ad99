#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn an_id_is_its_text_in_json_and_in_print() {
    let id = MemberId::from("aoki");
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"aoki\"");
    assert_eq!(serde_json::from_str::<MemberId>("\"aoki\"").unwrap(), id);
    assert_eq!(format!("[{id:>6}] {}", id.as_str()), "[  aoki] aoki");
    assert_eq!(String::from(id), "aoki");
    assert!(QueueId::from("a") < QueueId::from("b".to_owned()));
}
