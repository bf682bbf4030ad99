#![allow(clippy::unwrap_used)]

use super::*;
use crate::app::setup::Comes;
use crate::app::standing::WriteBacks;
use crate::testkit::world::tokyo;
use crate::time::zone;

fn view(standing: Standing) -> SourceView {
    SourceView {
        id: "redmine".into(),
        name: "Redmine".to_owned(),
        comes: Comes::Fetched,
        is_enabled: true,
        standing,
        since: Some(tokyo("2026-11-20 09:00")),
        backlog: crate::app::setup::Backlog::Skip,
        last_ok_at: Some(tokyo("2026-11-24 09:20")),
        last_item_at: Some(tokyo("2026-11-24 09:12")),
        last_error: None,
        next_poll_at: Some(tokyo("2026-11-24 10:05")),
        cursor: Some("2026-11-24T00:12:00Z".to_owned()),
        cursor_at: Some(tokyo("2026-11-24 09:12")),
        received_24h: 12,
        unreadable: 2,
        write_backs: WriteBacks {
            waiting: 3,
            late: 1,
            dead: 1,
            why: Some("it answered 403".to_owned()),
        },
        skew_ms: Some(-200_000),
        is_skewed: true,
        delivered_at: Some(tokyo("2026-11-24 09:00")),
        refused_at: Some(tokyo("2026-11-24 09:30")),
        refusal: Some("the signature does not match".to_owned()),
    }
}

fn standings() -> Vec<Standing> {
    let why = || "it answered 503".to_owned();
    let since = tokyo("2026-11-24 09:21");
    vec![
        Standing::Off,
        Standing::Filed,
        Standing::NeverDelivered,
        Standing::Delivered,
        Standing::NeverPolled,
        Standing::Ok,
        Standing::Held { why: why() },
        Standing::Late { due_at: since },
        Standing::Failing {
            failures: 2,
            since: Some(since),
            why: why(),
        },
        Standing::Out {
            failures: 6,
            since,
            why: why(),
        },
    ]
}

#[test]
fn a_source_reads_well_in_both_languages() {
    let zone = zone("Asia/Tokyo").unwrap();
    let mut said = String::new();
    for lang in Lang::ALL {
        let words = SourceWords {
            lang,
            zone: &zone,
            now: tokyo("2026-11-24 10:00"),
        };
        for standing in standings() {
            said += &format!("{}\n", words.state(&view(standing)));
        }
        let out = view(standings().pop().unwrap());
        said += &words.lines(&out).join("\n");
        said += "\n";
        said += &words.remarks(&out).join("\n");
        said += "\n\n";
        for comes in [Comes::Fetched, Comes::Mailed] {
            let held = SourceView {
                comes,
                ..view(standings().swap_remove(6))
            };
            said += &format!("{}\n", words.state(&held));
            said += &words.lines(&held)[..3].join("\n");
            said += "\n\n";
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn what_is_well_has_no_remarks() {
    let zone = zone("Asia/Tokyo").unwrap();
    let well = SourceView {
        unreadable: 0,
        write_backs: WriteBacks::default(),
        skew_ms: Some(3_000),
        is_skewed: false,
        refused_at: None,
        ..view(Standing::Ok)
    };
    for lang in Lang::ALL {
        let words = SourceWords {
            lang,
            zone: &zone,
            now: tokyo("2026-11-24 10:00"),
        };
        assert_eq!(words.remarks(&well), Vec::<String>::new());
        let lines = words.lines(&well).join("\n");
        assert!(
            !lines.contains("Clock") && !lines.contains("時計"),
            "{lines}"
        );
    }
}
