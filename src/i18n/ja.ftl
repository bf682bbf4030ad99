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
weekdays-both = { $first }・{ $next }
weekdays-run = { $first }〜{ $next }

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
aside-heading = 【別件 { $reference }「{ $title }」について】
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
clock-vendor = 開発元の対応（社内目標）
clock-development = 開発チームの対応（社内目標）
clock-next-tier = 上位チームの対応（社内目標）
waiting-requester = 依頼者
waiting-vendor = 開発元
waiting-development = 開発チーム
waiting-next-tier = 上位チーム
close-agreed = 合意
close-silence = その後連絡なし
close-duplicate = 重複
close-refused = お断り
close-spam = 迷惑
close-out-of-scope = 対象外
close-at-source = 起票元でクローズ
close-gone = 起票元からなくなった
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
field-next = 次の一手
field-issue = 開発課題
field-link = 関連する問い合わせ
issue-standing = { $issue }（{ $tracker }）
issue-standing-state = { $issue }（{ $tracker }）：{ $state }
issue-standing-done = { $issue }（{ $tracker }）：完了
issue-standing-done-in = { $issue }（{ $tracker }）：完了（修正版 { $version }）
issue-filing = { $tracker }に起票しています
issue-filing-failed = { $tracker }への起票は完了していません
field-customer = お客様
field-requester = 依頼者
field-product = 製品
field-plan = プラン
field-kind = 種別
field-region = 地域
field-duty = 当番
field-offices = 受付時の拠点
field-escalated-at = エスカレーション
field-received-at = 受付
field-round-trips = 往復回数
field-asked = 依頼した内容
field-case = 先方のケース番号
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
link-follows = { $reference }「{ $title }」の続き（{ $standing }）
link-followed-by = { $reference }「{ $title }」に続いています（{ $standing }）
link-split-from = 切り出し元：{ $reference }「{ $title }」（{ $standing }）
link-split-into = 切り出した別件：{ $reference }「{ $title }」（{ $standing }）
link-unclaimed = 未担当
link-active = 対応中
link-waiting = 待ち
link-resolved = 解決
link-closed = クローズ
stage-resolved = { $by }が解決、{ $at }
stage-closed = クローズ（{ $reason }）、{ $at }
next-step = { $text }（{ $who }）
next-step-until = { $text }（{ $who }、{ $until }まで）
next-us = 当方
due-running = { $at }まで
due-at-risk = { $at }まで（期限間近）
due-late = { $at }が期限（超過）
due-paused = 停止中
due-met = { $at }に完了
due-met-late = { $at }に完了（期限超過）
flag-source-says = 起票元の申告は{ $severity }
flag-gone = 起票元からなくなりました
flag-proposed = 重大度を{ $severity }にする提案あり（{ $by }）：{ $reason }
flag-snoozed = 催促を停止中（{ $until }まで）
flag-snoozed-until-reply = 依頼者の返信があるまで催促を停止中（遅くとも{ $until }まで）
flag-unknown = { $field }「{ $given }」は不明のため既定値を使用
button-claim = 担当する
button-accept = 引き受ける
button-release = 手放す
button-keep = 継続する
button-hand-over = 引き渡す
button-replied = 返信済み
button-resolve = 解決する
button-resume = 再開する
button-reopen = 再オープン
button-just-thanks = お礼のみ
button-close = クローズ
button-not-urgent = 緊急ではない
button-open = デスクで開く
button-accept-swap = 交換を受ける
button-decline-swap = 断る
button-decline-cover = 代わりを断る（{ $number }番）
button-read-guide = 読みました
button-file = 起票する
button-link = 関連付ける
button-agree-severity = { $severity }に合意
button-decline-severity = 提案を見送る

## What the requester reads

requester-unclaimed = 担当者を決めています
requester-active = 対応中
requester-waiting-for-you = ご返答をお待ちしています
requester-waiting = { $on }に確認中
requester-resolved = 回答済み
requester-closed = 終了（{ $reason }）
requester-link-waiting = 確認待ち
requester-link-closed = 終了
requester-split-from = 元の問い合わせ
requester-split-into = 別件として受け付けた問い合わせ
requester-next-answer = 次の回答
requester-late = { $at }の予定を過ぎています。急いで対応します。
requester-replied = { $by }からの返信：{ $text }
requester-asked = { $by }からの質問：{ $text }
requester-wrote = あなたから：{ $text }
requester-severity-agreed = 重大度は「{ $to }」として対応することになりました。

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
notice-reply-retracted-kept = { $by }が直前の回答を取り消しました。
notice-reply-failed = 回答が起票元に届きませんでした（{ $why }）。期限は元の開始時刻から数え直します。
notice-reply-lost = 回答が起票元に届きませんでした：{ $why }。もう一度送るか、起票元で回答してください。
notice-back-lost = { $what }が起票元に反映されませんでした（{ $why }）。起票元で直してください。
notice-reply-unknown = 回答が起票元に届いたかどうか分かりません（{ $why }）。起票元を確認し、届いていれば「返信済み」にし、届いていなければもう一度送ってください。期限は元の開始時刻から数え直します。
notice-reply-unknown-lost = 回答が起票元に届いたかどうか分かりません（{ $why }）。起票元を確認し、届いていなければもう一度送ってください。
notice-back-unknown = { $what }が起票元に反映されたかどうか分かりません（{ $why }）。起票元をご確認ください。
notice-back-late = { $what }がまだ起票元に届いていません（{ $why }）。送信は続けています。届けられないと分かったときは、あらためてお知らせします。
back-late-reply = 返信
back-late-answer = 回答
notice-mail-copy-lost = 回答のメールは送りましたが、次の宛先には届きませんでした。必要なら個別にご連絡ください：{ $who }
notice-mail-delayed = 回答のメールはまだ届いていません（{ $why }）。途中のメールサーバーが再送を続けています。届かなかったという知らせがこの受信箱に来れば、お伝えします。
back-owner = 担当者の変更
back-closed = クローズ
back-reopened = 再開
back-severity = 重大度の変更
back-rest-of-reply = 返信は届きましたが、それに伴う更新
back-rest-of-answer = 回答は届きましたが、それに伴う更新（ステータスなど）
notice-heard = { $by }が依頼者から聞き取りました：{ $text }
notice-requester-replied = 依頼者から：{ $text }
notice-requester-after-end = 完了後に依頼者から：{ $text }
notice-no-answer-needed = { $by }：回答は不要です。
notice-waiting = { $by }：{ $on }待ちです。{ $chase }に確認します。
wait-asked = 依頼内容：{ $text }
wait-case = 先方のケース番号：{ $case }
wait-expected = 回答の目標（社内）：{ $due }（{ $left }）
notice-resumed = { $by }が対応を再開しました。
notice-resumed-answer = { $by }が対応を再開しました。先方の回答：{ $text }
notice-severity = { $by }が重大度を{ $from }から{ $to }に変更しました。
notice-severity-because = { $by }が重大度を{ $from }から{ $to }に変更しました：{ $reason }
notice-severity-proposed = { $by }が重大度を{ $from }から{ $to }にすることを提案しました：{ $reason }
notice-severity-agreed = 重大度を{ $from }から{ $to }にすることで合意しました（提案：{ $proposer }、記録：{ $by }）。理由：{ $reason }
notice-severity-agreed-note = 重大度を{ $from }から{ $to }にすることで合意しました（合意：{ $note }、提案：{ $proposer }、記録：{ $by }）。理由：{ $reason }
notice-severity-declined = { $by }：重大度{ $to }への変更は見送りました。
notice-severity-declined-because = { $by }：重大度{ $to }への変更は見送りました：{ $reason }
severity-means = { $severity } の定義：{ $means }
severity-would-move = 合意するまで期限は変わりません。合意した場合の期限：
severity-would-move-nothing = 合意しても期限は変わりません。
severity-answer = 答えはカードのボタンでお願いします。
notice-urgent = 【緊急】まだ担当者がいません。どなたか担当してください。
notice-urgent-still = 【緊急・継続中】まだ担当者がいません。
notice-urgent-owned = 【緊急】この問い合わせは緊急になりました。
notice-urgency-ended = 緊急ではなくなりました。
notice-not-urgent = { $by }：緊急ではありません。{ $reason }
notice-transferred = { $by }が{ $from }から{ $to }へ転送しました：{ $reason }
notice-snoozed = { $by }への催促は{ $until }まで止めます。
notice-snoozed-until-reply = { $by }への催促は、依頼者の返信があるまで止めます（遅くとも{ $until }まで）。
notice-unsnoozed = { $by }が催促を再開しました。
notice-muted = { $by }をこの件で呼び出すのは止めます（緊急と応答・担当の期限超過を除く）。
notice-muted-until = { $by }をこの件で呼び出すのは{ $until }まで止めます（緊急と応答・担当の期限超過を除く）。
notice-unmuted = { $by }を再びこの件で呼び出します。
notice-in-channel = { $title }：{ $said }
notice-mailed = { $said }
    （メールでもお知らせします：{ $to }）
mail-attached = 添付：{ $name }（{ $type }、{ $size }）
mail-cut = （大きいメールのため、全{ $whole }のうち初めの{ $read }だけを取り込みました。続きはメールボックスで確認してください）
mail-cut-short = （メールボックスから読み切れなかったため、全{ $whole }のうち初めの{ $read }だけを取り込みました。続きはメールボックスで確認してください）
mail-cut-somewhere = （初めの{ $read }だけを取り込みました。続きはメールボックスで確認してください）
mail-omitted = （引用{ $lines }行を省略。引用の中に書き込まれた文は元のメールで確認してください）
mail-no-words = （本文なし）
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
reopened-owed = { $clock }がまだ済んでいません。期限は{ $due }です（{ $left }）。
notice-reopened-because = { $by }が再オープンしました：{ $reason }
notice-at-risk = { $clock }の期限は{ $due }です（{ $left }）。
notice-breach = { $clock }の期限（{ $due }）を過ぎました。
notice-breach-late = { $clock }の期限（{ $due }）を過ぎています（{ $left }）。
notice-still-late = { $clock }の期限（{ $due }）を過ぎたままです（{ $left }）。
notice-internal-near = { $on }からの回答の目標（社内）は{ $due }です（{ $left }）。状況を確認してください。
notice-internal-now = { $on }からの回答の目標（社内、{ $due }）の時刻になりました。催促するか、次の手を決めてください。
notice-internal-over = { $on }からの回答の目標（社内、{ $due }）を過ぎました（{ $left }）。催促するか、次の手を決めてください。
left-business = 営業時間で残り{ $amount }
left-clock = 残り{ $amount }
left-none = 営業時間の残りなし
over-business = 営業時間で{ $amount }超過
over-clock = { $amount }超過
next-promise = 次の期限：{ $clock } { $due }（{ $left }）
notice-quiet = { $since }から動きがありません（営業時間で{ $silent }）。次の一手は何ですか。
notice-quiet-duty = { $owner }の担当のまま、{ $since }から動きがありません（営業時間で{ $silent }）。当番は状況を確かめ、必要なら引き継いでください。
quiet-hand-over = このまま動きがなければ、{ $at }に当番へ引き渡します。
notice-handed-to-duty = { $from }から営業時間で{ $silent }動きがないため、当番の{ $to }に引き渡しました。引き受けてください。
notice-handed-to-duty-again = 担当の{ $from }から営業時間で{ $silent }動きがありません。当番も{ $to }のため、割り当て直しました。続ける場合は引き受け、難しい場合は別の人に割り当ててください。
notice-chase = { $on }に状況を確認する時刻です。
notice-updated = 起票元で変更がありました：
    { $lines }
