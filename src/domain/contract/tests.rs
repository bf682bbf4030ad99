#![allow(clippy::unwrap_used)]
//! Names that are one, and what the contracts of a customer say on a day.

use super::*;
use crate::time::SignedDuration;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A contract from its number, products, first and last day (empty for none).
fn contract(id: &str, products: &str, starts: &str, ends: &str) -> Contract {
    let day = |text: &str| (!text.is_empty()).then(|| date(text));
    Contract {
        id: id.to_owned(),
        customer: "さくら商事".to_owned(),
        aliases: Vec::new(),
        plan: Some("gold".to_owned()),
        products: products.split_whitespace().map(str::to_owned).collect(),
        calendar: None,
        region: None,
        language: None,
        starts_on: day(starts),
        ends_on: day(ends),
        note: None,
    }
}

#[track_caller]
fn check(contracts: &[Contract], day: &str, product: &str, expected: (&str, &str)) {
    let there: Vec<_> = contracts.iter().map(|it| (it.clone(), date(day))).collect();
    let finding = find(&there, product);
    let number = match &finding {
        Finding::Covered(terms) => terms.contract.as_str(),
        Finding::Ended { contract, .. }
        | Finding::NotYet { contract, .. }
        | Finding::ProductNotCovered { contract, .. } => contract,
        Finding::None | Finding::Unknown => "",
    };
    assert_eq!((finding.word(), number), expected);
    // The order in which the register gives them does not matter.
    let turned: Vec<_> = there.into_iter().rev().collect();
    assert_eq!(find(&turned, product), finding);
}

#[test]
fn names_of_one_customer_have_one_key() {
    for same in [
        "さくら商事",
        "株式会社さくら商事",
        "さくら商事株式会社",
        "(株)さくら商事",
        "（株） さくら 商事",
        "さくら商事㈱",
        "株式会社　さくら商事　御中",
        "さくら商事 様",
    ] {
        assert_eq!(name_key(same), "さくら商事", "{same}");
    }
    for same in [
        "ACME-Japan, Inc.",
        "ａｃｍｅ－ｊａｐａｎ　ｉｎｃ",
        "Acme‐Japan Inc",
    ] {
        assert_eq!(name_key(same), "acme-japaninc", "{same}");
    }
    for same in ["ガーデン・パーク", "ｶﾞｰﾃﾞﾝ･ﾊﾟｰｸ", "カ\u{3099}ーデンパーク"]
    {
        assert_eq!(name_key(same), "ガーデンパーク", "{same}");
    }
}

#[test]
fn a_name_is_written_without_the_honorific_that_a_letter_adds() {
    assert_eq!(
        without_honorific(" 株式会社さくら商事　御中 "),
        "株式会社さくら商事"
    );
    assert_eq!(without_honorific("さくら商事様"), "さくら商事");
    assert_eq!(without_honorific("様"), "様");
}

#[test]
fn names_of_others_stay_apart() {
    for (one, other) in [
        ("さくら商事", "さくら商会"),
        ("さくら商事東京株式会社", "さくら商事"),
        ("ハハ", "パパ"),
        ("アール", "アル"),
        ("様々工房", "々工房"),
    ] {
        assert_ne!(name_key(one), name_key(other), "{one} and {other}");
    }
}

#[test]
fn a_name_that_is_nothing_but_a_form_of_company_keeps_it() {
    assert_eq!(name_key("株式会社"), "株式会社");
    assert_eq!(name_key(" ・ "), "");
}

#[test]
fn the_first_and_the_last_day_are_covered() {
    let one = [contract("K-1", "", "2026-04-01", "2027-03-31")];
    check(&one, "2026-03-31", "core", ("not_yet", "K-1"));
    check(&one, "2026-04-01", "core", ("covered", "K-1"));
    check(&one, "2027-03-31", "core", ("covered", "K-1"));
    check(&one, "2027-04-01", "core", ("ended", "K-1"));
}

#[test]
fn a_contract_without_days_or_products_covers_everything() {
    check(
        &[contract("K-1", "", "", "")],
        "2026-11-24",
        "",
        ("covered", "K-1"),
    );
}

#[test]
fn products_are_compared_whatever_their_width_and_case() {
    let one = [contract("K-1", "Ｃｏｒｅ billing", "", "")];
    check(&one, "2026-11-24", "CORE", ("covered", "K-1"));
    check(&one, "2026-11-24", "mobile", ("product_not_covered", "K-1"));
}

#[test]
fn of_several_the_one_that_covers_the_product_comes_first_then_the_one_that_ends_last() {
    let all = [
        contract("K-1", "billing", "", ""),
        contract("K-2", "core", "2026-01-01", "2026-12-31"),
        contract("K-3", "core", "2026-01-01", "2027-03-31"),
        contract("K-4", "core", "2026-01-01", "2027-03-31"),
    ];
    check(&all, "2026-11-24", "core", ("covered", "K-3"));
    check(&all, "2026-11-24", "billing", ("covered", "K-1"));
    check(&all, "2028-01-01", "core", ("ended", "K-3"));
}

#[test]
fn a_contract_that_never_ends_ends_last() {
    let all = [
        contract("K-1", "", "", "9999-12-31"),
        contract("K-2", "", "", ""),
    ];
    check(&all, "2026-11-24", "core", ("covered", "K-2"));
}

#[test]
fn where_none_covers_it_the_nearest_is_told() {
    let ended = contract("K-1", "", "2025-04-01", "2026-03-31");
    let later = contract("K-2", "", "2027-04-01", "2028-03-31");
    let other = contract("K-3", "billing", "", "");
    check(
        &[ended.clone(), later.clone(), other.clone()],
        "2026-11-24",
        "core",
        ("not_yet", "K-2"),
    );
    check(
        &[ended, other.clone()],
        "2026-11-24",
        "core",
        ("ended", "K-1"),
    );
    check(
        &[other],
        "2026-11-24",
        "core",
        ("product_not_covered", "K-3"),
    );
    check(&[], "2026-11-24", "core", ("none", ""));
}

proptest! {
    #[test]
    fn a_key_is_its_own_key(name in "\\PC{0,24}") {
        let key = name_key(&name);
        prop_assert_eq!(name_key(&key), key.clone());
        prop_assert!(!key.contains(char::is_whitespace));
    }

    #[test]
    fn covered_is_found_exactly_if_one_covers_it(
        contracts in proptest::collection::vec((0i16..60, 0i16..60, 0usize..3), 0..6),
        day in 0i16..80,
    ) {
        let first = date("2026-01-01");
        let at = |n: i16| first.checked_add(SignedDuration::from_hours(24 * i64::from(n))).unwrap();
        let all: Vec<_> = contracts.iter().enumerate().map(|(n, (start, long, product))| {
            let product = ["", "core", "billing"][*product];
            let mut one = contract(&format!("K-{n}"), product, "", "");
            one.starts_on = Some(at(*start));
            one.ends_on = Some(at(start + long));
            (one, at(day))
        }).collect();
        let covers = all.iter().any(|(one, day)| {
            one.covers("core") && one.standing_on(*day) == Standing::Runs
        });
        prop_assert_eq!(find(&all, "core").is_covered(), covers);
    }
}
