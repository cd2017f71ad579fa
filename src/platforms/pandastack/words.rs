//! Words for states. Source: PandaStack contract, section 4.
