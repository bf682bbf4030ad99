//! Cards, notices and answers as Discord's messages: pure, so that snapshots show what people see.
//!
//! Every message says whom it mentions, by id, and nothing else can. Discord's limits are kept here.
//! Leaves out: where a message goes, and its nonce.

mod board;
mod roles;

pub(super) use board::board;

use super::press::{About, Press};
use super::text::{cut, escape, length, visible};
use crate::app::ports::{PostContext, Told};
use crate::app::wording::{CardText, Markup, Words, card_text, offer_label, sentence};
use crate::domain::card::{Card, Tone};
use crate::domain::ids::MemberId;
use crate::domain::notice::{Arg, Message, Notice, NoticePlace, Offer};
use crate::i18n::{self, Args, Lang};
use crate::msg;
use crate::time::Timestamp;
use serde_json::{Value, json};
use url::Url;

const CONTENT: usize = 2_000;
const TITLE: usize = 256;
const DESCRIPTION: usize = 4_096;
const FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1_024;
const EMBED: usize = 6_000;
const LABEL: usize = 80;
const THREAD_NAME: usize = 100;
const MENTIONS: usize = 100;
/// `SUPPRESS_EMBEDS`: links in what we say grow no previews.
const NO_PREVIEWS: u64 = 1 << 2;
const EPHEMERAL: u64 = 1 << 6;

/// How Discord writes the parts of a sentence.
#[derive(Clone, Copy)]
pub(super) struct DiscordMarkup<'a> {
    /// The platform's key, by which people have their ids.
    pub platform: &'a str,
}

impl Markup for DiscordMarkup<'_> {
    fn outside(&self, text: &str) -> String {
        escape(text)
    }

    fn mention(&self, id: &MemberId, words: &Words<'_>) -> String {
        match chat_id(id, words, self.platform) {
            Some(id) => format!("<@{id}>"),
            None => format!("@{}", self.member(id, words)),
        }
    }

    fn instant(&self, at: Timestamp, words: &Words<'_>) -> String {
        let said = i18n::instant(words.lang, at, words.zone, words.now);
        format!("{said} (<t:{}:R>)", at.as_second())
    }
}

/// A person's id on the platform, if it is one.
fn chat_id(id: &MemberId, words: &Words<'_>, platform: &str) -> Option<u64> {
    words
        .people
        .members
        .get(id)?
        .chat_ids
        .get(platform)?
        .parse()
        .ok()
}

/// Lays out a card. The marker goes into the footer of its first post, which alone may call people: an edit
/// (without marker) names them, but its `allowed_mentions` allow nobody.
pub(super) fn card(
    card: &Card,
    mentions: &[MemberId],
    context: &PostContext,
    platform: &str,
    marker: Option<&str>,
) -> Value {
    let markup = DiscordMarkup { platform };
    let words = Words::of(context);
    let text = card_text(card, context, &markup);
    let (colour, sign) = look(card.tone);
    let status = format!("{sign} {}", text.status);
    let called: Vec<String> = mentions
        .iter()
        .map(|id| markup.mention(id, &words))
        .collect();
    let mut content = called.join(" ");
    if card.is_urgent {
        content = format!("**{status}** {content}").trim_end().to_owned();
    }
    let page = desk_link(context).or(web(text.link.as_deref()));
    let footer = match marker {
        Some(marker) => format!("{} · {marker}", text.footer),
        None => text.footer.clone(),
    };
    let mut embed = json!({
        "color": colour,
        "author": {"name": cut(&status, TITLE, "")},
        "title": cut(&text.heading, TITLE, ""),
        "description": description(&text, &read_on(context, page.as_deref())),
        "fields": fields(&text),
        "footer": {"text": footer},
    });
    if let Some(url) = web(text.link.as_deref()) {
        embed["url"] = url.into();
    }
    fit(&mut embed);
    let about = About {
        reference: context.reference,
        inquiry: Some(card.inquiry.clone()),
    };
    json!({
        "content": cut(&content, CONTENT, ""),
        "embeds": [embed],
        "components": rows(&text.offers, &about, page.as_deref()),
        "allowed_mentions": allowed(mentions.iter().filter(|_| marker.is_some()), &words, platform),
    })
}

/// The colour of a mood, and a sign for those who do not see colours.
fn look(tone: Tone) -> (u32, &'static str) {
    match tone {
        Tone::Urgent => (0xd3_2f_2f, "🚨"),
        Tone::Late => (0xb7_1c_1c, "⏰"),
        Tone::AtRisk => (0xf5_7c_00, "⚠️"),
        Tone::Waiting => (0x7e_57_c2, "⏳"),
        Tone::Unclaimed => (0xfb_c0_2d, "🟡"),
        Tone::Calm => (0x19_76_d2, "🔵"),
        Tone::Done => (0x43_a0_47, "✅"),
    }
}

