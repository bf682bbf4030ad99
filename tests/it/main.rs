//! The one integration binary.

mod doubles;
mod stories;
mod tidy;
