//! Weekdays with participants of their own, and versions that a configuration dates.

use super::*;

fn list(days: &[Weekday], participants: &[&str]) -> DayList {
    DayList {
        days: days.to_vec(),
        participants: members(participants),
    }
}

/// The rota of [`daily`], whose Fridays are two other people's.
fn fridays() -> Version {
    Version {
        on: vec![list(&[Weekday::Friday], &["doi", "endo"])],
        ..daily()
    }
}

fn dated(from: &str, goes_on: bool, version: Version) -> Version {
    Version {
        dated: Some(Dated {
            from: date(from),
            goes_on,
        }),
        ..version
    }
}

/// Who takes over on each worked day of a span.
fn handoffs(rota: &Rota, from: &str, until: &str) -> String {
    let mut shift = rota.planned(at(&format!("{from}T10:00+09:00")));
    let until = at(&format!("{until}T10:00+09:00"));
    let mut said = Vec::new();
    while shift.starts_at < until {
        let tokyo = zone("Asia/Tokyo").unwrap();
        let day = tokyo.to_datetime(shift.starts_at).date();
        said.push(format!("{}/{} {}", day.month(), day.day(), shift.member));
        shift = rota.planned(shift.ends_at);
    }
    said.join(", ")
}

#[test]
fn a_list_turns_by_itself_and_the_others_over_the_other_days() {
    // 7/20 is 海の日; 7/17, 7/24 and 7/31 are Fridays.
    assert_eq!(
        handoffs(&rota(vec![fridays()]), "2026-07-13", "2026-08-01"),
        "7/13 aoki, 7/14 baba, 7/15 chiba, 7/16 aoki, 7/17 doi, 7/21 baba, 7/22 chiba, 7/23 aoki, \
         7/24 endo, 7/27 baba, 7/28 chiba, 7/29 aoki, 7/30 baba, 7/31 doi"
    );
}

#[test]
fn several_days_can_share_a_list() {
    let weekend = list(
        &[Weekday::Saturday, Weekday::Sunday],
        &["doi", "endo", "goto"],
    );
    let version = Version {
        works: None,
        on: vec![weekend],
        ..daily()
    };
    assert_eq!(
        handoffs(&rota(vec![version]), "2026-07-17", "2026-07-27"),
        "7/17 baba, 7/18 doi, 7/19 endo, 7/20 chiba, 7/21 aoki, 7/22 baba, 7/23 chiba, 7/24 aoki, 7/25 goto, 7/26 doi"
    );
}

#[test]
fn the_next_on_the_rota_is_of_the_list_and_then_of_the_rest() {
    let friday = at("2026-07-17T15:00+09:00");
    let next = |version: Version, who: &str| {
        let rota = rota(vec![version]);
        rota.next_after(&who.into(), friday)
            .map(ToString::to_string)
    };
    assert_eq!(next(fridays(), "doi").as_deref(), Some("endo"));
    let alone = Version {
        on: vec![list(&[Weekday::Friday], &["doi"])],
        ..daily()
    };
    assert_eq!(next(alone, "doi").as_deref(), Some("aoki"));
}

