//! Checks the table of modules in `ARCHITECTURE.md` against the source: who may import whom, and
//! what some modules must not know at all.
//!
//! The source is read as words, not parsed: comments and literals are taken out, the rest is cut
//! into names and signs. A path is seen wherever it stands, in a `use` or in the middle of an
//! expression, and code for tests counts like any other. What a macro puts together from pieces is
//! not seen.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A module and those it may import; itself always. The order is that of `ARCHITECTURE.md`.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("platforms", &["model"]),
    ("engine", &["model", "platforms"]),
    ("store", &["model"]),
    ("app", &["model"]),
    ("ui", &["model", "app"]),
    (
        "config",
        &["model", "platforms", "engine", "store", "app", "ui"],
    ),
    // A misreading that the simulator shared with an adapter would be invisible.
    ("sim", &[]),
    (
        "shell",
        &[
            "model",
            "platforms",
            "engine",
            "store",
            "app",
            "ui",
            "config",
            "sim",
        ],
    ),
    (
        "cli",
        &[
            "model",
            "platforms",
            "engine",
            "store",
            "app",
            "ui",
            "config",
            "sim",
            "shell",
        ],
    ),
];

/// Modules and crates that they must not name.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[
    (
        "model",
        &["tokio", "reqwest", "ratatui", "crossterm", "serde"],
    ),
    (
        "app",
        &["tokio", "reqwest", "ratatui", "crossterm", "serde"],
    ),
    ("ui", &["tokio", "reqwest", "crossterm"]),
    ("engine", &["reqwest", "ratatui", "crossterm"]),
    ("store", &["tokio", "reqwest", "ratatui", "crossterm"]),
    ("sim", &["reqwest", "ratatui", "crossterm"]),
    ("platforms", &["ratatui", "crossterm"]),
];

/// Where JSON without a type is at home: in what others defined.
const JSON_VALUES: &[&str] = &["platforms", "sim"];

