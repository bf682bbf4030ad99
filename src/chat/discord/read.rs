//! What an interaction asks, without Discord's types.

use super::commands;
use super::config::DiscordConfig;
use super::forms::Form;
use super::press::{About, Press};
use crate::app::ports::{AskedBy, People, Reference};
use crate::app::verbs::{ParamKind, Request, Verb};
use crate::i18n::Lang;
use serenity::model::application::{
    ActionRowComponent, CommandDataOption, CommandDataOptionValue, CommandInteraction,
    ComponentInteraction, ComponentInteractionDataKind, Interaction, ModalInteraction,
};
use serenity::model::guild::Member;
use serenity::model::id::GuildId;
use serenity::model::user::User;
use std::collections::HashMap;

/// Who asks, and how to answer them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asker {
    /// The interaction's id.
    pub id: u64,
    pub token: String,
    /// The channel or thread where it happened.
    pub channel: String,
    pub by: AskedBy,
    pub lang: Lang,
}

/// What was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    /// Half a reference was typed.
    Suggest {
        beginning: String,
    },
    Command {
        request: Request,
        /// The form that must be filled first.
        opens: Option<Box<Form>>,
    },
    Press {
        press: Press,
        /// What was written, by parameter; what was chosen in a menu, by nothing.
        values: HashMap<String, String>,
    },
    NoSuchReference {
        given: String,
    },
    /// A server that is not ours.
    Elsewhere,
    /// Something that only an older build could have shown.
    Outdated,
    /// A form of an older build, with what was written in it, by the name of the field.
    OutdatedForm {
        values: HashMap<String, String>,
    },
}

impl Asker {
    /// Somebody of whom only the interaction is known.
    pub fn nobody(id: u64, token: &str, lang: Lang) -> Self {
        let by = AskedBy::Chat {
            platform: String::new(),
            id: String::new(),
            roles: Vec::new(),
            locale: None,
        };
        Asker {
            id,
            token: token.to_owned(),
            channel: String::new(),
            by,
            lang,
        }
    }
}

/// Reads an interaction; `None` for what needs no answer here.
pub(super) fn read(
    interaction: &Interaction,
    config: &DiscordConfig,
    people: &People,
) -> Option<(Asker, Heard)> {
    let room = Room { config, people };
    match interaction {
        Interaction::Ping(_) => None,
        Interaction::Command(asked) => Some((
            room.command_asker(asked),
            room.here(asked.guild_id, || room.command(asked)),
        )),
        Interaction::Autocomplete(asked) => {
            let typed = asked
                .data
                .autocomplete()
                .filter(|option| option.name == commands::INQUIRY);
            let beginning = typed
                .map(|option| option.value.to_owned())
                .unwrap_or_default();
            Some((room.command_asker(asked), Heard::Suggest { beginning }))
        }
        Interaction::Component(pressed) => Some((
            room.asker(
                pressed.id.get(),
                &pressed.token,
                pressed.channel_id.get(),
                &pressed.user,
                pressed.member.as_ref(),
                &pressed.locale,
            ),
            room.here(pressed.guild_id, || component(pressed)),
        )),
        Interaction::Modal(sent) => Some((
            room.asker(
                sent.id.get(),
                &sent.token,
                sent.channel_id.get(),
                &sent.user,
                sent.member.as_ref(),
                &sent.locale,
            ),
            room.here(sent.guild_id, || modal(sent)),
        )),
        _ => None,
    }
}

struct Room<'a> {
    config: &'a DiscordConfig,
    people: &'a People,
}

