//! Bad files: each with the exact line, key and words.

use super::*;

/// Spoils the small good file at one place (or at its end) and reads it.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let text = if from.is_empty() {
        format!("{BASE}{to}")
    } else {
        assert!(BASE.contains(from), "{from:?} is not in the good file");
        BASE.replacen(from, to, 1)
    };
    let found: Vec<String> = match read(&text) {
        Ok(config) => vec![format!("it is good: {}", config.warnings)],
        Err(problems) => problems.list.iter().map(ToString::to_string).collect(),
    };
    let found: Vec<&str> = found
        .iter()
        .map(|line| line.strip_prefix("toban.toml:").unwrap_or(line))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn what_is_no_toml_is_refused_with_its_place() {
    check(
        "name = \"青木\"",
        "name = 青木",
        &["3:8: this is not TOML: string values must be quoted, expected literal string"],
    );
    check(
        "[[calendar]]",
        "[[calendar]",
        &["10:12: this is not TOML: unclosed array table, expected `]`"],
    );
    check(
        "id = \"aoki\"",
        "id = \"aoki\"\nid = \"inoue\"",
        &["3:1: this is not TOML: duplicate key"],
    );
}

#[test]
fn a_misspelt_key_suggests_the_near_one() {
    check(
        "participants",
        "participant",
        &[
            "20:1: rota[0].participants: \"participants\" is missing (add it, such as participants = [\"aoki\", \"inoue\"])",
            "22:1: rota[0].participant: unknown key \"participant\" in [rota] (did you mean \"participants\"?)",
        ],
    );
    check(
        "[[queue]]",
        "[[queues]]",
        &[
            "1:1: queue: there is no queue (add one: [[queue]] with an id, a rota, a policy and a calendar)",
            "24:3: queues: unknown key \"queues\" in the file (did you mean \"queue\"?)",
        ],
    );
    check(
        "lead = true",
        "leed = true",
        &["8:1: member[1].leed: unknown key \"leed\" in [member] (did you mean \"lead\"?)"],
    );
    check(
        "",
        "[server]\nbnid = \"127.0.0.1:1\"\n",
        &["30:1: server.bnid: unknown key \"bnid\" in [server] (did you mean \"bind\"?)"],
    );
    check(
        "",
        "[desk]\ncolour = \"red\"\n",
        &[
            "30:1: desk.colour: unknown key \"colour\" in [desk] (known here are \"lang\", \"zone\", \"operators\", \"fallback\", \"body_in_chat\", \"duty_guide\", \"duty_checklist\", \"url\", \"pings_per_hour\")",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\nfirst_respose = \"8h\"",
        &[
            "19:1: policy[0].target[0].first_respose: unknown key \"first_respose\" in [policy.target] (did you mean \"first_response\"?)",
        ],
    );
}

#[test]
fn a_value_of_the_wrong_type_says_what_it_must_be() {
    check(
        "lead = true",
        "lead = \"yes\"",
        &["8:8: member[1].lead: this is a text, but it must be true or false"],
    );
    check(
        "name = \"office\"",
        "name = 7",
        &[
            "11:8: calendar[0].name: this is a number, but it must be a text in quotes",
            "28:12: queue[0].calendar: there is no calendar \"office\" (known are \"always\")",
        ],
    );
    check(
        "participants = [\"aoki\", \"ueda\"]",
        "participants = { aoki = 1 }",
        &["22:16: rota[0].participants: this is a table, but it must be a list"],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nchase_days = \"two\"\n",
        &["16:14: policy[0].chase_days: this is a text, but it must be a number"],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nchase_days = 0\n",
        &["16:14: policy[0].chase_days: 0 is not between 1 and 365"],
    );
    check(
        "[[rota]]",
        "[rota]",
        &[
            "20:1: rota: [rota] stands once, but there may be several (write it with two brackets: [[rota]])",
            "26:8: queue[0].rota: there is no rota \"support\" (there is none yet)",
        ],
    );
    check(
        "id = \"support\"\nrota",
        "id = \"\"\nrota",
        &["25:6: queue[0].id: this is blank"],
    );
    check(
        "id = \"support\"\nrota",
        "id = \"サポート\"\nrota",
        &[
            "25:6: queue[0].id: \"サポート\" cannot be an id (use letters a to z, digits, - and _; what people see is the name)",
        ],
    );
}

#[test]
fn members_are_people_of_their_own() {
    check(
        "id = \"ueda\"",
        "id = \"aoki\"",
        &[
            "6:6: member[1].id: member \"aoki\" is there twice (give each member an id of their own)",
            "22:25: rota[0].participants[1]: \"ueda\" is no member (known are \"aoki\")",
        ],
    );
    check(
        "id = \"ueda\"\n",
        "",
        &[
            "5:1: member[1].id: \"id\" is missing (add it, such as id = \"aoki\")",
            "21:25: rota[0].participants[1]: \"ueda\" is no member (known are \"aoki\")",
        ],
    );
    check(
        "name = \"青木\"",
        "name = \"青木\"\ndiscord = \"1\"\n[[member]]\nid = \"inoue\"\ndiscord = \"1\"",
        &[
            "7:11: member[1].discord: member \"aoki\" has this Discord id already (one person has one id)",
        ],
    );
    check(
        "name = \"青木\"",
        "name = \"青木\"\ndiscord = \"aoki#1234\"",
        &[
            "4:11: member[0].discord: \"aoki#1234\" is not a Discord id (it is a long number: right-click the thing in Discord (developer mode on) and copy its id)",
        ],
    );
    check(
        "name = \"青木\"",
        "name = \"青木\"\nlang = \"jp\"",
        &["4:8: member[0].lang: \"jp\" is not known (did you mean \"ja\"?)"],
    );
}

#[test]
fn a_member_without_a_chat_id_is_named_with_the_queue() {
    check(
        "",
        "discord_channel = \"77\"\n[discord]\nenabled = true\ntoken_env = \"TOKEN\"\napplication_id = \"5\"\nguild_id = \"6\"\n",
        &[
            "1:1: member[0]: member \"aoki\" has no discord id, but queue \"support\" posts there and may call them (add discord = \"…\", or leave them out of the queue's members and rota)",
            "5:1: member[1]: member \"ueda\" has no discord id, but queue \"support\" posts there and may call them (add discord = \"…\", or leave them out of the queue's members and rota)",
        ],
    );
}

#[test]
fn a_calendar_must_open_in_a_zone_that_exists() {
    check(
        "hours = \"09:00-12:00, 13:00-18:00\"\n",
        "",
        &[
            "10:1: calendar[0].hours: calendar \"office\" never opens (give at least one weekday some hours: hours = { weekdays = \"09:00-12:00, 13:00-18:00\" })",
        ],
    );
    check(
        "hours = \"09:00-12:00, 13:00-18:00\"",
        "hours = \"\"",
        &[
            "12:9: calendar[0].hours: calendar \"office\" never opens (give at least one weekday some hours: hours = { weekdays = \"09:00-12:00, 13:00-18:00\" })",
        ],
    );
    check(
        "hours = \"09:00-12:00, 13:00-18:00\"",
        "hours = \"09:00-12:00, 11:00-18:00\"",
        &[
            "12:9: calendar[0].hours: calendar \"office\": the hours of Monday overlap: 09:00-12:00 and 11:00-18:00 (let one period end before the next begins)",
        ],
    );
    check(
        "hours = \"09:00-12:00, 13:00-18:00\"",
        "hours = \"9 to 5\"",
        &[
            "12:9: calendar[0].hours: period \"9 to 5\" is not a pair of times such as \"09:00-12:00\"",
        ],
    );
    check(
        "hours = \"09:00-12:00, 13:00-18:00\"",
        "hours = { monday = \"09:00-12:00\" }",
        &[
            "12:9: calendar[0].hours: calendar \"office\" never opens (give at least one weekday some hours: hours = { weekdays = \"09:00-12:00, 13:00-18:00\" })",
            "12:11: calendar[0].hours.monday: unknown key \"monday\" in [calendar.hours] (known here are \"weekdays\", \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\")",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nzone = \"Asia/Tokio\"",
        &[
            "12:8: calendar[0].zone: unknown time zone \"Asia/Tokio\" (did you mean \"Asia/Tokyo\"?)",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nzone = \"Mars/Olympus\"",
        &[
            "12:8: calendar[0].zone: unknown time zone \"Mars/Olympus\" (use a name of the IANA database such as \"Asia/Tokyo\")",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nzone = \"tokyo\"",
        &["12:8: calendar[0].zone: unknown time zone \"tokyo\" (did you mean \"Asia/Tokyo\"?)"],
    );
    check(
        "name = \"office\"",
        "name = \"always\"",
        &[
            "11:8: calendar[0].name: calendar \"always\" is built in (give yours another name)",
            "28:12: queue[0].calendar: there is no calendar \"office\" (known are \"always\")",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\npreset = \"japan-ofice\"",
        &[
            "12:10: calendar[0].preset: there is no calendar preset \"japan-ofice\" (did you mean \"japan-office\"?)",
        ],
    );
    check(
        "",
        "[[calendar]]\nname = \"office\"\nhours = \"09:00-12:00\"\n",
        &[
            "30:8: calendar[1].name: calendar \"office\" is there twice (give each calendar a name of its own)",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nholidays = \"japn\"",
        &["12:12: calendar[0].holidays: \"japn\" is not known (did you mean \"japan\"?)"],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nholidays = [{ date = \"2027-02-30\", name = \"x\" }, { date = 2027-02-03 }]",
        &[
            "12:22: calendar[0].holidays[0].date: \"2027-02-30\" is not a date (write it as year, month and day: 2026-12-29)",
            "12:50: calendar[0].holidays[1].name: \"name\" is missing (add it, such as name = \"創立記念日\")",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nclosures = [{ first = 2027-01-03, last = 2026-12-29, name = \"年末\" }]",
        &[
            "12:42: calendar[0].closures[0].last: the closure ends on 2026-12-29, before it starts on 2027-01-03 (swap the dates)",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nclosures = [{ first = \"12-29\", last = 2027-01-03, name = \"年末\" }]",
        &[
            "12:39: calendar[0].closures[0].last: one date has a year and the other has none (write both with a year (2026-12-29) or both without (\"12-29\": every year))",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nclosures = [{ first = 2026-12-29, last = 2072-01-03, name = \"年末\" }]",
        &[
            "12:42: calendar[0].closures[0].last: the closure from 2026-12-29 to 2072-01-03 is longer than a year (check the years)",
        ],
    );
    check(
        "name = \"office\"",
        "name = \"office\"\nexceptions = [{ date = 2027-03-27, hours = \"10:00\" }]",
        &[
            "12:44: calendar[0].exceptions[0].hours: period \"10:00\" is not a pair of times such as \"09:00-12:00\"",
        ],
    );
}

#[test]
fn a_policy_must_promise_something_to_everybody() {
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\nseverity = \"S1\"",
        &[
            "17:1: policy[0].target: policy \"standard\" has no row for every severity and plan (end it with a [[policy.target]] whose severity and plan are \"*\", and without a region)",
        ],
    );
    check(
        "[[policy.target]]\nfirst_response = \"8h\"\n",
        "",
        &[
            "14:1: policy[0].target: policy \"standard\" has no row for every severity and plan (end it with a [[policy.target]] whose severity and plan are \"*\", and without a region)",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\nseverity = \"S5\"",
        &[
            "19:12: policy[0].target[0].severity: \"S5\" is not a severity (write S1, S2, S3 or S4, S1 the worst)",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\n[[policy.target]]\nseverity = \"S1\"",
        &[
            "19:1: policy[0].target[1]: this row is never reached: a row above takes all that it would (the first row that fits rules; move this one up or drop it)",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"2d\"",
        &[
            "18:18: policy[0].target[0].first_response: \"2d\" counts days, but this amount is counted in a calendar's open hours: write hours, such as \"16h\"",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8 hours\"",
        &[
            "18:18: policy[0].target[0].first_response: \"8 hours\" is not an amount of time: write it like \"90s\", \"30m\", \"4h\" or \"1h30m\"",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"-8h\"",
        &["18:18: policy[0].target[0].first_response: an amount of time must be more than none"],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\ncalendar = \"ofice\"",
        &[
            "19:12: policy[0].target[0].calendar: there is no calendar \"ofice\" (did you mean \"office\"?)",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\ncategories = [\"不具合\", \"仕様\", \"不具合\"]\n",
        &[
            "16:28: policy[0].categories[2]: category \"不具合\" is there twice (name each category once)",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\ncategories = []\n",
        &[
            "16:14: policy[0].categories: there are no categories, but a resolution needs one (name at least one)",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nwake_up = [\"S0\"]\n",
        &[
            "16:12: policy[0].wake_up[0]: \"S0\" is not a severity (write S1, S2, S3 or S4, S1 the worst)",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nquiet = \"1d\"\n",
        &[
            "16:9: policy[0].quiet: \"1d\" counts days, but this amount is counted in a calendar's open hours: write hours, such as \"16h\"",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nrelease_after = \"16h\"\n",
        &[
            "16:17: policy[0].release_after: release_after must be longer than twice quiet: the owner is asked after quiet, the duty after as long again (write a longer time, or leave it out: then nothing is taken from its owner)",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\nvendor = \"2d\"",
        &[
            "19:10: policy[0].target[0].vendor: \"2d\" counts days, but this amount is counted in a calendar's open hours: write hours, such as \"16h\"",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\n[policy.severity]\nS1 = { ja = \"止まった\" }",
        &[
            "20:6: policy[0].severity.S1.en: \"en\" is missing (add it, such as en = \"business has stopped\")",
        ],
    );
    check(
        "first_response = \"8h\"",
        "first_response = \"8h\"\n[policy.ladder.S1]\nclaim = [\"soon\"]",
        &[
            "20:10: policy[0].ladder.S1.claim[0]: \"soon\" does not say when: write a share (\"60%\"), a time before (\"-30m\"), \"breach\" or a time after (\"+1h\")",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nresolution_pauses = [\"customer\"]\n",
        &[
            "16:22: policy[0].resolution_pauses[0]: \"customer\" is not known (known are \"requester\", \"vendor\", \"development\", \"next_tier\")",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\nsteps = [\"60%\", \"breach -> onwer\"]\n",
        &[
            "16:17: policy[0].steps[1]: nobody is called \"onwer\" here; did you mean \"owner\"?; a member is written with an @, a group as role:NAME, an address as mail:ADDRESS",
        ],
    );
    check(
        "name = \"standard\"\n",
        "name = \"standard\"\n[policy.ladder]\nurgent = [\"60% -> duty\"]\nclaim = [\"-30 -> owner\"]\n",
        &[
            "17:11: policy[0].ladder.urgent[0]: the alarm of urgent inquiries counts from its start: write \"+0m\", \"+5m\" …, not \"60% -> duty\"",
            "18:10: policy[0].ladder.claim[0]: \"-30\" is not an amount of time: write it like \"90s\", \"30m\", \"4h\" or \"1h30m\"",
        ],
    );
    check(
        "",
        "[[policy]]\nname = \"standard\"\npreset = \"standard\"\n",
        &[
            "30:8: policy[1].name: policy \"standard\" is there twice (give each policy a name of its own)",
        ],
    );
}

#[test]
fn a_rota_needs_members_and_a_rhythm() {
    check(
        "participants = [\"aoki\", \"ueda\"]",
        "participants = []",
        &[
            "22:16: rota[0].participants: rota \"support\" has no participants (name at least one member)",
        ],
    );
    check(
        "participants = [\"aoki\", \"ueda\"]\n",
        "",
        &[
            "20:1: rota[0].participants: \"participants\" is missing (add it, such as participants = [\"aoki\", \"inoue\"])",
        ],
    );
    check(
        "participants = [\"aoki\", \"ueda\"]",
        "participants = [\"aoki\", \"uedda\"]",
        &["22:25: rota[0].participants[1]: \"uedda\" is no member (did you mean \"ueda\"?)"],
    );
    check(
        "[[rota]]",
        "[[rota]]\nhandoff = \"9h30\"",
        &[
            "21:11: rota[0].handoff: \"9h30\" is not a time of day (write hours and minutes, such as \"09:30\")",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\ncadence = \"fortnightly\"",
        &[
            "21:11: rota[0].cadence: \"fortnightly\" is not a cadence (write \"daily\", \"weekly\", \"monthly\", or \"every 2 weeks\" (hours, days, weeks, months))",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\ncadence = \"every 0 days\"",
        &[
            "21:11: rota[0].cadence: rota \"support\" turns over every 0, but it must be between 1 and 1000",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\ncadence = \"every 8 hours\"\nworks = \"office\"",
        &[
            "21:11: rota[0].cadence: rota \"support\" turns over by the hour, so it cannot have days off: drop its calendar or count in days",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\nworks = \"offices\"",
        &["21:9: rota[0].works: there is no calendar \"offices\" (did you mean \"office\"?)"],
    );
    check(
        "[[rota]]",
        "[[rota]]\nstarts = \"16.11.2026\"",
        &[
            "21:10: rota[0].starts: \"16.11.2026\" is not a date (write it as year, month and day: 2026-12-29)",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\noff_hours = \"nobody\"",
        &[
            "21:13: rota[0].off_hours: \"nobody\" does not say who is called off hours (write \"duty\", \"member:ID\" or \"rota:NAME\")",
        ],
    );
    check(
        "[[rota]]",
        "[[rota]]\noff_hours = \"member:inoue\"",
        &["21:13: rota[0].off_hours: \"inoue\" is no member (known are \"aoki\", \"ueda\")"],
    );
    check(
        "[[rota]]",
        "[[rota]]\noff_hours = \"rota:nigth\"",
        &["21:13: rota[0].off_hours: there is no rota \"nigth\" (known are \"support\")"],
    );
    check(
        "[[rota]]",
        "[[rota]]\noff_hours = \"rota:support\"",
        &[
            "21:13: rota[0].off_hours: rota \"support\" passes its off-hours on in a circle back to itself (let one of the rotas name a member, or \"duty\")",
        ],
    );
    check(
        "[[rota]]\nname = \"support\"",
        "[[rota]]\nname = \"night\"\noff_hours = \"rota:support\"\nparticipants = [\"aoki\"]\n[[rota]]\nname = \"support\"\noff_hours = \"rota:night\"",
        &[
            "22:13: rota[0].off_hours: rota \"night\" passes its off-hours on in a circle back to itself (let one of the rotas name a member, or \"duty\")",
            "26:13: rota[1].off_hours: rota \"support\" passes its off-hours on in a circle back to itself (let one of the rotas name a member, or \"duty\")",
        ],
    );
}

#[test]
fn a_queue_names_what_there_is() {
    check(
        "rota = \"support\"",
        "rota = \"suport\"",
        &["26:8: queue[0].rota: there is no rota \"suport\" (did you mean \"support\"?)"],
    );
    check(
        "policy = \"standard\"",
        "policy = \"gold\"",
        &["27:10: queue[0].policy: there is no policy \"gold\" (known are \"standard\")"],
    );
    check(
        "calendar = \"office\"",
        "calendar = \"ofice\"",
        &["28:12: queue[0].calendar: there is no calendar \"ofice\" (did you mean \"office\"?)"],
    );
    check(
        "calendar = \"office\"\n",
        "",
        &[
            "24:1: queue[0].calendar: \"calendar\" is missing (add it, such as calendar = \"office\")",
        ],
    );
    check(
        "[[queue]]",
        "[[queue]]\nassignment = \"auto\"",
        &["25:14: queue[0].assignment: \"auto\" is not known (known are \"claim\", \"duty\")"],
    );
    check(
        "[[queue]]",
        "[[queue]]\nhandoff = \"drop\"\nhandoff_answer_within = \"0m\"\noverflow = -1",
        &[
            "25:11: queue[0].handoff: \"drop\" is not known (known are \"keep\", \"hand_over\", \"release\")",
            "26:25: queue[0].handoff_answer_within: an amount of time must be more than none",
            "27:12: queue[0].overflow: -1 is not between 0 and 1000",
        ],
    );
    check(
        "[[queue]]",
        "[[queue]]\nleads = [\"boss\"]",
        &["25:10: queue[0].leads[0]: \"boss\" is no member (known are \"aoki\", \"ueda\")"],
    );
    check(
        "",
        "[[queue]]\nid = \"b\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"office\"\n",
        &[
            "24:1: queue: no queue is the default (add default = true to the queue that takes what no route takes)",
        ],
    );
    check(
        "",
        "default = true\n[[queue]]\nid = \"b\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"office\"\ndefault = true\n",
        &[
            "35:11: queue[1].default: queue \"support\" is the default already (one queue takes what no route takes)",
        ],
    );
    check(
        "",
        "default = true\n[[queue]]\nid = \"support\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"office\"\n",
        &["31:6: queue[1].id: queue \"support\" is there twice (give each queue an id of its own)"],
    );
}

#[test]
fn a_route_is_true_or_false_and_leads_somewhere() {
    check(
        "",
        "[[route]]\nwhen = \"product == 'billing'\"\nqueue = \"biling\"\n",
        &["31:9: route[0].queue: there is no queue \"biling\" (known are \"support\")"],
    );
    check(
        "",
        "[[route]]\nwhen = \"product = 'billing'\"\nqueue = \"support\"\n",
        &["30:8: route[0].when: syntax: unexpected input after expression (at its column 9)"],
    );
    check(
        "",
        "[[route]]\nwhen = \"product\"\nqueue = \"support\"\n",
        &[
            "30:8: route[0].when: the rule answered string `sample` where true or false is needed; compare it, as in `… == \"sample\"`",
        ],
    );
    check(
        "",
        "[[route]]\nwhen = \"produkt == 'billing'\"\nqueue = \"support\"\n",
        &["30:8: route[0].when: an inquiry has no field \"produkt\" (did you mean \"product\"?)"],
    );
    check(
        "",
        "[[route]]\nwhen = \"product | uper == 'X'\"\nqueue = \"support\"\n",
        &["30:8: route[0].when: there is no filter `uper`; did you mean `upper`?"],
    );
    check(
        "",
        "[[route]]\nqueue = \"support\"\n",
        &[
            "29:1: route[0].when: \"when\" is missing (add it, such as when = \"product == 'billing'\")",
        ],
    );
    check(
        "",
        "[[route]]\nwhen = \"'Tokyo' in region\"\nqueue = \"support\"\n",
        &[
            "30:8: route[0].when: cannot perform a containment check on this value (what the source did not say is null: give it a value, as in (region | default('', true)))",
        ],
    );
}

#[test]
fn a_secret_in_place_of_a_name_is_not_repeated() {
    let source = |line: &str| {
        format!(
            "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\n{line}\n[source.mapping]\nexternal_id = \"{{{{ id }}}}\"\ntitle = \"{{{{ title }}}}\"\n"
        )
    };
    for secret in [
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "pass-word",
        "0123456789abcdef0123456789abcdef",
        "秘密",
    ] {
        let text = format!("{BASE}{}", source(&format!("secret_env = {secret:?}")));
        let problems = read(&text).unwrap_err();
        let said = format!("{problems}\n{}", problems.render(false));
        assert!(
            said.contains("source[0].secret_env: this names a variable"),
            "{said}"
        );
        assert!(said.contains("toban.toml:33:14"), "{said}");
        assert!(!said.contains(secret) && !said.contains("export"), "{said}");
    }
    // One that is warned of is not shown either, also beside another mistake.
    let text = format!("{BASE}{}", source("secret = \"pass word\"\nbnid = 1"));
    let said = read(&text).unwrap_err().render(false);
    assert!(
        said.contains("bnid = 1") && !said.contains("pass word"),
        "{said}"
    );
}

#[test]
fn a_webhook_needs_a_secret_and_a_mapping() {
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "30:1: source[0].secret: source \"hook\" takes deliveries without a secret (name the variable that holds it: secret_env = \"…\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"TRACKER_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "33:14: source[0].secret_env: the environment variable TRACKER_SECRET is not set (set it before the start: export TRACKER_SECRET=…)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_file = \"nowhere/key\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "33:15: source[0].secret_file: the file \"nowhere/key\" cannot be read: No such file or directory (os error 2)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\nsecret = \"x\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "33:14: source[0].secret_env: secret and secret_env are given at once (keep one of them)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"TOKEN\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "33:14: source[0].secret_env: the secret is not base64 after an optional \"whsec_\", as standard-webhooks wants it (make one: echo \"whsec_$(openssl rand -base64 32)\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\nauth = \"githib\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "34:8: source[0].auth: there is no signature scheme \"githib\" (did you mean \"github\"?; or spell it out in [source.auth])",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.auth]\nkind = \"hmac-header\"\nheader = \"x sig\"\nalgorithm = \"md5\"\n",
        &[
            "39:10: source[0].auth.header: \"x sig\" cannot be the name of a header",
            "40:13: source[0].auth.algorithm: \"md5\" is not known (known are \"sha256\", \"sha512\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.auth]\nkind = \"hmac-header\"\nheader = \"x-sig\"\n[source.auth.timestamp]\nheader = \"x-time\"\nsigned = \"{body}\"\n",
        &[
            "42:10: source[0].auth.timestamp.signed: \"{body}\" does not say what is signed (write {timestamp} and then {body}, each once, as in \"v0:{timestamp}:{body}\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n",
        &[
            "30:1: source[0].mapping: the source does not say how its documents are read (add [source.mapping] with at least external_id and title, or a preset)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\ntitle = \"{{ title }}\"\n",
        &[
            "34:1: source[0].mapping.external_id: \"external_id\" is missing (add it, such as external_id = \"{{ id }}\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"id\"\ntitle = \"{{ title }}\"\n",
        &[
            "35:15: source[0].mapping.external_id: the id reads nothing of the document, so all would be the same inquiry (put the field that names the item in double braces: \"{{ id }}\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title\"\n",
        &[
            "36:9: source[0].mapping.title: syntax: unexpected end of input, expected end of variable block (at its column 4)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title | trunc }}\"\n",
        &["36:9: source[0].mapping.title: there is no filter `trunc`; did you mean `truncate`?"],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\nis_closed = \"{{ status }}\"\n",
        &[
            "37:13: source[0].mapping.is_closed: \"is_closed\" is computed, so it is written without braces (write a bare expression, such as \"status == 'closed'\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\nkund = \"{{ kind }}\"\n",
        &[
            "37:1: source[0].mapping.kund: unknown key \"kund\" in [source.mapping] (did you mean \"kind\"?)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\npreset = \"redmin\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "34:10: source[0].preset: there is no source preset \"redmin\" (did you mean \"redmine\"?)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhok\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &["32:8: source[0].kind: \"webhok\" is not known (did you mean \"webhook\"?)"],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &["39:6: source[1].id: source \"hook\" is there twice (give each source an id of its own)"],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.owners]\n\"T. Aoki\" = \"aokii\"\n[source.defaults]\nkind = \"question\"\nseverity = \"high\"\n",
        &[
            "38:13: source[0].owners.T. Aoki: \"aokii\" is no member (did you mean \"aoki\"?)",
            "40:8: source[0].defaults.kind: \"question\" is not known (known are \"investigation\", \"specification\")",
            "41:12: source[0].defaults.severity: \"high\" is not a severity (write S1, S2, S3 or S4, S1 the worst)",
        ],
    );
}

#[test]
fn a_poll_says_when_where_and_what() {
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\ngone_after = 3\n",
        &[
            "40:14: source[0].poll.gone_after: \"gone_after\" has no use here: the list is not said to hold everything that is open (add complete = true, or drop it)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\ncomplete = true\ngone_after = 0\n",
        &["41:14: source[0].poll.gone_after: 0 is not between 1 and 100"],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &[
            "36:1: source[0].poll.every: nothing says when it is polled (add every = \"1m\", or cron = \"*/5 9-18 * * 1-5\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1s\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &[
            "37:9: source[0].poll.every: this is too often: the source would be asked without rest (ask at most every 5s)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\ncron = \"* * * * *\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &["38:8: source[0].poll.cron: every and cron are given at once (keep one of them)"],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\ncron = \"*/5 9-18 * * 1-8\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &[
            "37:8: source[0].poll.cron: cron expression \"*/5 9-18 * * 1-8\": day of week \"1-8\" is not valid",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\ncron = \"0 0 30 2 *\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &["37:8: source[0].poll.cron: cron expression \"0 0 30 2 *\" never fires"],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nitems = \"items\"\n",
        &[
            "36:1: source[0].poll.url: \"url\" is missing (add it, such as url = \"{{ base_url }}/items.json\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items?after={{ cursr }}\"\nitems = \"items\"\n",
        &[
            "38:7: source[0].poll.url: \"cursr\" is no value that this text can see (did you mean \"cursor\"?)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items[\"\n",
        &[
            "39:9: source[0].poll.items: syntax: unexpected end of input, expected expression (at its column 6)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"{{ base_url }}/items\"\nitems = \"items\"\nheaders = { x-key = \"{{ secret }}\" }\n",
        &[
            "30:1: source[0].base_url: source \"legacy\" needs {{ base_url }}, but has none (add base_url = \"https://…\")",
            "30:1: source[0].secret: source \"legacy\" sends {{ secret }}, but has none (name the variable that holds it: secret_env = \"…\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "30:1: source[0].poll: source \"legacy\" is polled, but does not say how (add [source.poll] with url, items and every)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n[source.poll.check]\nheaders = { x = \"{{ secrets }}\" }\n",
        &[
            "40:1: source[0].poll.check.url: \"url\" is missing (add it, such as url = \"{{ base_url }}/me.json\")",
            "41:17: source[0].poll.check.headers.x: \"secrets\" is no value that this text can see (did you mean \"secret\"?)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\nmethod = \"FETCH\"\nheaders = { \"x key\" = \"1\" }\n",
        &[
            "40:10: source[0].poll.method: \"FETCH\" is not known (known are \"GET\", \"POST\", \"PUT\", \"PATCH\", \"DELETE\")",
            "41:23: source[0].poll.headers.x key: \"x key\" cannot be the name of a header",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\nsince = \"last year\"\nbacklog = \"loud\"\nbase_url = \"legacy\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &[
            "33:9: source[0].since: \"last year\" is not an instant (write a date (2026-04-01) or a date and time with offset (2026-04-01T09:00:00+09:00))",
            "34:11: source[0].backlog: \"loud\" is not known (known are \"skip\", \"quiet\")",
            "35:12: source[0].base_url: \"legacy\" is not a web address (it starts with http:// or https:// and names a host)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\nwrite_back = [\"reply\", \"note\"]\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n",
        &[
            "33:15: source[0].write_back[0]: \"reply\" is to go back, but nothing says how (add [source.way_back] with method, url and body)",
            "33:24: source[0].write_back[1]: \"note\" is not known (known are \"reply\", \"bounce\", \"answer\", \"owner\", \"close\", \"claim\", \"assign\", \"release\", \"reopen\", \"severity\", \"resolve\")",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\nwrite_back = [\"reply\", \"close\"]\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n[source.way_back.reply]\nurl = \"{{ base_url }}\"\nbody = \"{{ txt }}\"\n[source.way_back.owner]\nurl = \"x\"\n",
        &[
            "43:8: source[0].way_back.reply.body: \"txt\" is no value that this text can see (did you mean \"text\"?)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.mapping.message]\nid = \"{{ message.id }}\"\nby = \"team\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\nitems = \"items\"\n[source.poll.detail]\nurl = \"https://legacy.example.com/items/{{ id }}\"\n",
        &[
            "36:1: source[0].mapping.message.at: \"at\" is missing (add it, such as at = \"{{ message.created_at }}\")",
            "36:1: source[0].mapping.message.text: \"text\" is missing (add it, such as text = \"{{ message.text }}\")",
            "44:7: source[0].poll.detail.url: \"id\" is no value that this text can see (known are \"item\", \"cursor\", \"since\", \"from\", \"base_url\", \"secret\", \"setting\")",
        ],
    );
}

#[test]
fn a_table_a_nudge_and_a_setting_are_checked() {
    let source = |more: &str| {
        format!(
            "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{{{ id }}}}\"\ntitle = \"{{{{ title }}}}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items\"\n{more}"
        )
    };
    check(
        "",
        &source("format = \"csv\"\nencoding = \"sjis\"\ndelimiter = \"||\"\n"),
        &[
            "40:12: source[0].poll.encoding: \"sjis\" is not known (known are \"auto\", \"utf-8\", \"cp932\", \"euc-jp\")",
        ],
    );
    check(
        "",
        &source("format = \"csv\"\ndelimiter = \"||\"\n"),
        &[
            "40:13: source[0].poll.delimiter: this is no single character of ASCII that could part columns (write \",\", \";\" or \"\\t\")",
        ],
    );
    check(
        "",
        &source("items = \"items\"\nencoding = \"cp932\"\n"),
        &[
            "40:12: source[0].poll.encoding: \"encoding\" has no use here: JSON is always UTF-8 and has no columns (drop it, or add format = \"csv\")",
        ],
    );
    check(
        "",
        &source("format = \"csv\"\ngood_when = \"ok\"\n"),
        &[
            "40:13: source[0].poll.good_when: \"good_when\" has no use here: it is told of JSON, and a table that is answered is good (drop it; an answer that is JSON instead of CSV is taken for an error anyway)",
        ],
    );
    check(
        "",
        &source("items = \"[setting.list, setting.list, row]\"\nbody = \"{{ setting.db }}\"\n"),
        &[
            "30:1: source[0].setting: source \"legacy\" needs the setting \"db\", but has none (add db = \"…\" under [source.setting]; what it is stands in the preset or in docs/sources)",
            "30:1: source[0].setting: source \"legacy\" needs the setting \"list\", but has none (add list = \"…\" under [source.setting]; what it is stands in the preset or in docs/sources)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\ndelivery = \"nudge\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n",
        &[
            "34:12: source[0].delivery: a nudge has the source polled, but nothing says how (add [source.poll] with url, items and every)",
        ],
    );
}

#[test]
fn the_edges_are_checked_too() {
    check(
        "",
        "[server]\nbind = \"localhost\"\npublic_url = \"desk.example.com\"\nlog = \"lots=of=noise\"\nlog_format = \"xml\"\n",
        &[
            "30:8: server.bind: \"localhost\" is not an address to listen on (write an IP address and a port, such as \"127.0.0.1:8420\" or \"0.0.0.0:8420\")",
            "31:14: server.public_url: \"desk.example.com\" is not a web address (it starts with http:// or https:// and names a host)",
            "32:7: server.log: error parsing level filter: expected one of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or a number 0-5",
            "33:14: server.log_format: \"xml\" is not known (known are \"text\", \"json\")",
        ],
    );
    check(
        "",
        "[database]\nurl = \"mysql://db/toban\"\ndirect_url_env = \"NOT_SET\"\n",
        &[
            "30:7: database.url: this is not the address of a database toban can use (it starts with sqlite: or postgres:// or postgresql://)",
            "31:18: database.direct_url_env: the environment variable NOT_SET is not set (set it before the start: export NOT_SET=…)",
        ],
    );
    check(
        "",
        "[database]\nurl_env = \"TOKEN\"\n",
        &[
            "30:11: database.url_env: this is not the address of a database toban can use (it starts with sqlite: or postgres:// or postgresql://)",
        ],
    );
    check(
        "",
        "[desk]\noperators = \"ops\"\nfallback = \"discord:12\"\nbody_in_chat = \"all\"\nzone = \"JST\"\n",
        &[
            "30:13: desk.operators: \"ops\" is not a channel (write the platform and the channel: \"desk:operators\" or \"discord:1234567890\")",
            "31:12: desk.fallback: this is a channel of Discord, but discord is not enabled (add enabled = true to [discord], or name a channel of the desk)",
            "32:16: desk.body_in_chat: \"all\" is not known (known are \"full\", \"excerpt\", \"none\")",
            "33:8: desk.zone: unknown time zone \"JST\" (use a name of the IANA database such as \"Asia/Tokyo\")",
        ],
    );
    check(
        "",
        "[heartbeat]\nurl_env = \"TOKEN\"\nevery = \"1s\"\n",
        &[
            "30:11: heartbeat.url_env: this is not a web address (it starts with http:// or https:// and names a host)",
            "31:9: heartbeat.every: this is too often for a heartbeat (10 seconds or more: \"1m\" is usual)",
        ],
    );
    check(
        "",
        "[portal]\nenabled = true\n",
        &[
            "29:1: portal.key: the portal is enabled without a key (name the variable that holds it: key_env = \"TOBAN_PORTAL_KEY\")",
        ],
    );
    check(
        "",
        "[discord]\nenabled = true\n",
        &[
            "29:1: discord.application_id: discord is enabled without the application's id (add application_id = \"…\", a long number in quotes)",
            "29:1: discord.guild_id: discord is enabled without the server's id (add guild_id = \"…\", a long number in quotes)",
            "29:1: discord.token: discord is enabled without the bot's token (name the variable that holds it: token_env = \"DISCORD_TOKEN\")",
        ],
    );
    check(
        "",
        "[discord]\nenabled = true\napplication_id = \"5\"\nguild_id = \"6\"\ntoken_env = \"DISCORD_TOKEN\"\n",
        &[
            "33:13: discord.token_env: the environment variable DISCORD_TOKEN is not set (set it before the start: export DISCORD_TOKEN=…)",
        ],
    );
    check(
        "",
        "[net]\nallow_private = [\"10.0.0.0/99\", \"intranet\"]\n",
        &[
            "30:18: net.allow_private[0]: \"10.0.0.0/99\" is not a range of addresses (write it like \"10.0.0.0/8\" or \"192.168.1.20\")",
            "30:33: net.allow_private[1]: \"intranet\" is not a range of addresses (write it like \"10.0.0.0/8\" or \"192.168.1.20\")",
        ],
    );
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    check(
        "name = \"office\"\nhours = \"09:00-12:00, 13:00-18:00\"",
        "name = \"office\"\nhours = \"09:00-12:00, 13:00-18:00\"\nzone = \"Asia/Tokio\"\nhuors = 1",
        &[
            "13:8: calendar[0].zone: unknown time zone \"Asia/Tokio\" (did you mean \"Asia/Tokyo\"?)",
            "14:1: calendar[0].huors: unknown key \"huors\" in [calendar] (did you mean \"hours\"?)",
        ],
    );
}

#[test]
fn problems_are_shown_with_a_caret_under_the_fault() {
    let problems = read(&BASE.replace("\"ueda\"]", "\"uedda\"]")).unwrap_err();
    let shown = problems.render(false);
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "  × rota[0].participants[1]: \"uedda\" is no member",
            "    ╭─[toban.toml:22:25]",
            " 21 │ name = \"support\"",
            " 22 │ participants = [\"aoki\", \"uedda\"]",
            "    ·                         ───────",
            " 23 │",
            "    ╰────",
            "  help: did you mean \"ueda\"?",
            "",
        ]
    );
}

#[test]
fn problems_are_json_for_scripts() {
    let problems = read(&BASE.replace("lead = true", "leed = true")).unwrap_err();
    assert_eq!(
        serde_json::to_value(&problems.list).unwrap(),
        serde_json::json!([{
            "level": "error",
            "file": "toban.toml",
            "line": 8,
            "column": 1,
            "key": "member[1].leed",
            "what": "unknown key \"leed\" in [member]",
            "help": "did you mean \"lead\"?",
        }])
    );
}

#[test]
fn no_text_makes_the_reader_panic() {
    // The example cut off at every ninth line: most are half a configuration.
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for end in (0..lines.len()).step_by(9) {
        let _ = read(&lines[..end].join("\n")).map_err(|problems| problems.render(false));
    }
    for broken in [
        "\0",
        "[[",
        "a.b.c = 1",
        "server = 1",
        "[[server]]",
        "queue = [1]",
        "[calendar]\nhours = 1",
    ] {
        assert!(read(broken).is_err(), "{broken:?}");
    }
}

#[test]
fn a_group_has_roles_of_its_own_on_discord() {
    let role = |name: &str, id: &str| {
        format!("[[role]]\nname = \"{name}\"\nmembers = [\"aoki\"]\ndiscord_role = {id}\n")
    };
    let lines = BASE.lines().count();
    let at =
        |line: usize, column: usize, words: &str| format!("{}:{column}: {words}", lines + line);
    for (text, expected) in [
        (
            role("a", "\"@db\""),
            at(
                4,
                16,
                "role[0].discord_role: \"@db\" is not a Discord id (it is a long number: right-click the thing in Discord (developer mode on) and copy its id)",
            ),
        ),
        (
            role("a", "[\"7\", \"8\"]") + &role("b", "\"8\""),
            at(
                8,
                16,
                "role[1].discord_role: role \"a\" has this Discord role already (a mention reaches all who hold it, so one group has it)",
            ),
        ),
        (
            role("a", "\"6\"") + "[discord]\nguild_id = \"6\"\n",
            at(
                4,
                16,
                "role[0].discord_role: this is the id of the server, by which everybody on it would be mentioned (copy the id of the role: Server Settings → Roles → right-click it)",
            ),
        ),
    ] {
        check("", &text, &[&expected]);
    }
}

#[test]
fn an_authority_for_mail_is_a_file_of_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toban.toml");
    std::fs::write(folder.path().join("text.pem"), "no certificate").unwrap();
    std::fs::write(
        folder.path().join("ca.pem"),
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    let read = |name: &str| {
        let mail = "[mail]\nhost = \"mail.example\"\nfrom = \"toban@example.com\"\n";
        let text = format!("{BASE}{mail}ca_file = \"{name}\"\n");
        Config::read(file.to_str().unwrap(), &text, &|_| None)
    };
    let mail = read("ca.pem").unwrap().mail.unwrap();
    assert!(mail.authority.unwrap().contains("MIIB"));
    for (name, expected) in [
        ("text.pem", "\"text.pem\" holds no certificate"),
        ("gone.pem", "the certificates \"gone.pem\" cannot be read"),
    ] {
        let problems = read(name).unwrap_err().to_string();
        assert!(problems.contains(expected), "{problems}");
    }
}

#[test]
fn an_authority_for_what_goes_out_is_read_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("toban.toml");
    std::fs::write(folder.path().join("text.pem"), "no certificate").unwrap();
    std::fs::write(
        folder.path().join("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    for (name, expected) in [
        ("text.pem", "net.ca_file: \"text.pem\" holds no certificate"),
        (
            "gone.pem",
            "net.ca_file: the certificates \"gone.pem\" cannot be read",
        ),
        (
            "broken.pem",
            "net.ca_file: the authority cannot be trusted: certificate 1",
        ),
    ] {
        let text = format!("{BASE}[net]\nca_file = \"{name}\"\n");
        let problems = Config::read(file.to_str().unwrap(), &text, &|_| None).unwrap_err();
        let problems = problems.to_string();
        assert!(problems.contains(expected), "{problems}");
    }
}

#[test]
fn a_token_in_the_address_only_nudges_and_a_polled_source_takes_no_deliveries() {
    let mapping = "[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n";
    let hook = "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nhook_secret_env = \"HOOK_SECRET\"\n\
                auth = { kind = \"query-parameter\" }\n";
    check(
        "",
        &format!("{hook}{mapping}"),
        &[
            "34:8: source[0].auth: a token in the address ends up in logs on the way, so it may not bring documents (add delivery = \"nudge\" and a [source.poll])",
        ],
    );
    let poll =
        "[source.poll]\nevery = \"1m\"\nurl = \"https://x.example/items\"\nitems = \"items\"\n";
    check(
        "",
        &format!(
            "\n[[source]]\nid = \"list\"\nkind = \"poll\"\nhook_secret_env = \"HOOK_SECRET\"\n{mapping}{poll}"
        ),
        &[
            "33:19: source[0].hook_secret_env: \"hook_secret_env\" has no use here: a polled source takes no deliveries (drop it, or change the kind)",
        ],
    );
}

#[test]
fn a_breaker_and_an_overlap_are_of_use() {
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items?after={{ cursor }}\"\nitems = \"items\"\nbreaker = 0\n",
        &["40:11: source[0].poll.breaker: 0 is not between 1 and 50"],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items?after={{ cursor }}\"\nitems = \"items\"\noverlap = \"2m\"\n",
        &[
            "40:11: source[0].poll.overlap: this has no use here: no text of the request reads {{ from }} (ask from {{ from }} where it asks from {{ cursor }} now)",
        ],
    );
    check(
        "",
        "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com/items?after={{ from }}\"\nitems = \"items\"\noverlap = \"48h\"\n",
        &[
            "40:11: source[0].poll.overlap: this is no overlap: it must be more than nothing and at most a day (write overlap = \"2m\")",
        ],
    );
}

#[test]
fn what_is_said_about_contracts_is_tried() {
    check(
        "[[queue]]",
        "[[queue]]\ncontract = \"always\"",
        &[
            "25:12: queue[0].contract: \"always\" is not known (known are \"off\", \"shown\", \"required\")",
        ],
    );
    for (text, said) in [
        ("{{ custmer }}", "a refusal may name"),
        (
            "{% if finding == 'ended' %}x{% endif %}",
            "this says nothing where the finding is \"not_yet\"",
        ),
        ("{{ customer", "contract.refusal.ja"),
    ] {
        let text = format!("{BASE}\n[contract.refusal]\nja = \"{text}\"\n");
        let problems = read(&text).unwrap_err();
        let found: Vec<String> = problems.list.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("contract.refusal.ja"), "{found:?}");
        assert!(found[0].contains(said), "{found:?}");
    }
}
