//! The way out of a session that does not answer: `~.` at the start of a line, as in ssh.

/// What was typed, on its way to the session.
#[derive(Debug)]
pub(super) struct Escape {
    at_line_start: bool,
    has_tilde: bool,
}

impl Default for Escape {
    fn default() -> Self {
        Self {
            at_line_start: true,
            has_tilde: false,
        }
    }
}

impl Escape {
    /// What of it goes to the session, and whether the session is to be left after that. A tilde
    /// at the start of a line waits for what follows; a second one sends it.
    pub(super) fn pass(&mut self, typed: &[u8]) -> (Vec<u8>, bool) {
        let mut passed = Vec::with_capacity(typed.len());
        for byte in typed {
            if std::mem::take(&mut self.has_tilde) {
                match byte {
                    b'.' => return (passed, true),
                    b'~' => {}
                    _ => passed.push(b'~'),
                }
            } else if self.at_line_start && *byte == b'~' {
                self.has_tilde = true;
                continue;
            }
            passed.push(*byte);
            self.at_line_start = matches!(byte, b'\r' | b'\n');
        }
        (passed, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &[&str], sent: &str, is_left: bool) {
        let mut escape = Escape::default();
        let (mut all, mut left) = (Vec::new(), false);
        for piece in typed {
            let (passed, leaves) = escape.pass(piece.as_bytes());
            all.extend(passed);
            left |= leaves;
        }
        let all = String::from_utf8(all).unwrap();
        assert_eq!((all.as_str(), left), (sent, is_left), "{typed:?}");
    }

    #[test]
    fn only_at_the_start_of_a_line_it_is_the_way_out() {
        check(&["~."], "", true);
        check(&["ls\r", "~", "."], "ls\r", true);
        check(&["ls ~."], "ls ~.", false);
        check(&["cd ~\r", "~."], "cd ~\r", true);
    }

    #[test]
    fn a_tilde_reaches_the_session_with_what_follows() {
        check(&["~/bin/x\r"], "~/bin/x\r", false);
        check(&["~~"], "~", false);
        check(&["~~."], "~.", false);
        check(&["~", "\r"], "~\r", false);
    }
}
