#![allow(clippy::unwrap_used)]
use super::*;

fn about() -> About {
    About {
        reference: Some(Reference(104_299)),
        inquiry: Some("0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69".into()),
    }
}

#[track_caller]
fn check(what: What, verb: Verb, about: About, id: &str) {
    let press = Press { what, verb, about };
    assert_eq!(press.id(), id);
    assert_eq!(Press::read(id), Some(press));
    assert!(id.encode_utf16().count() <= MOST);
}

#[test]
fn an_id_holds_all_that_is_needed() {
    check(
        What::Do,
        Verb::Claim,
        about(),
        "do:claim:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69",
    );
    check(
        What::Ask,
        Verb::NotUrgent,
        about(),
        "ask:not-urgent:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69",
    );
    let kind = Some(Kind::Investigation);
    check(
        What::Pick { kind },
        Verb::Resolve,
        about(),
        "pick:resolve:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69:i",
    );
    let choice = Some("設定: 時刻".to_owned());
    let form = What::Form {
        kind,
        choice,
        replaces: true,
    };
    check(
        form,
        Verb::Resolve,
        about(),
        "fill:resolve:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69:i:設定: 時刻",
    );
    let form = What::Form {
        kind: None,
        choice: None,
        replaces: false,
    };
    check(form, Verb::Reply, About::default(), "form:reply:-:-:-");
    let of = What::Of { number: 12 };
    check(
        of,
        Verb::AcceptSwap,
        About::default(),
        "of:accept-swap:-:-:-:12",
    );
    let choice = "S1".to_owned();
    let to = What::To {
        choice: choice.clone(),
    };
    check(
        to,
        Verb::AgreeSeverity,
        about(),
        "to:agree-severity:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69:-:S1",
    );
    check(
        What::AskOf { choice },
        Verb::DeclineSeverity,
        about(),
        "askof:decline-severity:104299:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69:-:S1",
    );
    check(
        What::Do,
        Verb::ReadGuide,
        About::default(),
        "do:read-guide:-:-",
    );
}

#[test]
fn a_long_choice_is_found_again_by_its_digest() {
    let long = "とても長い分類の名前".repeat(8);
    let what = What::Form {
        kind: Some(Kind::Specification),
        choice: Some(long.clone()),
        replaces: true,
    };
    let id = Press {
        what,
        verb: Verb::Resolve,
        about: about(),
    }
    .id();
    assert!(id.encode_utf16().count() <= MOST);
    let Some(Press {
        what: What::Form {
            choice: Some(written),
            ..
        },
        ..
    }) = Press::read(&id)
    else {
        panic!("{id}")
    };
    assert!(is_digest(&written));
    assert_eq!(chosen(&written, &["設定".to_owned(), long.clone()]), long);
    assert_eq!(chosen("設定", &[long]), "設定");
}

#[test]
fn every_verb_fits_and_every_offer_but_open_has_one() {
    for verb in Verb::ALL {
        let what = What::Form {
            kind: Some(Kind::Investigation),
            choice: Some("x".repeat(90)),
            replaces: true,
        };
        let id = Press {
            what,
            verb,
            about: About {
                reference: Some(Reference(9_999_999_999)),
                ..about()
            },
        }
        .id();
        assert!(id.len() <= MOST, "{id}");
        assert_eq!(Press::read(&id).unwrap().verb, verb);
    }
    use Offer::*;
    for offer in [
        Claim, Accept, Release, Replied, Resolve, Resume, Reopen, JustThanks, Close, NotUrgent,
    ] {
        assert!(Press::offer(offer, about()).is_some());
    }
    assert_eq!(Press::offer(Open, about()), None);
}

#[test]
fn what_is_not_ours_is_nothing() {
    for id in [
        "",
        "x",
        "do:claim",
        "do:fly:1:a",
        "do:claim:x:a",
        "zap:claim:1:a",
        "form:claim:1:a:z",
    ] {
        assert_eq!(Press::read(id), None, "{id}");
    }
}
