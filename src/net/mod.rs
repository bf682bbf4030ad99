//! The one outgoing HTTP client, with its address guard.
