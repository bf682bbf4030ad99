//! What good files become.

use super::*;
use crate::app::snapshot::hash;
use crate::app::source_config::{Act, Auth, AuthScheme, MapField, Schedule, SourceKind};
use crate::domain::calendar::Calendar;
use crate::domain::ids::{QueueId, SourceId};
use crate::domain::inquiry::{Clock, Severity};
use crate::domain::rota::{Called, OffHours};
use crate::time::{Date, SignedDuration};

#[track_caller]
fn calendar_of(lines: &str) -> Calendar {
    let config = good(&format!("{BASE}\n[[calendar]]\nname = \"own\"\n{lines}\n[[queue]]\nid = \"b\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"own\"\n").replace("calendar = \"office\"\n", "calendar = \"office\"\ndefault = true\n"));
    let queue = &config.setup.queues[&QueueId::from("b")];
    config.setup.policies[&queue.policy].working().clone()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_small_file_is_enough() {
    let config = good(BASE);
    assert_eq!(config.setup.default_queue.as_str(), "support");
    assert_eq!(config.server, ServerConfig::default());
    assert!(config.discord.is_none() && !config.portal.enabled);
    assert_eq!(config.warnings.list, []);
}

#[test]
fn what_is_read_before_a_first_duty_is_a_guide_or_a_list_or_nothing() {
    assert_eq!(good(BASE).setup.guidance, None);
    let desk = "\n[desk]\nduty_guide = \"https://wiki.example.com/duty\"\nduty_checklist = [\"a\", \"b\"]\n";
    let guide = good(&format!("{BASE}{desk}")).setup.guidance.unwrap();
    assert_eq!(guide.url.as_deref(), Some("https://wiki.example.com/duty"));
    assert_eq!(guide.checklist, ["a", "b"]);
    let desk = "\n[desk]\nduty_checklist = [\"a\"]\n";
    let guide = good(&format!("{BASE}{desk}")).setup.guidance.unwrap();
    assert_eq!((guide.url, guide.checklist.len()), (None, 1));
}

#[test]
fn snapshots_carry_the_hashes_that_queues_name() {
    let config = Config::demo("a word of at least twenty-four bytes", "open");
    for queue in config.setup.queues.values() {
        let kept = config
            .setup
            .snapshots
            .iter()
            .find(|(kind, _, body)| kind == "policy" && hash(body) == queue.policy.0)
            .unwrap();
        let again: crate::domain::sla::Policy = serde_json::from_str(&kept.2).unwrap();
        assert_eq!(&again, config.setup.policies[&queue.policy].as_ref());
        assert_eq!(again.problems(), [] as [String; 0]);
    }
    let kinds: Vec<&str> = config
        .setup
        .snapshots
        .iter()
        .map(|(kind, _, _)| kind.as_str())
        .collect();
    assert_eq!(kinds, ["calendar", "calendar", "policy", "rota", "routing"]);
}

#[test]
fn one_policy_in_two_calendars_is_two_snapshots_of_one_name() {
    let text = format!(
        "{}default = true\n[[calendar]]\nname = \"late\"\nhours = \"13:00-22:00\"\n\
         [[queue]]\nid = \"night\"\nrota = \"support\"\npolicy = \"standard\"\ncalendar = \"late\"\n",
        BASE
    );
    let config = good(&text);
    let names: Vec<&str> = config
        .setup
        .policies
        .values()
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(names, ["standard", "standard"]);
}

#[test]
fn the_same_file_in_another_order_has_the_same_hashes() {
    let (members, rest) = BASE.split_once("[[calendar]]").unwrap();
    let turned = format!("[[calendar]]{rest}\n{members}");
    assert_eq!(good(&turned).setup.snapshots, good(BASE).setup.snapshots);
}

#[test]
fn a_row_counts_in_its_own_calendar_or_else_in_the_queues() {
    let text = BASE.replace(
        "[[policy.target]]",
        "[[policy.target]]\nseverity = \"S1\"\nfirst_response = \"2d\"\ncalendar = \"always\"\n[[policy.target]]",
    );
    let config = good(&text);
    let policy = config.setup.policies.values().next().unwrap();
    let of = |severity| {
        policy
            .target(severity, "gold")
            .unwrap()
            .amount(Clock::FirstResponse)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (of(Severity::S1).ms, of(Severity::S1).calendar.as_str()),
        (172_800_000, "always")
    );
    assert_eq!(
        (of(Severity::S2).ms, of(Severity::S2).calendar.as_str()),
        (28_800_000, "office")
    );
    assert_eq!(policy.working, "office");
}

#[test]
fn closures_may_be_of_every_year_or_of_one() {
    let calendar = calendar_of(
        "hours = \"09:00-18:00\"\nclosures = [{ first = \"12-29\", last = \"01-03\", name = \"年末年始\" }, { first = 2027-08-12, last = 2027-08-13, name = \"夏季休業\" }]",
    );
    assert_eq!(calendar.holiday(date("2026-12-29")), Some("年末年始"));
    assert_eq!(calendar.holiday(date("2027-01-03")), Some("年末年始"));
    assert_eq!(calendar.holiday(date("2027-01-04")), None);
    assert_eq!(calendar.holiday(date("2026-12-28")), None);
    assert_eq!(calendar.holiday(date("2027-08-13")), Some("夏季休業"));
    assert_eq!(calendar.holiday(date("2028-08-14")), None);
}

#[test]
fn holidays_are_a_name_or_dates_or_both() {
    let calendar = calendar_of(
        "hours = { weekdays = \"09:00-18:00\", sat = \"10:00-12:00\", wed = \"\" }\nholidays = [\"japan\", { date = \"2027-06-01\", name = \"創立記念日\" }]\nexceptions = [{ date = 2027-03-28, hours = \"10:00-16:00\" }]",
    );
    assert_eq!(calendar.holiday(date("2027-06-01")), Some("創立記念日"));
    assert_eq!(calendar.holiday(date("2027-01-01")), Some("元日"));
    assert!(calendar.is_worked_day(date("2027-03-28")));
    assert!(
        !calendar.is_worked_day(date("2027-03-24")),
        "a Wednesday off"
    );
    assert!(calendar.is_worked_day(date("2027-03-27")), "a Saturday");
}

#[test]
fn what_a_section_says_itself_wins_over_its_preset() {
    let calendar = calendar_of("preset = \"japan-office\"\nhours = \"10:00-16:00\"");
    assert_eq!(calendar.holiday(date("2027-01-01")), Some("年末年始"));
    let crate::domain::calendar::Plan::Business(plan) = calendar.plan() else {
        panic!("business hours")
    };
    assert_eq!(plan.week.mon, ["10:00-16:00".parse().unwrap()]);
}

#[test]
fn a_rota_turns_as_it_is_written() {
    let text = BASE.replace(
        "participants = [\"aoki\", \"ueda\"]",
        "participants = [\"aoki\", \"ueda\"]\nworks = \"office\"\nhandoff = 10:00:00\ncadence = \"every 2 days\"\nstarts = 2026-11-16\noff_hours = \"member:ueda\"\nzone = \"UTC\"",
    );
    let config = good(&text);
    let rota = &config.setup.rotas["support"];
    let on = |at: &str| {
        rota.on_duty(at.parse().unwrap(), &[])
            .member()
            .as_str()
            .to_owned()
    };
    assert_eq!(on("2026-11-16T10:00:00Z"), "aoki");
    assert_eq!(on("2026-11-18T09:59:00Z"), "aoki");
    assert_eq!(on("2026-11-18T10:00:00Z"), "ueda");
    assert_eq!(
        rota.plan().versions[0].off_hours,
        OffHours::Member("ueda".into())
    );
    assert!(matches!(
        rota.called("2026-11-21T00:00:00Z".parse().unwrap(), &[]),
        Called::Member(_)
    ));
}

const HOOK: &str = "\n[[source]]\nid = \"hook\"\nkind = \"webhook\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n";

#[test]
fn a_webhook_is_signed_as_its_table_says() {
    let text = format!(
        "{BASE}{HOOK}[source.auth]\nkind = \"hmac-header\"\nheader = \"X-Sig\"\n[source.auth.timestamp]\nheader = \"x-time\"\nsigned = \"v0:{{timestamp}}:{{body}}\"\n"
    );
    let config = good(&text);
    let source = &config.sources.sources[&SourceId::from("hook")];
    let SourceKind::Webhook { auth, .. } = &source.kind else {
        panic!("a webhook")
    };
    assert_eq!(
        serde_json::to_string(auth).unwrap(),
        r#"{"kind":"hmac-header","header":"x-sig","prefix":"","algorithm":"sha256","encoding":"hex","timestamp":{"header":"x-time","window_s":300,"signed":"v0:{timestamp}:{body}"}}"#
    );
    assert!(matches!(auth, Auth::Scheme(AuthScheme::HmacHeader { .. })));
    assert_eq!(source.secrets.len(), 1);
    assert!(!format!("{config:?}").contains("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
}

#[test]
fn several_secrets_are_good_while_one_is_replaced() {
    let text = format!("{BASE}{HOOK}")
        .replace("\"HOOK_SECRET\"", "[\"HOOK_SECRET\", \"TOKEN\"]")
        .replace("[source.mapping]", "auth = \"github\"\n[source.mapping]");
    let config = good(&text);
    assert_eq!(
        config.sources.sources[&SourceId::from("hook")]
            .secrets
            .len(),
        2
    );
}

#[test]
fn a_secret_comes_from_a_file_without_its_line_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "from-a-file\n").unwrap();
    let config = good(&format!(
        "{BASE}\n[portal]\nenabled = true\nkey_file = {:?}\n",
        path.to_str().unwrap()
    ));
    assert_eq!(config.portal.key.unwrap().expose(), "from-a-file");
}

#[test]
fn a_secret_in_place_works_and_is_warned_of() {
    let config = good(&format!(
        "{BASE}\n[portal]\nenabled = true\nkey = \"open\"\n"
    ));
    let warnings: Vec<String> = config
        .warnings
        .list
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        warnings,
        [
            "toban.toml:32:7: warning: portal.key: the secret stands in the file itself (put it into a variable and name that: key_env = \"…\")"
        ]
    );
}