/// What of `serde_json` is JSON without a type.
const UNTYPED: &[&str] = &["Value", "Map", "json", "from_value", "to_value"];

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut broken = String::new();
    for (module, file) in sources() {
        let tokens = tokens(&read(&file));
        for import in imports(&tokens, depth(&file)) {
            if !may_import(&module, &import.name) {
                complain(
                    &mut broken,
                    &file,
                    &import,
                    &format!("{module} must not import"),
                );
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn modules_do_not_name_what_they_must_not_know() {
    let mut broken = String::new();
    for (module, file) in sources() {
        for named in tokens(&read(&file)) {
            if must_not_name(&module, &named.name) {
                complain(
                    &mut broken,
                    &file,
                    &named,
                    &format!("{module} must not know"),
                );
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn json_without_a_type_stays_with_those_who_read_what_others_wrote() {
    let mut broken = String::new();
    for (module, file) in sources() {
        if JSON_VALUES.contains(&module.as_str()) {
            continue;
        }
        for found in untyped_json(&tokens(&read(&file))) {
            complain(&mut broken, &file, &found, "JSON is read into types, not");
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn what_the_model_defines_is_not_serialisable() {
    let mut broken = String::new();
    for (module, file) in sources() {
        for found in tokens(&read(&file)) {
            if module == "model" && matches!(found.name.as_str(), "Serialize" | "Deserialize") {
                complain(&mut broken, &file, &found, "the model must not derive");
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn the_table_knows_every_module_and_no_other() {
    let mut found: Vec<_> = sources().into_iter().map(|(module, _)| module).collect();
    found.dedup();
    let mut known: Vec<_> = MAY_IMPORT.iter().map(|(module, _)| *module).collect();
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn the_papers_have_the_same_table() {
    let papers = read(&root().join("ARCHITECTURE.md"));
    for (module, imports) in MAY_IMPORT {
        let row = papers
            .lines()
            .find(|line| line.starts_with(&format!("| `{module}` |")))
            .unwrap_or_default();
        assert!(!row.is_empty(), "ARCHITECTURE.md has no row for {module}");
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap_or("");
        let written: Vec<_> = cell.split('`').skip(1).step_by(2).collect();
        assert_eq!(written, *imports, "ARCHITECTURE.md, {module}");
    }
}

/// A word of the source, or a sign (`::`, `{`, …), and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    name: String,
    line: usize,
}

fn may_import(module: &str, other: &str) -> bool {
    let row = MAY_IMPORT.iter().find(|(name, _)| *name == module);
    module == other || row.is_some_and(|(_, allowed)| allowed.contains(&other))
}

fn must_not_name(module: &str, name: &str) -> bool {
    MUST_NOT_NAME
        .iter()
        .any(|(of, names)| *of == module && names.contains(&name))
}

fn complain(to: &mut String, file: &Path, token: &Token, rule: &str) {
    let file = file.strip_prefix(root()).unwrap_or(file).display();
    let Token { name, line } = token;
    writeln!(to, "{file}:{line}: {rule} `{name}`").ok();
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    let text = fs::read_to_string(file);
    assert!(text.is_ok(), "{}: {text:?}", file.display());
    text.unwrap_or_default()
}

/// Every source file with its module, in order; `lib.rs` and `main.rs` belong to none.
fn sources() -> Vec<(String, PathBuf)> {
    let source = root().join("src");
    let mut files = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && folder != source {
                let below = path.strip_prefix(&source).unwrap_or(&path);
                let module = below.components().next();
                let module = module.map(|it| it.as_os_str().to_string_lossy().into_owned());
                files.push((module.unwrap_or_default(), path));
            }
        }
    }
    files.sort();
    assert!(files.len() > 50, "only {} files were found", files.len());
    files
}

/// How many modules a file is below the crate's root.
fn depth(file: &Path) -> usize {
    let below = file.strip_prefix(root().join("src")).unwrap_or(file);
    let folders = below.components().count() - 1;
    if below.ends_with("mod.rs") {
        folders
    } else {
        folders + 1
    }
}

/// The modules at the crate's root that are named, by `crate::` or by as many `super::` as lead
/// there.
fn imports(tokens: &[Token], depth: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let mut modules = Vec::new();
    let mut braces = 0_usize;
    for (i, token) in tokens.iter().enumerate() {
        match token.name.as_str() {
            "{" => {
                braces += 1;
                if i >= 2 && tokens[i - 2].name == "mod" {
                    modules.push(braces);
                }
            }
            "}" => {
                modules.pop_if(|opened| *opened == braces);
                braces = braces.saturating_sub(1);
            }
            "crate" => found.extend(heads(&tokens[i + 1..])),
            // `use crate as …` would hide everything that follows.
            "as" if i >= 1 && tokens[i - 1].name == "crate" => found.push(token.clone()),
            "super" if !follows_super(tokens, i) => {
                let supers = tokens[i..]
                    .chunks(2)
                    .take_while(|pair| pair.len() == 2 && pair[0].name == "super")
                    .count();
                if supers >= depth + modules.len() {
                    found.extend(heads(&tokens[i + 2 * supers - 1..]));
                }
            }
            _ => {}
        }
    }
    found
}

fn follows_super(tokens: &[Token], i: usize) -> bool {
    i >= 2 && tokens[i - 1].name == "::" && tokens[i - 2].name == "super"
}

/// The first names of a path's rest: `::a::b` has `a`, `::{a::b, c}` has `a` and `c`.
fn heads(rest: &[Token]) -> Vec<Token> {
    let Some([colons, first]) = rest.first_chunk() else {
        return Vec::new();
    };
    if colons.name != "::" {
        return Vec::new();
    }
    if first.name != "{" {
        return vec![first.clone()];
    }
    let mut found = Vec::new();
    let mut nesting = 0_usize;
    for pair in rest[1..].windows(2) {
        match pair[0].name.as_str() {
            "{" => nesting += 1,
            "}" => nesting -= 1,
            _ => {}
        }
        let begins_item = matches!(pair[0].name.as_str(), "{" | ",");
        match nesting {
            0 => break,
            1 if begins_item && pair[1].name != "}" => found.push(pair[1].clone()),
            _ => {}
        }
    }
    found
}

/// Where JSON without a type is named.
fn untyped_json(tokens: &[Token]) -> Vec<Token> {
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if token.name == "serde_json" {
            let named = heads(&tokens[i + 1..]);
            found.extend(
                named
                    .into_iter()
                    .filter(|it| UNTYPED.contains(&it.name.as_str())),
            );
        }
    }
    found
}

/// Cuts source into names and signs, without comments and literals.
fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '/' if rest.starts_with("//") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, block_comment(rest)),
            '"' => (None, string(rest)),
            '\'' => (None, quote(rest)),
            ':' if rest.starts_with("::") => (Some("::"), 2),
            c if c == '_' || c.is_alphanumeric() => {
                let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric());
                let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
                match raw_string(word, rest) {
                    Some(length) => (None, length),
                    None => (Some(word), word.len()),
                }
            }
            c if c.is_whitespace() => (None, c.len_utf8()),
            c => (rest.get(..c.len_utf8()), c.len_utf8()),
        };
        found.extend(token.map(|name| Token {
            name: name.to_owned(),
            line,
        }));
        let (passed, next) = rest.split_at(length);
        line += passed.matches('\n').count();
        rest = next;
    }
    found
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut nesting = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            nesting += 1;
            at += 2;
        } else if here.starts_with("*/") {
            nesting -= 1;
            at += 2;
            if nesting == 0 {
                break;
            }
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
    }
    at.min(rest.len())
}

/// The length of a string that begins here.
fn string(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return at + 1,
            '\\' => drop(chars.next()),
            _ => {}
        }
    }
    rest.len()
}

/// The length of a raw string whose prefix is `word`, if it is one.
fn raw_string(word: &str, rest: &str) -> Option<usize> {
    if !matches!(word, "r" | "br" | "cr") {
        return None;
    }
    let after = rest.strip_prefix(word)?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let body = after.get(hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = word.len() + hashes + 1;
    Some(start + body.find(&end).map_or(body.len(), |at| at + end.len()))
}

/// The length of a character that begins here, or of the sign before a lifetime.
fn quote(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            // The escaped character itself may be a quote.
            chars.next();
            chars
                .find(|(_, c)| *c == '\'')
                .map_or(rest.len(), |(at, _)| at + 1)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            Some(_) | None => 1,
        },
        None => 1,
    }
}

mod parser {
    use super::*;

    fn names(found: Vec<Token>) -> Vec<String> {
        found.into_iter().map(|token| token.name).collect()
    }

    #[track_caller]
    fn check(source: &str, depth: usize, expected: &[&str]) {
        assert_eq!(
            names(imports(&tokens(source), depth)),
            expected,
            "{source:?}"
        );
    }

    #[test]
    fn paths_are_seen_wherever_they_stand() {
        check("use crate::model::App;", 1, &["model"]);
        check("pub(crate) use crate::engine;", 1, &["engine"]);
        check("fn f(x: &crate::ui::View<'_>) {}", 1, &["ui"]);
        check(
            "use crate::{app::State, model, engine::{a, b::c}};",
            1,
            &["app", "model", "engine"],
        );
        check(
            "use crate::{\n    app::{State, x::{y}},\n    store,\n};",
            1,
            &["app", "store"],
        );
        check(
            "#[cfg(test)] mod tests { use crate::shell; }",
            1,
            &["shell"],
        );
        check("let x = $crate::cli::run();", 1, &["cli"]);
        check("pub(in crate::app) fn f() {}", 1, &["app"]);
        check("pub(crate) fn f() {}", 1, &[]);
        check("use crate::*;", 1, &["*"]);
        check("use crate as everything;", 1, &["as"]);
    }

    #[test]
    fn a_path_upwards_is_seen_when_it_reaches_the_root() {
        check("use super::engine::Engine;", 1, &["engine"]);
        check("use super::rows;", 2, &[]);
        check("use super::super::ui::view;", 2, &["ui"]);
        check("mod tests { use super::super::ui; }", 1, &["ui"]);
        check("mod tests { use super::*; } use super::ui;", 1, &["ui"]);
        check(
            "mod tests { fn f() { { } } use super::super::super::{ui, cli::x}; }",
            2,
            &["ui", "cli"],
        );
    }

    #[test]
    fn comments_and_literals_say_nothing() {
        check("// use crate::ui;\n/// [`crate::ui`]\nfn f() {}", 1, &[]);
        check(
            "/* use /* crate::ui */ crate::cli; */ use crate::app;",
            1,
            &["app"],
        );
        check(
            r#"let a = "crate::ui \" crate::cli"; use crate::app;"#,
            1,
            &["app"],
        );
        check(
            r##"let a = r#"crate::ui " crate::cli"#; use crate::app;"##,
            1,
            &["app"],
        );
        check(r#"let a = b"\\"; use crate::app;"#, 1, &["app"]);
        check(
            "let a = ('\"', '\\'', '\\u{7f}', b'\"'); use crate::app;",
            1,
            &["app"],
        );
        check(
            "fn f<'a>(x: &'a str) -> &'static str { crate::app::x }",
            1,
            &["app"],
        );
    }

    #[test]
    fn lines_are_counted_through_literals_and_comments() {
        let found = imports(&tokens("/*\n\n*/ \"\n\" \nuse crate::ui;"), 1);
        assert_eq!(found.first().map(|token| token.line), Some(5));
    }

    #[test]
    fn untyped_json_is_found() {
        for bad in [
            "use serde_json::Value;",
            "use serde_json::{Map, to_writer};",
            "fn f(x: serde_json::Value) {}",
            "let x = serde_json::json!({});",
        ] {
            assert_eq!(untyped_json(&tokens(bad)).len(), 1, "{bad}");
        }
        let good = "serde_json::to_writer(out, &x)?; // serde_json::Value";
        assert_eq!(untyped_json(&tokens(good)), []);
    }

    #[test]
    fn the_table_can_say_no() {
        assert!(may_import("ui", "app") && may_import("ui", "ui"));
        for (module, other) in [
            ("app", "engine"),
            ("sim", "platforms"),
            ("model", "app"),
            ("ui", "*"),
            ("cli", "as"),
            ("unknown", "model"),
        ] {
            assert!(!may_import(module, other), "{module} {other}");
        }
        assert!(must_not_name("app", "tokio") && !must_not_name("engine", "tokio"));
    }

    #[test]
    fn depth_follows_the_file() {
        let depth = |file: &str| depth(&root().join("src").join(file));
        assert_eq!(depth("app/mod.rs"), 1);
        assert_eq!(depth("app/rows.rs"), 2);
        assert_eq!(depth("app/panes/mod.rs"), 2);
        assert_eq!(depth("app/panes/apps.rs"), 3);
    }
}
