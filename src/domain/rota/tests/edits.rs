//! What becomes of a rota that is edited while the duty goes on.

use super::*;

/// The rota of [`daily`], configured and adopted long before.
fn adopted() -> Vec<Change> {
    edited(vec![], daily(), "2026-07-01T00:00+09:00")
}

/// Adopts one more configuration in which everybody is a member.
fn edited(history: Vec<Change>, configured: Version, now: &str) -> Vec<Change> {
    without(history, configured, now, &[])
}

/// Adopts one more configuration, in which some are members no more.
fn without(mut history: Vec<Change>, configured: Version, now: &str, gone: &[&str]) -> Vec<Change> {
    let is_member = |who: &MemberId| !gone.contains(&who.as_str());
    let change = adopt(&history, &rota(vec![configured]), &is_member, at(now)).unwrap();
    history.extend(change);
    history
}

/// Checks the shifts of July and August that a history leads to.
fn check(history: &[Change], from: &str, to: &str, expected: &[&str]) {
    let rota = in_force(history).unwrap().unwrap();
    let local = |text: &str| format!("2026-{text}+09:00");
    check_shifts(&rota, &local(from), &local(to), &[], expected);
}

fn of(participants: &[&str]) -> Version {
    Version {
        participants: members(participants),
        ..daily()
    }
}

fn from(starts: &str, participants: &[&str]) -> Version {
    Version {
        starts: date(starts),
        ..of(participants)
    }
}

#[test]
fn an_edited_rota_holds_from_its_next_handoff_and_goes_on_in_order() {
    // On Friday afternoon: baba keeps the weekend, Monday is a holiday.
    let now = "2026-07-17T15:00+09:00";
    let history = edited(adopted(), of(&["aoki", "baba", "doi", "endo"]), now);
    check(
        &history,
        "07-16T10:00",
        "07-24T10:00",
        &[
            "aoki 16T10-17T10",
            "baba 17T10-21T10",
            "doi 21T10-22T10",
            "endo 22T10-23T10",
            "aoki 23T10-24T10",
        ],
    );
}

#[test]
fn started_again_unedited_nothing_changes() {
    let history = edited(adopted(), of(&["aoki", "doi"]), "2026-07-17T15:00+09:00");
    for now in [
        "2026-07-17T15:00+09:00",
        "2026-07-22T12:00+09:00",
        "2027-01-01T00:00+09:00",
    ] {
        assert_eq!(edited(history.clone(), of(&["aoki", "doi"]), now), history);
    }
}

#[test]
fn a_second_edit_replaces_one_that_has_not_begun() {
    let history = edited(adopted(), of(&["endo", "goto"]), "2026-07-14T11:00+09:00");
    let history = edited(
        history,
        of(&["aoki", "baba", "doi"]),
        "2026-07-14T12:00+09:00",
    );
    check(
        &history,
        "07-13T10:00",
        "07-17T10:00",
        &[
            "aoki 13T10-14T10",
            "baba 14T10-15T10",
            "doi 15T10-16T10",
            "aoki 16T10-17T10",
        ],
    );
}

#[test]
fn an_edit_taken_back_is_as_if_it_had_never_been() {
    let history = edited(adopted(), of(&["endo", "goto"]), "2026-07-14T11:00+09:00");
    let history = edited(history, daily(), "2026-07-14T12:00+09:00");
    assert_eq!(history.len(), 3);
    assert_eq!(in_force(&history).unwrap(), Some(rota(vec![daily()])));
}

#[test]
fn back_and_forth_over_handoffs_is_a_new_version_each_time() {
    let mut history = adopted();
    for (day, order) in [
        (13, &["doi", "endo"][..]),
        (14, &["aoki", "baba", "chiba"]),
        (15, &["doi", "endo"]),
    ] {
        history = edited(history, of(order), &format!("2026-07-{day}T15:00+09:00"));
    }
    check(
        &history,
        "07-13T10:00",
        "07-18T10:00",
        &[
            "aoki 13T10-14T10",
            "doi 14T10-15T10",
            "aoki 15T10-16T10",
            "doi 16T10-17T10",
            "endo 17T10-18T10",
        ],
    );
}

