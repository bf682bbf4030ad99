//! A file of contracts, read line by line.
//!
//! Promises: every mistake at once, each with its line and column. Headings are Japanese or English, in any order; columns
//! that nobody knows are named and left alone. Leaves out what becomes of the register: that is `plan.rs`.

use super::plan::{LineFault, fault, plain};
use crate::app::setup::Setup;
use crate::app::snapshot::hash;
use crate::domain::contract::{Contract, name_key, product_key};
use crate::domain::notice::{Arg, Message};
use crate::i18n::Lang;
use crate::tabular::{self, Encoding};
use crate::time::Date;
use std::collections::{BTreeMap, HashSet};

/// What was read of a file.
#[derive(Default)]
pub(super) struct Found {
    pub contracts: Vec<(u64, Contract)>,
    pub faults: Vec<LineFault>,
    pub remarks: Vec<Message>,
}

/// The most other names of a customer, and products of a contract: more is a file that was cut wrongly, and every name is a
/// row that each inquiry's customer is looked up in.
const MOST_OF_A_LIST: usize = 200;

/// The columns of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Number,
    Customer,
    Aliases,
    Plan,
    Products,
    Calendar,
    Region,
    Language,
    StartsOn,
    EndsOn,
    Note,
}

/// The headings by which each is known; the first of a file's own wins nothing, one column is one thing.
const COLUMNS: [(Column, &[&str]); 11] = [
    (
        Column::Number,
        &["契約番号", "番号", "id", "contract", "number"],
    ),
    (
        Column::Customer,
        &["顧客名", "お客様名", "お客様", "customer", "name"],
    ),
    (Column::Aliases, &["別名", "aliases", "alias"]),
    (Column::Plan, &["プラン", "plan"]),
    (
        Column::Products,
        &["製品", "対象製品", "products", "product"],
    ),
    (
        Column::Calendar,
        &["営業時間", "カレンダー", "calendar", "hours"],
    ),
    (Column::Region, &["地域", "region"]),
    (Column::Language, &["言語", "language"]),
    (
        Column::StartsOn,
        &["開始日", "starts_on", "start", "startdate"],
    ),
    (Column::EndsOn, &["終了日", "ends_on", "end", "enddate"]),
    (Column::Note, &["備考", "note", "notes"]),
];

/// How long a cell may be, in characters: more than any name.
const LONGEST: usize = 500;

/// Reads a file.
pub(super) fn read(file: &[u8], setup: &Setup) -> Found {
    let mut found = Found::default();
    let rows = match tabular::read(file, Encoding::Auto, b',') {
        Ok(rows) => rows,
        Err(why) => {
            let what = Message::new("import-no-table").with("why", plain(&why));
            found.faults.push(fault(1, None, what));
            return found;
        }
    };
    if rows.damaged > 0 {
        let count = i64::try_from(rows.damaged).unwrap_or(i64::MAX);
        let what = Message::new("import-damaged").with("count", Arg::Number(count));
        found.faults.push(fault(1, None, what));
    }
    if let Some(line) = rows.unclosed {
        found
            .faults
            .push(fault(line, None, Message::new("import-unclosed")));
    }
    let Some(columns) = columns(&rows.headings, &mut found) else {
        return found;
    };
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for (line, fields) in &rows.rows {
        if fields.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let row = Row {
            line: *line,
            fields,
            headings: &rows.headings,
            columns: &columns,
        };
        let beyond = fields.iter().skip(rows.headings.len());
        if let Some(cell) = beyond.map(|cell| cell.trim()).find(|cell| !cell.is_empty()) {
            let what = Message::new("import-beyond").with("given", plain(cell));
            found.faults.push(fault(*line, None, what));
            continue;
        }
        let Some(contract) = row.contract(setup, &mut found.faults) else {
            continue;
        };
        match seen.insert(contract.id.clone(), *line) {
            Some(first) => {
                let first = i64::try_from(first).unwrap_or(i64::MAX);
                let what = Message::new("import-twice")
                    .with("contract", plain(&contract.id))
                    .with("line", Arg::Number(first));
                found
                    .faults
                    .push(fault(*line, row.heading(Column::Number), what));
            }
            None => found.contracts.push((*line, contract)),
        }
    }
    found
}

