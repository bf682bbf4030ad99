//! How IMAP writes sets of numbers, days, and the names of folders.

use crate::time::{TimeZone, Timestamp};

/// Numbers as a command wants them.
pub(super) fn numbers(uids: &[u32]) -> String {
    uids.iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(",")
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A day as a search wants it: `21-Nov-2026`.
pub(in crate::sources::mail) fn day(at: Timestamp) -> String {
    let day = at.to_zoned(TimeZone::UTC).date();
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    format!(
        "{}-{}-{:04}",
        day.day(),
        MONTHS[month],
        day.year().max(1970)
    )
}

/// When a server got a mail, as it writes it: ` 5-Nov-2026 10:00:00 +0900`.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once(' ')?;
    let (day, rest) = date.split_once('-')?;
    let (month, year) = rest.split_once('-')?;
    let month = MONTHS
        .iter()
        .position(|known| known.eq_ignore_ascii_case(month))?;
    let (time, zone) = time.trim().split_once(' ')?;
    format!("{year}-{:02}-{day:0>2}T{time}{zone}", month + 1)
        .parse()
        .ok()
}

/// The name of a folder as IMAP writes it (RFC 3501, modified UTF-7): `受信` is `&U9dP4Q-`.
pub(super) fn encoded(folder: &str) -> String {
    use base64::Engine as _;
    use base64::alphabet::IMAP_MUTF7;
    use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
    const MUTF7: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let mut out = String::new();
    let mut wide: Vec<u8> = Vec::new();
    let flush = |wide: &mut Vec<u8>, out: &mut String| {
        if !wide.is_empty() {
            out.push('&');
            out.push_str(&MUTF7.encode(&*wide));
            out.push('-');
            wide.clear();
        }
    };
    for c in folder.chars() {
        match c {
            ' '..='~' => {
                flush(&mut wide, &mut out);
                out.push(c);
                if c == '&' {
                    out.push('-');
                }
            }
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    wide.extend(unit.to_be_bytes());
                }
            }
        }
    }
    flush(&mut wide, &mut out);
    out
}