notice-gone = 起票元からなくなりました（削除、または一覧から外れました）。不要ならクローズしてください。続ける場合は、そのままで構いません。
notice-gone-waiting = 起票元からなくなりました（削除、または一覧から外れました）。担当はいませんが、対応が始まっているためクローズしていません。ご確認ください。
notice-gone-after-end = 起票元からなくなりました。
notice-there-again = 起票元に再び現れました。
notice-open-again = 起票元で再び未完了になりました。ここでも再オープンするか、回答が不要なら「お礼のみ」を選んでください。
notice-id-reused = 起票元の番号{ $id }が別の案件に使われているようです：「{ $title }」（依頼者：{ $requester }、お客様：{ $customer }）。この問い合わせには反映していません。起票元をご確認のうえ、別の案件なら新しい番号での起票をご依頼ください。
notice-policy-changed = ポリシーが変わりました：
    { $lines }
notice-opening = おはようございます。時間外に{ $count }件の問い合わせがありました：
    { $lines }
notice-override = { $by }が当番を変更しました：{ $member }、{ $from }から{ $until }まで
notice-handoff = { $member }、当番が{ $to }に交代しました。担当中の{ $count }件をどうしますか。
    { $lines }
    スレッドのボタンで「継続する」「引き渡す」「手放す」を選んでください。{ $until }までに返事がないものは{ $otherwise }。
notice-handoff-asked = 当番が{ $to }に交代しました。{ $member }、この問い合わせをどうしますか。{ $until }までに返事がなければ{ $otherwise }。
handoff-otherwise-keep = そのまま継続とします
handoff-otherwise-hand-over = 新しい当番に引き渡します
handoff-otherwise-release = 担当なしに戻します
notice-handoff-kept = { $member }が引き続き担当します。
notice-handoff-kept-silently = 返事がなかったため、{ $member }が引き続き担当します。
notice-handed-over = { $member }が{ $to }に引き渡しました。引き受けてください。
notice-handed-over-silently = { $member }の返事がなかったため、{ $to }に引き渡します。引き受けてください。
notice-handoff-released = { $member }が交代にあたり手放しました。担当者がいません。
notice-handoff-released-silently = { $member }の返事がなかったため、担当なしに戻しました。
notice-handoff-answers = { $member }の担当分の引き継ぎ結果：
    { $lines }
answer-kept = 継続：{ $references }
answer-kept-silently = 返事なし、そのまま継続：{ $references }
answer-handed-over = 引き渡し：{ $references }
answer-handed-over-silently = 返事なし、引き渡し：{ $references }
answer-released = 担当なし：{ $references }
answer-released-silently = 返事なし、担当なし：{ $references }
answer-taken = 別の人が担当：{ $references }
notice-next = { $by }：次の一手は「{ $text }」（{ $who }）です。
notice-next-until = { $by }：次の一手は「{ $text }」（{ $who }、{ $until }まで）です。
notice-issue-asked = { $by }が{ $tracker }に起票しています：「{ $title }」
notice-issue-filed = { $tracker }に{ $issue }として起票しました。
notice-issue-filed-url = { $tracker }に{ $issue }として起票しました：{ $url }
notice-issue-linked = { $by }が開発課題{ $issue }（{ $tracker }）に関連付けました。
notice-issue-linked-url = { $by }が開発課題{ $issue }（{ $tracker }）に関連付けました：{ $url }
notice-issue-workaround = { $issue }の回避策：{ $text }
notice-issue-failed = { $tracker }に起票できませんでした：{ $why }
    書いた内容は残っています。「起票する」でもう一度送れます。
notice-issue-unknown = { $tracker }から応答がなく、起票できたかどうか確認できません。
    { $tracker }を見て、あれば「関連付ける」でその番号を、なければ「起票する」でもう一度送ってください。
notice-issue-unrecorded = { $tracker }に{ $issue }として起票しましたが、こちらで関連付けられませんでした。「関連付ける」で{ $issue }を登録してください。
notice-issue-unrecorded-url = { $tracker }に{ $issue }として起票しましたが、こちらで関連付けられませんでした。「関連付ける」で{ $issue }を登録してください：{ $url }
notice-note-failed = { $tracker }の{ $issue }に、影響を受けているお客様の数（{ $customers }社）をコメントできませんでした：{ $why }
    原因を取り除いたら、toban outbox retry { $id } で再送できます。
notice-note-unknown = { $tracker }から応答がなく、{ $issue }へのコメント（影響を受けているお客様：{ $customers }社）が書き込まれたかどうか確認できません。
    { $issue }を見て、なければ toban outbox retry { $id } で再送できます。
notice-tracker-out = 起票先「{ $tracker }」に接続できなくなっています（{ $count }回続けて失敗、{ $since }から）：{ $why }
    送れなかった起票とコメントは、回復後に送り直します。拒否されたものと応答が得られなかったものは送り直さないため、個別にお知らせします。状況：toban source status
notice-tracker-back = 起票先「{ $tracker }」が復旧しました（{ $span }ぶり）。保留していたものを送ります。拒否されたものと応答が得られなかったものは送り直しません（個別にお知らせしています）。
notice-issue-changed = 開発課題{ $issue }（{ $tracker }）：{ $state }
notice-issue-done = 開発課題{ $issue }（{ $tracker }）が完了しました。
notice-issue-done-in = 開発課題{ $issue }（{ $tracker }）が完了しました（修正版 { $version }）。
notice-issue-done-after-end = 開発課題{ $issue }（{ $tracker }）が完了しました。依頼者への連絡が必要であれば、返信または再オープンをお願いします。
notice-issue-done-in-after-end = 開発課題{ $issue }（{ $tracker }）が完了しました（修正版 { $version }）。依頼者への連絡が必要であれば、返信または再オープンをお願いします。
notice-issue-unlinked = { $by }が開発課題{ $issue }（{ $tracker }）との関連付けを外しました。
notice-split-off = { $by }が別件を切り出しました：{ $child }「{ $title }」
notice-issue-unseen = { $tracker }の{ $issue }を続けて確認できていません：{ $why }
    アドレスと権限を確かめてください。間隔を空けて確認を続けます。
notice-issue-unseen-url = { $tracker }の{ $issue }を続けて確認できていません（{ $url }）：{ $why }
    アドレスと権限を確かめてください。間隔を空けて確認を続けます。
issue-affected = 影響を受けているお客様：{ $customers }社（{ $references }）
issue-draft =
    【現象】

    【再現手順】

    【期待する動作】

    問い合わせ：{ $reference }／重大度：{ $severity }／製品：{ $product }
known = 開発課題：{ $count }件
    { $lines }
known-nothing = 問い合わせに関連付けられた開発課題はありません。
known-line = { $standing } – 問い合わせ{ $count }件、お客様{ $customers }社（{ $references }）
known-workaround = 　回避策：{ $text }
known-problem = 　今の状況を確認できていません：{ $why }
notice-overflow = { $queue }の未完了が{ $count }件になりました（目安は{ $limit }件）。{ $member }、{ $duty }の応援に入ってください。
notice-overflow-eased = { $queue }は{ $count }件まで落ち着きました。{ $member }の応援はここまでです。ありがとうございました。
notice-override-removed = { $by }が当番の変更を取り消しました：{ $member }、{ $from }から{ $until }まで
notice-swap-offered = { $from }から{ $with }に当番交換のお願いです（{ $number }番）：{ $mine }からの当番を{ $with }が、{ $theirs }からの当番を{ $from }が受け持ちます。
notice-swap-reminder = 当番交換（{ $number }番）の返事を待っています：{ $mine }からの当番を{ $with }が、{ $theirs }からの当番を{ $from }が受け持つ、というお願いです。{ $until }までに返事がなければ取りやめになります。
notice-swap-agreed = 当番交換が決まりました（{ $number }番）：{ $mine }からの当番は{ $with }、{ $theirs }からの当番は{ $from }です。
notice-swap-arranged = { $by }が当番を交換しました（{ $number }番）：{ $mine }からの当番は{ $with }、{ $theirs }からの当番は{ $from }です。
notice-swap-declined = { $with }は当番交換（{ $number }番）を受けられません。{ $mine }からの当番は{ $from }、{ $theirs }からの当番は{ $with }のままです。
notice-swap-withdrawn = { $from }が当番交換のお願い（{ $number }番）を取り下げました。{ $mine }からの当番は{ $from }、{ $theirs }からの当番は{ $with }のままです。
notice-swap-called-off = { $by }が当番交換（{ $number }番）を取りやめました。{ $mine }からの当番は{ $from }、{ $theirs }からの当番は{ $with }に戻ります。
notice-swap-lapsed = 返事がないまま当番が始まるため、当番交換（{ $number }番）は取りやめになりました。{ $mine }からの当番は{ $from }、{ $theirs }からの当番は{ $with }のままです。
notice-swap-foretold = 次の当番は交換されています：{ $from }から{ $until }までは、{ $of }に代わって{ $member }が当番です。
notice-absent = { $member }は不在です：{ $days }
notice-absence-cancelled = { $member }の不在（{ $days }）は取り消されました。
notice-absences-failing = { $member }の不在のカレンダーを{ $host }から取得できません：{ $why }
    登録済みの不在はそのままです。1時間ごとに再取得します。
notice-absences-followed = { $member }のカレンダーに合わせて不在を更新しました：
    { $lines }
absence-line-new = ・追加（{ $number }番） { $days }
absence-line-moved = ・変更（{ $number }番） { $before } → { $days }
absence-line-gone = ・取り消し（{ $number }番） { $days }
absence-line-back = ・終了（{ $number }番） { $from }から戻ります（{ $days }の予定でした）
absence-lines-more = ・ほか{ $count }件
notice-back = { $member }は{ $from }から戻ります。
notice-cover-found = { $member }に、不在の{ $of }の代わりをお願いします。
    { $lines }
