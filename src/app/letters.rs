//! Notices that are mailed: which addresses a notice has, and the outbox rows that go there.
//!
//! Promises: a letter has a lane and a key of its own, so that no thread waits for a mail server. Leaves out what a
//! letter looks like, which is the platform's.

use super::desk::App;
use super::ports::{Delivery, NewOutbox, Place};
use crate::domain::inquiry::Inquiry;
use crate::domain::notice::Notice;
use crate::domain::reach::letter;
use crate::domain::sla::Audience;
use crate::time::Timestamp;

/// The platform word of places that are addresses.
pub const MAIL: &str = "mail";

impl App {
    /// The letters of a notice: one for each address that it is told to. They mention nobody.
    pub(super) fn letters(
        &self,
        (seq, n): (u64, usize),
        notice: &Notice,
        after: &Inquiry,
        now: Timestamp,
    ) -> Vec<NewOutbox> {
        let addresses = notice.audience.iter().filter_map(Audience::address);
        let row = |address: &str| {
            let place = Place {
                platform: MAIL.to_owned(),
                channel: address.to_owned(),
            };
            let what = Delivery::Notice {
                notice: Notice {
                    message: letter(notice, after),
                    offers: Vec::new(),
                    ..notice.clone()
                },
                mentions: Vec::new(),
            };
            self.row(after, &place, what, format!("{seq}·{n}·{address}"), now)
        };
        addresses.map(row).collect()
    }
}
