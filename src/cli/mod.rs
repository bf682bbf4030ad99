//! The command line: one file for each group of commands.
//!
//! Commands that only look open a reader beside a running server; commands that change something go through
//! the server's own API with the local key file. Errors are one clear sentence and an exit code that is not 0.

pub mod check;
mod connect;
mod contract;
mod coverage;
mod demo;
mod facts;
mod keep;
mod look;
mod outbox;
mod process;
mod rota;
mod route;
mod scratch;
mod serve;
mod simulate;
mod source;
mod talk;

pub(crate) use process::letterboxes;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// The escalation desk that lives in a team's chat.
#[derive(Debug, Parser)]
#[command(name = "toban", version, about, long_about = None)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the desk.
    Serve(ConfigArgs),
    /// Shows the whole job with a made-up team and a fast clock; needs nothing, keeps nothing.
    Demo(demo::DemoArgs),
    /// Checks the configuration: every problem at once, with its place and what to do.
    Check(check::CheckArgs),
    /// Posts a document to a running desk, signed as a source of the configuration.
    Send(talk::SendArgs),
    /// Makes a one-time sign-in link for a member of a running desk.
    Login(talk::LoginArgs),
    /// Makes a bearer token for scripts; it is shown once.
    Token(talk::TokenArgs),
    /// Makes addresses with which a member's calendar follows the duty; they are shown once.
    FeedLink(talk::FeedLinkArgs),
    /// Shows who has the duty.
    Rota {
        #[command(subcommand)]
        command: RotaCommand,
    },
    /// Tries the routing, or tells what it is to learn.
    Route {
        #[command(subcommand)]
        command: RouteCommand,
    },
    /// Explains promises.
    Sla {
        #[command(subcommand)]
        command: SlaCommand,
    },
    /// Replays the past under another policy or roster, and shows both side by side.
    Simulate(simulate::SimulateArgs),
    /// Shows and fills the contract register.
    Contract {
        #[command(subcommand)]
        command: contract::ContractCommand,
    },
    /// Lists inquiries.
    List(look::ListArgs),
    /// Lists what has not been delivered yet and what is dead; "retry" sends a dead one again.
    Outbox(outbox::OutboxArgs),
    /// Sources: what their documents would become, what they answer, how they are.
    Source {
        #[command(subcommand)]
        command: source::SourceCommand,
    },
    /// Brings the schema of the database up to date.
    Migrate(ConfigArgs),
    /// Writes a consistent copy of the database beside a running desk (SQLite).
    Backup(keep::BackupArgs),
}

#[derive(Debug, Subcommand)]
enum RotaCommand {
    /// Shows the shifts of the coming days.
    Show(rota::RotaArgs),
    /// Shows how the duty was shared in a window, and who owes whom.
    Fairness(rota::FairnessArgs),
}

#[derive(Debug, Subcommand)]
enum RouteCommand {
    /// Shows which queue documents would go to, and what every rule makes of them.
    Test(route::TestArgs),
    /// Shows per rule what had to be moved to another queue, what to mend first.
    Report(route::ReportArgs),
}

#[derive(Debug, Subcommand)]
enum SlaCommand {
    /// Explains every deadline of an inquiry, line by line.
    Explain(look::ExplainArgs),
}

/// Which configuration is meant.
#[derive(Clone, Debug, clap::Args)]
struct ConfigArgs {
    /// The configuration; `toban.toml` in the working directory if not given.
    #[arg(long, value_name = "FILE", env = "TOBAN_CONFIG")]
    config: Option<PathBuf>,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&anyhow::Error::new(error).context("no threads can be started"));
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli.command));
    // Blocking work that hangs (a DNS look-up) must not hold the exit.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(&args).await?,
        Command::Demo(args) => demo::run(&args).await?,
        Command::Check(args) => return process::check(&args).await,
        Command::Send(args) => talk::send(&args).await?,
        Command::Login(args) => talk::login(&args).await?,
        Command::Token(args) => talk::token(&args).await?,
        Command::FeedLink(args) => talk::feed_link(&args).await?,
        Command::Rota {
            command: RotaCommand::Show(args),
        } => rota::show(&args).await?,
        Command::Rota {
            command: RotaCommand::Fairness(args),
        } => rota::fairness(&args).await?,
        Command::Route {
            command: RouteCommand::Test(args),
        } => return route::test(&args),
        Command::Route {
            command: RouteCommand::Report(args),
        } => route::report(&args).await?,
        Command::Sla {
            command: SlaCommand::Explain(args),
        } => look::explain(&args).await?,
        Command::Simulate(args) => simulate::run(&args).await?,
        Command::Contract { command } => return contract::run(&command).await,
        Command::List(args) => look::list(&args).await?,
        Command::Outbox(args) => outbox::run(&args).await?,
        Command::Source { command } => return source::run(&command).await,
        Command::Migrate(args) => keep::migrate(&args).await?,
        Command::Backup(args) => keep::backup(&args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn complain(error: &anyhow::Error) {
    remark(&format!("{error:#}"));
}

/// Says a line on standard error, beside what a command answers.
fn remark(line: &str) {
    // Not `eprintln!`, which panics when whoever read it is gone.
    let _ = writeln!(std::io::stderr().lock(), "toban: {line}");
}

/// Says a line on standard output.
fn say(line: &str) {
    let _ = writeln!(Out, "{line}");
}

/// Standard output whose reader may go away (`toban check | head`): what nobody reads is said to nobody.
struct Out;

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match io::stdout().write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match io::stdout().flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}