const POLL: &str = "\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\nsecret_env = \"TOKEN\"\nbase_url = \"https://legacy.example.com/\"\nsince = 2026-04-01\n[source.mapping]\nexternal_id = \"{{ id }}\"\ntitle = \"{{ title }}\"\n[source.poll]\nevery = \"1m\"\nurl = \"{{ base_url }}/items\"\nitems = \"items\"\n";

#[test]
fn a_poll_is_read() {
    let config = good(&format!("{BASE}{POLL}"));
    let source = &config.sources.sources[&SourceId::from("legacy")];
    let SourceKind::Poll(poll) = &source.kind else {
        panic!("a poll")
    };
    assert_eq!(poll.schedule, Schedule::Every(SignedDuration::from_mins(1)));
    assert_eq!(poll.request.method, "GET");
    assert_eq!(source.base_url, "https://legacy.example.com");
    let since = config.setup.sources[&SourceId::from("legacy")].since;
    assert_eq!(
        since,
        Some("2026-03-31T15:00:00Z".parse().unwrap()),
        "midnight in Tokyo"
    );
}

#[test]
fn every_act_that_goes_back_has_its_request() {
    let back = "write_back = [\"reply\", \"close\"]\n[source.way_back]\nurl = \"{{ base_url }}/c\"\nheaders = { X-Key = \"{{ key }}\", X-Secret = \"{{ secret }}\" }\nbody = \"{{ text }}\"\n[source.way_back.close]\nmethod = \"PUT\"\nheaders = { x-key = \"other\" }\n";
    let text =
        format!("{BASE}{POLL}").replace("[source.mapping]", &format!("{back}[source.mapping]"));
    let config = good(&text);
    let source = &config.sources.sources[&SourceId::from("legacy")];
    let acts: Vec<Act> = source.way_back.keys().copied().collect();
    assert_eq!(acts, [Act::Reply, Act::Close]);
    let [close] = &source.way_back[&Act::Close][..] else {
        panic!("one request");
    };
    assert_eq!(
        (close.method.as_str(), close.url.as_str()),
        ("PUT", "{{ base_url }}/c")
    );
    assert_eq!(close.headers["x-key"], "other");
    assert_eq!(close.headers["x-secret"], "{{ secret }}");
    assert_eq!(source.way_back[&Act::Reply][0].method, "POST");
    // Without a list, what DESIGN says goes back.
    let config = good(&text.replace("write_back = [\"reply\", \"close\"]\n", ""));
    let acts: Vec<Act> = config.sources.sources[&SourceId::from("legacy")]
        .way_back
        .keys()
        .copied()
        .collect();
    assert_eq!(acts, [Act::Reply, Act::Answer, Act::Owner]);
}

