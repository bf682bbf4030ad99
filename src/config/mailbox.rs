//! `[source.imap]`, `[source.smtp]` and the way back of a source of kind "mail".

use super::desk::Desk;
use super::mail::{authority, port, security, server};
use super::mapping::template;
use super::request::schedule;
use super::section::{Field, Section};
use super::source::{check_variables, misplaced};
use crate::app::mail_config::{MailConfig, MailSecurity, MailSignIn};
use crate::app::secret::Secret;
use crate::app::source_config::{Act, After, ImapConfig, MailSource};
use std::collections::BTreeMap;

/// What goes back by mail: whom it was given to is nothing that a requester is written about.
const ACTS: [Act; 2] = [Act::Reply, Act::Answer];

/// The text of a mail that says nothing else.
const TEXT: &str = "{{ text }}";

/// Reads a mailbox. `lent` is the server of `[mail]`, which answers go by where the source has none.
pub(super) fn mailbox(
    section: &Section<'_>,
    desk: &Desk,
    enabled: bool,
    lent: Option<&MailConfig>,
) -> Option<MailSource> {
    for (key, why) in [
        ("auth", "a mailbox is signed in to; see [source.imap]"),
        ("delivery", "a mailbox is read by us"),
        (
            "poll",
            "a mailbox is read by [source.imap], which says how often",
        ),
    ] {
        misplaced(section, key, why);
    }
    conversation(section);
    let imap = match section.section("imap") {
        Some(imap) => imap_of(&imap, desk, enabled),
        None => {
            section.wrong(
                "imap",
                "the source is a mailbox, but does not say which",
                "add [source.imap] with host, username and a password",
            );
            None
        }
    };
    let smtp = match section.section("smtp") {
        Some(smtp) if enabled => Some(server(&smtp)?),
        Some(_) => None,
        None => lent.cloned(),
    };
    let team_domains = section.texts("team_domains").into_iter();
    let team_domains = team_domains
        .filter_map(|(field, text)| domain(&field, text))
        .collect();
    let replies = replies(section, smtp.is_some() || !enabled);
    let keeps_cc = section
        .section("way_back")
        .is_some_and(|back| back.truth_or("cc", false));
    Some(MailSource {
        imap: imap?,
        smtp,
        team_domains,
        keeps_cc,
        replies: replies?,
    })
}

/// An inquiry of a mailbox is a conversation: its answers are found by it, and so are answers that come back.
fn conversation(section: &Section<'_>) {
    let id = section
        .section("mapping")
        .and_then(|mapping| mapping.field("external_id"));
    let Some(field) = id else {
        return;
    };
    let is_thread = field.text().is_none_or(|text| {
        let inner = text.trim().strip_prefix("{{");
        let inner = inner.and_then(|inner| inner.strip_suffix("}}"));
        inner.is_some_and(|inner| inner.trim_matches('-').trim() == "thread")
    });
    if !is_thread {
        field.wrong_with(
            "an inquiry of a mailbox is a conversation, by which its answers find their way",
            "leave external_id out, or write \"{{ thread }}\"",
        );
    }
}

fn domain(field: &Field<'_>, text: &str) -> Option<String> {
    let domain = text.trim().trim_start_matches('@').to_ascii_lowercase();
    let is_good = domain.contains('.') && !domain.contains(['@', ' ', '/']);
    if !is_good {
        field.wrong_with(
            format!("{text:?} is no domain of mail addresses"),
            "write what stands behind the @: \"example.com\"",
        );
    }
    is_good.then_some(domain)
}