fn description(text: &CardText, more: &str) -> String {
    let flags = text.flags.iter().map(|flag| format!("⚠️ {flag}"));
    let parts: Vec<String> = flags.chain(text.body.clone()).collect();
    cut(&parts.join("\n"), DESCRIPTION, more)
}

fn fields(text: &CardText) -> Vec<Value> {
    let field = |name: &str, value: &str, inline: bool| {
        let or_dash = |text: String| {
            if text.trim().is_empty() {
                "–".to_owned()
            } else {
                text
            }
        };
        let (name, value) = (cut(name, FIELD_NAME, ""), cut(value, FIELD_VALUE, ""));
        json!({"name": or_dash(name), "value": or_dash(value), "inline": inline})
    };
    text.fields
        .iter()
        .take(FIELDS)
        .map(|f| field(&f.label, &f.value, f.is_short))
        .collect()
}

/// Shortens what is longest until the whole embed fits: first the description, then field by field.
fn fit(embed: &mut Value) {
    let spare = |pointer: &str, least: usize, embed: &mut Value| {
        let over = total(embed).saturating_sub(EMBED);
        let Some(Value::String(text)) = embed.pointer_mut(pointer) else {
            return;
        };
        if over > 0 && length(text) > least {
            *text = cut(text, length(text).saturating_sub(over).max(least), "");
        }
    };
    spare("/description", 300, embed);
    for at in (0..FIELDS).rev() {
        spare(&format!("/fields/{at}/value"), 60, embed);
    }
}

fn total(embed: &Value) -> usize {
    let at = |pointer: &str| {
        embed
            .pointer(pointer)
            .and_then(Value::as_str)
            .map_or(0, length)
    };
    let fields = embed["fields"].as_array().into_iter().flatten();
    let fields: usize = fields
        .map(|f| {
            length(f["name"].as_str().unwrap_or_default())
                + length(f["value"].as_str().unwrap_or_default())
        })
        .sum();
    ["/title", "/description", "/author/name", "/footer/text"]
        .map(at)
        .iter()
        .sum::<usize>()
        + fields
}

/// Lays out a notice. The marker goes into the small print; without a thread the inquiry is named.
pub(super) fn notice(
    notice: &Notice,
    mentions: &[MemberId],
    context: &PostContext,
    platform: &str,
    marker: &str,
    in_thread: bool,
) -> Value {
    let markup = DiscordMarkup { platform };
    let words = Words::of(context);
    let in_sentence = mentioned(&notice.message);
    let by_role = roles::by_role(&notice.audience, mentions, &words, platform);
    let alone: Vec<&MemberId> = mentions
        .iter()
        .filter(|id| !by_role.members.contains(id))
        .collect();
    let roles = by_role.roles.iter().map(|id| format!("<@&{id}>"));
    let members = alone.iter().filter(|id| !in_sentence.contains(id));
    let called: Vec<String> = roles
        .chain(members.map(|id| markup.mention(id, &words)))
        .collect();
    let mut said = sentence(&notice.message, &words, &markup);
    let named = context.reference.map(|reference| reference.to_string());
    if let Some(named) = named.as_ref().filter(|named| {
        !in_thread
            && matches!(notice.place, NoticePlace::Thread | NoticePlace::Channel)
            && !said.contains(named.as_str())
    }) {
        said = format!("**{named}** {said}");
    }
    let small = match &named {
        Some(named) => format!("\n-# {named} · {marker}"),
        None => format!("\n-# {marker}"),
    };
    let about = About {
        reference: context.reference,
        inquiry: context.inquiry.clone(),
    };
    let page = desk_link(context);
    let offers: Vec<(Offer, String)> = notice
        .offers
        .iter()
        .map(|offer| (*offer, offer_label(*offer, &words)))
        .collect();
    let head = called.join(" ");
    let body = laid_out(&head, &said, &small, &read_on(context, page.as_deref()));
    let mut allowed = allowed(alone.into_iter().chain(in_sentence), &words, platform);
    if !by_role.roles.is_empty() {
        let roles: Vec<String> = by_role.roles.iter().map(u64::to_string).collect();
        allowed["roles"] = roles.into();
    }
    with(
        body,
        json!({
            "components": rows(&offers, &about, page.as_deref()),
            "allowed_mentions": allowed,
        }),
    )
}

/// Content as long as it fits, else an embed that holds twice as much.
fn laid_out(head: &str, said: &str, small: &str, more: &str) -> Value {
    let whole = format!("{head} {said}").trim_start().to_owned();
    if length(&whole) + length(small) <= CONTENT {
        return json!({"content": format!("{whole}{small}"), "embeds": [], "flags": NO_PREVIEWS});
    }
    let head = cut(head, CONTENT - length(small) - 2, "");
    json!({"content": format!("{head}{small}").trim_start(), "embeds": [{"description": cut(said, DESCRIPTION, more)}]})
}

/// The members whom a sentence calls by itself.
fn mentioned(message: &Message) -> Vec<&MemberId> {
    message.args.values().flat_map(mentioned_by).collect()
}

