//! HTML as words and tags, cut by `html5gum` as browsers cut it, and the little of it that the writer looks at.
//!
//! Promises: time and memory grow with the document and no faster, whatever it is made of; of a tag's attributes only those
//! that are looked at are kept; what an element holds that is not for people (scripts, styles) is left out. One thing is
//! kinder than a browser: a tag whose quote never ends hides only itself, and not all that follows it.

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Span, State, StringReader, Tokenizer};

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    Text(String),
    Open {
        name: String,
        attributes: Attributes,
        /// Whether it says itself that nothing is in it.
        is_whole: bool,
    },
    Close {
        name: String,
    },
}

/// The attributes that are looked at.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Attributes {
    pub href: Option<String>,
    pub alt: Option<String>,
    pub start: Option<String>,
}

impl Attributes {
    fn slot(&mut self, name: &[u8]) -> Option<&mut Option<String>> {
        match name {
            b"href" => Some(&mut self.href),
            b"alt" => Some(&mut self.alt),
            b"start" => Some(&mut self.start),
            _ => None,
        }
    }
}

/// Elements whose content is no text for people.
const SILENT: [&str; 8] = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp",
];

/// How often reading begins anew behind a tag that never ends: each time costs the rest of the document.
const AGAIN: usize = 8;

pub(super) struct Tokens<'a> {
    html: &'a str,
    /// Where what is being cut begins in the document.
    from: usize,
    again: usize,
    cutter: Tokenizer<StringReader<'a>, CallbackEmitter<Gathered, Heard, usize>>,
    /// The tag that was begun: its name, and where its `<` stands in what is being cut.
    begun: Option<(String, usize)>,
    /// The element whose content is left out.
    silent: Option<String>,
}

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Tokens<'a> {
        Tokens {
            html,
            from: 0,
            again: 0,
            cutter: cutter(html),
            begun: None,
            silent: None,
        }
    }

    /// Begins anew behind the first `>` of a tag whose quote never ended, which is all that there is of the tag.
    fn unfinished(&mut self) -> Option<Token> {
        let (name, at) = self.begun.take()?;
        self.again += 1;
        if self.again > AGAIN {
            return None;
        }
        let tag = self.html.get(self.from + at..)?;
        self.from += at + tag.find('>')? + 1;
        self.cutter = cutter(self.html.get(self.from..)?);
        Some(Token::Open {
            name,
            attributes: Attributes::default(),
            is_whole: true,
        })
    }
}

fn cutter(html: &str) -> Tokenizer<StringReader<'_>, CallbackEmitter<Gathered, Heard, usize>> {
    Tokenizer::new_with_emitter(html, CallbackEmitter::new(Gathered::default()))
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let heard = match self.cutter.next() {
                Some(Ok(heard)) => heard,
                Some(Err(never)) => match never {},
                None => return self.unfinished(),
            };
            let token = match heard {
                Heard::Begun { name, at } => {
                    self.begun = Some((name, at));
                    continue;
                }
                Heard::Token(token) => token,
            };
            match &token {
                Token::Open { name, is_whole, .. } => {
                    self.begun = None;
                    if SILENT.contains(&name.as_str()) {
                        if !is_whole {
                            self.cutter.set_state(State::RawText);
                            self.silent = Some(name.clone());
                        }
                        continue;
                    }
                }
                Token::Close { name } if self.silent.as_ref() == Some(name) => {
                    self.silent = None;
                    continue;
                }
                Token::Text(_) | Token::Close { .. } => {}
            }
            if self.silent.is_none() {
                return Some(token);
            }
        }
    }
}

/// What the tokenizer tells.
enum Heard {
    Begun { name: String, at: usize },
    Token(Token),
}

/// The tag that is being read.
#[derive(Default)]
struct Gathered {
    name: String,
    attributes: Attributes,
    /// The attribute whose value comes next, if it is one that is looked at and the first of its name.
    wanted: Option<Vec<u8>>,
}

/// What is cut from text is text: the cuts stand at ASCII.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Callback<Heard, usize> for Gathered {
    fn handle_event(&mut self, event: CallbackEvent<'_>, span: Span<usize>) -> Option<Heard> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.name = text(name);
                self.attributes = Attributes::default();
                self.wanted = None;
                Some(Heard::Begun {
                    name: self.name.clone(),
                    at: span.start,
                })
            }
            CallbackEvent::AttributeName { name } => {
                let slot = self.attributes.slot(name).filter(|slot| slot.is_none());
                self.wanted = slot.map(|slot| {
                    *slot = Some(String::new());
                    name.to_vec()
                });
                None
            }
            CallbackEvent::AttributeValue { value } => {
                let wanted = self.wanted.take()?;
                if let Some(slot) = self.attributes.slot(&wanted) {
                    *slot = Some(text(value));
                }
                None
            }
            CallbackEvent::CloseStartTag { self_closing } => Some(Heard::Token(Token::Open {
                name: std::mem::take(&mut self.name),
                attributes: std::mem::take(&mut self.attributes),
                is_whole: self_closing,
            })),
            CallbackEvent::EndTag { name } => Some(Heard::Token(Token::Close { name: text(name) })),
            CallbackEvent::String { value } => Some(Heard::Token(Token::Text(text(value)))),
            CallbackEvent::Comment { .. }
            | CallbackEvent::Doctype { .. }
            | CallbackEvent::Error(_) => None,
        }
    }
}
