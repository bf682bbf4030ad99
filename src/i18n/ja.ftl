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

## Discord

discord-command-toban = 問い合わせの当番デスク
discord-command-duty = 当番を見る・代わる
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
