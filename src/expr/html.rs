//! HTML as Markdown, for people to read: what mails and trackers hold.
//!
//! A library cuts it into words and tags (`token`); what they become is ours. Promises: it reads from left to right once, with a stack that is bounded in depth and texts that are bounded in size,
//! so that no document of a stranger takes long, much memory or the stack; it never fails. Paragraphs, headings, lists,
//! quotes, tables, links, emphasis and code stay; scripts, styles and comments go. A table that only lays things out (it
//! holds others, or one column, or paragraphs) becomes its texts. Leaves out what only looks (colours, sizes, pictures
//! beside their words), and escaping: whoever shows words from outside takes no markup of them.

mod block;
mod token;

use block::{Frame, Kind, LIMIT};
use token::{Attributes, Token, Tokens};

/// How deep lists, quotes and tables may stand in each other; what is deeper is taken without its frame.
const DEPTH: usize = 32;

/// Writes HTML as Markdown.
pub fn markdown(html: &str) -> String {
    let mut writer = Writer {
        frames: vec![Frame::new(Kind::Root)],
    };
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) => writer.text(&text),
            Token::Open {
                name, attributes, ..
            } => writer.open(&name, attributes),
            Token::Close { name } => writer.close(&name),
        }
        if writer.frames[0].is_full() {
            break;
        }
    }
    while writer.frames.len() > 1 {
        writer.pop();
    }
    writer.top().finished()
}

struct Writer {
    /// Never empty: the root is first.
    frames: Vec<Frame>,
}

impl Writer {
    fn top(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("the root is there until the end")
    }

    fn text(&mut self, text: &str) {
        let is_pre = self
            .frames
            .iter()
            .any(|frame| matches!(frame.kind, Kind::Pre));
        match is_pre {
            true => self.top().raw(text),
            false => self.top().words(text),
        }
    }

    fn push(&mut self, kind: Kind) {
        if self.frames.len() < DEPTH {
            self.frames.push(Frame::new(kind));
        }
    }

    /// Ends the innermost frame and puts what it holds into the one around it.
    fn pop(&mut self) {
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.top().take(frame);
        }
    }

    /// Ends the innermost frame of a kind with all that is inside it, unless a fence stands between.
    fn end(&mut self, is_it: impl Fn(&Kind) -> bool, is_fence: impl Fn(&Kind) -> bool) -> bool {
        let inner = self.frames.iter().skip(1).rev();
        for (outer, frame) in inner.enumerate() {
            if is_it(&frame.kind) {
                (0..=outer).for_each(|_| self.pop());
                return true;
            }
            if is_fence(&frame.kind) {
                return false;
            }
        }
        false
    }

    fn open(&mut self, name: &str, attributes: Attributes) {
        match name {
            "br" => self.top().line_break(),
            "p" | "dl" | "figure" | "fieldset" => self.top().block(2),
            "hr" => {
                self.top().block(2);
                self.top().words("---");
                self.top().block(2);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = usize::from(name.as_bytes()[1] - b'0');
                self.push(Kind::Heading(level));
            }
            "blockquote" => self.push(Kind::Quote),
            "ul" | "menu" => self.push(Kind::List(None)),
            "ol" => {
                let start = attributes.start.and_then(|n| n.trim().parse().ok());
                self.push(Kind::List(Some(start.unwrap_or(1).min(999_999))));
            }
            "li" => {
                let is_item = |kind: &Kind| matches!(kind, Kind::Item(_));
                let is_fence = |kind: &Kind| matches!(kind, Kind::List(_) | Kind::Cell);
                self.end(is_item, is_fence);
                let marker = self.top().next_marker();
                self.push(Kind::Item(marker));
            }
            "pre" => self.push(Kind::Pre),
            "table" => {
                for frame in &mut self.frames {
                    frame.holds_table();
                }
                self.push(Kind::table());
            }
            "tr" => {
                self.end_cell();
                self.top().new_row();
            }
            "td" | "th" => {
                self.end_cell();
                match self.top().kind {
                    Kind::Table { .. } => self.push(Kind::Cell),
                    _ => self.top().block(1),
                }
            }
            "a" => {
                let is_link = |kind: &Kind| matches!(kind, Kind::Link(_));
                self.end(is_link, |kind| !matches!(kind, Kind::Link(_)));
                let href = attributes.href.unwrap_or_default();
                self.push(Kind::Link(href));
            }
            "img" => {
                if let Some(alt) = attributes.alt.filter(|alt| !alt.trim().is_empty()) {
                    self.text(&format!("[{}]", alt.trim()));
                }
            }
            "dd" => {
                self.top().block(1);
                self.top().words("  ");
            }
            _ => match mark(name) {
                Some(mark) => self.top().mark(mark),
                None if is_block(name) => self.top().block(1),
                None => {}
            },
        }
    }

    fn close(&mut self, name: &str) {
        let is_cell = |kind: &Kind| matches!(kind, Kind::Cell);
        let is_table = |kind: &Kind| matches!(kind, Kind::Table { .. });
        match name {
            "p" | "dl" | "figure" | "fieldset" => self.top().block(2),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end(|kind| matches!(kind, Kind::Heading(_)), is_cell);
            }
            "blockquote" => {
                self.end(|kind| matches!(kind, Kind::Quote), is_cell);
            }
            "ul" | "ol" | "menu" => {
                self.end(|kind| matches!(kind, Kind::List(_)), is_cell);
            }
            "li" => {
                let is_fence = |kind: &Kind| matches!(kind, Kind::List(_) | Kind::Cell);
                self.end(|kind| matches!(kind, Kind::Item(_)), is_fence);
            }
            "pre" => {
                self.end(|kind| matches!(kind, Kind::Pre), is_cell);
            }
            "table" => {
                self.end(is_table, |_| false);
            }
            "td" | "th" | "tr" => self.end_cell(),
            "a" => {
                self.end(|kind| matches!(kind, Kind::Link(_)), is_cell);
            }
            _ => match mark(name) {
                Some(mark) => self.top().end_mark(mark),
                None if is_block(name) => self.top().block(1),
                None => {}
            },
        }
    }

    fn end_cell(&mut self) {
        self.end(
            |kind| matches!(kind, Kind::Cell),
            |kind| matches!(kind, Kind::Table { .. }),
        );
    }
}

fn mark(name: &str) -> Option<&'static str> {
    Some(match name {
        "b" | "strong" => "**",
        "i" | "em" => "*",
        "code" | "tt" | "kbd" | "samp" => "`",
        "s" | "del" | "strike" => "~~",
        _ => return None,
    })
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "address"
            | "center"
            | "form"
            | "caption"
            | "dt"
            | "dd"
            | "body"
            | "html"
            | "option"
            | "figcaption"
            | "summary"
            | "details"
    )
}

/// Cuts a text at a boundary of characters.
fn cut(text: &mut String) {
    if text.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or(0));
    }
}

#[cfg(test)]
mod tests;
