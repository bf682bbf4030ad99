//! What a server answers to a command: what it tells, and whether it refuses.
//!
//! Promises: a refusal is never taken for an answer that tells nothing, and keeps the server's words.

use super::{Mailbox, MailboxError};
use crate::clock;
use async_imap::error::Error;
use async_imap::imap_proto::{Response, Status};
use std::future::Future;
use std::time::Duration;

/// What came of a command.
#[derive(Debug)]
pub(super) struct Answer<T> {
    /// What was told, even of a command that was refused in the end: there are servers that give what they have and then
    /// refuse because of one mail.
    pub told: Vec<T>,
    /// Why it was refused, in the server's words.
    pub refusal: Option<String>,
}

/// Waits for something, but not for ever.
pub(super) async fn in_time<T, E>(
    limit: Duration,
    what: &str,
    doing: impl Future<Output = Result<T, E>>,
) -> Result<T, MailboxError>
where
    MailboxError: From<E>,
{
    match clock::timeout(limit, doing).await {
        Ok(done) => Ok(done?),
        Err(late) => Err(MailboxError::Unavailable(format!("{what}: {late}"))),
    }
}

impl Mailbox {
    /// Gives a command, and takes of each thing that is told what is wanted of it.
    pub(super) async fn ask<T>(
        &mut self,
        (limit, what): (Duration, &str),
        command: &str,
        mut wanted: impl FnMut(&Response<'_>, &mut Vec<T>),
    ) -> Result<Answer<T>, MailboxError> {
        let asking = async {
            let asked = self.session.run_command(command).await?;
            let mut told = Vec::new();
            let mut farewell = None;
            loop {
                let Some(response) = self.session.read_response().await.map_err(Error::from)?
                else {
                    let why = "the server closed the connection";
                    return Err(MailboxError::Unavailable(match farewell {
                        Some(said) => format!("{why}: {said}"),
                        None => why.to_owned(),
                    }));
                };
                match response.parsed() {
                    Response::Done {
                        tag,
                        status,
                        outcome,
                    } if *tag == asked => {
                        let said = outcome.information.as_deref();
                        let refusal = match status {
                            Status::Ok | Status::PreAuth => None,
                            Status::No | Status::Bad | Status::Bye => {
                                Some(said.map_or("the server refuses", str::trim).to_owned())
                            }
                        };
                        return Ok(Answer { told, refusal });
                    }
                    Response::Data {
                        status: Status::Bye,
                        outcome,
                    } => farewell = outcome.information.as_deref().map(str::to_owned),
                    response => wanted(response, &mut told),
                }
            }
        };
        in_time(limit, what, asking).await
    }
}
