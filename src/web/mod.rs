//! HTTP: hooks, API, console, health.
