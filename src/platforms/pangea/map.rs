//! From the platform's records to the model. Source: Pangea contract, section 9.
