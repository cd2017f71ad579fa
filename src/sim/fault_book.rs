//! The faults in force: decides which requests suffer what.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::faults::{Effect, Fault, Matcher};

/// The faults in force, with how often each has matched.
#[derive(Debug, Default)]
pub(crate) struct FaultBook(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    fault: Fault,
    seen: u64,
}

impl FaultBook {
    /// A book that begins with these faults.
    pub(crate) fn new(faults: Vec<Fault>) -> FaultBook {
        let book = FaultBook::default();
        book.add(faults);
        book
    }

    /// Adds faults and tells how many are in force now.
    pub(crate) fn add(&self, faults: Vec<Fault>) -> usize {
        let mut entries = self.lock();
        entries.extend(faults.into_iter().map(|fault| Entry { fault, seen: 0 }));
        entries.len()
    }

    /// Removes all faults.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// All faults, also those that are used up.
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock()
            .iter()
            .map(|entry| entry.fault.clone())
            .collect()
    }

    /// Counts a request and returns the effects it suffers, in script order.
    pub(crate) fn strike(&self, operation: &str, method: &str, context: &str) -> Vec<Effect> {
        let mut entries = self.lock();
        let matching = entries
            .iter_mut()
            .filter(|e| concerns(&e.fault.matcher, operation, method, context));
        let mut effects = Vec::new();
        for entry in matching {
            let Matcher { after, times, .. } = entry.fault.matcher;
            let turn = entry.seen;
            entry.seen += 1;
            if turn >= after && times.is_none_or(|times| turn - after < times) {
                effects.push(entry.fault.effect.clone());
            }
        }
        effects
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn concerns(matcher: &Matcher, operation: &str, method: &str, context: &str) -> bool {
    let fits = |wanted: &Option<String>, actual: &str| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted == "*" || wanted == actual)
    };
    fits(&matcher.operation, operation)
        && fits(&matcher.method, method)
        && fits(&matcher.context, context)
}

#[cfg(test)]
mod tests {
    use super::{super::faults::parse_faults, *};

    #[test]
    fn matches_are_skipped_and_limited() {
        let script = r#"[{"operation":"A","after":1,"times":2,"status":500}]"#;
        let book = FaultBook::new(parse_faults(script).unwrap());
        let struck: Vec<bool> = (0..5)
            .map(|_| !book.strike("A", "GET", "divio").is_empty())
            .collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert!(book.strike("B", "GET", "divio").is_empty());
    }

    #[test]
    fn method_and_context_narrow_a_match() {
        let script = r#"[{"operation":"*","method":"post","context":"lab","hang":true}]"#;
        let book = FaultBook::new(parse_faults(script).unwrap());
        assert!(book.strike("A", "GET", "lab").is_empty());
        assert!(book.strike("A", "POST", "divio").is_empty());
        assert_eq!(book.strike("A", "POST", "lab"), [Effect::Hang]);
    }
}