/// What goes back, with the addresses of each act.
fn back(further: &str) -> Vec<(Act, Vec<String>)> {
    let text =
        format!("{BASE}{POLL}").replace("[source.mapping]", &format!("{further}[source.mapping]"));
    let mut sources = good(&text).sources.sources;
    let source = sources.remove(&SourceId::from("legacy")).unwrap();
    let acts = source.way_back.into_iter().map(|(act, requests)| {
        let urls = requests
            .into_iter()
            .map(|request| format!("{} {}", request.method, request.url));
        (act, urls.collect())
    });
    acts.collect()
}

#[test]
fn an_act_may_have_several_requests_in_their_order() {
    let several = "write_back = [\"resolve\"]\n[source.way_back]\nmethod = \"PUT\"\nurl = \"https://a.example/common\"\n[[source.way_back.answer]]\nmethod = \"POST\"\n[[source.way_back.answer]]\nurl = \"https://a.example/2\"\n";
    let urls = ["POST https://a.example/common", "PUT https://a.example/2"];
    let expected = [(Act::Answer, urls.map(str::to_owned).to_vec())];
    assert_eq!(back(several), expected);
    let named = several.replace("way_back.answer", "way_back.resolve");
    assert_eq!(back(&named), expected, "it may be called resolve");
}

