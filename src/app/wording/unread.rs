//! Why a document could not be read, in words.
//!
//! Promises: chat, the command line and the list of what is kept say the same. Leaves out what a log and a script
//! read, which is the English of [`HookError`] itself.

use crate::app::ports::{HookError, NotFound, Unfit};
use crate::domain::notice::{Arg, Message};
use crate::i18n::{Args, Lang, say};

/// Why a document could not be read, as a sentence for a notice.
pub fn unread(error: &HookError) -> Message {
    let (id, args) = parts(error);
    args.into_iter()
        .fold(Message::new(id), |message, (name, value)| {
            message.with(name, Arg::Plain(value))
        })
}

/// The same where it is shown at once.
pub fn unread_text(lang: Lang, error: &HookError) -> String {
    let (id, args) = parts(error);
    let args = args.into_iter();
    let args = args.fold(Args::new(), |args, (name, value)| args.with(name, value));
    say(lang, id, &args)
}

/// Why a field is missing, beside its name.
pub fn unfit_text(lang: Lang, why: &Unfit) -> String {
    let args = Args::new();
    match why {
        Unfit::Blank => say(lang, crate::msg!("unfit-blank"), &args),
        Unfit::NotMapped => say(lang, crate::msg!("unfit-not-mapped"), &args),
        Unfit::TooLong(limit) => {
            let args = args.with("limit", limit.to_string());
            say(lang, crate::msg!("unfit-too-long"), &args)
        }
        Unfit::Lacking(what) => {
            let args = args.with("what", what.as_str());
            say(lang, crate::msg!("unfit-lacking"), &args)
        }
        Unfit::NotFound(what) => {
            let (id, parts) = not_found(what);
            let parts = parts.into_iter();
            let args = parts.fold(args, |args, (name, value)| args.with(name, value));
            say(lang, id, &args)
        }
        Unfit::Control => say(lang, crate::msg!("unfit-control"), &args),
        Unfit::Failed(said) => said.clone(),
    }
}

/// What a mapping looks up and does not find, beside the name of its field.
fn not_found(what: &NotFound) -> (&'static str, Vec<(&'static str, String)>) {
    let id = match (&what.name, what.there.is_empty()) {
        (Some(_), false) => crate::msg!("unfit-not-found-among"),
        (Some(_), true) => crate::msg!("unfit-not-found"),
        (None, false) => crate::msg!("unfit-nothing-among"),
        (None, true) => crate::msg!("unfit-nothing"),
    };
    let parts = vec![
        ("what", what.text.clone()),
        ("name", what.name.clone().unwrap_or_default()),
        ("there", what.there.join(", ")),
    ];
    (id, parts)
}

fn parts(error: &HookError) -> (&'static str, Vec<(&'static str, String)>) {
    match error {
        HookError::Unmappable { field, why } => {
            let field = ("field", field.clone());
            match why {
                Unfit::Blank => (crate::msg!("unread-blank"), vec![field]),
                Unfit::NotMapped => (crate::msg!("unread-not-mapped"), vec![field]),
                Unfit::TooLong(limit) => (
                    crate::msg!("unread-too-long"),
                    vec![field, ("limit", limit.to_string())],
                ),
                Unfit::Lacking(what) => (
                    crate::msg!("unread-lacking"),
                    vec![field, ("what", what.clone())],
                ),
                Unfit::NotFound(what) => {
                    let id = match (&what.name, what.there.is_empty()) {
                        (Some(_), false) => crate::msg!("unread-not-found-among"),
                        (Some(_), true) => crate::msg!("unread-not-found"),
                        (None, false) => crate::msg!("unread-nothing-among"),
                        (None, true) => crate::msg!("unread-nothing"),
                    };
                    let (_, mut parts) = not_found(what);
                    parts.push(field);
                    (id, parts)
                }
                Unfit::Control => (crate::msg!("unread-control"), vec![field]),
                Unfit::Failed(said) => (
                    crate::msg!("unread-failed"),
                    vec![field, ("why", said.clone())],
                ),
            }
        }
        HookError::Malformed(why) => (crate::msg!("unread-malformed"), vec![("why", why.clone())]),
        HookError::Unfetched(why) => (crate::msg!("unread-unfetched"), vec![("why", why.clone())]),
        HookError::TooLarge { limit } => (
            crate::msg!("unread-too-large"),
            vec![("limit", limit.to_string())],
        ),
        HookError::UnknownSource => (crate::msg!("unread-unknown-source"), vec![]),
        HookError::Unauthorized(why) => (
            crate::msg!("unread-unauthorized"),
            vec![("why", why.clone())],
        ),
    }
}

#[cfg(test)]
mod tests;
