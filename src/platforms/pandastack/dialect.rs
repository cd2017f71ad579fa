//! Which of the two APIs the host serves. Source: PandaStack contract, section 8.
