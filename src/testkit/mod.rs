//! What the tests of this crate share: manual clock, fake platform, the World of the stories.

pub mod postgres;
