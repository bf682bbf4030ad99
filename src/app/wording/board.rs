//! A board in words: a heading and a line for each inquiry, for any platform to lay out.

use super::message::{clock_word, word};
use super::{Markup, Words, sentence};
use crate::domain::board::{Board, BoardLine, Standing};
use crate::domain::inquiry::Ownership;
use crate::domain::notice::{Arg, Message};
use crate::msg;

/// What a board says. Every part is marked up already.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardText {
    pub heading: String,
    /// The line of an inquiry with its reference; those without one are about the board as a whole.
    pub lines: Vec<(Option<i64>, String)>,
}

/// Puts a board into words. Times stand still on a post that is edited only when something changes, so they are said
/// as they are and not as how much is left.
pub fn board_text(board: &Board, words: &Words<'_>, markup: &dyn Markup) -> BoardText {
    let say = |message: Message| sentence(&message, words, markup);
    let heading = Message::new("board").with("queue", Arg::Queue(board.queue.clone()));
    let mut lines: Vec<(Option<i64>, String)> = board
        .lines
        .iter()
        .map(|line| (Some(line.reference), say(line_of(line))))
        .collect();
    if board.more > 0 {
        let more = Message::new("line-more").with("count", Arg::Number(i64::from(board.more)));
        lines.push((None, say(more)));
    }
    if !board.is_kept {
        lines.push((None, word(msg!("board-moved"), words)));
    } else if board.lines.is_empty() {
        lines.push((None, word(msg!("board-clear"), words)));
    }
    BoardText {
        heading: say(heading),
        lines,
    }
}

fn line_of(line: &BoardLine) -> Message {
    let what = &line.what;
    let standing = match what.standing {
        Standing::Urgent => msg!("tone-urgent"),
        Standing::Late => msg!("tone-late"),
        Standing::AtRisk => msg!("tone-at-risk"),
    };
    let owner = match &what.ownership {
        Ownership::Owned { by, .. } => Arg::Member(by.clone()),
        Ownership::Assigned { to, .. } => Arg::Lines(vec![
            Message::new("owner-assigned").with("member", Arg::Member(to.clone())),
        ]),
        Ownership::Unclaimed { .. } => Arg::Word("owner-nobody".to_owned()),
    };
    let message = match what.due {
        Some(due) => Message::new("board-line")
            .with("clock", Arg::Word(clock_word(due.clock).to_owned()))
            .with("due", Arg::Instant(due.at)),
        None => Message::new("board-line-without-due"),
    };
    message
        .with("standing", Arg::Word(standing.to_owned()))
        .with("reference", Arg::Reference(line.reference))
        .with("severity", Arg::Plain(what.severity.to_string()))
        .with("title", Arg::Title(what.title.clone()))
        .with("owner", owner)
}

#[cfg(test)]
mod tests;
