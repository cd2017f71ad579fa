//! A very small shell: what a command prints, and what a terminal shows of typed keys.

/// What a command has printed, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    pub(super) printed: String,
    /// 0 is success.
    pub(super) code: u8,
}

/// One command: its name, and what it makes of its arguments.
type Command = (&'static str, fn(&Place, &[&str]) -> Ran);

/// Where a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim::tsuru) struct Place {
    pub(super) app: String,
    pub(super) unit: String,
    /// Columns and rows of the terminal, if there is one.
    pub(super) size: Option<(u32, u32)>,
    /// What the terminal is called.
    pub(super) term: String,
}

const COMMANDS: [Command; 10] = [
    ("ls", |_, _| done("Procfile\napp.py\nrequirements.txt\n")),
    ("pwd", |_, _| done("/home/application/current\n")),
    ("whoami", |_, _| done("ubuntu\n")),
    ("echo", |_, words| done(format!("{}\n", words.join(" ")))),
    ("hostname", |place, _| done(format!("{}\n", place.unit))),
    ("env", |place, _| {
        // Values stay out of it: what is shown here is logged elsewhere.
        done(format!(
            "TSURU_APPNAME={}\nTERM={}\n",
            place.app, place.term
        ))
    }),
    ("stty", |place, _| match place.size {
        Some((columns, rows)) => done(format!("{rows} {columns}\n")),
        None => failed(
            "stty: 'standard input': Inappropriate ioctl for device\n",
            1,
        ),
    }),
    ("colours", |_, _| {
        done("\u{1b}[31mred\u{1b}[0m caf\u{e9} \u{1f980}\n")
    }),
    ("true", |_, _| done("")),
    ("false", |_, _| failed("", 1)),
];

fn done(printed: impl Into<String>) -> Ran {
    failed(printed, 0)
}

fn failed(printed: impl Into<String>, code: u8) -> Ran {
    Ran {
        printed: printed.into(),
        code,
    }
}

/// Runs one command.
pub(super) fn run(place: &Place, line: &str) -> Ran {
    const NOT_FOUND: u8 = 127;
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((name, arguments)) = words.split_first() else {
        return done("");
    };
    match COMMANDS.iter().find(|(known, _)| known == name) {
        Some((_, command)) => command(place, arguments),
        None => failed(format!("sh: 1: {name}: not found\n"), NOT_FOUND),
    }
}

/// A terminal with a shell in it.
#[derive(Debug)]
pub(super) struct Terminal {
    place: Place,
    line: String,
    pub(super) has_ended: bool,
}

impl Terminal {
    pub(super) fn new(place: Place) -> Terminal {
        Terminal {
            place,
            line: String::new(),
            has_ended: false,
        }
    }

    /// What is shown when one may type.
    pub(super) fn prompt(&self) -> String {
        format!("\u{1b}[32mubuntu@{}\u{1b}[0m:~$ ", self.place.unit)
    }

    /// What is shown after these keys.
    pub(super) fn typed(&mut self, keys: &str) -> String {
        let mut shown = String::new();
        for key in keys.chars() {
            match key {
                '\r' | '\n' => shown.push_str(&self.entered()),
                '\u{4}' if self.line.is_empty() => shown.push_str(&self.left()),
                '\u{3}' => {
                    self.line.clear();
                    shown.push_str(&format!("^C\r\n{}", self.prompt()));
                }
                '\u{7f}' | '\u{8}' => {
                    if self.line.pop().is_some() {
                        shown.push_str("\u{8} \u{8}");
                    }
                }
                _ if key.is_control() => {}
                _ => {
                    self.line.push(key);
                    shown.push(key);
                }
            }
            if self.has_ended {
                break;
            }
        }
        shown
    }

    fn entered(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        if matches!(line.trim(), "exit" | "logout") {
            return format!("\r\n{}", self.left());
        }
        let printed = run(&self.place, &line).printed.replace('\n', "\r\n");
        format!("\r\n{printed}{}", self.prompt())
    }

    fn left(&mut self) -> String {
        self.has_ended = true;
        "exit\r\n".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            app: "shop".to_owned(),
            unit: "shop-web-1".to_owned(),
            size: Some((120, 40)),
            term: "xterm-256color".to_owned(),
        }
    }

    /// What is shown after these keys, typed one by one, contains a part.
    fn check(keys: &str, part: &str) {
        let mut terminal = Terminal::new(place());
        let shown: String = keys
            .chars()
            .map(|key| terminal.typed(&key.to_string()))
            .collect();
        assert!(shown.contains(part), "{shown:?}");
    }

    #[test]
    fn keys_are_echoed_and_commands_answered() {
        check("ls\r", "ls\r\nProcfile\r\napp.py");
        check("echo a b\r", "\r\na b\r\n");
        check("stty size\r", "\r\n40 120\r\n");
        check("env\r", "TERM=xterm-256color");
        check("lx\u{7f}s\r", "Procfile");
        check("lx\u{3}ls\r", "Procfile");
        check("nonsense\r", "nonsense: not found");
    }

    #[test]
    fn session_ends_when_asked_to() {
        for keys in ["exit\r", "\u{4}"] {
            let mut terminal = Terminal::new(place());
            assert!(terminal.typed(keys).contains("exit"));
            assert!(terminal.has_ended);
        }
    }

    #[test]
    fn command_without_a_terminal_has_a_result() {
        let place = Place {
            size: None,
            ..place()
        };
        assert_eq!(run(&place, "whoami").code, 0);
        assert_eq!(run(&place, "stty size").code, 1);
        assert_eq!(run(&place, "nonsense -x").code, 127);
    }
}
