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

## 依頼元へ返す回答

answer-cause = 原因: { $cause }
answer-workaround = 回避策: { $workaround }
answer-no-workaround = 回避策なし: { $reason }

## Words of the desk

text-erased = （消去済み）
this-inquiry = この問い合わせ
actor-requester = 依頼者
actor-system = toban
clock-first-response = 初期応答
clock-next-response = 継続応答
clock-claim = 担当決定
clock-resolution = 解決
clock-needed-by = 希望期日
clock-urgent = 緊急呼び出し
waiting-requester = 依頼者
waiting-vendor = 開発元
waiting-development = 開発チーム
close-agreed = 合意
close-silence = その後連絡なし
close-duplicate = 重複
close-refused = お断り
close-spam = 迷惑
close-out-of-scope = 対象外
close-at-source = 起票元でクローズ
kind-investigation = 調査
kind-specification = 仕様確認

## Cards

tone-urgent = 緊急
tone-late = 期限超過
tone-at-risk = 期限間近
tone-waiting = 待ち
tone-unclaimed = 未担当
tone-calm = 対応中
tone-done = 完了
field-severity = 重大度
field-owner = 担当
field-stage = 状態
field-customer = お客様
field-requester = 依頼者
field-product = 製品
field-plan = プラン
field-kind = 種別
field-region = 地域
field-duty = 当番
field-escalated-at = エスカレーション
field-received-at = 受付
field-round-trips = 往復回数
field-cause = 原因
field-workaround = 回避策
field-no-workaround = 回避策なし（理由）
field-answer = 回答
field-category = カテゴリ
owner-none = まだいません
owner-nobody = 担当なし
owner-assigned = { $member }（割り当て済み、未承諾）
owner-owned = { $member }（{ $since }から）
stage-unclaimed = 未着手
stage-assigned = 承諾待ち
stage-active = 対応中
stage-waiting = { $on }待ち、{ $chase }に確認
stage-resolved = { $by }が解決、{ $at }
stage-closed = クローズ（{ $reason }）、{ $at }
due-running = { $at }まで
due-at-risk = { $at }まで（期限間近）
due-late = { $at }が期限（超過）
due-paused = 停止中
due-met = { $at }に完了
due-met-late = { $at }に完了（期限超過）
flag-source-says = 起票元の申告は{ $severity }
flag-unknown = { $field }「{ $given }」は不明のため既定値を使用
button-claim = 担当する
button-accept = 引き受ける
button-release = 手放す
button-replied = 返信済み
button-resolve = 解決する
button-resume = 再開する
button-reopen = 再オープン
button-just-thanks = お礼のみ
button-close = クローズ
button-not-urgent = 緊急ではない
button-open = デスクで開く

## What the requester reads

requester-unclaimed = 担当者を決めています
requester-active = 対応中
requester-waiting-for-you = ご返答をお待ちしています
requester-waiting = { $on }に確認中
requester-resolved = 回答済み
requester-closed = 終了（{ $reason }）
requester-next-answer = 次の回答
requester-late = { $at }の予定を過ぎています。急いで対応します。
requester-replied = { $by }からの返信：{ $text }
requester-asked = { $by }からの質問：{ $text }
requester-wrote = あなたから：{ $text }

## Notices

