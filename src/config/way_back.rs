//! `[source.way_back]`: which acts go back to a source, and by what requests.

use super::request::request;
use super::section::Section;
use crate::app::source_config::{Act, RequestConfig};
use std::collections::{BTreeMap, BTreeSet};

/// Another name of [`Act::Answer`]: what one does here to give it.
const RESOLVE: &str = "resolve";

/// The keys under which an act's requests may stand.
fn keys(act: Act) -> &'static [&'static str] {
    match act {
        Act::Reply => &["reply"],
        Act::Bounce => &["bounce"],
        Act::Answer => &["answer", RESOLVE],
        Act::Owner => &["owner"],
        Act::Close => &["close"],
        Act::Claim => &["claim"],
        Act::Assign => &["assign"],
        Act::Release => &["release"],
        Act::Reopen => &["reopen"],
        Act::Severity => &["severity"],
    }
}

/// Reads `[source.way_back]`: one request, or several in their order, for every act that goes back.
pub(super) fn way_back(section: &Section<'_>) -> Option<BTreeMap<Act, Vec<RequestConfig>>> {
    let named = Act::ALL.map(|act| (act.key(), act));
    let named: Vec<(&str, Act)> = named.into_iter().chain([(RESOLVE, Act::Answer)]).collect();
    let wanted = section.has("write_back").then(|| {
        section
            .texts("write_back")
            .into_iter()
            .filter_map(|(field, _)| field.choice(&named).map(|act| (field, act)))
            .collect::<Vec<_>>()
    });
    let Some(common) = section.section("way_back") else {
        if let Some((field, act)) = wanted.into_iter().flatten().next() {
            field.wrong_with(
                format!("{:?} is to go back, but nothing says how", act.key()),
                "add [source.way_back] with method, url and body",
            );
            return None;
        }
        return Some(BTreeMap::new());
    };
    let mut all = BTreeMap::new();
    let mut is_whole = true;
    for act in Act::ALL {
        match requests(&common, act) {
            Some(requests) if requests.is_empty() => {}
            Some(requests) => drop(all.insert(act, requests)),
            None => is_whole = false,
        }
    }
    let Some(wanted) = wanted else {
        let goes = Act::default_set();
        all.retain(|act, _| does_go(*act, &goes));
        return is_whole.then_some(all);
    };
    for (field, act) in &wanted {
        let is_there = |act: Act| all.contains_key(&act);
        if is_whole && !is_there(*act) && !act.general().is_some_and(is_there) {
            field.wrong_with(
                format!("{:?} is to go back, but nothing says how", act.key()),
                format!("add [source.way_back.{}] with a url", act.key()),
            );
            is_whole = false;
        }
    }
    let goes: BTreeSet<Act> = wanted.into_iter().map(|(_, act)| act).collect();
    // A kind that is asked for without its whole takes the requests of the whole with it.
    for act in &goes {
        let general = act.general().filter(|general| !goes.contains(general));
        if let Some(requests) = general.and_then(|general| all.get(&general).cloned()) {
            all.entry(*act).or_insert(requests);
        }
    }
    all.retain(|act, _| does_go(*act, &goes));
    is_whole.then_some(all)
}

/// Whether an act goes back: itself, or as a kind of one that does.
fn does_go(act: Act, goes: &BTreeSet<Act>) -> bool {
    goes.contains(&act) || act.general().is_some_and(|general| goes.contains(&general))
}

/// The requests of an act, without an address none. A kind of an act without a section has none of its own; any other has what is
/// common to all. What goes back only on request has that only if it has a body, once other acts have sections: no body says
/// nothing of it.
fn requests(common: &Section<'_>, act: Act) -> Option<Vec<RequestConfig>> {
    let mut there = keys(act).iter().filter(|key| common.has(key));
    let Some(key) = there.next() else {
        return match act.general() {
            Some(_) => Some(Vec::new()),
            None if !Act::default_set().contains(&act)
                && !common.has("body")
                && has_acts(common) =>
            {
                Some(Vec::new())
            }
            None => Some(
                request(common, &[], "POST", &Act::SEEN)?
                    .into_iter()
                    .collect(),
            ),
        };
    };
    if let Some(second) = there.next() {
        common.wrong(
            second,
            format!("{key:?} and {second:?} are two names of one act"),
            "keep [source.way_back.answer]",
        );
        return None;
    }
    // What a kind lacks it takes from its whole, if that is one request, and then from what is common to all.
    let general = act
        .general()
        .map(|general| common.one_or_more(general.key()));
    let bases: Vec<&Section<'_>> = match general.as_deref() {
        Some([general]) => vec![general, common],
        Some(_) | None => vec![common],
    };
    let sections = common.one_or_more(key);
    let read = sections
        .iter()
        .map(|section| request(section, &bases, "POST", &Act::SEEN));
    let read: Option<Vec<Option<RequestConfig>>> = read.collect();
    Some(read?.into_iter().flatten().collect())
}

/// Whether any act has a section of its own.
fn has_acts(common: &Section<'_>) -> bool {
    let mut all = Act::ALL.into_iter().flat_map(keys);
    all.any(|key| common.has(key))
}
