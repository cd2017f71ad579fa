//! What an environment writes by itself, second by second.

use std::borrow::Cow;

use crate::sim::{
    clock::{Moment, SECOND},
    dice::Dice,
    phrases::{self, status},
    record::{Chatter, Line, Place},
    words,
};

/// What one environment has to say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Talk {
    pub(super) seed: u64,
    pub(super) environment: usize,
    /// Whether its health checks fail every now and then.
    pub(super) flapping: bool,
}

impl Chatter for Talk {
    fn second(&self, moment: i64) -> Vec<Line> {
        second(self.seed, self.environment, moment, self.flapping)
    }

    fn steady(&self, second: i64, number: u32) -> (Cow<'static, str>, String) {
        let parts = [
            6,
            self.environment as u64,
            second.cast_unsigned(),
            u64::from(number),
        ];
        let mut dice = Dice::new(self.seed, &parts);
        let message = phrases::numbered(&mut dice, second, number);
        (self.speaker(), message)
    }

    fn speaker(&self) -> Cow<'static, str> {
        "web".into()
    }
}

/// The lines of one second: about two, in plain words, as JSON, as logfmt, sometimes a stack trace.
fn second(seed: u64, environment: usize, second: i64, flapping: bool) -> Vec<Line> {
    let mut dice = Dice::new(seed, &[5, environment as u64, second.cast_unsigned()]);
    let count = match dice.below(10) {
        0..3 => 1,
        3..7 => 2,
        7..9 => 3,
        _ => 4,
    };
    let mut lines = Vec::new();
    let mut offset = 0;
    for _ in 0..count {
        // Every ninth or so shares the timestamp of the one before.
        if lines.is_empty() || !dice.chance(11) {
            offset += i64::from(dice.between(1, 240_000));
        }
        push(&mut lines, second, offset, utterance(&mut dice));
    }
    if dice.below(150) == 0 {
        for text in trace(&mut dice) {
            push(&mut lines, second, offset, ("web", text));
        }
    }
    if flapping && let Some(text) = health(second) {
        push(&mut lines, second, 990_000, ("web", text));
    }
    lines
}

fn push(
    lines: &mut Vec<Line>,
    second: i64,
    offset: i64,
    (service, message): (&'static str, String),
) {
    let place = Place {
        at: Moment(second * SECOND + offset),
        source: 0,
        number: lines.len() as u64,
    };
    lines.push(Line {
        place,
        service: service.into(),
        message,
    });
}

fn utterance(dice: &mut Dice) -> (&'static str, String) {
    let path = dice.pick(words::PATHS);
    let task = dice.pick(words::TASKS);
    let ms = dice.between(2, 380);
    match dice.below(100) {
        0..46 => ("web", format!("GET {path} {} {ms} ms", status(dice))),
        46..56 => (
            "web",
            format!("\u{1b}[32mINFO\u{1b}[0m request finished path={path}"),
        ),
        56..66 => (
            "web",
            format!(
                "{{\"level\":\"info\",\"msg\":\"request\",\"path\":\"{path}\",\"status\":{},\"ms\":{ms}}}",
                status(dice)
            ),
        ),
        66..78 => (
            "worker",
            format!("level=info msg=\"task done\" task={task} duration={ms}ms"),
        ),
        78..84 => ("worker", format!("DEBUG queue length {}", dice.below(40))),
        84..89 => (
            "web",
            format!("WARNING slow query: {} ms on {path}", 900 + ms),
        ),
        89..92 => (
            "worker",
            format!("ERROR {task} failed, retry in {} s", dice.between(1, 30)),
        ),
        92..95 => ("cronjob", format!("INFO {task} finished in {ms} ms")),
        95..97 => (
            "worker",
            format!("\r{task}: {}%\r{task}: 100%", dice.below(99)),
        ),
        97 => ("shell", "\u{1b}[6nroot@web:/app# \u{1b}[Jls".to_owned()),
        _ => (
            "worker",
            format!("{{\"level\":\"error\",\"msg\":\"{task}: upstream closed\",\"attempt\":2}}"),
        ),
    }
}

fn trace(dice: &mut Dice) -> Vec<String> {
    let line = dice.between(12, 300);
    vec![
        "Traceback (most recent call last):".to_owned(),
        format!("  File \"/app/shop/views.py\", line {line}, in checkout"),
        "    total = cart.total(currency)".to_owned(),
        format!("  File \"/app/shop/cart.py\", line {}, in total", line + 9),
        "    return sum(item.price for item in self.items)".to_owned(),
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'".to_owned(),
    ]
}

/// Whether a flapping service is in a bad half minute.
pub(super) fn unwell(second: i64) -> bool {
    second.div_euclid(25) % 2 == 1
}

fn health(second: i64) -> Option<String> {
    match second.rem_euclid(25) {
        0 if unwell(second) => {
            Some("ERROR health check failed: marking instance unhealthy".to_owned())
        }
        0 => Some("INFO health check passed: instance is back in service".to_owned()),
        beat if unwell(second) && beat % 5 == 0 => {
            Some("WARNING health check failed: no answer on port 80 within 5 s".to_owned())
        }
        _ => None,
    }
}
