//! The records as the platform writes them. Source: Pangea contract, section 7.
