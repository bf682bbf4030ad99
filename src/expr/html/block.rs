//! What a frame of a document gathers, and what becomes of it when it ends.

use super::cut;

/// The most bytes that a frame gathers.
pub(super) const LIMIT: usize = 256 * 1024;

/// The most columns of a table that is written as one.
const COLUMNS: usize = 40;

/// How many kinds of emphasis may hold at once.
const MARKS: usize = 6;

/// What a frame is.
pub(super) enum Kind {
    Root,
    Quote,
    Heading(usize),
    /// The number of the next item, where they are numbered.
    List(Option<u32>),
    /// What stands before it.
    Item(String),
    Link(String),
    Pre,
    Table {
        rows: Vec<Vec<String>>,
        is_layout: bool,
    },
    Cell,
}

impl Kind {
    pub fn table() -> Kind {
        Kind::Table {
            rows: Vec::new(),
            is_layout: false,
        }
    }
}

pub(super) struct Frame {
    pub kind: Kind,
    text: String,
    /// Line ends that are owed before the next words.
    gap: usize,
    /// Whether a space is owed.
    space: bool,
    /// Emphasis that holds, and whether its mark stands in the text already.
    marks: Vec<(&'static str, bool)>,
}

impl Frame {
    pub fn new(kind: Kind) -> Frame {
        Frame {
            kind,
            text: String::new(),
            gap: 0,
            space: false,
            marks: Vec::new(),
        }
    }

    pub fn is_full(&self) -> bool {
        self.text.len() > LIMIT
    }

    /// Takes words as HTML means them: any run of white space is one space.
    pub fn words(&mut self, text: &str) {
        for (n, word) in text.split(is_space).enumerate() {
            self.space |= n > 0;
            if word.chars().all(is_unseen) || self.is_full() {
                continue;
            }
            self.settle();
            self.text.extend(word.chars().filter_map(shown));
        }
    }

    /// Takes words as they stand.
    pub fn raw(&mut self, text: &str) {
        if !self.is_full() {
            self.settle();
            self.text.extend(text.chars().filter_map(shown));
        }
    }

    /// Writes what is owed before words.
    fn settle(&mut self) {
        if self.text.is_empty() {
            self.gap = 0;
        } else if self.gap > 0 {
            self.text
                .push_str(if self.gap == 1 { "\n" } else { "\n\n" });
        } else if self.space && !self.text.ends_with('\n') {
            self.text.push(' ');
        }
        (self.gap, self.space) = (0, false);
        for (mark, stands) in &mut self.marks {
            if !*stands {
                self.text.push_str(mark);
                *stands = true;
            }
        }
    }

    pub fn line_break(&mut self) {
        let gap = (self.gap + 1).min(2);
        self.block(gap);
    }

    /// Ends a line or a paragraph; emphasis ends with it and begins anew after it.
    pub fn block(&mut self, gap: usize) {
        if matches!(self.kind, Kind::Pre) {
            self.text.push('\n');
            return;
        }
        for (mark, stands) in self.marks.iter_mut().rev() {
            if *stands {
                self.text.push_str(mark);
                *stands = false;
            }
        }
        self.gap = self.gap.max(gap);
    }

    pub fn mark(&mut self, mark: &'static str) {
        let holds = self.marks.iter().any(|(held, _)| *held == mark);
        if !holds && self.marks.len() < MARKS && !matches!(self.kind, Kind::Pre) {
            self.marks.push((mark, false));
        }
    }

    pub fn end_mark(&mut self, mark: &'static str) {
        let Some(from) = self.marks.iter().position(|(held, _)| *held == mark) else {
            return;
        };
        // What began inside ends with it, and goes on after it.
        for (inner, stands) in self.marks[from..].iter_mut().rev() {
            if *stands {
                self.text.push_str(inner);
                *stands = false;
            }
        }
        self.marks.remove(from);
    }

    /// What stands before the next item of a list.
    pub fn next_marker(&mut self) -> String {
        match &mut self.kind {
            Kind::List(Some(next)) => {
                let marker = format!("{next}. ");
                *next += 1;
                marker
            }
            _ => "- ".to_owned(),
        }
    }

    pub fn new_row(&mut self) {
        match &mut self.kind {
            Kind::Table { rows, .. } => rows.push(Vec::new()),
            _ => self.block(1),
        }
    }

    pub fn holds_table(&mut self) {
        if let Kind::Table { is_layout, .. } = &mut self.kind {
            *is_layout = true;
        }
    }

