use super::{canonical_json, hash};
use serde::Serialize;

#[derive(Serialize)]
struct Backwards {
    z: u8,
    a: Inner,
}

#[derive(Serialize)]
struct Inner {
    y: Vec<Option<u8>>,
    b: &'static str,
}

#[test]
fn canonical_json_has_sorted_keys_and_no_spaces() {
    let data = Backwards {
        z: 1,
        a: Inner {
            y: vec![None, Some(2)],
            b: "当番",
        },
    };
    assert_eq!(
        canonical_json(&data),
        r#"{"a":{"b":"当番","y":[null,2]},"z":1}"#
    );
}

#[test]
fn the_hash_is_sha_256_in_lower_case_hex() {
    // From FIPS 180-2, appendix B.1.
    assert_eq!(
        hash("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}
