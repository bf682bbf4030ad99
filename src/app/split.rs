//! Splits a second problem off an inquiry: it gets an inquiry of its own, with its own promises, linked to where it came from.
//!
//! Promises: both are committed together or not at all, and the same request again answers the same child. The child bears an
//! id of its own beside that of the item (`domain::inquiry::split_id`), so that the source's documents go to the parent
//! alone; its answers go into the parent's item under its title and change nothing else there (`changes::write_back`).

use super::changes::entries;
use super::contracts::checked_at_receipt;
use super::desk::{ActError, App, Done, Order};
use super::lost::Lost;
use super::perform::{Answered, Declined, Person};
use super::pings::Taken;
use super::ports::*;
use super::receive::TRIES;
use super::requests::{Words, plain, severity};
use super::setup::{ContractRule, Queue};
use super::verbs::Request;
use crate::domain::ids::{InquiryId, TextId};
use crate::domain::inquiry::{
    Command, Event, Facts, Inquiry, Intake, LinkKind, Origin, Receive, Routed, Severity, There,
    decide, open, split_id,
};
use crate::domain::notice::{Arg, Message};

/// How long a title may be, in characters: that of the portal's form.
const LONGEST_TITLE: usize = 200;

/// What is split off, as somebody says it.
struct Problem {
    child: InquiryId,
    title: TextId,
    body: Option<TextId>,
    severity: Option<Severity>,
    queue: Option<crate::domain::ids::QueueId>,
}

impl App {
    /// Splits a problem off the inquiry that is asked about.
    pub(super) async fn split(&self, ask: &Ask, person: &Person) -> Result<Answered, Declined> {
        let parent = self.inquiry_asked(ask).await?;
        let mut words = Words::new(self);
        let problem = self.problem(&ask.verb, &mut words)?;
        let order = Order {
            actor: person.actor.clone(),
            via: ask.via.clone(),
            command_key: ask.command_key.clone(),
            texts: words.texts,
        };
        let done = self.split_off(&parent.inquiry.id, &problem, order).await?;
        let child = done.stored;
        if done.is_repeat {
            // A key that was used for something else answers that.
            let is_own = child.inquiry.is_split()
                && child.inquiry.follows.as_ref() == Some(&parent.inquiry.id);
            let reference = Arg::Reference(child.reference.0);
            let child_of = is_own.then(|| child.reference.to_string());
            return Ok(Answered {
                message: Message::new("done-before").with("reference", reference),
                about: Some(child),
                data: serde_json::json!({ "child": child_of, "events": [], "is_repeat": true }),
            });
        }
        let data = serde_json::json!({
            "reference": parent.reference.to_string(),
            "child": child.reference.to_string(),
            "events": ["split_off"],
            "is_repeat": false,
        });
        let message = match child.inquiry.is_held() {
            // Without a contract no deadline runs, as with what it came out of.
            true => Message::new("done-split-held"),
            false => Message::new("done-split"),
        };
        let message = message
            .with("reference", Arg::Reference(parent.reference.0))
            .with("child", Arg::Reference(child.reference.0))
            .with("title", Arg::Title(child.inquiry.facts.title.clone()));
        Ok(Answered {
            message,
            about: Some(child),
            data,
        })
    }

    fn problem(&self, request: &Request, words: &mut Words<'_>) -> Result<Problem, Declined> {
        if let Some(title) = request.param("title")
            && title.chars().count() > LONGEST_TITLE
        {
            return Err(Declined::say(
                Message::new("refused-too-long")
                    .with("name", plain("title"))
                    .with("limit", Arg::Number(LONGEST_TITLE as i64)),
            ));
        }
        let said = |name| request.param(name).is_some();
        Ok(Problem {
            child: self.ids.id().into(),
            title: words.one_line(request, "title")?,
            body: words.maybe(request, "text"),
            severity: said("severity")
                .then(|| severity(request, "severity"))
                .transpose()?,
            queue: said("queue")
                .then(|| self.queue_named(request, "queue"))
                .transpose()?
                .map(|(queue, _)| queue),
        })
    }

