//! Checks what README.md says of keys and commands against the program.

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use flightdeck::app::action::{ACTIONS, Row, Scope};
    use flightdeck::app::keymap::{DIFFERENCES, Preset};

    /// A part of README.md that is written by a test: its name, and what belongs there.
    type Part = (&'static str, fn() -> String);

    const PARTS: [Part; 2] = [("keys", keys), ("presets", presets)];

    #[test]
    fn the_tables_of_keys_are_those_of_the_program() {
        let readme = readme();
        let mut right = readme.clone();
        for (name, text) in PARTS {
            let begin =
                format!("<!-- {name}: written by `UPDATE_README=1 cargo test --test readme` -->\n");
            let end = format!("<!-- end of {name} -->\n");
            let (before, rest) = right
                .split_once(&begin)
                .unwrap_or_else(|| panic!("README.md has no {name}"));
            let (_, after) = rest
                .split_once(&end)
                .unwrap_or_else(|| panic!("the {name} do not end"));
            right = format!("{before}{begin}{}{end}{after}", text());
        }
        if readme == right {
            return;
        }
        if is_update() {
            fs::write(file(), right).unwrap();
        } else {
            panic!("README.md is out of date: UPDATE_README=1 cargo test --test readme");
        }
    }

    #[test]
    fn every_preset_is_named() {
        let readme = readme();
        for (word, _) in Preset::WORDS {
            assert!(readme.contains(&format!("`{word}`")), "{word} is missing");
        }
    }

    #[test]
    fn every_action_and_key_is_in_the_table() {
        let keys = keys();
        for row in ACTIONS {
            let line = keys
                .lines()
                .find(|line| line.contains(&format!("`{}`", row.name)));
            let line = line.unwrap_or_else(|| panic!("{} is missing", row.name));
            for key in row.keys {
                assert!(
                    line.contains(&format!("`{key}`")),
                    "{key} is missing in {line}"
                );
            }
        }
    }

    #[test]
    fn every_command_is_named() {
        let readme = readme();
        let help = Command::new(env!("CARGO_BIN_EXE_flightdeck"))
            .arg("--help")
            .output()
            .unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let commands = help
            .lines()
            .skip_while(|line| *line != "Commands:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next())
            .filter(|command| *command != "help");
        let mut count = 0;
        for command in commands {
            count += 1;
            assert!(
                readme.contains(&format!("flightdeck {command}")),
                "{command} is missing"
            );
        }
        assert!(count > 3, "help lists commands:\n{help}");
        for line in help.lines().filter_map(|line| line.trim().split_once("--")) {
            let option = line.1.split_whitespace().next().unwrap_or("");
            assert!(
                readme.contains(&format!("--{option}")),
                "--{option} is missing"
            );
        }
    }

    fn keys() -> String {
        let mut text = String::new();
        for scope in Scope::ALL {
            let rows: Vec<_> = ACTIONS.iter().filter(|row| row.scope == scope).collect();
            if rows.is_empty() {
                continue;
            }
            let title = scope.title();
            write!(
                text,
                "\n**{title}**\n\n| key | does | name |\n|---|---|---|\n"
            )
            .unwrap();
            for row in rows {
                line(&mut text, row);
            }
        }
        text.push('\n');
        text
    }

    fn line(text: &mut String, row: &Row) {
        let keys: Vec<_> = row.keys.iter().map(|key| format!("`{key}`")).collect();
        let asks = if row.mutates { "; asks first" } else { "" };
        let (keys, about, name) = (keys.join(" "), row.about, row.name);
        writeln!(text, "| {keys} | {about}{asks} | `{name}` |").unwrap();
    }

    fn presets() -> String {
        let mut text = String::from("\n| preset | keys | name | as there |\n|---|---|---|---|\n");
        for row in DIFFERENCES {
            let known = Preset::WORDS.iter().find(|(_, it)| *it == row.preset);
            let (preset, _) = known.expect("every preset has a name");
            let keys: Vec<_> = row.keys.iter().map(|key| format!("`{key}`")).collect();
            let (keys, name, from) = (keys.join(" "), row.action.row().name, row.from);
            writeln!(text, "| `{preset}` | {keys} | `{name}` | {from} |").unwrap();
        }
        text.push('\n');
        text
    }

    fn file() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md")
    }

    fn readme() -> String {
        fs::read_to_string(file()).unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "asked for by who runs the test")]
    fn is_update() -> bool {
        std::env::var("UPDATE_README").is_ok()
    }
}
