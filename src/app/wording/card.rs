//! A card in words: heading, fields and footer, for any platform to lay out.

use super::contract::{contract_flags, contract_text};
use super::intake;
use super::message::{actor, clock_word, severity, word};
use super::{Markup, Words, sentence};
use crate::app::awake::at_receipt;
use crate::app::links::link_line;
use crate::app::ports::{BodyInChat, PostContext};
use crate::app::trackers::standing;
use crate::domain::announce::next_word;
use crate::domain::card::{Card, Due, Standing, Tone};
use crate::domain::inquiry::{
    Answer, CloseReason, Kind, NextStep, Ownership, Stage, WaitingOn, Workaround,
};
use crate::domain::notice::{Arg, Message, Offer};
use crate::i18n;
use crate::msg;

/// What a card says, part by part. Every part is marked up already.
#[derive(Clone, Debug, PartialEq)]
pub struct CardText {
    /// The mood in a word: urgent, late, waiting …
    pub status: String,
    /// The reference and the title.
    pub heading: String,
    /// The title alone.
    pub title: String,
    pub body: Option<String>,
    /// In order of importance.
    pub fields: Vec<Field>,
    /// Things to look at: unknown values, "source says S1".
    pub flags: Vec<String>,
    pub footer: String,
    /// The buttons with their labels.
    pub offers: Vec<(Offer, String)>,
    pub link: Option<String>,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub label: String,
    pub value: String,
    /// Short ones may stand side by side.
    pub is_short: bool,
}

/// How many links a card names.
const LINKS: usize = 10;
/// How much of a body an excerpt shows, in characters.
const EXCERPT: usize = 280;

/// Puts a card into words.
pub fn card_text(card: &Card, context: &PostContext, markup: &dyn Markup) -> CardText {
    let words = Words::of(context);
    let title = markup.outside(&words.text(&card.facts.title));
    let reference = context
        .reference
        .map(|reference| reference.to_string())
        .unwrap_or_default();
    CardText {
        status: word(status_word(card), &words),
        heading: format!("{reference} {title}").trim_start().to_owned(),
        title,
        body: body(card, context, &words, markup),
        fields: fields(card, context, &words, markup),
        flags: flags(card, &words, markup),
        footer: format!("{reference}·{}", card.seq),
        offers: card
            .offers
            .iter()
            .map(|offer| (*offer, offer_label(*offer, &words)))
            .collect(),
        link: card.url.clone(),
    }
}

fn body(
    card: &Card,
    context: &PostContext,
    words: &Words<'_>,
    markup: &dyn Markup,
) -> Option<String> {
    let id = card.facts.body.as_ref()?;
    let text = words.text(id);
    match context.body {
        BodyInChat::None => None,
        BodyInChat::Full => Some(markup.outside(&text)),
        BodyInChat::Excerpt => {
            let cut: String = text.chars().take(EXCERPT).collect();
            let is_cut = cut.len() < text.len();
            Some(markup.outside(&if is_cut {
                format!("{}…", cut.trim_end())
            } else {
                cut
            }))
        }
    }
}

