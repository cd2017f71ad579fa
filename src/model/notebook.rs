//! What an adapter wants to find again in its next run.

use std::sync::{Mutex, PoisonError};

/// Short texts that an adapter keeps between runs, one list per context: what its platform does not
/// list. They carry no secret. Losing them costs what they told and nothing else.
pub trait Notebook: Send + Sync {
    /// What is noted, oldest first. May block.
    fn notes(&self) -> Vec<String>;

    /// Notes one line more; the oldest go when there are many. May block. What cannot be kept is
    /// told in the log only.
    fn note(&self, line: &str);
}

/// A notebook that ends with the program: for the demo, and for tests.
#[derive(Debug, Default)]
pub struct Scratch(Mutex<Vec<String>>);

impl Notebook for Scratch {
    fn notes(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, line: &str) {
        const MOST: usize = 1_000;
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() == MOST {
            notes.remove(0);
        }
        notes.push(line.to_owned());
    }
}
