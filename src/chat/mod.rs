//! Chat platforms: one folder each, behind the `Platform` port.
