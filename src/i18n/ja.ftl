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