    /// Commits both; what came between is decided again.
    async fn split_off(
        &self,
        parent: &InquiryId,
        problem: &Problem,
        order: Order,
    ) -> Result<Done, ActError> {
        // The key stands for the child, which is what a repeat asks for.
        let of_parent = Order {
            command_key: None,
            texts: Vec::new(),
            ..order.clone()
        };
        let mut lost: Option<Lost> = None;
        for _ in 0..TRIES {
            if let Some(lost) = &lost
                && let Some(done) = self.came_through(lost).await?
            {
                return Ok(done);
            }
            if let Some(done) = self.repeated(&order).await? {
                return Ok(done);
            }
            let stored = self.store.inquiry(parent).await?;
            let before = stored.ok_or(ActError::NotFound)?.inquiry;
            let policy = self.policy(&before.policy).await?;
            let now = self.clock.now();
            let command = Command::SplitOff {
                child: problem.child.clone(),
                title: problem.title.clone(),
            };
            let left = decide(&before, &policy, &order.actor, command, now)?;
            let receive = self.receipt_of_problem(&before, problem).await?;
            let policy = self.policy(&receive.policy).await?;
            let opened = open(receive, &policy, &order.actor, now)?;
            let leaving = self
                .changes(Some(&before), parent, &left, &of_parent, now)
                .await?;
            let opening = self
                .changes(None, &problem.child, &opened, &order, now)
                .await?;
            let taken = [Taken::by(&leaving), Taken::by(&opening)];
            let (child, deadline) = (opening.inquiry.clone(), opening.deadline);
            let give_back = || {
                taken
                    .iter()
                    .for_each(|taken| self.allowances.give_back(taken))
            };
            match self.store.commit_together(vec![leaving, opening]).await {
                Ok(committed) => {
                    self.stir();
                    let reference = committed.last().map(|one| one.reference);
                    return Ok(Done {
                        stored: Stored {
                            reference: reference.ok_or(ActError::NotFound)?,
                            inquiry: child,
                            deadline,
                        },
                        events: opened,
                        is_repeat: false,
                    });
                }
                Err(CommitError::Conflict) => give_back(),
                Err(CommitError::Repeated { inquiry, .. }) => {
                    give_back();
                    return self.done_before(&inquiry).await;
                }
                // Both went together: whether the child is there tells of both.
                Err(CommitError::Store(StoreError::Unknown(why))) if lost.is_none() => {
                    let entries = entries(None, &problem.child, &opened, &order, now);
                    lost = Some(Lost { entries, why });
                }
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(ActError::Contended)
    }

    async fn receipt_of_problem(
        &self,
        parent: &Inquiry,
        problem: &Problem,
    ) -> Result<Receive, StoreError> {
        let queue = problem.queue.as_ref().unwrap_or(&parent.queue);
        let here = self.setup.queue(queue);
        let facts = self.facts_of_problem(parent, problem);
        let assign_to = self.given_out(here, &facts).await?;
        let finding = self.finding_for(parent, here).await?;
        Ok(Receive {
            id: problem.child.clone(),
            origin: Origin {
                source: parent.origin.source.clone(),
                external_id: split_id(&parent.item().external_id, &problem.child),
                url: parent.origin.url.clone(),
                revision: None,
            },
            facts,
            queue: here.id.clone(),
            policy: here.policy.clone(),
            escalated_at: None,
            assign_to,
            owner: None,
            follows: Some(parent.id.clone()),
            link: LinkKind::SplitFrom,
            is_backlog: false,
            there: There::Open,
            contract: checked_at_receipt(finding, here),
            routed: Some(Routed::Split),
        })
    }

    /// Who asks and of what is the same. How bad it is, by when it is needed and what was tried is another matter: of that
    /// only what is said now holds, and the source's default.
    fn facts_of_problem(&self, parent: &Inquiry, problem: &Problem) -> Facts {
        let facts = &parent.facts;
        Facts {
            title: problem.title.clone(),
            body: problem.body.clone(),
            severity: problem
                .severity
                .unwrap_or_else(|| self.usual_severity(parent)),
            business_stopped: false,
            needed_by: None,
            flags: Vec::new(),
            intake: Intake {
                channel: facts.intake.channel.clone(),
                environment: facts.intake.environment.clone(),
                ..Intake::default()
            },
            ..facts.clone()
        }
    }

    /// What the form begins with: what the requester said last, for the queue of the parent.
    pub(super) async fn split_draft(&self, parent: &Stored) -> Result<Draft, StoreError> {
        let parent = &parent.inquiry;
        let mut draft = Draft::of("text", self.latest_words(parent).await?);
        let severity = self.usual_severity(parent).to_string();
        for (name, value) in [("queue", parent.queue.to_string()), ("severity", severity)] {
            draft.given.insert(name.to_owned(), value);
        }
        Ok(draft)
    }

    /// The severity of what comes from the parent's source and does not say how bad it is.
    fn usual_severity(&self, parent: &Inquiry) -> Severity {
        let source = self.setup.sources.get(&parent.origin.source);
        source.map_or(parent.facts.severity, |source| source.defaults.severity)
    }

    /// What the requester said last; the other problem is likely to be in it.
    async fn latest_words(&self, inquiry: &Inquiry) -> Result<Option<String>, StoreError> {
        let ledger = self.store.ledger(&inquiry.id).await?;
        let said = ledger.iter().rev().find_map(|entry| match &entry.event {
            Event::RequesterReplied { text, .. } | Event::Heard { text, .. } => Some(text.clone()),
            _ => None,
        });
        let ids: Vec<TextId> = said.into_iter().collect();
        Ok(self.store.texts(&ids).await?.into_values().next())
    }

    /// What the register said of the parent; it is asked where nobody has.
    async fn finding_for(
        &self,
        parent: &Inquiry,
        here: &Queue,
    ) -> Result<Option<crate::domain::contract::Finding>, StoreError> {
        if let Some(standing) = &parent.contract {
            return Ok(Some(standing.finding.clone()));
        }
        if here.contract == ContractRule::Off {
            return Ok(None);
        }
        let customer = &parent.facts.customer;
        let ids: Vec<TextId> = customer.iter().cloned().collect();
        let texts = self.store.texts(&ids).await?;
        let customer = customer.as_ref().and_then(|id| texts.get(id));
        self.contract_of(customer.map(String::as_str), &parent.facts.product)
            .await
    }
}

#[cfg(test)]
mod tests;