notice-received = 新しい問い合わせ
notice-claimed = { $member }が担当します。
notice-accepted = { $member }が引き受けました。
notice-assigned = { $by }が{ $member }に割り当てました。承諾してください。
notice-released = { $by }が手放しました。担当者がいません。
notice-released-because = { $by }が手放しました：{ $reason }
notice-taken-over = { $member }が引き継ぎました：{ $reason }
notice-noted = { $by }のメモ：{ $text }
notice-replied = { $by }が返信しました：{ $text }
notice-asked = { $by }が依頼者に質問しました：{ $text }
notice-replied-elsewhere = { $by }が起票元で回答しました（{ $at }）。
notice-reply-retracted = { $by }が直前の回答を取り消しました。期限は元の開始時刻から数え直します。
notice-reply-failed = 回答が起票元に届きませんでした（{ $why }）。期限は元の開始時刻から数え直します。
notice-reply-lost = 回答が起票元に届きませんでした：{ $why }。もう一度送るか、起票元で回答してください。
notice-heard = { $by }が依頼者から聞き取りました：{ $text }
notice-requester-replied = 依頼者から：{ $text }
notice-requester-after-end = 完了後に依頼者から：{ $text }
notice-no-answer-needed = { $by }：回答は不要です。
notice-waiting = { $by }：{ $on }待ちです。{ $chase }に確認します。
notice-resumed = { $by }が対応を再開しました。
notice-severity = { $by }が重大度を{ $from }から{ $to }に変更しました。
notice-severity-because = { $by }が重大度を{ $from }から{ $to }に変更しました：{ $reason }
notice-urgent = 【緊急】まだ担当者がいません。どなたか担当してください。
notice-urgent-still = 【緊急・継続中】まだ担当者がいません。
notice-urgent-owned = 【緊急】この問い合わせは緊急になりました。
notice-urgency-ended = 緊急ではなくなりました。
notice-not-urgent = { $by }：緊急ではありません。{ $reason }
notice-transferred = { $by }が{ $from }から{ $to }へ転送しました：{ $reason }
notice-snoozed = { $by }への催促は{ $until }まで止めます。
notice-muted = { $by }をこの件で呼び出すのは止めます（緊急と応答・担当の期限超過を除く）。
notice-muted-until = { $by }をこの件で呼び出すのは{ $until }まで止めます（緊急と応答・担当の期限超過を除く）。
notice-unmuted = { $by }を再びこの件で呼び出します。
notice-in-channel = { $title }：{ $said }
notice-mailed = { $said }
    （メールでもお知らせします：{ $to }）
mail-subject = 【{ $reference }】{ $title }
mail-subject-many = 問い合わせのお知らせ
mail-letter = { $said }

    件名：{ $title }
    重大度：{ $severity }
    担当：{ $owner }
mail-foot = このメールは当番デスク（toban）が自動で送信しています。返信はお受けできません。
notice-held = この1時間は通知が多かったため、{ $count }件の呼び出しを保留しました：
    { $lines }
notice-resolved = { $by }が解決しました。カテゴリ：{ $category }
notice-closed = クローズしました（{ $reason }）。
notice-closed-note = クローズしました（{ $reason }）。{ $note }
notice-reopened = { $by }が再オープンしました。
notice-reopened-because = { $by }が再オープンしました：{ $reason }
notice-at-risk = { $clock }の期限は{ $due }です。
notice-at-risk-left = { $clock }の期限は{ $due }です（営業時間で残り{ $left }）。
notice-breach = { $clock }の期限（{ $due }）を過ぎました。
notice-still-late = { $clock }の期限（{ $due }）を過ぎたままです。
notice-quiet = { $since }から動きがありません。次の一手は何ですか。
notice-chase = { $on }に状況を確認する時刻です。
notice-updated = 起票元で変更がありました：
    { $lines }
notice-policy-changed = ポリシーが変わりました：
    { $lines }
notice-opening = おはようございます。時間外に{ $count }件の問い合わせがありました：
    { $lines }
notice-override = { $by }が当番を変更しました：{ $member }、{ $from }から{ $until }まで
notice-rota-edited = 当番表「{ $rota }」が変更されました。{ $from }から今の設定になり、{ $member }から始まります。
notice-rota-goes-on = 当番表「{ $rota }」は今のまま続きます。まだ始まっていなかった変更は取り消されました。
notice-rota-stands-in = 当番表「{ $rota }」の当番は今から{ $member }です。それまでの当番はメンバーではなくなりました。
notice-unreadable = { $source }からの文書を読み取れませんでした：{ $why }
    先頭：{ $first }
    { $id }として保管しました。再取り込みできます。
notice-delivery-dead = { $reference }を{ $platform }の{ $channel }に届けられませんでした：{ $why }
    原因を取り除いたら、toban outbox retry { $id } で再送できます。
notice-delivery-dead-general = { $platform }の{ $channel }に届けられませんでした：{ $why }
    原因を取り除いたら、toban outbox retry { $id } で再送できます。
notice-audit = 監査で異常が見つかりました：
    { $lines }
