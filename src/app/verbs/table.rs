//! The table: names in both languages, parameters and their kinds.

use super::Verb;

/// A parameter of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: &'static str,
    pub name_ja: &'static str,
    pub kind: ParamKind,
    pub is_required: bool,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// Free words; in a line it takes the rest.
    Text,
    /// A member's id, name or mention.
    Member,
    Queue,
    Severity,
    Category,
    /// A moment: `2026-11-24 15:00`, `15:00`, `30m`, `2d`.
    Time,
    /// A day: `2026-12-01`, `12/1`, `tomorrow`, `金曜`.
    Day,
    /// One of a few words.
    Choice(&'static [(&'static str, &'static str)]),
}

const fn needed(name: &'static str, name_ja: &'static str, kind: ParamKind) -> Param {
    Param {
        name,
        name_ja,
        kind,
        is_required: true,
    }
}

const fn free(name: &'static str, name_ja: &'static str, kind: ParamKind) -> Param {
    Param {
        name,
        name_ja,
        kind,
        is_required: false,
    }
}

const WAITING: &[(&str, &str)] = &[
    ("requester", "依頼者"),
    ("vendor", "開発元"),
    ("development", "開発チーム"),
    ("next_tier", "上位チーム"),
];
const CLOSING: &[(&str, &str)] = &[
    ("agreed", "合意"),
    ("duplicate", "重複"),
    ("refused", "お断り"),
    ("spam", "迷惑"),
    ("out_of_scope", "対象外"),
    ("gone", "起票元で削除"),
];
const REFERRING: &[(&str, &str)] = &[
    ("sales", "営業"),
    ("professional_services", "プロフェッショナルサービス"),
    ("other", "その他"),
];
const MOVING: &[(&str, &str)] = &[
    ("misrouted", "振り分け違い"),
    ("handed_on", "作業の引き継ぎ"),
];
const TOLD: &[(&str, &str)] = &[("here", "ここから送る"), ("elsewhere", "連絡済み")];
const LISTS: &[(&str, &str)] = &[
    ("open", "未完了"),
    ("mine", "自分"),
    ("unclaimed", "未担当"),
    ("all", "すべて"),
];
const NEXT_BY: &[(&str, &str)] = &[
    ("us", "当方"),
    ("requester", "依頼者"),
    ("vendor", "開発元"),
    ("development", "開発チーム"),
];
const FEEDS: &[(&str, &str)] = &[("new", "発行"), ("stop", "停止")];
const LANGUAGES: &[(&str, &str)] = &[("ja", "日本語"), ("en", "英語")];

const WEEKDAYS: &[(&str, &str)] = &[
    ("mon", "月"),
    ("tue", "火"),
    ("wed", "水"),
    ("thu", "木"),
    ("fri", "金"),
    ("sat", "土"),
    ("sun", "日"),
];

use ParamKind::{Category, Choice, Day, Member, Queue, Severity, Text, Time};

/// Other words for a verb: those of the buttons, and what one tries first.
const ALSO: &[(&str, Verb)] = &[
    ("duty", Verb::DutyToday),
    ("当番", Verb::DutyToday),
    ("who", Verb::DutyWho),
    ("交換", Verb::Swap),
    ("休み", Verb::Absent),
    ("手引き", Verb::ReadGuide),
    ("緊急ではない", Verb::NotUrgent),
    ("お礼のみ", Verb::NoAnswerNeeded),
    ("催促を再開", Verb::Unsnooze),
    ("続ける", Verb::Keep),
    ("例外", Verb::Except),
    ("send-back", Verb::Bounce),
    ("別件", Verb::Split),
    ("known-set-workaround", Verb::KnownWorkaround),
];