#[test]
fn whoever_leaves_the_order_is_followed_by_whoever_would_have_come_next() {
    // baba has Tuesday and leaves; chiba would have come.
    let history = edited(adopted(), of(&["aoki", "chiba"]), "2026-07-14T11:00+09:00");
    check(
        &history,
        "07-14T10:00",
        "07-17T10:00",
        &["baba 14T10-15T10", "chiba 15T10-16T10", "aoki 16T10-17T10"],
    );
}

#[test]
fn somebody_who_stands_twice_in_the_order_keeps_the_right_follower() {
    let order = ["aoki", "baba", "aoki", "chiba"];
    let mut history = edited(vec![], of(&order), "2026-07-01T00:00+09:00");
    let later = Version {
        off_hours: OffHours::Member("doi".into()),
        ..of(&order)
    };
    history = edited(history, later, "2026-07-15T11:00+09:00");
    check(
        &history,
        "07-13T10:00",
        "07-18T10:00",
        &[
            "aoki 13T10-14T10",
            "baba 14T10-15T10",
            "aoki 15T10-16T10",
            "chiba 16T10-17T10",
            "aoki 17T10-18T10",
        ],
    );
}

#[test]
fn another_time_of_day_moves_the_next_handoff() {
    let handoff = |time: &str| Version {
        handoff: time.parse().unwrap(),
        ..daily()
    };
    let earlier = edited(adopted(), handoff("09:00"), "2026-07-14T15:00+09:00");
    check(
        &earlier,
        "07-14T10:00",
        "07-17T09:00",
        &["baba 14T10-15T09", "chiba 15T09-16T09", "aoki 16T09-17T09"],
    );
    // On the day itself that time has passed: today's handoff stays, tomorrow's is earlier.
    let passed = edited(adopted(), handoff("09:00"), "2026-07-14T09:30+09:00");
    check(
        &passed,
        "07-13T10:00",
        "07-16T09:00",
        &["aoki 13T10-14T10", "baba 14T10-15T09", "chiba 15T09-16T09"],
    );
    // Later: whoever takes over at the old time keeps it at the new one.
    let later = edited(adopted(), handoff("12:00"), "2026-07-14T15:00+09:00");
    check(
        &later,
        "07-14T10:00",
        "07-17T12:00",
        &[
            "baba 14T10-15T10",
            "chiba 15T10-15T12",
            "chiba 15T12-16T12",
            "aoki 16T12-17T12",
        ],
    );
}

#[test]
fn another_cadence_begins_on_its_own_day() {
    // Weekly turns over on Mondays, as `starts` is one; the days before go on daily.
    let weekly = Version {
        cadence: Cadence::WEEKLY,
        ..daily()
    };
    let history = edited(adopted(), weekly, "2026-07-22T15:00+09:00");
    check(
        &history,
        "07-22T10:00",
        "08-10T10:00",
        &[
            "aoki 22T10-23T10",
            "baba 23T10-24T10",
            "chiba 24T10-27T10",
            "aoki 27T10-3T10",
            "baba 3T10-10T10",
        ],
    );
}

#[test]
fn a_weekly_rota_edited_before_a_holiday_keeps_its_weekday() {
    let weekly = |order: &[&str]| Version {
        cadence: Cadence::WEEKLY,
        ..of(order)
    };
    let history = edited(vec![], weekly(&["aoki", "baba"]), "2026-07-01T00:00+09:00");
    // Monday the 20th is a holiday: that handoff is on Tuesday, the next one on Monday again.
    let history = edited(
        history,
        weekly(&["aoki", "baba", "chiba"]),
        "2026-07-16T12:00+09:00",
    );
    check(
        &history,
        "07-13T10:00",
        "08-03T10:00",
        &["aoki 13T10-21T10", "baba 21T10-27T10", "chiba 27T10-3T10"],
    );
}