/// Which column stands where.
fn columns(headings: &[String], found: &mut Found) -> Option<BTreeMap<Column, usize>> {
    let mut columns = BTreeMap::new();
    for (place, heading) in headings.iter().enumerate() {
        let key = product_key(heading);
        let known = COLUMNS.iter().find(|(_, names)| {
            let mut names = names.iter();
            names.any(|name| *name == key || name.replace('_', "") == key.replace('_', ""))
        });
        let known = known.map(|(column, _)| *column);
        match known {
            Some(column) if columns.contains_key(&column) => {
                let what = Message::new("import-column-twice");
                found.faults.push(fault(1, Some(heading), what));
            }
            Some(column) => {
                columns.insert(column, place);
            }
            None if key.is_empty() => {}
            None => found
                .remarks
                .push(Message::new("import-column-unknown").with("column", plain(heading.trim()))),
        }
    }
    if !columns.contains_key(&Column::Customer) {
        let known: Vec<&str> = COLUMNS.iter().map(|(_, names)| names[0]).collect();
        let what = Message::new("import-no-customer").with("known", plain(&known.join(", ")));
        found.faults.push(fault(1, None, what));
        return None;
    }
    Some(columns)
}

/// A row of the file.
struct Row<'a> {
    line: u64,
    fields: &'a [String],
    headings: &'a [String],
    columns: &'a BTreeMap<Column, usize>,
}

impl Row<'_> {
    fn heading(&self, column: Column) -> Option<&str> {
        let place = self.columns.get(&column)?;
        self.headings.get(*place).map(|heading| heading.trim())
    }

    fn cell(&self, column: Column) -> Option<String> {
        let place = self.columns.get(&column)?;
        let cell = self.fields.get(*place)?.trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    fn list(&self, column: Column, parts: &[char]) -> Vec<String> {
        let cell = self.cell(column).unwrap_or_default();
        let mut known = HashSet::new();
        let items = cell.split(parts).map(str::trim);
        let items = items.filter(|item| !item.is_empty() && known.insert(*item));
        items.map(str::to_owned).collect()
    }

    fn day(&self, column: Column, faults: &mut Vec<LineFault>) -> Option<Date> {
        let cell = self.cell(column)?;
        let day = day(&cell);
        if day.is_none() {
            let what = Message::new("import-no-date").with("given", plain(&cell));
            faults.push(fault(self.line, self.heading(column), what));
        }
        day
    }

    /// The contract of the row; `None` where it is not whole, which was told.
    fn contract(&self, setup: &Setup, faults: &mut Vec<LineFault>) -> Option<Contract> {
        let before = faults.len();
        let language = self.cell(Column::Language);
        let mut contract = Contract {
            id: self.cell(Column::Number).unwrap_or_default(),
            customer: self.cell(Column::Customer).unwrap_or_default(),
            aliases: self.list(Column::Aliases, &[';', '；', '、', '|', '｜', '\n']),
            plan: self.cell(Column::Plan),
            products: self.list(
                Column::Products,
                &[';', '；', '、', '|', '｜', '\n', ',', '，'],
            ),
            calendar: self.cell(Column::Calendar),
            region: self.cell(Column::Region),
            language: language.map(|given| self::language(&given)),
            starts_on: self.day(Column::StartsOn, faults),
            ends_on: self.day(Column::EndsOn, faults),
            note: self.cell(Column::Note),
        };
        if contract.id.is_empty() {
            contract.id = made_number(&contract);
        }
        for (column, what) in checked_terms(&contract, setup) {
            faults.push(fault(self.line, self.heading(column), what));
        }
        (faults.len() == before).then_some(contract)
    }
}