fn mentioned_by(arg: &Arg) -> Vec<&MemberId> {
    match arg {
        Arg::Mention(id) => vec![id],
        Arg::Lines(lines) | Arg::Parts(lines) => lines.iter().flat_map(mentioned).collect(),
        _ => Vec::new(),
    }
}

/// What a person reads in answer to what they asked, privately.
pub(super) fn told(told: &Told, words: &Words<'_>, platform: &str) -> Value {
    private(&sentence(&told.message, words, &DiscordMarkup { platform }))
}

/// Words for one person only.
pub(super) fn private(said: &str) -> Value {
    let body = if length(said) <= CONTENT {
        json!({"content": said, "embeds": [], "flags": NO_PREVIEWS | EPHEMERAL})
    } else {
        json!({"content": "", "embeds": [{"description": cut(said, DESCRIPTION, "")}], "flags": EPHEMERAL})
    };
    with(
        body,
        json!({"components": [], "allowed_mentions": {"parse": [], "users": []}}),
    )
}

/// Says a sentence of this platform.
pub(super) fn say(lang: Lang, id: &str, args: &[(&'static str, String)]) -> String {
    let filled = args.iter().fold(Args::new(), |filled, (name, value)| {
        filled.with(name, value.as_str())
    });
    i18n::say(lang, id, &filled)
}

/// The name of an inquiry's thread: never its state, for channels can hardly be renamed.
pub(super) fn thread_name(card: &Card, context: &PostContext) -> String {
    let title = visible(&Words::of(context).text(&card.facts.title));
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let reference = context
        .reference
        .map(|reference| reference.to_string())
        .unwrap_or_default();
    let name = cut(format!("{reference} {title}").trim(), THREAD_NAME, "");
    if name.is_empty() {
        card.inquiry.to_string()
    } else {
        name
    }
}

fn rows(offers: &[(Offer, String)], about: &About, page: Option<&str>) -> Vec<Value> {
    let buttons: Vec<Value> = offers
        .iter()
        .filter_map(|(offer, label)| button(*offer, label, about, page))
        .take(25)
        .collect();
    buttons
        .chunks(5)
        .map(|row| json!({"type": 1, "components": row}))
        .collect()
}

fn button(offer: Offer, label: &str, about: &About, page: Option<&str>) -> Option<Value> {
    let label = cut(label, LABEL, "");
    let Some(press) = Press::offer(offer, about.clone()) else {
        return page.map(|url| json!({"type": 2, "style": 5, "label": label, "url": url}));
    };
    let style = match offer {
        Offer::Claim | Offer::Accept | Offer::AcceptSwap(_) | Offer::ReadGuide => 1,
        Offer::Resolve => 3,
        Offer::NotUrgent => 4,
        Offer::Release
        | Offer::Replied
        | Offer::Resume
        | Offer::Reopen
        | Offer::JustThanks
        | Offer::Close
        | Offer::Bounce
        | Offer::Keep
        | Offer::HandOver
        | Offer::DeclineSwap(_)
        | Offer::DeclineCover(_)
        | Offer::AgreeSeverity(_)
        | Offer::DeclineSeverity(_)
        | Offer::Refuse
        | Offer::Except
        | Offer::CheckContract
        | Offer::File
        | Offer::Link
        | Offer::Open => 2,
    };
    // Without an inquiry there is nothing that most presses could act on.
    if press.verb.needs_inquiry() {
        about.inquiry.as_ref()?;
    }
    Some(json!({"type": 2, "style": style, "label": label, "custom_id": press.id()}))
}

/// The inquiry's page on the desk.
fn desk_link(context: &PostContext) -> Option<String> {
    let (desk, reference) = (context.desk_url.as_ref()?, context.reference?);
    web(Some(&format!(
        "{}/desk?inquiry={reference}",
        desk.trim_end_matches('/')
    )))
}

/// A link that Discord takes: an address of the web, at most 512 characters.
fn web(link: Option<&str>) -> Option<String> {
    let url = Url::parse(link?).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    (is_web && url.as_str().len() <= 512).then(|| url.to_string())
}

fn read_on(context: &PostContext, page: Option<&str>) -> String {
    let Some(page) = page else {
        return String::new();
    };
    format!(
        " [{}]({})",
        say(context.lang, msg!("discord-read-on"), &[]),
        page.replace(')', "%29")
    )
}

fn allowed<'a>(
    called: impl Iterator<Item = &'a MemberId>,
    words: &Words<'_>,
    platform: &str,
) -> Value {
    let mut users: Vec<String> = called
        .filter_map(|id| chat_id(id, words, platform))
        .map(|id| id.to_string())
        .collect();
    users.sort();
    users.dedup();
    users.truncate(MENTIONS);
    json!({"parse": [], "users": users})
}

/// Adds the entries of one object to another.
pub(super) fn with(mut value: Value, more: Value) -> Value {
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}

#[cfg(test)]
mod tests;