fn fields(
    card: &Card,
    context: &PostContext,
    words: &Words<'_>,
    markup: &dyn Markup,
) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut add = |label: &'static str, value: String, is_short: bool| {
        fields.push(Field {
            label: word(label, words),
            value,
            is_short,
        });
    };
    add(msg!("field-severity"), severity(card.severity, words), true);
    add(msg!("field-owner"), owner(card, words, markup), true);
    add(msg!("field-stage"), stage(card, words, markup), true);
    if let Some(next) = &card.next {
        add(msg!("field-next"), next_step(next, words, markup), false);
    }
    for due in &card.dues {
        add(clock_word(due.clock), due_words(due, words, markup), true);
    }
    if let Stage::Waiting { asked, case, .. } = &card.stage {
        if let Some(case) = case {
            add(msg!("field-case"), markup.outside(&words.text(case)), true);
        }
        if let Some(asked) = asked {
            add(
                msg!("field-asked"),
                markup.outside(&words.text(asked)),
                false,
            );
        }
    }
    if let Some(customer) = &card.facts.customer {
        add(
            msg!("field-customer"),
            markup.outside(&words.text(customer)),
            true,
        );
    }
    if let Some(requester) = &card.facts.requester {
        add(
            msg!("field-requester"),
            markup.outside(&words.text(requester)),
            true,
        );
    }
    let given = [
        (msg!("field-product"), card.facts.product.as_str()),
        (msg!("field-plan"), card.plan()),
    ];
    for (label, value) in given {
        if !value.trim().is_empty() {
            add(label, markup.plain(value), true);
        }
    }
    add(
        msg!("field-kind"),
        word(kind_word(card.facts.kind), words),
        true,
    );
    intake::gathered(card, context, words, markup, &mut add);
    if let Some(region) = &card.facts.region {
        add(msg!("field-region"), markup.plain(region), true);
    }
    if let Some(contract) = contract_text(card, words, markup) {
        add(msg!("field-contract"), contract, false);
    }
    if let Some(duty) = &context.on_duty {
        let duty = i18n::names(words.lang, &[markup.member(duty, words)]);
        add(msg!("field-duty"), duty, true);
    }
    if let Some(awake) = &card.offices {
        let awake = sentence(&at_receipt(awake), words, markup);
        add(msg!("field-offices"), awake, false);
    }
    if let Some(at) = card.escalated_at {
        add(msg!("field-escalated-at"), markup.instant(at, words), true);
        add(
            msg!("field-received-at"),
            markup.instant(card.received_at, words),
            true,
        );
    }
    if card.round_trips > 0 {
        add(
            msg!("field-round-trips"),
            card.round_trips.to_string(),
            true,
        );
    }
    intake::sent(card, words, markup, &mut add);
    for tracked in &card.tracked {
        let standing = sentence(&standing(tracked), words, markup);
        let value = match &tracked.url {
            Some(url) => format!("{standing}\n{}", markup.outside(url)),
            None => standing,
        };
        add(msg!("field-issue"), value, false);
    }
    for filing in &card.filings {
        let message = match filing.is_failed {
            false => Message::new("issue-filing"),
            true => Message::new("issue-filing-failed"),
        };
        let message = message.with("tracker", Arg::Plain(filing.tracker.to_string()));
        add(
            msg!("field-issue"),
            sentence(&message, words, markup),
            false,
        );
    }
    // One field for all: a card has room for so many. Of very many the last ones count.
    let links: Vec<_> = card.links.iter().filter_map(link_line).collect();
    let links = &links[links.len().saturating_sub(LINKS)..];
    if !links.is_empty() {
        let lines = links.iter().map(|line| sentence(line, words, markup));
        add(
            msg!("field-link"),
            lines.collect::<Vec<_>>().join("\n"),
            false,
        );
    }
    outcome(card, words, markup, &mut add);
    fields
}

