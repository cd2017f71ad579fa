//! The files flightdeck keeps between runs: where they are.

pub mod paths;
