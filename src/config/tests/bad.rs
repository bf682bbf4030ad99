use super::*;
#[test]
fn x() {
    assert!(read("").is_err());
}