notice-cover-taken = { $member }が{ $of }の代わりに当番に入ります：{ $from }から{ $until }まで
notice-cover-declined = { $member }は{ $of }の代わりに入れません：{ $from }から{ $until }まで
notice-cover-back = { $member }が{ $of }の代わりに入る必要はなくなりました。
    { $lines }
notice-cover-missing = { $of }は不在ですが、代わりに入れる人が見つかりません。当番は{ $of }のままです。「代わりに入る」で引き受けられます。
    { $lines }
notice-guide = { $member }は{ $from }から初めての当番です。それまでに手引きを読んでください。
    { $lines }
notice-guide-again = { $member }の初めての当番が始まりました。手引きをまだ読んでいなければ、今読んでください。
    { $lines }
cover-line = ・{ $from }から{ $until }まで（{ $number }番）
cover-line-missing = ・{ $from }から{ $until }まで
guide-link = { $url }
guide-line = ・{ $line }
days-one = { $first }
days-span = { $first }から{ $last }まで
days-open = { $first }から当分の間
days-weekly = { $first }から毎週{ $weekday }曜日
days-weekly-until = { $first }から{ $last }まで毎週{ $weekday }曜日
theirs-by-override = （当番交代）
theirs-by-swap = （{ $with }と交換）
theirs-by-absence = （不在の{ $of }の代わり）
theirs-by-cover = （{ $of }の代わり）
notice-rota-edited = 当番表「{ $rota }」が変更されました。{ $from }から今の設定になり、{ $member }から始まります。
notice-feed-changed = 休日の元になるカレンダー（{ $calendars }、{ $host }）が変わりました。次に起動したときから反映します：
    { $lines }
notice-feed-failing = カレンダー{ $calendars }の休日を{ $host }から取得できません：{ $why }
    { $at }に確認した内容で動き続けています。
feed-day-came = 追加 { $date } { $name }
feed-day-went = 削除 { $date } { $name }
feed-days-more = ほか{ $count }日
notice-rota-goes-on = 当番表「{ $rota }」は今のまま続きます。まだ始まっていなかった変更は取り消されました。
notice-rota-stands-in = 当番表「{ $rota }」の当番は今から{ $member }です。それまでの当番はメンバーではなくなりました。
unread-blank = { $field }が空です
unread-not-mapped = 設定の[source.mapping]に{ $field }がありません
unread-too-long = { $field }が{ $limit }文字を超えています
unread-lacking = { $field }にする { $what } が文書にありません
unread-not-found = { $field }にする { $what } を探しましたが、「{ $name }」がありません
unread-not-found-among = { $field }にする { $what } を探しましたが、「{ $name }」がありません（あるもの：{ $there }）
unread-nothing = { $field }にする { $what } から何も得られません
unread-nothing-among = { $field }にする { $what } から何も得られません（あるもの：{ $there }）
unread-unfetched = メールボックスから取得できないため、飛ばしました：{ $why }
unread-control = { $field }に改行などの制御文字が入っています
unread-failed = { $field }：{ $why }
unread-malformed = 文書の形式が正しくありません：{ $why }
unread-too-large = 大きさが{ $limit }バイトを超えています
unread-unknown-source = その起票元は設定にありません
unread-unauthorized = 署名を確認できません：{ $why }
unfit-blank = 空です
unfit-not-mapped = 設定の[source.mapping]にありません
unfit-lacking = 文書に { $what } がありません
unfit-not-found = { $what } の「{ $name }」がありません
unfit-not-found-among = { $what } の「{ $name }」がありません（あるもの：{ $there }）
unfit-nothing = { $what } から何も得られません
unfit-nothing-among = { $what } から何も得られません（あるもの：{ $there }）
unfit-control = 改行などの制御文字が入っています
unfit-too-long = { $limit }文字を超えています
notice-unreadable = { $source }からの文書を読み取れませんでした：{ $why }
    先頭：{ $first }
    { $id }として保管しました。再取り込みできます。
notice-unreadables = { $source }からの文書{ $count }件を読み取れませんでした。最初の1件の理由：{ $why }
    先頭：{ $first }
    すべて保管しています。一覧は toban source unreadable { $source } で確認でき、原因を取り除いたあとは toban source replay { $source } --all でまとめて再取り込みできます。
notice-delivery-dead = { $reference }を{ $platform }の{ $channel }に届けられませんでした：{ $why }
    原因を取り除いたら、toban outbox retry { $id } で再送できます。
notice-delivery-dead-general = { $platform }の{ $channel }に届けられませんでした：{ $why }
    原因を取り除いたら、toban outbox retry { $id } で再送できます。
notice-audit = 監査で異常が見つかりました：
    { $lines }
audit-line = { $line }
audit-duty-gap = 当番帳の{ $missing }行目がなく、{ $follows }行目が続いています。バックアップと照合してください。
audit-duty-unreadable = 当番帳の{ $seq }行目を読めません。理由は「toban check --ledger」で確かめられます。
audit-duty-unreadable-book = 当番帳を読めません：{ $why }。読めるようになるまで、誰も当番を変更できません。バックアップと照合するか、この行を書いた新しいtobanで動かしてください。
audit-duty-no-timer = { $what }を確認するタイマーがなくなっています。tobanを再起動すると、設定し直されます。
audit-duty-overdue = { $what }が、予定の{ $at }を過ぎても確認されていません。ログを確かめ、tobanを再起動してください。
audit-duty-too-late = { $what }の次の確認が{ $at }になっており、間に合いません。tobanを再起動すると、すぐに確認されます。
audit-duty-still-open = 当番交換（{ $number }番）の申し出が、期限の{ $at }を過ぎても返事待ちのままです。ログを確かめ、tobanを再起動してください。
audit-duty-not-asked-again = 当番交換（{ $number }番）の申し出に返事がなく、{ $at }の再確認もされていません。相手の方に直接確かめてください。
audit-duty-not-foretold = 当番交換（{ $number }番）による{ $starts }からの当番が、{ $at }に予告されていません。お二人に直接お知らせください。
audit-look-handoff = 当番表「{ $rota }」の交代
audit-look-absences = { $member }の不在カレンダー
audit-look-book = 当番帳
notice-source-out = 起票元「{ $source }」から取得できなくなっています（{ $count }回続けて失敗、{ $since }から）：{ $why }
    次は{ $next }に試します。回復したらお知らせします。状況：toban source status { $id }
notice-source-back = 起票元「{ $source }」が復旧しました（{ $span }ぶり、新規・更新{ $count }件）。
notice-source-held = 起票元「{ $source }」の取得で問題が続いています（{ $count }回連続、{ $since }から）：{ $why }
    新しいものの到着が遅れたり、届かなくなったりするおそれがあります。解消したらお知らせします。状況：toban source status { $id }
notice-source-unfiled = 起票元「{ $source }」のメールの整理（既読・移動）ができていません（{ $count }回連続、{ $since }から）：{ $why }
    取り込みは続いています。確認：toban source status { $id }
notice-source-moves = 起票元「{ $source }」の取得は正常に戻りました（問題は{ $span }続きました）。
notice-source-ahead = 起票元「{ $source }」の時計が{ $span }進んでいます。前後関係を見誤るおそれがあるため、相手側とこのサーバーの時刻合わせを確認してください。
notice-source-behind = 起票元「{ $source }」の時計が{ $span }遅れています。前後関係を見誤るおそれがあるため、相手側とこのサーバーの時刻合わせを確認してください。
notice-backlog = { $source }との初回接続：過去の{ $count }件を通知なしで取り込みました。
notice-much-missing = { $source }の一覧に、受付中の{ $open }件のうち{ $missing }件が見当たりません。一覧の条件や権限が変わっていないかご確認ください。{ $at }になっても見つからないものは、起票元からなくなったものとして扱います。
change-title = 件名：{ $from } → { $to }
change-body = 本文
change-body-lines = 本文：{ $added }行追加、{ $removed }行削除
change-none = なし
change-requester = 依頼者：{ $from } → { $to }
change-customer = お客様：{ $from } → { $to }
change-product = 製品：{ $from } → { $to }
change-plan = プラン：{ $from } → { $to }
change-region = 地域：{ $from } → { $to }
change-calendar = お客様のカレンダー：{ $from } → { $to }
change-language = 言語：{ $from } → { $to }
change-kind = 種別：{ $from } → { $to }
change-stopped = お客様の業務が止まっています
change-running = お客様の業務は再開しました
change-needed-by = 希望期日：{ $at }
change-needed-by-moved = 希望期日：{ $from } → { $to }
change-needed-by-gone = 希望期日がなくなりました
change-severity = 重大度：{ $from } → { $to }
change-all = 件名・依頼者・お客様がすべて変わりました。番号が別の案件に使い回されていないかご確認ください。
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
daily-duty = 当番：{ $member }{ $why }（{ $until }まで）
daily-floor = 今の時間帯に知らせるのは{ $severity }以上だけです。それ以外は次の業務時間を待ちます。
daily-held = 前の当番の{ $member }が{ $count }件（{ $references }）を引き続き担当しています。
daily-asked = 前の当番の{ $member }に、担当中の{ $count }件（{ $references }）をどうするか確認しています（{ $until }まで）。
daily-second = 応援：{ $member }
daily-to-accept = 引き受けを待っているもの：{ $count }件
summary-detail = {"  "}・{ $what }
summary-and = { $first }／{ $next }
summary-unanswered = { $at }の連絡に未回答
summary-waiting = { $on }待ち、{ $chase }に確認
summary-next = 次の一手：{ $text }（{ $who }）
summary-next-until = 次の一手：{ $text }（{ $who }、{ $until }まで）
summary-needed-by = 希望期日：{ $at }
daily-nothing-open = 未完了の問い合わせはありません。
daily-open = 未完了：{ $count }件（残り時間の短い順）
line-due = { $reference } { $severity } { $title } – { $owner } – { $clock }は{ $due }まで（{ $left }）
line-late = { $reference } { $severity } { $title } – { $owner } – { $clock }は{ $due }が期限：超過（{ $left }）
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
done-keep = 引き続き{ $reference }を担当します。
done-next = { $reference }の次の一手を記録しました。
done-file = { $reference }の起票を受け付けました。番号はスレッドに届きます。
done-link = { $reference }を開発課題に関連付けました。
done-unlink = { $reference }の関連付けを外しました。
done-split-held = { $reference }から{ $child }「{ $title }」を切り出しました。契約がないため、期限は動きません。
done-split = { $reference }から{ $child }「{ $title }」を切り出しました。期限は今から数えます。
done-known-workaround = { $issue }（{ $tracker }）の回避策を登録しました。次に関連付けた問い合わせに表示されます。
done-known-workaround-gone = { $issue }（{ $tracker }）の回避策を消しました。
done-assign = { $reference }を割り当てました。承諾を待っています。
done-take-over = { $reference }を引き継ぎました。
done-region-elsewhere = この問い合わせの地域は{ $region }で、担当の当番表は{ $rota }です。
done-note = { $reference }にメモを残しました。
done-reply = { $reference }への返信を送ります。
done-resolve = { $reference }を解決しました。
done-mute = { $reference }ではあなたを呼び出しません（緊急と応答・担当の期限超過を除く）。
done-unmute = { $reference }で再びあなたを呼び出します。
done-close = { $reference }をクローズしました。
done-reopen = { $reference }を再オープンしました。
done-severity = { $reference }の重大度は{ $to }です。
done-propose-severity = { $reference }の重大度を{ $to }にすることを提案しました。カードの「合意」「見送る」か、「重大度合意」「重大度見送り」で答えられます。
done-agree-severity = { $reference }の重大度は合意により{ $to }になりました。
done-decline-severity = { $reference }の重大度{ $to }への変更は見送りました。
done-wait = { $reference }を{ $on }待ちにしました。{ $chase }に確認します。
done-snooze = { $reference }の催促を{ $until }まで止めます。期限は変わりません。
done-snooze-until-reply = { $reference }の催促を依頼者の返信があるまで止めます（遅くとも{ $until }まで）。期限は変わりません。
done-unsnooze = { $reference }の催促を再開しました。
done-before = すでに行われています：{ $reference }
done-nothing = 変更はありません：{ $reference }はすでにその状態です。
done-override = { $member }が当番です：{ $from }から{ $until }まで
done-feed = カレンダーに登録するためのアドレスです。ほかの人に教えないでください。止めるときは「カレンダー 停止」。
    { $lines }
