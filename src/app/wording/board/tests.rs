#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::wording::PlainText;
use crate::domain::board::{Due, Pressing};
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Clock, Severity};
use crate::i18n::Lang;
use crate::testkit::sample_context;
use crate::time::Timestamp;

fn at(minutes: i64) -> Timestamp {
    let now: Timestamp = "2026-11-24T01:00:00Z".parse().unwrap();
    crate::time::plus(now, crate::time::SignedDuration::from_mins(minutes))
}

/// A board with a line of each sort.
pub(in crate::app) fn sample() -> Board {
    let line = |reference, standing, severity, ownership, due: Option<(Clock, i64)>| BoardLine {
        reference,
        what: Pressing {
            standing,
            severity,
            title: TextId::from("title"),
            ownership,
            due: due.map(|(clock, minutes)| Due {
                clock,
                at: at(minutes),
            }),
        },
    };
    let nobody = Ownership::Unclaimed { since: at(0) };
    let aoki = Ownership::Owned {
        by: "aoki".into(),
        since: at(0),
    };
    Board {
        queue: "billing".into(),
        lines: vec![
            line(
                3,
                Standing::Late,
                Severity::S3,
                nobody.clone(),
                Some((Clock::Claim, -40)),
            ),
            line(
                7,
                Standing::AtRisk,
                Severity::S2,
                aoki,
                Some((Clock::FirstResponse, 95)),
            ),
            line(9, Standing::Urgent, Severity::S1, nobody, None),
        ],
        more: 2,
        is_kept: true,
    }
}

fn said(board: &Board, lang: Lang) -> String {
    let context = sample_context(at(0), lang, "discord", "81");
    let text = board_text(board, &Words::of(&context), &PlainText);
    let lines: Vec<String> = text.lines.into_iter().map(|(_, line)| line).collect();
    format!("{}\n{}", text.heading, lines.join("\n"))
}

#[test]
fn a_board_reads_well_in_both_languages() {
    let clear = Board {
        lines: Vec::new(),
        more: 0,
        ..sample()
    };
    let left = Board {
        is_kept: false,
        ..clear.clone()
    };
    let all: Vec<String> = [Lang::Ja, Lang::En]
        .into_iter()
        .flat_map(|lang| [sample(), clear.clone(), left.clone()].map(|board| said(&board, lang)))
        .collect();
    insta::assert_snapshot!(all.join("\n\n"));
}
