//! The one integration binary.

mod doubles;