done-feed-paths = カレンダーに登録するためのアドレスです。このデスクのアドレス（https://… の部分）に続けてください。ほかの人に教えないでください。止めるときは「カレンダー 停止」。
    { $lines }
done-feed-stop = あなたのカレンダー用アドレスを{ $count }件止めました。
feed-line-mine = 自分の当番：{ $url }
feed-line-rota = { $rota }の当番：{ $url }
feed-line-team = 全員の当番：{ $url }
feed-name = 当番（{ $name }）
feed-team = 全員
feed-summary = 当番: { $member }
feed-summary-of = 当番: { $member }（{ $rota }）
feed-description = { $rota }の当番は{ $member }です。
feed-description-instead = { $rota }の当番は{ $member }です（{ $turn }の番を代わります）。
done-swap-offered = { $member }に当番交換をお願いしました（{ $number }番）。
done-swap-arranged = { $from }と{ $with }の当番を交換しました（{ $number }番）。
done-swap-accepted = 当番交換を受けました。
done-swap-declined = 当番交換を断りました。
done-absent = { $member }の不在を登録しました（{ $number }番）：{ $days }
done-back = 不在を終わりにしました。まだ始まっていない代わりは取り消しました。
done-cover = 代わりに入ります。取り消すときは「当番帳」の番号を使ってください。
done-cover-declined = 代わりを断りました。
done-cover-found = ・{ $from }からの当番には{ $member }が入ります
done-cover-missing = ・{ $from }からの当番に入れる人がいません。リーダーに知らせました
done-taken-back = 取り消しました。
done-guide = ありがとうございます。手引きを読んだことを記録しました。
done-duty-before = これは前に実行済みです。
done-duty-nothing = 変わるところはありませんでした。
done-language = 言語を設定しました。
list = 問い合わせ：{ $count }件
    { $lines }
list-nothing = 該当する問い合わせはありません。
show = { $lines }
lines = { $lines }
timeline-line = { $at } { $what }
timeline-received = { $source }から受け付けました。
timeline-split-from = { $by }が{ $parent }から切り出しました。
timeline-missed = { $clock }の期限を{ $at }に過ぎました。
timeline-urgent = 緊急になりました。
timeline-policy = ポリシーが変わりました（期限に変更なし）。
timeline-snooze-over = 催促の停止は終わりました。
duty = { $lines }
duty-line = { $rota }：{ $member }{ $why }（{ $until }まで）、次は{ $next }
duty-second = 　応援：{ $member }（{ $queue }、{ $since }から）
duty-rota = { $rota }
duty-shift = { $member }{ $why }：{ $from } – { $until }
duty-who-at = { $at }の当番
duty-who-line = { $rota }：{ $member }{ $why }（{ $until }まで）
duty-who-called = { $rota }：{ $member }{ $why }（{ $until }まで）。この時刻に呼ばれるのは{ $called }
duty-guide-unread = { $member }は当番の手引きをまだ読んでいません
book-absence = { $number }番　不在：{ $member }、{ $days }
book-swap-open = { $number }番　交換のお願い（返事待ち）：{ $mine }からの{ $from }の当番と、{ $theirs }からの{ $with }の当番
book-swap = { $number }番　交換：{ $mine }からは{ $with }、{ $theirs }からは{ $from }
book-laid = { $number }番　当番：{ $member }{ $why }、{ $from }から{ $until }まで
book-empty = 当番帳に、これからの変更はありません。
book-hint = 「取り消す 番号」で取り消せます。
fair-rota = { $rota }：{ $from }から{ $until }まで
fair-share = { $member }：当番{ $turns }回、勤務日{ $worked }日、週末{ $weekends }日、祝日{ $holidays }日、計{ $amount }
fair-joined = 　{ $since }から加わりました
fair-left = 　今は当番表にいません
fair-by-cover = 　うち代わりに入った時間：{ $amount }
fair-by-override = 　うち当番交代の時間：{ $amount }
fair-by-swap = 　うち交換した時間：{ $amount }
fair-debt = { $owes }は{ $to }に当番{ $turns }回分の借りがあります
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
refused-no-template = 「{ $given }」という定型文はありません。定型文：{ $known }
refused-no-rota = 「{ $given }」という当番表はありません。当番表：{ $known }
refused-no-day = 「{ $given }」がどの日か分かりません。「2026-12-01」「12/1」「明日」「金曜」のように書いてください。
refused-no-number = 「{ $given }」は番号ではありません。番号は「当番帳」で分かります。
refused-past-days = その日はもう終わっているか、終わりが始まりより前です。
refused-absent-then = { $member }は{ $at }からの当番のときは不在です。
refused-theirs-anyway = { $at }からの当番は、もともと{ $member }です。
refused-swap-with-self = 自分とは交換できません。
refused-leads-only = 他の人どうしの交換を決められるのはリーダーだけです。
refused-not-their-shift = { $at }からの当番は{ $member }ではなく{ $whose }です。
refused-shift-has-begun = { $at }からの当番はもう始まっています。いまからの交代には「当番交代」か「代わりに入る」を使ってください。
refused-already-swapped = { $at }からの当番には、もう交換があります（{ $number }番）。先にそれを取り消してください。
refused-no-such-number = 当番帳の{ $number }番に、取り消しや返事のできるものはありません。
refused-not-asked = 交換（{ $number }番）に返事ができるのは{ $member }です。
refused-swap-agreed = 交換（{ $number }番）は{ $at }に決まっています。
refused-swap-declined = 交換（{ $number }番）は{ $at }に断られています。
refused-swap-is-off = 交換（{ $number }番）は{ $at }に取りやめになっています。
refused-not-yours = { $number }番を取り消せるのは{ $member }かリーダーです。
refused-already-absent = { $member }の不在はもう登録されています（{ $number }番）。
refused-not-absent = { $member }に、終わらせる不在はありません。
refused-which-absence = { $member }の不在は複数あります（{ $numbers }番）。「復帰 番号」でどれかを選んでください。
refused-no-guide = 手引きは設定されていません。
refused-no-window = { $from }から{ $until }までは集計できません。終了より前の開始日を、10年以内の期間で指定してください。
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
refused-long-closed = { $reference }は{ $at }にクローズし、{ $days }日を過ぎているため、切り出せません。別の問い合わせとして起票するよう依頼してください。
refused-members-only = メンバーだけができる操作です。
refused-no-handoff = { $reference }について、引き継ぎの確認は届いていません。
refused-nobody-else = { $reference }を引き渡せる人が当番表にいません。「割り当て」で相手を指定してください。
refused-resolve-first = { $reference }はまだ完了していません。解決するか、重複・お断り・迷惑・対象外としてクローズしてください。
refused-no-trackers = 起票先が設定されていません。管理者に [[tracker]] の設定を依頼してください。
refused-which-tracker = 起票先がいくつかあります。どれかを指定してください：{ $known }
refused-which-issue = 関連付けられた課題がいくつかあります。どれを外しますか：{ $known }
refused-tracker-files-nothing = { $tracker }にはここから起票できません。先方で起票し、「関連付け」で番号を登録してください。
refused-no-issue = 「{ $given }」は課題の番号でもアドレスでもありません。123、APP-12、または課題のアドレスを指定してください。
refused-issue-elsewhere = 「{ $given }」は{ $tracker }の課題のアドレスではありません。このような形です：{ $like }
refused-nothing-linked = 関連付けられた課題はありません。
refused-unknown-issue = { $issue }（{ $tracker }）に関連付けられた問い合わせはありません。先に関連付けてください。
refused-already-filing = { $reference }は{ $tracker }に起票しているところです。番号はスレッドに届きます。
refused-already-tracked = { $reference }はすでに{ $issue }（{ $tracker }）に関連付けられています。
refused-not-tracked = { $reference }は{ $issue }（{ $tracker }）に関連付けられていません。
refused-no-proposal = { $reference }には重大度の提案がありません。先に「重大度提案」で提案してください。
refused-other-proposal = { $reference }の提案は{ $to }に変わっています。今のカードを見て答えてください。
refused-not-snoozed = { $reference }の催促は止まっていません。

## Why a deadline is what it is

awake-now = 対応中の拠点：{ $offices }（{ $until }まで）
awake-now-and-next = 対応中の拠点：{ $offices }（{ $until }まで）。次は{ $next }（{ $at }から）
awake-next = いまはどの拠点も時間外です。次は{ $next }（{ $at }から）
awake-nobody = どの拠点も開きません
card-awake = { $offices }（{ $until }まで）
card-awake-and-next = { $offices }（{ $until }まで）→ { $next }（{ $at }から）
card-awake-next = 時間外 → { $next }（{ $at }から）
why = { $reference }
    { $lines }
