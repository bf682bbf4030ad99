//! How an inquiry looks as JSON: words instead of text ids, instants as RFC 3339.

use crate::app::ports::{PostContext, Reference};
use crate::app::views::View;
use crate::app::wording::{PlainText, Words, sentence};
use crate::domain::ids::{MemberId, TextId};
use crate::domain::inquiry::{
    Answer, ContractStanding, Outcome, Ownership, ReferredTo, Stage, Workaround,
};
use crate::domain::sla::Verdict;
use serde_json::{Value, json};

/// An inquiry with its card and clocks.
pub(super) fn inquiry(view: &View) -> Value {
    let (card, context) = (&view.card, &view.context);
    let facts = &card.facts;
    let text = |id: &Option<TextId>| id.as_ref().map(|id| words(context).text(id));
    let mut body = json!({
        "reference": view.stored.reference.to_string(),
        "id": card.inquiry,
        "version": card.seq,
        "title": words(context).text(&facts.title),
        "body": text(&facts.body),
        "requester": text(&facts.requester),
        "customer": text(&facts.customer),
        "plan": card.plan(),
        "contract": card.contract.as_ref().map(|it| contract(it, context)),
        "product": facts.product,
        "region": facts.region,
        "language": facts.language,
        "kind": facts.kind,
        "severity": card.severity,
        "source_says": card.source_says,
        "tone": card.tone,
        "is_urgent": card.is_urgent,
        "business_stopped": facts.business_stopped,
        "needed_by": facts.needed_by,
        "queue": card.queue,
        "ownership": ownership(&card.ownership, context),
        "stage": stage(&card.stage, context),
        "severity_proposal": card.proposal.as_ref().map(|proposal| json!({
            "to": proposal.to,
            "by": proposal.by,
            "at": proposal.at,
            "reason": words(context).text(&proposal.reason),
        })),
        "snooze": card.snooze.as_ref().filter(|snooze| snooze.until > context.now),
        "outcome": card.outcome.as_ref().map(|outcome| answer(outcome, context)),
        "clocks": card.dues.iter().map(|due| json!({
            "clock": due.clock,
            "at": due.at,
            "standing": due.standing,
        })).collect::<Vec<_>>(),
        "promises": view.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        // What is expected of other teams; never an SLA.
        "internal": view.internal.iter().map(verdict).collect::<Vec<_>>(),
        "next_at": view.stored.deadline,
        "received_at": card.received_at,
        "escalated_at": card.escalated_at,
        "round_trips": card.round_trips,
        "next": card.next.as_ref().map(|next| json!({
            "text": words(context).text(&next.text),
            "who": next.who,
            "until": next.until,
        })),
        "issues": card.tracked.iter().map(|tracked| json!({
            "tracker": tracked.tracker,
            "issue": tracked.issue,
            "url": tracked.url,
            "state": tracked.state,
            "is_done": tracked.is_done,
            "fixed_in": tracked.fixed_in,
        })).collect::<Vec<_>>(),
        "source": card.source,
        "url": card.url,
        "follows": card.follows,
        "flags": facts.flags.iter().map(|flag| json!({
            "field": flag.field,
            "given": words(context).text(&flag.given),
        })).collect::<Vec<_>>(),
        "offers": card.offers,
    });
    body["links"] = links(view);
    if let (Some(body), Value::Object(intake)) = (body.as_object_mut(), intake(view)) {
        body.extend(intake);
    }
    body
}

/// What it came out of and what came out of it, with how they stand.
fn links(view: &View) -> Value {
    let words = words(&view.context);
    let links = view.card.links.iter().map(|link| {
        let seen = link.seen.as_ref();
        json!({
            "relation": link.relation,
            "id": link.inquiry,
            "reference": seen.map(|seen| Reference(seen.reference).to_string()),
            "title": seen.map(|seen| words.text(&seen.title)),
            "standing": seen.map(|seen| seen.standing),
        })
    });
    links.collect()
}