#[test]
fn a_kind_of_an_owner_falls_back_to_it_and_is_asked_for_by_its_name() {
    let owner = "[source.way_back.owner]\nurl = \"https://a.example/owner\"\nmethod = \"PUT\"\n";
    let with = |wanted: &str, further: &str| {
        let back = back(&format!("write_back = [{wanted}]\n{owner}{further}"));
        let back = back
            .into_iter()
            .map(|(act, urls)| format!("{} {}", act.key(), urls.join(", ")));
        back.collect::<Vec<String>>()
    };
    let claim = "[source.way_back.claim]\nurl = \"https://a.example/claim\"\n";
    assert_eq!(with("\"owner\"", ""), ["owner PUT https://a.example/owner"]);
    assert_eq!(with("\"claim\"", ""), ["claim PUT https://a.example/owner"]);
    assert_eq!(
        with("\"owner\"", claim),
        [
            "owner PUT https://a.example/owner",
            "claim PUT https://a.example/claim"
        ],
        "what a kind lacks it takes from its whole"
    );
    assert_eq!(
        with("\"claim\", \"release\"", claim),
        [
            "claim PUT https://a.example/claim",
            "release PUT https://a.example/owner"
        ]
    );
}

#[test]
fn a_reopening_and_a_severity_go_back_only_when_asked_for() {
    let common = "[source.way_back]\nurl = \"https://a.example/all\"\n";
    let acts = |further: &str| {
        back(&format!("{further}{common}"))
            .into_iter()
            .map(|(act, _)| act)
    };
    assert_eq!(
        acts("").collect::<Vec<_>>(),
        [Act::Reply, Act::Answer, Act::Owner]
    );
    let asked = acts("write_back = [\"reopen\", \"severity\"]\n");
    assert_eq!(asked.collect::<Vec<_>>(), [Act::Reopen, Act::Severity]);
}

