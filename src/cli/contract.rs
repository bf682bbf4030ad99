//! `toban contract`: looks at the register beside a running desk, and fills it through that desk's API.

use super::check::lang_of;
use super::process::{env, load, reader};
use super::talk::{Asked, request};
use super::{ConfigArgs, say};
use crate::app::contracts::contract_line;
use crate::app::desk::App;
use crate::app::ports::{ContractAct, KeptContract};
use crate::app::wording::{PlainText, Words, sentence};
use crate::clock::SystemClock;
use crate::domain::contract::name_key;
use crate::domain::notice::{Arg, Message};
use crate::i18n::Lang;
use crate::net::Request;
use crate::time::parse_span;
use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub(super) enum ContractCommand {
    /// Takes a CSV file into the register of a running desk: all of it, or nothing if a line is wrong.
    Import(ImportArgs),
    /// Lists contracts.
    List(ListArgs),
    /// Shows one contract and what became of it.
    Show(ShowArgs),
    /// Lists the contracts that end soon.
    Ending(EndingArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The file, in UTF-8 or CP932; "-" reads standard input.
    file: PathBuf,
    /// Only tells what it would change.
    #[arg(long)]
    dry_run: bool,
    /// The file is the whole register: contracts that it does not name are removed.
    #[arg(long)]
    replace: bool,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Of one customer only, by name or alias.
    #[arg(long)]
    customer: Option<String>,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The number of the contract.
    contract: String,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct EndingArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// How far ahead is looked, in whole days: 30d.
    #[arg(long, default_value = "30d", value_parser = days)]
    within: i64,
    /// In this language: ja or en; LANG or the configuration's if not given.
    #[arg(long)]
    lang: Option<Lang>,
    /// For scripts.
    #[arg(long)]
    json: bool,
}

/// Whole days of a span; "2w" is 14.
fn days(text: &str) -> Result<i64, String> {
    let span = parse_span(text).map_err(|error| error.to_string())?;
    let day = 24 * 60 * 60;
    match span.as_secs() % day {
        0 => Ok(span.as_secs() / day),
        _ => Err(format!("{text:?} is not whole days: write 30d")),
    }
}

pub(super) async fn run(command: &ContractCommand) -> anyhow::Result<ExitCode> {
    match command {
        ContractCommand::Import(args) => return import(args).await,
        ContractCommand::List(args) => {
            let app = reader(load(&args.config)?).await?;
            let mut found = app.store.contracts().await?;
            if let Some(customer) = &args.customer {
                let key = name_key(customer);
                found.retain(|kept| kept.contract.keys().contains(&key));
            }
            print((&app, args.lang), &found, args.json)?;
            app.store.close().await;
        }
        ContractCommand::Ending(args) => {
            let app = reader(load(&args.config)?).await?;
            let found = app.contracts_ending(args.within).await?;
            print((&app, args.lang), &found, args.json)?;
            app.store.close().await;
        }
        ContractCommand::Show(args) => show(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let file = if args.file.as_os_str() == "-" {
        let mut file = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut file)
            .context("standard input cannot be read")?;
        file
    } else {
        std::fs::read(&args.file)
            .with_context(|| format!("{} cannot be read", args.file.display()))?
    };
    let path = format!(
        "api/v1/contracts/import?dry_run={}&replace={}",
        args.dry_run, args.replace
    );
    let lang = args.lang.or_else(|| lang_of(&env));
    let post = |url| {
        let post = Request::new(crate::net::Method::POST, url).body(file);
        match lang {
            Some(lang) => post.header("accept-language", lang.code()),
            None => post,
        }
    };
    let Asked { status, body } = request(&args.config, &path, post).await?;
    let lines = body["lines"].as_array();
    for line in lines.into_iter().flatten().filter_map(Value::as_str) {
        say(line);
    }
    match (status.is_success(), lines) {
        (true, _) => Ok(ExitCode::SUCCESS),
        // The mistakes stand above.
        (false, Some(_)) => Ok(ExitCode::FAILURE),
        (false, None) => {
            let why = body["detail"].as_str().unwrap_or("no reason given");
            bail!("the desk answered {}: {why}", status.as_u16())
        }
    }
}

fn print(
    reader: (&App, Option<Lang>),
    found: &[KeptContract],
    is_json: bool,
) -> anyhow::Result<()> {
    if is_json {
        let contracts = found.iter().map(|kept| json!(kept.contract));
        say(&serde_json::to_string_pretty(
            &contracts.collect::<Vec<_>>(),
        )?);
        return Ok(());
    }
    for kept in found {
        say(&said(reader, &contract_line(&kept.contract)));
    }
    if found.is_empty() {
        say(&said(reader, &Message::new("contract-list-nothing")));
    }
    Ok(())
}

async fn show(args: &ShowArgs) -> anyhow::Result<()> {
    let app = reader(load(&args.config)?).await?;
    let kept = app.store.contract(&args.contract).await?;
    let kept = kept.with_context(|| format!("there is no contract \"{}\"", args.contract))?;
    let log = app.store.contract_changes(&args.contract, 100).await?;
    if args.json {
        let mut body = json!(kept.contract);
        let lines = log.iter().map(|line| {
            json!({ "what": line.what, "at": line.at, "by": line.by, "via": line.via, "contract": line.contract })
        });
        body["log"] = lines.collect();
        say(&serde_json::to_string_pretty(&body)?);
    } else {
        let contract = &kept.contract;
        let reader = (&app, args.lang);
        say(&said(reader, &contract_line(contract)));
        let lists = [
            ("contract-column-aliases", contract.aliases.join(", ")),
            (
                "contract-column-calendar",
                contract.calendar.clone().unwrap_or_default(),
            ),
            (
                "contract-column-region",
                contract.region.clone().unwrap_or_default(),
            ),
            (
                "contract-column-language",
                contract.language.clone().unwrap_or_default(),
            ),
            (
                "contract-column-note",
                contract.note.clone().unwrap_or_default(),
            ),
        ];
        for (column, value) in lists.into_iter().filter(|(_, value)| !value.is_empty()) {
            let message = Message::new("contract-detail")
                .with("column", Arg::Word(column.to_owned()))
                .with("value", Arg::Plain(value));
            say(&format!("  {}", said(reader, &message)));
        }
        for line in &log {
            let message = match line.what {
                ContractAct::Added => Message::new("contract-log-added"),
                ContractAct::Changed => Message::new("contract-log-changed"),
                ContractAct::Removed => Message::new("contract-log-removed"),
            };
            let message = message
                .with("at", Arg::Instant(line.at))
                .with("by", Arg::Actor(line.by.clone()));
            say(&format!("  {}", said(reader, &message)));
        }
    }
    app.store.close().await;
    Ok(())
}

/// Said in the language that was asked for, else the shell's, else the desk's.
fn said((app, lang): (&App, Option<Lang>), message: &Message) -> String {
    let texts = HashMap::new();
    let lang = lang.or_else(|| lang_of(&env));
    let words = Words {
        lang: lang.unwrap_or(app.setup.lang),
        zone: &app.setup.zone,
        now: SystemClock.now(),
        texts: &texts,
        people: &app.setup.people,
    };
    sentence(message, &words, &PlainText)
}
