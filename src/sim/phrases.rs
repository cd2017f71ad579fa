//! What programs write that run on any platform.

use super::{dice::Dice, words};

/// The status of an answer: mostly, all is well.
pub(crate) fn status(dice: &mut Dice) -> u32 {
    match dice.below(50) {
        0 => 500,
        1..4 => 404,
        4..7 => 302,
        _ => 200,
    }
}

/// A line that tells by its number if one was lost.
pub(crate) fn numbered(dice: &mut Dice, second: i64, number: u32) -> String {
    let path = dice.pick(words::PATHS);
    format!("{second}.{number:06} GET {path} 200 {} ms", dice.below(90))
}
