//! Identifiers: what they look like. Source: Pangea contract, section 7.