why-nothing = { $reference }：期限のある約束はありません。
why-clock = 【{ $clock }】
why-promise = ポリシー{ $policy }（{ $severity }、プラン{ $plan }）により{ $amount }、カレンダーは{ $calendar }
why-promise-because = ポリシー{ $policy }（{ $severity }、プラン{ $plan }）により{ $amount }、カレンダーは{ $calendar }（{ $because }）
why-promise-region = ポリシー{ $policy }（{ $severity }、プラン{ $plan }、地域{ $region }）により{ $amount }、カレンダーは{ $calendar }
why-promise-region-because = ポリシー{ $policy }（{ $severity }、プラン{ $plan }、地域{ $region }）により{ $amount }、カレンダーは{ $calendar }（{ $because }）
because-row = このポリシー行の指定
because-customer = お客様のカレンダー
why-needed-by = 依頼者の希望期日（時計どおり、カレンダーなし）
why-started = 開始 { $at }
why-counted = + { $amount }：{ $from } – { $until }
why-counted-offices = + { $amount }（{ $offices }）：{ $from } – { $until }
why-worked = { $date }は{ $name }ですが、営業日として数えます
office-night = { $office }は時間外
office-break = { $office }は休憩
office-day-off = { $office }は休日
office-closed = { $office }は休業日
office-holiday = { $office }は{ $name }
why-night = 数えない（時間外）：{ $from } – { $until }
why-break = 数えない（休憩）：{ $from } – { $until }
why-day-off = 数えない（休日）：{ $from } – { $until }
why-closed = 数えない（休業日）：{ $from } – { $until }
why-holiday = 数えない（{ $name }）：{ $from } – { $until }
why-offices = 数えない（{ $reasons }）：{ $from } – { $until }
why-paused = 数えない（ポリシーにより待ちの間は停止）：{ $from } – { $until }
why-due = 期限 { $at }
why-standing-still = 待ちの間は停止中
why-missed = { $at }に超過
why-no-promise = この時計に約束はありません
why-internal = 社内の目標（SLAには数えません）
why-moved = ・{ $at } { $cause }：期限 { $old } → { $new }
why-moved-to = ・{ $at } { $cause }：期限は{ $new }になりました
why-moved-away = ・{ $at } { $cause }：期限はなくなりました
moved-by-severity = 重大度を{ $from }から{ $to }に変更
moved-by-policy = ポリシー{ $policy }の改定
moved-by-queue = { $queue }へ転送
moved-by-source = 起票元での変更
why-owed-again = ・{ $at } 再オープン：未回答のため、元の開始時刻から数え直し
why-ran-again = ・{ $at } 回答が取り消されたか届かなかったため、元の開始時刻から数え直し
why-met = → { $at }に完了：期限内（{ $left }）
why-ended-late = → { $at }に終了：期限超過（{ $left }）
why-cancelled = → { $at }に取り消し（SLAには数えません）

## Verbs

