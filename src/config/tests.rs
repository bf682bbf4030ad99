//! The configuration as a whole: the example, the demo, what good files become.

#![allow(clippy::unwrap_used)]

mod bad;
mod calendars;
mod example;
mod good;
mod mailboxes;
mod rotas;
mod steps;
mod trackers;

use super::*;

/// A small good configuration, to be spoilt.
const BASE: &str = r#"[[member]]
id = "aoki"
name = "青木"

[[member]]
id = "ueda"
name = "上田"
lead = true

[[calendar]]
name = "office"
hours = "09:00-12:00, 13:00-18:00"

[[policy]]
name = "standard"

[[policy.target]]
first_response = "8h"

[[rota]]
name = "support"
participants = ["aoki", "ueda"]

[[queue]]
id = "support"
rota = "support"
policy = "standard"
calendar = "office"
"#;

/// The variables that the tests know.
fn env(name: &str) -> Option<String> {
    match name {
        "HOOK_SECRET" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
        "TOKEN" => Some("a-token".to_owned()),
        "KEY" => Some("a-key".to_owned()),
        _ => None,
    }
}

fn read(text: &str) -> Result<Config, Problems> {
    Config::read("toban.toml", text, &env)
}

/// Reads a good text; anything wrong fails the test with all of it.
#[track_caller]
fn good(text: &str) -> Config {
    match read(text) {
        Ok(config) => config,
        Err(problems) => panic!("{problems}"),
    }
}
