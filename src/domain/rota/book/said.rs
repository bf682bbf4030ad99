//! What is said of new lines, and to whom; where and how is the desk's business.

use super::decide::Team;
use super::event::{DutyEntry, DutyEvent};
use super::evolve::evolve;
use super::{Book, Days, Guidance, Laid, Source, Span, Swap};
use crate::domain::ids::MemberId;
use crate::domain::inquiry::Actor;
use crate::domain::notice::{Arg, Message, Offer};
use crate::domain::rota::Rota;
use crate::time::{Timestamp, Weekday};

/// How many absences one message names.
const MOST_LINES: usize = 20;

/// Something to be said once.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// In the channels of the queues that this rota serves; of every rota in which `about` takes part if none is named.
    pub rota: Option<String>,
    pub about: MemberId,
    /// Who is mentioned; whoever did it themself is not.
    pub to: Vec<MemberId>,
    pub to_leads: bool,
    pub message: Message,
    pub offers: Vec<Offer>,
}

/// What a command's lines say. Several covers of one person are one message.
pub fn announce(before: &Book, team: &Team<'_>, entries: &[DutyEntry]) -> Vec<Said> {
    let mut book = before.clone();
    let mut said: Vec<Said> = Vec::new();
    for entry in entries {
        if let Some(next) = one(&book, team, entry) {
            match said.last_mut().filter(|last| joins(last, &next)) {
                Some(last) => join(last, next),
                None => said.push(next),
            }
        }
        book = evolve(book, entry);
    }
    said.iter_mut().for_each(shorten);
    said
}

/// Keeps a list of what a calendar brought readable: the first lines, and how many more there are.
fn shorten(said: &mut Said) {
    if said.message.id != "notice-absences-followed" {
        return;
    }
    if let Some(Arg::Lines(lines)) = said.message.args.get_mut("lines") {
        let more = lines.len().saturating_sub(MOST_LINES);
        lines.truncate(MOST_LINES);
        if more > 0 {
            let count = Arg::Number(i64::try_from(more).unwrap_or(i64::MAX));
            lines.push(Message::new("absence-lines-more").with("count", count));
        }
    }
}

/// Whether two messages are one list: of the same kind, to the same people, about the same member.
fn joins(last: &Said, next: &Said) -> bool {
    let is_list = matches!(
        next.message.id.as_str(),
        "notice-cover-found"
            | "notice-cover-back"
            | "notice-cover-missing"
            | "notice-absences-followed"
    );
    is_list
        && last.message.id == next.message.id
        && (&last.rota, &last.about, &last.to) == (&next.rota, &next.about, &next.to)
}

fn join(last: &mut Said, next: Said) {
    let more = match next.message.args.get("lines") {
        Some(Arg::Lines(lines)) => lines.clone(),
        _ => Vec::new(),
    };
    if let Some(Arg::Lines(lines)) = last.message.args.get_mut("lines") {
        lines.extend(more);
    }
    last.offers.extend(next.offers);
}

