//! The check before a start: can we sign in, and see every channel?

use super::meaning::{Doing, sign_in_problem};
use super::{Delivery, channel};
use crate::app::ports::Place;
use crate::chat::discord::rest::Call;
use serenity::http::{LightMethod, Route};

impl Delivery {
    /// Tries to sign in and to see the channels.
    pub async fn check(&self, places: &[Place]) -> Vec<String> {
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
        problems
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
