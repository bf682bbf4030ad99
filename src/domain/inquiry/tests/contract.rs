//! Without the contract that its queue asks for nothing is promised; once one is found, or an exception is made,
//! everything counts from the receipt.

use super::*;
use crate::domain::contract::{Finding, Terms};
use crate::domain::ids::TextId;
use crate::domain::sla::{Because, Line, deadline, explain, verdicts};

fn terms() -> Terms {
    Terms {
        contract: "K-1".to_owned(),
        plan: None,
        calendar: None,
        region: None,
        language: None,
        products: Vec::new(),
        ends_on: None,
    }
}

fn ended() -> Finding {
    Finding::Ended {
        contract: "K-1".to_owned(),
        on: "2026-10-31".parse().unwrap(),
    }
}

fn asks(finding: Finding) -> Checked {
    Checked {
        finding,
        is_required: true,
    }
}

/// An inquiry that came in without a contract.
fn held(wall: &str) -> Case {
    Case::with(wall, |receive| receive.contract = Some(asks(ended())))
}

fn except() -> Command {
    Command::ExceptContract {
        reason: "t-reason".into(),
    }
}

fn refuse() -> Command {
    Command::Refuse {
        text: "t-refusal".into(),
        has_way_back: true,
    }
}

#[test]
fn nothing_is_promised_and_nobody_is_woken_without_a_contract() {
    let case = Case::with("24 10:00", |receive| {
        receive.contract = Some(asks(ended()));
        receive.facts.severity = Severity::S1;
        receive.facts.needed_by = Some(at("24 12:00"));
        receive.facts.business_stopped = true;
    });
    let state = case.state();
    assert!(state.is_held());
    assert_eq!(case.clocks(), "");
    assert_eq!(state.urgency, Urgency::Calm);
    assert!(verdicts(&state, &case.policy, at("24 20:00")).is_empty());
}

#[test]
fn what_is_held_is_looked_after_by_the_quiet_timer() {
    let mut case = held("24 10:00");
    assert_eq!(deadline(&case.state(), &case.policy), Some(at("25 10:00")));
    assert_eq!(case.pass("25 10:30"), ["25 10:00 quiet since 25 10:00"]);
}

#[test]
fn where_a_contract_is_only_shown_the_clocks_run() {
    let case = Case::with("24 10:00", |receive| {
        receive.contract = Some(Checked {
            finding: Finding::None,
            is_required: false,
        });
    });
    assert!(!case.state().is_held());
    assert!(case.clocks().starts_with("FirstResponse due 24 12:00"));
}

#[test]
fn acts_on_what_is_held_start_no_clock() {
    let mut case = held("24 10:00");
    let to = MemberId::from("inoue");
    case.act("aoki", "24 10:05", Command::Assign { to });
    case.act("inoue", "24 10:06", Command::Accept);
    case.act("inoue", "24 10:07", Command::Release { reason: None });
    case.act("requester", "24 10:10", wrote("24 10:10"));
    assert_eq!(case.clocks(), "");
    // What we expect of other teams is no promise.
    let wait = Command::Wait {
        on: WaitingOn::Development,
        chase_at: None,
        asked: None,
        case: None,
    };
    case.act("aoki", "24 10:20", wait);
    assert_eq!(case.clocks(), "Development due 25 10:20");
}

#[test]
fn an_exception_lets_everything_count_from_the_receipt() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 11:30", except());
    assert!(!case.state().is_held());
    assert_eq!(
        case.clocks(),
        "FirstResponse due 24 12:00, Claim due 24 11:00, Resolution due 26 10:00"
    );
    let said = case.act("time", "24 11:30", Command::Tick);
    let missed = Event::Missed {
        clock: Clock::Claim,
        run: 3,
        at: at("24 11:00"),
    };
    assert!(said.contains(&missed), "{said:#?}");
    let exception = case.state().contract.unwrap().exception.unwrap();
    assert_eq!(exception.reason, TextId::from("t-reason"));
}

#[test]
fn an_exception_wakes_whom_its_severity_wakes() {
    let mut case = Case::with("24 10:00", |receive| {
        receive.contract = Some(asks(Finding::None));
        receive.facts.severity = Severity::S1;
    });
    let events = case.act("aoki", "24 20:00", except());
    let raised = events
        .iter()
        .any(|event| matches!(event, Event::UrgencyRaised { .. }));
    assert!(raised, "{events:?}");
}

