//! `[[source]]`: where inquiries come from and what they take by default.

use super::desk::{Desk, Members};
use super::near::{instead, nearest};
use super::policy::severity;
use super::problem::Level;
use super::rota::member;
use super::section::{Field, Section};
use super::{auth, mailbox, mapping, request, way_back};
use crate::app::mail_config::MailConfig;
use crate::app::setup::{Backlog, Comes, SourceSetup};
use crate::app::source_config::{
    Auth, AuthScheme, Delivery, Mapping, PollConfig, RequestConfig, SourceConfig, SourceKind,
    SourcesConfig, TextForm,
};
use crate::domain::ids::SourceId;
use crate::domain::inquiry::Kind;
use crate::expr::Engine;
use std::collections::{BTreeMap, BTreeSet};

/// The id of the source that the portal's form is, unless the configuration names one of kind `portal`.
pub(super) const PORTAL: &str = "portal";

/// The enabled sources, as the desk and as `sources` know them.
#[derive(Default)]
pub(super) struct Sources {
    pub setups: BTreeMap<SourceId, SourceSetup>,
    pub configs: SourcesConfig,
    /// Those that are switched off, by name.
    pub off: BTreeMap<SourceId, String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Webhook,
    Poll,
    Portal,
    Mail,
}

/// Reads every `[[source]]`.
pub(super) fn sources(
    root: &Section<'_>,
    desk: &Desk,
    members: &Members<'_>,
    is_portal: bool,
    mail: Option<&MailConfig>,
) -> Sources {
    let mut sources = Sources::default();
    let mut seen: Vec<&str> = Vec::new();
    for section in root.sections("source") {
        let section = section.with_preset();
        let id = section
            .need("id", "\"tracker\"")
            .and_then(|field| field.id());
        let enabled = section.truth_or("enabled", true);
        let setup = setup(&section, id.unwrap_or_default(), desk, members);
        let config = config(&section, id.unwrap_or_default(), desk, enabled, mail);
        let Some(id) = id else { continue };
        if seen.contains(&id) {
            section.wrong(
                "id",
                format!("source {id:?} is there twice"),
                "give each source an id of its own",
            );
            continue;
        }
        seen.push(id);
        if !enabled {
            let name = section.text("name").unwrap_or(id);
            sources.off.insert(SourceId::from(id), name.to_owned());
        }
        if let Some(config) = config.filter(|_| enabled) {
            let setup = SourceSetup {
                name: config.name.clone(),
                comes: comes(&config.kind),
                ..setup
            };
            sources.setups.insert(config.id.clone(), setup);
            sources.configs.sources.insert(config.id.clone(), config);
        }
    }
    let has_portal = sources
        .configs
        .sources
        .values()
        .any(|source| source.kind == SourceKind::Portal);
    if is_portal && !has_portal && !seen.contains(&PORTAL) {
        let id = SourceId::from(PORTAL);
        sources
            .setups
            .insert(id.clone(), SourceSetup::plain(id.clone(), desk.lang));
        let config = SourceConfig {
            name: PORTAL.to_owned(),
            kind: SourceKind::Portal,
            base_url: String::new(),
            secrets: Vec::new(),
            hook_secrets: Vec::new(),
            settings: BTreeMap::new(),
            mapping: Mapping::default(),
            way_back: BTreeMap::new(),
            id: id.clone(),
        };
        sources.configs.sources.insert(id, config);
    }
    sources
}

/// How inquiries come, without the particulars.
fn comes(kind: &SourceKind) -> Comes {
    match kind {
        SourceKind::Webhook { poll: None, .. } => Comes::Delivered,
        SourceKind::Webhook { poll: Some(_), .. } => Comes::Both,
        SourceKind::Poll(_) => Comes::Fetched,
        SourceKind::Mail(_) => Comes::Mailed,
        SourceKind::Portal => Comes::Filed,
    }
}

