use super::short;

#[test]
fn a_title_in_a_list_is_one_short_line() {
    let check = |title: &str, said: &str| assert_eq!(short(title), said);
    check("Payment fails", "Payment fails");
    check(" two\nlines  of it ", "two lines of it");
    check(&"あ".repeat(60), &"あ".repeat(60));
    check(&"あ".repeat(61), &format!("{}…", "あ".repeat(60)));
    check(
        &"long ".repeat(30),
        &format!("{}…", "long ".repeat(12).trim_end()),
    );
}
