//! The phrases that units write, harmless and hostile.

use crate::sim::{dice::Dice, phrases::status, words};

/// What a process says that is asked from outside.
pub(super) fn request(dice: &mut Dice) -> String {
    let path = dice.pick(words::PATHS);
    let (status, ms) = (status(dice), dice.between(2, 380));
    match dice.below(20) {
        0..9 => format!(
            "10.42.0.{} - \"GET {path} HTTP/1.1\" {status} {ms}",
            dice.below(250)
        ),
        9..14 => format!(
            "{{\"level\":\"info\",\"msg\":\"request\",\"path\":\"{path}\",\"status\":{status},\"ms\":{ms}}}"
        ),
        14..16 => format!("\u{1b}[32mINFO\u{1b}[0m  served \u{1b}[1m{path}\u{1b}[22m in {ms} ms"),
        16 => format!("{{\"level\":\"error\",\"msg\":\"upstream closed\",\"path\":\"{path}\"}}"),
        17 => format!("WARNING slow answer <{path}> & {ms} ms"),
        18 => format!("search caf\u{fffd} {} hits", dice.below(30)),
        _ => "GET /healthz 200".to_owned(),
    }
}

/// What a process says that works through a queue.
pub(super) fn task(dice: &mut Dice) -> String {
    let task = dice.pick(words::TASKS);
    let ms = dice.between(2, 900);
    match dice.below(10) {
        0..5 => format!("level=info msg=\"task done\" task={task} duration={ms}ms"),
        5..7 => format!("{{\"level\":30,\"task\":\"{task}\",\"ms\":{ms}}}"),
        7 => format!("{task}: {}%\r{task}: 100%", dice.below(99)),
        8 => format!("ERROR retry task={task} attempt={}", dice.between(2, 5)),
        _ => format!("DEBUG queue length={}", dice.below(40)),
    }
}

/// Lines that would do something to a terminal, or to whoever measures them.
pub(super) fn hostile(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => "\u{1b}]0;owned\u{7}title set".to_owned(),
        1 => "\u{1b}]52;c;cm0gLXJmIC8=\u{1b}\\clipboard set".to_owned(),
        2 => "\u{1b}[2J\u{1b}[Hscreen cleared".to_owned(),
        3 => "\u{9b}31mcolour of eight bits\u{9b}0m \u{0}\u{8}\u{8}nul and backspace".to_owned(),
        4 => "user \u{202e}gnp.exe\u{202c} uploaded a file".to_owned(),
        5 => format!(
            "payload {}",
            "0123456789abcdef".repeat(dice.between(600, 1_100) as usize)
        ),
        6 => "e\u{301}\u{301}\u{301} \u{1f469}\u{200d}\u{1f4bb} \u{4f60}\u{597d} wide and combined"
            .to_owned(),
        _ => "trailing blanks   \t".to_owned(),
    }
}

/// A stack trace, line by line.
pub(super) fn trace(dice: &mut Dice) -> Vec<String> {
    let line = dice.between(12, 300);
    vec![
        "Traceback (most recent call last):".to_owned(),
        format!("  File \"/home/application/current/cart.py\", line {line}, in total"),
        "    return sum(item.price for item in items)".to_owned(),
        "AttributeError: 'NoneType' object has no attribute 'price'".to_owned(),
    ]
}

/// The last words of a unit that crashes.
pub(super) fn crash(dice: &mut Dice) -> Vec<String> {
    let mut lines = trace(dice);
    lines.push("\u{1b}[31mFATAL\u{1b}[0m cannot reach the database, giving up".to_owned());
    lines
}