#[test]
fn hours_begin_at_their_own_next_turn() {
    let hours = |n, order: &[&str]| Version {
        cadence: Cadence::Hours(n),
        works: None,
        ..of(order)
    };
    let history = edited(
        vec![],
        hours(6, &["aoki", "baba"]),
        "2026-07-01T00:00+09:00",
    );
    let history = edited(
        history,
        hours(8, &["aoki", "baba", "chiba"]),
        "2026-07-14T11:00+09:00",
    );
    // Six-hour turns begin at 4, 10, 16 and 22; those of eight hours at 2, 10 and 18.
    check(
        &history,
        "07-14T10:00",
        "07-15T10:00",
        &[
            "aoki 14T10-14T16",
            "baba 14T16-14T18",
            "baba 14T18-15T02",
            "chiba 15T02-15T10",
        ],
    );
}

#[test]
fn a_new_start_ahead_is_the_day_it_begins() {
    let history = edited(
        adopted(),
        from("2026-07-16", &["doi", "baba"]),
        "2026-07-14T11:00+09:00",
    );
    check(
        &history,
        "07-14T10:00",
        "07-18T10:00",
        &[
            "baba 14T10-15T10",
            "chiba 15T10-16T10",
            "doi 16T10-17T10",
            "baba 17T10-18T10",
        ],
    );
    // Another day before it has begun: the first date was a mistake.
    let history = edited(
        history,
        from("2026-07-17", &["doi", "baba"]),
        "2026-07-15T11:00+09:00",
    );
    check(
        &history,
        "07-15T10:00",
        "07-18T10:00",
        &["chiba 15T10-16T10", "aoki 16T10-17T10", "doi 17T10-18T10"],
    );
}

#[test]
fn a_new_start_that_has_passed_is_counted_from_but_changes_no_past() {
    // By the old count baba has Tuesday; counted from Tuesday aoki has it, so baba Wednesday.
    let history = edited(
        adopted(),
        from("2026-07-14", &["aoki", "baba", "chiba"]),
        "2026-07-14T11:00+09:00",
    );
    check(
        &history,
        "07-13T10:00",
        "07-17T10:00",
        &[
            "aoki 13T10-14T10",
            "baba 14T10-15T10",
            "baba 15T10-16T10",
            "chiba 16T10-17T10",
        ],
    );
}

#[test]
fn a_rota_that_has_not_begun_can_be_edited() {
    let history = edited(
        vec![],
        from("2026-08-03", &["aoki", "baba"]),
        "2026-07-14T11:00+09:00",
    );
    let was = in_force(&history).unwrap().unwrap();
    for (now, next) in [
        (
            "2026-07-14T11:00+09:00",
            from("2026-08-03", &["doi", "endo"]),
        ),
        (
            "2026-07-14T11:00+09:00",
            from("2026-07-30", &["doi", "endo"]),
        ),
        (
            "2026-07-14T11:00+09:00",
            from("2026-08-10", &["doi", "endo"]),
        ),
    ] {
        let is = in_force(&edited(history.clone(), next, now))
            .unwrap()
            .unwrap();
        let (from, now) = (at("2026-06-01T00:00+09:00"), at(now));
        assert_eq!(is.shifts(from, now, &[]), was.shifts(from, now, &[]));
        assert_eq!(is.planned(now), was.planned(now));
        assert_eq!(
            is.version(at("2026-08-20T00:00+09:00")).participants,
            members(&["doi", "endo"])
        );
    }
}

#[test]
fn the_turns_of_who_is_gone_fall_to_the_next_at_once() {
    // baba has Tuesday and is no member any more: chiba has it from noon, and the edit holds from Wednesday.
    let noon = "2026-07-14T12:00+09:00";
    let history = without(adopted(), of(&["aoki", "chiba"]), noon, &["baba"]);
    check(
        &history,
        "07-13T10:00",
        "07-17T10:00",
        &[
            "aoki 13T10-14T10",
            "baba 14T10-14T12",
            "chiba 14T12-15T10",
            "aoki 15T10-16T10",
            "chiba 16T10-17T10",
        ],
    );
    assert_eq!(
        without(
            history.clone(),
            of(&["aoki", "chiba"]),
            "2026-07-14T13:00+09:00",
            &["baba"]
        ),
        history
    );
}