#[test]
fn who_was_answered_while_it_was_held_is_owed_no_first_response() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:20", Command::Claim);
    case.act("aoki", "24 10:30", ask());
    case.act("aoki", "24 11:30", except());
    assert_eq!(case.clocks(), "Resolution due 26 10:00");
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", ask());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    case.act("aoki", "24 11:30", except());
    assert!(
        case.clocks().starts_with("NextResponse due 24 16:00"),
        "{}",
        case.clocks()
    );
}

#[test]
fn of_two_answers_while_it_was_held_one_that_stands_is_enough() {
    let lost = |of| Command::ReplyFailed {
        of,
        why: "550".to_owned(),
    };
    for dies in [0, 1] {
        let mut case = held("24 10:00");
        let answers: Vec<u64> = ["24 10:20", "24 10:30"]
            .map(|wall| {
                case.act("aoki", wall, ask());
                case.state().seq
            })
            .to_vec();
        case.act("time", "24 10:40", lost(answers[dies]));
        // That it died twice is no second answer.
        case.act("time", "24 10:41", lost(answers[dies]));
        let mut both = Case {
            policy: case.policy.clone(),
            ledger: case.ledger.clone(),
        };
        case.act("aoki", "24 11:30", except());
        assert!(case.state().run(Clock::FirstResponse).is_none());
        both.act("time", "24 10:50", lost(answers[1 - dies]));
        both.act("aoki", "24 11:30", except());
        assert!(both.state().run(Clock::FirstResponse).is_some());
    }
}

#[test]
fn a_document_of_before_answers_were_told_apart_is_no_other() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", ask());
    let folded = case.state();
    let mut kept = folded.clone();
    let standing = kept.contract.as_mut().unwrap();
    standing.hold.as_mut().unwrap().answered_by.clear();
    assert_ne!(kept, folded);
    kept.kept_less_than(&folded);
    assert_eq!(kept, folded);
    // Who was not answered then is another.
    let standing = kept.contract.as_mut().unwrap();
    standing.hold.as_mut().unwrap().is_answered = false;
    standing.hold.as_mut().unwrap().answered_by.clear();
    kept.kept_less_than(&folded);
    assert_ne!(kept, folded);
}

#[test]
fn an_answer_of_before_they_were_told_apart_stands_beside_a_later_one() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:20", ask());
    let first = case.state().seq;
    let mut kept = case.state();
    let hold = |it: &mut Inquiry| it.contract.as_mut().unwrap().hold.take().unwrap();
    let forgets = |it: &mut Inquiry| {
        let standing = it.contract.as_mut().unwrap();
        standing.hold.as_mut().unwrap().answered_by.clear();
    };
    forgets(&mut kept);
    // What is kept goes on from where it is, as it does when an act is written.
    let goes_on = |kept: Inquiry, case: &Case| {
        let new = case.ledger.iter().filter(|entry| entry.seq > kept.seq);
        let new: Vec<_> = new.collect();
        new.into_iter()
            .fold(kept, |state, entry| evolve(Some(state), entry))
    };
    case.act("aoki", "24 10:30", ask());
    let second = case.state().seq;
    kept = goes_on(kept, &case);
    for dies in [first, second] {
        let mut case = Case {
            policy: case.policy.clone(),
            ledger: case.ledger.clone(),
        };
        let mut compared = kept.clone();
        compared.kept_less_than(&case.state());
        assert_eq!(compared, case.state());
        let lost = |of| Command::ReplyFailed {
            of,
            why: "550".to_owned(),
        };
        case.act("time", "24 10:40", lost(dies));
        let mut one_left = goes_on(kept.clone(), &case);
        let mut compared = one_left.clone();
        compared.kept_less_than(&case.state());
        assert_eq!(compared, case.state(), "{dies} died");
        assert!(hold(&mut one_left.clone()).is_answered);
        case.act("time", "24 10:50", lost(first + second - dies));
        one_left = goes_on(one_left, &case);
        assert_eq!(one_left, case.state(), "both died");
        assert!(!hold(&mut one_left).is_answered);
    }
}

