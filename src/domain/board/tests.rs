#![allow(clippy::unwrap_used)]

use super::*;
use crate::time::from_ms;

fn line(reference: i64, standing: Standing, due: Option<i64>) -> BoardLine {
    BoardLine {
        reference,
        what: Pressing {
            standing,
            severity: Severity::S3,
            title: TextId::from(format!("t{reference}")),
            ownership: Ownership::Unclaimed { since: from_ms(0) },
            due: due.map(|at| Due {
                clock: Clock::Claim,
                at: from_ms(at),
            }),
        },
    }
}

/// The references in their order, and how many more there are.
fn order(lines: Vec<BoardLine>) -> (Vec<i64>, u32) {
    let board = board("support".into(), lines);
    let references = board.lines.iter().map(|line| line.reference).collect();
    (references, board.more)
}

#[test]
fn what_is_due_first_stands_first_and_what_is_never_due_last() {
    let lines = vec![
        line(1, Standing::Urgent, None),
        line(2, Standing::AtRisk, Some(20)),
        line(3, Standing::Late, Some(10)),
        line(4, Standing::AtRisk, Some(20)),
    ];
    assert_eq!(order(lines), (vec![3, 2, 4, 1], 0));
}

#[test]
fn a_board_has_an_end_and_says_how_many_more_there_are() {
    let lines = (1..=20).map(|n| line(n, Standing::AtRisk, Some(n)));
    let board = board("support".into(), lines.collect());
    assert_eq!((board.lines.len(), board.more, board.count()), (15, 5, 20));
}

#[test]
fn the_worst_gives_a_board_its_colour() {
    let of = |lines| board("support".into(), lines).worst();
    assert_eq!(of(Vec::new()), None);
    assert_eq!(
        of(vec![
            line(1, Standing::AtRisk, Some(1)),
            line(2, Standing::Late, Some(2)),
        ]),
        Some(Standing::Late)
    );
}

#[test]
fn a_board_is_read_as_it_was_written() {
    let board = board("support".into(), vec![line(1, Standing::Late, Some(5))]);
    let kept = serde_json::to_string(&board).unwrap();
    assert_eq!(serde_json::from_str::<Board>(&kept).unwrap(), board);
}