notice-backlog = { $source }との初回接続：過去の{ $count }件を通知なしで取り込みました。
change-title = 件名
change-body = 本文
change-requester = 依頼者
change-customer = お客様
change-product = 製品
change-plan = プラン
change-region = 地域
change-language = 言語
change-kind = 種別
change-stopped = お客様の業務が止まっています
change-running = お客様の業務は再開しました
change-needed-by = 希望期日：{ $at }
change-needed-by-gone = 希望期日がなくなりました
change-severity = 重大度：{ $from }から{ $to }
change-severity-said = 起票元の申告が{ $from }から{ $to }に変わりました（設定した重大度はそのまま）
moved-from-to = { $clock }：{ $old } → { $new }
moved-to = { $clock }：期限は{ $new }
moved-away = { $clock }：期限はなくなりました
digest = 催促が{ $count }件あります：
    { $lines }
digest-line = { $reference } { $title }：{ $what }

## The board

board = { $queue }の期限ボード
board-line = { $standing } { $reference } { $severity } { $title } – { $owner } – { $clock }の期限：{ $due }
board-line-without-due = { $standing } { $reference } { $severity } { $title } – { $owner } – 期限なし
board-clear = 期限が近いもの、過ぎたものはありません。順調です。
board-moved = このボードはもうここでは更新しません。

## The daily post

daily-post = { $queue }の当番
    { $lines }
daily-duty = 当番：{ $member }（{ $until }まで）
daily-held = 前の当番の{ $member }が{ $count }件を引き続き担当します。
daily-nothing-open = 未完了の問い合わせはありません。
daily-open = 未完了：{ $count }件（残り時間の短い順）
line-due = { $reference } { $severity } { $title } – { $owner } – { $clock }は{ $due }まで（営業時間で残り{ $left }）
line-late = { $reference } { $severity } { $title } – { $owner } – { $clock }は{ $due }が期限：超過
line-nothing-due = { $reference } { $severity } { $title } – { $owner } – 期限なし
held = この24時間に保留した呼び出し：{ $count }件
    { $lines }
held-nothing = この24時間に保留した呼び出しはありません。
held-line = { $at } { $reference } { $title }：{ $what }
line-more = … ほか{ $count }件

## Answers to who asked

done = 完了しました：{ $reference }
done-claim = { $reference }の担当になりました。
done-accept = { $reference }を引き受けました。
done-release = { $reference }を手放しました。
done-assign = { $reference }を割り当てました。承諾を待っています。
done-take-over = { $reference }を引き継ぎました。
done-note = { $reference }にメモを残しました。
done-reply = { $reference }への返信を送ります。
done-resolve = { $reference }を解決しました。
done-mute = { $reference }ではあなたを呼び出しません（緊急と応答・担当の期限超過を除く）。
done-unmute = { $reference }で再びあなたを呼び出します。
done-close = { $reference }をクローズしました。
done-reopen = { $reference }を再オープンしました。
done-before = すでに行われています：{ $reference }
done-nothing = 変更はありません：{ $reference }はすでにその状態です。
done-override = { $member }が当番です：{ $from }から{ $until }まで
done-language = 言語を設定しました。
list = 問い合わせ：{ $count }件
    { $lines }
list-nothing = 該当する問い合わせはありません。
show = { $lines }
timeline-line = { $at } { $what }
timeline-received = { $source }から受け付けました。
timeline-missed = { $clock }の期限を{ $at }に過ぎました。
timeline-urgent = 緊急になりました。
timeline-policy = ポリシーが変わりました（期限に変更なし）。
duty = { $lines }
duty-line = { $rota }：{ $member }（{ $until }まで）、次は{ $next }
duty-rota = { $rota }
duty-shift = { $member }：{ $from } – { $until }
help = 使える操作（英語でも日本語でも）：
    { $lines }
help-line = { $name_ja }（{ $name }） – { $what }

## Refusals

