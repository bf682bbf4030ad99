//! Commands that keep the database.

use super::process::{load, open};
use super::{ConfigArgs, say};
use crate::store::{self, Access, OpenOptions};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct BackupArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The file to write; it must not exist yet.
    file: PathBuf,
}

/// Brings the schema up to date.
pub(super) async fn migrate(args: &ConfigArgs) -> anyhow::Result<()> {
    let config = load(args)?;
    let options = OpenOptions {
        direct_url: config
            .database
            .direct_url
            .as_ref()
            .map(|url| url.expose().to_owned()),
        ..OpenOptions::default()
    };
    store::migrate(config.database.url.expose(), &options).await?;
    say("the schema is up to date");
    Ok(())
}

/// Writes a consistent copy, beside a running desk or without one.
pub(super) async fn backup(args: &BackupArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let store = open(&config, Access::Read).await?;
    let written = store.backup(&args.file).await;
    store.close().await;
    written?;
    say(&format!("{}", args.file.display()));
    Ok(())
}
