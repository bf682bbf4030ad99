//! The system side of the clock port: the only place that asks the operating system for the time.