#[test]
fn a_mapping_takes_from_its_preset_what_it_lacks() {
    let text = format!(
        "{BASE}\n[[source]]\nid = \"hook\"\npreset = \"toban\"\nsecret_env = \"HOOK_SECRET\"\n[source.mapping]\ntitle = \"[{{{{ product }}}}] {{{{ title }}}}\"\nowner = \"\"\n"
    );
    let config = good(&text);
    let mapping = &config.sources.sources[&SourceId::from("hook")]
        .mapping
        .fields;
    assert_eq!(mapping[&MapField::Title], "[{{ product }}] {{ title }}");
    assert_eq!(mapping[&MapField::ExternalId], "{{ id }}");
    assert!(
        !mapping.contains_key(&MapField::Owner),
        "a blank text takes it back"
    );
}

#[test]
fn a_detail_and_its_messages_are_read_and_may_be_taken_back() {
    let redmine = |further: &str| {
        let preset =
            "id = \"redmine\"\npreset = \"redmine\"\nbase_url = \"https://redmine.example.com\"";
        let text = format!("{BASE}\n[[source]]\n{preset}\nsecret_env = \"HOOK_SECRET\"\n{further}");
        let mut sources = good(&text).sources.sources;
        let source = sources.remove(&SourceId::from("redmine")).unwrap();
        let SourceKind::Poll(poll) = source.kind else {
            panic!("a poll")
        };
        (poll.detail, source.mapping.message)
    };
    let (detail, message) = redmine("");
    let [detail] = &detail[..] else {
        panic!("one request");
    };
    assert_eq!(
        (detail.method.as_str(), detail.url.as_str()),
        (
            "GET",
            "{{ base_url }}/issues/{{ item.id }}.json?include=journals"
        )
    );
    assert!(message.unwrap().text.contains("message.notes"));
    let (detail, _) = redmine("[source.poll.detail]\nurl = \" \"\n");
    assert_eq!(detail, [], "a blank address takes it back");
    let two = "[[source.poll.detail]]\nurl = \"{{ base_url }}/a\"\n[[source.poll.detail]]\nurl = \"{{ base_url }}/b\"\n";
    let (detail, _) = redmine(two);
    assert_eq!(detail.len(), 2, "a list stands for itself");
    assert!(detail.iter().all(|detail| detail.headers.is_empty()));
    let (_, message) = redmine("[source.mapping.message]\nby = \"team\"\n");
    assert_eq!(message.unwrap().by, "team");
}

#[test]
fn a_source_that_is_switched_off_needs_no_secret() {
    let text = format!("{BASE}{HOOK}").replace("\"HOOK_SECRET\"", "\"NOT_SET\"\nenabled = false");
    let config = good(&text);
    assert!(config.sources.sources.is_empty() && config.setup.sources.is_empty());
}

#[test]
fn a_queue_posts_on_discord_once_that_is_enabled() {
    let text = BASE
        .replace("lead = true", "lead = true\ndiscord = \"2\"")
        .replace("name = \"青木\"", "name = \"青木\"\ndiscord = \"1\"")
        + "discord_channel = \"77\"\n[discord]\nenabled = true\ntoken_env = \"TOKEN\"\napplication_id = \"5\"\nguild_id = \"6\"\nrequired_roles = [\"9\"]\n";
    let config = good(&text);
    let places: Vec<String> = config
        .setup
        .queues
        .values()
        .flat_map(|q| &q.places)
        .map(|p| format!("{}:{}", p.platform, p.channel))
        .collect();
    assert_eq!(places, ["desk:support", "discord:77"]);
    assert_eq!(config.discord.unwrap().application_id, 5);
    assert_eq!(config.setup.required_roles["discord"], ["9"]);
}