/// What came with the escalation, what is missing, and where it was sent.
fn intake(view: &View) -> Value {
    let (card, context) = (&view.card, &view.context);
    let facts = &card.facts;
    let text = |id: &Option<TextId>| id.as_ref().map(|id| words(context).text(id));
    json!({
        "channel": facts.intake.channel,
        "tried": text(&facts.intake.tried),
        "settings_checked": facts.intake.settings_checked,
        "environment": text(&facts.intake.environment),
        "error_text": text(&facts.intake.error_text),
        "gaps": card.gaps,
        "bounce": card.bounce.as_ref().map(|bounce| json!({
            "count": bounce.count,
            "reason": words(context).text(&bounce.reason),
            "by": bounce.by,
            "at": bounce.at,
            "is_answered": bounce.is_answered,
        })),
        "referral": card.referral.as_ref().map(|referral| json!({
            "to": match &referral.to {
                ReferredTo::Sales => "sales".to_owned(),
                ReferredTo::ProfessionalServices => "professional_services".to_owned(),
                ReferredTo::Other { who } => words(context).text(who),
            },
            "note": text(&referral.note),
            "by": referral.by,
            "at": referral.at,
        })),
    })
}

/// How it stands with its contract.
fn contract(standing: &ContractStanding, context: &PostContext) -> Value {
    json!({
        "finding": standing.finding,
        "is_required": standing.is_required,
        // Nothing is promised, and it is counted apart.
        "is_held": standing.hold.is_some(),
        "exception": standing.exception.as_ref().map(|exception| json!({
            "by": exception.by,
            "at": exception.at,
            "reason": words(context).text(&exception.reason),
        })),
    })
}

/// What happened, oldest first, in the caller's language.
pub(super) fn timeline(view: &View) -> Value {
    let words = words(&view.context);
    view.timeline
        .iter()
        .map(|(at, message)| {
            json!({
                "at": at,
                "kind": message.id,
                "text": sentence(message, &words, &PlainText),
            })
        })
        .collect()
}

fn verdict(verdict: &Verdict) -> Value {
    json!({
        "clock": verdict.clock,
        "started_at": verdict.started_at,
        "due_at": verdict.due_at,
        "ended_at": verdict.ended.map(|(at, _)| at),
        "ending": verdict.ended.map(|(_, how)| how),
        "is_missed": verdict.is_missed,
    })
}

fn words(context: &PostContext) -> Words<'_> {
    Words::of(context)
}

fn member(id: &MemberId, context: &PostContext) -> Value {
    json!({ "id": id, "name": context.people.name(id) })
}

fn ownership(ownership: &Ownership, context: &PostContext) -> Value {
    match ownership {
        Ownership::Unclaimed { since } => json!({ "is": "unclaimed", "since": since }),
        Ownership::Assigned { to, by, since } => {
            json!({ "is": "assigned", "to": member(to, context), "by": by, "since": since })
        }
        Ownership::Owned { by, since } => {
            json!({ "is": "owned", "by": member(by, context), "since": since })
        }
    }
}

fn stage(stage: &Stage, context: &PostContext) -> Value {
    let text = |id: &Option<TextId>| id.as_ref().map(|id| words(context).text(id));
    match stage {
        Stage::Active { since } => json!({ "is": "active", "since": since }),
        Stage::Waiting {
            on,
            since,
            chase_at,
            asked,
            case,
        } => json!({
            "is": "waiting", "on": on, "since": since, "chase_at": chase_at,
            "asked": text(asked), "case": text(case),
        }),
        Stage::Resolved { by, at, .. } => json!({ "is": "resolved", "by": by, "at": at }),
        Stage::Closed { reason, by, at, .. } => {
            json!({ "is": "closed", "reason": reason, "by": by, "at": at })
        }
    }
}

fn answer(outcome: &Outcome, context: &PostContext) -> Value {
    let words = words(context);
    let mut body = json!({ "category": outcome.category });
    match &outcome.answer {
        Answer::Investigation { cause, workaround } => {
            body["cause"] = words.text(cause).into();
            match workaround {
                Workaround::Given { text } => body["workaround"] = words.text(text).into(),
                Workaround::None { reason } => body["no_workaround"] = words.text(reason).into(),
            }
        }
        Answer::Specification { answer } => body["answer"] = words.text(answer).into(),
        Answer::AtSource => body["at_source"] = true.into(),
    }
    body
}
