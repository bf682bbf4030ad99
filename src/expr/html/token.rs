//! Cuts HTML into words and tags, as forgiving as a browser about what is broken.

use super::entity::decoded;
use std::borrow::Cow;

pub(super) enum Token<'a> {
    Text(Cow<'a, str>),
    Open { name: String, attributes: &'a str },
    Close { name: String },
}

/// Elements whose content is no text for people.
const SILENT: [&str; 8] = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp",
];

/// The longest name of a tag that is looked at.
const NAME: usize = 16;

pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Tokens<'a> {
        Tokens { rest: html }
    }

    /// Goes past a text, or to the end where it is not found.
    fn skip_past(&mut self, end: &str) {
        self.rest = match self.rest.find(end) {
            Some(at) => &self.rest[at + end.len()..],
            None => "",
        };
    }

    /// Goes past what an element holds that is not for people.
    fn skip_content(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest[from..].find("</") {
            let start = from + at + 2;
            let is_end = self.rest.as_bytes().get(start..start + name.len());
            if is_end.is_some_and(|end| end.eq_ignore_ascii_case(name.as_bytes())) {
                self.rest = &self.rest[start..];
                self.skip_past(">");
                return;
            }
            from = start;
        }
        self.rest = "";
    }

    /// The attributes of a tag; goes past its end.
    fn attributes(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let mut quote = None;
        let mut end = bytes.len();
        for (at, byte) in bytes.iter().enumerate() {
            match (quote, byte) {
                (None, b'>') => {
                    end = at;
                    break;
                }
                // A quote begins only where a value does: an apostrophe elsewhere hides nothing.
                (None, b'"' | b'\'') if self.rest[..at].trim_end().ends_with('=') => {
                    quote = Some(*byte);
                }
                (Some(open), byte) if open == *byte => quote = None,
                _ => {}
            }
        }
        if quote.is_some() {
            // The value never ends: then it is taken for none, or everything after it would be lost.
            end = self.rest.find('>').unwrap_or(bytes.len());
        }
        let attributes = &self.rest[..end];
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        attributes
    }

    fn name(&mut self) -> String {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != ':' && c != '-')
            .unwrap_or(self.rest.len());
        let name = self.rest[..end.min(NAME)].to_ascii_lowercase();
        self.rest = &self.rest[end..];
        name
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(inner) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Token::Text(decoded(text)));
            };
            let is_letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
            if let Some(comment) = inner.strip_prefix("!--") {
                self.rest = comment;
                self.skip_past("-->");
            } else if inner.starts_with(['!', '?']) {
                self.skip_past(">");
            } else if let Some(tag) = inner.strip_prefix('/').filter(|tag| is_letter(tag)) {
                self.rest = tag;
                let name = self.name();
                self.attributes();
                return Some(Token::Close { name });
            } else if is_letter(inner) {
                self.rest = inner;
                let name = self.name();
                let attributes = self.attributes();
                if SILENT.contains(&name.as_str()) {
                    if !attributes.ends_with('/') {
                        self.skip_content(&name);
                    }
                    continue;
                }
                return Some(Token::Open { name, attributes });
            } else {
                self.rest = inner;
                return Some(Token::Text(Cow::Borrowed("<")));
            }
        }
    }
}

/// The value of an attribute.
pub(super) fn attribute(attributes: &str, wanted: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=' || c == '/')
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let after = after.trim_start();
        let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
            rest = after;
            continue;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, further) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(decoded(value).into_owned());
        }
        rest = further;
    }
}
