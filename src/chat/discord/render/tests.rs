#![allow(clippy::unwrap_used)]
use super::*;
use crate::chat::contract::{sample_card, sample_context};
use crate::domain::card::Standing;
use crate::domain::ids::TextId;
use crate::domain::inquiry::{Clock, Flag, Ownership, Severity};
use crate::time::SignedDuration;

const AOKI: &str = "81";

fn now() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

fn context(lang: Lang) -> PostContext {
    let mut context = sample_context(now(), lang, "discord", AOKI);
    context.desk_url = Some("https://desk.example.com/".to_owned());
    context
}

fn sample(message: Message, place: NoticePlace) -> Notice {
    Notice {
        place,
        audience: Vec::new(),
        message,
        is_urgent: false,
        is_mergeable: false,
        offers: vec![],
    }
}

/// A sentence that is in the catalogue already, with three arguments.
fn words(first: Arg, second: Arg, third: Arg) -> Message {
    Message::new("date-this-year")
        .with("weekday", first)
        .with("day", second)
        .with("month", third)
}

fn plain(text: &str) -> Arg {
    Arg::Plain(text.to_owned())
}

/// What of a card does not hang on sentences that are not ours: everything but labels and values of fields.
fn frame(mut message: Value) -> Value {
    let embed = &mut message["embeds"][0];
    embed["fields"] = embed["fields"].as_array().unwrap().len().into();
    embed["author"] = embed["author"]["name"]
        .as_str()
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .into();
    for row in message["components"].as_array_mut().unwrap() {
        for button in row["components"].as_array_mut().unwrap() {
            button["label"] = Value::Null;
        }
    }
    message
}

/// A message as it reads, without layout.
fn reads(message: &Value) -> String {
    let embed = &message["embeds"][0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        text(&message["content"]),
        text(&embed["author"]["name"]),
        text(&embed["title"]),
        text(&embed["description"]),
    ];
    for field in embed["fields"].as_array().unwrap() {
        lines.push(format!(
            "{}: {}",
            text(&field["name"]),
            text(&field["value"])
        ));
    }
    lines.push(text(&embed["footer"]["text"]));
    for row in message["components"].as_array().unwrap() {
        let labels = row["components"].as_array().unwrap().iter();
        let labels: Vec<String> = labels.map(|b| format!("[{}]", text(&b["label"]))).collect();
        lines.push(labels.join(" "));
    }
    lines.join("\n")
}

