//! What a file of contracts does to the register, and that in words.
//!
//! Promises: nothing is done of a file with a mistake.

use super::import::Found;
use super::register::contract_line;
use crate::domain::contract::Contract;
use crate::domain::notice::{Arg, Message};
use crate::time::Date;
use std::collections::BTreeMap;

/// What a file does to the register.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportPlan {
    pub added: Vec<Contract>,
    /// Before and after.
    pub changed: Vec<(Contract, Contract)>,
    pub removed: Vec<Contract>,
    /// How many are the same.
    pub same: usize,
    /// What is wrong; then nothing is done.
    pub faults: Vec<LineFault>,
    /// What is to be known beside.
    pub remarks: Vec<Message>,
    /// Whether it was done, and not only tried.
    pub is_done: bool,
}

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct LineFault {
    pub line: u64,
    /// The heading of the column, as the file has it.
    pub column: Option<String>,
    pub what: Message,
}

/// Compares a file with the register.
pub(super) fn plan(kept: &[Contract], found: Found, is_whole: bool) -> ImportPlan {
    let mut plan = ImportPlan {
        faults: found.faults,
        remarks: found.remarks,
        ..ImportPlan::default()
    };
    plan.faults.sort_by_key(|fault| fault.line);
    if plan.faults.is_empty() && found.contracts.is_empty() {
        plan.faults
            .push(fault(1, None, Message::new("import-nothing")));
    }
    if !plan.faults.is_empty() {
        return plan;
    }
    let known: BTreeMap<&str, &Contract> = kept.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut named: Vec<&str> = Vec::new();
    for (_, contract) in &found.contracts {
        named.push(&contract.id);
        match known.get(contract.id.as_str()) {
            Some(before) if *before == contract => plan.same += 1,
            Some(before) => plan.changed.push(((*before).clone(), contract.clone())),
            None => plan.added.push(contract.clone()),
        }
    }
    if is_whole {
        let gone = kept.iter().filter(|it| !named.contains(&it.id.as_str()));
        plan.removed = gone.cloned().collect();
    }
    plan
}

impl ImportPlan {
    /// What it does in sentences, a line each: first what is wrong, else what is added, changed and removed.
    pub fn lines(&self) -> Vec<Message> {
        let mut lines: Vec<Message> = self.faults.iter().map(LineFault::line).collect();
        if !lines.is_empty() {
            lines.push(Message::new("import-undone"));
            return lines;
        }
        let of = |id, contract| {
            let line = contract_line(contract);
            Message::new(id).with("contract", Arg::Lines(vec![line]))
        };
        lines.extend(self.added.iter().map(|it| of("import-added", it)));
        for (before, after) in &self.changed {
            lines.push(of("import-changed", after));
            lines.extend(differences(before, after));
        }
        lines.extend(self.removed.iter().map(|it| of("import-removed", it)));
        lines.extend(self.remarks.iter().cloned());
        let count = |count: usize| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let sum = match self.is_done {
            true => Message::new("import-done"),
            false => Message::new("import-would"),
        };
        lines.push(
            sum.with("added", count(self.added.len()))
                .with("changed", count(self.changed.len()))
                .with("removed", count(self.removed.len()))
                .with("same", count(self.same)),
        );
        lines
    }
}

impl LineFault {
    /// The mistake with its place.
    pub fn line(&self) -> Message {
        let line = i64::try_from(self.line).unwrap_or(i64::MAX);
        let message = match &self.column {
            Some(column) => Message::new("import-fault-at").with("column", plain(column)),
            None => Message::new("import-fault"),
        };
        message
            .with("line", Arg::Number(line))
            .with("what", Arg::Lines(vec![self.what.clone()]))
    }
}

/// What differs, old and new.
fn differences(before: &Contract, after: &Contract) -> Vec<Message> {
    let cells = |it: &Contract| -> [(&'static str, String); 10] {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("contract-column-customer", it.customer.clone()),
            ("contract-column-aliases", it.aliases.join(", ")),
            ("contract-column-plan", text(&it.plan)),
            ("contract-column-products", it.products.join(", ")),
            ("contract-column-calendar", text(&it.calendar)),
            ("contract-column-region", text(&it.region)),
            ("contract-column-language", text(&it.language)),
            ("contract-column-starts", day(it.starts_on)),
            ("contract-column-ends", day(it.ends_on)),
            ("contract-column-note", text(&it.note)),
        ]
    };
    let shown = |cell: String| match cell.is_empty() {
        true => plain("–"),
        false => Arg::Plain(cell),
    };
    let both = cells(before).into_iter().zip(cells(after));
    both.filter(|((_, old), (_, new))| old != new)
        .map(|((column, old), (_, new))| {
            Message::new("import-difference")
                .with("column", Arg::Word(column.to_owned()))
                .with("old", shown(old))
                .with("new", shown(new))
        })
        .collect()
}

/// A mistake at its place.
pub(super) fn fault(line: u64, column: Option<&str>, what: Message) -> LineFault {
    LineFault {
        line,
        column: column.map(str::to_owned),
        what,
    }
}

/// Words as they are.
pub(super) fn plain(text: &str) -> Arg {
    Arg::Plain(text.to_owned())
}
