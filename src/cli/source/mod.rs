//! `toban source`: how sources are, what their documents would become, and what to do about those that could not be read.
//!
//! Looking reads the database beside a running desk; what changes something goes through the desk's API.

mod hint;
mod item;
mod operate;
mod status;
mod test;
mod trial;

use super::ConfigArgs;
use crate::config::Config;
use crate::domain::ids::SourceId;
use crate::i18n::{Args, Lang, list, say};
use crate::msg;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub(super) enum SourceCommand {
    /// Shows the inquiry that a document would become, and the reason for each field; stores nothing, needs no desk.
    Test(test::TestArgs),
    /// Fetches one page of a polled source and shows what would come of it; stores nothing.
    Try(trial::TryArgs),
    /// Shows how sources are: when they last answered, what waits, what fails.
    Status(status::StatusArgs),
    /// Has a source polled now by the running desk.
    Poll(operate::PollArgs),
    /// Shows documents that could not be read.
    Unreadable(operate::UnreadableArgs),
    /// Reads documents again that could not be read, with the mapping of today.
    Replay(operate::ReplayArgs),
}

/// What every command of sources takes.
#[derive(Debug, clap::Args)]
struct Common {
    #[command(flatten)]
    config: ConfigArgs,
    /// In this language instead of the desk's: ja or en.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

impl Common {
    fn lang(&self, config: &Config) -> Lang {
        self.lang.unwrap_or(config.setup.lang)
    }
}

pub(super) async fn run(command: &SourceCommand) -> anyhow::Result<ExitCode> {
    match command {
        SourceCommand::Test(args) => test::run(args).await,
        SourceCommand::Try(args) => trial::run(args).await,
        SourceCommand::Status(args) => status::run(args).await,
        SourceCommand::Poll(args) => operate::poll(args).await,
        SourceCommand::Unreadable(args) => operate::unreadable(args).await,
        SourceCommand::Replay(args) => operate::replay(args).await,
    }
}

/// An enabled source by the name that was typed.
fn enabled(config: &Config, name: &str, lang: Lang) -> anyhow::Result<SourceId> {
    let id = SourceId::from(name);
    if config.sources.sources.contains_key(&id) {
        return Ok(id);
    }
    let args = Args::new().with("name", name);
    if config.setup.sources_off.contains_key(&id) {
        anyhow::bail!("{}", say(lang, msg!("source-is-off"), &args));
    }
    let known: Vec<&str> = config
        .sources
        .sources
        .keys()
        .map(SourceId::as_str)
        .collect();
    let known = match known.is_empty() {
        true => say(lang, msg!("source-none"), &Args::new()),
        false => list(lang, &known),
    };
    anyhow::bail!(
        "{}",
        say(lang, msg!("source-unknown"), &args.with("known", known))
    );
}