fn imap_of(section: &Section<'_>, desk: &Desk, enabled: bool) -> Option<ImapConfig> {
    let security = security(section, MailSecurity::Tls);
    let usual = match security {
        MailSecurity::Tls => 993,
        MailSecurity::StartTls | MailSecurity::None => 143,
    };
    let port = port(section, usual);
    if security == MailSecurity::None {
        section.field("security").inspect(|field| {
            field.odd(
                "the password goes to the mail server in the clear",
                "\"tls\" or \"starttls\", unless the server is this machine",
            );
        });
    }
    let host = section
        .need("host", "\"imap.example.com\"")
        .and_then(|field| field.text());
    let username = section
        .need("username", "\"support@example.com\"")
        .and_then(|field| field.text());
    let password = match enabled {
        true => section.secret("password"),
        false => Some(Secret::new("")),
    };
    if !section.has_secret("password") {
        section.wrong(
            "password",
            "there is a name but no password",
            "add password_env = \"…\" or password_file = \"…\"",
        );
    }
    let authority = section
        .field("ca_file")
        .and_then(|field| authority(&field, security));
    let folder = section.text("folder").unwrap_or("INBOX").trim().to_owned();
    let after = match section.field("after") {
        Some(field) => after(&field, &folder),
        None => Some(After::Keep),
    };
    Some(ImapConfig {
        schedule: schedule(section, desk)?,
        host: host?.trim().to_owned(),
        port,
        security,
        authority,
        sign_in: MailSignIn {
            username: username?.to_owned(),
            password: password?,
        },
        folder,
        after: after?,
    })
}

fn after(field: &Field<'_>, folder: &str) -> Option<After> {
    let text = field.text()?.trim();
    match (text, text.strip_prefix("move:").map(str::trim)) {
        ("keep", _) => Some(After::Keep),
        ("seen", _) => Some(After::Seen),
        (_, Some(to)) if !to.is_empty() && to != folder => Some(After::Move(to.to_owned())),
        (_, Some(to)) if to == folder => {
            field.wrong_with(
                "mails would be moved to where they are",
                "name another folder",
            );
            None
        }
        _ => {
            field.wrong_with(
                format!("{text:?} is nothing that can be done with a mail"),
                "write \"keep\", \"seen\" or \"move:FOLDER\"",
            );
            None
        }
    }
}

/// Reads what goes back, with the text of each mail.
fn replies(section: &Section<'_>, can_send: bool) -> Option<BTreeMap<Act, String>> {
    let acts = ACTS.map(|act| (act.key(), act));
    let mut is_whole = true;
    let wanted: Vec<Act> = match section.has("write_back") {
        false => ACTS.to_vec(),
        true => {
            let mut wanted = Vec::new();
            for (field, _) in section.texts("write_back") {
                let Some(act) = field.choice(&acts) else {
                    is_whole = false;
                    continue;
                };
                if !can_send {
                    field.wrong_with(
                        format!(
                            "{:?} is to go back, but no server takes its mail",
                            act.key()
                        ),
                        "add [source.smtp], or [mail] for the whole desk",
                    );
                    is_whole = false;
                }
                wanted.push(act);
            }
            wanted
        }
    };
    let back = section.section("way_back");
    for place in back.iter() {
        for key in ["method", "url", "headers", "good_when", "owner", "close"] {
            misplaced(place, key, "answers of a mailbox go back as mail");
        }
    }
    let common = back.as_ref().and_then(|back| back.field("body"));
    let mut replies = BTreeMap::new();
    for act in wanted {
        let own = back.as_ref().and_then(|back| back.section(act.key()));
        if let Some(own) = &own {
            for key in ["method", "url", "headers", "good_when"] {
                misplaced(own, key, "answers of a mailbox go back as mail");
            }
        }
        let body = own.as_ref().and_then(|own| own.field("body"));
        let text = match body.or_else(|| common.clone()) {
            None => Some(TEXT.to_owned()),
            Some(field) => template(&field).and_then(|template| {
                let is_seen = check_variables(&field, template.paths(), &Act::SEEN);
                is_seen.then(|| template.text().to_owned())
            }),
        };
        match text {
            Some(text) => drop(replies.insert(act, text)),
            None => is_whole = false,
        }
    }
    is_whole.then_some(replies)
}