const NONE: &[Param] = &[];
const REASON: &[Param] = &[needed("reason", "理由", Text)];
const MAYBE_REASON: &[Param] = &[free("reason", "理由", Text)];
const TEXT: &[Param] = &[needed("text", "本文", Text)];
const REPLY: &[Param] = &[
    needed("text", "本文", Text),
    free("template", "定型文", Text),
];
const REPLIED: &[Param] = &[free("at", "時刻", Time), free("text", "本文", Text)];
const HEARD: &[Param] = &[needed("text", "本文", Text), free("at", "時刻", Time)];
const LIST: &[Param] = &[
    free("which", "対象", Choice(LISTS)),
    free("queue", "キュー", Queue),
    free("text", "語句", Text),
];
const ASSIGN: &[Param] = &[needed("to", "相手", Member)];
const WAIT: &[Param] = &[
    needed("on", "相手", Choice(WAITING)),
    free("until", "期日", Time),
    free("asked", "依頼内容", Text),
    free("case", "ケース番号", Text),
];
const RESUME: &[Param] = &[free("answer", "回答", Text)];
const PROPOSE: &[Param] = &[
    needed("to", "重大度", Severity),
    needed("reason", "理由", Text),
];
const AGREE: &[Param] = &[
    free("to", "重大度", Severity),
    free("note", "合意した人", Text),
];
const DECLINE: &[Param] = &[free("to", "重大度", Severity), free("reason", "理由", Text)];
const SEVERITY: &[Param] = &[
    needed("to", "重大度", Severity),
    free("reason", "理由", Text),
];
const TRANSFER: &[Param] = &[
    needed("to", "キュー", Queue),
    needed("reason", "理由", Text),
    free("as", "種別", Choice(MOVING)),
];
const BOUNCE: &[Param] = &[
    free("reason", "理由", Text),
    free("told", "連絡", Choice(TOLD)),
];
const OUT_OF_SCOPE: &[Param] = &[
    needed("to", "引き継ぎ先", Choice(REFERRING)),
    free("note", "メモ", Text),
    free("who", "相手", Text),
    free("reply", "返信", Text),
];
const SNOOZE: &[Param] = &[needed("until", "いつまで", Time)];
const MUTE: &[Param] = &[free("until", "いつまで", Time)];
const RESOLVE: &[Param] = &[
    free("category", "カテゴリ", Category),
    free("cause", "原因", Text),
    free("workaround", "回避策", Text),
    free("no_workaround", "回避策なしの理由", Text),
    free("answer", "回答", Text),
];
const CLOSE: &[Param] = &[
    needed("as", "種別", Choice(CLOSING)),
    free("note", "メモ", Text),
];
const OVERRIDE: &[Param] = &[
    needed("member", "担当", Member),
    needed("from", "開始", Time),
    needed("until", "終了", Time),
    free("rota", "当番表", Text),
];
const WHO: &[Param] = &[needed("at", "時刻", Time)];
const SWAP: &[Param] = &[
    needed("with", "相手", Member),
    needed("mine", "自分の日", Day),
    needed("theirs", "相手の日", Day),
    free("for", "本人", Member),
    free("rota", "当番表", Text),
];
const NUMBER: &[Param] = &[needed("number", "番号", Text)];
const COVER: &[Param] = &[needed("on", "日", Day), free("rota", "当番表", Text)];
const ABSENT: &[Param] = &[
    free("from", "開始", Day),
    free("until", "終了", Day),
    free("every", "毎週", Choice(WEEKDAYS)),
    free("who", "本人", Member),
];
const BACK: &[Param] = &[free("which", "番号か本人", Text)];
const FAIRNESS: &[Param] = &[
    free("from", "開始", Day),
    free("until", "終了", Day),
    free("rota", "当番表", Text),
];
const LANGUAGE: &[Param] = &[needed("language", "言語", Choice(LANGUAGES))];

const NEXT: &[Param] = &[
    needed("text", "本文", Text),
    free("who", "誰", Choice(NEXT_BY)),
    free("until", "いつまで", Time),
];
const FILE: &[Param] = &[
    needed("title", "件名", Text),
    needed("text", "本文", Text),
    free("tracker", "起票先", Text),
];
const LINK: &[Param] = &[
    needed("issue", "課題", Text),
    free("tracker", "起票先", Text),
];
const UNLINK: &[Param] = &[free("issue", "課題", Text), free("tracker", "起票先", Text)];
const SPLIT: &[Param] = &[
    needed("title", "件名", Text),
    free("text", "本文", Text),
    free("severity", "重大度", Severity),
    free("queue", "キュー", Queue),
];
const KNOWN_WORKAROUND: &[Param] = &[
    needed("issue", "課題", Text),
    needed("text", "回避策", Text),
    free("tracker", "起票先", Text),
];
const FEED: &[Param] = &[free("what", "操作", Choice(FEEDS))];