impl Room<'_> {
    fn here(&self, guild: Option<GuildId>, heard: impl FnOnce() -> Heard) -> Heard {
        if guild.is_some_and(|guild| guild.get() == self.config.guild_id) {
            heard()
        } else {
            Heard::Elsewhere
        }
    }

    fn command_asker(&self, asked: &CommandInteraction) -> Asker {
        let member = asked.member.as_deref();
        self.asker(
            asked.id.get(),
            &asked.token,
            asked.channel_id.get(),
            &asked.user,
            member,
            &asked.locale,
        )
    }

    fn asker(
        &self,
        id: u64,
        token: &str,
        channel: u64,
        user: &User,
        member: Option<&Member>,
        locale: &str,
    ) -> Asker {
        let user_id = user.id.to_string();
        let roles = member
            .map(|member| member.roles.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        let known = self
            .people
            .by_chat_id(&self.config.key, &user_id)
            .and_then(|id| self.people.members.get(id)?.lang);
        let lang = known.unwrap_or(if locale.starts_with("ja") {
            Lang::Ja
        } else {
            Lang::En
        });
        Asker {
            id,
            token: token.to_owned(),
            channel: channel.to_string(),
            by: AskedBy::Chat {
                platform: self.config.key.clone(),
                id: user_id,
                roles,
                locale: Some(locale.to_owned()),
            },
            lang,
        }
    }

    fn command(&self, asked: &CommandInteraction) -> Heard {
        let data = &asked.data;
        let (sub, options) = match data.options.as_slice() {
            [
                CommandDataOption {
                    name,
                    value: CommandDataOptionValue::SubCommand(inner),
                    ..
                },
            ] => (Some(name.as_str()), inner.as_slice()),
            options => (None, options),
        };
        let Some(verb) = commands::verb(&data.name, sub) else {
            return Heard::Outdated;
        };
        let mut request = Request::new(verb, None);
        for option in options {
            let value = self.value(&option.value);
            if option.name != commands::INQUIRY {
                request = request.with(&option.name, value);
                continue;
            }
            match value.parse::<Reference>() {
                Ok(reference) => request.reference = Some(reference),
                Err(()) => return Heard::NoSuchReference { given: value },
            }
        }
        Heard::Command {
            opens: missing(&request),
            request,
        }
    }

    /// A value in the words of the verbs: a person we know by their id, another as a mention.
    fn value(&self, value: &CommandDataOptionValue) -> String {
        match value {
            CommandDataOptionValue::String(text)
            | CommandDataOptionValue::Autocomplete { value: text, .. } => text.clone(),
            CommandDataOptionValue::User(id) => {
                match self.people.by_chat_id(&self.config.key, &id.to_string()) {
                    Some(member) => member.to_string(),
                    None => format!("<@{id}>"),
                }
            }
            CommandDataOptionValue::Integer(number) => number.to_string(),
            CommandDataOptionValue::Number(number) => number.to_string(),
            CommandDataOptionValue::Boolean(is) => is.to_string(),
            _ => String::new(),
        }
    }
}

/// The form for a command that lacks a text it needs.
fn missing(request: &Request) -> Option<Box<Form>> {
    let lacks = request.verb.params().iter().any(|param| {
        param.is_required && param.kind == ParamKind::Text && request.param(param.name).is_none()
    });
    lacks.then(|| {
        Box::new(Form {
            verb: request.verb,
            about: About {
                reference: request.reference,
                inquiry: None,
            },
            kind: None,
            choice: None,
            given: request.params.clone(),
            replaces: false,
        })
    })
}

fn component(pressed: &ComponentInteraction) -> Heard {
    let Some(press) = Press::read(&pressed.data.custom_id) else {
        return Heard::Outdated;
    };
    let values = match &pressed.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values
            .first()
            .map(|value| (String::new(), value.clone()))
            .into_iter()
            .collect(),
        _ => HashMap::new(),
    };
    Heard::Press { press, values }
}

fn modal(sent: &ModalInteraction) -> Heard {
    let inputs = sent.data.components.iter().flat_map(|row| &row.components);
    let values: HashMap<String, String> = inputs
        .filter_map(|input| match input {
            ActionRowComponent::InputText(text) => Some((
                text.custom_id.clone(),
                text.value.clone().unwrap_or_default(),
            )),
            _ => None,
        })
        .collect();
    match Press::read(&sent.data.custom_id) {
        Some(press) if values.keys().all(|name| is_param(press.verb, name)) => {
            Heard::Press { press, values }
        }
        Some(_) | None => Heard::OutdatedForm { values },
    }
}

fn is_param(verb: Verb, name: &str) -> bool {
    verb.params().iter().any(|param| param.name == name)
}

#[cfg(test)]
mod tests;
