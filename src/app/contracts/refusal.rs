//! The canned refusal: the text that is offered, in the language of the inquiry. It goes out only as somebody confirms it.

use crate::app::desk::App;
use crate::app::ports::{StoreError, Stored};
use crate::domain::contract::{Finding, without_honorific};
use crate::i18n::{Lang, date};
use crate::time::Date;
use serde_json::{Value, json};

/// The refusal that ships, in Japanese.
pub const REFUSAL_JA: &str = "\
お問い合わせありがとうございます（{{ reference }}「{{ title }}」）。
{% if finding == 'ended' -%}
{{ customer }} 様のサポート契約は{{ ended_on }}をもって終了しております。
{%- elif finding == 'not_yet' -%}
{{ customer }} 様のサポート契約は{{ begins_on }}からとなっております。
{%- elif finding == 'product_not_covered' -%}
{{ product }}は、{{ customer }} 様のサポート契約の対象製品に含まれておりません。
{%- elif finding == 'unknown' -%}
お客様のお名前を確認できず、サポート契約を確認できませんでした。
{%- else -%}
{{ customer }} 様のサポート契約を確認できませんでした。
{%- endif %}
恐れ入りますが、ご契約のない場合は、原則としてお問い合わせにお答えしておりません。
ご契約の更新やお申し込みについては、担当営業までご相談ください。行き違いの場合は、契約番号を添えてご返信いただけますと幸いです。";

/// The refusal that ships, in English.
pub const REFUSAL_EN: &str = "\
Thank you for your inquiry ({{ reference }}, “{{ title }}”).
{% if finding == 'ended' -%}
The support contract of {{ customer }} ended on {{ ended_on }}.
{%- elif finding == 'not_yet' -%}
The support contract of {{ customer }} begins on {{ begins_on }}.
{%- elif finding == 'product_not_covered' -%}
{{ product }} is not among the products that the support contract of {{ customer }} covers.
{%- elif finding == 'unknown' -%}
We could not see which customer this is about, and so found no support contract.
{%- else -%}
We could not find a support contract of {{ customer }}.
{%- endif %}
We are sorry that, as a rule, we cannot answer inquiries without one.
To renew or to sign up, please ask your sales contact. If this is a mistake, please reply with the number of your contract.";

impl App {
    /// The refusal of an inquiry as it would go out, for somebody to look at and change; `None` where it cannot be one.
    pub(in crate::app) async fn refusal_of(
        &self,
        stored: &Stored,
    ) -> Result<Option<String>, StoreError> {
        let Some(standing) = &stored.inquiry.contract else {
            return Ok(None);
        };
        let lang = match stored.inquiry.facts.language.as_str() {
            "ja" => Lang::Ja,
            _ => Lang::En,
        };
        let document = self.seen(stored, &standing.finding, lang).await?;
        let refusal = &self.setup.contracts.refusal;
        let template = match lang {
            Lang::Ja => &refusal.ja,
            Lang::En => &refusal.en,
        };
        match template.render(&document) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) => {
                tracing::error!(inquiry.id = %stored.inquiry.id, "the refusal of {} cannot be written: {error}", stored.reference);
                Ok(None)
            }
        }
    }

    async fn seen(
        &self,
        stored: &Stored,
        finding: &Finding,
        lang: Lang,
    ) -> Result<Value, StoreError> {
        let facts = &stored.inquiry.facts;
        let ids = [
            Some(facts.title.clone()),
            facts.customer.clone(),
            facts.requester.clone(),
        ];
        let ids: Vec<_> = ids.into_iter().flatten().collect();
        let texts = self.store.texts(&ids).await?;
        let text = |id: Option<&crate::domain::ids::TextId>| {
            let words = id.and_then(|id| texts.get(id));
            words.cloned().unwrap_or_default()
        };
        let today = self.clock.now().to_zoned(self.setup.zone.clone()).date();
        let day = |day: Date| date(lang, day, today);
        Ok(document(
            finding,
            [
                stored.reference.to_string(),
                text(Some(&facts.title)),
                without_honorific(&text(facts.customer.as_ref())).to_owned(),
                text(facts.requester.as_ref()),
                facts.product.clone(),
            ],
            &day,
        ))
    }
}

/// What a refusal may name.
fn document(finding: &Finding, words: [String; 5], day: &dyn Fn(Date) -> String) -> Value {
    let [reference, title, customer, requester, product] = words;
    let (contract, ended_on, begins_on, products) = match finding {
        Finding::Covered(terms) => (
            terms.contract.clone(),
            String::new(),
            String::new(),
            terms.products.join(", "),
        ),
        Finding::Ended { contract, on } => {
            (contract.clone(), day(*on), String::new(), String::new())
        }
        Finding::NotYet { contract, from } => {
            (contract.clone(), String::new(), day(*from), String::new())
        }
        Finding::ProductNotCovered { contract, products } => (
            contract.clone(),
            String::new(),
            String::new(),
            products.join(", "),
        ),
        Finding::None | Finding::Unknown => Default::default(),
    };
    json!({
        "finding": finding.word(),
        "reference": reference,
        "title": title,
        "customer": customer,
        "requester": requester,
        "product": product,
        "contract": contract,
        "ended_on": ended_on,
        "begins_on": begins_on,
        "products": products,
    })
}

/// Documents on which a refusal is tried when the configuration is read: one of each finding.
pub fn samples() -> Vec<Value> {
    let contract = || "K-1".to_owned();
    let findings = [
        Finding::Ended {
            contract: contract(),
            on: Date::MIN,
        },
        Finding::NotYet {
            contract: contract(),
            from: Date::MIN,
        },
        Finding::ProductNotCovered {
            contract: contract(),
            products: vec!["core".to_owned()],
        },
        Finding::None,
        Finding::Unknown,
    ];
    let words = || ["Q-1", "title", "customer", "requester", "product"].map(str::to_owned);
    let day = |day: Date| day.to_string();
    findings
        .iter()
        .map(|finding| document(finding, words(), &day))
        .collect()
}
