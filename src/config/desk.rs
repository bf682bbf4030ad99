//! `[desk]` and `[[member]]`: the house and its people.

use super::holidays;
use super::section::{Field, Section};
use crate::app::ports::{BodyInChat, Place};
use crate::app::secret::Secret;
use crate::app::setup::{AbsenceCalendar, Member};
use crate::domain::ids::MemberId;
use crate::domain::rota::book::Guidance;
use crate::i18n::Lang;
use crate::ical;
use crate::time::{TimeZone, zone};
use std::collections::{BTreeMap, HashMap};

/// The zone of whoever has not named one: the first users sit in Japan.
pub(super) const ZONE: &str = "Asia/Tokyo";

/// What holds for the whole desk.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub lang: Lang,
    pub zone_name: String,
    pub zone: TimeZone,
    pub operators: Place,
    pub fallback: Place,
    pub body_in_chat: BodyInChat,
    pub url: Option<String>,
    pub guidance: Option<Guidance>,
    pub pings_per_hour: u32,
}

/// Reads `[desk]`.
pub(super) fn desk(root: &Section<'_>, public_url: Option<&str>) -> Desk {
    let section = root.section("desk");
    let field = |name: &str| section.as_ref().and_then(|section| section.field(name));
    let (zone_name, zone) = field("zone").and_then(|field| field.zone()).map_or_else(
        || {
            let found = zone(ZONE).expect("the database of zones is built in");
            (ZONE.to_owned(), found)
        },
        |(name, zone)| (name.to_owned(), zone),
    );
    let operators = field("operators")
        .and_then(|field| field.place())
        .unwrap_or_else(|| Place {
            platform: "desk".to_owned(),
            channel: "operators".to_owned(),
        });
    let body = [
        ("full", BodyInChat::Full),
        ("excerpt", BodyInChat::Excerpt),
        ("none", BodyInChat::None),
    ];
    let guidance = Guidance {
        url: field("duty_guide").and_then(|field| field.web_address()),
        checklist: section
            .as_ref()
            .map(|section| section.texts("duty_checklist"))
            .unwrap_or_default()
            .into_iter()
            .map(|(_, line)| line.to_owned())
            .collect(),
    };
    Desk {
        guidance: (guidance != Guidance::default()).then_some(guidance),
        lang: field("lang")
            .and_then(|field| field.lang())
            .unwrap_or_default(),
        zone_name,
        zone,
        fallback: field("fallback")
            .and_then(|field| field.place())
            .unwrap_or_else(|| operators.clone()),
        operators,
        body_in_chat: field("body_in_chat")
            .and_then(|field| field.choice(&body))
            .unwrap_or_default(),
        url: field("url")
            .and_then(|field| field.web_address())
            .or_else(|| public_url.map(str::to_owned)),
        pings_per_hour: field("pings_per_hour")
            .and_then(|field| allowance(&field))
            .unwrap_or(PINGS_PER_HOUR),
    }
}

/// One mention every five minutes is work interrupted all the time: more than that, an hour's list says more.
const PINGS_PER_HOUR: u32 = 12;

fn allowance(field: &Field<'_>) -> Option<u32> {
    let number = field.number(0..=1000)?;
    u32::try_from(number).ok()
}

/// The members, with the index of each one's section, so that later findings can be placed.
pub(super) struct Members<'a> {
    pub all: BTreeMap<MemberId, Member>,
    pub sections: HashMap<MemberId, Section<'a>>,
    /// Where they keep the days on which they are off.
    pub absences: BTreeMap<MemberId, AbsenceCalendar>,
}

/// Reads every `[[member]]`.
pub(super) fn members<'a>(root: &Section<'a>) -> Members<'a> {
    let mut members = Members {
        all: BTreeMap::new(),
        sections: HashMap::new(),
        absences: BTreeMap::new(),
    };
    let mut discord_ids: HashMap<String, MemberId> = HashMap::new();
    for section in root.sections("member") {
        let id = section
            .need("id", "\"aoki\"")
            .and_then(|field| field.id())
            .map(MemberId::from);
        let name = section.text("name");
        let discord = section
            .field("discord")
            .and_then(|field| field.snowflake())
            .map(str::to_owned);
        let lang = section.field("lang").and_then(|field| field.lang());
        let is_lead = section.truth_or("lead", false);
        let calendar = section
            .section("absences")
            .and_then(|table| absences(&table));
        let Some(id) = id else { continue };
        members
            .absences
            .extend(calendar.map(|calendar| (id.clone(), calendar)));
        if let Some(discord) = &discord
            && let Some(other) = discord_ids.insert(discord.clone(), id.clone())
        {
            section.wrong(
                "discord",
                format!("member \"{other}\" has this Discord id already"),
                "one person has one id",
            );
        }
        let member = Member {
            name: name.unwrap_or(id.as_str()).to_owned(),
            chat_ids: discord
                .map(|discord| ("discord".to_owned(), discord))
                .into_iter()
                .collect(),
            lang,
            is_lead,
            pings_per_hour: section
                .field("pings_per_hour")
                .and_then(|field| allowance(&field)),
            id: id.clone(),
        };
        if members.all.insert(id.clone(), member).is_some() {
            section.wrong(
                "id",
                format!("member \"{id}\" is there twice"),
                "give each member an id of their own",
            );
        }
        members.sections.entry(id).or_insert(section);
    }
    if members.all.is_empty() {
        root.wrong(
            "member",
            "the team has no members",
            "add one: [[member]] with id = \"aoki\" and name = \"青木\"",
        );
    }
    members
}

/// Reads where a member keeps their days off: at an address or in a file.
fn absences(table: &Section<'_>) -> Option<AbsenceCalendar> {
    match (table.has("ical"), table.has_secret("ical_url")) {
        (true, false) => {
            let (field, name, text) = holidays::file_text(table)?;
            match ical::stretches(&text, &TimeZone::UTC, holidays::window()) {
                Ok(_) => Some(AbsenceCalendar::Text(Secret::new(ical::dates_only(&text)))),
                Err(error) => {
                    field.wrong_with(
                        format!("the calendar {name:?}, {error}"),
                        "export it again as iCalendar (.ics) in UTF-8",
                    );
                    None
                }
            }
        }
        (false, true) => holidays::web_address(table).map(|(_, url)| AbsenceCalendar::Address(url)),
        (false, false) => {
            table.wrong(
                "",
                "this names no calendar",
                "write an address (ical_url = \"https://…\") or a file (ical = \"…\")",
            );
            None
        }
        (true, true) => {
            table.wrong(
                "",
                "a file and an address exclude each other",
                "keep one of them",
            );
            None
        }
    }
}
