//! The common mistakes of connecting a source, and what to do about each.

use crate::i18n::{Args, Lang, say};
use crate::msg;
use crate::net::{Failure, NotSent, Refusal, Unknown};
use crate::sources::Exchange;

/// What to do about an exchange that went wrong; nothing for one that did not.
pub(super) fn hint(exchange: &Exchange, lang: Lang) -> Option<String> {
    let (id, args) = match &exchange.came {
        Err(failure) => of_failure(failure)?,
        Ok(came) => {
            let args = Args::new().with("status", i64::from(came.status));
            match came.status {
                401 => (msg!("source-hint-401"), args),
                403 => (msg!("source-hint-403"), args),
                404 | 410 => (msg!("source-hint-404"), args),
                405 => (msg!("source-hint-405"), args),
                429 => (msg!("source-hint-429"), args),
                300..=399 if came.status != 304 => {
                    let to = came.location.clone().unwrap_or_else(|| "–".to_owned());
                    (msg!("source-hint-redirect"), args.with("to", to))
                }
                500..=599 => (msg!("source-hint-5xx"), args),
                200..=299 if came.is_page() => (msg!("source-hint-html"), args),
                _ => return None,
            }
        }
    };
    Some(say(lang, id, &args))
}

fn of_failure(failure: &Failure) -> Option<(&'static str, Args)> {
    let args = Args::new();
    Some(match failure {
        Failure::NotSent(not_sent) => match not_sent {
            NotSent::Refused(Refusal::Address { host, address, .. }) => {
                let range = format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 });
                let args = args.with("host", host.as_str()).with("range", range);
                (msg!("source-hint-private"), args)
            }
            NotSent::Refused(_) | NotSent::Invalid(_) => (msg!("source-hint-invalid"), args),
            NotSent::Connect(why) if is_name(why) => (msg!("source-hint-name"), args),
            NotSent::Connect(_) => (msg!("source-hint-connect"), args),
            NotSent::ConnectTimeout => (msg!("source-hint-connect-timeout"), args),
            NotSent::Tls(_) => (msg!("source-hint-tls"), args),
        },
        Failure::Unknown(Unknown::TimedOut) => (msg!("source-hint-timeout"), args),
        Failure::Unknown(Unknown::BrokenOff(_)) => (msg!("source-hint-broken"), args),
        Failure::TooLarge { .. } => (msg!("source-hint-large"), args),
    })
}

/// Whether it was the name that could not be found.
fn is_name(why: &str) -> bool {
    ["lookup", "resolve", "Name or service", "nodename", "dns"]
        .iter()
        .any(|word| why.contains(word))
}

#[cfg(test)]
mod tests;