#[test]
fn a_later_check_is_none_of_the_receipt_though_it_is_the_second_line() {
    let is_receipts = |case: &Case| {
        let state = case.state();
        is_receipts_check(&case.ledger[1], &state)
    };
    let at_receipt = held("24 10:00");
    assert!(is_receipts(&at_receipt));
    let mut later = Case::received("24 10:00");
    later.act("aoki", "24 10:00", Command::CheckContract(asks(ended())));
    assert_eq!(later.ledger[1].event.kind(), "contract_checked");
    assert!(!is_receipts(&later));
    // A receipt of before that was said in the event is known by its place, its time and its source.
    let unsaid = |case: &Case| {
        let mut ledger = case.ledger.clone();
        if let Event::ContractChecked { at_receipt, .. } = &mut ledger[1].event {
            *at_receipt = false;
        }
        Case {
            policy: case.policy.clone(),
            ledger,
        }
    };
    assert!(is_receipts(&unsaid(&at_receipt)));
    // What long after the end opened an inquiry of its own were the requester's words.
    let mut by_words = unsaid(&at_receipt);
    by_words.ledger[1].actor = Actor::Requester;
    assert!(is_receipts(&by_words));
    assert!(!is_receipts(&unsaid(&later)));
    let mut moved = unsaid(&at_receipt);
    moved.ledger[1].at = at("24 10:01");
    assert!(!is_receipts(&moved));
}

#[test]
fn the_resolution_stands_still_if_we_wait_when_it_is_taken() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", ask());
    let wait = Command::Wait {
        on: WaitingOn::Requester,
        chase_at: None,
        asked: None,
        case: None,
    };
    case.act("aoki", "24 11:00", wait);
    case.act("aoki", "24 11:30", except());
    assert!(
        case.clocks().contains("Resolution due -"),
        "{}",
        case.clocks()
    );
    // An hour of the sixteen had passed before the wait.
    case.act("aoki", "25 11:00", Command::Resume { answer: None });
    assert!(
        case.clocks().contains("Resolution due 27 10:00"),
        "{}",
        case.clocks()
    );
}

#[test]
fn a_contract_that_is_found_lets_everything_count_from_the_receipt() {
    let mut case = held("24 10:00");
    let found = Command::CheckContract(asks(Finding::Covered(terms())));
    case.act("aoki", "24 10:30", found.clone());
    assert!(case.clocks().starts_with("FirstResponse due 24 12:00"));
    // Asked once more, it says the same, and that is no event.
    assert_eq!(case.act("aoki", "24 10:31", found), []);
}

#[test]
fn what_was_promised_is_not_taken_back_by_a_later_finding() {
    let mut case = Case::with("24 10:00", |receive| {
        receive.contract = Some(asks(Finding::Covered(terms())));
    });
    let before = case.clocks();
    case.act("aoki", "24 10:30", Command::CheckContract(asks(ended())));
    assert_eq!(case.clocks(), before);
    assert!(!case.state().is_held());
}

#[test]
fn a_refusal_replies_and_closes_in_one_act_and_is_counted_apart() {
    let mut case = held("24 10:00");
    let events = case.act("aoki", "24 10:30", refuse());
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds, ["replied", "closed"]);
    let state = case.state();
    assert!(matches!(
        state.stage,
        Stage::Closed {
            reason: CloseReason::Refused,
            ..
        }
    ));
    assert!(state.is_held());
    assert_eq!(case.clocks(), "");
    // Whoever opens it again has still to say that it is an exception.
    case.act("aoki", "24 11:00", Command::Reopen { reason: None });
    assert_eq!(case.clocks(), "");
    case.act("aoki", "24 11:01", except());
    assert!(case.clocks().contains("Resolution due 26 10:00"));
}

#[test]
fn what_is_covered_taken_or_never_checked_is_not_refused_by_the_canned_text() {
    let mut covered = held("24 10:00");
    covered.act(
        "aoki",
        "24 10:10",
        Command::CheckContract(asks(Finding::Covered(terms()))),
    );
    let refused = covered.try_act("aoki", "24 10:30", refuse());
    let contract = "K-1".to_owned();
    assert_eq!(refused, Err(Refusal::ContractCovers { contract }));
    let mut taken = held("24 10:00");
    taken.act("aoki", "24 10:10", except());
    let refused = taken.try_act("aoki", "24 10:30", refuse());
    assert!(matches!(refused, Err(Refusal::ContractExcepted { .. })));
    let refused = taken.try_act("inoue", "24 10:30", except());
    assert!(matches!(refused, Err(Refusal::ContractExcepted { .. })));
    let mut unchecked = Case::received("24 10:00");
    let refused = unchecked.try_act("aoki", "24 10:30", refuse());
    assert_eq!(refused, Err(Refusal::ContractUnchecked));
    let refused = unchecked.try_act("aoki", "24 10:30", except());
    assert_eq!(refused, Err(Refusal::NotHeld));
}

