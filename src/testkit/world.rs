//! The world of the stories: the whole app over a real SQLite, a clock set by hand, a platform in memory.
//!
//! A story says what people and sources do and when; the world does what falls due in between, moment by
//! moment, and keeps what was said as a transcript.

use super::clock::ManualClock;
use super::platform::FakePlatform;
use crate::app::desk::App;
use crate::app::health::Health;
use crate::app::ports::*;
use crate::app::receive::Received;
use crate::app::rotas;
use crate::app::verbs::{Request, parse_line};
use crate::app::wording::{PlainText, Words, sentence};
use crate::clock::SystemIds;
use crate::config::{Config, Problems};
use crate::domain::ids::{MemberId, SourceId};
use crate::engine::{Engine, Waker};
use crate::net::{Client, Settings};
use crate::sources::{HttpTrackers, Sources};
use crate::time::{Timestamp, resolve, zone};
use async_trait::async_trait;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The desk of most stories: a team of four in Tokyo, weekdays 09:00–12:00 and 13:00–18:00.
pub const STORY: &str = include_str!("story.toml");

/// What falls due in a story; the auditor looks at its end, not every minute of it.
const OF_STORIES: [TimerKind; 8] = [
    TimerKind::Inquiry,
    TimerKind::Handoff,
    TimerKind::Opening,
    TimerKind::Overflow,
    TimerKind::Book,
    TimerKind::Turnover,
    TimerKind::Held,
    TimerKind::Tracker,
];

/// A whole desk in one value.
pub struct World {
    pub app: App,
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub chat: Arc<FakePlatform>,
    pub back: Arc<FakeWayBack>,
    folder: PathBuf,
    count: std::sync::atomic::AtomicU32,
}

impl World {
    /// The desk of the stories at a wall time in Tokyo: `2026-11-24 10:00`.
    pub async fn at(wall: &str) -> World {
        World::with(STORY, wall).await
    }

    /// A desk of its own configuration.
    pub async fn with(config: &str, wall: &str) -> World {
        let folder = std::env::temp_dir().join(format!("toban-world-{}", SystemIds.id()));
        let url = format!("sqlite://{}/toban.db", folder.display());
        World::on(&url, config, wall, folder).await
    }

    /// A desk on a database of its own; the folder goes with the world.
    pub async fn on(url: &str, config: &str, wall: &str, folder: PathBuf) -> World {
        let store = crate::store::open(url, &crate::store::OpenOptions::default())
            .await
            .expect("a fresh place takes a database");
        World::over(store, read(config), wall, folder).await
    }

    /// A desk over a store of the test's own.
    pub async fn over(store: Arc<dyn Store>, config: Config, wall: &str, folder: PathBuf) -> World {
        let clock = Arc::new(ManualClock::at(tokyo(wall)));
        World::begin(store, config, clock, Arc::default(), folder).await
    }

    /// The same desk started anew, with a configuration that may have been edited.
    pub async fn restarted(mut self, config: &str) -> World {
        // The folder goes with whoever has it last.
        let folder = std::mem::take(&mut self.folder);
        let (clock, chat) = (self.clock.clone(), self.chat.clone());
        World::begin(self.app.store.clone(), read(config), clock, chat, folder).await
    }

    async fn begin(
        store: Arc<dyn Store>,
        mut config: Config,
        clock: Arc<ManualClock>,
        chat: Arc<FakePlatform>,
        folder: PathBuf,
    ) -> World {
        let news = rotas::adopt(&*store, &mut config.setup, Clock::now(&*clock))
            .await
            .expect("what the store keeps of the rotas can be read");
        let back = Arc::new(FakeWayBack::default());
        let app = App::new(
            store,
            clock.clone(),
            Arc::new(SystemIds),
            Arc::new(Waker::default()),
            back.clone(),
            Arc::new(config.setup),
        );
        let platforms: HashMap<String, Arc<dyn Platform>> = HashMap::from(
            ["desk", "mail"].map(|key| (key.to_owned(), chat.clone() as Arc<dyn Platform>)),
        );
        let engine = Engine {
            app: app.clone(),
            platforms: Arc::new(platforms),
            poller: Arc::new(NoPoller),
            health: Arc::new(Health::default()),
            holder: SystemIds.id(),
            grace: Duration::from_mins(5),
            at_once: 1,
            heartbeat: None,
            fetch: None,
        };
        let world = World {
            app,
            engine,
            clock,
            chat,
            back,
            folder,
            count: std::sync::atomic::AtomicU32::new(0),
        };
        let told = world.app.tell_of_rotas(&news).await;
        told.expect("the store answers");
        world.start().await;
        world
    }

