### 日本語の文。id と引数は en.ftl と同じにする(テストが確かめる)。
### 節の順番も en.ftl と同じ。人の名前は「さん」付きで渡ってくる。

## ことば

yes = はい
no = いいえ

severity-1 = S1 致命的
severity-2 = S2 重大
severity-3 = S3 軽微
severity-4 = S4 質問

## 日付と時刻

weekday-monday = 月
weekday-tuesday = 火
weekday-wednesday = 水
weekday-thursday = 木
weekday-friday = 金
weekday-saturday = 土
weekday-sunday = 日

# 年が今年と同じなら year は書かない。
date-this-year = { $month }/{ $day }({ $weekday })
date-other-year = { $year }/{ $month }/{ $day }({ $weekday })

## 時間の長さ(分未満は切り捨て)

amount-under-a-minute = 1分未満
amount-minutes = { $minutes }分
amount-hours = { $hours }時間
amount-hours-minutes = { $hours }時間{ $minutes }分
amount-late = { $amount }超過
amount-late-under-a-minute = 1分未満の超過
amount-left = 残り{ $amount }

## 名前と並び

name-polite = { $name }さん
list-comma = { $first }、{ $next }
list-and = { $first }、{ $next }

## Check

check-fine = { $file } に問題はありません。
check-problems = { $file } に { $count } 件の問題があります。
check-further-good = ✓ { $subject }: { $said }
check-further-bad = ✗ { $subject }: { $said }

check-members = メンバー({ $count }人): { $names }
check-leads = リーダー: { $names }

check-queue = キュー「{ $name }」({ $id })
check-queue-default = どのルートにも当てはまらない問い合わせはここに入ります。
check-queue-route = { $when } のときここに入ります。
check-queue-places = 投稿先: { $places }
check-queue-claim = 当番表「{ $rota }」の当番に知らせ、誰でも引き受けられます。
check-queue-duty = 当番表「{ $rota }」の当番に割り当て、本人が受諾します。
check-queue-policy = 約束「{ $policy }」(業務時間はカレンダー「{ $calendar }」)
check-row = { $severity }・{ $plan }: { $promises }
check-promise = { $clock } { $amount }({ $calendar })
check-promise-none = 約束なし
check-any-severity = すべての重大度
check-any-plan = すべてのプラン
check-clock-first-response = 初回返信
check-clock-next-response = 次の返信
check-clock-claim = 引き受け
check-clock-resolution = 解決
check-wakes = { $severities }、または業務停止で期限まで{ $within }以内のとき、時間外でも呼び出します。
check-wakes-needed-by = 業務停止で期限まで{ $within }以内のとき、時間外でも呼び出します。

check-rota = 当番表「{ $rota }」: いまの当番は{ $member }
check-rota-turns = { $starts } から{ $cadence }、{ $handoff }({ $zone })に交代。順番: { $names }
check-rota-called = { $when }: { $who }
check-rota-handoff = { $at }: { $from } → { $to }
check-cadence-hours = { $count }時間ごと
check-cadence-days = { $count ->
    [1] 毎勤務日
   *[other] { $count }勤務日ごと
}
check-cadence-weeks = { $count ->
    [1] 毎週
   *[other] { $count }週ごと
}
check-cadence-months = { $count ->
    [1] 毎月
   *[other] { $count }か月ごと
}
check-when-always = いつでも
check-when-working-hours = 勤務時間中
check-when-nights = 勤務日の夜間・早朝
check-when-days-off = 休みの曜日({ $days })
check-when-holidays = 祝日・休業日(登録 { $count } 日)
check-who-duty = そのときの当番
check-who-last-duty = 直前の勤務日の当番
check-who-rota = 当番表「{ $rota }」で呼ばれる人

check-no-sources = 受付元がありません。API とチャットからだけ受け付けます。
check-source-webhook = 受付元「{ $name }」: POST /hooks/{ $id } で受け取ります。
check-source-portal = 受付元「{ $name }」: 受付フォームから受け取ります。
check-source-poll-every = 受付元「{ $name }」: { $every } ごとに取りに行きます。
check-source-poll-cron = 受付元「{ $name }」: cron「{ $cron }」({ $zone })で取りに行きます。