#[test]
fn a_source_without_a_way_back_is_told_where_to_refuse() {
    let mut case = held("24 10:00");
    let refuse = Command::Refuse {
        text: "t".into(),
        has_way_back: false,
    };
    let refused = case.try_act("aoki", "24 10:30", refuse);
    assert!(matches!(refused, Err(Refusal::NoWayBack { .. })));
    assert!(case.state().is_open());
}

#[test]
fn the_plan_and_the_hours_of_the_contract_come_first_and_why_names_it() {
    let mut case = Case::with("24 17:30", |receive| {
        receive.facts.calendar = Some("office".to_owned());
        receive.contract = Some(asks(Finding::Covered(Terms {
            plan: Some("gold".to_owned()),
            calendar: Some(ALWAYS.to_owned()),
            ..terms()
        })));
    });
    let mut gold = case.policy.targets[1].clone();
    gold.plan = Some("gold".to_owned());
    gold.development.as_mut().unwrap().ms = 4 * HOUR;
    case.policy.targets.insert(0, gold);
    case.policy
        .targets
        .iter_mut()
        .for_each(|row| row.yields = true);
    assert!(
        case.clocks().starts_with("FirstResponse due 24 19:30"),
        "{}",
        case.clocks()
    );
    let state = case.state();
    let lines = explain(
        &state,
        state.run(Clock::FirstResponse).unwrap(),
        &case.policy,
    );
    let Line::Promise {
        plan,
        calendar,
        because,
        contract,
        ..
    } = &lines[0]
    else {
        panic!("{lines:?}")
    };
    assert_eq!((plan.as_str(), calendar.as_str()), ("gold", ALWAYS));
    assert_eq!(*because, Some(Because::Contract));
    assert_eq!(contract.as_deref(), Some("K-1"));
    // Other teams work in their own hours, whatever the customer has bought.
    let amount = crate::domain::sla::amount(&state, Clock::Development, &case.policy);
    assert_eq!(amount.unwrap().calendar, "office");
}

#[test]
fn hours_that_an_old_snapshot_does_not_hold_leave_the_rows_own() {
    let case = Case::with("24 17:30", |receive| {
        receive.contract = Some(asks(Finding::Covered(Terms {
            calendar: Some("gulf".to_owned()),
            ..terms()
        })));
    });
    assert!(
        case.clocks().starts_with("FirstResponse due 25 10:30"),
        "{}",
        case.clocks()
    );
}

#[test]
fn news_of_the_source_and_what_the_register_says_of_them_are_one_decision() {
    let case = held("24 10:00");
    let state = case.state();
    let mut facts = state.facts.clone();
    facts.customer = Some("t-other".into());
    let update = |facts: &Facts, revision: &str| Command::Update {
        revision: Some(Revision::Ordered(revision.to_owned())),
        facts: Box::new(facts.clone()),
        body: None,
        there: None,
        owner: None,
    };
    let by = Actor::Source("crm".into());
    let decide = |update: Command| {
        let found = asks(Finding::Covered(terms()));
        let news = (update, found);
        let events = update_and_check(&state, &case.policy, &by, news, at("24 10:30")).unwrap();
        events.iter().map(Event::kind).collect::<Vec<_>>()
    };
    assert_eq!(decide(update(&facts, "2")), ["updated", "contract_checked"]);
    // What is no news asks nothing.
    assert_eq!(decide(update(&facts, "0")), [""; 0]);
    assert_eq!(decide(update(&state.facts, "2")), [""; 0]);
}

