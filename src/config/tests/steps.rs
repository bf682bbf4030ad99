//! The little language of ladders.

use crate::config::steps::{show, step, urgent_step};
use crate::domain::sla::{default_ladder, urgent_ladder};

fn is_member(id: &str) -> bool {
    id == "aoki"
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let read = match step(text, &is_member) {
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
        assert_eq!(step(&show(&default), &is_member), Ok(default));
    }
    for default in urgent_ladder() {
        assert_eq!(urgent_step(&show(&default), &is_member), Ok(default));
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
        "nobody is called \"ownr\" here; did you mean \"owner\"?; a member is written with an @",
    );
    check(
        "breach -> @nobody",
        "nobody is called \"@nobody\" here; known are \"owner\", \"duty\", \"next\", \"lead\", \"team\"; a member is written with an @",
    );
    assert_eq!(
        urgent_step("60% -> duty", &is_member)
            .unwrap_err()
            .to_string(),
        "the alarm of urgent inquiries counts from its start: write \"+0m\", \"+5m\" …, not \"60% -> duty\""
    );
}