refused-stranger = まだメンバーとして登録されていないようです。運用担当者に登録をご依頼ください。
refused-role = この操作に必要なロールがありません。運用担当者にご相談ください。
refused-unavailable = ただいま応答できません。何も変更していません。1分ほど待ってからもう一度お試しください。
refused-unknown = データベースとの接続が切れ、実行できたかどうか確認できません。1分ほど待って問い合わせの状態を確かめてから、必要ならもう一度お試しください。
refused-which-inquiry = どの問い合わせですか。Q-12のように指定してください。
refused-not-found = { $reference }は見つかりません。
refused-missing-param = { $verb_ja }（{ $verb }）には{ $name_ja }（{ $name }）が必要です。
refused-odd-param = { $verb }に「{ $given }」は指定できません。指定できるもの：{ $known }
refused-odd-choice = { $name }に「{ $given }」は指定できません。指定できるもの：{ $known }
refused-too-long = { $name }が長すぎます。{ $limit }文字までです。
refused-nul = NUL文字が含まれています。取り除いてください。
refused-no-moment = 「{ $given }」は時刻として読めません。15:00、11/24 15:00、2026-11-24、30mのように書いてください。
refused-no-member = 「{ $given }」というメンバーはいません。メンバー：{ $known }
refused-no-queue = 「{ $given }」というキューはありません。キュー：{ $known }
refused-no-rota = 「{ $given }」という当番表はありません。当番表：{ $known }
refused-empty-span = { $from }から{ $until }までという期間は、これから先の期間ではありません。
refused-already-owned = { $reference }は{ $since }から{ $member }の担当です。
refused-already-yours = { $reference }は{ $since }からあなたの担当です。
refused-already-assigned = { $reference }は{ $since }に{ $member }へ割り当て済みです。
refused-not-assigned = { $reference }は誰にも割り当てられていません。「担当する」で担当できます。
refused-assigned-to-other = { $reference }は{ $member }への割り当てで、引き受けられるのは本人だけです。「担当する」で担当できます。
refused-unclaimed = { $reference }には担当者がいません。
refused-resolved = { $reference }は{ $at }に{ $by }が解決しています。先に再オープンしてください。
refused-closed = { $reference }は{ $at }に{ $by }がクローズしています。
refused-not-ended = { $reference }はまだ完了していません。
refused-reply-first = { $reference }は{ $clock }がまだです。先に返信か質問をしてから待ちにしてください。
refused-reply-first-due = { $reference }は{ $due }までに{ $clock }が必要です。先に返信か質問をしてから待ちにしてください。
refused-no-way-back = { $reference }の起票元には返信を送れません。起票元で回答してから「返信済み」にしてください。
refused-no-way-back-url = { $reference }の起票元には返信を送れません。起票元で回答してから「返信済み」にしてください：{ $url }
refused-nothing-to-retract = { $reference }には取り消せる回答がありません。
refused-in-the-future = { $at }はまだ先です。いつのことでしたか。
refused-not-in-the-future = { $at }はもう過ぎています。
refused-before-receipt = { $at }は{ $reference }の受付（{ $received }）より前です。
refused-nothing-to-answer = { $reference }に回答待ちの連絡はありません。
refused-not-waiting = { $reference }は待ちの状態ではありません。
refused-same-severity = { $reference }の重大度はすでに{ $severity }です。
refused-not-urgent = { $reference }は緊急ではありません。
refused-same-queue = { $reference }はすでに{ $queue }にあります。
refused-category-missing = { $reference }にはカテゴリが必要です：{ $known }
refused-category-unknown = 「{ $given }」というカテゴリはありません。指定できるもの：{ $known }
refused-cause-missing = 調査は原因を添えて解決します。{ $reference }の原因は何でしたか。
refused-workaround-missing = 調査は回避策、または回避策がない理由を添えて解決します。
refused-workaround-twice = 回避策か、回避策がない理由か、どちらか一方だけにしてください。
refused-answer-missing = 仕様確認は回答を添えて解決します。{ $reference }の回答は何ですか。
refused-too-late = { $reference }は{ $at }にクローズし、{ $days }日を過ぎています。新しく起票してください。
refused-members-only = メンバーだけができる操作です。
refused-resolve-first = { $reference }はまだ完了していません。解決するか、重複・お断り・迷惑・対象外としてクローズしてください。

## Why a deadline is what it is

why = { $reference }
    { $lines }
why-nothing = { $reference }：期限のある約束はありません。
why-clock = 【{ $clock }】
why-promise = ポリシー{ $policy }（{ $severity }、プラン{ $plan }）により{ $amount }、カレンダーは{ $calendar }
why-needed-by = 依頼者の希望期日（時計どおり、カレンダーなし）
why-started = 開始 { $at }
why-counted = + { $amount }：{ $from } – { $until }
why-night = 数えない（時間外）：{ $from } – { $until }
why-break = 数えない（休憩）：{ $from } – { $until }
why-day-off = 数えない（休日）：{ $from } – { $until }
why-closed = 数えない（休業日）：{ $from } – { $until }
why-holiday = 数えない（祝日 { $name }）：{ $from } – { $until }
why-paused = 数えない（ポリシーにより待ちの間は停止）：{ $from } – { $until }
why-due = 期限 { $at }
why-standing-still = 待ちの間は停止中
why-missed = { $at }に超過
why-no-promise = この時計に約束はありません

