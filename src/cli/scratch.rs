//! A folder for a database that nobody keeps.

use crate::clock::SystemIds;
use anyhow::Context;
use std::path::PathBuf;

/// A folder that goes with the value.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("{name}-{}", SystemIds.id()));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Scratch(path))
    }

    /// The address of a database in it.
    pub fn database(&self) -> String {
        format!("sqlite://{}/toban.db", self.0.display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
