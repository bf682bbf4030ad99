//! The one integration binary.

mod doubles;
mod tidy;
