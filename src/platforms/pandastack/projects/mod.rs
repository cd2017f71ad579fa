//! Projects: all of dialect `v1`. Source: PandaStack contract, section 7.1.
//!
//! Projects go by their names. `list` reads them, `map` says what they are, `history` has their
//! deployments, `variables` their environment, which is changed as a whole; `operate` carries out,
//! `lost` looks for what became of an operation, `memory` knows what was seen.

mod history;
mod list;
mod lost;
mod map;
mod memory;
mod operate;
mod variables;

pub(super) use self::history::{deployment, deployments, first_after, history, is_over, newest};
pub(super) use self::list::{list, project};
pub(super) use self::lost::{look_for, witness};
pub(super) use self::map::Project;
pub(super) use self::memory::Memory;
pub(super) use self::operate::operate;
pub(super) use self::variables::variables;
