//! The conformance suite: what the ports of the store promise, proved on both engines.
//!
//! A case is a function over a [`Ground`]; `both!` makes two tests of it. A case that is not named there is
//! dead code, and the compiler says so. Without a PostgreSQL server the tests fail and say why.
#![allow(clippy::unwrap_used)]

mod access;
mod audit;
mod boards;
mod cards;
mod commit;
mod contracts;
mod desk;
mod duties;
mod duty_book;
mod feeds;
mod ground;
mod intake;
mod issues;
mod items;
mod keeping;
mod list;
mod mails;
mod opening;
mod outbox;
mod pings;
mod timers;

pub(super) use ground::Ground;

/// Makes a test on each engine of every case named.
macro_rules! both {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::Ground::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::Ground::postgres(stringify!($case)).await).await;
            })*
        }
    };
}
pub(super) use both;
