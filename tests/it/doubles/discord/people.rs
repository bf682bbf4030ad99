//! What people do: type commands, press buttons, fill modals, talk in threads.
//!
//! A person can only do what their client would offer: commands that are registered, options that exist,
//! buttons that are there and not greyed out, modals that were opened for them. Anything else fails the test.

mod client;

use serde_json::{Value, json};

use super::compose::{Origin, compose};
use super::hub::State;
use super::model::{Interaction, Message, Pings, Reply, World};
use super::{DiscordDouble, Snowflake, mentions, wire};
use client::{command_data, filled_row, with_command};

/// A person of the guild, looking at one channel or thread.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    pub(super) double: &'a DiscordDouble,
    pub(super) member: Snowflake,
    pub(super) place: Snowflake,
}

impl Person<'_> {
    /// Moves the person to another channel or thread.
    pub fn at(self, place: Snowflake) -> Self {
        Self { place, ..self }
    }

    /// Types a command, e.g. `"/toban claim"` with its options; returns the interaction.
    pub fn slash(self, line: &str, options: &[(&str, Value)]) -> Snowflake {
        self.act(|state| {
            let typed = options
                .iter()
                .map(|(name, value)| (*name, value.clone(), false))
                .collect::<Vec<_>>();
            let (command, data) = command_data(&state.world, line, &typed, true);
            self.interact(
                state,
                2,
                with_command(command, data, self.guild(state)),
                None,
            )
        })
    }

    /// Types half a command: the focused option asks for suggestions.
    pub fn autocomplete(
        self,
        line: &str,
        options: &[(&str, Value)],
        focused: (&str, &str),
    ) -> Snowflake {
        self.act(|state| {
            let mut typed = options
                .iter()
                .map(|(name, value)| (*name, value.clone(), false))
                .collect::<Vec<_>>();
            typed.push((focused.0, json!(focused.1), true));
            let (command, data) = command_data(&state.world, line, &typed, false);
            self.interact(
                state,
                4,
                with_command(command, data, self.guild(state)),
                None,
            )
        })
    }

    /// Presses a button.
    pub fn click(self, message: Snowflake, custom_id: &str) -> Snowflake {
        self.use_component(message, custom_id, 2, &[])
    }

    /// Chooses in a select menu.
    pub fn select(self, message: Snowflake, custom_id: &str, values: &[&str]) -> Snowflake {
        self.use_component(message, custom_id, 3, values)
    }

    fn use_component(
        self,
        message: Snowflake,
        custom_id: &str,
        kind: u64,
        values: &[&str],
    ) -> Snowflake {
        self.act(|state| {
            let shown = state
                .world
                .messages
                .get(&message)
                .unwrap_or_else(|| panic!("no message {message} to press {custom_id:?} on"));
            assert!(
                shown.only_for.is_none_or(|only| only == self.member),
                "message {message} is shown to somebody else"
            );
            let component = shown.component(custom_id);
            let component = component.unwrap_or_else(|| {
                panic!(
                    "no {custom_id:?} on message {message}, but {:?}",
                    shown.buttons()
                )
            });
            assert_eq!(
                component["type"], kind,
                "{custom_id:?} is another kind of component"
            );
            assert!(component["disabled"] != true, "{custom_id:?} is greyed out");
            let mut data =
                json!({"custom_id": custom_id, "component_type": kind, "id": component["id"]});
            if kind == 3 {
                let options = component["options"].as_array().into_iter().flatten();
                let known: Vec<&str> = options
                    .filter_map(|option| option["value"].as_str())
                    .collect();
                assert!(
                    values.iter().all(|value| known.contains(value)),
                    "{values:?} is not among {known:?}"
                );
                data["values"] = json!(values);
            }
            let place = shown.channel;
            self.at(place).interact(state, 3, data, Some(message))
        })
    }

    /// Fills the modal that was last opened for this person and sends it.
    pub fn submit_modal(self, custom_id: &str, fields: &[(&str, &str)]) -> Snowflake {
        self.act(|state| {
            let mine = state
                .world
                .interactions
                .values()
                .rev()
                .filter(|i| i.member == self.member);
            let opened = mine
                .filter_map(|i| Some((i, i.reply.modal.as_ref()?)))
                .find(|(_, modal)| modal["custom_id"] == custom_id);
            let (opener, modal) = opened
                .unwrap_or_else(|| panic!("no modal {custom_id:?} was opened for {}", self.member));
            let mut left: Vec<&str> = fields.iter().map(|(id, _)| *id).collect();
            let components: Vec<Value> = modal["components"]
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .filter_map(|(index, row)| filled_row(row, index, fields, &mut left))
                .collect();
            assert!(left.is_empty(), "modal {custom_id:?} has no field {left:?}");
            let (place, source) = (opener.channel, opener.message);
            let data = json!({"custom_id": custom_id, "components": components});
            self.at(place).interact(state, 5, data, source)
        })
    }

    /// Writes a message here; returns it.
    pub fn say(self, text: &str) -> Snowflake {
        self.act(|state| {
            let now_ms = self.double.hub().clock.now_ms();
            let body = json!({"content": text});
            let origin = Origin {
                author: self.member,
                kind: 0,
                // A person without the right to ping everyone: users, and roles that let themselves be mentioned.
                default: mentions::Default::Bot,
                interaction: None,
                only_for: None,
                reference: None,
            };
            let mut message = compose(&mut state.world, self.place, &body, origin, now_ms);
            message.pings = Pings {
                everyone: false,
                ..message.pings
            };
            message.mentions = message.pings.clone();
            let id = message.id;
            state.place(message, now_ms);
            id
        })
    }

    fn act<T>(self, act: impl FnOnce(&mut State) -> T) -> T {
        self.double.hub().change(act)
    }

    fn guild(self, state: &State) -> Snowflake {
        state.world.guild
    }

    /// Makes an interaction and delivers it.
    fn interact(
        self,
        state: &mut State,
        kind: u8,
        data: Value,
        message: Option<Snowflake>,
    ) -> Snowflake {
        let now_ms = self.double.hub().clock.now_ms();
        let id = state.world.next_id(now_ms);
        let token = Interaction::token_of(id);
        let payload = payload(&state.world, self, id, &token, (kind, data), message);
        for _ in 0..=u8::from(state.gateway.moods.repeats) {
            state
                .gateway
                .dispatch("INTERACTION_CREATE", 0, payload.clone());
        }
        let (member, channel) = (self.member, self.place);
        let interaction = Interaction {
            id,
            token,
            kind,
            member,
            channel,
            created_ms: now_ms,
            message,
            payload,
            reply: Reply::default(),
        };
        state.world.interactions.insert(id, interaction);
        id
    }
}

