//! The use cases: load, decide, commit; and the ports that the outside implements.
