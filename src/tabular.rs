//! Tables of strangers: CSV in the encodings that systems export, as rows with the lines they stand on.
//!
//! Promises: any bytes give rows or a sentence with a place, in memory bounded by a small multiple of the text. Leaves out
//! what the columns mean: that is its readers' (`sources/csv.rs`, `app/contracts/import.rs`).

use encoding_rs::{EUC_JP, SHIFT_JIS, UTF_8};
use std::borrow::Cow;

/// The most columns of a table: a spreadsheet of people has some dozens.
const COLUMNS: usize = 1_000;

/// How the text of a table is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 if it is, else CP932.
    #[default]
    Auto,
    Utf8,
    /// Shift_JIS as Windows writes it.
    Cp932,
    EucJp,
}

impl Encoding {
    /// All encodings, with their names in the configuration.
    pub const NAMES: [(&'static str, Encoding); 4] = [
        ("auto", Encoding::Auto),
        ("utf-8", Encoding::Utf8),
        ("cp932", Encoding::Cp932),
        ("euc-jp", Encoding::EucJp),
    ];
}

/// What the bytes hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The first row, as it stands.
    pub headings: Vec<String>,
    /// The others, each with its line; a line of nothing but a line break is none.
    pub rows: Vec<(u64, Vec<String>)>,
    /// The line on which a quote opens that nobody closes: what follows it may be anything, taken for one cell.
    pub unclosed: Option<u64>,
    /// Characters that the encoding does not have; each became U+FFFD.
    pub damaged: usize,
}

/// Reads a table, or says what is wrong with it and where.
///
/// # Errors
/// A sentence with the line.
pub fn read(body: &[u8], encoding: Encoding, delimiter: u8) -> Result<Rows, String> {
    let text = decoded(body, encoding);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut found = Rows {
        unclosed: unclosed(&text, delimiter),
        damaged: text.matches('\u{fffd}').count(),
        ..Rows::default()
    };
    let mut is_first = true;
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| said(&error))?
    {
        let line = line_of(&record, &text);
        if record.len() > COLUMNS {
            return Err(format!(
                "a row has {} columns, more than {COLUMNS} (line {line})",
                record.len()
            ));
        }
        let fields = || record.iter().map(str::to_owned).collect();
        if is_first {
            found.headings = fields();
            is_first = false;
        } else if !(record.len() == 1 && record[0].is_empty()) {
            found.rows.push((line, fields()));
        }
    }
    Ok(found)
}

/// Where a quote opens a cell and nothing closes it; doubled it stands for itself.
fn unclosed(text: &str, delimiter: u8) -> Option<u64> {
    let mut line = 1_u64;
    let mut opened = None;
    let mut is_start = true;
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (opened, byte) {
            (Some(_), b'"') if bytes.peek() == Some(&b'"') => {
                bytes.next();
            }
            (Some(_), b'"') => opened = None,
            (None, b'"') if is_start => opened = Some(line),
            _ => {}
        }
        line += u64::from(byte == b'\n');
        is_start = opened.is_none() && (byte == delimiter || matches!(byte, b'\n' | b'\r'));
    }
    opened
}

/// The line on which a row begins: the reader stands before the blank lines that it passes over.
fn line_of(record: &csv::StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else {
        return 0;
    };
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let passed = breaks.filter(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(passed).unwrap_or_default()
}

/// The text of the bytes, without a mark at its start and without NUL, which no database takes.
fn decoded(body: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let is_utf8 = || std::str::from_utf8(body).is_ok();
    let (text, _) = match encoding {
        Encoding::Utf8 => UTF_8.decode_with_bom_removal(body),
        Encoding::Cp932 => SHIFT_JIS.decode_with_bom_removal(body),
        Encoding::EucJp => EUC_JP.decode_with_bom_removal(body),
        // Japanese text in CP932 is never good UTF-8, so that looking decides.
        Encoding::Auto if is_utf8() => UTF_8.decode_with_bom_removal(body),
        Encoding::Auto => SHIFT_JIS.decode_with_bom_removal(body),
    };
    match text.contains('\0') {
        true => Cow::Owned(text.replace('\0', "\u{fffd}")),
        false => text,
    }
}

fn said(error: &csv::Error) -> String {
    match error.position() {
        Some(place) => format!("it is no CSV: {error} (line {})", place.line()),
        None => format!("it is no CSV: {error}"),
    }
}