/// Reads what the desk knows of a source.
fn setup(section: &Section<'_>, id: &str, desk: &Desk, members: &Members<'_>) -> SourceSetup {
    let mut setup = SourceSetup::plain(SourceId::from(id), desk.lang);
    if let Some(defaults) = section.section("defaults") {
        let own = &mut setup.defaults;
        if let Some(found) = defaults.field("severity").and_then(|f| severity(&f)) {
            own.severity = found;
        }
        if let Some(found) = defaults.text("plan") {
            found.clone_into(&mut own.plan);
        }
        if let Some(found) = defaults.text("product") {
            found.clone_into(&mut own.product);
        }
        if let Some(found) = defaults.field("language").and_then(|f| f.lang()) {
            own.language = found;
        }
        let kinds = [
            ("investigation", Kind::Investigation),
            ("specification", Kind::Specification),
        ];
        if let Some(found) = defaults.field("kind").and_then(|f| f.choice(&kinds)) {
            own.kind = found;
        }
    }
    if let Some(known) = section.section("known") {
        let words = |key: &str| -> Vec<String> {
            let texts = known.texts(key).into_iter();
            texts.map(|(_, text)| text.to_owned()).collect()
        };
        setup.known_products = words("products");
        setup.known_plans = words("plans");
        setup.known_regions = words("regions");
    }
    if let Some(owners) = section.section("owners") {
        for (name, field) in owners.fields() {
            let found = field.text().and_then(|id| member(&field, id, members));
            setup.owners.extend(found.map(|found| (name, found)));
        }
    }
    let backlogs = [("skip", Backlog::Skip), ("quiet", Backlog::Quiet)];
    setup.backlog = section
        .field("backlog")
        .and_then(|field| field.choice(&backlogs))
        .unwrap_or_default();
    setup.since = section
        .field("since")
        .and_then(|field| field.instant(&desk.zone));
    setup
}

/// Reads how a source is read.
fn config(
    section: &Section<'_>,
    id: &str,
    desk: &Desk,
    enabled: bool,
    mail: Option<&MailConfig>,
) -> Option<SourceConfig> {
    let ways = [
        ("webhook", Way::Webhook),
        ("poll", Way::Poll),
        ("portal", Way::Portal),
        ("mail", Way::Mail),
    ];
    let way = section
        .need("kind", "\"webhook\"")
        .and_then(|field| field.choice(&ways));
    // A source that is switched off needs no secrets, but everything else is checked all the same.
    let secrets = match enabled {
        true => section.secrets("secret"),
        false => Vec::new(),
    };
    let hook_secrets = match enabled {
        true => section.secrets("hook_secret"),
        false => Vec::new(),
    };
    let base_url = section
        .field("base_url")
        .and_then(|field| field.web_address());
    let settings = settings(section);
    let mapping = match way {
        Some(Way::Portal) | None => Some(Mapping::default()),
        Some(Way::Webhook | Way::Poll | Way::Mail) => mapping::mapping(section),
    };
    // A mailbox answers by mail: its texts are read with it.
    let way_back = match way {
        Some(Way::Mail) => Some(BTreeMap::new()),
        _ => way_back::way_back(section),
    };
    if way != Some(Way::Mail) {
        for key in ["imap", "smtp", "team_domains"] {
            misplaced(section, key, "it is for sources of kind \"mail\"");
        }
    }
    let kind = match way? {
        Way::Webhook => {
            let poll = section.section("poll");
            let poll = poll.map(|poll| polled(section, &poll, desk));
            let brings = section.field("delivery");
            let brings = brings.map(|field| field.choice(&DELIVERIES).map(|found| (field, found)));
            if let Some(Some((field, Delivery::Nudge))) = &brings
                && poll.is_none()
            {
                field.wrong_with(
                    "a nudge has the source polled, but nothing says how",
                    "add [source.poll] with url, items and every",
                );
            }
            let is_apart = section.has_secret("hook_secret");
            if !section.has_secret("secret") && !is_apart {
                section.wrong(
                    "secret",
                    format!("source {id:?} takes deliveries without a secret"),
                    "name the variable that holds it: secret_env = \"…\"",
                );
            }
            let auth = auth::auth(section);
            if let Some(auth) = &auth {
                let (of, given) = match is_apart {
                    true => ("hook_secret", &hook_secrets),
                    false => ("secret", &secrets),
                };
                auth::check_secrets(section, auth, given, of);
            }
            let is_nudge = matches!(brings, Some(Some((_, Delivery::Nudge))));
            if !is_nudge && matches!(&auth, Some(Auth::Scheme(AuthScheme::QueryParameter { .. }))) {
                section.wrong(
                    "auth",
                    "a token in the address ends up in logs on the way, so it may not bring documents",
                    "add delivery = \"nudge\" and a [source.poll]",
                );
            }
            SourceKind::Webhook {
                auth: auth?,
                brings: match brings {
                    Some(brings) => brings?.1,
                    None => Delivery::default(),
                },
                poll: match poll {
                    Some(poll) => Some(Box::new(poll?)),
                    None => None,
                },
            }
        }
        Way::Poll => {
            misplaced(
                section,
                "auth",
                "a polled source is asked by us; put its key into [source.poll] headers",
            );
            misplaced(section, "delivery", "a polled source is asked by us");
            for key in ["hook_secret", "hook_secret_env", "hook_secret_file"] {
                misplaced(section, key, "a polled source takes no deliveries");
            }
            let poll = match section.section("poll") {
                Some(poll) => polled(section, &poll, desk),
                None => {
                    section.wrong(
                        "poll",
                        format!("source {id:?} is polled, but does not say how"),
                        "add [source.poll] with url, items and every",
                    );
                    None
                }
            };
            SourceKind::Poll(Box::new(poll?))
        }
        Way::Portal => SourceKind::Portal,
        Way::Mail => SourceKind::Mail(Box::new(mailbox::mailbox(section, desk, enabled, mail)?)),
    };
    let poll = match &kind {
        SourceKind::Poll(poll) => Some(poll.as_ref()),
        SourceKind::Webhook { poll, .. } => poll.as_deref(),
        SourceKind::Portal | SourceKind::Mail(_) => None,
    };
    let requests = poll
        .into_iter()
        .flat_map(|poll| {
            std::iter::once(&poll.request)
                .chain(&poll.check)
                .chain(&poll.detail)
        })
        .chain(way_back.iter().flat_map(BTreeMap::values).flatten());
    let mut texts = texts(requests, mapping.as_ref(), poll);
    if let SourceKind::Mail(mail) = &kind {
        let replies = mail.replies.values();
        texts.extend(replies.map(|text| (TextForm::Template, text.as_str())));
    }
    check_given(section, ("source", id), &texts, &settings);
    Some(SourceConfig {
        id: SourceId::from(id),
        name: section.text("name").unwrap_or(id).to_owned(),
        kind,
        base_url: base_url.unwrap_or_default(),
        secrets,
        hook_secrets,
        settings,
        mapping: mapping?,
        way_back: way_back?,
    })
}

