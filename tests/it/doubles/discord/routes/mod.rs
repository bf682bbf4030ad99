//! What each route does to the guild. Requests that reach a handler are well-formed already.

mod channels;
mod commands;
mod guild;
pub mod interactions;
mod messages;
mod threads;

use serde_json::Value;

use super::Snowflake;
use super::errors::Refusal;
use super::gateway::intents;
use super::hub::{Hub, State};
use super::model::World;
use super::request::{Answer, Request};
use super::wire;

/// A request being carried out.
pub struct Call<'a> {
    pub hub: &'a Hub,
    pub state: &'a mut State,
    pub request: &'a Request,
    pub now_ms: i64,
}

pub type Outcome = Result<Answer, Refusal>;

impl Call<'_> {
    fn world(&mut self) -> &mut World {
        &mut self.state.world
    }

    fn id(&self, name: &str) -> Snowflake {
        self.request.id(name)
    }

    fn body(&self) -> &Value {
        &self.request.body
    }
}

impl State {
    /// Tells the gateway what happened to a message, unless only one person sees it.
    pub fn announce_message(&mut self, event: &'static str, id: Snowflake) {
        let message = &self.world.messages[&id];
        if message.only_for.is_none() {
            let payload = wire::message_event(&self.world, message);
            self.gateway
                .dispatch(event, intents::GUILD_MESSAGES, payload);
        }
    }

    /// Tells the gateway what happened to a channel or thread.
    pub fn announce_channel(&mut self, event: &'static str, id: Snowflake) {
        let payload = wire::joined_thread(&self.world, &self.world.channels[&id]);
        self.gateway.dispatch(event, intents::GUILDS, payload);
    }
}

/// Carries a request out; `None` if the double has no such route.
pub fn dispatch(call: &mut Call<'_>) -> Option<Outcome> {
    let request = call.request;
    let handler: fn(&mut Call<'_>) -> Outcome =
        match (request.method.as_str(), request.route.template) {
            ("GET", "/gateway") => guild::gateway,
            ("GET", "/gateway/bot") => guild::gateway_bot,
            ("GET", "/users/@me") => guild::me,
            ("GET", "/users/{user_id}") => guild::user,
            ("GET", "/applications/@me" | "/oauth2/applications/@me") => guild::application,
            ("GET", "/guilds/{guild_id}") => guild::guild,
            ("GET", "/guilds/{guild_id}/channels") => guild::channels,
            ("GET", "/guilds/{guild_id}/roles") => guild::roles,
            ("GET", "/guilds/{guild_id}/members") => guild::members,
            ("GET", "/guilds/{guild_id}/members/{user_id}") => guild::member,
            ("GET", "/guilds/{guild_id}/threads/active") => threads::active,

            ("GET", "/channels/{channel_id}") => channels::get,
            ("PATCH", "/channels/{channel_id}") => channels::patch,
            ("DELETE", "/channels/{channel_id}") => channels::delete,
            ("POST", "/channels/{channel_id}/typing") => channels::typing,

            ("GET", "/channels/{channel_id}/messages") => messages::list,
            ("POST", "/channels/{channel_id}/messages") => messages::post,
            ("GET", "/channels/{channel_id}/messages/{message_id}") => messages::get,
            ("PATCH", "/channels/{channel_id}/messages/{message_id}") => messages::patch,
            ("DELETE", "/channels/{channel_id}/messages/{message_id}") => messages::delete,
            ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me") => {
                messages::react
            }
            ("GET", "/channels/{channel_id}/messages/pins") => messages::pins,
            (
                "PUT",
                "/channels/{channel_id}/messages/pins/{message_id}"
                | "/channels/{channel_id}/pins/{message_id}",
            ) => messages::pin,
            (
                "DELETE",
                "/channels/{channel_id}/messages/pins/{message_id}"
                | "/channels/{channel_id}/pins/{message_id}",
            ) => messages::unpin,

            ("POST", "/channels/{channel_id}/messages/{message_id}/threads") => {
                threads::from_message
            }
            ("POST", "/channels/{channel_id}/threads") => threads::create,
            ("GET", "/channels/{channel_id}/threads/archived/public") => threads::archived,
            ("GET", "/channels/{channel_id}/thread-members") => threads::members,
            (
                "PUT",
                "/channels/{channel_id}/thread-members/@me"
                | "/channels/{channel_id}/thread-members/{user_id}",
            ) => threads::join,
            (
                "DELETE",
                "/channels/{channel_id}/thread-members/@me"
                | "/channels/{channel_id}/thread-members/{user_id}",
            ) => threads::leave,

            (
                method,
                "/applications/{application_id}/commands"
                | "/applications/{application_id}/guilds/{guild_id}/commands",
            ) => match method {
                "GET" => commands::list,
                "PUT" => commands::overwrite,
                "POST" => commands::create,
                _ => return None,
            },
            (
                method,
                "/applications/{application_id}/commands/{command_id}"
                | "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
            ) => match method {
                "GET" => commands::get,
                "PATCH" => commands::patch,
                "DELETE" => commands::delete,
                _ => return None,
            },

            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback") => {
                interactions::callback
            }
            ("POST", "/webhooks/{webhook_id}/{webhook_token}") => interactions::follow_up,
            (
                method,
                "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
                | "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
            ) => match method {
                "GET" => interactions::get,
                "PATCH" => interactions::patch,
                "DELETE" => interactions::delete,
                _ => return None,
            },
            _ => return None,
        };
    Some(handler(call))
}

/// Names the schema that a body must meet where the description allows several and the guild tells which.
pub fn body_schema(world: &World, request: &Request) -> Option<&'static str> {
    match (request.method.as_str(), request.route.template) {
        ("PATCH", "/channels/{channel_id}") => {
            match world.channels.get(&request.id("channel_id")) {
                Some(channel) if channel.thread.is_some() => Some("UpdateThreadRequestPartial"),
                _ => Some("UpdateGuildChannelRequestPartial"),
            }
        }
        ("POST", "/channels/{channel_id}/threads") => Some("CreateTextThreadWithoutMessageRequest"),
        ("POST", "/webhooks/{webhook_id}/{webhook_token}") => Some("IncomingWebhookRequestPartial"),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback") => {
            match request.body["type"].as_u64() {
                Some(4 | 5) => Some("CreateMessageInteractionCallbackRequest"),
                Some(6 | 7) => Some("UpdateMessageInteractionCallbackRequest"),
                Some(9) => Some("ModalInteractionCallbackRequest"),
                _ => None,
            }
        }
        _ => None,
    }
}
