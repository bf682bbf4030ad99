//! A board as one message: an embed in the colour of the worst that is on it.

use super::{DESCRIPTION, DiscordMarkup, TITLE, say};
use crate::app::ports::PostContext;
use crate::app::wording::{Words, board_text};
use crate::chat::discord::text::cut;
use crate::domain::board::{Board, Standing};
use crate::domain::card::Tone;
use crate::msg;
use serde_json::{Value, json};

/// Lays out a board. It calls nobody. The marker goes into the footer of its first post.
pub(in super::super) fn board(
    board: &Board,
    context: &PostContext,
    platform: &str,
    marker: Option<&str>,
) -> Value {
    let markup = DiscordMarkup { platform };
    let text = board_text(board, &Words::of(context), &markup);
    let tone = match board.worst() {
        Some(Standing::Urgent) => Tone::Urgent,
        Some(Standing::Late) => Tone::Late,
        Some(Standing::AtRisk) => Tone::AtRisk,
        None => Tone::Done,
    };
    let (colour, sign) = super::look(tone);
    let lines: Vec<String> = text
        .lines
        .iter()
        .map(|(reference, line)| match (reference, &context.desk_url) {
            (Some(number), Some(desk)) => linked(line, *number, desk),
            (Some(_), None) | (None, _) => line.clone(),
        })
        .collect();
    let mut embed = json!({
        "color": colour,
        "title": cut(&format!("{sign} {}", text.heading), TITLE, ""),
        "description": fitting(lines, context),
    });
    if let Some(marker) = marker {
        embed["footer"] = json!({ "text": marker });
    }
    json!({
        "content": "",
        "embeds": [embed],
        "components": [],
        "allowed_mentions": {"parse": [], "users": []},
    })
}

/// The reference in a line becomes the way to the inquiry's page.
fn linked(line: &str, number: i64, desk: &str) -> String {
    let name = format!("Q-{number}");
    let desk = desk.trim_end_matches('/').replace(')', "%29");
    line.replacen(&name, &format!("[{name}]({desk}/desk?inquiry={name})"), 1)
}

/// As many whole lines as the embed takes: half a line is none.
fn fitting(mut lines: Vec<String>, context: &PostContext) -> String {
    let room = DESCRIPTION - 100;
    let mut hidden = 0;
    while lines.len() > 1
        && lines
            .iter()
            .map(|line| super::length(line) + 1)
            .sum::<usize>()
            > room
    {
        lines.pop();
        hidden += 1;
    }
    if hidden > 0 {
        lines.push(say(
            context.lang,
            msg!("line-more"),
            &[("count", hidden.to_string())],
        ));
    }
    cut(&lines.join("\n"), DESCRIPTION, "")
}