fn one(book: &Book, team: &Team<'_>, entry: &DutyEntry) -> Option<Said> {
    let by = &entry.actor;
    match &entry.event {
        DutyEvent::OverrideLaid { rota, member, span } => {
            let message = Message::new("notice-override").with("by", Arg::Actor(by.clone()));
            Some(Said::to(rota, member, spanned(message, member, *span)))
        }
        DutyEvent::OverrideRemoved { number } => {
            let laid = laid(book, *number)?;
            let message =
                Message::new("notice-override-removed").with("by", Arg::Actor(by.clone()));
            let message = spanned(message, &laid.member, laid.span);
            Some(Said::to(&laid.rota, &laid.member, message))
        }
        DutyEvent::SwapOffered {
            rota,
            from,
            with,
            mine,
            theirs,
        } => {
            let message = swapping(
                "notice-swap-offered",
                entry.seq,
                (from, with),
                (*mine, *theirs),
            );
            Some(Said::to(rota, with, message).offering(&answers(entry.seq)))
        }
        DutyEvent::SwapArranged {
            rota,
            from,
            with,
            mine,
            theirs,
        } => {
            let message = swapping(
                "notice-swap-arranged",
                entry.seq,
                (from, with),
                (*mine, *theirs),
            );
            let message = message.with("by", Arg::Actor(by.clone()));
            Some(Said::to(rota, from, message).and(with))
        }
        DutyEvent::SwapReminded { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-reminder", *number, swap);
            let message = message.with("until", Arg::Instant(swap.lapses_at()));
            Some(Said::to(&swap.rota, &swap.with, message).offering(&answers(*number)))
        }
        DutyEvent::SwapAccepted { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-agreed", *number, swap);
            Some(Said::to(&swap.rota, &swap.from, message).and(&swap.with))
        }
        DutyEvent::SwapDeclined { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-declined", *number, swap);
            Some(Said::to(&swap.rota, &swap.from, message))
        }
        DutyEvent::SwapWithdrawn { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-withdrawn", *number, swap);
            Some(Said::to(&swap.rota, &swap.with, message))
        }
        DutyEvent::SwapCalledOff { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-called-off", *number, swap);
            let message = message.with("by", Arg::Actor(by.clone()));
            Some(Said::to(&swap.rota, &swap.from, message).and(&swap.with))
        }
        DutyEvent::SwapLapsed { number } => {
            let swap = book.swaps.get(number)?;
            let message = swap_message("notice-swap-lapsed", *number, swap);
            Some(Said::to(&swap.rota, &swap.from, message).and(&swap.with))
        }
        DutyEvent::SwapForetold { number, starts_at } => {
            let swap = book.swaps.get(number)?;
            let (member, of, span) = if *starts_at == swap.mine.starts_at {
                (&swap.with, &swap.from, swap.mine)
            } else {
                (&swap.from, &swap.with, swap.theirs)
            };
            let message = Message::new("notice-swap-foretold").with("of", Arg::Member(of.clone()));
            let message = spanned(message, member, span);
            Some(Said::to(&swap.rota, member, message).and(of))
        }
        DutyEvent::AbsenceEntered {
            member,
            days,
            source: Source::Calendar,
        } => {
            let line = followed_line("absence-line-new", entry.seq, days);
            Some(Said::followed(member, line))
        }
        DutyEvent::AbsenceEntered {
            member,
            days,
            source: Source::Said,
        } => {
            let message = Message::new("notice-absent")
                .with("member", Arg::Member(member.clone()))
                .with("days", Arg::Lines(vec![days_said(days)]));
            Some(Said::of(member, message))
        }
        DutyEvent::AbsenceChanged { number, days } => {
            let absence = book.absences.get(number)?;
            let line = followed_line("absence-line-moved", *number, days)
                .with("before", Arg::Lines(vec![days_said(&absence.days)]));
            Some(Said::followed(&absence.member, line))
        }
        DutyEvent::AbsenceEnded {
            number,
            ends,
            waived,
        } => {
            let absence = book.absences.get(number)?;
            if absence.source == Source::Calendar && !waived {
                let line = match *ends <= absence.days.starts {
                    true => followed_line("absence-line-gone", *number, &absence.days),
                    false => followed_line("absence-line-back", *number, &absence.days)
                        .with("from", Arg::Day(*ends)),
                };
                return Some(Said::followed(&absence.member, line));
            }
            let message = if *ends <= absence.days.starts {
                Message::new("notice-absence-cancelled")
                    .with("days", Arg::Lines(vec![days_said(&absence.days)]))
            } else {
                Message::new("notice-back").with("from", Arg::Day(*ends))
            };
            let message = message.with("member", Arg::Member(absence.member.clone()));
            Some(Said::of(&absence.member, message))
        }
        DutyEvent::CoverFound {
            rota, by, of, span, ..
        } => {
            let line = span_line(entry.seq, *span);
            let message = listed("notice-cover-found", by, of, line);
            Some(Said::to(rota, by, message).offering(&[Offer::DeclineCover(entry.seq)]))
        }
        DutyEvent::CoverTaken {
            rota, by, of, span, ..
        } => {
            let message = Message::new("notice-cover-taken").with("of", Arg::Member(of.clone()));
            Some(Said::to(rota, of, spanned(message, by, *span)))
        }
        DutyEvent::CoverDeclined { number } => {
            let (laid, of) = covering(book, *number)?;
            let message = Message::new("notice-cover-declined").with("of", Arg::Member(of.clone()));
            let message = spanned(message, &laid.member, laid.span);
            Some(Said::to(&laid.rota, of, message))
        }
        DutyEvent::CoverTakenBack { number } => {
            let (laid, of) = covering(book, *number)?;
            let line = span_line(*number, laid.span);
            let message = listed("notice-cover-back", &laid.member, of, line);
            Some(Said::to(&laid.rota, &laid.member, message))
        }
        DutyEvent::CoverMissing { rota, of, span, .. } => {
            let line = Message::new("cover-line-missing")
                .with("from", Arg::Instant(span.starts_at))
                .with("until", Arg::Instant(span.ends_at));
            let message = listed("notice-cover-missing", of, of, line);
            let said = Said::to(rota, of, message);
            Some(Said {
                to: Vec::new(),
                to_leads: true,
                ..said
            })
        }
        DutyEvent::GuideSent {
            rota,
            member,
            starts_at,
        } => {
            let message = Message::new("notice-guide").with("from", Arg::Instant(*starts_at));
            Some(guide(rota, member, message, team.guide?))
        }
        DutyEvent::GuideAskedAgain { rota, member } => {
            let message = Message::new("notice-guide-again");
            Some(guide(rota, member, message, team.guide?))
        }
        DutyEvent::GuideRead { .. } => None,
    }
}

impl Said {
    fn to(rota: &str, member: &MemberId, message: Message) -> Self {
        Said {
            rota: Some(rota.to_owned()),
            about: member.clone(),
            to: vec![member.clone()],
            to_leads: false,
            message,
            offers: Vec::new(),
        }
    }

    fn of(member: &MemberId, message: Message) -> Self {
        Said {
            rota: None,
            ..Said::to("", member, message)
        }
    }