fn check_refused(version: Version, words: &str) {
    let plan = Plan {
        name: "night".to_owned(),
        versions: vec![version],
    };
    let error = Rota::new(plan).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn lists_that_cannot_work_are_refused_with_their_reason() {
    check_refused(
        Version {
            cadence: Cadence::WEEKLY,
            ..fridays()
        },
        "so its cadence must be daily",
    );
    let with = |on: Vec<DayList>| Version { on, ..daily() };
    check_refused(with(vec![list(&[], &["doi"])]), "names no weekday");
    check_refused(
        with(vec![list(&[Weekday::Friday], &[])]),
        "for Friday that has no participants",
    );
    check_refused(
        with(vec![list(&[Weekday::Saturday, Weekday::Sunday], &["doi"])]),
        "for Saturday, Sunday that its calendar never works",
    );
    let friday = list(&[Weekday::Friday], &["doi"]);
    check_refused(with(vec![friday.clone(), friday]), "two lists for Friday");
}

#[test]
fn a_rota_with_lists_is_canonical_json() {
    let ours = rota(vec![fridays(), dated("2026-08-03", true, daily())]);
    let json = serde_json::to_string(&ours).unwrap();
    assert!(
        json.contains(r#""on":[{"days":["fri"],"participants":["doi","endo"]}]"#),
        "{json}"
    );
    assert!(
        json.contains(r#""dated":{"from":"2026-08-03","goes_on":true}"#),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<Rota>(&json).unwrap(), ours);
    let unknown = json.replace(r#"["fri"]"#, r#"["fry"]"#);
    assert!(serde_json::from_str::<Rota>(&unknown).is_err());
}

#[test]
fn a_dated_version_holds_from_its_first_handoff_and_goes_on_or_begins_anew() {
    let later = |goes_on, participants: &[&str]| {
        let version = Version {
            participants: members(participants),
            ..daily()
        };
        // A Saturday: it holds from Tuesday, after 海の日.
        rota(vec![daily(), dated("2026-07-18", goes_on, version)])
    };
    assert_eq!(
        handoffs(
            &later(false, &["aoki", "doi", "baba"]),
            "2026-07-15",
            "2026-07-25"
        ),
        "7/15 chiba, 7/16 aoki, 7/17 baba, 7/21 aoki, 7/22 doi, 7/23 baba, 7/24 aoki"
    );
    assert_eq!(
        handoffs(
            &later(true, &["aoki", "doi", "baba"]),
            "2026-07-15",
            "2026-07-25"
        ),
        "7/15 chiba, 7/16 aoki, 7/17 baba, 7/21 aoki, 7/22 doi, 7/23 baba, 7/24 aoki"
    );
    assert_eq!(
        handoffs(
            &later(true, &["aoki", "baba", "chiba"]),
            "2026-07-15",
            "2026-07-25"
        ),
        "7/15 chiba, 7/16 aoki, 7/17 baba, 7/21 chiba, 7/22 aoki, 7/23 baba, 7/24 chiba"
    );
}

#[test]
fn an_order_of_weekdays_goes_on_after_whoever_last_had_one_of_them() {
    // doi had Friday the 17th and endo the 24th; then the Fridays get a third.
    let three = Version {
        on: vec![list(&[Weekday::Friday], &["doi", "goto", "endo"])],
        ..daily()
    };
    let ours = rota(vec![fridays(), dated("2026-07-27", true, three)]);
    assert_eq!(
        handoffs(&ours, "2026-07-23", "2026-08-08"),
        "7/23 aoki, 7/24 endo, 7/27 baba, 7/28 chiba, 7/29 aoki, 7/30 baba, 7/31 doi, \
         8/3 chiba, 8/4 aoki, 8/5 baba, 8/6 chiba, 8/7 goto"
    );
}

/// Adopts configurations one after the other, in which everybody is a member.
fn adopted(configured: &[(&str, Vec<Version>)]) -> Vec<Change> {
    let mut history = Vec::new();
    for (now, versions) in configured {
        history.extend(adopt(&history, &rota(versions.clone()), &|_| true, at(now)).unwrap());
    }
    history
}

fn in_force_of(history: &[Change]) -> Rota {
    in_force(history).unwrap().unwrap()
}

#[test]
fn a_restart_with_the_same_versions_changes_nothing() {
    let two = vec![daily(), dated("2026-07-18", true, fridays())];
    let mut steps = vec![("2026-07-01T00:00+09:00", two.clone())];
    for now in [
        "2026-07-01T00:00+09:00",
        "2026-07-18T00:00+09:00",
        "2026-07-21T10:00+09:00",
        "2027-01-01T00:00+09:00",
    ] {
        steps.push((now, two.clone()));
    }
    assert_eq!(adopted(&steps).len(), 1);
    assert_eq!(in_force_of(&adopted(&steps)), rota(two));
}

#[test]
fn a_version_added_ahead_begins_on_its_date_and_not_before() {
    let later = dated("2026-07-18", true, fridays());
    let history = adopted(&[
        ("2026-07-01T00:00+09:00", vec![daily()]),
        ("2026-07-15T12:00+09:00", vec![daily(), later.clone()]),
        ("2026-07-23T12:00+09:00", vec![daily(), later]),
    ]);
    assert_eq!(history.len(), 2);
    assert_eq!(
        handoffs(&in_force_of(&history), "2026-07-13", "2026-07-29"),
        "7/13 aoki, 7/14 baba, 7/15 chiba, 7/16 aoki, 7/17 baba, 7/21 chiba, 7/22 aoki, 7/23 baba, \
         7/24 doi, 7/27 chiba, 7/28 aoki"
    );
}

#[test]
fn a_version_that_has_begun_is_not_changed_in_its_past() {
    let later = dated("2026-07-14", true, fridays());
    let changed = Version {
        participants: members(&["aoki", "baba", "chiba", "goto"]),
        ..later.clone()
    };
    let history = adopted(&[
        ("2026-07-01T00:00+09:00", vec![daily(), later]),
        ("2026-07-22T12:00+09:00", vec![daily(), changed]),
    ]);
    // As it was up to the 22nd; goto comes after chiba from the next handoff on.
    assert_eq!(
        handoffs(&in_force_of(&history), "2026-07-13", "2026-07-30"),
        "7/13 aoki, 7/14 baba, 7/15 chiba, 7/16 aoki, 7/17 doi, 7/21 baba, 7/22 chiba, 7/23 goto, \
         7/24 endo, 7/27 aoki, 7/28 baba, 7/29 chiba"
    );
}

#[test]
fn a_version_added_with_a_date_that_has_passed_begins_at_the_next_handoff() {
    let later = dated("2026-07-14", true, fridays());
    let history = adopted(&[
        ("2026-07-01T00:00+09:00", vec![daily()]),
        ("2026-07-16T12:00+09:00", vec![daily(), later]),
    ]);
    assert_eq!(
        handoffs(&in_force_of(&history), "2026-07-13", "2026-07-25"),
        "7/13 aoki, 7/14 baba, 7/15 chiba, 7/16 aoki, 7/17 doi, 7/21 baba, 7/22 chiba, 7/23 aoki, 7/24 endo"
    );
}

#[test]
fn the_days_of_a_list_without_anybody_left_fall_to_the_participants() {
    let history = adopted(&[("2026-07-01T00:00+09:00", vec![fridays()])]);
    let gone = |who: &MemberId| !["doi", "endo"].contains(&who.as_str());
    let configured = rota(vec![daily()]);
    let change = adopt(&history, &configured, &gone, at("2026-07-15T12:00+09:00"));
    let history = [history, vec![change.unwrap().unwrap()]].concat();
    assert_eq!(
        handoffs(&in_force_of(&history), "2026-07-13", "2026-07-23"),
        "7/13 aoki, 7/14 baba, 7/15 chiba, 7/16 aoki, 7/17 baba, 7/21 chiba, 7/22 aoki"
    );
}