#[test]
fn a_card_reads_in_japanese() {
    let drawn = card(
        &sample_card(now()),
        &["aoki".into()],
        &context(Lang::Ja),
        "discord",
        Some("0a1b2c"),
    );
    insta::assert_snapshot!(reads(&drawn), @r##"
    <@81>
    🟡 未担当
    Q-1042 Payment fails
    It \*fails\* at the till.
    重大度: S2 重大
    担当: まだいません
    状態: 未着手
    初期応答: 11/24(火) 12:00 JST (<t:1795489200:R>)まで
    お客様: Hayashi Ltd
    依頼者: 森
    製品: pay
    プラン: gold
    種別: 調査
    当番: 青木さん
    Q-1042·7 · 0a1b2c
    [担当する] [返信済み] [デスクで開く]
    "##);
}

#[test]
fn an_urgent_card_reads_in_english() {
    let urgent = Card {
        tone: Tone::Urgent,
        is_urgent: true,
        severity: Severity::S1,
        ..sample_card(now())
    };
    let drawn = card(
        &urgent,
        &["aoki".into()],
        &context(Lang::En),
        "discord",
        None,
    );
    insta::assert_snapshot!(reads(&drawn), @r##"
    **🚨 URGENT** <@81>
    🚨 URGENT
    Q-1042 Payment fails
    It \*fails\* at the till.
    Severity: S1 critical
    Owner: nobody yet
    Stage: Waiting for an owner
    First response: by Tue 24 Nov 12:00 JST (<t:1795489200:R>)
    Customer: Hayashi Ltd
    Requester: 森
    Product: pay
    Plan: gold
    Kind: Investigation
    On duty: 青木
    Q-1042·7
    [Claim] [I answered there] [Open in the desk]
    "##);
}

#[test]
fn every_tone_is_said_in_words() {
    use Tone::*;
    let said = [Urgent, Late, AtRisk, Waiting, Unclaimed, Calm, Done].map(|tone| {
        let status = |lang| {
            let drawn = card(
                &Card {
                    tone,
                    ..sample_card(now())
                },
                &[],
                &context(lang),
                "discord",
                None,
            );
            drawn["embeds"][0]["author"]["name"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        format!("{} | {}", status(Lang::Ja), status(Lang::En))
    });
    insta::assert_snapshot!(said.join("\n"), @r##"
    🚨 緊急 | 🚨 URGENT
    ⏰ 期限超過 | ⏰ Late
    ⚠️ 期限間近 | ⚠️ At risk
    ⏳ 待ち | ⏳ Waiting
    🟡 未担当 | 🟡 Unclaimed
    🔵 対応中 | 🔵 In progress
    ✅ 完了 | ✅ Done
    "##);
}

#[test]
fn a_card_has_colour_status_title_and_buttons() {
    let drawn = card(
        &sample_card(now()),
        &["aoki".into()],
        &context(Lang::Ja),
        "discord",
        Some("0a1b2c"),
    );
    insta::assert_json_snapshot!(frame(drawn), @r##"
    {
      "allowed_mentions": {
        "parse": [],
        "users": [
          "81"
        ]
      },
      "components": [
        {
          "components": [
            {
              "custom_id": "do:claim:1042:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69",
              "label": null,
              "style": 1,
              "type": 2
            },
            {
              "custom_id": "ask:replied:1042:0199d3a1-7c1e-7b52-9f0e-1f2d3c4b5a69",
              "label": null,
              "style": 2,
              "type": 2
            },
            {
              "label": null,
              "style": 5,
              "type": 2,
              "url": "https://desk.example.com/desk?inquiry=Q-1042"
            }
          ],
          "type": 1
        }
      ],
      "content": "<@81>",
      "embeds": [
        {
          "author": "🟡",
          "color": 16498733,
          "description": "It \\*fails\\* at the till.",
          "fields": 10,
          "footer": {
            "text": "Q-1042·7 · 0a1b2c"
          },
          "title": "Q-1042 Payment fails",
          "url": "https://tracker.example.com/issues/7"
        }
      ]
    }
    "##);
}

#[test]
fn an_edited_card_names_whom_it_called_and_calls_nobody() {
    let (shown, people) = (sample_card(now()), ["aoki".into()]);
    let draw = |marker| card(&shown, &people, &context(Lang::Ja), "discord", marker);
    let (posted, edited) = (draw(Some("0a1b2c")), draw(None));
    assert_eq!(posted["content"], "<@81>");
    assert_eq!(posted["allowed_mentions"]["users"], json!([AOKI]));
    assert_eq!(edited["content"], posted["content"]);
    assert_eq!(
        edited["allowed_mentions"],
        json!({"parse": [], "users": []})
    );
}

#[test]
fn an_urgent_card_says_so_in_words_before_whom_it_calls() {
    let urgent = Card {
        tone: Tone::Urgent,
        is_urgent: true,
        severity: Severity::S1,
        ..sample_card(now())
    };
    let drawn = card(
        &urgent,
        &["aoki".into(), "inoue".into()],
        &context(Lang::En),
        "discord",
        Some("0a1b2c"),
    );
    let content = drawn["content"].as_str().unwrap();
    assert!(
        content.starts_with("**🚨 ") && content.ends_with("** <@81> @井上\\_\\*"),
        "{content}"
    );
    assert_eq!(
        drawn["allowed_mentions"],
        json!({"parse": [], "users": ["81"]})
    );
    assert_eq!(drawn["embeds"][0]["footer"]["text"], "Q-1042·7 · 0a1b2c");
    assert_eq!(drawn["embeds"][0]["color"], 0xd3_2f_2f);
}

#[test]
fn every_tone_has_its_colour_and_sign() {
    use Tone::*;
    let tones = [Urgent, Late, AtRisk, Waiting, Unclaimed, Calm, Done];
    let looks: std::collections::BTreeSet<_> = tones.iter().map(|tone| look(*tone)).collect();
    assert_eq!(looks.len(), tones.len());
    for tone in tones {
        let drawn = card(
            &Card {
                tone,
                ..sample_card(now())
            },
            &[],
            &context(Lang::Ja),
            "discord",
            None,
        );
        assert_eq!(drawn["embeds"][0]["color"], look(tone).0);
        assert!(
            drawn["embeds"][0]["author"]["name"]
                .as_str()
                .unwrap()
                .starts_with(look(tone).1)
        );
        assert_eq!(drawn["content"], "");
    }
}

#[test]
fn a_due_time_is_absolute_with_weekday_and_zone_and_relative() {
    let words = context(Lang::Ja);
    let markup = DiscordMarkup {
        platform: "discord",
    };
    insta::assert_snapshot!(markup.instant(now(), &Words::of(&words)), @"11/24(火) 10:00 JST (<t:1795482000:R>)");
    let words = context(Lang::En);
    insta::assert_snapshot!(markup.instant(now(), &Words::of(&words)), @"Tue 24 Nov 10:00 JST (<t:1795482000:R>)");
}

#[test]
fn a_card_never_exceeds_any_limit() {
    let mut context = context(Lang::En);
    let long = "*@everyone😀* ".repeat(2_000);
    for id in ["title", "body", "customer", "requester"] {
        context.texts.insert(TextId::from(id), long.clone());
    }
    context.body = crate::app::ports::BodyInChat::Full;
    let mut huge = sample_card(now());
    huge.facts.product = "p".repeat(3_000);
    huge.facts.plan = "_".repeat(3_000);
    huge.facts.region = Some(String::new());
    huge.facts.flags = vec![Flag {
        field: "plan".to_owned(),
        given: "body".into(),
    }];
    huge.ownership = Ownership::Owned {
        by: "x".repeat(4_000).as_str().into(),
        since: now(),
    };
    huge.dues = (0..40)
        .map(|n| crate::domain::card::Due {
            clock: Clock::NextResponse,
            at: Some(now() + SignedDuration::from_hours(n)),
            standing: Standing::Running,
        })
        .collect();
    let crowd: Vec<MemberId> = (0..3_000)
        .map(|n| format!("member-{n}").as_str().into())
        .collect();
    let drawn = card(&huge, &crowd, &context, "discord", Some("0a1b2c"));
    let embed = &drawn["embeds"][0];
    let within = |value: &Value, most: usize| {
        let text = value.as_str().unwrap();
        assert!(
            (1..=most).contains(&length(text)) && !text.trim().is_empty(),
            "{} of {most}: {text}",
            length(text)
        );
    };
    within(&drawn["content"], 2_000);
    within(&embed["title"], 256);
    within(&embed["description"], 4_096);
    within(&embed["footer"]["text"], 2_048);
    let fields = embed["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 25);
    for field in fields {
        within(&field["name"], 256);
        within(&field["value"], 1_024);
    }
    assert!(total(embed) <= 6_000, "{}", total(embed));
    assert!(total(embed) > 4_000, "cut too much: {}", total(embed));
    assert!(embed["description"].as_str().unwrap().contains('…'));
    assert!(length(&thread_name(&huge, &context)) <= 100);
}

#[test]
fn what_is_cut_links_to_the_whole() {
    let mut context = context(Lang::En);
    context.texts.insert("body".into(), "long ".repeat(2_000));
    context.body = crate::app::ports::BodyInChat::Full;
    let drawn = card(&sample_card(now()), &[], &context, "discord", None);
    let text = drawn["embeds"][0]["description"].as_str().unwrap();
    assert!(
        text.ends_with("… [read on](https://desk.example.com/desk?inquiry=Q-1042)"),
        "{}",
        &text[text.len() - 80..]
    );
}

#[test]
fn a_notice_calls_in_front_and_carries_its_marker_in_small_print() {
    let said = sample(
        words(plain("a_b"), Arg::Instant(now()), plain("x")),
        NoticePlace::Thread,
    );
    let mut context = context(Lang::En);
    let in_thread = notice(&said, &["aoki".into()], &context, "discord", "0a1b2c", true);
    insta::assert_json_snapshot!(in_thread, @r##"
    {
      "allowed_mentions": {
        "parse": [],
        "users": [
          "81"
        ]
      },
      "components": [],
      "content": "<@81> a\\_b Tue 24 Nov 10:00 JST (<t:1795482000:R>) x\n-# Q-1042 · 0a1b2c",
      "embeds": [],
      "flags": 4
    }
    "##);
    let outside = notice(&said, &[], &context, "discord", "0a1b2c", false);
    insta::assert_snapshot!(outside["content"].as_str().unwrap(), @r##"
    **Q-1042** a\_b Tue 24 Nov 10:00 JST (<t:1795482000:R>) x
    -# Q-1042 · 0a1b2c
    "##);
    context.reference = None;
    let operators = notice(&said, &[], &context, "discord", "0a1b2c", false);
    assert!(
        operators["content"]
            .as_str()
            .unwrap()
            .ends_with("\n-# 0a1b2c")
    );
}

#[test]
fn whom_the_sentence_calls_is_not_called_twice() {
    let said = sample(
        words(
            Arg::Mention("aoki".into()),
            Arg::Member("aoki".into()),
            Arg::Mention("nobody".into()),
        ),
        NoticePlace::Channel,
    );
    let drawn = notice(
        &said,
        &["aoki".into()],
        &context(Lang::En),
        "discord",
        "0a1b2c",
        false,
    );
    assert_eq!(
        drawn["content"],
        "**Q-1042** <@81> 青木 @nobody\n-# Q-1042 · 0a1b2c"
    );
    assert_eq!(
        drawn["allowed_mentions"],
        json!({"parse": [], "users": ["81"]})
    );
}

#[test]
fn buttons_stand_five_in_a_row_and_need_an_inquiry() {
    use Offer::*;
    let offers = vec![Claim, Accept, Release, Replied, Resolve, Resume, Open];
    let said = Notice {
        offers,
        ..sample(
            words(plain("a"), plain("b"), plain("c")),
            NoticePlace::Channel,
        )
    };
    let mut context = context(Lang::En);
    let drawn = notice(&said, &[], &context, "discord", "0a1b2c", false);
    let row = |n: usize| {
        drawn["components"][n]["components"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert_eq!((row(0).len(), row(1).len()), (5, 2));
    assert_eq!(
        row(1)[1]["url"],
        "https://desk.example.com/desk?inquiry=Q-1042"
    );
    context.inquiry = None;
    context.desk_url = Some("not a url".to_owned());
    assert_eq!(
        notice(&said, &[], &context, "discord", "0a1b2c", false)["components"],
        json!([])
    );
}

#[test]
fn what_is_in_the_duty_book_is_answered_by_its_number_without_an_inquiry() {
    use Offer::*;
    let said = Notice {
        offers: vec![AcceptSwap(12), DeclineSwap(12), DeclineCover(13), ReadGuide],
        ..sample(
            words(plain("a"), plain("b"), plain("c")),
            NoticePlace::Channel,
        )
    };
    let mut context = context(Lang::En);
    (context.inquiry, context.reference) = (None, None);
    let drawn = notice(&said, &[], &context, "discord", "0a1b2c", false);
    let row = drawn["components"][0]["components"].as_array().unwrap();
    let ids: Vec<_> = row.iter().map(|button| &button["custom_id"]).collect();
    assert_eq!(
        ids,
        [
            "of:accept-swap:-:-:-:12",
            "of:decline-swap:-:-:-:12",
            "of:decline-cover:-:-:-:13",
            "do:read-guide:-:-",
        ]
    );
    assert_eq!(row[2]["label"], "I cannot cover (no. 13)");
}

#[test]
fn a_long_notice_moves_into_an_embed() {
    let said = sample(
        words(plain(&"line\n".repeat(700)), plain("b"), plain("c")),
        NoticePlace::Channel,
    );
    let drawn = notice(
        &said,
        &["aoki".into()],
        &context(Lang::En),
        "discord",
        "0a1b2c",
        false,
    );
    assert_eq!(drawn["content"], "<@81>\n-# Q-1042 · 0a1b2c");
    assert_eq!(drawn["flags"], Value::Null, "or the embed would be hidden");
    let text = drawn["embeds"][0]["description"].as_str().unwrap();
    assert!(length(text) > 3_000 && length(text) <= 4_096);
}

#[test]
fn an_answer_is_for_one_person_and_calls_nobody() {
    let drawn = private("done <@81>");
    assert_eq!(drawn["flags"], EPHEMERAL | NO_PREVIEWS);
    assert_eq!(drawn["allowed_mentions"], json!({"parse": [], "users": []}));
    let long = private(&"x".repeat(9_000));
    assert_eq!(
        length(long["embeds"][0]["description"].as_str().unwrap()),
        4_096
    );
}

#[test]
fn a_thread_is_named_after_the_inquiry_and_never_after_its_state() {
    let mut context = context(Lang::Ja);
    context.texts.insert(
        "title".into(),
        " 決済が\n \u{202e}失敗 **する** ".to_owned(),
    );
    assert_eq!(
        thread_name(&sample_card(now()), &context),
        "Q-1042 決済が 失敗 **する**"
    );
    let waiting = Card {
        tone: Tone::Late,
        ..sample_card(now())
    };
    assert_eq!(
        thread_name(&waiting, &context),
        thread_name(&sample_card(now()), &context)
    );
    context.texts.insert("title".into(), "長".repeat(300));
    assert_eq!(length(&thread_name(&waiting, &context)), 100);
}

#[test]
fn only_addresses_of_the_web_become_links() {
    assert_eq!(
        web(Some("https://a.example/x")).as_deref(),
        Some("https://a.example/x")
    );
    for wrong in [
        "javascript:alert(1)",
        "ftp://a.example",
        "a.example",
        "",
        &format!("https://a.example/{}", "x".repeat(600)),
    ] {
        assert_eq!(web(Some(wrong)), None, "{wrong}");
    }
}

fn sample_board() -> crate::domain::board::Board {
    use crate::domain::board::{Board, BoardLine, Due, Pressing, Standing};
    let line = |reference, standing, ownership, due| BoardLine {
        reference,
        what: Pressing {
            standing,
            severity: Severity::S2,
            title: TextId::from("title"),
            ownership,
            due: Some(Due {
                clock: Clock::FirstResponse,
                at: now() + SignedDuration::from_mins(due),
            }),
        },
    };
    let owned = Ownership::Owned {
        by: "inoue".into(),
        since: now(),
    };
    let nobody = Ownership::Unclaimed { since: now() };
    Board {
        queue: "billing".into(),
        lines: vec![
            line(12, Standing::Late, nobody, -40),
            line(1042, Standing::AtRisk, owned, 95),
        ],
        more: 0,
        is_kept: true,
    }
}

#[test]
fn a_board_is_one_embed_that_calls_nobody() {
    let shown = |lang, board: &_, marker| {
        let message = super::board(board, &context(lang), "discord", marker);
        serde_json::to_string_pretty(&message).unwrap()
    };
    let clear = crate::domain::board::Board {
        lines: Vec::new(),
        ..sample_board()
    };
    let all = [
        shown(Lang::Ja, &sample_board(), Some("·k·")),
        shown(Lang::En, &sample_board(), None),
        shown(Lang::Ja, &clear, None),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_board_of_long_titles_fits_and_ends_with_a_whole_line() {
    let mut board = sample_board();
    let line = board.lines[0].clone();
    board.lines = vec![line; 15];
    let mut context = context(Lang::En);
    // Each sign is written as two.
    context.texts.insert("title".into(), "*_~`".repeat(40));
    context.desk_url = Some(format!("https://{}.example.com", "desk".repeat(15)));
    let message = super::board(&board, &context, "discord", None);
    let said = message["embeds"][0]["description"].as_str().unwrap();
    assert!(length(said) <= DESCRIPTION);
    let last = said.lines().last().unwrap();
    assert!(last.contains("more"), "{last}");
}