/// What is wrong with a contract, column by column.
pub(super) fn checked_terms(contract: &Contract, setup: &Setup) -> Vec<(Column, Message)> {
    let mut faults = Vec::new();
    let mut wrong = |column: Column, what: Message| faults.push((column, what));
    if contract.id.trim().is_empty() || contract.id.contains(char::is_control) {
        wrong(Column::Number, Message::new("import-bad-number"));
    }
    if name_key(&contract.customer).is_empty() {
        wrong(Column::Customer, Message::new("import-customer-missing"));
    }
    for (column, list) in [
        (Column::Aliases, &contract.aliases),
        (Column::Products, &contract.products),
    ] {
        if list.len() > MOST_OF_A_LIST {
            let what = Message::new("import-too-many")
                .with("count", Arg::Number(list.len() as i64))
                .with("limit", Arg::Number(MOST_OF_A_LIST as i64));
            wrong(column, what);
        }
    }
    // A quote too many makes one cell of several lines.
    if contract.customer.contains(['\n', '\r']) {
        wrong(Column::Customer, Message::new("import-line-break"));
    }
    if contract
        .plan
        .as_ref()
        .is_some_and(|plan| plan.contains(['\n', '\r']))
    {
        wrong(Column::Plan, Message::new("import-line-break"));
    }
    if let Some(name) = &contract.calendar
        && !setup.contracts.calendars.contains_key(name)
    {
        let known: Vec<&str> = setup
            .contracts
            .calendars
            .keys()
            .map(String::as_str)
            .collect();
        let what = Message::new("import-no-calendar")
            .with("given", plain(name))
            .with("known", plain(&known.join(", ")));
        wrong(Column::Calendar, what);
    }
    if let Some(code) = &contract.language
        && code.parse::<Lang>().is_err()
    {
        let what = Message::new("import-no-language").with("given", plain(code));
        wrong(Column::Language, what);
    }
    if let (Some(starts_on), Some(ends_on)) = (contract.starts_on, contract.ends_on)
        && ends_on < starts_on
    {
        let what = Message::new("import-ends-before")
            .with("starts", plain(&starts_on.to_string()))
            .with("ends", plain(&ends_on.to_string()));
        wrong(Column::EndsOn, what);
    }
    let plans = known_plans(setup);
    if let Some(plan) = contract
        .plan
        .as_ref()
        .filter(|plan| !plans.is_empty() && !plans.iter().any(|known| known == *plan))
    {
        let what = Message::new("import-no-plan")
            .with("given", plain(plan))
            .with("known", plain(&plans.join(", ")));
        wrong(Column::Plan, what);
    }
    let cells = [
        (Column::Number, Some(&contract.id)),
        (Column::Customer, Some(&contract.customer)),
        (Column::Plan, contract.plan.as_ref()),
        (Column::Region, contract.region.as_ref()),
        (Column::Note, contract.note.as_ref()),
    ];
    let lists = [
        (Column::Aliases, &contract.aliases),
        (Column::Products, &contract.products),
    ];
    let cells = cells
        .into_iter()
        .filter_map(|(column, cell)| Some((column, cell?)));
    let lists = lists
        .into_iter()
        .flat_map(|(column, list)| list.iter().map(move |cell| (column, cell)));
    for (column, cell) in cells.chain(lists) {
        if cell.chars().count() > LONGEST {
            let limit = i64::try_from(LONGEST).unwrap_or(i64::MAX);
            let what = Message::new("import-too-long").with("limit", Arg::Number(limit));
            wrong(column, what);
        }
        if cell.contains('\0') {
            wrong(column, Message::new("import-nul"));
        }
    }
    faults
}

/// The plans that the policies promise anything for; none where every row is for all.
fn known_plans(setup: &Setup) -> Vec<String> {
    let rows = setup.policies.values().flat_map(|policy| &policy.targets);
    let mut plans: Vec<String> = rows.filter_map(|row| row.plan.clone()).collect();
    if !plans.is_empty() {
        let named = setup.sources.values().flat_map(|source| {
            let default = std::iter::once(&source.defaults.plan);
            source.known_plans.iter().chain(default)
        });
        plans.extend(named.filter(|plan| !plan.is_empty()).cloned());
        let customers = setup.customers.iter();
        plans.extend(customers.filter_map(|customer| customer.plan.clone()));
    }
    plans.sort();
    plans.dedup();
    plans
}

/// A number for a contract that has none: the same for the same customer, products and first day.
fn made_number(contract: &Contract) -> String {
    let mut products: Vec<String> = contract.products.iter().map(|it| product_key(it)).collect();
    products.sort();
    let starts = contract.starts_on.map(|day| day.to_string());
    let whole = format!(
        "{}\n{}\n{}",
        name_key(&contract.customer),
        products.join("\n"),
        starts.unwrap_or_default()
    );
    format!("c-{}", &hash(&whole)[..8])
}

/// A language in its code, as far as it is one that we speak.
fn language(given: &str) -> String {
    match product_key(given).as_str() {
        "日本語" | "japanese" => "ja".to_owned(),
        "英語" | "english" => "en".to_owned(),
        code => code.to_owned(),
    }
}

/// A date as spreadsheets write it: 2027-03-31, 2027/3/31, 2027.3.31, 2027年3月31日; also in full width.
fn day(given: &str) -> Option<Date> {
    let given: String = given
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '/' | '.' | '年' | '月' | '／' | '．' | '－' => '-',
            other => other,
        })
        .collect();
    // A time of day after the date is what spreadsheets add.
    let first = given.split_whitespace().next()?;
    let parts: Vec<&str> = first.trim_end_matches('日').split('-').collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    let is_year = year.len() == 4;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    date.ok().filter(|_| is_year)
}
