//! Instants, zones and civil time (jiff), and the cron adapter.
