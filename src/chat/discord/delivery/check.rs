//! The check before a start: can we sign in, and see every channel?

use super::meaning::{Doing, sign_in_problem};
use super::{Delivery, channel};
use crate::app::ports::{Group, Place};
use crate::chat::discord::rest::Call;
use serenity::http::{LightMethod, Route};
use serenity::model::id::GuildId;
use std::collections::HashMap;

impl Delivery {
    /// Tries to sign in and to see the channels.
    pub async fn check(&self, places: &[Place], groups: &HashMap<String, Group>) -> Vec<String> {
        if let Err(failure) = self.me().await {
            return vec![sign_in_problem(&failure)];
        }
        let mut problems = Vec::new();
        for place in places
            .iter()
            .filter(|place| place.platform == self.config.key)
        {
            problems.extend(self.check_place(place).await.err());
        }
        problems.extend(self.check_roles(groups).await);
        problems
    }

    /// A role that is not there or may not be mentioned calls nobody, and Discord does not say so.
    async fn check_roles(&self, groups: &HashMap<String, Group>) -> Vec<String> {
        let key = &self.config.key;
        let mut wanted: Vec<(&String, &String)> = groups
            .iter()
            .flat_map(|(name, group)| {
                let ids = group.chat_roles.get(key).into_iter().flatten();
                ids.map(move |id| (name, id))
            })
            .collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        wanted.sort_unstable();
        let guild_id = GuildId::new(self.config.guild_id);
        let call = Call::new(LightMethod::Get, Route::GuildRoles { guild_id });
        let roles = match self.rest.send(call).await {
            Ok(roles) => roles,
            Err(failure) => {
                return vec![format!("the roles of the Discord server: {failure}")];
            }
        };
        let find = |id: &str| roles.as_array()?.iter().find(|role| role["id"] == *id);
        let problem = |(name, id): (&String, &String)| match find(id) {
            None => Some(format!(
                "role {name:?}: there is no role {id} on the Discord server {guild_id}"
            )),
            Some(role) if role["mentionable"] != true => Some(format!(
                "role {name:?}: a mention of the Discord role {id} would call nobody; allow anyone to mention it \
                 (Server Settings, Roles)"
            )),
            Some(_) => None,
        };
        wanted.into_iter().filter_map(problem).collect()
    }

    async fn check_place(&self, place: &Place) -> Result<(), String> {
        let name = &place.channel;
        let channel_id = channel(place).map_err(|error| error.to_string())?;
        let doing = Doing {
            channel: channel_id,
            needs: "View Channel",
            is_post: false,
        };
        let found = self
            .rest
            .send(Call::new(LightMethod::Get, Route::Channel { channel_id }))
            .await;
        let found = found.map_err(|failure| {
            format!("Discord channel {name}: {}", self.meaning(failure, doing))
        })?;
        if found["guild_id"].as_str() != Some(&self.config.guild_id.to_string()) {
            return Err(format!(
                "Discord channel {name} is not on server {}",
                self.config.guild_id
            ));
        }
        match found["type"].as_u64() {
            Some(0 | 5) => Ok(()),
            _ => Err(format!(
                "Discord channel {name} is no text channel: cards need one with threads"
            )),
        }
    }
}
