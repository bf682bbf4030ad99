//! Japanese holidays as data: `config/holidays/japan.json` (source and licence named in it), built in.
//!
//! The Cabinet Office publishes holidays up to the following year; later equinoxes are predictions. A change
//! of the law is a change of the file.

use super::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct List {
    holidays: BTreeMap<Date, String>,
}

/// Returns the Japanese holidays of 2016 to 2035 with their names.
pub fn japan_holidays() -> BTreeMap<Date, String> {
    let list: List = serde_json::from_str(include_str!("../../config/holidays/japan.json"))
        .expect("the built-in list of holidays is read by a test");
    list.holidays
}