impl Verb {
    /// Every verb, in the order in which help lists them.
    pub const ALL: [Verb; 63] = [
        Verb::List,
        Verb::Show,
        Verb::Why,
        Verb::Claim,
        Verb::Accept,
        Verb::Release,
        Verb::Keep,
        Verb::HandOver,
        Verb::Assign,
        Verb::TakeOver,
        Verb::Note,
        Verb::Next,
        Verb::Reply,
        Verb::Ask,
        Verb::Replied,
        Verb::RetractReply,
        Verb::Heard,
        Verb::NoAnswerNeeded,
        Verb::Wait,
        Verb::Resume,
        Verb::Severity,
        Verb::ProposeSeverity,
        Verb::AgreeSeverity,
        Verb::DeclineSeverity,
        Verb::NotUrgent,
        Verb::Transfer,
        Verb::Bounce,
        Verb::OutOfScope,
        Verb::Snooze,
        Verb::Unsnooze,
        Verb::Mute,
        Verb::Unmute,
        Verb::Resolve,
        Verb::Close,
        Verb::Reopen,
        Verb::CheckContract,
        Verb::Refuse,
        Verb::Except,
        Verb::File,
        Verb::Link,
        Verb::Unlink,
        Verb::Split,
        Verb::Known,
        Verb::KnownWorkaround,
        Verb::DutyToday,
        Verb::DutyWeek,
        Verb::DutyOverride,
        Verb::Feed,
        Verb::DutyWho,
        Verb::DutyBook,
        Verb::Swap,
        Verb::AcceptSwap,
        Verb::DeclineSwap,
        Verb::Cover,
        Verb::DeclineCover,
        Verb::Absent,
        Verb::Back,
        Verb::TakeBack,
        Verb::Fairness,
        Verb::ReadGuide,
        Verb::Held,
        Verb::Language,
        Verb::Help,
    ];

