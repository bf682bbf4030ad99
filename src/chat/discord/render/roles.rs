//! A group of members called by its roles on Discord, once, instead of one by one.
//!
//! A role's mention reaches all who hold it: also who has muted the inquiry, was called enough this hour, is off, or
//! did it themself. So the roles are mentioned only where everybody in the group is to be called; else those are who
//! are to be, one by one, as without roles.

use super::chat_id;
use crate::app::wording::Words;
use crate::domain::ids::MemberId;
use crate::domain::sla::Audience;

/// The roles to mention, and who is called by them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ByRole {
    pub roles: Vec<u64>,
    pub members: Vec<MemberId>,
}

/// Finds the groups of an audience that can be called as one.
pub(super) fn by_role(
    audience: &[Audience],
    mentions: &[MemberId],
    words: &Words<'_>,
    platform: &str,
) -> ByRole {
    let mut found = ByRole::default();
    for told in audience {
        let Audience::Role(name) = told else { continue };
        let Some(group) = words.people.groups.get(name) else {
            continue;
        };
        let roles = group.chat_roles.get(platform).into_iter().flatten();
        let roles: Vec<u64> = roles.filter_map(|id| id.parse().ok()).collect();
        let is_whole = group.members.iter().all(|member| mentions.contains(member));
        if roles.is_empty() || !is_whole {
            continue;
        }
        found.roles.extend(roles);
        // Who is not on the platform is named all the same.
        let there = group.members.iter();
        let there = there.filter(|member| chat_id(member, words, platform).is_some());
        found.members.extend(there.cloned());
    }
    found.roles.sort_unstable();
    found.roles.dedup();
    found
}