    /// A desk that asks and answers its sources for real, on this machine.
    pub async fn asking(config: &str, wall: &str) -> World {
        let mut world = World::with(config, wall).await;
        let client = Client::new(&Settings {
            allow_private: vec!["127.0.0.0/8".parse().expect("a range")],
            ..Settings::default()
        });
        let client = client.expect("a client can be made");
        let trackers = HttpTrackers::new(&read(config).trackers, client.clone());
        world.app.trackers = Arc::new(trackers.expect("the configuration was checked"));
        let sources = Sources::new(&read(config).sources, &world.app.setup, client);
        let clock: Arc<dyn Clock> = world.clock.clone();
        let boxes = crate::cli::letterboxes(&read(config).sources, &clock);
        let sources = sources.expect("the configuration was checked").with_mail(
            world.app.store.clone(),
            boxes.expect("the configuration was checked"),
        );
        let sources = Arc::new(sources);
        world.app.way_back = sources.clone();
        world.engine.app = world.app.clone();
        world.engine.poller = sources;
        world.start().await;
        world
    }

    /// Polls what is to be polled now, whatever its schedule says, and does what follows.
    pub async fn polls(&self) {
        for source in self.engine.poller.polled() {
            let polled = self.app.poll(&*self.engine.poller, &source).await;
            polled.expect("the store answers");
        }
        self.settle().await;
    }

    /// What a process does when it starts.
    pub async fn start(&self) {
        self.app.start().await.expect("the store answers");
        self.engine.start().await.expect("the store answers");
        self.settle().await;
    }

    /// Lets time pass until a wall time in Tokyo, doing what falls due at its own moment.
    pub async fn until(&self, wall: &str) {
        let end = tokyo(wall);
        loop {
            self.settle().await;
            let timer = self
                .app
                .store
                .next_timer(&OF_STORIES)
                .await
                .expect("the store answers");
            let row = self
                .app
                .store
                .next_outbox()
                .await
                .expect("the store answers");
            let next = [timer, row].into_iter().flatten().min();
            match next.filter(|next| *next <= end) {
                Some(next) => self.clock.set(next.max(self.app.clock.now())),
                None => break,
            }
        }
        self.clock.set(end);
        self.settle().await;
    }

    /// Lets time pass as a machine that is down does: nothing is done until the end, then everything at once.
    pub async fn down_until(&self, wall: &str) {
        self.clock.set(tokyo(wall));
        self.start().await;
    }

    /// Does everything that is due at this moment.
    pub async fn settle(&self) {
        for _ in 0..10_000 {
            let timers = self
                .engine
                .timers_pass(&OF_STORIES)
                .await
                .expect("the store answers");
            let outbox = self.engine.outbox_pass().await.expect("the store answers");
            let cards = self.engine.cards_pass().await.expect("the store answers");
            let boards = self.engine.boards_pass().await.expect("the store answers");
            if timers + outbox + cards + boards == 0 {
                return;
            }
        }
        panic!("the desk never comes to rest at {}", self.app.clock.now());
    }

    /// A source delivers an inquiry; the change lays fields over the usual one.
    pub async fn receive(&self, external_id: &str, change: impl FnOnce(&mut Mapped)) -> Received {
        let mut mapped = usual(external_id);
        change(&mut mapped);
        let received = self
            .app
            .receive(mapped, "hook")
            .await
            .expect("the store answers");
        self.chat.remark(&format!(
            "source> {external_id}: {}",
            match (received.is_new, received.is_changed, received.is_skipped) {
                (true, ..) => "new",
                (_, _, true) => "skipped",
                (_, true, _) => "changed",
                (..) => "nothing new",
            }
        ));
        self.settle().await;
        received
    }

    /// A member types a line; what they are told, in their language.
    pub async fn says(&self, member: &str, line: &str) -> String {
        let request = match parse_line(line) {
            Ok(request) => request,
            Err(problem) => return problem.to_string(),
        };
        self.chat.remark(&format!("{member}> {line}"));
        let told = self.asks(member, request).await;
        self.chat
            .remark(&format!("{member}< {}", told.replace('\n', "\n      ")));
        told
    }

