//! What a failure means for a delivery: try again, unknown, refused or gone.

use super::{ARCHIVED, Delivery};
use crate::app::ports::DeliveryError;
use crate::chat::discord::rest::Failure;
use serenity::model::id::ChannelId;
use std::time::Duration;

/// How long a channel that refuses us is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(300);
/// A message may be edited a few times an hour once it is old (error 30046).
const OLD_EDIT: Duration = Duration::from_secs(600);

const UNKNOWN_CHANNEL: u64 = 10_003;
const MISSING_ACCESS: u64 = 50_001;
const OLD_EDITS: u64 = 30_046;

/// What was tried, for the words of a refusal and for what may have happened.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    pub channel: ChannelId,
    pub needs: &'static str,
    /// Whether doing it twice would show.
    pub is_post: bool,
}

impl Delivery {
    /// What a failure means for the delivery.
    pub(super) fn meaning(&self, failure: Failure, doing: Doing) -> DeliveryError {
        let channel = doing.channel;
        let why = failure.to_string();
        match failure {
            Failure::Limited { after } => DeliveryError::Retry {
                after: Some(after),
                why,
            },
            Failure::NotSent { .. } => DeliveryError::Retry { after: None, why },
            // Doing it again is harmless, whether or not it was done.
            Failure::NoAnswer { .. } | Failure::Broken { .. } if !doing.is_post => {
                DeliveryError::Retry { after: None, why }
            }
            Failure::Broken { status: 503 } => DeliveryError::Retry { after: None, why },
            Failure::NoAnswer { .. } | Failure::Broken { .. } => DeliveryError::Unknown { why },
            Failure::Stopped => DeliveryError::Rejected { why },
            Failure::Refused { status: 401, .. } => DeliveryError::Rejected {
                why: Failure::Stopped.to_string(),
            },
            Failure::Refused {
                code: OLD_EDITS, ..
            } => DeliveryError::Retry {
                after: Some(OLD_EDIT),
                why,
            },
            Failure::Refused {
                status: 403,
                code,
                message,
            } => {
                if doing.is_post {
                    self.rest.close(&alone(channel), LEFT_ALONE);
                }
                let needs = if code == MISSING_ACCESS {
                    "View Channel"
                } else {
                    doing.needs
                };
                DeliveryError::Rejected {
                    why: format!(
                        "channel {channel}: {message} ({code}); the bot needs the permission {needs}"
                    ),
                }
            }
            Failure::Refused {
                status: 404,
                code: UNKNOWN_CHANNEL,
                ..
            } => DeliveryError::Gone {
                why: format!("channel {channel} does not exist"),
            },
            Failure::Refused { status: 404, .. } => DeliveryError::Gone {
                why: format!("channel {channel}: {why}"),
            },
            Failure::Refused { code: ARCHIVED, .. } => DeliveryError::Rejected {
                why: format!("thread {channel} is archived"),
            },
            Failure::Refused { .. } => DeliveryError::Rejected {
                why: format!("channel {channel}: {why}"),
            },
        }
    }
}

/// What to say when signing in fails.
pub(in crate::chat::discord) fn sign_in_problem(failure: &Failure) -> String {
    match failure {
        Failure::Refused { status: 401, .. } | Failure::Stopped => {
            "Discord refuses the bot's token: copy it anew from the Bot page of the developer portal".to_owned()
        }
        other => format!("Discord cannot be asked who we are: {other}"),
    }
}

/// The gate of a channel that is left alone.
pub(super) fn alone(channel: ChannelId) -> String {
    format!("left alone {channel}")
}
