//! Unions, holidays of others, customers, regions.

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::sla::Policy;
use crate::time::Date;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The small good file with more calendars, one of them spoilt or not.
fn with(more: &str) -> String {
    BASE.replacen("[[policy]]", &format!("{more}\n\n[[policy]]"), 1)
}

#[track_caller]
fn mistakes(text: &str) -> Vec<String> {
    match read(text) {
        Ok(config) => panic!("it is good: {}", config.warnings),
        Err(problems) => problems.list.iter().map(ToString::to_string).collect(),
    }
}

fn policy(config: &Config) -> &Policy {
    config.setup.policies.values().next().unwrap()
}

const LONDON: &str =
    "[[calendar]]\nname = \"london\"\nzone = \"Europe/London\"\nhours = \"09:00-17:00\"";

/// The calendar of the queue with these holidays, read from a file in a folder of its own.
fn office(holidays: &str, files: &[(&str, &str)]) -> Result<(Calendar, Problems), Problems> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let hours = "hours = \"09:00-12:00, 13:00-18:00\"";
    let text = BASE.replacen(hours, &format!("{hours}\nholidays = {holidays}"), 1);
    let file = folder.path().join("toban.toml").display().to_string();
    let config = Config::read(&file, &text, &env)?;
    Ok((policy(&config).working().clone(), config.warnings))
}

const ICS: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20200601\nRRULE:FREQ=YEARLY\nSUMMARY:創立記念日\nEND:VEVENT\nEND:VCALENDAR\n";

#[test]
fn several_calendars_are_one_that_is_open_while_any_of_them_is() {
    let text = with(LONDON).replace(
        "calendar = \"office\"",
        "calendar = [\"office\", \"london\"]",
    );
    let config = good(&text);
    let policy = policy(&config);
    assert_eq!(policy.working, "office + london");
    assert!(policy.working().is_union());
    // 18:00 in London's summer is after both; 16:00 is London alone.
    let awake = |at: &str| policy.working().awake_offices(at.parse().unwrap());
    assert_eq!(awake("2026-07-15T15:00:00Z"), ["london"]);
    assert_eq!(awake("2026-07-15T01:00:00Z"), ["office"]);
    // One in a list is that one.
    let one = BASE.replace("calendar = \"office\"", "calendar = [\"office\"]");
    assert_eq!(
        good(&one).setup.policies.keys().collect::<Vec<_>>(),
        good(BASE).setup.policies.keys().collect::<Vec<_>>()
    );
}

#[test]
fn a_row_may_name_several_calendars_too() {
    let text = with(LONDON).replace(
        "first_response = \"8h\"",
        "first_response = \"8h\"\ncalendar = [\"london\", \"office\"]",
    );
    let config = good(&text);
    let row = policy(&config).target(crate::domain::inquiry::Severity::S3, "gold");
    let amount = row.unwrap().first_response.clone().unwrap();
    assert_eq!(amount.calendar, "london + office");
}

#[test]
fn a_union_that_cannot_be_is_refused_at_its_place() {
    let of = |list: &str| {
        let text = with(LONDON).replace("calendar = \"office\"", &format!("calendar = {list}"));
        mistakes(&text)
    };
    assert_eq!(
        of("[\"office\", \"always\"]"),
        [
            "toban.toml:33:23: queue[0].calendar[1]: calendar \"always\" never closes, so the others would not matter (name it alone, or leave it out)"
        ]
    );
    assert_eq!(
        of("[]"),
        [
            "toban.toml:33:12: queue[0].calendar: the calendar never opens: it is the union of no offices (name at least one calendar)"
        ]
    );
    assert_eq!(
        of("[\"london\", \"london\"]"),
        [
            "toban.toml:33:12: queue[0].calendar: office \"london\" is there twice (name each office once)"
        ]
    );
    assert_eq!(
        of("[\"london\", \"ofice\"]"),
        [
            "toban.toml:33:23: queue[0].calendar[1]: there is no calendar \"ofice\" (did you mean \"office\"?)"
        ]
    );
}

#[test]
fn a_calendar_that_never_opens_is_refused_by_its_name() {
    let hours = "hours = \"09:00-12:00, 13:00-18:00\"";
    let closed =
        format!("{hours}\nclosures = [{{ first = \"01-01\", last = \"12-31\", name = \"休業\" }}]");
    assert_eq!(
        mistakes(&BASE.replace(hours, &closed)),
        [
            "toban.toml:13:12: calendar[0].closures: calendar \"office\" never opens from 2016-01-01 on: ten years of closed days (shorten a closure, or switch single days off: { date = …, off = true })"
        ]
    );
}

