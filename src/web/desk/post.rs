//! A post as HTML: pure, from data to text.

use super::super::markup::{self, Html, followable};
use super::super::page;
use super::super::problem::Problem;
use crate::app::ports::{DeskBody, DeskPost, PostContext};
use crate::app::verbs::Verb;
use crate::app::wording::{CardText, Markup, Words, board_text, card_text, offer_label, sentence};
use crate::domain::card::Card;
use crate::domain::ids::MemberId;
use crate::domain::notice::Offer;
use crate::i18n;
use minijinja::value::Serde;
use minijinja::{Value, context};

/// Draws a post.
pub(super) fn html(post: &DeskPost, context: &PostContext, html: &Html) -> Result<String, Problem> {
    let words = Words::of(context);
    let posted = i18n::instant(context.lang, post.at, &context.zone, context.now);
    let shared = context! {
        id => post.id.as_str(),
        stamp => post.stamp,
        reference => context.reference.map(|reference| reference.to_string()),
        at => Value::from_safe_string(markup::time(post.at, &posted)),
    };
    match &post.body {
        DeskBody::Card { card, mentions } => {
            let text = card_text(card, context, html);
            let post = context! {
                mentions => called(mentions, html, &words),
                is_for_me => html.me.as_ref().is_some_and(|me| mentions.contains(me)),
                ..shared
            };
            card_html("card.html", card, text, context, post)
        }
        DeskBody::Board { board } => {
            let text = board_text(board, &words, &Html::default());
            let lines: Vec<Value> = text
                .lines
                .into_iter()
                .map(|(reference, line)| {
                    context! {
                        reference => reference.map(|number| format!("Q-{number}")),
                        text => Value::from_safe_string(line),
                    }
                })
                .collect();
            page::fill(
                "board.html",
                context.lang,
                context! {
                    heading => Value::from_safe_string(text.heading),
                    tone => Value::from(Serde(board.worst())),
                    count => board.count(),
                    lines,
                    ..shared
                },
            )
        }
        DeskBody::Notice {
            message,
            mentions,
            is_urgent,
            offers,
        } => {
            let buttons: Vec<Value> = offers
                .iter()
                .map(|offer| button(*offer, offer_label(*offer, &words)))
                .collect();
            page::fill(
                "notice.html",
                context.lang,
                context! {
                    text => Value::from_safe_string(sentence(message, &words, html)),
                    mentions => called(mentions, html, &words),
                    is_for_me => html.me.as_ref().is_some_and(|me| mentions.contains(me)),
                    is_urgent,
                    buttons,
                    ..shared
                },
            )
        }
    }
}

/// Draws a card with a template that adds the rest around it.
pub(super) fn card_html(
    template: &str,
    card: &Card,
    text: CardText,
    context: &PostContext,
    around: Value,
) -> Result<String, Problem> {
    let safe = |text: String| Value::from_safe_string(text);
    let fields: Vec<Value> = text
        .fields
        .into_iter()
        .map(|field| {
            context! {
                label => safe(field.label),
                value => safe(field.value),
                is_short => field.is_short,
            }
        })
        .collect();
    let buttons: Vec<Value> = text
        .offers
        .into_iter()
        .map(|(offer, label)| button(offer, label))
        .collect();
    page::fill(
        template,
        context.lang,
        context! {
            tone => Value::from(Serde(card.tone)),
            is_urgent => card.is_urgent,
            status => safe(text.status),
            title => safe(text.title),
            body => text.body.map(safe),
            fields,
            flags => text.flags.into_iter().map(safe).collect::<Vec<_>>(),
            footer => text.footer,
            buttons,
            // An address from outside is followed only if it is one of the web's.
            link => text.link.as_deref().and_then(followable),
            ..around
        },
    )
}

fn called(mentions: &[MemberId], html: &Html, words: &Words<'_>) -> Vec<Value> {
    mentions
        .iter()
        .map(|id| Value::from_safe_string(html.mention(id, words)))
        .collect()
}

/// A button: the verb it asks for, and whether words are needed first.
fn button(offer: Offer, label: String) -> Value {
    let verb = match offer {
        Offer::Claim => Some(Verb::Claim),
        Offer::Accept => Some(Verb::Accept),
        Offer::Release => Some(Verb::Release),
        Offer::Replied => Some(Verb::Replied),
        Offer::Resolve => Some(Verb::Resolve),
        Offer::Resume => Some(Verb::Resume),
        Offer::Reopen => Some(Verb::Reopen),
        Offer::JustThanks => Some(Verb::NoAnswerNeeded),
        Offer::Close => Some(Verb::Close),
        Offer::Bounce => Some(Verb::Bounce),
        Offer::NotUrgent => Some(Verb::NotUrgent),
        Offer::Keep => Some(Verb::Keep),
        Offer::HandOver => Some(Verb::HandOver),
        Offer::Refuse => Some(Verb::Refuse),
        Offer::Except => Some(Verb::Except),
        Offer::CheckContract => Some(Verb::CheckContract),
        Offer::Open => None,
        Offer::AcceptSwap(_) => Some(Verb::AcceptSwap),
        Offer::DeclineSwap(_) => Some(Verb::DeclineSwap),
        Offer::DeclineCover(_) => Some(Verb::DeclineCover),
        Offer::ReadGuide => Some(Verb::ReadGuide),
        Offer::AgreeSeverity(_) => Some(Verb::AgreeSeverity),
        Offer::DeclineSeverity(_) => Some(Verb::DeclineSeverity),
        Offer::File => Some(Verb::File),
        Offer::Link => Some(Verb::Link),
    };
    let number = match offer {
        Offer::AcceptSwap(number) | Offer::DeclineSwap(number) | Offer::DeclineCover(number) => {
            Some(number)
        }
        _ => None,
    };
    let to = match offer {
        Offer::AgreeSeverity(to) | Offer::DeclineSeverity(to) => Some(to.to_string()),
        _ => None,
    };
    // Agreeing is done at once; who agreed can be said by the verb.
    let is_at_once = number.is_some() || matches!(offer, Offer::AgreeSeverity(_));
    context! {
        verb => verb.map(Verb::name),
        number,
        to,
        has_form => !is_at_once && verb.is_some_and(|verb| !verb.params().is_empty()),
        is_main => matches!(
            offer,
            Offer::Claim | Offer::Accept | Offer::Resolve | Offer::AcceptSwap(_) | Offer::ReadGuide
        ),
        label,
    }
}
