//! The envelope of every answer, and what it says. Source: Pangea contract, sections 4 and 5.