/// What a delivery may be taken for.
const DELIVERIES: [(&str, Delivery); 2] =
    [("document", Delivery::Document), ("nudge", Delivery::Nudge)];

/// How a source is polled, with how a fetched item is read where it differs from a delivered one.
fn polled(source: &Section<'_>, poll: &Section<'_>, desk: &Desk) -> Option<PollConfig> {
    let own = match poll.section("mapping") {
        Some(own) => Some(mapping::fetched(source, &own)?),
        None => None,
    };
    Some(PollConfig {
        mapping: own,
        ..request::poll(poll, desk)?
    })
}

/// What its owner chose in the system, by name.
pub(super) fn settings(section: &Section<'_>) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for (name, field) in section.section("setting").iter().flat_map(Section::fields) {
        // A blank one is nothing that was chosen, which texts can ask for.
        settings.extend(field.any_text().map(|text| (name, text.to_owned())));
    }
    settings
}

/// Every text of a source, in requests, mapping and pages.
pub(super) fn texts<'r>(
    requests: impl Iterator<Item = &'r RequestConfig>,
    mapping: Option<&'r Mapping>,
    poll: Option<&'r PollConfig>,
) -> Vec<(TextForm, &'r str)> {
    let template = |text: &'r String| (TextForm::Template, text.as_str());
    let truth = |text: &'r String| (TextForm::Truth, text.as_str());
    let asked = requests.flat_map(|request| {
        let written = std::iter::once(&request.url)
            .chain(&request.body)
            .chain(request.headers.values());
        written
            .map(template)
            .chain(request.good_when.iter().map(truth))
    });
    let pages = poll.into_iter().flat_map(|poll| {
        let computed = std::iter::once(&poll.items).chain(&poll.has_more);
        let cursors = poll.cursor.iter().chain(&poll.restart);
        computed.map(truth).chain(cursors.map(template))
    });
    let fetched = poll.and_then(|poll| poll.mapping.as_ref());
    let mapped = mapping.into_iter().chain(fetched).flat_map(|mapping| {
        let fields = mapping.fields.iter();
        let fields = fields.map(|(field, text)| (field.form(), text.as_str()));
        let message = mapping.message.iter().flat_map(|message| {
            [&message.id, &message.by, &message.at, &message.text].map(template)
        });
        fields.chain(message)
    });
    asked.chain(pages).chain(mapped).collect()
}