#[test]
fn a_file_from_windows_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("toban.toml");
    std::fs::write(&path, format!("\u{feff}{}", BASE.replace('\n', "\r\n"))).unwrap();
    assert!(Config::load(Some(&path), &env).is_ok());
}

#[test]
fn without_a_file_the_error_says_how_to_get_one() {
    let path = Path::new("nowhere/toban.toml");
    assert_eq!(
        Config::load(Some(path), &env).unwrap_err().to_string(),
        "there is no configuration \"nowhere/toban.toml\": write one with `toban check --example > toban.toml`, or try `toban demo`"
    );
}

#[test]
fn a_heartbeat_needs_an_address() {
    assert_eq!(good(BASE).heartbeat, None);
    let silent = good(&format!("{BASE}[heartbeat]\nevery = \"5m\"\n"));
    assert_eq!(silent.heartbeat, None);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "https://hc.example.com/5f5f\n").unwrap();
    let file = path.display();
    let config = good(&format!("{BASE}[heartbeat]\nurl_file = \"{file}\"\n"));
    let heartbeat = config.heartbeat.unwrap();
    assert_eq!(heartbeat.url.expose(), "https://hc.example.com/5f5f");
    assert_eq!(heartbeat.every, std::time::Duration::from_mins(1));
    assert_eq!(config.warnings.list, []);
}

#[test]
fn proxies_are_told_by_address_or_range_and_given_time() {
    let proxies = "[server]\ntrusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"fd00::/8\"]\nlinger = \"15s\"\n";
    let config = good(&format!("{BASE}{proxies}"));
    let read: Vec<String> = config
        .server
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(read, ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]);
    assert_eq!(config.server.linger, std::time::Duration::from_secs(15));
}

#[test]
fn a_policy_expects_of_other_teams_and_tells_by_severity() {
    let text = BASE.replace(
        "first_response = \"8h\"",
        "first_response = \"8h\"\nvendor = \"2d\"\nnext_tier = \"4h\"\ninternal_calendar = \"always\"\n\
         [policy.ladder]\nvendor = [\"breach -> lead\"]\n[policy.ladder.S1]\nclaim = [\"50% -> duty\"]\n\
         [policy.severity]\nS1 = { ja = \"止まった\", en = \"stopped\" }\nS2 = \"重い\"",
    );
    let text = text.replace(
        "name = \"standard\"\n",
        "name = \"standard\"\nrelease_after = \"20h\"\n",
    );
    let config = good(&text);
    let queue = &config.setup.queues[&config.setup.default_queue];
    let policy = &config.setup.policies[&queue.policy];
    let row = policy.target(Severity::S1, "").unwrap();
    let amount = |clock| {
        row.amount(clock)
            .map(|amount| (amount.ms, amount.calendar.as_str()))
    };
    assert_eq!(amount(Clock::Vendor), Some((172_800_000, "always")));
    assert_eq!(amount(Clock::Development), None);
    assert_eq!(amount(Clock::NextTier), Some((14_400_000, "always")));
    assert_eq!(amount(Clock::FirstResponse), Some((28_800_000, "office")));
    let rungs = |severity, clock| policy.ladder_for(severity, clock).len();
    assert_eq!(rungs(Severity::S1, Clock::Claim), 1);
    assert_eq!(rungs(Severity::S2, Clock::Claim), 4);
    assert_eq!(
        (
            rungs(Severity::S1, Clock::Vendor),
            rungs(Severity::S1, Clock::NextTier)
        ),
        (1, 2)
    );
    let means = |severity| {
        policy
            .definition(severity)
            .map(|means| (means.ja.as_str(), means.en.as_str()))
    };
    assert_eq!(means(Severity::S1), Some(("止まった", "stopped")));
    assert_eq!(means(Severity::S2), Some(("重い", "重い")));
    assert_eq!(means(Severity::S3), None);
    assert_eq!(policy.release_after_ms, Some(72_000_000));
}