verb-list = 問い合わせを一覧し、語句で探します
verb-show = 問い合わせを表示します
verb-why = 期限の理由を一行ずつ説明します
verb-claim = 担当になります
verb-accept = 割り当てを引き受けます
verb-release = 担当を手放します
verb-keep = 当番交代の確認に「継続」と答えます
verb-hand-over = 当番（自分が当番なら次の当番）に引き渡します
verb-assign = メンバーに割り当てます（本人の承諾が必要）
verb-take-over = 理由を添えて担当を引き継ぎます
verb-note = 社内のメモを残します
verb-next = 次の一手と、誰がするかを記録します
verb-reply = 依頼者に返信します
verb-ask = 依頼者に質問します
verb-replied = 起票元で回答したことを記録します
verb-retract-reply = 直前の「返信済み」を取り消します
verb-heard = 電話やチャットで依頼者から聞いたことを記録します
verb-no-answer-needed = 依頼者の連絡に回答が不要なことを記録します
verb-wait = 依頼者・開発元・開発チーム・上位チームを待ちます
verb-resume = 待ちを終えて再開します
verb-severity = 重大度を設定します
verb-propose-severity = 理由を添えて重大度の変更を提案します（合意まで期限は変わりません）
verb-agree-severity = 提案された重大度で合意したことを記録します
verb-decline-severity = 重大度の提案を見送ります
verb-not-urgent = 理由を添えて緊急呼び出しを止めます
verb-transfer = 別のキューへ転送します
verb-snooze = 自分への催促を指定の時刻まで、または「返信まで」止めます
verb-unsnooze = 止めていた催促を再開します
verb-mute = この件で自分を呼び出さないようにします
verb-unmute = ミュートをやめます
verb-resolve = 種別に応じた内容で解決します
verb-close = クローズします
verb-reopen = 再オープンします
verb-file = 開発の課題管理システムに起票します
verb-link = 開発課題の番号またはアドレスに関連付けます
verb-unlink = 開発課題との関連付けを外します
verb-split = 別件を独立した問い合わせとして切り出します
verb-known = 問い合わせに関連付けられた開発課題を、件数と回避策つきで一覧します
verb-known-workaround = 開発課題の回避策を登録します（- で消します）
verb-duty-today = 今日の当番を表示します
verb-duty-week = これから7日間の当番を表示します
verb-held = 多すぎて保留された呼び出しを表示します
verb-duty-override = 一度だけ当番を交代します
verb-feed = 当番をカレンダーに登録するアドレスを発行・停止します
verb-duty-who = その時刻の当番を表示します
verb-duty-book = これからの交代・交換・不在を番号つきで表示します
verb-swap = 当番の交換をお願いします
verb-accept-swap = 当番の交換を受けます
verb-decline-swap = 当番の交換を断ります
verb-cover = その日の当番に代わりに入ります
verb-decline-cover = 頼まれた代わりを断ります
verb-absent = 不在の日を登録し、当番の代わりを探します
verb-back = 不在を終わりにします
verb-take-back = 当番帳の番号のものを取り消します
verb-fairness = 当番の回数と貸し借りを表示します
verb-read-guide = 当番の手引きを読んだことを記録します
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
check-book-gap = 当番帳：{ $expected }行目がなく、{ $seq }行目が続いています。この先は確認していません。表duty_bookをバックアップと照合してください。
check-book-unreadable = 当番帳：{ $seq }行目（種類「{ $kind }」、v{ $v }）を読めません：{ $why }。この先は確認していません。新しいtobanが書いた行なら、そのtobanを使ってください。そうでなければ、バックアップと照合してください。
check-book-refused = 当番帳：{ $seq }行目（{ $kind }）は、書かれるはずのない行です：{ $why }。それでもこの行のとおりに扱われています。バックアップと照合し、必要なら手配し直してください。
check-book-differs = 当番帳：{ $what }が、各行の内容と一致しません。tobanを再起動すると、読み直されます。
check-book-no-timer = 当番帳：確認するタイマーがなくなっています。tobanを再起動すると、設定し直されます。
check-book-late-timer = 当番帳：次の確認は{ $kept }ですが、{ $folded }にすべきことがあります。tobanを再起動すると、すぐに確認されます。
check-book-undone = 当番帳：{ $kind }が行われるはずの時刻を過ぎても、書かれていません。ログを確かめ、tobanを再起動してください。
check-book-undone-swap = 当番帳：当番交換（{ $number }番）の{ $kind }が行われるはずの時刻を過ぎても、書かれていません。ログを確かめ、tobanを再起動してください。
check-book-undone-cover = 当番帳：{ $of }は不在（{ $number }番）ですが、{ $at }からの当番に代わりの手配がなく、見つからないという記録もありません。ログを確かめ、tobanを再起動してください。
check-book-member-gone = 当番帳：これからの{ $number }番に、メンバーではなくなった{ $member }の名前があるため、無効です。「take-back { $number }」で取り消してください。
check-book-rota-gone = 当番帳：これからの{ $number }番の当番表「{ $rota }」は、設定にありません。「take-back { $number }」で取り消すか、当番表を設定に戻してください。
check-book-cover-loose = 当番帳：{ $number }番は{ $of }の代わりですが、{ $of }はその間、不在ではありません。「take-back { $number }」で取り消してください。
check-book-no-offer = 当番交換（{ $number }番）は返事待ちではありませんでした
check-book-no-agreed = 当番交換（{ $number }番）は成立していませんでした
check-book-not-asked = 当番交換（{ $number }番）に返事ができるのは{ $who }だけでした
check-book-twice = 当番交換（{ $number }番）では、すでに行われていました
check-book-had-begun = その当番は{ $at }に始まっていました
check-book-not-begun = その当番は{ $at }にならないと始まりませんでした
check-book-not-its-shift = 当番交換（{ $number }番）に、{ $at }からの当番はありません
check-book-no-absence = 不在（{ $number }番）はありませんでした
check-book-not-of-calendar = 不在（{ $number }番）はカレンダーによるものではありませんでした
check-book-no-override = 当番変更（{ $number }番）はありませんでした
check-book-no-cover = 代わり（{ $number }番）はありませんでした
check-book-with-themself = 双方が{ $member }になっています
check-book-empty = 期間がないか、すでに終わっていました
check-book-no-guide = { $member }にはまだ案内が送られていませんでした
check-ledger-total = { $inquiries ->
   *[other] 問い合わせ { $inquiries_written } 件
}、{ $events ->
   *[other] 経緯 { $events_written } 行
}、{ $lines ->
   *[other] 当番帳 { $lines_written } 行
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
check-queue-handoff-hand-over = 交代時、前の当番から営業時間{ $within }以内に返事がないものは、新しい当番に引き渡します。
check-queue-handoff-release = 交代時、前の当番から営業時間{ $within }以内に返事がないものは、担当なしに戻します。
check-queue-overflow = 未完了が{ $limit }件を超えると、当番表の次の人が応援に入ります。
check-lines = 当番表は時間帯によって替わります。
check-line-during = カレンダー「{ $calendar }」の時間({ $hours }): 当番表「{ $rota }」の当番
check-line-rest = それ以外の時間: 当番表「{ $rota }」の当番
check-line-region = 。リージョン「{ $region }」の問い合わせはまずここに知らせます
check-line-floor = 。{ $severity }以上だけを知らせ、それ以外は次の通常の業務時間を待ちます
check-line-wakes = 。{ $severities }は何時でも呼び出します
check-line-wakes-nobody = 。重大度だけで時間外に呼び出すことはありません
check-line-gaps = { $hours }({ $zone }、今後1週間)はどの拠点も空いていません: 当番表「{ $rota }」の当番が呼ばれます。
check-span = { $days } { $from }〜{ $to }
check-span-night = { $days } { $from }〜翌{ $to }
check-span-long = { $days } { $from }〜{ $until } { $to }
check-queue-lines = 当番に知らせ、誰でも担当できます。
check-queue-lines-duty = 当番に割り当て、本人が引き受けます。
check-queue-policy = 約束「{ $policy }」(業務時間はカレンダー「{ $calendar }」)
check-row = { $severity }・{ $plan }: { $promises }
check-row-region = { $severity }・{ $plan }・地域{ $region }: { $promises }
check-customer-calendar = お客様「{ $names }」の約束はカレンダー「{ $calendar }」で数えます（ポリシーの行に指定があればそちら）。
check-customer-plan = お客様「{ $names }」のプランは「{ $plan }」です（起票元に指定があればそちら）。
check-customer-both = お客様「{ $names }」はプラン「{ $plan }」、カレンダー「{ $calendar }」です（起票元やポリシーの行に指定があればそちら）。
check-feed = カレンダー{ $calendars }の休日は起動時に{ $host }から取得します。応答がなく、以前の写しもないときは起動しません。--connect で試せます。
check-absences = { $member }の不在は、起動時とその後1時間ごとに{ $host }から取り込みます。
check-absences-file = { $member }の不在は、起動時にファイルから取り込みます。
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
check-rota-list = { $days }は別の順番: { $names }
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
check-source-poll-every = 起票元「{ $name }」: { $every }ごとに取りに行きます。
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
web-duty-second = 応援
web-feed-link = カレンダー
web-feed-title = 当番をカレンダーで見る
web-feed-intro = お使いのカレンダー（Google、Outlook、iPhone など）に、当番の予定を登録できます。交代があれば自動で反映されます。アドレスはあなた専用です。ほかの人に教えないでください。
web-feed-make = アドレスを発行する
web-feed-stop = 発行済みのアドレスをすべて止める
web-feed-once = このアドレスは今だけ表示されます。カレンダーの「URLで追加」に貼り付けてください。
web-feed-open = カレンダーで開く
web-feed-mine = 自分の当番
web-feed-rota = { $rota }の当番
web-feed-team = 全員の当番
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
web-reasons = 期限の理由
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
web-param-asked = 依頼する内容
web-param-case = 先方のケース番号
web-param-text = 本文
web-menu = できること
web-menu-look = 当番を見る
web-menu-arrange = 当番を代わる
web-menu-away = 不在・準備
web-menu-else = そのほか
web-form-any = 指定しない
web-form-myself = 自分
web-form-own = 自分の不在
web-form-automatic = 自動で選ぶ
web-form-all = すべて
web-form-nothing-there = いま選べるものはありません。
web-form-today = 空欄なら今日
web-form-one-day = 空欄なら1日だけ、毎週なら終わりなし
web-form-ninety-days = 空欄なら90日前
web-form-until-today = 空欄なら今まで
web-form-zone = 必須・{ $zone }の時刻
web-param-assign-to = 割り当てる相手
web-param-agreed-by = 合意した人
web-param-heard = 聞いた内容
web-param-next = 次にすること
web-param-next-who = 誰がするか
web-param-title = 件名
web-param-split-title = 別件の件名
web-param-split-text = 別件の内容
web-param-template = 定型文
web-param-issue-text = 課題の本文（この内容がそのまま先方に送られます）
web-param-issue = 課題の番号またはアドレス
web-form-tracker = 起票先：{ $tracker }
web-form-unlink = 外しても、開発側の課題はそのまま残ります。
web-param-linked = 外す課題
web-param-tracker = 起票先
web-param-cover-member = 当番に入る人
web-param-from = 開始
web-param-end = 終了
web-param-rota = 当番表
web-param-when = 日時
web-param-swap-with = 交換する相手
web-param-swap-mine = 渡す当番の日
web-param-swap-theirs = 相手の当番の日
web-param-swap-for = 誰の当番か
web-param-which-swap = どの交換か
web-param-which-cover = どの当番か
web-param-which-entry = 取り消すもの
web-param-which-absence = 終わりにする不在
web-param-cover-day = 代わりに入る日
web-param-first-day = 最初の日
web-param-last-day = 最後の日
web-param-every = 毎週の曜日
web-param-who-away = 不在の人
web-param-words = 件名・エラー文言・会話に含まれる語句
web-param-list = 対象
web-param-feed = 操作
web-param-language = 言語

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
web-portal-linked = 関連する問い合わせ
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
discord-command-severity = 重大度の設定・提案・合意
discord-command-pings = 自分への呼び出しを調整します
discord-command-issue = 開発課題を起票・関連付けします
discord-option-inquiry = 問い合わせの番号(スレッドの中では省略できます)
discord-choose = { $what }: 選んでください。続きを入力する画面が開きます。
discord-choose-only = { $what }: 選んでください。
discord-open-form = 入力する
discord-form-is-ready = { $what }: お待たせしました。ボタンを押すと入力画面が開きます。
discord-hint-time = 例: 15:00、2026-11-24 15:00、30m、2d
discord-hint-workaround = ないときは空にして、下に理由を書いてください
discord-hint-no-workaround = 回避策があるときは空のまま
discord-read-on = 全文を読む
discord-your-words = 入力された内容（コピーして、もう一度送れます）
discord-your-words-file = 入力された内容は、添付のファイルにあります。
discord-no-such-reference = 「{ $given }」という番号の問い合わせはありません。Q-12 のように書いてください。
discord-elsewhere = このサーバーでは当番デスクを使えません。
discord-outdated-form = この入力画面は古くなったため、受け付けられませんでした。新しいカードからもう一度お願いします。
discord-outdated = このボタンはもう使えません。新しいカードから操作してください。
discord-unreadable = 操作を読み取れませんでした。もう一度お試しください。続くときは管理者に知らせてください。

## simulate

simulate-window = { $from }〜{ $to } { $queue }: 問い合わせ{ $count }件
simulate-all-queues = すべてのキュー
simulate-tried = 試算の条件: ポリシー { $policy }、当番表 { $rota }
simulate-unchanged = (当時のまま)
simulate-nothing = この期間に受け付けた問い合わせはありません。期間かキューを変えてお試しください。
simulate-was = 実績
simulate-would-be = 試算
simulate-difference = 差
simulate-missed = 期限超過 / 期限の数
simulate-notices = 名指しの通知(件)
simulate-nights = 夜間に通知があった晩(晩)
simulate-days-off = 休日に通知があった日(日)
simulate-turns = 営業日の当番(日)
simulate-turns-off = 休日の当番(日)
simulate-reminders = 催促
simulate-agrees = 実績の再現は記録と一致しました(期限超過{ $missed }件、催促{ $reminders }件)。
simulate-differs = 実績の再現が記録と一致しません。停止していた時間があったか、その後ポリシー以外の設定が変わった可能性があります。
simulate-mismatch = { $name }: 記録{ $recorded }件、再現{ $replayed }件
simulate-differs-in = 該当: { $inquiries }
simulate-refused = 次の操作{ $count }件は試算の条件では成り立たないため、除いて計算しました。
simulate-refused-act = { $act }: { $count }件({ $inquiries })
simulate-not-laid = 次の当番の変更{ $count }件は試算の当番表に当てはまらないため、除いて計算しました。
simulate-not-laid-override = 当番交代 { $who } { $days }: { $why }
simulate-not-laid-swap = 当番交換 { $who }・{ $with } { $days }: { $why }
simulate-not-laid-cover = { $with }の代わりに{ $who } { $days }: { $why }
simulate-not-laid-gone = { $member }はこの当番表にいません
simulate-not-laid-turns = この当番表では該当する番がありません
simulate-not-laid-absent = { $member }は不在です
simulate-not-laid-refused = この当番表では受け付けられません
simulate-left-out = { $inquiry }は再現できないため、集計に含めていません: { $why }
simulate-act-updated = 起票元での更新
simulate-act-claimed = 担当
simulate-act-assigned = 割り当て
simulate-act-released = 担当を手放す
simulate-act-taken-over = 担当の引き継ぎ
simulate-act-noted = メモ
simulate-act-replied = 返信
simulate-act-reply-retracted = 返信の取り消し
simulate-act-reply-failed = 届かなかった返信
simulate-act-requester-replied = 依頼者からの連絡
simulate-act-no-answer-needed = 回答不要
simulate-act-waited = 待ち
simulate-act-resumed = 再開
simulate-act-severity-set = 重大度の変更
simulate-act-not-urgent = 緊急呼び出しの停止
simulate-act-transferred = 転送
simulate-act-severity-agreed = 重大度の合意
simulate-act-handoff = 引き継ぎの確認
simulate-act-next = 次の一手
simulate-act-snoozed = 催促の一時停止
simulate-act-resolved = 解決
simulate-act-closed = クローズ
simulate-act-reopened = 再オープン
simulate-act-other = その他の操作

## toban source

source-unknown = 起票元「{ $name }」は設定にありません。あるもの：{ $known }
source-none = なし
source-trackers = 起票先：
tracker-state-never-asked = まだ使われていません
tracker-state-ok = 正常（最後の応答：{ $at }）
tracker-state-failing = 失敗が続いています（{ $count }回、{ $since }から）
tracker-state-out = 不通（{ $count }回続けて失敗、{ $since }から）
tracker-waiting = 送信待ち：{ $count }件
tracker-dead = 届けられなかったもの：{ $count }件（toban outbox で確認できます）
source-none-at-all = 起票元は設定されていません。
source-is-off = 起票元「{ $name }」は止められています（enabled = false）。設定で有効にしてください。
source-is-portal = これは受付フォームです。文書の対応付けはありません。
source-not-polled = 起票元「{ $id }」は取りに行く設定になっていません（[source.poll] がありません）。届いた文書は toban source test で試せます。
source-no-database = まだデータベースがありません。toban serve を一度起動すると作られます。
source-file-unreadable = 読み取れません：{ $why }
source-no-items = 項目がありません。
source-item-good = { $number }. { $id }「{ $title }」
source-item-passed = { $number }. 取り込みません（take が偽）。
source-item-unreadable = { $number }. 読み取れません — { $field }：{ $why }
source-item-bad = { $number }. 読み取れません：{ $why }
source-queue = キュー
source-by-team = チーム
source-by-own = tobanのアカウント
source-message = { $at } { $by }「{ $text }」
source-messages = { $count }件
source-lines = { $text }（{ $count }行）
source-why-given = { $text }
source-why-blank = 空：{ $text }
source-why-lacks = 空：{ $text }（文書に { $why } がありません）
source-why-odd = 値として使えません（「{ $given }」）：{ $text }
source-why-take = 取り込まないと判定：{ $text }
source-why-routing = 振り分け規則による
source-why-join = {" → "}
source-made-default = 既定の{ $value }
source-made-customer = お客様の設定による{ $value }
source-made-unknown = 「{ $given }」は設定にない値です：既定の{ $value }を使います（カードに表示）
source-made-unknown-none = 「{ $given }」は設定にない値です：空にします（カードに表示）
source-made-member = { $member }と判定
source-made-stranger = 該当するメンバーなし：担当は未定のまま（[source.owners] で対応付けできます）
source-try-headers = {"  "}ヘッダー：{ $names }
source-try-body = {"  "}本文：{ $body }
source-try-answer = {"  "}応答 { $status }、{ $ms } ms、{ $bytes } バイト、{ $kind }
source-try-no-answer = {"  "}応答なし（{ $ms } ms）：{ $why }
source-try-failed = 取得できませんでした：{ $why }
source-try-page = { $count }件。カーソル：{ $before } → { $after }
source-try-more = 続きのページがあります（--pages で続けて取得できます）。
source-try-held = カーソルは進みません：{ $why }
source-try-empty = 項目がありません。応答にあるもの：{ $names }。期待した件数でなければ、[source.poll] の items の式、検索条件、--cursor を確認してください。
source-try-kept-nothing = 何も保存していません。カーソルも動いていません。
source-hint-401 = 鍵が受け付けられていません。secret（環境変数・ファイル）の値と、ヘッダーの書き方（Bearer、Basic など）を確認してください。
source-hint-403 = 鍵は届いていますが、権限が足りません。相手側でこの鍵の参照権限と、接続元IPアドレスの制限を確認してください。
source-hint-404 = このアドレスには何もありません。base_url と url、[source.setting] の番号を確認してください。
source-hint-405 = このメソッドは受け付けられていません。method（GET・POST）を確認してください。
source-hint-429 = 回数制限に達しています。every を長くしてください。tobanは相手の指定した時間だけ待ちます。
source-hint-redirect = 別のアドレス（{ $to }）へ転送されました。tobanは転送をたどりません。正しいアドレスを base_url に書いてください。ログイン画面への転送なら、鍵が届いていません。
source-hint-5xx = 相手側の障害です。しばらくして再度お試しください。
source-hint-html = データではなく画面（HTML）が返りました。ログイン画面か、API以外のアドレスです。url と鍵を確認してください。
source-hint-private = { $host }は社内などの内部アドレスです。意図したものなら、設定に [net] allow_private = ["{ $range }"] を加えてください。
source-hint-invalid = この要求は送れません。url とヘッダーの書き方を確認してください。
source-hint-name = ホスト名が見つかりません。base_url のつづりと、このサーバーのDNSを確認してください。
source-hint-connect = 接続できません。相手側が動いているか、ポート番号、ファイアウォールを確認してください。
source-hint-connect-timeout = 接続に時間がかかりすぎました。ファイアウォールで止められていないか確認してください。
source-hint-tls = 安全な接続（TLS）を確立できません。証明書の期限と名前、http と https の取り違えを確認してください。
source-hint-timeout = 応答が時間内に返りませんでした。1回の件数を減らすか、相手側の負荷を確認してください。
source-hint-broken = 応答の途中で接続が切れました。再度お試しください。続くときは、相手側や途中の機器を確認してください。
source-hint-large = 応答が大きすぎます。1回の件数を減らしてください。
source-state-off = 停止中
source-state-filed = 受付フォーム
source-state-never-delivered = まだ何も届いていません
source-state-delivered = 正常（最後に届いたのは{ $at }）
source-state-never-polled = まだ一度も取得していません
source-state-ok = 正常
source-state-held = 一部で止まっています（取得はできていますが、同じ所を読み直していて先へ進めません）
source-state-unfiled = 取り込みは正常ですが、メールの整理（既読・移動）ができていません
source-state-late = 遅れています（{ $at }の予定を過ぎています。tobanは動いていますか）
source-state-failing = 失敗が続いています（{ $count }回、{ $since }から）
source-state-out = 不通（{ $count }回続けて失敗、{ $since }から）
source-line-why = 理由：{ $why }
source-line-do-held = 対処：理由が設定の式（cursor、has_more など）なら [source.poll] を直してください。相手側の応答なら解消を待つか、相手側で直してください。止まった所より先は、解消するまで取り込まれません（重複や取りこぼしはありません）。確認：toban source try { $id }
source-line-do-unfiled = 対処：移動先のフォルダーと、このユーザーの書き込み権限を確認してください。取り込みは続いており、直れば次回にまとめて整理します。
source-line-last-ok = 最後の成功：{ $at }
source-line-next = 次の取得：{ $at }
source-line-delivered = 最後の配信：{ $at }
source-line-refused = 拒否した配信：{ $at }（{ $why }）
source-line-last-item = 最後の新規・更新：{ $at }
source-line-since = 取り込みの起点：{ $at }（最後の変更がそれより前のものは、新しい問い合わせにしません。設定のsinceとbacklogで変えられます）
source-line-since-quiet = 取り込みの起点：{ $at }（最後の変更がそれより前のものは、通知も期限もなしで取り込みます）
source-item-before = 最後の変更が起点（{ $since }）より前なので、新しい問い合わせにはしません（設定のsinceとbacklogで変えられます）
source-item-before-quiet = 最後の変更が起点（{ $since }）より前なので、通知も期限もなしで取り込みます
source-line-received = 24時間の受付：{ $count }件
source-line-cursor = カーソル：{ $cursor }
source-line-cursor-at = カーソル：{ $cursor }（{ $age }前）
source-line-ahead = 時計：相手側が{ $span }進んでいます
source-line-behind = 時計：相手側が{ $span }遅れています
source-line-unreadable = 読み取れない文書：{ $count }件（toban source unreadable { $id }）
source-line-backs = 書き戻し：待ち{ $waiting }件（うち遅れ{ $late }件）、失敗{ $dead }件
source-line-backs-why = 書き戻し：待ち{ $waiting }件（うち遅れ{ $late }件）、失敗{ $dead }件（{ $why }）
source-remark-unreadable = 読み取れない文書が{ $count }件あります
source-remark-dead = 書き戻しに失敗したものが{ $count }件あります（toban outbox）
source-remark-late = 書き戻しが遅れているものが{ $count }件あります（toban outbox）
source-comes-filed = フォーム
source-comes-delivered = 配信
source-comes-both = 配信＋取得
source-comes-fetched = 取得
source-comes-mailed = メール
source-head = { $id }「{ $name }」— { $comes }：{ $state }
source-polled = { $id }をすぐに取得します。結果：toban source status { $id }
source-unreadable-none = { $id }に、読み取れなかった文書はありません。
source-unreadable-unknown = { $source }に文書{ $id }はありません。一覧：toban source unreadable { $source }
source-unreadable-line = { $id }  { $at }  { $why }
source-unreadable-replayed = { $id }  { $at }  { $why }（{ $replayed }に再取り込み済み）
source-replayed = { $id } → { $reference }
source-replayed-nothing = { $id } → 取り込むものはありませんでした
source-replay-failed = { $id } まだ読み取れません：{ $why }

## toban check --connect

connect-answers = 応答があります
connect-no-database = まだありません。最初の起動時に{ $path }が作られます
connect-no-database-unwritable = まだなく、{ $path }を作ることもできません：{ $folder }に書き込めません（{ $why }）
connect-empty-database = 応答があります。空なので、最初の起動時に表が作られます
connect-older-database = 応答があります。スキーマ{ $found }は、次の起動時に{ $needed }へ更新されます
connect-calendar = 応答があります（{ $count }日分）
connect-calendar-span = 応答があります（{ $first }から{ $last }まで{ $count }日分）
connect-calendar-copy = { $why }。起動すると、{ $at }に確認した内容が使われます
connect-calendar-none = { $why }。以前の内容がないため、起動できません
connect-item = 起票元「{ $source }」：取り込めない項目があります：{ $why }
connect-cursor = 起票元「{ $source }」：{ $why }
span-seconds = { $count }秒
span-minutes = { $count }分
span-hours = { $count }時間
span-hours-minutes = { $hours }時間{ $minutes }分
span-minutes-seconds = { $minutes }分{ $seconds }秒
## 契約

field-contract = 契約
tone-no-contract = 契約なし
contract-covered = { $contract }
contract-covered-until = { $contract }（{ $on }まで）
contract-ended = { $contract }は{ $on }で終了しています
contract-not-yet = { $contract }は{ $from }からです
contract-other-products = { $contract }の対象は{ $products }のみです
contract-none = 契約台帳に見つかりません
contract-unknown = お客様の名前がないため、確認できません
contract-ends-soon = { $days ->
    [0] 受付日に終了
   *[other] 受付日から{ $days }日後に終了
}
contract-products = 対象製品：{ $products }
contract-hours = 営業時間：{ $calendar }
contract-counts-from-receipt = 期限は受付（{ $at }）から数えます。
flag-contract-held = 契約を確認できないため、期限は動いていません。お断りするか、例外として受け付けてください。
flag-contract-apart = 契約なしのため、期限の集計から除いています
flag-contract-excepted = 契約なしの例外受付（{ $by }）：{ $reason }
button-refuse = お断りする
button-except = 例外で受ける
button-check-contract = 契約を再確認
verb-check-contract = 契約台帳をもう一度確認します
verb-refuse = 契約がないため、定型文でお断りしてクローズします
verb-except = 契約がなくても例外として受け付けます（期限は受付から）
notice-contract-checked = 契約を確認しました（{ $by }）：{ $what }
notice-contract-excepted = { $by }が例外として受け付けました：{ $reason }
timeline-contract = 契約の確認：{ $what }
done-refuse = { $reference }はお断りの返信を送り、クローズしました。
done-except = { $reference }を例外として受け付けました。期限は受付から数えます。
line-no-contract = { $reference } { $severity } { $title } – { $owner } – 契約なし（期限なし）
why-contract = 契約{ $contract }：{ $promise }
why-no-contract = { $reference }は契約を確認できていないため、期限は動いていません。
because-contract = 契約の営業時間
moved-by-contract = 契約の再確認
refused-contract-covers = { $reference }は契約{ $contract }の対象です。お断りする場合は理由を添えて返信し、クローズしてください。
refused-contract-unchecked = { $reference }は契約を確認していません。先に「契約確認」で確認してください。
refused-contract-excepted = { $reference }は{ $at }に{ $by }が例外として受け付けています。
refused-not-held = { $reference }は契約の有無で止まっていないため、例外にする必要はありません。
refused-no-register = 契約台帳が空です。toban contract import で取り込んでください。
discord-command-contract = 契約の確認、お断り、例外
web-param-refusal = お断りの文面
web-param-exception = 例外とする理由
web-form-refusal-elsewhere = この起票元には返信を送れません。文面を起票元で伝えてから「返信済み」にし、理由を「お断り」としてクローズしてください。
web-form-refusal = この文面を依頼者に返信し、お断りとしてクローズします。必要なら直してください。
check-queue-contract-shown = 契約を確認してカードに表示します。
check-queue-contract-required = 契約を確認し、なければ期限を動かさずにお断りを提案します。
simulate-no-contract = 契約なし（集計外）
contract-all-products = すべての製品
contract-line = { $contract }　{ $customer }　{ $plan }　{ $products }　{ $days }
contract-plan = プラン{ $plan }
contract-any-plan = プラン指定なし
contract-days = { $from }～{ $until }
contract-from = { $from }から
contract-until = { $until }まで
contract-always = 期間の定めなし
contract-list-nothing = 該当する契約はありません。
contract-detail = { $column }：{ $value }
contract-log-added = { $at } 追加（{ $by }）
contract-log-changed = { $at } 変更（{ $by }）
contract-log-removed = { $at } 削除（{ $by }）
contract-column-customer = 顧客名
contract-column-aliases = 別名
contract-column-plan = プラン
contract-column-products = 製品
contract-column-calendar = 営業時間
contract-column-region = 地域
contract-column-language = 言語
contract-column-starts = 開始日
contract-column-ends = 終了日
contract-column-note = 備考
import-added = 追加：{ $contract }
import-changed = 変更：{ $contract }
import-removed = 削除：{ $contract }
import-difference = 　　{ $column }：{ $old } → { $new }
import-done = 取り込みました：追加{ $added }件、変更{ $changed }件、削除{ $removed }件、変更なし{ $same }件
import-would = まだ取り込んでいません。取り込むと：追加{ $added }件、変更{ $changed }件、削除{ $removed }件、変更なし{ $same }件
import-undone = 誤りがあるため、何も取り込みませんでした。
import-fault = { $line }行目：{ $what }
import-fault-at = { $line }行目「{ $column }」：{ $what }
import-no-table = CSVとして読めません（{ $why }）
import-damaged = 読めない文字が{ $count }個あります。UTF-8かCP932（Shift_JIS）で保存してください。
import-no-customer = 「顧客名」の列がありません。1行目に見出しを書いてください（{ $known }）
import-column-twice = 同じ列が二つあります。一つにしてください。
import-column-unknown = 「{ $column }」の列は使いません。
import-nothing = 契約が1件もありません。
import-twice = 契約{ $contract }は{ $line }行目にもあります。別の契約なら「契約番号」を付けてください。
import-bad-number = 契約番号が空か、使えない文字が入っています。
import-customer-missing = 顧客名がありません。
import-no-date = 「{ $given }」は日付として読めません。2027-03-31 のように書いてください。
import-ends-before = 終了日（{ $ends }）が開始日（{ $starts }）より前です。
import-no-calendar = カレンダー「{ $given }」は設定にありません（あるもの：{ $known }）
import-no-language = 「{ $given }」は使えません。ja か en と書いてください。
import-no-plan = プラン「{ $given }」はどのポリシーにもありません（あるもの：{ $known }）
import-too-long = 長すぎます（{ $limit }文字まで）
import-unclosed = ここで始まる引用符（"）が閉じていません。閉じるか、消してください。
import-line-break = 改行が入っています。引用符（"）が閉じているか確かめてください。
import-beyond = 見出しより右に「{ $given }」があります。区切り（,）が多すぎないか確かめ、「,」を含む値は "…" で囲んでください。
import-nul = 使えない文字（NUL）が入っています。
import-too-many = { $count }個あります。{ $limit }個までです。区切り文字と引用符を確かめてください。
import-held = 契約なしで止まっている問い合わせが{ $count }件あります。自動では動きません。カードの「契約を再確認」を押してください。
import-nobody-looks = 契約を確認するキューがありません。[[queue]] に contract = "shown" か "required" を書いてください。
# ── エスカレーションの関門：足りないもの、差し戻し、対象外、振り分け ──

need-body = 具体的な状況
need-customer = お客様
need-tried = 試したこと
need-settings-checked = 設定の確認（サポート側）
need-environment = 環境
need-error-text = エラーメッセージ
field-channel = 受付経路
field-tried = 試したこと
field-settings-checked = 設定の確認
settings-checked-yes = 確認済み
settings-checked-no = 未確認
field-environment = 環境
field-error-text = エラーメッセージ
field-bounces = 差し戻し回数
field-referred = 引き継ぎ先
flag-gaps = 不足（{ $needs }項目中{ $missing }）：{ $gaps }
stage-sent-back = 差し戻し中（{ $chase }に確認）
button-bounce = 差し戻す
verb-bounce = 足りない情報を依頼者に求めて差し戻します（理由を省くと、不足項目を並べた定型文を送ります）
verb-out-of-scope = 対象外として営業などへ引き継ぎ、クローズします
done-bounce = { $reference }を差し戻しました。返答があれば知らせます。
done-out-of-scope = { $reference }を対象外として引き継ぎ、クローズしました。
notice-bounced = { $by }が差し戻しました（{ $chase }に確認）：{ $text }
notice-bounced-again = { $by }が差し戻しました（{ $count }回目、{ $chase }に確認）：{ $text }
notice-bounce-filled = 差し戻した情報が起票元で補われました。対応を再開します。
notice-referred = { $by }が対象外として{ $to }に引き継ぎました。
notice-referred-note = { $by }が対象外として{ $to }に引き継ぎました：{ $note }
notice-handed-on = { $by }が{ $from }から{ $to }へ作業を引き継ぎました：{ $reason }
referred-sales = 営業
referred-professional-services = プロフェッショナルサービス
referred-to = { $to }
referred-to-note = { $to }（{ $note }）
change-channel = 受付経路の変更
change-tried = 試したことの変更
change-settings-checked = 設定の確認の変更
change-environment = 環境の変更
change-error-text = エラーメッセージの変更
refused-no-way-to-bounce = { $reference }の起票元には差し戻しを送れません。起票元で依頼者に伝えてから「差し戻し 連絡=連絡済み」としてください。
refused-no-way-to-bounce-url = { $reference }の起票元には差し戻しを送れません。起票元で依頼者に伝えてから「差し戻し 連絡=連絡済み」としてください：{ $url }
template-missing = ・{ $what }
template-bounce =
    お問い合わせありがとうございます。対応を進めるために、次の情報が必要です。
    { $lines }
    お手数ですが、追記のうえご返信ください。確認でき次第、対応を再開いたします。
template-out-of-scope =
    お問い合わせありがとうございます。恐れ入りますが、ご依頼の内容は本窓口のサポート範囲外のため、{ $to }に引き継ぎました。
    今後は{ $to }よりご連絡いたします。
template-place-of-team = ＜引き継ぎ先＞
requester-sent-back = 追加の情報をお待ちしています（差し戻し）
requester-please-add = 追記のお願い
requester-bounced = 追加の情報をお願いしました：{ $text }
discord-command-intake = 受付：差し戻し・対象外・別件の切り出し
web-param-moving = 転送の種別
web-param-bounce = 依頼者に伝えること
web-param-told = 依頼者への連絡
web-param-refer-to = 引き継ぎ先
web-param-refer-who = 引き継ぐ相手
web-param-refer-reply = 依頼者への返信
web-form-seen-by-requester = 必須。依頼者にも見えます
web-form-sent-to-requester = 依頼者に送られます
web-form-template = 本文に入ります。送る前に直せます
web-form-no-template = 使わない
web-form-if-other = 「その他」のときに必要
web-form-misrouted = 振り分け違い（規則の見直しに数えます）
web-form-told-here = ここから送る
web-portal-done = 確認したこと
web-portal-settings-checked = 設定に誤りがないことを確認しましたか
web-portal-settings-yes = 確認した
web-portal-settings-no = まだ確認していない
web-portal-environment = 環境
web-portal-environment-hint = 製品のバージョン、ブラウザ、OS、お客様側の構成など
web-portal-error-text = エラーメッセージ
web-portal-error-text-hint = 表示された文言をそのまま
web-portal-needed-investigation = 調査では必須
web-portal-needed-specification = 仕様確認では必須
web-portal-wrong-gate = まだ足りない項目があります。入力された内容は残っています。
web-portal-wrong-body = 何が起きているかを具体的に書いてください。
web-portal-wrong-customer = お客様の名前を入力してください。
web-portal-wrong-tried = これまでに試したことと、その結果を書いてください。
web-portal-wrong-settings-checked = 先に設定を確認し、「確認した」を選んでください。
web-portal-wrong-environment = 発生している環境を書いてください。
web-portal-wrong-error-text = 表示されたエラーメッセージを書いてください。
route-test-unreadable = { $number }：問い合わせとして読めません：{ $why }
route-test-not-taken = { $number }：この起票元では受け付けない文書です（take）
route-test-ruled = { $number }：「{ $title }」（{ $id }）→ { $queue }　規則{ $rule }による
route-test-default = { $number }：「{ $title }」（{ $id }）→ { $queue }　当てはまる規則がないため既定
route-test-matched = 一致
route-test-not-matched = 不一致
route-test-too-late = 一致（先の規則が優先）
route-test-error = 評価できません（{ $why }）
routing-received = { $from }から{ $until }までの受付：{ $count }件
routing-rule = 規則{ $number }（{ $rule }）
routing-rule-gone = 今はない規則（{ $rule }）
routing-default = 当てはまる規則なし
routing-triage = 当てはまる規則なし（不明な製品・地域）
routing-split = 切り出し（人が選択）
routing-follows = 終了後しばらくしての連絡（元の案件と同じキュー）
routing-not-kept = 振り分けの記録がない受付
routing-line-right = { $rule } → { $queue }：{ $count }件、振り分け違いなし
routing-line-wrong = { $rule } → { $queue }：{ $count }件中{ $moved }件（{ $percent }%）が振り分け違い。正しくは{ $to }
routing-to = { $queue }（{ $count }件）
routing-word = { $word }（{ $count }件）
routing-mistake = 　　{ $inquiry }　{ $at }　{ $to }へ：{ $reason }
routing-mistake-erased = 　　{ $inquiry }　{ $at }　{ $to }へ（理由は消去済み）
routing-unknown-products = 　　不明な製品：{ $words }
routing-unknown-regions = 　　不明な地域：{ $words }
routing-products = 　　製品：{ $words }
routing-regions = 　　地域：{ $words }
routing-bounces = 差し戻し：{ $inquiries }件で{ $count }回
routing-out-of-scope = 対象外の引き継ぎ：営業{ $sales }件、プロフェッショナルサービス{ $services }件、その他{ $other }件
routing-left-out = 読めない経緯が{ $count }件あり、数えていません
