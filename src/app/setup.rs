//! What a running desk is made of: the checked configuration, as the use cases need it. Read at start only.

use crate::app::ports::{BodyInChat, People, Place};
use crate::app::secret::Secret;
use crate::domain::calendar::Calendar;
use crate::domain::ids::{MemberId, QueueId, SourceId};
use crate::domain::inquiry::{Kind, Otherwise, PolicyHash, Severity};
use crate::domain::rota::book::Guidance;
use crate::domain::rota::{Coverage, Rota};
use crate::domain::sla::Policy;
use crate::expr::{Expression, Template};
use crate::i18n::Lang;
use crate::time::{SignedDuration, TimeZone, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The whole desk.
#[derive(Clone, Debug)]
pub struct Setup {
    pub members: BTreeMap<MemberId, Member>,
    pub queues: BTreeMap<QueueId, Queue>,
    /// Named groups of members, for ladders.
    pub roles: BTreeMap<String, Vec<MemberId>>,
    /// How often somebody is mentioned in an hour before mentions are held back; 0 holds nothing back.
    pub pings_per_hour: u32,
    /// Tried in order; the first that matches rules.
    pub routing: Vec<Rule>,
    /// Where everything else goes.
    pub default_queue: QueueId,
    /// The policies of this configuration, by their hash.
    pub policies: HashMap<PolicyHash, Arc<Policy>>,
    pub rotas: BTreeMap<String, Rota>,
    pub sources: BTreeMap<SourceId, SourceSetup>,
    /// Sources that are configured and switched off, with the names that people see.
    pub sources_off: BTreeMap<SourceId, String>,
    pub people: Arc<People>,
    /// The operators' channel: unreadable documents, dead deliveries, the auditor.
    pub operators: Place,
    /// Where a card goes that cannot be delivered to its own place.
    pub fallback: Place,
    /// The language of the operators' channel and of whoever has not chosen.
    pub lang: Lang,
    pub zone: TimeZone,
    pub desk_url: Option<String>,
    pub body_in_chat: BodyInChat,
    /// What a member is to read before their first duty.
    pub guidance: Option<Guidance>,
    /// Platform key → roles of which a person must hold one to act; empty asks for none.
    pub required_roles: HashMap<String, Vec<String>>,
    /// Canonical JSON of everything that is kept as a snapshot: (kind, name, body).
    pub snapshots: Vec<(String, String, String)>,
    /// Customers with a calendar or a plan of their own; the first that fits rules.
    pub customers: Vec<Customer>,
    /// What the contract check needs.
    pub contracts: ContractRules,
    /// Words to begin a reply with.
    pub templates: Vec<super::replies::ReplyTemplate>,
    /// The calendars of others that the configuration takes days from.
    pub feeds: Vec<Feed>,
    /// The calendars that members keep of the days on which they are off.
    pub absences: BTreeMap<MemberId, AbsenceCalendar>,
}

/// What the contract check needs.
#[derive(Clone, Debug)]
pub struct ContractRules {
    /// The calendars whose hours a contract may buy, by name.
    pub calendars: BTreeMap<String, Calendar>,
    pub refusal: Refusals,
}

/// The canned refusal for want of a contract, in both languages.
#[derive(Clone, Debug)]
pub struct Refusals {
    pub ja: Template,
    pub en: Template,
}

/// Whether a queue looks at contracts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractRule {
    #[default]
    Off,
    /// What the register says is shown, and its plan and hours rule.
    Shown,
    /// Besides, nothing is promised without one.
    Required,
}

/// A customer with a calendar or a plan of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Their names as sources write them; `*` at an end stands for anything.
    pub names: Vec<String>,
    /// Their plan, where the source does not say one.
    pub plan: Option<String>,
    /// The calendar of their promises: a key of every policy's calendars.
    pub calendar: Option<String>,
}

impl Customer {
    /// Whether a name is theirs: by the same words, whatever their case and the spaces between.
    pub fn is(&self, given: &str) -> bool {
        let given = plain(given);
        self.names.iter().any(|name| {
            let name = plain(name);
            match (name.strip_prefix('*'), name.strip_suffix('*')) {
                (Some(end), None) => given.ends_with(end.trim_start()),
                (None, Some(start)) => given.starts_with(start.trim_end()),
                (Some(_), Some(_)) => given.contains(name.trim_matches('*').trim()),
                (None, None) => given == name,
            }
        })
    }
}

/// A name in lower case, with single spaces.
fn plain(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// A calendar of somebody else at an address, from which calendars take days.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Many such addresses are secret: whoever knows them reads the calendar.
    pub url: Secret,
    /// The calendars that take days from it.
    pub calendars: Vec<String>,
    /// The zone in which its times of day are read.
    pub zone: TimeZone,
    /// The first and the last day that are taken from it.
    pub window: (crate::time::Date, crate::time::Date),
}

/// Where a member keeps the days on which they are off. Why is private, so none of it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbsenceCalendar {
    /// At a web address.
    Address(Secret),
    /// The text of a file, read with the configuration.
    Text(Secret),
}

/// A member of the team.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub id: MemberId,
    pub name: String,
    /// Platform key → id there.
    pub chat_ids: HashMap<String, String>,
    pub lang: Option<Lang>,
    pub is_lead: bool,
    /// Their own allowance of mentions an hour, where it differs from the desk's.
    pub pings_per_hour: Option<u32>,
}