#[test]
fn what_is_found_covered_after_the_end_is_promised_once_it_is_open() {
    let covered = || Command::CheckContract(asks(Finding::Covered(terms())));
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", refuse());
    case.act("aoki", "24 11:00", covered());
    assert!(case.state().is_held() && case.clocks().is_empty());
    case.act("aoki", "24 11:30", Command::Reopen { reason: None });
    assert!(!case.state().is_held());
    assert!(case.clocks().contains("Resolution due 26 10:00"));
    // Its source opens it just as well.
    let mut case = held("24 10:00");
    let find = |there| Command::Find { there };
    case.act("source", "24 10:30", find(There::Closed));
    case.act("aoki", "24 11:00", covered());
    case.act("source", "24 11:30", find(There::Open));
    assert!(!case.state().is_held());
    // What is not covered stays held, and nothing is said of it.
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", refuse());
    let events = case.act("aoki", "24 11:30", Command::Reopen { reason: None });
    assert_eq!(events.len(), 1);
    assert!(case.state().is_held());
}

#[test]
fn what_is_covered_is_not_offered_to_be_refused() {
    use crate::domain::notice::Offer;
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", refuse());
    let covered = Command::CheckContract(asks(Finding::Covered(terms())));
    case.act("aoki", "24 11:00", covered);
    // Opened by a build of before that lifted anything.
    let reopened = vec![Event::Reopened {
        reason: None,
        one_owed: false,
    }];
    case.record(&Actor::Member("aoki".into()), reopened, at("24 11:30"));
    let card = crate::domain::card::card(&case.state(), &case.policy);
    assert!(card.offers.contains(&Offer::CheckContract));
    assert!(!card.offers.contains(&Offer::Refuse), "{:?}", card.offers);
}

#[test]
fn whoever_answers_the_refusal_is_looked_after_until_somebody_answers() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", refuse());
    assert_eq!(deadline(&case.state(), &case.policy), None);
    case.act("requester", "24 11:00", wrote("24 11:00"));
    assert_eq!(case.clocks(), "");
    assert_eq!(case.pass("25 11:30"), ["25 11:00 quiet since 25 11:00"]);
    // Just thanks.
    case.act("aoki", "25 11:30", Command::NoAnswerNeeded);
    assert!(case.state().unanswered.is_empty());
    assert_eq!(deadline(&case.state(), &case.policy), None);
    let refused = case.try_act("aoki", "25 11:31", Command::NoAnswerNeeded);
    assert_eq!(refused, Err(Refusal::NothingToAnswer));
    case.act("requester", "25 11:40", wrote("25 11:40"));
    let said = announced(&case);
    assert!(said.contains("Owner"), "the next words call again: {said}");
    case.act("aoki", "25 11:50", reply());
    assert_eq!(deadline(&case.state(), &case.policy), None);
}

/// What the last line made us say.
fn announced(case: &Case) -> String {
    let (last, before) = case.ledger.split_last().unwrap();
    let before = refold(before);
    let said =
        crate::domain::announce::announce(before.as_ref(), last, &case.state(), &case.policy);
    format!("{said:?}")
}

#[test]
fn what_was_resolved_while_held_is_not_closed_over_a_word_that_waits() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    case.act("requester", "24 11:00", wrote("24 11:00"));
    let said = case.pass("30 18:00");
    assert!(
        said.iter().all(|line| !line.contains("closed")),
        "{said:#?}"
    );
    assert!(said.iter().any(|line| line.contains("quiet")));
}

#[test]
fn a_claim_that_was_given_back_while_it_was_held_counts_from_then() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:05", Command::Claim);
    case.act("aoki", "24 17:00", Command::Release { reason: None });
    case.act("aoki", "25 09:30", except());
    assert!(
        case.clocks().contains("Claim due 24 18:00"),
        "{}",
        case.clocks()
    );
    // A line of before that was kept is folded as it was.
    if let Event::ContractExcepted { done, .. } = &mut case.ledger.last_mut().unwrap().event {
        *done = Meanwhile::default();
    }
    assert!(case.clocks().contains("Claim due 24 11:00"));
}

#[test]
fn a_resolution_while_it_was_held_was_an_answer() {
    let mut case = held("24 10:00");
    case.act("aoki", "24 10:30", resolution());
    case.act("aoki", "24 11:00", Command::Reopen { reason: None });
    case.act("aoki", "24 11:30", except());
    assert!(case.state().run(Clock::FirstResponse).is_none());
}