    /// The word in the API, the database and the English line: `take-over`.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The Japanese word, a single one so that a platform can show it.
    pub fn name_ja(self) -> &'static str {
        self.row().1
    }

    /// What it takes beside the inquiry.
    pub fn params(self) -> &'static [Param] {
        self.row().2
    }

    /// Whether it is about one inquiry.
    pub fn needs_inquiry(self) -> bool {
        !matches!(
            self,
            Verb::List
                | Verb::Held
                | Verb::Language
                | Verb::Help
                | Verb::Known
                | Verb::KnownWorkaround
        ) && !self.is_about_duty()
    }

    /// Whether it is about the duty: shown or arranged.
    pub fn is_about_duty(self) -> bool {
        matches!(
            self,
            Verb::DutyToday
                | Verb::DutyWeek
                | Verb::DutyOverride
                | Verb::Feed
                | Verb::DutyWho
                | Verb::DutyBook
                | Verb::Swap
                | Verb::AcceptSwap
                | Verb::DeclineSwap
                | Verb::Cover
                | Verb::DeclineCover
                | Verb::Absent
                | Verb::Back
                | Verb::TakeBack
                | Verb::Fairness
                | Verb::ReadGuide
        )
    }

    /// Whether it changes nothing.
    pub fn only_asks(self) -> bool {
        matches!(
            self,
            Verb::List
                | Verb::Show
                | Verb::Why
                | Verb::DutyToday
                | Verb::DutyWeek
                | Verb::DutyWho
                | Verb::DutyBook
                | Verb::Fairness
                | Verb::Held
                | Verb::Known
                | Verb::Help
        )
    }

    /// The message id of its one-line description.
    pub fn description(self) -> String {
        format!("verb-{}", self.name())
    }

    /// Finds a verb by its English or Japanese word; also as buttons say it, and with or without 「する」.
    pub fn find(word: &str) -> Option<Verb> {
        let word = word.trim().to_lowercase().replace('_', "-");
        let is = |wanted: &str| {
            let named = |verb: &Verb| verb.name() == wanted || verb.name_ja() == wanted;
            let also = ALSO.iter().find(|(name, _)| *name == wanted);
            Verb::ALL
                .into_iter()
                .find(named)
                .or(also.map(|(_, verb)| *verb))
        };
        is(&word)
            .or_else(|| is(word.strip_suffix("する")?))
            .or_else(|| is(&format!("{word}する")))
    }

    fn row(self) -> (&'static str, &'static str, &'static [Param]) {
        match self {
            Verb::List => ("list", "一覧", LIST),
            Verb::Show => ("show", "表示", NONE),
            Verb::Why => ("why", "期限の理由", NONE),
            Verb::Claim => ("claim", "担当する", NONE),
            Verb::Accept => ("accept", "引き受ける", NONE),
            Verb::Release => ("release", "手放す", MAYBE_REASON),
            Verb::Assign => ("assign", "割り当て", ASSIGN),
            Verb::TakeOver => ("take-over", "引き継ぐ", REASON),
            Verb::Note => ("note", "メモ", TEXT),
            Verb::Reply => ("reply", "返信", REPLY),
            Verb::Ask => ("ask", "質問", TEXT),
            Verb::Replied => ("replied", "返信済み", REPLIED),
            Verb::RetractReply => ("retract-reply", "返信取消", NONE),
            Verb::Heard => ("heard", "聞き取り", HEARD),
            Verb::NoAnswerNeeded => ("no-answer-needed", "回答不要", NONE),
            Verb::Wait => ("wait", "待つ", WAIT),
            Verb::Resume => ("resume", "再開", RESUME),
            Verb::Severity => ("severity", "重大度", SEVERITY),
            Verb::ProposeSeverity => ("propose-severity", "重大度提案", PROPOSE),
            Verb::AgreeSeverity => ("agree-severity", "重大度合意", AGREE),
            Verb::DeclineSeverity => ("decline-severity", "重大度見送り", DECLINE),
            Verb::NotUrgent => ("not-urgent", "緊急解除", REASON),
            Verb::Transfer => ("transfer", "転送", TRANSFER),
            Verb::Bounce => ("bounce", "差し戻し", BOUNCE),
            Verb::OutOfScope => ("out-of-scope", "対象外", OUT_OF_SCOPE),
            Verb::Snooze => ("snooze", "後で", SNOOZE),
            Verb::CheckContract => ("check-contract", "契約確認", NONE),
            Verb::Refuse => ("refuse", "お断り", TEXT),
            Verb::Except => ("except", "例外受付", REASON),
            Verb::Unsnooze => ("unsnooze", "催促再開", NONE),
            Verb::Mute => ("mute", "ミュート", MUTE),
            Verb::Unmute => ("unmute", "ミュート解除", NONE),
            Verb::Resolve => ("resolve", "解決", RESOLVE),
            Verb::Close => ("close", "クローズ", CLOSE),
            Verb::Reopen => ("reopen", "再オープン", MAYBE_REASON),
            Verb::DutyToday => ("duty-today", "今日の当番", NONE),
            Verb::DutyWeek => ("duty-week", "今週の当番", NONE),
            Verb::DutyOverride => ("duty-override", "当番交代", OVERRIDE),
            Verb::Keep => ("keep", "継続", NONE),
            Verb::HandOver => ("hand-over", "引き渡す", NONE),
            Verb::Next => ("next", "次の一手", NEXT),
            Verb::Feed => ("feed", "カレンダー", FEED),
            Verb::DutyWho => ("duty-who", "その時の当番", WHO),
            Verb::DutyBook => ("duty-book", "当番帳", NONE),
            Verb::Swap => ("swap", "当番交換", SWAP),
            Verb::AcceptSwap => ("accept-swap", "交換を受ける", NUMBER),
            Verb::DeclineSwap => ("decline-swap", "交換を断る", NUMBER),
            Verb::Cover => ("cover", "代わりに入る", COVER),
            Verb::DeclineCover => ("decline-cover", "代わりを断る", NUMBER),
            Verb::Absent => ("absent", "不在", ABSENT),
            Verb::Back => ("back", "復帰", BACK),
            Verb::TakeBack => ("take-back", "取り消す", NUMBER),
            Verb::Fairness => ("fairness", "公平さ", FAIRNESS),
            Verb::ReadGuide => ("read-guide", "手引きを読んだ", NONE),
            Verb::Held => ("held", "保留した通知", NONE),
            Verb::Language => ("language", "言語", LANGUAGE),
            Verb::File => ("file", "起票", FILE),
            Verb::Link => ("link", "関連付け", LINK),
            Verb::Unlink => ("unlink", "関連解除", UNLINK),
            Verb::Split => ("split", "切り出し", SPLIT),
            Verb::Known => ("known", "既知の問題", NONE),
            Verb::KnownWorkaround => ("known-workaround", "回避策登録", KNOWN_WORKAROUND),
            Verb::Help => ("help", "ヘルプ", NONE),
        }
    }
}
