//! `[mail]`: the server that takes what is told by mail.

use super::holidays::bounded;
use super::section::{Field, Section};
use std::path::Path;

pub use crate::app::mail_config::{MailConfig, MailSecurity, MailSignIn};

/// The port of a server that takes mail.
fn hand_over_port(security: MailSecurity) -> u16 {
    match security {
        MailSecurity::StartTls => 587,
        MailSecurity::Tls => 465,
        MailSecurity::None => 25,
    }
}

/// Reads `[mail]`; without a host there is none.
pub(super) fn mail(root: &Section<'_>) -> Option<MailConfig> {
    server(&root.section("mail")?)
}

/// Reads how the way to a server is kept from others' eyes.
pub(super) fn security(section: &Section<'_>, usual: MailSecurity) -> MailSecurity {
    let words = [
        ("starttls", MailSecurity::StartTls),
        ("tls", MailSecurity::Tls),
        ("none", MailSecurity::None),
    ];
    let field = section.field("security");
    field
        .and_then(|field| field.choice(&words))
        .unwrap_or(usual)
}

/// Reads the port of a server.
pub(super) fn port(section: &Section<'_>, usual: u16) -> u16 {
    section
        .field("port")
        .and_then(|field| field.number(1..=65_535))
        .and_then(|port| u16::try_from(port).ok())
        .unwrap_or(usual)
}

/// Reads a server that takes mail.
pub(super) fn server(section: &Section<'_>) -> Option<MailConfig> {
    let security = security(section, MailSecurity::StartTls);
    let port = port(section, hand_over_port(security));
    let username = section.text("username").map(str::to_owned);
    let password = section.secret("password");
    if username.is_some() && password.is_none() && !section.has_secret("password") {
        section.wrong(
            "username",
            "there is a name but no password",
            "add password_env = \"…\" or password_file = \"…\"",
        );
    }
    if username.is_none() && section.has_secret("password") {
        section.wrong(
            "",
            "there is a password but nobody whose it is",
            "add username = \"…\"",
        );
    }
    if username.is_some() && security == MailSecurity::None {
        section.field("security").inspect(|field| {
            field.odd(
                "the password goes to the mail server in the clear",
                "\"starttls\" or \"tls\", unless the server is this machine",
            );
        });
    }
    let host = section
        .need("host", "\"smtp.example.com\"")
        .and_then(|field| field.text());
    let from = section
        .need("from", "\"toban@example.com\"")
        .and_then(|field| from(&field));
    let authority = section
        .field("ca_file")
        .and_then(|field| authority(&field, security));
    Some(MailConfig {
        authority,
        host: host?.trim().to_owned(),
        port,
        security,
        from: from?,
        sign_in: username
            .zip(password)
            .map(|(username, password)| MailSignIn { username, password }),
    })
}

/// Reads the certificates of an authority of one's own.
pub(super) fn authority(field: &Field<'_>, security: MailSecurity) -> Option<String> {
    let pem = certificates(field)?;
    if security == MailSecurity::None {
        field.odd(
            "nothing is encrypted, so no certificate is looked at",
            "\"starttls\" or \"tls\" as security, or drop this",
        );
    }
    Some(pem)
}

/// Reads a file of certificates that a field names.
pub(super) fn certificates(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    let folder = Path::new(field.sheet.file).parent();
    let pem = match bounded(&folder.unwrap_or(Path::new("")).join(name)) {
        Ok(pem) => pem,
        Err(error) => {
            field.wrong_with(
                format!("the certificates {name:?} cannot be read: {error}"),
                "files are looked for from the folder of the configuration",
            );
            return None;
        }
    };
    if !pem.contains("-----BEGIN CERTIFICATE-----") {
        field.wrong_with(
            format!("{name:?} holds no certificate"),
            "write the authority's certificate in PEM: it begins with -----BEGIN CERTIFICATE-----",
        );
        return None;
    }
    Some(pem)
}

fn from(field: &Field<'_>) -> Option<String> {
    let text = field.text()?.trim();
    let is_good = is_address(text);
    if !is_good {
        field.wrong_with(
            format!("{text:?} is no mail address"),
            "write it plainly: \"toban@example.com\"",
        );
    }
    is_good.then(|| text.to_owned())
}

/// Tells whether a text is a plain address: what a server may still refuse, but no header can be made of.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_graphic() && !"<>()[],;:\\\"@".contains(c))
    };
    text.len() <= 254
        && text
            .split_once('@')
            .is_some_and(|(who, host)| is_plain(who) && is_plain(host) && !host.starts_with('.'))
}
