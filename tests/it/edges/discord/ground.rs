//! The contract of all platforms, on Discord's double.

use super::*;
use toban::chat::contract::{Ground, Seen, holds};

#[async_trait]
impl Ground for Scene {
    fn platform(&self) -> &dyn Platform {
        self.discord.as_ref()
    }

    fn place(&self) -> Place {
        Scene::place(self)
    }

    fn nowhere(&self) -> Place {
        Place {
            channel: "1".to_owned(),
            ..Scene::place(self)
        }
    }

    fn person(&self) -> String {
        self.aoki.to_string()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn posts(&self) -> Vec<Seen> {
        let threads = self.double.threads(self.channel());
        let mut all = self.double.messages(self.channel());
        all.extend(
            threads
                .iter()
                .flat_map(|thread| self.double.thread_messages(thread.id)),
        );
        all.retain(|message| message.kind == 0);
        all.sort_by_key(|message| message.id);
        let seen = |message: crate::doubles::discord::Message| {
            let everyone = message.pings.everyone.then(|| "everyone".to_owned());
            let called = message
                .pings
                .users
                .iter()
                .chain(&message.pings.roles)
                .map(ToString::to_string);
            let embeds: Vec<String> = message.embeds.iter().map(ToString::to_string).collect();
            Seen {
                message: message.id.to_string(),
                text: format!("{} {}", message.content, embeds.join(" ")),
                calls: called.chain(everyone).collect(),
            }
        };
        all.into_iter().map(seen).collect()
    }

    async fn erase(&self, message: &str) {
        self.double.delete_message(snowflake(message));
    }

    async fn outlive_window(&self) {
        self.double.advance(Duration::from_secs(121));
    }
}

#[tokio::test]
async fn discord_keeps_the_contract_of_platforms() {
    holds(&Scene::new().await).await;
}