/// A queue: where its inquiries are shown and who turns for it.
#[derive(Clone, Debug)]
pub struct Queue {
    pub id: QueueId,
    pub name: String,
    /// The rota whose duty answers for it; of several, the one that has the rest.
    pub rota: String,
    /// Which of its rotas has the duty when.
    pub coverage: Coverage,
    pub policy: PolicyHash,
    /// Where its cards appear; the desk's channel is always among them.
    pub places: Vec<Place>,
    pub lang: Lang,
    pub zone: TimeZone,
    pub assignment: Assignment,
    /// Who is told as lead; every lead when empty.
    pub leads: Vec<MemberId>,
    /// Who works in it; everybody when empty.
    pub members: Vec<MemberId>,
    /// What becomes of what the outgoing duty holds and says nothing about.
    pub handoff: Otherwise,
    /// How much working time they have to say.
    pub handoff_answer_within: SignedDuration,
    /// Above how many open ones a second duty joins; 0 for never.
    pub overflow: u32,
    /// Whether the contract register is asked at the receipt.
    pub contract: ContractRule,
}

/// How new inquiries find an owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// The duty is told, anyone may claim.
    #[default]
    Claim,
    /// The duty gets it and must still accept.
    Duty,
}

/// A routing rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What people call it; reports name it so.
    pub name: Option<String>,
    pub when: Expression,
    pub queue: QueueId,
}

/// What the desk knows of a source beside how it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSetup {
    pub id: SourceId,
    /// What fields take when the source says nothing, or something unknown.
    pub defaults: FactDefaults,
    /// Values that are known; empty takes any.
    pub known_products: Vec<String>,
    pub known_plans: Vec<String>,
    pub known_regions: Vec<String>,
    /// The source's names of members, where they differ from their ids and names.
    pub owners: HashMap<String, MemberId>,
    pub backlog: Backlog,
    /// Items changed before this are backlog; when the source was first enabled if not given.
    pub since: Option<Timestamp>,
    /// The name that people see.
    pub name: String,
    pub comes: Comes,
}

/// How inquiries come from a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comes {
    /// Filed in the portal's form.
    #[default]
    Filed,
    Delivered,
    /// Delivered, and fetched besides.
    Both,
    Fetched,
    /// Read in a mailbox.
    Mailed,
}

/// What fields take by default.
#[derive(Clone, Debug, PartialEq)]
pub struct FactDefaults {
    pub severity: Severity,
    pub plan: String,
    pub product: String,
    pub language: Lang,
    pub kind: Kind,
}

/// What becomes of items that are older than the first contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backlog {
    /// They are not taken.
    #[default]
    Skip,
    /// They are taken without pings or promises, and announced in one message.
    Quiet,
}

impl SourceSetup {
    /// A source that says nothing of itself.
    pub fn plain(id: SourceId, language: Lang) -> SourceSetup {
        SourceSetup {
            name: id.to_string(),
            comes: Comes::default(),
            id,
            defaults: FactDefaults {
                severity: Severity::S3,
                plan: "standard".to_owned(),
                product: "unknown".to_owned(),
                language,
                kind: Kind::Investigation,
            },
            known_products: Vec::new(),
            known_plans: Vec::new(),
            known_regions: Vec::new(),
            owners: HashMap::new(),
            backlog: Backlog::default(),
            since: None,
        }
    }
}

impl Setup {
    /// The queue of an id; inquiries of a queue that is no longer configured are looked after by the default one.
    pub fn queue(&self, id: &QueueId) -> &Queue {
        self.queues
            .get(id)
            .or_else(|| self.queues.get(&self.default_queue))
            .expect("the default queue is checked when the configuration is loaded")
    }

    /// How often a member is mentioned in an hour; `None` for as often as there is reason to.
    pub fn allowance(&self, member: &MemberId) -> Option<u32> {
        let own = self.members.get(member)?.pings_per_hour;
        Some(own.unwrap_or(self.pings_per_hour)).filter(|allowance| *allowance > 0)
    }

    /// The rota of a queue; of several, the one that has the rest. Who answers now is [`Setup::rota_at`].
    pub fn rota(&self, queue: &Queue) -> &Rota {
        self.named(&queue.rota)
    }

    /// The rota that has the duty of a queue at an instant.
    pub fn rota_at(&self, queue: &Queue, at: Timestamp) -> &Rota {
        self.named(&queue.coverage.line_at(at).rota)
    }

    /// The rota that has the duty of a queue's inquiries of a region at an instant.
    pub fn rota_for(&self, queue: &Queue, region: Option<&str>, at: Timestamp) -> &Rota {
        self.named(&queue.coverage.line_for(region, at).rota)
    }

    /// The queues that a rota ever has the duty of.
    pub fn served_by(&self, rota: &str) -> impl Iterator<Item = &Queue> {
        let queues = self.queues.values();
        queues.filter(move |queue| queue.coverage.names(rota))
    }

    pub(super) fn named(&self, rota: &str) -> &Rota {
        self.rotas
            .get(rota)
            .expect("a queue's rotas are checked when the configuration is loaded")
    }

    /// Finds a member by id or shown name, ignoring case, a leading `@` and 「さん」.
    pub fn find_member(&self, word: &str) -> Option<&Member> {
        let word = word.trim().trim_start_matches('@');
        let word = word.strip_suffix("さん").unwrap_or(word).to_lowercase();
        let by_id = self
            .members
            .values()
            .find(|member| member.id.as_str().to_lowercase() == word);
        by_id.or_else(|| {
            self.members
                .values()
                .find(|member| member.name.to_lowercase() == word)
        })
    }

    /// Finds a queue by id or shown name, ignoring case.
    pub fn find_queue(&self, word: &str) -> Option<&Queue> {
        let word = word.trim().to_lowercase();
        self.queues.values().find(|queue| {
            queue.id.as_str().to_lowercase() == word || queue.name.to_lowercase() == word
        })
    }
}
