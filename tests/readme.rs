//! Checks what README.md says of keys and commands against the program.

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use flightdeck::app::action::{ACTIONS, Row, Scope};

    const BEGIN: &str = "<!-- keys: written by `UPDATE_README=1 cargo test --test readme` -->\n";
    const END: &str = "<!-- end of keys -->\n";

    #[test]
    fn the_table_of_keys_is_that_of_the_program() {
        let readme = readme();
        let (before, rest) = readme
            .split_once(BEGIN)
            .expect("README.md has a table of keys");
        let (written, after) = rest.split_once(END).expect("the table of keys ends");
        let keys = keys();
        if written == keys {
            return;
        }
        if is_update() {
            fs::write(file(), format!("{before}{BEGIN}{keys}{END}{after}")).unwrap();
        } else {
            panic!("README.md is out of date: UPDATE_README=1 cargo test --test readme");
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
