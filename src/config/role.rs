//! `[[role]]`: named groups of members, whom ladders tell as `role:NAME`.

use super::desk::Members;
use super::rota::member;
use super::section::Section;
use crate::app::ports::Group;
use crate::domain::ids::MemberId;
use std::collections::{BTreeMap, HashMap};

/// The groups by their names.
pub(super) type Roles = BTreeMap<String, Group>;

/// Reads every `[[role]]`.
pub(super) fn roles(root: &Section<'_>, members: &Members<'_>) -> Roles {
    let mut all = Roles::new();
    let mut known: HashMap<String, String> = HashMap::new();
    for section in root.sections("role") {
        let name = section
            .need("name", "\"database\"")
            .and_then(|field| field.id());
        let mut group: Vec<MemberId> = Vec::new();
        for (field, id) in section.texts("members") {
            group.extend(member(&field, id, members).filter(|id| !group.contains(id)));
        }
        let discord = discord_roles(root, &section, name.unwrap_or_default(), &mut known);
        let Some(name) = name else { continue };
        if section.texts("members").is_empty() {
            section.wrong(
                "members",
                format!("role {name:?} has no members"),
                "name at least one: members = [\"aoki\"]",
            );
        }
        let chat_roles = match discord.is_empty() {
            true => HashMap::new(),
            false => HashMap::from([("discord".to_owned(), discord)]),
        };
        let group = Group {
            members: group,
            chat_roles,
        };
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

/// Reads the roles on Discord that the same people hold.
fn discord_roles(
    root: &Section<'_>,
    section: &Section<'_>,
    name: &str,
    known: &mut HashMap<String, String>,
) -> Vec<String> {
    let guild = root.section("discord");
    let guild = guild.as_ref().and_then(|discord| discord.text("guild_id"));
    let mut ids = Vec::new();
    for (field, _) in section.texts("discord_role") {
        let Some(id) = field.snowflake() else {
            continue;
        };
        // The role of the server's own id is everybody on it.
        if guild == Some(id) {
            field.wrong_with(
                "this is the id of the server, by which everybody on it would be mentioned",
                "copy the id of the role: Server Settings → Roles → right-click it",
            );
            continue;
        }
        if let Some(other) = known.insert(id.to_owned(), name.to_owned()) {
            field.wrong_with(
                format!("role {other:?} has this Discord role already"),
                "a mention reaches all who hold it, so one group has it",
            );
            continue;
        }
        ids.push(id.to_owned());
    }
    ids
}
