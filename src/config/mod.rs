//! The configuration file: one file per section, every problem reported with its place.
