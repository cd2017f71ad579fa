//! What was typed on the last row before, to be recalled.

use super::Purpose;

/// So many texts of each purpose are remembered.
const REMEMBERED: usize = 20;

/// What was typed before, the newest last.
#[derive(Clone, Debug, Default)]
pub struct History(Vec<(Purpose, String)>);

impl History {
    /// Takes note of a text, as the newest.
    pub(super) fn remember(&mut self, purpose: Purpose, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let own = |(of, known): &(Purpose, String)| *of == purpose && known == text;
        self.0.retain(|known| !own(known));
        self.0.push((purpose, text.to_owned()));
        let count = self.0.iter().filter(|(of, _)| *of == purpose).count();
        let oldest = self.0.iter().position(|(of, _)| *of == purpose);
        if let Some(oldest) = oldest.filter(|_| count > REMEMBERED) {
            self.0.remove(oldest);
        }
    }

    /// The text so many back, from 1; `own` is not gone back to twice.
    pub(super) fn back(&self, purpose: Purpose, own: &str, steps: usize) -> Option<&str> {
        let newest = self.0.iter().rev();
        let mut of = newest.filter(|(of, text)| *of == purpose && text != own);
        of.nth(steps.checked_sub(1)?).map(|(_, text)| text.as_str())
    }
}
