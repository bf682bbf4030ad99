#![allow(clippy::unwrap_used)]

use super::*;
use crate::time::{civil, zone};
use proptest::prelude::*;

fn window() -> (Date, Date) {
    (civil::date(2026, 1, 1), civil::date(2028, 12, 31))
}

/// A calendar of events, each given by its own lines.
fn calendar(events: &[&str]) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//ja\r\n".to_owned();
    for (n, event) in events.iter().enumerate() {
        let lines = event.replace('\n', "\r\n");
        text += &format!(
            "BEGIN:VEVENT\r\nUID:{n}@example.com\r\nDTSTAMP:20260101T000000Z\r\n{lines}\r\nEND:VEVENT\r\n"
        );
    }
    text + "END:VCALENDAR\r\n"
}

/// What the days of a calendar are, read in Tokyo, as one line.
fn said(text: &str) -> String {
    match days(text, &zone("Asia/Tokyo").unwrap(), window()) {
        Ok(days) => {
            let days: Vec<String> = days
                .iter()
                .map(|(date, name)| format!("{date} {name}"))
                .collect();
            days.join(", ")
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(events: &[&str], expected: &str) {
    assert_eq!(said(&calendar(events)), expected);
}

#[test]
fn a_day_is_named_by_an_event_of_whole_days() {
    check(
        &["DTSTART;VALUE=DATE:20260720\nDTEND;VALUE=DATE:20260721\nSUMMARY:海の日"],
        "2026-07-20 海の日",
    );
    check(
        &["DTSTART;VALUE=DATE:20260720\nSUMMARY:without an end"],
        "2026-07-20 without an end",
    );
}

#[test]
fn an_event_of_several_days_names_each_and_its_end_is_not_one_of_them() {
    check(
        &["DTSTART;VALUE=DATE:20261229\nDTEND;VALUE=DATE:20270101\nSUMMARY:年末"],
        "2026-12-29 年末, 2026-12-30 年末, 2026-12-31 年末",
    );
    check(
        &["DTSTART;VALUE=DATE:20261230\nDURATION:P2D\nSUMMARY:年末"],
        "2026-12-30 年末, 2026-12-31 年末",
    );
}

#[test]
fn what_recurs_is_written_out_within_the_window() {
    check(
        &["DTSTART;VALUE=DATE:20150601\nRRULE:FREQ=YEARLY\nSUMMARY:創立記念日"],
        "2026-06-01 創立記念日, 2027-06-01 創立記念日, 2028-06-01 創立記念日",
    );
    check(
        &["DTSTART;VALUE=DATE:20000110\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=2MO\nSUMMARY:成人の日"],
        "2026-01-12 成人の日, 2027-01-11 成人の日, 2028-01-10 成人の日",
    );
    check(
        &["DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\nSUMMARY:閏日"],
        "2028-02-29 閏日",
    );
    check(
        &["DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=DAILY;COUNT=2\nSUMMARY:研修"],
        "2026-01-05 研修, 2026-01-06 研修",
    );
    check(
        &["DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY;UNTIL=20270601\nSUMMARY:創立記念日"],
        "2026-06-01 創立記念日, 2027-06-01 創立記念日",
    );
}

#[test]
fn one_rule_without_end_leaves_room_for_the_next() {
    let daily = "DTSTART;VALUE=DATE:19900101\nRRULE:FREQ=YEARLY\nSUMMARY:元日";
    let other = "DTSTART;VALUE=DATE:19900601\nRRULE:FREQ=YEARLY;UNTIL=20260601\nSUMMARY:創立記念日";
    check(
        &[daily, other],
        "2026-01-01 元日, 2026-06-01 創立記念日, 2027-01-01 元日, 2028-01-01 元日",
    );
}

#[test]
fn a_day_can_be_left_out_added_moved_or_cancelled() {
    check(
        &[
            "DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270601\nRDATE;VALUE=DATE:20270602\nSUMMARY:創立記念日",
        ],
        "2026-06-01 創立記念日, 2027-06-02 創立記念日, 2028-06-01 創立記念日",
    );
    // A changed occurrence, with a higher number than the event that it belongs to.
    let moved = calendar(&[
        "DTSTART;VALUE=DATE:20260601\nRRULE:FREQ=YEARLY\nSEQUENCE:0\nSUMMARY:創立記念日",
        "RECURRENCE-ID;VALUE=DATE:20270601\nDTSTART;VALUE=DATE:20270604\nSEQUENCE:3\nSUMMARY:創立記念日（移動）",
    ])
    .replace("UID:1@", "UID:0@");
    assert_eq!(
        said(&moved),
        "2026-06-01 創立記念日, 2027-06-04 創立記念日（移動）, 2028-06-01 創立記念日"
    );
    check(
        &[
            "DTSTART;VALUE=DATE:20260601\nSUMMARY:開催",
            "DTSTART;VALUE=DATE:20260602\nSTATUS:CANCELLED\nSUMMARY:中止",
        ],
        "2026-06-01 開催",
    );
}

#[test]
fn times_name_a_day_only_where_they_cover_it_in_the_readers_zone() {
    // Midnight to midnight in Tokyo, said in UTC and in Tokyo; a meeting; a night.
    check(
        &["DTSTART:20260719T150000Z\nDTEND:20260720T150000Z\nSUMMARY:海の日"],
        "2026-07-20 海の日",
    );
    check(
        &[
            "DTSTART;TZID=Asia/Tokyo:20260720T000000\nDTEND;TZID=Asia/Tokyo:20260722T000000\nSUMMARY:休み",
        ],
        "2026-07-20 休み, 2026-07-21 休み",
    );
    check(
        &["DTSTART:20260720T000000\nDTEND:20260721T000000\nSUMMARY:どこでも"],
        "2026-07-20 どこでも",
    );
    check(
        &[
            "DTSTART;TZID=Asia/Tokyo:20260720T100000\nDTEND;TZID=Asia/Tokyo:20260720T110000\nSUMMARY:会議",
            "DTSTART;TZID=Asia/Tokyo:20260721T120000\nDTEND;TZID=Asia/Tokyo:20260722T120000\nSUMMARY:夜勤",
        ],
        "it names no day",
    );
}

#[test]
fn a_day_that_has_no_midnight_is_a_day_all_the_same() {
    let text = calendar(&["DTSTART;VALUE=DATE:20181104\nSUMMARY:Finados"]);
    let zone = zone("America/Sao_Paulo").unwrap();
    let year = (civil::date(2018, 1, 1), civil::date(2018, 12, 31));
    let days = days(&text, &zone, year).unwrap();
    assert_eq!(days.keys().next(), Some(&civil::date(2018, 11, 4)));
}

#[test]
fn folded_lines_and_escaped_words_are_one_name_in_one_line() {
    check(
        &[
            "DTSTART;VALUE=DATE:20260720\nSUMMARY;LANGUAGE=ja:国民の祝日\\, 海\n の日\\n（振替なし）",
        ],
        "2026-07-20 国民の祝日, 海の日 （振替なし）",
    );
    let long = "あ".repeat(300);
    let text = calendar(&[&format!("DTSTART;VALUE=DATE:20260720\nSUMMARY:{long}")]);
    let days = days(&text, &TimeZone::UTC, window()).unwrap();
    assert_eq!(days.values().next().unwrap().chars().count(), LONGEST_NAME);
}

#[test]
fn two_names_of_one_day_are_both_said_and_the_same_name_once() {
    let on = |name: &str| format!("DTSTART;VALUE=DATE:20260720\nSUMMARY:{name}");
    check(
        &[&on("海の日"), &on("創立記念日"), &on("海の日")],
        "2026-07-20 海の日 / 創立記念日",
    );
}

#[test]
fn tasks_journals_and_alarms_name_no_day() {
    let text = calendar(&[
        "DTSTART;VALUE=DATE:20260720\nSUMMARY:海の日\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:x\nEND:VALARM",
    ]);
    let todo = "BEGIN:VTODO\r\nUID:t\r\nDTSTART;VALUE=DATE:20260801\r\nSUMMARY:x\r\nEND:VTODO\r\nEND:VCALENDAR";
    assert_eq!(
        said(&text.replace("END:VCALENDAR", todo)),
        "2026-07-20 海の日"
    );
}

#[test]
fn line_ends_of_any_kind_and_a_mark_at_the_start_are_read() {
    let text = calendar(&["DTSTART;VALUE=DATE:20260720\nSUMMARY:海の日"]);
    let text = format!("\u{feff}{}", text.replace("\r\n", "\n"));
    assert_eq!(said(&text), "2026-07-20 海の日");
}

#[test]
fn what_is_no_calendar_says_so() {
    let none = "this is no iCalendar: it does not begin with BEGIN:VCALENDAR";
    assert_eq!(said(""), none);
    assert_eq!(said("<html>Sign in: please</html>"), none);
    assert_eq!(said("BEGIN:VCARD\nFN:x\nEND:VCARD\n"), none);
    check(&[], "it names no day");
    check(
        &["DTSTART;VALUE=DATE:20310720\nSUMMARY:after the window"],
        "it names no day",
    );
    let long = format!("BEGIN:VCALENDAR\n{}", "X-A:b\n".repeat(200_000));
    assert_eq!(said(&long), "this is larger than 1024 KiB");
}

#[test]
fn what_is_broken_is_named_with_its_line() {
    let good = "DTSTART;VALUE=DATE:20260720\nSUMMARY:海の日";
    let text = calendar(&[good]);
    let cut = &text[..text.find("END:VEVENT").unwrap()];
    assert_eq!(
        said(cut),
        "line 4: BEGIN:VEVENT has no end: is the text cut off?"
    );
    let crossed = text.replace("END:VEVENT", "END:VCALENDAR");
    assert_eq!(
        said(&crossed),
        "line 9: END:VCALENDAR where BEGIN:VEVENT of line 4 is to end"
    );
    check(
        &[good, "DTSTART;VALUE=DATE:2026-02-30\nSUMMARY:x"],
        "line 10: \"2026-02-30\" is not a date of this event",
    );
    check(
        &["SUMMARY:x"],
        "line 4: this event has no day: DTSTART is missing",
    );
}

#[test]
fn what_recurs_without_measure_is_refused_and_not_waited_for() {
    check(
        &["DTSTART:20000101T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:x"],
        "line 4: this event recurs more than 25000 times",
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a text, it is read or refused; nothing breaks.
    #[test]
    fn a_text_that_was_damaged_is_read_or_refused(cuts in prop::collection::vec((0..2000_usize, 0..40_usize, "[ -~あ\r\n:;=,0-9]{0,12}"), 0..6)) {
        let mut text: Vec<char> = calendar(&[
            "DTSTART;VALUE=DATE:20260720\nDTEND;VALUE=DATE:20260721\nSUMMARY:海の日\nRRULE:FREQ=YEARLY;BYMONTH=7;BYDAY=3MO",
            "DTSTART;TZID=Asia/Tokyo:20260720T000000\nDURATION:P1D\nEXDATE:20260720T000000\nSUMMARY:x",
        ]).chars().collect();
        for (at, length, words) in cuts {
            let from = at % text.len().max(1);
            let to = (from + length).min(text.len());
            text.splice(from..to, words.chars());
        }
        let text: String = text.into_iter().collect();
        let _ = days(&text, &TimeZone::UTC, window());
    }
}

fn stretches_said(events: &[&str]) -> String {
    let text = calendar(events);
    let tokyo = zone("Asia/Tokyo").unwrap();
    let all = stretches(&text, &tokyo, window()).unwrap();
    assert_eq!(
        stretches(&dates_only(&text), &tokyo, window()).unwrap(),
        all
    );
    let all: Vec<String> = all.iter().map(|(a, b)| format!("{a}/{b}")).collect();
    all.join(", ")
}

#[test]
fn stretches_of_whole_days_are_taken_and_meetings_are_not() {
    assert_eq!(stretches_said(&[]), "");
    let away = "DTSTART;VALUE=DATE:20251230\nDTEND;VALUE=DATE:20260104\nSUMMARY:休暇";
    assert_eq!(stretches_said(&[away]), "2025-12-30/2026-01-03");
    let weekly =
        "DTSTART;VALUE=DATE:20260703\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260710";
    assert_eq!(
        stretches_said(&[weekly]),
        "2026-07-03/2026-07-03, 2026-07-17/2026-07-17"
    );
    let dentist = "DTSTART;TZID=Asia/Tokyo:20260703T100000\nDTEND;TZID=Asia/Tokyo:20260703T113000";
    let cancelled = "DTSTART;VALUE=DATE:20260706\nSTATUS:CANCELLED";
    assert_eq!(stretches_said(&[dentist, cancelled]), "");
}

#[test]
fn of_a_calendar_with_dates_only_no_word_is_left() {
    let event = "DTSTART;VALUE=DATE:20260703\nSUMMARY:通院のため\n 休み\nDESCRIPTION;LANGUAGE=ja:秘密\nATTENDEE:mailto:a@example.com";
    let kept = dates_only(&calendar(&[event]));
    assert_eq!(
        kept,
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:0@example.com\r\nDTSTART;VALUE=DATE:20260703\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
}
