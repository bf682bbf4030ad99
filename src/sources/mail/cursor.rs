//! Where a source stands in its folder: the last mail that was looked at, and which of the last page are yet to be filed.
//!
//! Promises: it is kept with the items of its page, so that what it says was taken is taken; it reads what it wrote, and
//! what was written before there was anything to file (`7:120`).

/// The most mails that wait to be filed; where a server files none for long, the older stay where they are.
const UNFILED: usize = 500;

/// `UIDVALIDITY:UID`, and behind a `+` the mails to be filed, as IMAP writes sets: `7:120+101:103,110`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub validity: u32,
    pub uid: u32,
    /// In their order.
    pub unfiled: Vec<u32>,
}

impl Cursor {
    pub fn read(text: &str) -> Option<Cursor> {
        let (validity, rest) = text.split_once(':')?;
        let (uid, set) = rest.split_once('+').unwrap_or((rest, ""));
        let mut unfiled = Vec::new();
        for piece in set.split(',').filter(|piece| !piece.is_empty()) {
            let (first, last) = piece.split_once(':').unwrap_or((piece, piece));
            let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
            let room = UNFILED - unfiled.len();
            unfiled.extend((first..=last).take(room));
        }
        Some(Cursor {
            validity: validity.parse().ok()?,
            uid: uid.parse().ok()?,
            unfiled,
        })
    }

    pub fn written(&self) -> String {
        let before = format!("{}:{}", self.validity, self.uid);
        let newest = self.unfiled.len().saturating_sub(UNFILED);
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for uid in &self.unfiled[newest..] {
            match runs.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
                _ => runs.push((*uid, *uid)),
            }
        }
        if runs.is_empty() {
            return before;
        }
        let pieces = runs.iter().map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first}:{last}"),
        });
        format!("{before}+{}", pieces.collect::<Vec<_>>().join(","))
    }
}
