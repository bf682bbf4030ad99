//! Secrets: from the environment or a file, so that the configuration can be shown to anybody.
//!
//! For a key `token` there are three: `token_env` names a variable, `token_file` a file (its last line end is cut),
//! `token` is the secret itself, which works and is warned of.

use super::problem::{IN_PLACE, NO_NAME};
use super::section::{Field, Section};
use crate::app::secret::Secret;

impl<'a> Section<'a> {
    /// The secrets under a key; several where the variable's or file's name is a list, none if nothing is written.
    ///
    /// A secret that is written but cannot be had is reported and left out.
    pub fn secrets(&self, name: &str) -> Vec<Secret> {
        let (by_env, by_file) = (format!("{name}_env"), format!("{name}_file"));
        let given: Vec<&str> = [name, &by_env, &by_file]
            .into_iter()
            .filter(|key| self.has(key))
            .collect();
        if let [_, second, ..] = given[..] {
            self.wrong(
                second,
                format!("{} are given at once", quoted_and(&given)),
                "keep one of them",
            );
            return Vec::new();
        }
        let in_place = self.field(name).and_then(|field| {
            let text = field.text()?;
            field.odd(
                IN_PLACE,
                format!("put it into a variable and name that: {by_env} = \"…\""),
            );
            Some(Secret::new(text))
        });
        let texts = |key: &str| self.texts(key).into_iter();
        in_place
            .into_iter()
            .chain(texts(&by_env).filter_map(|(field, name)| from_env(&field, name)))
            .chain(texts(&by_file).filter_map(|(field, path)| from_file(&field, path)))
            .collect()
    }

    /// The one secret under a key.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.secrets(name).into_iter().next()
    }

    /// Whether a secret is written under a key, had or not.
    pub fn has_secret(&self, name: &str) -> bool {
        ["", "_env", "_file"]
            .iter()
            .any(|end| self.has(&format!("{name}{end}")))
    }
}

fn from_env(field: &Field<'_>, name: &str) -> Option<Secret> {
    let value = (field.sheet.env)(name).filter(|value| !value.trim().is_empty());
    if value.is_none() && is_no_name(name) {
        field.wrong_with(
            NO_NAME,
            "put the secret into a variable and its name here, such as \"TRACKER_SECRET\"",
        );
    } else if value.is_none() {
        field.wrong_with(
            format!("the environment variable {name} is not set"),
            format!("set it before the start: export {name}=…"),
        );
    }
    value.map(Secret::new)
}

/// Whether a text is none that variables are called by, or rather a secret: by its beginning, or as only machines write.
fn is_no_name(text: &str) -> bool {
    const BEGINNINGS: [&str; 11] = [
        "whsec_",
        "ghp_",
        "gho_",
        "ghs_",
        "ghu_",
        "github_pat_",
        "glpat",
        "xoxb",
        "xoxp",
        "sk_live_",
        "sk_test_",
    ];
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let is_mixed = text.len() >= 20
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && !text.contains('_');
    !begins
        || !text.chars().all(is_word)
        || BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        || is_mixed
}

fn from_file(field: &Field<'_>, path: &str) -> Option<Secret> {
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => {
            Some(Secret::new(text.trim_end_matches(['\r', '\n'])))
        }
        Ok(_) => {
            field.wrong(format!("the file {path:?} is blank"));
            None
        }
        Err(error) => {
            field.wrong(format!("the file {path:?} cannot be read: {error}"));
            None
        }
    }
}

fn quoted_and(keys: &[&str]) -> String {
    keys.join(" and ")
}
