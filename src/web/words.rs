//! The words of pages: the catalogue's messages that templates and scripts name.

use crate::i18n::{self, Args, Lang};
use crate::msg;
use axum::http::StatusCode;
use minijinja::Value;
use minijinja::value::Serde;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What templates say: `web-sign-out` is `t.sign_out` there.
const PAGES: &[&str] = &[
    msg!("web-title"),
    msg!("web-skip"),
    msg!("web-sign-in"),
    msg!("web-sign-in-how"),
    msg!("web-sign-in-once"),
    msg!("web-sign-in-continue"),
    msg!("web-sign-out"),
    msg!("web-demo-who"),
    msg!("web-demo-only"),
    msg!("web-language"),
    msg!("web-back"),
    msg!("web-channels"),
    msg!("web-on-duty"),
    msg!("web-you"),
    msg!("web-duty-until"),
    msg!("web-duty-next"),
    msg!("web-duty-second"),
    msg!("web-feed-link"),
    msg!("web-feed-title"),
    msg!("web-feed-intro"),
    msg!("web-feed-make"),
    msg!("web-feed-stop"),
    msg!("web-feed-once"),
    msg!("web-feed-open"),
    msg!("web-live"),
    msg!("web-posts"),
    msg!("web-nothing-yet"),
    msg!("web-to-latest"),
    msg!("web-thread"),
    msg!("web-open-thread"),
    msg!("web-thread-none"),
    msg!("web-thread-empty"),
    msg!("web-timeline"),
    msg!("web-reasons"),
    msg!("web-more"),
    msg!("web-close-thread"),
    msg!("web-source-link"),
    msg!("web-for-you"),
    msg!("web-urgent"),
    msg!("web-line-label"),
    msg!("web-line-hint"),
    msg!("web-line-send"),
    msg!("web-form-send"),
    msg!("web-form-cancel"),
    msg!("web-form-choose"),
    msg!("web-form-optional"),
    msg!("web-form-time-hint"),
    msg!("web-form-nothing-there"),
    msg!("web-menu"),
    msg!("web-portal-title"),
    msg!("web-portal-intro"),
    msg!("web-portal-key"),
    msg!("web-portal-key-intro"),
    msg!("web-portal-key-wrong"),
    msg!("web-portal-open"),
    msg!("web-portal-what"),
    msg!("web-portal-who"),
    msg!("web-portal-when"),
    msg!("web-portal-subject"),
    msg!("web-portal-subject-hint"),
    msg!("web-portal-body"),
    msg!("web-portal-body-hint"),
    msg!("web-portal-tried"),
    msg!("web-portal-tried-hint"),
    msg!("web-portal-done"),
    msg!("web-portal-settings-checked"),
    msg!("web-portal-settings-yes"),
    msg!("web-portal-settings-no"),
    msg!("web-portal-environment"),
    msg!("web-portal-environment-hint"),
    msg!("web-portal-error-text"),
    msg!("web-portal-error-text-hint"),
    msg!("web-portal-requester"),
    msg!("web-portal-requester-hint"),
    msg!("web-portal-customer"),
    msg!("web-portal-product"),
    msg!("web-portal-plan"),
    msg!("web-portal-severity"),
    msg!("web-portal-kind"),
    msg!("web-portal-kind-investigation"),
    msg!("web-portal-kind-specification"),
    msg!("web-portal-stopped"),
    msg!("web-portal-stopped-hint"),
    msg!("web-portal-needed-by"),
    msg!("web-portal-needed-by-hint"),
    msg!("web-portal-file"),
    msg!("web-portal-filed"),
    msg!("web-portal-keep-link"),
    msg!("web-portal-filed-at"),
    msg!("web-portal-answer"),
    msg!("web-portal-no-answer-yet"),
    msg!("web-portal-talk"),
    msg!("web-portal-linked"),
    msg!("web-portal-your-words"),
    msg!("web-portal-write"),
    msg!("web-portal-write-hint"),
    msg!("web-portal-write-send"),
    msg!("web-portal-another"),
];

/// What the desk's script says.
const SCRIPT: &[&str] = &[
    msg!("web-live"),
    msg!("web-reconnecting"),
    msg!("web-signed-out"),
    msg!("web-unreachable"),
    msg!("web-dismiss"),
    msg!("web-new-posts"),
];

type Table = BTreeMap<String, String>;

static TABLES: LazyLock<[(Lang, Table, Table); 2]> =
    LazyLock::new(|| Lang::ALL.map(|lang| (lang, table(lang, PAGES), table(lang, SCRIPT))));

fn table(lang: Lang, ids: &[&str]) -> Table {
    let name = |id: &str| id.trim_start_matches("web-").replace('-', "_");
    ids.iter().map(|id| (name(id), say(lang, id))).collect()
}

fn tables(lang: Lang) -> &'static (Lang, Table, Table) {
    let found = TABLES.iter().find(|(of, ..)| *of == lang);
    found.expect("every language has its tables")
}

/// The words of templates.
pub(super) fn of(lang: Lang) -> Value {
    Value::from(Serde(&tables(lang).1))
}

/// The words of the desk's script.
pub(super) fn script(lang: Lang) -> Value {
    Value::from(Serde(&tables(lang).2))
}

/// How the page's script writes an amount of time, with `{h}`, `{m}` and `{t}` to be filled.
pub(super) fn relative(lang: Lang) -> Value {
    let parts = Args::new().with("hours", "{h}").with("minutes", "{m}");
    let whole = Args::new().with("amount", "{t}");
    let said = |id: &str| i18n::say(lang, id, &parts);
    let rows = [
        ("now", said(msg!("amount-under-a-minute"))),
        ("minutes", said(msg!("amount-minutes"))),
        ("hours", said(msg!("amount-hours"))),
        ("both", said(msg!("amount-hours-minutes"))),
        ("ahead", i18n::say(lang, msg!("web-ahead"), &whole)),
        ("ago", i18n::say(lang, msg!("web-ago"), &whole)),
    ];
    Value::from_pairs(rows)
}

/// Says a message that takes nothing.
pub(super) fn say(lang: Lang, id: &str) -> String {
    i18n::say(lang, id, &Args::new())
}

/// Heading and advice of an error's page.
pub(super) fn error(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            msg!("web-error-not-found"),
            msg!("web-error-not-found-advice"),
        ),
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => (
            msg!("web-error-not-allowed"),
            msg!("web-error-not-allowed-advice"),
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            msg!("web-error-too-many"),
            msg!("web-error-too-many-advice"),
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            msg!("web-error-unavailable"),
            msg!("web-error-unavailable-advice"),
        ),
        status if status.is_server_error() => {
            (msg!("web-error-inside"), msg!("web-error-inside-advice"))
        }
        _ => (msg!("web-error-request"), msg!("web-error-request-advice")),
    }
}
