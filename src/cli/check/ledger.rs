//! `toban check --ledger`: folds every inquiry anew and says what is kept otherwise.
//!
//! It looks beside a running server and changes nothing. Sentences come as they are found, so that a long look
//! shows its work; the one JSON object comes at the end.

use super::{CheckArgs, lang_of};
use crate::app::desk::App;
use crate::app::refold::{Fault, Tally, Wrong};
use crate::clock::monotonic;
use crate::i18n::{Args, Lang, say};
use crate::msg;
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;

/// Refolds the ledger behind `app`, prints what differs and how much was looked at; returns the exit code.
///
/// # Errors
/// When the store does not answer, or nothing can be printed.
pub async fn run(
    args: &CheckArgs,
    env: &dyn Fn(&str) -> Option<String>,
    app: &App,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<u8> {
    let lang = args.lang.or_else(|| lang_of(env)).unwrap_or(app.setup.lang);
    let begun = monotonic();
    let mut faults = Vec::new();
    let mut printed = Ok(());
    let tally = app
        .refold(&mut |fault| match args.json {
            true => faults.push(fault),
            false if printed.is_ok() => printed = writeln!(out, "{}", sentence(lang, &fault)),
            false => {}
        })
        .await?;
    printed?;
    let took = begun.elapsed();
    match args.json {
        true => writeln!(out, "{:#}", as_json(&tally, &faults, took))?,
        false => writeln!(out, "{}", total(lang, &tally, took))?,
    }
    Ok(u8::from(tally.differences > 0))
}

fn as_json(tally: &Tally, faults: &[Fault], took: Duration) -> Value {
    json!({
        "ok": tally.differences == 0,
        "ledger": {
            "inquiries": tally.inquiries,
            "events": tally.events,
            "differences": faults,
            "took_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        },
    })
}

fn sentence(lang: Lang, fault: &Fault) -> String {
    let name = fault.reference.map_or_else(
        || fault.inquiry.to_string(),
        |reference| reference.to_string(),
    );
    let args = Args::new().with("inquiry", name);
    let (id, args) = match &fault.what {
        Wrong::Differs {
            field,
            kept,
            folded,
        } => (
            msg!("check-ledger-differs"),
            args.with("field", field.as_str())
                .with("kept", kept.to_string())
                .with("folded", folded.to_string()),
        ),
        Wrong::UnreadableLine { seq, kind, v, why } => (
            msg!("check-ledger-unreadable"),
            args.with("seq", seq.to_string())
                .with("kind", kind.as_str())
                .with("v", v.to_string())
                .with("why", why.as_str()),
        ),
        Wrong::Gap { seq, expected } => (
            msg!("check-ledger-gap"),
            args.with("seq", seq.to_string())
                .with("expected", expected.to_string()),
        ),
        Wrong::UnreadableDocument { why } => (
            msg!("check-ledger-document"),
            args.with("why", why.as_str()),
        ),
        Wrong::NoInquiry => (msg!("check-ledger-no-inquiry"), args),
        Wrong::NoLedger => (msg!("check-ledger-no-ledger"), args),
        Wrong::NoPolicy { policy, why } => (
            msg!("check-ledger-no-policy"),
            args.with("policy", policy.as_str())
                .with("why", why.as_str()),
        ),
    };
    format!("✗ {}", say(lang, id, &args))
}

fn total(lang: Lang, tally: &Tally, took: Duration) -> String {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let args = Args::new()
        .with("inquiries", count(tally.inquiries))
        .with("inquiries_written", grouped(tally.inquiries))
        .with("events", count(tally.events))
        .with("events_written", grouped(tally.events))
        .with("differences", count(tally.differences))
        .with("differences_written", grouped(tally.differences))
        .with("seconds", format!("{:.1}", took.as_secs_f64()));
    say(lang, msg!("check-ledger-total"), &args)
}

/// Writes a number in groups of three: `412,345`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests;
