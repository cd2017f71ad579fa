//! Answers, taken apart tolerantly. Source: PandaStack contract, section 6.
