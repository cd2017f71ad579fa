//! Questions that take more than one list to answer, or more than one look at its records.