#[test]
fn a_file_of_a_calendar_names_holidays_and_lies_beside_the_configuration() {
    let (calendar, warnings) =
        office("[\"japan\", { ical = \"own.ics\" }]", &[("own.ics", ICS)]).unwrap();
    assert_eq!(calendar.holiday(date("2026-06-01")), Some("創立記念日"));
    assert_eq!(calendar.holiday(date("2035-06-01")), Some("創立記念日"));
    assert_eq!(calendar.holiday(date("2026-11-03")), Some("文化の日"));
    assert!(warnings.list.is_empty());
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_its_line() {
    let of = |text: &str| {
        let problems = office("[{ ical = \"own.ics\" }]", &[("own.ics", text)]).unwrap_err();
        let said: Vec<String> = problems
            .list
            .iter()
            .map(|problem| format!("{} {}", problem.key, problem.what))
            .collect();
        said.join("\n")
    };
    let key = "calendar[0].holidays[0].ical";
    assert_eq!(
        of(&ICS.replace("END:VEVENT\n", "")),
        format!(
            "{key} the calendar \"own.ics\", line 8: END:VCALENDAR where BEGIN:VEVENT of line 3 is to end"
        )
    );
    assert_eq!(
        of(&ICS.replace("20200601\nRRULE:FREQ=YEARLY", "20400601")),
        format!("{key} the calendar \"own.ics\" names no day from 2016 to 2035")
    );
    assert_eq!(
        of(&ICS.replace("SUMMARY", &"X-A:b\n".repeat(200_000))),
        format!("{key} the calendar \"own.ics\", this is larger than 1024 KiB")
    );
    let missing = office("[{ ical = \"none.ics\" }]", &[]).unwrap_err();
    let missing = missing.list[0].to_string();
    assert!(
        missing.contains("the calendar \"none.ics\" cannot be read: No such file"),
        "{missing}"
    );
}

#[test]
fn a_day_of_any_list_can_be_switched_off() {
    let (calendar, warnings) = office(
        "[\"japan\", { ical = \"own.ics\" }, { date = 2026-11-03, off = true }, { date = 2027-06-01, off = true }]",
        &[("own.ics", ICS)],
    )
    .unwrap();
    assert!(warnings.list.is_empty());
    assert_eq!(calendar.holiday(date("2026-11-03")), None);
    assert!(calendar.is_worked_day(date("2026-11-03")));
    assert_eq!(
        calendar.worked_holiday(date("2026-11-03")),
        Some("文化の日")
    );
    assert_eq!(
        calendar.worked_holiday(date("2027-06-01")),
        Some("創立記念日")
    );
    assert_eq!(calendar.holiday(date("2028-06-01")), Some("創立記念日"));
}

#[test]
fn a_day_that_is_no_holiday_anyway_is_warned_of() {
    let (_, warnings) = office("[\"japan\", { date = 2026-11-04, off = true }]", &[]).unwrap();
    let said: Vec<&str> = warnings.list.iter().map(|p| p.what.as_str()).collect();
    assert_eq!(
        said,
        ["2026-11-04 is no holiday of this calendar, so there is nothing to switch off"]
    );
}

#[test]
fn an_item_of_holidays_is_one_thing() {
    let of = |item: &str| {
        let problems = office(&format!("[{item}]"), &[]).unwrap_err();
        let error = problems.list.iter().find(|p| p.level == Level::Error);
        error.unwrap().what.clone()
    };
    assert_eq!(of("{ name = \"x\" }"), "this names no day");
    assert_eq!(
        of("{ date = 2026-11-03, ical = \"x.ics\" }"),
        "a date, a file and an address exclude each other"
    );
    assert_eq!(of("{ date = 2026-11-03 }"), "\"name\" is missing");
    assert_eq!(
        of("{ date = 2026-11-03, off = true, name = \"x\" }"),
        "a day that is switched off keeps the name that its list gives it"
    );
    assert_eq!(
        of("{ ical_url = \"webcal://example.com/a.ics\" }"),
        "this is not a web address"
    );
}

#[test]
fn days_at_an_address_come_with_its_page() {
    let hours = "hours = \"09:00-12:00, 13:00-18:00\"";
    let holidays = "holidays = [{ ical_url = \"https://example.com/a.ics\" }, { date = 2026-06-01, off = true }]";
    let text = BASE.replace(hours, &format!("{hours}\n{holidays}"));
    let config = good(&text);
    assert_eq!(policy(&config).working().holiday(date("2027-06-01")), None);
    let [feed] = &config.setup.feeds[..] else {
        panic!("one feed")
    };
    assert_eq!(
        (feed.host().as_str(), &feed.calendars[..]),
        ("example.com", &["office".to_owned()][..])
    );
    assert_eq!(feed.zone.iana_name(), Some("Asia/Tokyo"));
    let pages = Pages::from([("https://example.com/a.ics".to_owned(), ICS.to_owned())]);
    let whole = config.with_pages(&env, &pages).unwrap();
    assert!(whole.warnings.list.is_empty());
    let calendar = policy(&whole).working();
    assert_eq!(calendar.holiday(date("2027-06-01")), Some("創立記念日"));
    assert_eq!(
        calendar.worked_holiday(date("2026-06-01")),
        Some("創立記念日")
    );
    let bad = Pages::from([("https://example.com/a.ics".to_owned(), "<html>".to_owned())]);
    let problems = config.with_pages(&env, &bad).unwrap_err();
    assert!(problems.to_string().contains("this is no iCalendar"));
}

#[test]
fn a_secret_address_comes_from_a_variable() {
    let hours = "hours = \"09:00-12:00, 13:00-18:00\"";
    let holidays = "holidays = [{ ical_url_env = \"HOLIDAYS\" }]";
    let text = BASE.replace(hours, &format!("{hours}\n{holidays}"));
    let secret =
        |name: &str| (name == "HOLIDAYS").then(|| "https://example.com/s3cret.ics".to_owned());
    let config = Config::read("toban.toml", &text, &secret).unwrap();
    assert_eq!(config.setup.feeds.len(), 1);
    assert!(!format!("{:?}", config.setup.feeds).contains("s3cret"));
    assert_eq!(
        mistakes(&text),
        [
            "toban.toml:13:30: calendar[0].holidays[0].ical_url_env: the environment variable HOLIDAYS is not set (set it before the start: export HOLIDAYS=…)"
        ]
    );
}

const GULF: &str = "[[calendar]]\nname = \"sun-thu\"\nzone = \"Asia/Dubai\"\nhours = { sun = \"08:00-16:00\", mon = \"08:00-16:00\", tue = \"08:00-16:00\", wed = \"08:00-16:00\", thu = \"08:00-16:00\" }";

#[test]
fn customers_are_known_by_name_and_their_calendar_is_in_every_policy() {
    let text = with(&format!(
        "{GULF}\n\n[[customer]]\nname = [\"Falcon *\", \"ファルコン\"]\nplan = \"gold\"\ncalendar = \"sun-thu\"\n\n[[customer]]\nname = \"Acme\"\nplan = \"gold\""
    ));
    let config = good(&text);
    let of = |name: &str| {
        let customers = &config.setup.customers;
        let found = customers.iter().find(|customer| customer.is(name));
        found.map(|customer| (customer.calendar.as_deref(), customer.plan.as_deref()))
    };
    let falcon = Some((Some("sun-thu"), Some("gold")));
    assert_eq!(of("falcon  Trading LLC"), falcon);
    assert_eq!(of("ファルコン"), falcon);
    assert_eq!(of(" ACME "), Some((None, Some("gold"))));
    assert_eq!(of("Acme Ltd"), None);
    let policy = policy(&config);
    assert!(policy.calendars.contains_key("sun-thu"));
    assert!(policy.targets.iter().all(|row| row.yields));
    // Without customers nothing of a policy changes.
    let plain = good(BASE);
    let plain = plain.setup.policies.values().next().unwrap();
    assert!(plain.targets.iter().all(|row| !row.yields));
    assert!(!serde_json::to_string(plain).unwrap().contains("yields"));
}

#[test]
fn a_row_that_names_its_calendar_does_not_yield_to_the_customers() {
    let text = with(&format!(
        "{GULF}\n\n[[customer]]\nname = \"Falcon\"\ncalendar = \"sun-thu\""
    ))
    .replace(
        "[[policy.target]]",
        "[[policy.target]]\nseverity = \"S1\"\nfirst_response = \"1h\"\ncalendar = \"always\"\n[[policy.target]]",
    );
    let config = good(&text);
    let yields: Vec<bool> = policy(&config)
        .targets
        .iter()
        .map(|row| row.yields)
        .collect();
    assert_eq!(yields, [false, true]);
}

#[test]
fn a_customer_who_is_nobody_or_like_any_other_is_refused() {
    let of = |customer: &str| mistakes(&with(&format!("[[customer]]\n{customer}")));
    assert_eq!(
        of("name = \"Acme\""),
        [
            "toban.toml:14:1: customer[0]: this customer is like any other (give them a calendar or a plan of their own)"
        ]
    );
    assert_eq!(
        of("name = \"*\"\nplan = \"gold\""),
        [
            "toban.toml:15:8: customer[0].name: this would be every customer (the queue's calendar rules for everybody else already)"
        ]
    );
    assert_eq!(
        of("name = \"Acme\"\nplan = \"gold\"\n[[customer]]\nname = \"ACME\"\nplan = \"silver\""),
        [
            "toban.toml:18:8: customer[1].name: customer \"ACME\" is there already (the first that fits rules; name each once)"
        ]
    );
}

#[test]
fn a_row_may_ask_for_a_region() {
    let text = BASE.replace(
        "[[policy.target]]",
        "[[policy.target]]\nregion = \"apac\"\nfirst_response = \"4h\"\n[[policy.target]]",
    );
    let config = good(&text);
    let facts = serde_json::json!({
        "title": "t", "plan": "gold", "product": "core", "language": "ja", "kind": "investigation",
        "severity": "S3", "business_stopped": false, "flags": [],
    });
    let mut facts: crate::domain::inquiry::Facts = serde_json::from_value(facts).unwrap();
    let mut hours = |region: Option<&str>| {
        facts.region = region.map(str::to_owned);
        let row = policy(&config).row(crate::domain::inquiry::Severity::S3, &facts);
        row.unwrap().first_response.as_ref().unwrap().ms / 3_600_000
    };
    assert_eq!(
        (hours(Some("apac")), hours(Some("emea")), hours(None)),
        (4, 8, 8)
    );
    let only = BASE.replace("[[policy.target]]", "[[policy.target]]\nregion = \"apac\"");
    assert_eq!(
        mistakes(&only),
        [
            "toban.toml:17:1: policy[0].target: policy \"standard\" has no row for every severity and plan (end it with a [[policy.target]] whose severity and plan are \"*\", and without a region)"
        ]
    );
}

/// The small good file whose first member keeps these absences, read from a folder with a calendar in it.
fn keeping(absences: &str) -> Result<Config, Problems> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.ics"), ICS).unwrap();
    std::fs::write(folder.path().join("page.ics"), "<html>").unwrap();
    let text = BASE.replacen(
        "name = \"青木\"",
        &format!("name = \"青木\"\nabsences = {absences}"),
        1,
    );
    let file = folder.path().join("toban.toml").display().to_string();
    Config::read(&file, &text, &env)
}

