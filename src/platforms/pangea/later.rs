//! Answers that come later. Source: Pangea contract, section 6.