    /// What a calendar brought: it is the member's own, so nobody is mentioned.
    fn followed(member: &MemberId, line: Message) -> Self {
        let message = Message::new("notice-absences-followed")
            .with("member", Arg::Member(member.clone()))
            .with("lines", Arg::Lines(vec![line]));
        Said {
            to: Vec::new(),
            ..Said::of(member, message)
        }
    }

    fn and(mut self, member: &MemberId) -> Self {
        self.to.push(member.clone());
        self
    }

    fn offering(mut self, offers: &[Offer]) -> Self {
        self.offers.extend(offers);
        self
    }

    /// Whom it mentions: nobody for what they did themselves.
    pub fn mentions(&self, actor: &Actor) -> Vec<MemberId> {
        let own = actor.member();
        let others = self.to.iter().filter(|member| Some(*member) != own);
        others.cloned().collect()
    }

    /// Whether it is said in the channels of a rota.
    pub fn concerns(&self, rota: &Rota, at: Timestamp) -> bool {
        match &self.rota {
            Some(name) => name == rota.name(),
            None => rota.version(at).participants.contains(&self.about),
        }
    }
}

fn answers(number: u64) -> [Offer; 2] {
    [Offer::AcceptSwap(number), Offer::DeclineSwap(number)]
}

fn laid(book: &Book, number: u64) -> Option<&Laid> {
    book.laid.iter().find(|laid| laid.number == number)
}

fn covering(book: &Book, number: u64) -> Option<(&Laid, &MemberId)> {
    let laid = laid(book, number)?;
    match &laid.why {
        super::Why::Cover { of, .. } => Some((laid, of)),
        super::Why::Override | super::Why::Swap { .. } => None,
    }
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn spanned(message: Message, member: &MemberId, span: Span) -> Message {
    message
        .with("member", Arg::Member(member.clone()))
        .with("from", Arg::Instant(span.starts_at))
        .with("until", Arg::Instant(span.ends_at))
}

fn swap_message(id: &'static str, number: u64, swap: &Swap) -> Message {
    swapping(
        id,
        number,
        (&swap.from, &swap.with),
        (swap.mine, swap.theirs),
    )
}

fn swapping(
    id: &'static str,
    seq: u64,
    (from, with): (&MemberId, &MemberId),
    (mine, theirs): (Span, Span),
) -> Message {
    Message::new(id)
        .with("number", number(seq))
        .with("from", Arg::Member(from.clone()))
        .with("with", Arg::Member(with.clone()))
        .with("mine", Arg::Instant(mine.starts_at))
        .with("theirs", Arg::Instant(theirs.starts_at))
}

fn listed(id: &'static str, member: &MemberId, of: &MemberId, line: Message) -> Message {
    Message::new(id)
        .with("member", Arg::Member(member.clone()))
        .with("of", Arg::Member(of.clone()))
        .with("lines", Arg::Lines(vec![line]))
}

fn span_line(seq: u64, span: Span) -> Message {
    Message::new("cover-line")
        .with("number", number(seq))
        .with("from", Arg::Instant(span.starts_at))
        .with("until", Arg::Instant(span.ends_at))
}

fn followed_line(id: &'static str, seq: u64, days: &Days) -> Message {
    Message::new(id)
        .with("number", number(seq))
        .with("days", Arg::Lines(vec![days_said(days)]))
}

fn guide(rota: &str, member: &MemberId, message: Message, guide: &Guidance) -> Said {
    let url = guide
        .url
        .iter()
        .map(|url| Message::new("guide-link").with("url", Arg::Plain(url.clone())));
    let list = guide
        .checklist
        .iter()
        .map(|line| Message::new("guide-line").with("line", Arg::Plain(line.clone())));
    let message = message
        .with("member", Arg::Member(member.clone()))
        .with("lines", Arg::Lines(url.chain(list).collect()));
    Said::to(rota, member, message).offering(&[Offer::ReadGuide])
}

/// Days of an absence in words.
pub fn days_said(days: &Days) -> Message {
    let message = match (days.every, days.last()) {
        (Some(_), Some(last)) => Message::new("days-weekly-until").with("last", Arg::Day(last)),
        (Some(_), None) => Message::new("days-weekly"),
        (None, Some(last)) if last == days.starts => Message::new("days-one"),
        (None, Some(last)) => Message::new("days-span").with("last", Arg::Day(last)),
        (None, None) => Message::new("days-open"),
    };
    let message = message.with("first", Arg::Day(days.starts));
    match days.every {
        Some(weekday) => message.with("weekday", Arg::Word(weekday_word(weekday).to_owned())),
        None => message,
    }
}

fn weekday_word(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "weekday-monday",
        Weekday::Tuesday => "weekday-tuesday",
        Weekday::Wednesday => "weekday-wednesday",
        Weekday::Thursday => "weekday-thursday",
        Weekday::Friday => "weekday-friday",
        Weekday::Saturday => "weekday-saturday",
        Weekday::Sunday => "weekday-sunday",
    }
}