## Verbs

verb-list = 問い合わせを一覧します
verb-show = 問い合わせを表示します
verb-why = 期限の理由を一行ずつ説明します
verb-claim = 担当になります
verb-accept = 割り当てを引き受けます
verb-release = 担当を手放します
verb-assign = メンバーに割り当てます（本人の承諾が必要）
verb-take-over = 理由を添えて担当を引き継ぎます
verb-note = 社内のメモを残します
verb-reply = 依頼者に返信します
verb-ask = 依頼者に質問します
verb-replied = 起票元で回答したことを記録します
verb-retract-reply = 直前の「返信済み」を取り消します
verb-heard = 電話やチャットで依頼者から聞いたことを記録します
verb-no-answer-needed = 依頼者の連絡に回答が不要なことを記録します
verb-wait = 依頼者・開発元・開発チームを待ちます
verb-resume = 待ちを終えて再開します
verb-severity = 重大度を設定します
verb-not-urgent = 理由を添えて緊急呼び出しを止めます
verb-transfer = 別のキューへ転送します
verb-snooze = 自分への催促をしばらく止めます
verb-mute = この件で自分を呼び出さないようにします
verb-unmute = ミュートをやめます
verb-resolve = 種別に応じた内容で解決します
verb-close = クローズします
verb-reopen = 再オープンします
verb-duty-today = 今日の当番を表示します
verb-duty-week = これから7日間の当番を表示します
verb-held = 多すぎて保留された呼び出しを表示します
verb-duty-override = 一度だけ当番を交代します
verb-language = 表示言語を設定します
verb-help = 操作の一覧を表示します

## Check

check-fine = { $file } に問題はありません。
check-problems = { $file } に { $count } 件の問題があります。
check-further-good = ✓ { $subject }: { $said }
check-further-bad = ✗ { $subject }: { $said }

check-ledger-differs = { $inquiry }: { $field } は { $kept } ですが、経緯からは { $folded } になります
check-ledger-unreadable = { $inquiry }: 経緯の{ $seq }行目（種類「{ $kind }」、v{ $v }）を読めません: { $why }
check-ledger-gap = { $inquiry }: 経緯の{ $expected }行目がなく、{ $seq }行目が続いています
check-ledger-document = { $inquiry }: 保存された内容を読めません: { $why }
check-ledger-no-inquiry = { $inquiry }: 経緯・タイマー・カードがあるのに、問い合わせがありません
check-ledger-no-ledger = { $inquiry }: 問い合わせがあるのに、経緯がありません
check-ledger-no-policy = { $inquiry }: ポリシー { $policy } が得られず、タイマーを比べられません: { $why }
check-ledger-total = { $inquiries ->
   *[other] 問い合わせ { $inquiries_written } 件
}、{ $events ->
   *[other] 経緯 { $events_written } 行
}、{ $differences ->
   *[other] 相違 { $differences_written } 件
}（{ $seconds }秒）

check-members = メンバー({ $count }人): { $names }
check-leads = リーダー: { $names }

check-queue = キュー「{ $name }」({ $id })
check-queue-default = どのルートにも当てはまらない問い合わせはここに入ります。
check-queue-route = { $when } のときここに入ります。
check-queue-places = 投稿先: { $places }
check-queue-claim = 当番表「{ $rota }」の当番に知らせ、誰でも担当できます。
check-queue-duty = 当番表「{ $rota }」の当番に割り当て、本人が引き受けます。
check-queue-policy = 約束「{ $policy }」(業務時間はカレンダー「{ $calendar }」)
check-row = { $severity }・{ $plan }: { $promises }
check-promise = { $clock } { $amount }({ $calendar })
check-promise-none = 約束なし
check-any-severity = すべての重大度
check-any-plan = すべてのプラン
check-clock-first-response = 初期応答
check-clock-next-response = 継続応答
check-clock-claim = 担当決定
check-clock-resolution = 解決
check-wakes = { $severities }、または業務停止で期限まで{ $within }以内のとき、時間外でも呼び出します。
check-wakes-needed-by = 業務停止で期限まで{ $within }以内のとき、時間外でも呼び出します。

