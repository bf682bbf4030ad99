//! What the auditor asks and finds.

use crate::app::ports::duty_audit::DutyTrouble;
use crate::domain::ids::InquiryId;
use serde::Serialize;

/// What the auditor found wrong; empty is good. Each line names the thing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Findings {
    pub open_without_deadline: Vec<String>,
    pub overdue_deadlines: Vec<String>,
    pub overdue_outbox: Vec<String>,
    pub ledger_gaps: Vec<String>,
    pub projection_differs: Vec<String>,
    pub cards_missing: Vec<String>,
    pub duty: Vec<DutyTrouble>,
}

/// Which page of everything the auditor compares next.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Inquiries after this id; from the beginning if empty.
    pub after: Option<InquiryId>,
    /// Deliveries after this position.
    pub after_pos: i64,
    /// Lines of the duty book after this number.
    pub after_line: i64,
    /// So many inquiries, so many deliveries and so many lines of the duty book.
    pub limit: u32,
}

impl Default for Sweep {
    /// The first page, of a size that SQLite compares in well under a second.
    fn default() -> Self {
        Sweep {
            after: None,
            after_pos: 0,
            after_line: 0,
            limit: 5_000,
        }
    }
}

impl Findings {
    /// So many lines of each sort are enough to see what is wrong.
    pub const LINES: usize = 20;

    /// Takes in what else was found; what is known already is not repeated.
    pub fn merge(&mut self, more: Findings) {
        let Findings {
            open_without_deadline,
            overdue_deadlines,
            overdue_outbox,
            ledger_gaps,
            projection_differs,
            cards_missing,
            duty,
        } = more;
        for (lines, more) in [
            (&mut self.open_without_deadline, open_without_deadline),
            (&mut self.overdue_deadlines, overdue_deadlines),
            (&mut self.overdue_outbox, overdue_outbox),
            (&mut self.ledger_gaps, ledger_gaps),
            (&mut self.projection_differs, projection_differs),
            (&mut self.cards_missing, cards_missing),
        ] {
            for line in more {
                if lines.len() < Self::LINES && !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        for trouble in duty {
            if self.duty.len() < Self::LINES && !self.duty.contains(&trouble) {
                self.duty.push(trouble);
            }
        }
    }

    /// Every finding as a line.
    pub fn lines(&self) -> Vec<String> {
        let duty = self.duty.iter().map(|trouble| format!("duty: {trouble}"));
        self.lines_of_work().chain(duty).collect()
    }

    /// Every finding as a line, but for those of the duty.
    pub fn lines_of_work(&self) -> impl Iterator<Item = String> {
        [
            ("open without a deadline", &self.open_without_deadline),
            ("deadline not looked at", &self.overdue_deadlines),
            ("delivery overdue", &self.overdue_outbox),
            ("gap in the ledger", &self.ledger_gaps),
            (
                "projection differs from the ledger",
                &self.projection_differs,
            ),
            ("card missing", &self.cards_missing),
        ]
        .into_iter()
        .flat_map(|(what, lines)| lines.iter().map(move |line| format!("{what}: {line}")))
    }

    /// Tells whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        *self == Findings::default()
    }
}
