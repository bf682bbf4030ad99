//! The loops: timers, outbox, cards, rota, pollers, auditor.
