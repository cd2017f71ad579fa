//! Sealed values: what is submitted as a secret is never shown again.
//! Source: DigitalOcean contract, section 5.6.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{component::LISTS, errors::Refusal};
use crate::sim::dice::{Dice, mix, scramble};

const OPENING: &str = "EV[1:";
const NONCE: usize = 32;
const CHECK: usize = 8;

/// Seals values, and knows what it has sealed.
#[derive(Debug)]
pub(super) struct Seals {
    seed: u64,
    /// The plain values by their sealed ones, for those that tests ask for.
    plain: HashMap<String, String>,
}

impl Seals {
    /// Nothing has been sealed yet.
    pub(super) fn new(seed: u64) -> Seals {
        let plain = HashMap::new();
        Seals { seed, plain }
    }

    /// The plain value behind a sealed one that was submitted since the start.
    pub(super) fn plain(&self, sealed: &str) -> Option<&str> {
        self.plain.get(sealed).map(String::as_str)
    }

    /// Seals every plain secret of a submitted specification; what is sealed stays as it is.
    pub(super) fn seal(&mut self, spec: &mut Value) -> Result<(), Refusal> {
        for variable in variables(spec) {
            let Some(Value::String(value)) = variable.get("value").cloned() else {
                continue;
            };
            if !value.starts_with("EV[") {
                let mark = self.plain.len() as u64;
                let sealed = sealed(self.seed, &value, mark);
                variable.insert("value".to_owned(), Value::String(sealed.clone()));
                self.plain.insert(sealed, value);
            } else if !is_sealed(self.seed, &value) {
                let key = variable.get("key").and_then(Value::as_str);
                let key = key.unwrap_or_default();
                let message = format!("env \"{key}\": encrypted value cannot be decrypted");
                return Err(Refusal::bad(message));
            }
        }
        Ok(())
    }
}

/// A value sealed with this mark; the same again for the same mark.
pub(super) fn sealed(seed: u64, plain: &str, mark: u64) -> String {
    const ALPHABET: [&str; 8] = ["Q", "z", "7", "k", "B", "0", "x", "M"];
    let mut dice = Dice::new(seed, &[0xe5, mark, hash(plain)]);
    let mut letters = |count: usize| -> String {
        let pair = |dice: &mut Dice| format!("{}{}", dice.pick(&ALPHABET), dice.hex(1));
        (0..count / 2).map(|_| pair(&mut dice)).collect()
    };
    let nonce = letters(NONCE);
    let body = letters(24 + plain.len() / 2 * 2);
    let check = check(seed, &nonce, &body);
    format!("{OPENING}{nonce}:{body}{check}]")
}

fn is_sealed(seed: u64, text: &str) -> bool {
    let inner = text
        .strip_prefix(OPENING)
        .and_then(|rest| rest.strip_suffix(']'));
    let Some((nonce, body)) = inner.and_then(|inner| inner.split_once(':')) else {
        return false;
    };
    let split = body.len().checked_sub(CHECK);
    let parts = split.and_then(|at| body.split_at_checked(at));
    parts.is_some_and(|(body, given)| check(seed, nonce, body) == given)
}

fn check(seed: u64, nonce: &str, body: &str) -> String {
    let mixed = mix(seed, &[hash(nonce), hash(body)]);
    format!("{:08x}", mixed >> 32)
}

fn hash(text: &str) -> u64 {
    let fold = |state: u64, byte| scramble(state ^ u64::from(byte));
    text.bytes().fold(text.len() as u64, fold)
}

/// The secrets among the variables of a specification, of the app and of its components.
fn variables(spec: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let lists = spec.as_object_mut().into_iter().flatten();
    let found = lists.flat_map(|(name, value)| {
        let items = value.as_array_mut().map_or(&mut [][..], Vec::as_mut_slice);
        let is_list = LISTS.contains(&name.as_str());
        let own = name == "envs";
        items.iter_mut().filter(move |_| own || is_list).flat_map(
            move |item| -> Box<dyn Iterator<Item = &mut Value>> {
                if own {
                    return Box::new(std::iter::once(item));
                }
                let envs = item.get_mut("envs").and_then(Value::as_array_mut);
                Box::new(envs.into_iter().flatten())
            },
        )
    });
    let objects = found.filter_map(Value::as_object_mut);
    objects.filter(|variable| variable.get("type").is_some_and(|kind| kind == "SECRET"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spec(value: &str) -> Value {
        json!({
            "envs": [{ "key": "A", "value": value, "type": "SECRET" }, { "key": "B", "value": "b" }],
            "services": [{ "name": "web", "envs": [{ "key": "C", "value": "c", "type": "SECRET" }] }],
        })
    }

    #[test]
    fn plain_secrets_are_sealed_at_both_levels() {
        let mut seals = Seals::new(1);
        let mut spec = spec("hunter2");
        seals.seal(&mut spec).unwrap();
        assert_eq!(spec["envs"][1]["value"], "b");
        for place in [&spec["envs"][0], &spec["services"][0]["envs"][0]] {
            let sealed = place["value"].as_str().unwrap();
            assert!(sealed.starts_with("EV[1:") && sealed.ends_with(']'));
            assert!(!sealed.contains("hunter2") && seals.plain(sealed).is_some());
        }
    }

    #[test]
    fn sealed_value_comes_back_as_it_was_sent() {
        let mut seals = Seals::new(1);
        let mut first = spec("hunter2");
        seals.seal(&mut first).unwrap();
        let mut again = first.clone();
        seals.seal(&mut again).unwrap();
        assert_eq!(first, again);
    }

    #[test]
    fn damaged_value_is_refused() {
        let good = sealed(1, "hunter2", 0);
        let bad = [
            good.replace(']', "0]"),
            good.replacen('z', "y", 1),
            "EV[1:a:b]".to_owned(),
        ];
        for value in bad {
            let refusal = Seals::new(1).seal(&mut spec(&value)).unwrap_err();
            assert!(refusal.message().contains("\"A\""), "{value}");
        }
        assert!(Seals::new(1).seal(&mut spec(&good)).is_ok());
    }
}
