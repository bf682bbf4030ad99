use super::Secret;

#[test]
fn a_secret_is_never_shown() {
    let secret = Secret::new("hunter2");
    let shown = format!("{secret} {secret:?} {:#?}", Some(&secret));
    assert!(!shown.contains("hunter2"), "{shown}");
    assert_eq!(secret.expose(), "hunter2");
}
