//! `[[role]]`: named groups of members, whom ladders tell as `role:NAME`.

use super::desk::Members;
use super::rota::member;
use super::section::Section;
use crate::domain::ids::MemberId;
use std::collections::BTreeMap;

/// Reads every `[[role]]`.
pub(super) fn roles(root: &Section<'_>, members: &Members<'_>) -> BTreeMap<String, Vec<MemberId>> {
    let mut all = BTreeMap::new();
    for section in root.sections("role") {
        let name = section
            .need("name", "\"database\"")
            .and_then(|field| field.id());
        let mut group: Vec<MemberId> = Vec::new();
        for (field, id) in section.texts("members") {
            group.extend(member(&field, id, members).filter(|id| !group.contains(id)));
        }
        let Some(name) = name else { continue };
        if section.texts("members").is_empty() {
            section.wrong(
                "members",
                format!("role {name:?} has no members"),
                "name at least one: members = [\"aoki\"]",
            );
        }
        if all.insert(name.to_owned(), group).is_some() {
            section.wrong(
                "name",
                format!("role {name:?} is there twice"),
                "give each role a name of its own",
            );
        }
    }
    all
}
