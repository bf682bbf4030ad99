//! `[[customer]]`: whose days and plan rule where a customer's differ from the queue's.

use super::calendar::Calendars;
use super::section::Section;
use crate::app::setup::Customer;
use crate::domain::calendar::Calendar;
use std::collections::BTreeMap;

/// The customers in order, and the calendars that they name.
#[derive(Default)]
pub(super) struct Customers {
    pub all: Vec<Customer>,
    pub calendars: BTreeMap<String, Calendar>,
}

/// Reads every `[[customer]]`.
pub(super) fn customers(root: &Section<'_>, calendars: &Calendars) -> Customers {
    let mut customers = Customers::default();
    for section in root.sections("customer") {
        section.need("name", "\"Acme\"");
        let mut names: Vec<String> = Vec::new();
        for (field, name) in section.texts("name") {
            if name.trim_matches('*').trim().is_empty() {
                field.wrong_with(
                    "this would be every customer",
                    "the queue's calendar rules for everybody else already",
                );
                continue;
            }
            let earlier = customers
                .all
                .iter()
                .find(|known: &&Customer| known.is(name));
            if earlier.is_some() || names.iter().any(|known| known == name) {
                field.wrong_with(
                    format!("customer {name:?} is there already"),
                    "the first that fits rules; name each once",
                );
                continue;
            }
            names.push(name.to_owned());
        }
        let plan = section.field("plan").and_then(|field| field.text());
        let calendar = section
            .field("calendar")
            .and_then(|field| calendars.shared(&field));
        if !section.has("plan") && !section.has("calendar") {
            section.wrong(
                "",
                "this customer is like any other",
                "give them a calendar or a plan of their own",
            );
        }
        let name = calendar.map(|(name, calendar)| {
            customers.calendars.insert(name.clone(), calendar);
            name
        });
        customers.all.push(Customer {
            names,
            plan: plan.map(str::to_owned),
            calendar: name,
        });
    }
    customers
}
