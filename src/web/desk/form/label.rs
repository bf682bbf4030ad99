//! What stands beside the fields of a form: their names, what an empty one means, and the words of choices.

use crate::app::verbs::{Param, ParamKind, Verb};
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::time::TimeZone;

/// The name of a field.
pub(super) fn label(verb: Verb, param: &Param) -> &'static str {
    match (verb, param.name, param.kind) {
        (Verb::DutyOverride, "member", _) => msg!("web-param-cover-member"),
        (Verb::DutyOverride, "from", _) => msg!("web-param-from"),
        (Verb::DutyOverride, "until", _) => msg!("web-param-end"),
        (Verb::DutyWho, "at", _) => msg!("web-param-when"),
        (Verb::Swap, "with", _) => msg!("web-param-swap-with"),
        (Verb::Swap, "mine", _) => msg!("web-param-swap-mine"),
        (Verb::Swap, "theirs", _) => msg!("web-param-swap-theirs"),
        (Verb::Swap, "for", _) => msg!("web-param-swap-for"),
        (Verb::AcceptSwap | Verb::DeclineSwap, "number", _) => msg!("web-param-which-swap"),
        (Verb::DeclineCover, "number", _) => msg!("web-param-which-cover"),
        (Verb::TakeBack, "number", _) => msg!("web-param-which-entry"),
        (Verb::Back, "which", _) => msg!("web-param-which-absence"),
        (Verb::Cover, "on", _) => msg!("web-param-cover-day"),
        (Verb::Absent | Verb::Fairness, "from", _) => msg!("web-param-first-day"),
        (Verb::Absent | Verb::Fairness, "until", _) => msg!("web-param-last-day"),
        (Verb::Absent, "every", _) => msg!("web-param-every"),
        (Verb::Absent, "who", _) => msg!("web-param-who-away"),
        (Verb::List, "which", _) => msg!("web-param-list"),
        (Verb::List, "text", _) => msg!("web-param-words"),
        (Verb::Feed, _, _) => msg!("web-param-feed"),
        (Verb::Language, _, _) => msg!("web-param-language"),
        (Verb::Next, "text", _) => msg!("web-param-next"),
        (Verb::Next, "who", _) => msg!("web-param-next-who"),
        (Verb::Heard, "text", _) => msg!("web-param-heard"),
        (Verb::Assign, "to", _) => msg!("web-param-assign-to"),
        (Verb::Refuse, "text", _) => msg!("web-param-refusal"),
        (Verb::Except, "reason", _) => msg!("web-param-exception"),
        (Verb::AgreeSeverity, "note", _) => msg!("web-param-agreed-by"),
        (Verb::Transfer, "as", _) => msg!("web-param-moving"),
        (Verb::Bounce, "reason", _) => msg!("web-param-bounce"),
        (Verb::Bounce, "told", _) => msg!("web-param-told"),
        (Verb::OutOfScope, "to", _) => msg!("web-param-refer-to"),
        (Verb::OutOfScope, "who", _) => msg!("web-param-refer-who"),
        (Verb::OutOfScope, "reply", _) => msg!("web-param-refer-reply"),
        (Verb::File, "text", _) => msg!("web-param-issue-text"),
        (Verb::KnownWorkaround, "text", _) => msg!("web-param-workaround"),
        (Verb::Unlink, "issue", _) => msg!("web-param-linked"),
        (Verb::Split, "title", _) => msg!("web-param-split-title"),
        (Verb::Split, "text", _) => msg!("web-param-split-text"),
        (_, "template", _) => msg!("web-param-template"),
        (_, "issue", _) => msg!("web-param-issue"),
        (_, "title", _) => msg!("web-param-title"),
        (_, "tracker", _) => msg!("web-param-tracker"),
        (_, "rota", _) => msg!("web-param-rota"),
        (_, _, ParamKind::Member) => msg!("web-param-member"),
        (_, _, ParamKind::Queue) => msg!("web-param-queue"),
        (_, _, ParamKind::Severity) => msg!("web-param-severity"),
        (_, _, ParamKind::Category) => msg!("web-param-category"),
        (_, "reason", _) => msg!("web-param-reason"),
        (_, "at", _) => msg!("web-param-at"),
        (_, "until", _) => msg!("web-param-until"),
        (_, "on", _) => msg!("web-param-on"),
        (_, "as", _) => msg!("web-param-as"),
        (_, "note", _) => msg!("web-param-note"),
        (_, "cause", _) => msg!("web-param-cause"),
        (_, "workaround", _) => msg!("web-param-workaround"),
        (_, "no_workaround", _) => msg!("web-param-no-workaround"),
        (_, "answer", _) => msg!("web-param-answer"),
        (_, "asked", _) => msg!("web-param-asked"),
        (_, "case", _) => msg!("web-param-case"),
        _ => msg!("web-param-text"),
    }
}

/// What stands beside a name: whether it must be filled, and what becomes of it if it is not.
pub(super) fn hint(
    verb: Verb,
    param: &Param,
    is_required: bool,
    zone: Option<&TimeZone>,
    lang: Lang,
) -> String {
    let id = match (verb, param.name) {
        (Verb::Resolve, "workaround" | "no_workaround") => msg!("web-form-one-of-two"),
        (Verb::Bounce, "reason") => msg!("web-form-sent-to-requester"),
        (Verb::OutOfScope, "reply") => msg!("web-form-sent-to-requester"),
        (Verb::Split, "title") => msg!("web-form-seen-by-requester"),
        (Verb::OutOfScope, "who") => msg!("web-form-if-other"),
        (Verb::Reply, "template") => msg!("web-form-template"),
        (Verb::Absent, "from") => msg!("web-form-today"),
        (Verb::Absent, "until") => msg!("web-form-one-day"),
        (Verb::Fairness, "from") => msg!("web-form-ninety-days"),
        (Verb::Fairness, "until") => msg!("web-form-until-today"),
        _ if is_required => match zone.and_then(TimeZone::iana_name) {
            Some(zone) => {
                let args = Args::new().with("zone", zone);
                return i18n::say(lang, msg!("web-form-zone"), &args);
            }
            None => msg!("web-form-needed"),
        },
        _ => msg!("web-form-optional"),
    };
    i18n::say(lang, id, &Args::new())
}

/// What it means to choose nothing.
pub(super) fn empty(verb: Verb, param: &Param, is_required: bool) -> &'static str {
    match (verb, param.name) {
        _ if is_required => msg!("web-form-choose"),
        (Verb::Swap, "for") | (Verb::Absent, "who") => msg!("web-form-myself"),
        (Verb::Transfer, "as") => msg!("web-form-misrouted"),
        (Verb::Bounce, "told") => msg!("web-form-told-here"),
        (Verb::Reply, "template") => msg!("web-form-no-template"),
        (Verb::Back, _) => msg!("web-form-own"),
        (Verb::Fairness, "rota") | (Verb::List, "queue") => msg!("web-form-all"),
        (_, "rota") => msg!("web-form-automatic"),
        _ => msg!("web-form-any"),
    }
}

/// A choice in the reader's language, with a capital.
pub(super) fn chosen(en: &str, ja: &str, lang: Lang) -> String {
    let word = match lang {
        Lang::Ja => return ja.to_owned(),
        Lang::En => en.replace('_', " "),
    };
    match word.as_bytes() {
        // Codes of languages stand for their names.
        b"ja" => "Japanese".to_owned(),
        b"en" => "English".to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    }
}