#[test]
fn a_member_keeps_absences_at_an_address_or_in_a_file() {
    use crate::app::setup::AbsenceCalendar;
    let of = |absences: &str| {
        let config = keeping(absences).unwrap();
        assert_eq!(config.warnings.list, []);
        assert!(config.setup.feeds.is_empty());
        config.setup.absences[&"aoki".into()].clone()
    };
    let AbsenceCalendar::Address(url) = of("{ ical_url = \"https://c.example.com/a.ics\" }") else {
        panic!("it is an address");
    };
    assert_eq!(url.expose(), "https://c.example.com/a.ics");
    let AbsenceCalendar::Text(text) = of("{ ical = \"own.ics\" }") else {
        panic!("it is a file");
    };
    assert!(text.expose().contains("20200601") && !text.expose().contains("創立"));
    assert!(good(BASE).setup.absences.is_empty());
}

#[test]
fn absences_that_cannot_be_had_are_refused_at_their_place() {
    let of = |absences: &str| {
        let problems = keeping(absences).unwrap_err();
        let said = problems.list.iter().map(|problem| {
            let at = format!("{}:{}: {}", problem.line, problem.column, problem.key);
            format!("{at}: {}", problem.what)
        });
        said.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(of("{}"), "4:12: member[0].absences: this names no calendar");
    assert_eq!(
        of("{ ical = \"own.ics\", ical_url = \"https://c.example.com/\" }"),
        "4:12: member[0].absences: a file and an address exclude each other"
    );
    assert_eq!(
        of("{ ical_url = \"webcal://c.example.com/a.ics\" }"),
        "4:25: member[0].absences.ical_url: this is not a web address"
    );
    assert!(of("{ ical = \"none.ics\" }").contains("\"none.ics\" cannot be read"));
    assert!(of("{ ical = \"page.ics\" }").contains("this is no iCalendar"));
    assert!(of("\"https://c.example.com/\"").contains("it must be a table"));
    assert!(of("{ url = \"https://c.example.com/\" }").contains("unknown key \"url\""));
}
