//! The one integration binary.

mod doubles;
mod edges;
mod stories;
mod tidy;