check-rota = 当番表「{ $rota }」（このファイルだけから数えた場合）: いまの当番は{ $member }
rota-differs = 設定ファイルは現在の当番表と異なります。今デスクを起動すると：{ $news }
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

check-heartbeat = 異常がない間、{ $every }ごとに { $host } へハートビートを送ります。
check-no-sources = 起票元がありません。API とチャットからだけ受け付けます。
check-source-webhook = 起票元「{ $name }」: POST /hooks/{ $id } で受け取ります。
check-source-portal = 起票元「{ $name }」: 受付フォームから受け取ります。
check-source-poll-every = 起票元「{ $name }」: { $every } ごとに取りに行きます。
check-source-poll-cron = 起票元「{ $name }」: cron「{ $cron }」({ $zone })で取りに行きます。

## Web

web-title = toban
web-skip = 本文へ移動
web-language = 表示言語
web-back = 戻る
web-ahead = あと{ $amount }
web-ago = { $amount }前
web-for-you = あなた宛て
web-you = あなた
web-urgent = 緊急

web-sign-in = サインイン
web-sign-in-how = 管理者に「toban login 名前」を実行してもらい、表示された一度きりのリンクを開いてください。
web-sign-in-once = このリンクは一度だけ使えます。続けるとこのブラウザーでサインインします。
web-sign-in-continue = サインインして続ける
web-sign-out = サインアウト
web-demo-who = デモに参加するメンバーを選んでください
web-demo-only = このマシンからのデモでのみ選べます。
web-link-spent = このリンクは使えません
web-link-spent-advice = すでに使われたか、期限が切れています。新しいリンクを発行してもらってください。

web-channels = チャンネル
web-channel-operators = 運用
web-channel-fallback = 退避先
web-on-duty = 当番
web-duty-until = 交代
web-duty-next = 次
web-live = 接続中
web-reconnecting = 再接続しています…
web-signed-out = サインアウトしました。もう一度サインインしてください。
web-unreachable = サーバーに届きませんでした。もう一度お試しください。
web-posts = 投稿
web-nothing-yet = まだ投稿はありません。
web-to-latest = 最新へ
web-new-posts = 新しい投稿
web-thread = スレッド
web-open-thread = スレッドを開く
web-thread-none = カードの番号を選ぶと、やり取りと経緯がここに出ます。
web-thread-empty = このスレッドにはまだ何もありません。
web-timeline = 経緯
web-more = その他の操作
web-close-thread = スレッドを閉じる
web-source-link = 元のチケットを開く
web-dismiss = 消す

web-line-label = コマンド
web-line-hint = 例: 担当する Q-12 / 待つ Q-12 依頼者 2d / ヘルプ
web-line-send = 実行
web-line-empty = 何をするか入力してください。「ヘルプ」で一覧が出ます。
web-line-unknown = 「{ $given }」という操作はありません。「ヘルプ」で一覧が出ます。
web-line-unknown-nearest = 「{ $given }」という操作はありません。「{ $nearest }」のことですか?
web-line-no-reference = 「{ $given }」は問い合わせ番号ではありません。Q-12 のように書いてください。

web-form-send = 実行
web-form-cancel = やめる
web-form-choose = 選んでください
web-form-optional = 任意
web-form-needed = 必須
web-form-one-of-two = どちらか一方
web-form-time-hint = 例: 15:00、2d、2026-11-24 15:00
web-param-member = メンバー
web-param-queue = キュー
web-param-severity = 重大度
web-param-category = カテゴリ
web-param-reason = 理由
web-param-at = いつ
web-param-until = いつまで
web-param-on = 誰を待つか
web-param-as = 終わり方
web-param-note = メモ
web-param-cause = 原因
web-param-workaround = 回避策
web-param-no-workaround = 回避策がない理由
web-param-answer = 回答
web-param-text = 本文

