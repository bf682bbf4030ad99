//! The little language of ladders.

use crate::config::steps::{Reach, show, step, urgent_step};
use crate::domain::sla::{default_ladder, urgent_ladder};

const REACH: Reach<'static> = Reach {
    is_member: &|id| matches!(id.as_bytes(), b"aoki"),
    roles: Vec::new(),
    has_mail: false,
};

/// A desk with a group and a mail server.
fn wide() -> Reach<'static> {
    Reach {
        roles: vec!["database", "network"],
        has_mail: true,
        ..REACH
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let read = match step(text, &REACH) {
        Ok(step) => show(&step),
        Err(error) => error.to_string(),
    };
    assert_eq!(read, expected, "{text}");
}

#[test]
fn steps_are_read_as_people_write_them() {
    check("60%", "60%");
    check(" -30m->owner ", "-30m -> owner");
    check("breach -> owner, duty,lead", "breach -> owner, duty, lead");
    check("+1h30m -> team", "+1h30m -> team");
    check(
        "+1h repeat 1h -> next, @aoki",
        "+1h repeat 1h -> next, @aoki",
    );
    check(
        "+0m repeat 90m times 3 → duty",
        "+0m repeat 1h30m times 3 -> duty",
    );
    check("breach -> owner, owner", "breach -> owner");
}

#[test]
fn the_default_ladders_can_be_written() {
    for default in default_ladder() {
        assert_eq!(step(&show(&default), &REACH), Ok(default));
    }
    for default in urgent_ladder() {
        assert_eq!(urgent_step(&show(&default), &REACH), Ok(default));
    }
}

#[test]
fn mistakes_in_steps_say_what_to_write() {
    check(
        "soon -> owner",
        "\"soon -> owner\" does not say when: write a share (\"60%\"), a time before (\"-30m\"), \"breach\" or a time after (\"+1h\")",
    );
    check(
        "",
        "\"\" does not say when: write a share (\"60%\"), a time before (\"-30m\"), \"breach\" or a time after (\"+1h\")",
    );
    check(
        "120%",
        "\"120%\" is not a share of the promised time: write 1% to 99%",
    );
    check(
        "0%",
        "\"0%\" is not a share of the promised time: write 1% to 99%",
    );
    check(
        "-30x -> owner",
        "\"-30x\" is not an amount of time: write it like \"90s\", \"30m\", \"4h\" or \"1h30m\"",
    );
    check(
        "+1h again 1h -> owner",
        "\"again 1h\" does not fit behind the time: write \"repeat 1h\" or \"repeat 1h times 3\"",
    );
    check(
        "+1h repeat 1s -> owner",
        "a repeat of \"1s\" is too short: at least one minute",
    );
    check(
        "+1h repeat 1h times 0 -> owner",
        "\"0\" is not how often something is said: write a number from 1 to 1000",
    );
    check(
        "+1h repeat 1h",
        "a step that repeats must tell somebody: add \"-> owner\"",
    );
    check(
        "breach ->",
        "there is nobody behind the arrow: write who is told, such as \"-> owner, duty\"",
    );
    check(
        "breach -> ownr",
        "nobody is called \"ownr\" here; did you mean \"owner\"?; a member is written with an @, a group as role:NAME, an address as mail:ADDRESS",
    );
    check(
        "breach -> @nobody",
        "nobody is called \"@nobody\" here; known are \"owner\", \"duty\", \"next\", \"lead\", \"team\", \"queue\"; a member is written with an @, a group as role:NAME, an address as mail:ADDRESS",
    );
    assert_eq!(
        urgent_step("60% -> duty", &REACH).unwrap_err().to_string(),
        "the alarm of urgent inquiries counts from its start: write \"+0m\", \"+5m\" …, not \"60% -> duty\""
    );
}

#[track_caller]
fn check_wide(text: &str, expected: &str) {
    let read = match step(text, &wide()) {
        Ok(step) => show(&step),
        Err(error) => error.to_string(),
    };
    assert_eq!(read, expected, "{text}");
}

#[test]
fn the_queue_groups_and_addresses_are_told_too() {
    check("60% -> queue", "60% -> queue");
    check_wide(
        "breach -> owner, role:database, mail:desk@example.com",
        "breach -> owner, role:database, mail:desk@example.com",
    );
    check_wide(
        "breach -> role: network ,queue",
        "breach -> role:network, queue",
    );
}

#[test]
fn a_group_or_address_that_cannot_be_told_is_refused_with_what_is_known() {
    check_wide(
        "breach -> role:databas",
        "there is no role \"databas\"; did you mean \"database\"?",
    );
    check(
        "breach -> role:database",
        "there is no role \"database\"; no [[role]] is configured",
    );
    check_wide(
        "breach -> mail:Desk <desk@example.com>",
        "\"Desk <desk@example.com>\" is no mail address: write it plainly, as in \"mail:desk@example.com\"",
    );
    check_wide(
        "breach -> mail:desk@example.com\r",
        "breach -> mail:desk@example.com",
    );
    check(
        "breach -> mail:desk@example.com",
        "\"desk@example.com\" is told by mail, but there is no [mail]: say there by which server it goes",
    );
}
