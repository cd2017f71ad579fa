//! Messages in, state and effects compared. No runtime, no sleeping: time is a field.

mod acting;
mod keys;
mod kit;
mod logs;
mod operations;
mod random;
mod reads;
mod rhythm;
mod selection;
