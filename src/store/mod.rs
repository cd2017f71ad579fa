//! The files flightdeck keeps between runs, and where they are.
//!
//! What is kept is a convenience: a file that is missing, broken or from a newer flightdeck costs
//! that convenience and nothing else. The exception is the audit: without it nothing is changed.
//! No secret is ever kept.

pub mod audit;
pub mod paths;
pub mod places;