/// Refuses texts that need an address, a secret or a setting which the source does not have.
pub(super) fn check_given(
    section: &Section<'_>,
    (what, id): (&str, &str),
    texts: &[(TextForm, &str)],
    settings: &BTreeMap<String, String>,
) {
    let engine = Engine::new();
    let mut read: Vec<String> = Vec::new();
    for (form, text) in texts {
        match form {
            TextForm::Template => {
                let compiled = engine.compile_template(text).ok();
                read.extend(compiled.into_iter().flat_map(|text| text.paths().to_vec()));
            }
            TextForm::Truth | TextForm::List => {
                let compiled = engine.compile_expression(text).ok();
                read.extend(compiled.into_iter().flat_map(|text| text.paths().to_vec()));
            }
        }
    }
    if read.iter().any(|path| path == "base_url") && !section.has("base_url") {
        section.wrong(
            "base_url",
            format!("{what} {id:?} needs {{{{ base_url }}}}, but has none"),
            "add base_url = \"https://…\"",
        );
    }
    if read.iter().any(|path| path == "secret") && !section.has_secret("secret") {
        section.wrong(
            "secret",
            format!("{what} {id:?} sends {{{{ secret }}}}, but has none"),
            "name the variable that holds it: secret_env = \"…\"",
        );
    }
    let wanted: BTreeSet<&str> = read
        .iter()
        .filter_map(|path| path.strip_prefix("setting."))
        .map(|rest| rest.split('.').next().unwrap_or(rest))
        .filter(|name| !settings.contains_key(*name))
        .collect();
    odd_settings(section, what, &read);
    for name in wanted {
        section.wrong(
            "setting",
            format!("{what} {id:?} needs the setting {name:?}, but has none"),
            format!("add {name} = \"…\" under [{what}.setting]; what it is stands in the preset or in docs/{what}s"),
        );
    }
}

/// Warns of settings that no text reads: a name that is spelled wrong would go unnoticed, as what it means is optional.
fn odd_settings(section: &Section<'_>, what: &str, read: &[String]) {
    // A text that reads settings by a name which it makes itself may read any.
    if read.iter().any(|path| path == "setting") {
        return;
    }
    let read = read.iter().filter_map(|path| path.strip_prefix("setting."));
    let read = read.map(|rest| rest.split('.').next().unwrap_or(rest));
    let preset = section.section("setting");
    let odd = section.beyond_preset("setting");
    let known: BTreeSet<String> = preset
        .iter()
        .flat_map(Section::fields)
        .map(|(name, _)| name)
        .filter(|name| odd.iter().all(|(odd, _)| odd != name))
        .chain(read.map(str::to_owned))
        .collect();
    for (name, field) in odd {
        if known.contains(&name) {
            continue;
        }
        let help = match nearest(&name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean {near:?}?"),
            None => "drop it, or see whether its name is spelled right".to_owned(),
        };
        let said = format!("nothing of this {what} reads the setting {name:?}");
        field.sheet.report(
            Level::Warning,
            field.key_span,
            &field.path,
            said,
            Some(help),
        );
    }
}

/// Refuses a key that the kind of the source has no use for.
pub(super) fn misplaced(section: &Section<'_>, key: &str, why: &str) {
    if section.has(key) {
        section.wrong(
            key,
            format!("{key:?} has no use here: {why}"),
            "drop it, or change the kind",
        );
    }
}

/// Refuses variables that a text cannot see.
pub(super) fn check_variables(field: &Field<'_>, paths: &[String], visible: &[&str]) -> bool {
    for path in paths {
        let root = path.split('.').next().unwrap_or(path);
        if !visible.contains(&root) {
            field.wrong_with(
                format!("{root:?} is no value that this text can see"),
                instead(root, visible.iter().copied()),
            );
            return false;
        }
    }
    true
}
