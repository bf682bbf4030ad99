//! Words to begin with: what a requester is told whose escalation is sent back, or is out of scope; what they wrote last,
//! where a problem is split off.
//!
//! What they are told is in the requester's language; all of it stands in the form for people to change, and is sent by nobody but them.

use super::desk::App;
use super::perform::Declined;
use super::ports::{StoreError, Stored};
use super::requests::choice;
use super::verbs::{Request, Verb};
use crate::domain::gate::Need;
use crate::domain::inquiry::Inquiry;
use crate::i18n::{Args, Lang, say};
use crate::msg;

impl App {
    /// Asks for what an escalation lacks; `None` where it lacks nothing.
    pub(super) async fn send_back_of(&self, stored: &Stored) -> Result<Option<String>, StoreError> {
        let policy = self.policy(&stored.inquiry.policy).await?;
        let gaps = stored.inquiry.gaps(&policy);
        Ok(send_back(&gaps, self.requesters_language(&stored.inquiry)))
    }

    /// Says that it is out of scope; `None` where the requester cannot be told from here.
    pub(super) fn out_of_scope_of(&self, stored: &Stored, chosen: Option<&str>) -> Option<String> {
        let inquiry = &stored.inquiry;
        let takes = self.way_back.takes_replies(&inquiry.origin.source);
        takes.then(|| out_of_scope(chosen, self.requesters_language(inquiry)))
    }

    /// What is to be said of a request that leaves it to us: the reason of what is sent back for what is missing, and whose it
    /// is now in a reply that has a place for that.
    pub(super) async fn with_template(
        &self,
        request: &Request,
        stored: &Stored,
    ) -> Result<Request, Declined> {
        let mut request = request.clone();
        let lang = self.requesters_language(&stored.inquiry);
        match request.verb {
            Verb::Bounce if request.param("reason").is_none() => {
                let draft = self.draft_of(&request, Some(stored)).await?;
                for (name, text) in draft.given {
                    request = request.with(&name, text);
                }
            }
            Verb::OutOfScope => {
                if let Some(reply) = request
                    .param("reply")
                    .filter(|reply| reply.contains(place(lang).as_str()))
                {
                    let whose = match choice(&request, "to")? {
                        "other" => request.param("who").unwrap_or_default().to_owned(),
                        to => whose(to, lang),
                    };
                    let reply = reply.replace(&place(lang), &whose);
                    request = request.with("reply", reply);
                }
            }
            _ => {}
        }
        Ok(request)
    }

    /// Whether what is sent back reaches the requester by itself.
    pub(super) fn has_way_to_bounce(&self, inquiry: &Inquiry) -> bool {
        let source = &inquiry.origin.source;
        let act = super::ports::WriteBack::Bounce {
            text: String::new().into(),
        };
        // What is said aside goes as a reply, whatever it is.
        self.way_back.takes_replies(source)
            || (!inquiry.is_split() && self.way_back.takes(source, &act))
    }

    /// Whether what is said to the requester of an inquiry reaches them by itself.
    pub fn takes_replies(&self, stored: &Stored) -> bool {
        let source = &stored.inquiry.origin.source;
        self.way_back.takes_replies(source)
    }

    pub(super) fn requesters_language(&self, inquiry: &Inquiry) -> Lang {
        inquiry.facts.language.parse().unwrap_or(self.setup.lang)
    }
}

/// Asks for what is missing; `None` where nothing is.
fn send_back(gaps: &[Need], lang: Lang) -> Option<String> {
    if gaps.is_empty() {
        return None;
    }
    let lines = gaps.iter().map(|need| {
        let args = Args::new().with("what", say(lang, need.word(), &Args::new()));
        say(lang, msg!("template-missing"), &args)
    });
    let lines: Vec<String> = lines.collect();
    let args = Args::new().with("lines", lines.join("\n"));
    Some(say(lang, msg!("template-bounce"), &args))
}

/// Says that it is out of scope, and whose it is now; where that is not known yet a place is left for it.
fn out_of_scope(chosen: Option<&str>, lang: Lang) -> String {
    let to = match chosen {
        Some(to @ ("sales" | "professional_services")) => whose(to, lang),
        Some(_) | None => place(lang),
    };
    say(
        lang,
        msg!("template-out-of-scope"),
        &Args::new().with("to", to),
    )
}

fn whose(to: &str, lang: Lang) -> String {
    let id = match to {
        "sales" => msg!("referred-sales"),
        _ => msg!("referred-professional-services"),
    };
    say(lang, id, &Args::new())
}

/// Where the name of whoever looks after it from now on goes.
fn place(lang: Lang) -> String {
    say(lang, msg!("template-place-of-team"), &Args::new())
}
