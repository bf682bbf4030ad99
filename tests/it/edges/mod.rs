//! Other people's systems, real and installed from packages.

mod redmine;
