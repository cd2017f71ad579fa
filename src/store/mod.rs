//! The files flightdeck keeps between runs, and where they are.
//!
//! What is kept is a convenience: a file that is missing, broken or from a newer flightdeck costs
//! that convenience and nothing else; so it is with what adapters note (`notebook`). The exception is
//! the audit: without it nothing is changed. No secret is ever kept. Downloads are what the user asked for, and are where the user said.

pub mod audit;
pub mod download;
pub mod notebook;
pub mod paths;
pub mod places;
mod private;
pub mod saved;