web-portal-title = エスカレーションの受付
web-portal-intro = サポートからの問い合わせを開発・技術チームへ上げます。送信後のページで、担当者・状況・回答期限・回答を確認できます。
web-portal-key = 受付キー
web-portal-key-intro = サポートチームに配られた受付キーを入力してください。
web-portal-key-wrong = 受付キーが違います。
web-portal-open = 開く
web-portal-what = 内容
web-portal-who = 依頼者とお客様
web-portal-when = 重大度と期限
web-portal-subject = 件名
web-portal-subject-hint = 一行で、何が起きているか
web-portal-body = 詳細
web-portal-body-hint = 発生日時、環境、エラーメッセージ、再現手順など
web-portal-tried = 試したこと
web-portal-tried-hint = 確認済みの項目と結果
web-portal-requester = 依頼者(あなた)
web-portal-requester-hint = 名前とチーム
web-portal-customer = お客様
web-portal-product = 製品
web-portal-plan = 契約プラン
web-portal-severity = 重大度
web-portal-s1 = 本番が止まっている。代わりの手段がない
web-portal-s2 = 主要な機能が使えない、または性能が大きく落ちている
web-portal-s3 = 一部に支障があるが、業務は続けられる
web-portal-s4 = 質問・仕様の確認。支障はない
web-portal-kind = 種類
web-portal-kind-investigation = 調査(原因と回避策がほしい)
web-portal-kind-specification = 仕様確認(答えがほしい)
web-portal-stopped = お客様の業務が止まっている
web-portal-stopped-hint = 期限が4時間以内なら、夜間や休日でも当番を呼びます。
web-portal-needed-by = 回答が必要な期限
web-portal-needed-by-hint = お客様と約束した時刻があれば
web-portal-file = 送信する
web-portal-filed = 受け付けました
web-portal-keep-link = このページのアドレスを控えてください。ここだけで状況を確認できます。
web-portal-filed-at = 受付
web-portal-answer = 回答
web-portal-no-answer-yet = まだ回答はありません。
web-portal-talk = やり取り
web-portal-your-words = 受け付けた内容
web-portal-write = 追加の連絡
web-portal-write-hint = 新しくわかったこと、質問への返事など
web-portal-write-send = 送る
web-portal-another = 別の問い合わせを送る
web-portal-wrong-form = フォームが古くなっています。もう一度送信してください。
web-portal-wrong-title = 件名を入力してください。
web-portal-wrong-title-long = 件名は200文字までです。
web-portal-wrong-long = 長すぎます(2万文字まで)。
web-portal-wrong-severity = 重大度を選んでください。
web-portal-wrong-kind = 種類を選んでください。
web-portal-wrong-needed-by = 期限の日時が読めません。
web-portal-wrong-past = 期限は今より後の日時にしてください。
web-portal-no-link = このページは見つかりません
web-portal-no-link-advice = リンクが途中で切れていないか確認してください。
web-portal-too-late = この問い合わせは終了しています
web-portal-too-late-advice = 終了から日数が経っているため追加できません。新しい問い合わせとして送ってください。

web-error-not-found = 見つかりません
web-error-not-found-advice = アドレスを確認してください。
web-error-not-allowed = この操作はできません
web-error-not-allowed-advice = サインインし直してから、もう一度お試しください。
web-error-too-many = 間違いが続いたため、受け付けを止めています
web-error-too-many-advice = 1分ほど待ってから、もう一度お試しください。
web-error-unavailable = 今は応答できません
web-error-unavailable-advice = 少し待ってから、もう一度お試しください。
web-error-inside = 内部で問題が起きました
web-error-inside-advice = 内容は記録されました。続くようなら管理者に知らせてください。
web-error-request = 受け取れませんでした
web-error-request-advice = 入力を確認してください。

## Discord

discord-command-toban = 問い合わせの当番デスク
discord-command-duty = 当番を見る・代わる
discord-command-pings = 自分への呼び出しを調整します
discord-option-inquiry = 問い合わせの番号(スレッドの中では省略できます)
discord-choose = { $what }: 選んでください。続きを入力する画面が開きます。
discord-open-form = 入力する
discord-form-is-ready = { $what }: お待たせしました。ボタンを押すと入力画面が開きます。
discord-hint-time = 例: 15:00、2026-11-24 15:00、30m、2d
discord-hint-workaround = ないときは空にして、下に理由を書いてください
discord-hint-no-workaround = 回避策があるときは空のまま
discord-read-on = 全文を読む
discord-your-words = 入力された内容:
discord-no-such-reference = 「{ $given }」という番号の問い合わせはありません。Q-12 のように書いてください。
discord-elsewhere = このサーバーでは当番デスクを使えません。
discord-outdated = このボタンはもう使えません。新しいカードから操作してください。
discord-unreadable = 操作を読み取れませんでした。もう一度お試しください。続くときは管理者に知らせてください。
