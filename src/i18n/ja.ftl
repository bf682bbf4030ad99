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
web-nothing-yet = まだ投稿はありません。問い合わせが届くとここに表示されます。
web-to-latest = 最新へ
web-new-posts = 新しい投稿
web-thread = スレッド
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
web-param-no-workaround = 回避策がない理由(回避策なしの場合)
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
web-error-unavailable = 今は応答できません
web-error-unavailable-advice = 少し待ってから、もう一度お試しください。
web-error-inside = 内部で問題が起きました
web-error-inside-advice = 内容は記録されました。続くようなら管理者に知らせてください。
web-error-request = 受け取れませんでした
web-error-request-advice = 入力を確認してください。
