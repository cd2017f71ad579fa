//! Files as they are, and as they should not be; several at once.

use std::fs;
use std::thread;

use super::*;

const ORIGIN: &str = "https://api.example.com";

fn at(state: &Path) -> Kept {
    Kept::new(state, "a", ORIGIN)
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let state = tempfile::tempdir().unwrap();
    let file = at(state.path()).file;
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    (state, file)
}

fn numbers(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

#[track_caller]
fn check(text: &[u8], expected: &[&str]) {
    let (state, file) = place();
    fs::write(file, text).unwrap();
    let shown = String::from_utf8_lossy(&text[..text.len().min(200)]);
    assert_eq!(at(state.path()).notes(), expected, "{shown}");
}

#[test]
fn what_is_noted_is_found_again_and_only_there() {
    let state = tempfile::tempdir().unwrap();
    let first = at(&state.path().join("not/yet"));
    assert_eq!(first.notes(), Vec::<String>::new());
    let notes = ["one", "with \"quotes\", a\nbreak and é", ""];
    for note in notes {
        first.note(note);
    }
    assert_eq!(at(&state.path().join("not/yet")).notes(), notes);
    let others = [("b", ORIGIN), ("A", ORIGIN), ("a", "http://127.0.0.1:1")];
    for (context, origin) in others {
        let other = Kept::new(&state.path().join("not/yet"), context, origin);
        assert_eq!(other.notes(), Vec::<String>::new(), "{context} {origin}");
    }
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let state = Path::new("/state");
    let mut seen = Vec::new();
    for name in ["../../x", "a/b", "a.b", "a-b", "", "é", &"x".repeat(500)] {
        let file = Kept::new(state, name, ORIGIN).file;
        assert_eq!(file.parent(), Some(Path::new("/state/notebooks")), "{name}");
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name.len() < 100 && !name.starts_with('.'), "{name}");
        assert!(!seen.contains(&name), "{name}");
        seen.push(name);
    }
}

#[test]
fn what_is_no_note_is_read_over() {
    check(b"", &[]);
    check(b"\n\n", &[]);
    check(b"{\"note\":\"a\"}\n{\"note\":\"b", &["a"]);
    check(b"{\"note\":\"a\"}\n{\"note\":\"b\"}", &["a"]);
    check(
        b"plain\n{\"note\":7}\n[]\n{\"note\":\"a\",\"more\":1}\n",
        &["a"],
    );
    check(b"\xff\xfe\0\n{\"note\":\"a\"}\n", &["a"]);
    let mut huge = b"{\"note\":\"".to_vec();
    huge.resize(3 * LINE, b'x');
    huge.extend(b"\"}\n{\"note\":\"a\"}\n");
    check(&huge, &["a"]);
}

#[test]
fn a_torn_end_costs_nothing_that_is_noted_after_it() {
    let (state, file) = place();
    fs::write(&file, "{\"note\":\"a\"}\n{\"note\":\"b").unwrap();
    let notebook = at(state.path());
    notebook.note("c");
    assert_eq!(notebook.notes(), ["a", "c"]);
    let text = fs::read_to_string(file).unwrap();
    assert!(
        text.ends_with("\n{\"note\":\"b\n{\"note\":\"c\"}\n"),
        "{text}"
    );
}

#[test]
fn the_newest_are_kept_and_the_file_stays_short() {
    let (state, file) = place();
    let notebook = at(state.path());
    let all = MOST + 2 * SLACK + 7;
    for number in numbers(0..all) {
        notebook.note(&number);
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= MOST + SLACK);
    }
    assert_eq!(notebook.notes(), numbers(all - MOST..all));
    let folder = fs::read_dir(file.parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 2, "the file and its lock");
}

#[test]
fn of_a_huge_file_the_end_is_read_and_kept() {
    let (state, file) = place();
    let line = format!("{}\n", "x".repeat(LINE / 2));
    let mut text = line.repeat(usize::try_from(FILE).unwrap() / line.len() + 2);
    text.push_str("{\"note\":\"a\"}\n");
    fs::write(&file, text).unwrap();
    let notebook = at(state.path());
    assert_eq!(notebook.notes(), ["a"]);
    notebook.note("b");
    assert_eq!(fs::metadata(&file).unwrap().len(), 26);
    assert_eq!(notebook.notes(), ["a", "b"]);
}

#[test]
fn several_at_once_lose_nothing() {
    const WRITERS: usize = 8;
    const EACH: usize = 100;
    let state = tempfile::tempdir().unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            // A notebook of its own is what another process has: they share the file alone.
            let notebook = at(state.path());
            scope.spawn(move || {
                for number in 0..EACH {
                    notebook.note(&format!("{writer} {number}"));
                    assert!(!notebook.notes().is_empty());
                }
            });
        }
    });
    let notes = at(state.path()).notes();
    assert_eq!(notes.len(), WRITERS * EACH);
    for writer in 0..WRITERS {
        let own = notes
            .iter()
            .filter(|note| note.starts_with(&format!("{writer} ")));
        let expected = (0..EACH).map(|number| format!("{writer} {number}"));
        assert!(own.eq(expected.collect::<Vec<_>>().iter()), "{writer}");
    }
}

#[test]
fn several_that_shorten_at_once_keep_the_newest() {
    const WRITERS: usize = 4;
    let each = (MOST + 2 * SLACK) / WRITERS;
    let (state, file) = place();
    let started = numbers(0..MOST + SLACK).join("\"}\n{\"note\":\"");
    fs::write(&file, format!("{{\"note\":\"{started}\"}}\n")).unwrap();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let notebook = at(state.path());
            scope.spawn(move || (0..each).for_each(|n| notebook.note(&format!("{writer} {n}"))));
        }
    });
    let notes = at(state.path()).notes();
    assert_eq!(notes.len(), MOST);
    // All of them are new: so many were noted.
    assert!(notes.iter().all(|note| note.contains(' ')));
    for writer in 0..WRITERS {
        let last = format!("{writer} {}", each - 1);
        assert_eq!(notes.iter().filter(|note| **note == last).count(), 1);
    }
}

#[test]
fn what_cannot_be_written_lasts_as_long_as_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("file");
    fs::write(&blocked, "").unwrap();
    let notebook = at(&blocked);
    notebook.note("a");
    assert_eq!(notebook.notes(), ["a"]);
    let notebook = at(dir.path());
    notebook.note("b");
    let long = "x".repeat(LINE);
    notebook.note(&long);
    assert_eq!(notebook.notes(), ["b", &long]);
    assert_eq!(at(dir.path()).notes(), ["b"]);
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let notebook = at(&state);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for number in numbers(0..MOST + SLACK + 1) {
        notebook.note(&number);
        if number == "0" {
            assert_eq!(mode(&notebook.file), 0o600);
        }
    }
    // Shortened by now.
    assert_eq!(notebook.notes().len(), MOST);
    assert_eq!(mode(&notebook.file), 0o600);
    assert_eq!(mode(&notebook.file.with_extension("lock")), 0o600);
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(notebook.file.parent().unwrap()), 0o700);
}