#[test]
fn who_is_gone_is_passed_over_until_a_later_edit_begins() {
    let later = from("2026-07-20", &["aoki", "baba"]);
    let history = edited(adopted(), later.clone(), "2026-07-13T11:00+09:00");
    // chiba, whom the configuration does not name, leaves before the 20th.
    let history = without(history, later, "2026-07-14T12:00+09:00", &["chiba"]);
    check(
        &history,
        "07-14T10:00",
        "07-22T10:00",
        &[
            "baba 14T10-15T10",
            "aoki 15T10-16T10",
            "baba 16T10-17T10",
            "aoki 17T10-21T10",
            "aoki 21T10-22T10",
        ],
    );
}

#[test]
fn when_all_are_gone_the_configured_ones_have_it_at_once() {
    let gone = ["aoki", "baba", "chiba"];
    let history = without(
        adopted(),
        of(&["doi", "endo"]),
        "2026-07-14T12:00+09:00",
        &gone,
    );
    let rota = in_force(&history).unwrap().unwrap();
    assert_eq!(
        rota.planned(at("2026-07-14T11:59+09:00")).member.as_str(),
        "baba"
    );
    for hour in 0..200 {
        let later = at("2026-07-14T12:00+09:00") + SignedDuration::from_hours(hour);
        assert!(!gone.contains(&rota.planned(later).member.as_str()));
    }
}

#[test]
fn off_hours_of_who_is_gone_are_as_configured() {
    let named = |who: &str| Version {
        off_hours: OffHours::Member(who.into()),
        ..daily()
    };
    let history = edited(vec![], named("night-desk"), "2026-07-01T00:00+09:00");
    let history = without(
        history,
        named("doi"),
        "2026-07-14T22:00+09:00",
        &["night-desk"],
    );
    let rota = in_force(&history).unwrap().unwrap();
    let called = |text: &str| rota.called(at(text), &[]);
    assert_eq!(
        called("2026-07-14T21:59+09:00"),
        Called::Member("night-desk".into())
    );
    assert_eq!(
        called("2026-07-14T22:00+09:00"),
        Called::Member("doi".into())
    );
    check(
        &history,
        "07-14T10:00",
        "07-16T10:00",
        &["baba 14T10-14T22", "baba 14T22-15T10", "chiba 15T10-16T10"],
    );
}

#[test]
fn an_edited_version_says_from_when_and_with_whom() {
    let history = edited(
        adopted(),
        of(&["aoki", "baba", "doi"]),
        "2026-07-14T12:00+09:00",
    );
    let facts = in_force(&history).unwrap().unwrap().describe();
    let turns: Vec<_> = facts
        .into_iter()
        .filter_map(|fact| match fact {
            Fact::Turns {
                starts,
                participants,
                ..
            } => Some((starts, participants)),
            Fact::Called { .. } | Fact::OnDays { .. } => None,
        })
        .collect();
    assert_eq!(
        turns,
        [
            (date("2026-07-13"), members(&["aoki", "baba", "chiba"])),
            (date("2026-07-15"), members(&["doi", "aoki", "baba"])),
        ]
    );
}

#[test]
fn a_change_keeps_its_form() {
    let history = edited(adopted(), of(&["aoki", "doi"]), "2026-07-14T12:00+09:00");
    let json = serde_json::to_string(&Change {
        configured: Plan {
            name: "night".to_owned(),
            versions: vec![],
        },
        ..history[1].clone()
    })
    .unwrap();
    let works = serde_json::to_string(&daily().works.unwrap()).unwrap();
    assert_eq!(
        json,
        format!(
            r#"{{"at":"2026-07-14T03:00:00Z","configured":{{"name":"night","versions":[]}},"versions":[{{"starts":"2026-07-13","zone":"Asia/Tokyo","handoff":"10:00:00","cadence":{{"days":1}},"works":{works},"participants":["aoki","doi"],"begins":{{"at":"2026-07-15T01:00:00Z","with":0}}}}]}}"#
        )
    );
}
