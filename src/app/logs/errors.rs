//! How many errors a minute a log tells, before and after a release.