    /// A member asks something.
    pub async fn asks(&self, member: &str, request: Request) -> String {
        let n = self
            .count
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let told = self
            .app
            .perform(Ask {
                by: AskedBy::Member(MemberId::from(member)),
                via: "story".to_owned(),
                command_key: Some(format!("story-{n}")),
                verb: request,
                here: None,
            })
            .await;
        self.settle().await;
        let words = Words {
            lang: told.lang,
            zone: &self.app.setup.zone,
            now: self.app.clock.now(),
            texts: &told.texts,
            people: &self.app.setup.people,
        };
        sentence(&told.message, &words, &PlainText)
    }

    /// Writes a remark of the story itself into the transcript.
    pub fn note(&self, remark: &str) {
        self.chat.remark(remark);
    }

    /// What was said since the last look, a line each.
    pub fn heard(&self) -> String {
        self.chat.take_transcript()
    }

    /// Where the database of its own lies.
    pub fn url(&self) -> String {
        format!("sqlite://{}/toban.db", self.folder.display())
    }

    /// Ends the story: the auditor must find nothing, and the ledger must say what is kept.
    pub async fn end(self) {
        self.settle().await;
        let findings = self.engine.audit().await.expect("the store answers");
        assert!(
            findings.is_clean(),
            "the auditor found: {:#?}",
            findings.lines()
        );
        let mut faults = Vec::new();
        let refolded = self.app.refold(&mut |fault| faults.push(fault)).await;
        refolded.expect("the store answers");
        assert!(faults.is_empty(), "the ledger says otherwise: {faults:#?}");
        let mut faults = Vec::new();
        let mut fault = |fault| faults.push(fault);
        let refolded = self.app.refold_book(&mut fault, &mut |_| {}).await;
        refolded.expect("the store answers");
        assert!(
            faults.is_empty(),
            "the duty book says otherwise: {faults:#?}"
        );
        self.app.store.close().await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Reads a configuration whose secrets are all given.
///
/// # Panics
/// Where it has problems, which are told.
pub fn read(config: &str) -> Config {
    tried(config).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// Reads a configuration whose secrets are all given, if it has no mistakes.
pub fn may_read(config: &str) -> Option<Config> {
    tried(config).ok()
}

fn tried(config: &str) -> Result<Config, Problems> {
    Config::read("story.toml", config, &|name| {
        Some(format!("whsec_{name}NoSecretOfAnybodyButLongEnough00"))
    })
}

/// The instant of a wall time in Tokyo.
pub fn tokyo(wall: &str) -> Timestamp {
    let zone = zone("Asia/Tokyo").expect("Tokyo is in the database");
    let local = wall
        .replace(' ', "T")
        .parse()
        .expect("a wall time like 2026-11-24 10:00");
    resolve(local, &zone)
}

/// An ordinary inquiry of source `crm`.
pub fn usual(external_id: &str) -> Mapped {
    Mapped {
        source: SourceId::from("crm"),
        external_id: external_id.to_owned(),
        url: Some(format!("https://crm.example/{external_id}")),
        revision: None,
        delivery_id: None,
        title: format!("メールが届かない {external_id}"),
        body: Some("昨日から通知メールが届きません。".to_owned()),
        requester: Some("高橋".to_owned()),
        customer: Some("さくら商事".to_owned()),
        plan: Some("gold".to_owned()),
        product: Some("core".to_owned()),
        region: None,
        language: None,
        kind: None,
        severity: Some("S2".to_owned()),
        business_stopped: false,
        needed_by: None,
        escalated_at: None,
        is_closed: false,
        is_answered: false,
        is_deleted: false,
        owner: None,
        messages: Vec::new(),
        heard: None,
        changed_at: None,
        is_partial: false,
        intake: Default::default(),
        odd: Vec::new(),
    }
}

/// A way back that keeps what went, and can be made to fail.
#[derive(Default)]
pub struct FakeWayBack {
    sent: Mutex<Vec<String>>,
    items: Mutex<Vec<String>>,
    failure: Mutex<Option<DeliveryError>>,
    refused: Mutex<Vec<Refused>>,
}

impl FakeWayBack {
    /// What went back so far.
    pub fn sent(&self) -> Vec<String> {
        self.sent
            .lock()
            .expect("nobody panics while holding it")
            .clone()
    }

    /// The items that it went to, by their ids at the source.
    pub fn items(&self) -> Vec<String> {
        let items = self.items.lock();
        items.expect("nobody panics while holding it").clone()
    }

    /// Makes every coming write-back fail so, or none.
    pub fn fail(&self, failure: Option<DeliveryError>) {
        *self.failure.lock().expect("nobody panics while holding it") = failure;
    }

    /// Makes every coming write-back reach all but these.
    pub fn refuse(&self, refused: Vec<Refused>) {
        *self.refused.lock().expect("nobody panics while holding it") = refused;
    }
}

#[async_trait]
impl WayBack for FakeWayBack {
    fn takes_replies(&self, source: &SourceId) -> bool {
        source.as_str() != "mute"
    }

    fn takes(&self, source: &SourceId, act: &WriteBack) -> bool {
        let is_asked_for = matches!(act, WriteBack::Reopened | WriteBack::Severity { .. });
        source.as_str() != "mute" && !is_asked_for
    }

    fn echoes(&self, writing: &Writing<'_>) -> Vec<String> {
        match writing.act {
            WriteBack::Reply { text } | WriteBack::Bounce { text } => {
                writing.texts.get(text).cloned().into_iter().collect()
            }
            WriteBack::Aside { said, .. } => self.echoes(&Writing {
                act: said,
                ..*writing
            }),
            WriteBack::Resolved { .. }
            | WriteBack::Owner { .. }
            | WriteBack::Closed
            | WriteBack::Reopened
            | WriteBack::Severity { .. } => Vec::new(),
        }
    }

    fn words_leave_at(&self, _writing: &Writing<'_>) -> u32 {
        0
    }

    async fn write_back(
        &self,
        writing: &Writing<'_>,
        _step: u32,
    ) -> Result<Option<u32>, DeliveryError> {
        if let Some(failure) = self
            .failure
            .lock()
            .expect("nobody panics while holding it")
            .clone()
        {
            return Err(failure);
        }
        let mut aside = String::new();
        let act = match writing.act {
            WriteBack::Aside { title, said } => {
                let title = writing.texts.get(title).map_or("", String::as_str);
                aside = format!("aside “{title}” ");
                said
            }
            act => act,
        };
        let said = match act {
            WriteBack::Aside { .. } => unreachable!("nothing is said aside twice"),
            WriteBack::Reply { text } => {
                format!(
                    "reply {}",
                    writing.texts.get(text).map_or("", String::as_str)
                )
            }
            WriteBack::Bounce { text } => {
                format!(
                    "bounce {}",
                    writing.texts.get(text).map_or("", String::as_str)
                )
            }
            WriteBack::Resolved { outcome } => format!("resolved {}", outcome.category),
            WriteBack::Owner { member, .. } => {
                format!(
                    "owner {}",
                    member.as_ref().map_or("-", |member| member.as_str())
                )
            }
            WriteBack::Closed => "closed".to_owned(),
            WriteBack::Reopened => "reopened".to_owned(),
            WriteBack::Severity { severity } => format!("severity {severity:?}"),
        };
        self.sent
            .lock()
            .expect("nobody panics while holding it")
            .push(format!("{} {aside}{said}", writing.reference));
        let mut items = self.items.lock().expect("nobody panics while holding it");
        items.push(writing.origin.external_id.clone());
        Ok(None)
    }

    async fn send_back(&self, writing: &Writing<'_>, step: u32) -> Result<Gone, DeliveryError> {
        let next = self.write_back(writing, step).await?;
        let refused = self.refused.lock().expect("nobody panics while holding it");
        Ok(Gone {
            next,
            refused: refused.clone(),
        })
    }
}

/// No source is polled.
struct NoPoller;

#[async_trait]
impl Poller for NoPoller {
    fn polled(&self) -> Vec<SourceId> {
        Vec::new()
    }

    fn next_poll(&self, _source: &SourceId, _state: &SourceState, now: Timestamp) -> Timestamp {
        now
    }

    async fn poll(
        &self,
        source: &SourceId,
        _state: &SourceState,
        _now: Timestamp,
    ) -> Result<Page, PollError> {
        Err(PollError::Unexpected {
            source_name: source.to_string(),
            why: "nothing is polled here".to_owned(),
        })
    }
}
