//! Checks what README.md says of keys and commands against the program.

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use flightdeck::app::action::{ACTIONS, Row, Scope};
    use flightdeck::app::keymap::{DIFFERENCES, Preset};
    use flightdeck::model::catalogue::{Group, On, RECIPES, Recipe, recipes_for};
    use flightdeck::platforms::ADAPTERS;
    use flightdeck::sim::parse_faults;

    /// A part of README.md that is written by a test: its name, and what belongs there.
    type Part = (&'static str, fn() -> String);

    const PARTS: [Part; 3] = [
        ("keys", keys),
        ("presets", presets),
        ("operations", operations),
    ];

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
    fn every_effect_of_a_fault_is_named() {
        let readme = readme();
        let refused = parse_faults("[{}]").unwrap_err().to_string();
        let (_, effects) = refused.split_once("one of ").unwrap();
        let (effects, _) = effects.split_once(" is needed").unwrap();
        for effect in effects.split(", ") {
            assert!(readme.contains(&format!("`{effect}`")), "{effect}");
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

    #[test]
    fn every_operation_and_field_is_in_the_table() {
        let table = operations();
        let own = ADAPTERS
            .iter()
            .flat_map(|it| recipes_for(it.profile.specials));
        for recipe in RECIPES.iter().chain(own) {
            let start = format!("| `{}` |", recipe.name);
            let line = table.lines().find(|line| line.starts_with(&start));
            let line = line.unwrap_or_else(|| panic!("{} is missing", recipe.name));
            for field in recipe.asked() {
                let option = format!("--{}", field.name);
                assert!(line.contains(&option), "{option} is missing in {line}");
            }
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

    /// The operations with their options, as the program's own help tells them.
    fn operations() -> String {
        let mut text = String::new();
        for group in Group::ALL {
            let mut rows = String::new();
            for recipe in RECIPES.iter().filter(|recipe| recipe.group == group) {
                operation(&mut rows, recipe, "");
            }
            // What only one platform has stands below what all may have.
            for adapter in ADAPTERS {
                let own = adapter.profile.specials.iter().map(|it| &it.recipe);
                let only = format!(" ({} only)", adapter.profile.title);
                for recipe in own.filter(|recipe| recipe.group == group) {
                    operation(&mut rows, recipe, &only);
                }
            }
            if rows.is_empty() {
                continue;
            }
            let title = group.title();
            write!(
                text,
                "\n**{title}**\n\n| operation | does | on | options |\n|---|---|---|---|\n{rows}"
            )
            .unwrap();
        }
        text.push('\n');
        text
    }

    fn operation(text: &mut String, recipe: &Recipe, only: &str) {
        let Recipe { name, about, .. } = recipe;
        let (on, options) = (on(recipe.on), options(name));
        writeln!(text, "| `{name}` | {about}{only} | {on} | {options} |").unwrap();
    }

    fn on(on: On) -> &'static str {
        match on {
            On::Release => "environment or app",
            On::Environment => "environment",
            On::App => "app",
            On::Context => "`CONTEXT:`",
        }
    }

    /// What `do NAME -h` lists as inputs; in brackets where it can be left out.
    fn options(name: &str) -> String {
        let help = Command::new(env!("CARGO_BIN_EXE_flightdeck"))
            .args(["do", name, "-h"])
            .output()
            .unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let usage = help
            .lines()
            .find(|line| line.starts_with("Usage:"))
            .expect("help has a line of usage");
        let inputs = help
            .lines()
            .skip_while(|line| *line != "Inputs:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .map(str::trim)
            .filter(|line| line.starts_with("--"));
        let option = |line: &str| {
            let option = line.split("  ").next().unwrap_or_default();
            let option = option.replace(['<', '>'], "").replace("...", "");
            let long = option.split(' ').next().unwrap_or_default();
            // Of several ways to a secret one is needed.
            if usage.contains(&format!("{long} <")) || usage.contains(&format!("{long}>")) {
                format!("`{option}`")
            } else {
                format!("[`{option}`]")
            }
        };
        inputs.map(option).collect::<Vec<_>>().join(" ")
    }
}