    /// Puts what an ended frame holds into this one.
    pub fn take(&mut self, mut inner: Frame) {
        let space = inner.space;
        let text = inner.finished();
        let kind = inner.kind;
        if let (Kind::Cell, Kind::Table { rows, .. }) = (&kind, &mut self.kind) {
            if rows.is_empty() {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.last_mut() {
                row.push(text);
            }
            return;
        }
        let (gap, mut written) = match kind {
            Kind::Root | Kind::Cell => (1, text),
            Kind::Link(href) => {
                self.words(&link(&text, &href));
                self.space |= space;
                return;
            }
            Kind::Quote => (2, before_lines("> ", "> ", &text)),
            Kind::Heading(level) => {
                let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let marks = "#".repeat(level);
                (
                    2,
                    if line.is_empty() {
                        line
                    } else {
                        format!("{marks} {line}")
                    },
                )
            }
            Kind::List(_) => match self.kind {
                Kind::Item(_) => (1, text),
                _ => (2, text),
            },
            Kind::Item(marker) => {
                let indent = " ".repeat(marker.len());
                (1, before_lines(&marker, &indent, &text))
            }
            Kind::Pre if text.is_empty() => (2, text),
            Kind::Pre => (2, format!("```\n{text}\n```")),
            Kind::Table { rows, is_layout } => {
                let table = table(rows, is_layout);
                let parts = [text, table].into_iter().filter(|part| !part.is_empty());
                (2, parts.collect::<Vec<_>>().join("\n\n"))
            }
        };
        if written.is_empty() {
            return;
        }
        cut(&mut written);
        self.block(gap);
        self.raw(&written);
        self.block(gap);
    }

    /// The text of the frame, without what surrounds it.
    pub fn finished(&mut self) -> String {
        self.block(0);
        cut(&mut self.text);
        match self.kind {
            Kind::Pre => self.text.trim_matches('\n').to_owned(),
            _ => self.text.trim().to_owned(),
        }
    }
}

/// White space that is one space: that of HTML, what does not break, and the narrow and the wide of typesetters.
fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}' | '\u{2000}'..='\u{200a}'
    )
}

/// What takes no room: mails are padded with it. Between letters some of it means something.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// A character as it is kept: a hyphen that is not seen would only keep a word from being found.
fn shown(c: char) -> Option<char> {
    match c {
        '\u{ad}' => None,
        '\n' | '\t' | '\r' => Some(c),
        c if c.is_control() => Some('\u{fffd}'),
        c => Some(c),
    }
}

fn before_lines(first: &str, further: &str, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + first.len());
    for (n, line) in text.lines().enumerate() {
        if out.len() > LIMIT {
            break;
        }
        if n > 0 {
            out.push('\n');
        }
        let before = if n == 0 { first } else { further };
        match line.is_empty() {
            true => out.push_str(before.trim_end()),
            false => out.extend([before, line]),
        }
    }
    out
}

/// A link whose words say where it leads is its words.
fn link(text: &str, href: &str) -> String {
    let href = href.trim();
    let plain = href.strip_prefix("mailto:").unwrap_or(href);
    let is_web = ["http://", "https://", "mailto:", "tel:", "ftp://"]
        .iter()
        .any(|scheme| {
            let start = href.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
    let says_it =
        text == href || text == plain || text.trim_end_matches('/') == href.trim_end_matches('/');
    if text.is_empty() || !is_web || says_it || href.len() > 2_000 {
        return text.to_owned();
    }
    let href = href
        .replace(' ', "%20")
        .replace('(', "%28")
        .replace(')', "%29");
    format!("[{text}]({href})")
}

fn table(mut rows: Vec<Vec<String>>, is_layout: bool) -> String {
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let is_flat = rows.iter().flatten().all(|cell| !cell.contains('\n'));
    let mut out = String::new();
    if is_layout || !is_flat || !(2..=COLUMNS).contains(&columns) {
        for row in rows {
            let cells: Vec<String> = row.into_iter().filter(|cell| !cell.is_empty()).collect();
            let is_line = cells.iter().all(|cell| !cell.contains('\n'));
            if !out.is_empty() {
                out.push_str(if is_line { "\n" } else { "\n\n" });
            }
            out.push_str(&cells.join(if is_line { " " } else { "\n\n" }));
            if out.len() > LIMIT {
                break;
            }
        }
        return out;
    }
    for (n, row) in rows.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.push('|');
        for column in 0..columns {
            let cell = row.get(column).map_or("", String::as_str);
            out.extend([" ", &cell.replace('|', "\\|"), " |"]);
        }
        if n == 0 {
            out.push_str("\n|");
            out.push_str(&" --- |".repeat(columns));
        }
        if out.len() > LIMIT {
            break;
        }
    }
    out
}
