//! The platform's three kinds of streams. Source: tsuru contract, section 3.
