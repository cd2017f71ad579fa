//! tsuru's operations against its simulated server, carried out to their end by the engine.

#[cfg(test)]
#[path = "../support/nobody.rs"]
mod nobody;
#[cfg(test)]
mod operate;