fn outcome(
    card: &Card,
    words: &Words<'_>,
    markup: &dyn Markup,
    add: &mut impl FnMut(&'static str, String, bool),
) {
    let Some(outcome) = &card.outcome else { return };
    answer(card, words, markup, &mut |label, value| {
        add(label, value, false);
    });
    add(
        msg!("field-category"),
        markup.plain(&outcome.category),
        true,
    );
}

/// Cause and workaround, or the answer.
pub(super) fn answer(
    card: &Card,
    words: &Words<'_>,
    markup: &dyn Markup,
    add: &mut dyn FnMut(&'static str, String),
) {
    let Some(outcome) = &card.outcome else { return };
    let outside = |id| markup.outside(&words.text(id));
    match &outcome.answer {
        Answer::Investigation { cause, workaround } => {
            add(msg!("field-cause"), outside(cause));
            match workaround {
                Workaround::Given { text } => add(msg!("field-workaround"), outside(text)),
                Workaround::None { reason } => add(msg!("field-no-workaround"), outside(reason)),
            }
        }
        Answer::Specification { answer } => add(msg!("field-answer"), outside(answer)),
        Answer::AtSource => {}
    }
}

fn owner(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> String {
    let message = match &card.ownership {
        Ownership::Unclaimed { .. } => Message::new("owner-none"),
        Ownership::Assigned { to, .. } => {
            Message::new("owner-assigned").with("member", Arg::Member(to.clone()))
        }
        Ownership::Owned { by, since } => Message::new("owner-owned")
            .with("member", Arg::Member(by.clone()))
            .with(
                "since",
                Arg::Plain(i18n::instant_without_zone(
                    words.lang, *since, words.zone, words.now,
                )),
            ),
    };
    sentence(&message, words, markup)
}

fn stage(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> String {
    let message = match &card.stage {
        Stage::Active { .. } => Message::new(match card.ownership {
            Ownership::Unclaimed { .. } => msg!("stage-unclaimed"),
            Ownership::Assigned { .. } => msg!("stage-assigned"),
            Ownership::Owned { .. } => msg!("stage-active"),
        }),
        Stage::Waiting { chase_at, .. } if card.is_sent_back() => {
            Message::new("stage-sent-back").with("chase", Arg::Instant(*chase_at))
        }
        Stage::Waiting { on, chase_at, .. } => Message::new("stage-waiting")
            .with("on", Arg::Word(waiting_word(*on).to_owned()))
            .with("chase", Arg::Instant(*chase_at)),
        Stage::Resolved { by, at, .. } => Message::new("stage-resolved")
            .with("by", Arg::Plain(actor(by, words, &super::PlainText)))
            .with("at", Arg::Instant(*at)),
        Stage::Closed { reason, at, .. } => Message::new("stage-closed")
            .with("reason", Arg::Word(closing_word(*reason).to_owned()))
            .with("at", Arg::Instant(*at)),
    };
    sentence(&message, words, markup)
}

/// What is to be done next, by whom and until when.
fn next_step(next: &NextStep, words: &Words<'_>, markup: &dyn Markup) -> String {
    let message = Message::new(match next.until {
        Some(_) => msg!("next-step-until"),
        None => msg!("next-step"),
    });
    let message = message
        .with("text", Arg::Title(next.text.clone()))
        .with("who", Arg::Word(next_word(next.who).to_owned()));
    let message = match next.until {
        Some(until) => message.with("until", Arg::Instant(until)),
        None => message,
    };
    sentence(&message, words, markup)
}

fn due_words(due: &Due, words: &Words<'_>, markup: &dyn Markup) -> String {
    let message = match due.standing {
        Standing::Running => Message::new("due-running"),
        Standing::AtRisk => Message::new("due-at-risk"),
        Standing::Late => Message::new("due-late"),
        Standing::Paused => return word(msg!("due-paused"), words),
        Standing::Met => Message::new("due-met"),
        Standing::MetLate => Message::new("due-met-late"),
    };
    match due.at {
        Some(at) => sentence(&message.with("at", Arg::Instant(at)), words, markup),
        None => word(msg!("due-paused"), words),
    }
}

fn flags(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Vec<String> {
    let mut flags = Vec::new();
    flags.extend(intake::gaps(card, words, markup));
    if let Some(said) = card.source_says {
        let message = Message::new("flag-source-says").with("severity", Arg::Severity(said));
        flags.push(sentence(&message, words, markup));
    }
    if card.is_gone {
        flags.push(word(msg!("flag-gone"), words));
    }
    flags.extend(proposal_text(card, words, markup));
    // One that is over by itself is shown no more.
    if let Some(snooze) = card
        .snooze
        .as_ref()
        .filter(|snooze| snooze.until > words.now)
    {
        let message = match snooze.until_reply {
            false => Message::new("flag-snoozed"),
            true => Message::new("flag-snoozed-until-reply"),
        };
        let message = message.with("until", Arg::Instant(snooze.until));
        flags.push(sentence(&message, words, markup));
    }
    let of_contract = contract_flags(card);
    flags.extend(of_contract.iter().map(|it| sentence(it, words, markup)));
    for flag in &card.facts.flags {
        let message = Message::new("flag-unknown")
            .with("field", field_name(&flag.field))
            .with("given", Arg::Text(flag.given.clone()));
        flags.push(sentence(&message, words, markup));
    }
    flags
}

/// The severity that is proposed, why, and what it and the one of now mean, a line each.
pub fn proposal_text(card: &Card, words: &Words<'_>, markup: &dyn Markup) -> Option<String> {
    let proposal = card.proposal.as_ref()?;
    let message = Message::new("flag-proposed")
        .with("severity", Arg::Severity(proposal.to))
        .with("by", Arg::Actor(proposal.by.clone()))
        .with("reason", Arg::Text(proposal.reason.clone()));
    let means = card.definitions.iter().map(|(severity, means)| {
        let in_language = Arg::InLanguage {
            ja: means.ja.clone(),
            en: means.en.clone(),
        };
        Message::new("severity-means")
            .with("severity", Arg::Severity(*severity))
            .with("means", in_language)
    });
    let lines: Vec<String> = std::iter::once(message)
        .chain(means)
        .map(|line| sentence(&line, words, markup))
        .collect();
    Some(lines.join("\n"))
}

/// The field in the reader's language, where the desk has a word for it.
fn field_name(field: &str) -> Arg {
    let word = match field {
        "severity" => msg!("field-severity"),
        "kind" => msg!("field-kind"),
        "language" => msg!("change-language"),
        "plan" => msg!("field-plan"),
        "product" => msg!("field-product"),
        "region" => msg!("field-region"),
        "needed_by" => msg!("clock-needed-by"),
        "escalated_at" => msg!("field-escalated-at"),
        "requester" => msg!("field-requester"),
        "customer" => msg!("field-customer"),
        "owner" => msg!("field-owner"),
        "channel" => msg!("field-channel"),
        "settings_checked" => msg!("field-settings-checked"),
        other => return Arg::Plain(other.to_owned()),
    };
    Arg::Word(word.to_owned())
}

/// The label of a button.
pub fn offer_label(offer: Offer, words: &Words<'_>) -> String {
    word(
        match offer {
            Offer::Claim => msg!("button-claim"),
            Offer::Accept => msg!("button-accept"),
            Offer::Release => msg!("button-release"),
            Offer::Replied => msg!("button-replied"),
            Offer::Resolve => msg!("button-resolve"),
            Offer::Resume => msg!("button-resume"),
            Offer::Reopen => msg!("button-reopen"),
            Offer::JustThanks => msg!("button-just-thanks"),
            Offer::Close => msg!("button-close"),
            Offer::Bounce => msg!("button-bounce"),
            Offer::NotUrgent => msg!("button-not-urgent"),
            Offer::Keep => msg!("button-keep"),
            Offer::HandOver => msg!("button-hand-over"),
            Offer::Open => msg!("button-open"),
            Offer::AcceptSwap(_) => msg!("button-accept-swap"),
            Offer::DeclineSwap(_) => msg!("button-decline-swap"),
            Offer::DeclineCover(number) => {
                let args = i18n::Args::new().with("number", number.to_string());
                return i18n::say(words.lang, msg!("button-decline-cover"), &args);
            }
            Offer::ReadGuide => msg!("button-read-guide"),
            Offer::File => msg!("button-file"),
            Offer::Link => msg!("button-link"),
            Offer::AgreeSeverity(to) => {
                let args = i18n::Args::new().with("severity", to.to_string());
                return i18n::say(words.lang, msg!("button-agree-severity"), &args);
            }
            Offer::DeclineSeverity(_) => msg!("button-decline-severity"),
            Offer::Refuse => msg!("button-refuse"),
            Offer::Except => msg!("button-except"),
            Offer::CheckContract => msg!("button-check-contract"),
        },
        words,
    )
}

/// The mood in a word; what somebody was given and has not accepted is not unclaimed.
fn status_word(card: &Card) -> &'static str {
    let is_held = card.contract.as_ref().is_some_and(|it| it.hold.is_some());
    match (card.tone, &card.ownership) {
        (Tone::Unclaimed | Tone::Calm, _) if is_held => msg!("tone-no-contract"),
        (Tone::Unclaimed, Ownership::Assigned { .. }) => msg!("stage-assigned"),
        (tone, _) => tone_word(tone),
    }
}

fn tone_word(tone: Tone) -> &'static str {
    match tone {
        Tone::Urgent => msg!("tone-urgent"),
        Tone::Late => msg!("tone-late"),
        Tone::AtRisk => msg!("tone-at-risk"),
        Tone::Waiting => msg!("tone-waiting"),
        Tone::Unclaimed => msg!("tone-unclaimed"),
        Tone::Calm => msg!("tone-calm"),
        Tone::Done => msg!("tone-done"),
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Investigation => msg!("kind-investigation"),
        Kind::Specification => msg!("kind-specification"),
    }
}

pub(super) fn waiting_word(on: WaitingOn) -> &'static str {
    match on {
        WaitingOn::Requester => msg!("waiting-requester"),
        WaitingOn::Vendor => msg!("waiting-vendor"),
        WaitingOn::Development => msg!("waiting-development"),
        WaitingOn::NextTier => msg!("waiting-next-tier"),
    }
}

pub(super) fn closing_word(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Agreed => msg!("close-agreed"),
        CloseReason::Silence => msg!("close-silence"),
        CloseReason::Duplicate => msg!("close-duplicate"),
        CloseReason::Refused => msg!("close-refused"),
        CloseReason::Spam => msg!("close-spam"),
        CloseReason::OutOfScope => msg!("close-out-of-scope"),
        CloseReason::AtSource => msg!("close-at-source"),
        CloseReason::Gone => msg!("close-gone"),
    }
}
