//! The one expression language (MiniJinja, sandboxed) for mappings, routing rules and canned texts.