#[test]
fn a_policy_of_before_is_read_and_written_as_it_was() {
    let config = good(BASE);
    let (_, _, body) = config
        .setup
        .snapshots
        .iter()
        .find(|(kind, ..)| kind == "policy")
        .unwrap();
    // Nothing of what a policy need not say stands in its snapshot: its hash is the one it always had.
    for new in [
        "severity_ladders",
        "definitions",
        "release_after_ms",
        "vendor",
        "next_tier",
    ] {
        assert!(!body.contains(new), "{new} in {body}");
    }
    let again: crate::domain::sla::Policy = serde_json::from_str(body).unwrap();
    assert_eq!(again.ladder(Clock::Vendor).len(), 2);
}

/// Everything about `[queue.gate]`, as the policy of the queue has it.
fn gate_of(lines: &str) -> crate::domain::gate::Gate {
    let config = good(&BASE.replace(
        "calendar = \"office\"\n",
        &format!("calendar = \"office\"\n{lines}\n"),
    ));
    let queue = &config.setup.queues[&config.setup.default_queue];
    config.setup.policies[&queue.policy].gate.clone()
}

#[test]
fn a_gate_lists_what_each_kind_brings_in_one_order_and_once() {
    use crate::domain::gate::{Gate, Need};
    assert_eq!(gate_of(""), Gate::default());
    let gate = gate_of(
        "[queue.gate]\ninvestigation = [\"environment\", \"tried\", \"tried\"]\nspecification = [\"body\"]",
    );
    assert_eq!(gate.investigation, [Need::Tried, Need::Environment]);
    assert_eq!(gate.specification, [Need::Body]);
}

#[test]
fn a_queue_without_a_gate_keeps_the_policy_it_had() {
    let config = good(BASE);
    let (_, _, body) = config
        .setup
        .snapshots
        .iter()
        .find(|(kind, ..)| kind == "policy")
        .unwrap();
    assert!(!body.contains("gate"), "{body}");
}

#[test]
fn a_way_for_what_is_sent_back_holds_wherever_it_is_written() {
    let source = |more: &str| {
        let text = format!(
            "{BASE}\n[[source]]\nid = \"legacy\"\nkind = \"poll\"\n{more}[source.mapping]\nexternal_id = \"{{{{ id }}}}\"\ntitle = \"{{{{ title }}}}\"\n[source.poll]\nevery = \"1m\"\nurl = \"https://legacy.example.com\"\nitems = \"items\"\n[source.way_back]\nurl = \"https://legacy.example.com/back\"\n"
        );
        text
    };
    let acts = |text: &str| -> Vec<Act> {
        good(text).sources.sources[&SourceId::from("legacy")]
            .way_back
            .keys()
            .copied()
            .collect()
    };
    let own = "[source.way_back.bounce]\nbody = \"x\"\n";
    assert_eq!(acts(&source("")), [Act::Reply, Act::Answer, Act::Owner]);
    assert_eq!(
        acts(&format!("{}{own}", source(""))),
        [Act::Reply, Act::Bounce, Act::Answer, Act::Owner]
    );
    let listed = "write_back = [\"reply\"]\n";
    assert_eq!(acts(&source(listed)), [Act::Reply]);
    assert_eq!(
        acts(&format!("{}{own}", source(listed))),
        [Act::Reply, Act::Bounce]
    );
}

#[test]
fn a_request_of_ones_own_needs_nothing_of_the_overlap_that_its_preset_brings() {
    let source = "[[source]]\nid = \"redmine\"\nkind = \"poll\"\npreset = \"redmine\"\nbase_url = \"https://redmine.example.com\"\n\
        secret_env = \"KEY\"\n[source.poll]\nurl = \"{{ base_url }}/issues.json?project_id=7&updated_on=>={{ cursor or since }}\"\n";
    let story = crate::testkit::world::STORY;
    crate::testkit::world::read(&format!("{story}\n{source}"));
}