impl DiscordDouble {
    /// Delivers an interaction once more, as Discord may after a resume.
    pub fn deliver_again(&self, interaction: Snowflake) {
        self.hub().change(|state| {
            let payload = state.world.interactions[&interaction].payload.clone();
            state.gateway.dispatch("INTERACTION_CREATE", 0, payload);
        });
    }
}

/// Everything an interaction carries.
fn payload(
    world: &World,
    person: Person<'_>,
    id: Snowflake,
    token: &str,
    (kind, data): (u8, Value),
    message: Option<Snowflake>,
) -> Value {
    let member = &world.members[&person.member];
    let channel = &world.channels[&person.place];
    let mut payload = json!({
        "id": id, "application_id": world.app, "type": kind, "token": token, "version": 1, "data": data,
        "guild_id": world.guild, "guild": {"id": world.guild, "locale": "ja", "features": []}, "guild_locale": "ja",
        "channel_id": channel.id, "channel": wire::partial_channel(world, channel), "locale": member.locale,
        "member": wire::acting_member(world, member.id), "app_permissions": wire::bot_permissions(world, channel),
        "entitlements": [], "authorizing_integration_owners": {"0": world.guild}, "context": 0,
        "attachment_size_limit": 10_485_760,
    });
    if let Some(message) = message.and_then(|id| world.messages.get(&id)) {
        payload["message"] = wire::message(world, message);
    }
    payload
}

/// Lists messages of people and the bot, oldest first.
pub fn spoken(world: &World, channel: Snowflake) -> Vec<Message> {
    let ids = world
        .channels
        .get(&channel)
        .into_iter()
        .flat_map(|channel| &channel.messages);
    ids.map(|id| world.messages[id].clone())
        .filter(|message| !message.is_system())
        .collect()
}
