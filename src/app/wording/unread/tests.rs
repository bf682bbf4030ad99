use super::{unfit_text, unread_text};
use crate::app::ports::{HookError, Unfit};
use crate::i18n::Lang;

fn check(error: HookError, ja: &str, en: &str) {
    assert_eq!(unread_text(Lang::Ja, &error), ja);
    assert_eq!(unread_text(Lang::En, &error), en);
}

fn title(why: Unfit) -> HookError {
    HookError::Unmappable {
        field: "title".to_owned(),
        why,
    }
}

#[test]
fn each_reason_is_said_in_both_languages() {
    check(title(Unfit::Blank), "titleが空です", "title is blank");
    check(
        title(Unfit::NotMapped),
        "設定の[source.mapping]にtitleがありません",
        "[source.mapping] does not say where title is",
    );
    check(
        title(Unfit::TooLong(200)),
        "titleが200文字を超えています",
        "title is longer than 200 characters",
    );
    check(
        title(Unfit::Lacking("issue.subject".to_owned())),
        "titleにする issue.subject が文書にありません",
        "the document has no issue.subject, which title is made of",
    );
    check(
        title(Unfit::Control),
        "titleに改行などの制御文字が入っています",
        "title holds a control character, such as a line end",
    );
    check(
        title(Unfit::Failed("no such filter".to_owned())),
        "title：no such filter",
        "title: no such filter",
    );
    check(
        HookError::Malformed("expected value (line 1, column 1)".to_owned()),
        "文書の形式が正しくありません：expected value (line 1, column 1)",
        "the body is not a document: expected value (line 1, column 1)",
    );
}

#[test]
fn beside_its_field_the_reason_alone_is_said() {
    assert_eq!(unfit_text(Lang::Ja, &Unfit::Blank), "空です");
    assert_eq!(
        unfit_text(Lang::En, &Unfit::TooLong(9)),
        "it is longer than 9 characters"
    );
}
