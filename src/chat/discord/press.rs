//! What a button, a menu or a form means, written into its custom id: nothing is kept in memory, so they
//! work after a restart and on every replica.

use crate::app::ports::Reference;
use crate::app::verbs::Verb;
use crate::domain::ids::InquiryId;
use crate::domain::inquiry::Kind;
use crate::domain::notice::Offer;
use sha2::{Digest, Sha256};

/// Discord's limit.
const MOST: usize = 100;

/// A press of something, on an inquiry.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Press {
    pub what: What,
    pub verb: Verb,
    pub about: About,
}

/// The inquiry as far as it is known. In a thread the place may have to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct About {
    pub reference: Option<Reference>,
    pub inquiry: Option<InquiryId>,
}

/// What is to happen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Do it at once.
    Do,
    /// Do it to what has this number in the duty book.
    Of { number: u64 },
    /// Do it, with this choice made by the button itself.
    To { choice: String },
    /// Ask what it takes, from the beginning.
    Ask,
    /// Ask what it takes beside this choice.
    AskOf { choice: String },
    /// A choice was made in a menu; the form comes next.
    Pick { kind: Option<Kind> },
    /// Open the form.
    Open {
        kind: Option<Kind>,
        choice: Option<String>,
    },
    /// The form was sent. `replaces` tells that the message it came from was only its menu.
    Form {
        kind: Option<Kind>,
        choice: Option<String>,
        replaces: bool,
    },
}

impl Press {
    /// What a button of a card does; `None` for one that only opens a page.
    pub fn offer(offer: Offer, about: About) -> Option<Press> {
        let (what, verb) = match offer {
            Offer::Claim => (What::Do, Verb::Claim),
            Offer::Accept => (What::Do, Verb::Accept),
            Offer::Release => (What::Do, Verb::Release),
            Offer::Keep => (What::Do, Verb::Keep),
            Offer::HandOver => (What::Do, Verb::HandOver),
            Offer::Resume => (What::Do, Verb::Resume),
            Offer::Reopen => (What::Do, Verb::Reopen),
            Offer::JustThanks => (What::Do, Verb::NoAnswerNeeded),
            Offer::Replied => (What::Ask, Verb::Replied),
            Offer::NotUrgent => (What::Ask, Verb::NotUrgent),
            Offer::Close => (What::Ask, Verb::Close),
            Offer::Bounce => (What::Ask, Verb::Bounce),
            Offer::Resolve => (What::Ask, Verb::Resolve),
            Offer::Refuse => (What::Ask, Verb::Refuse),
            Offer::Except => (What::Ask, Verb::Except),
            Offer::CheckContract => (What::Do, Verb::CheckContract),
            Offer::Open => return None,
            Offer::AcceptSwap(number) => (What::Of { number }, Verb::AcceptSwap),
            Offer::DeclineSwap(number) => (What::Of { number }, Verb::DeclineSwap),
            Offer::DeclineCover(number) => (What::Of { number }, Verb::DeclineCover),
            Offer::ReadGuide => (What::Do, Verb::ReadGuide),
            Offer::File => (What::Ask, Verb::File),
            Offer::Link => (What::Ask, Verb::Link),
            Offer::AgreeSeverity(to) => (
                What::To {
                    choice: to.to_string(),
                },
                Verb::AgreeSeverity,
            ),
            Offer::DeclineSeverity(to) => (
                What::AskOf {
                    choice: to.to_string(),
                },
                Verb::DeclineSeverity,
            ),
        };
        Some(Press { what, verb, about })
    }

    /// Writes the custom id: `form:resolve:1042:<inquiry>:i:設定`.
    pub fn id(&self) -> String {
        let (tag, kind, choice) = match &self.what {
            What::Do => ("do", &None, None),
            What::Of { .. } => ("of", &None, None),
            What::To { choice } => ("to", &None, Some(choice.as_str())),
            What::Ask => ("ask", &None, None),
            What::AskOf { choice } => ("askof", &None, Some(choice.as_str())),
            What::Pick { kind } => ("pick", kind, None),
            What::Open { kind, choice } => ("open", kind, choice.as_deref()),
            What::Form {
                kind,
                choice,
                replaces: false,
            } => ("form", kind, choice.as_deref()),
            What::Form {
                kind,
                choice,
                replaces: true,
            } => ("fill", kind, choice.as_deref()),
        };
        let reference = self
            .about
            .reference
            .map_or("-".to_owned(), |reference| reference.0.to_string());
        let inquiry = self.about.inquiry.as_ref().map_or("-", InquiryId::as_str);
        let mut id = format!("{tag}:{}:{reference}:{inquiry}", self.verb.name());
        if let What::Of { number } = self.what {
            return format!("{id}:-:{number}");
        }
        if !matches!(self.what, What::Do | What::Ask) {
            let kind = match kind {
                Some(Kind::Investigation) => "i",
                Some(Kind::Specification) => "s",
                None => "-",
            };
            id = format!("{id}:{kind}");
        }
        match choice {
            Some(choice) if super::text::length(&id) + super::text::length(choice) < MOST => {
                format!("{id}:{choice}")
            }
            Some(choice) => format!("{id}:{}", digest(choice)),
            None => id,
        }
    }

    /// Reads a custom id; `None` if it is none of ours.
    pub fn read(id: &str) -> Option<Press> {
        let mut parts = id.splitn(6, ':');
        let tag = parts.next()?;
        let verb = Verb::find(parts.next()?)?;
        let reference = match parts.next()? {
            "-" => None,
            number => Some(number.parse().ok()?),
        };
        let inquiry = Some(parts.next()?)
            .filter(|inquiry| *inquiry != "-")
            .map(InquiryId::from);
        let kind = match parts.next() {
            Some("i") => Some(Kind::Investigation),
            Some("s") => Some(Kind::Specification),
            Some("-") | None => None,
            Some(_) => return None,
        };
        let choice = parts.next().map(str::to_owned);
        let what = match tag {
            "do" => What::Do,
            "of" => What::Of {
                number: choice?.parse().ok()?,
            },
            "to" => What::To { choice: choice? },
            "ask" => What::Ask,
            "askof" => What::AskOf { choice: choice? },
            "pick" => What::Pick { kind },
            "open" => What::Open { kind, choice },
            "form" => What::Form {
                kind,
                choice,
                replaces: false,
            },
            "fill" => What::Form {
                kind,
                choice,
                replaces: true,
            },
            _ => return None,
        };
        Some(Press {
            what,
            verb,
            about: About { reference, inquiry },
        })
    }
}

/// Stands for a choice that is too long for a custom id.
pub(super) fn digest(choice: &str) -> String {
    format!("#{}", &hex::encode(Sha256::digest(choice))[..12])
}

/// The choice that a custom id means, among those there are.
pub(super) fn chosen(written: &str, all: &[String]) -> String {
    let meant = all
        .iter()
        .find(|choice| *choice == written || digest(choice) == written);
    meant.map_or(written, String::as_str).to_owned()
}

/// Whether the choice itself must be looked up.
pub(super) fn is_digest(written: &str) -> bool {
    written.len() == 13 && written.starts_with('#')
}

#[cfg(test)]
mod tests;
