//! Lends a text to the user's own editor, as a file that nobody else can read and that is gone
//! afterwards, whatever happens.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::config::Environment;
use crate::model::{Secret, Text};

/// How the folder of a text begins; the number of the process that made it follows.
const PREFIX: &str = "edit-";
/// What is started where nobody chose: it is everywhere.
const FALLBACK: &str = "vi";
/// An editor that is told to end may put its terminal in order; then it is ended.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Nobody has variables of this size; what is larger was not written by hand.
const LARGEST: u64 = 16 << 20;
/// What keeps copies elsewhere is told not to: swap files, registers, undo history, backups.
const DISCREET: [(&str, &[&str]); 2] = [("vim", VIM), ("nvim", VIM)];
const VIM: &[&str] = &[
    "-n",
    "-i",
    "NONE",
    "--cmd",
    "autocmd BufNewFile,BufReadPre * set nobackup nowritebackup noundofile",
];

/// The user's editor, and where its files are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Editor {
    command: Option<String>,
    folder: Option<PathBuf>,
}

impl Editor {
    /// `$VISUAL`, else `$EDITOR`; files in `$XDG_RUNTIME_DIR`, which is in memory and private, else
    /// where flightdeck keeps its state.
    pub(crate) fn of(environment: &Environment) -> Self {
        let variable = |name| environment.variable(name);
        let runtime = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
        let runtime = runtime.filter(|dir| dir.is_absolute() && dir.is_dir());
        let runtime = runtime.map(|dir| dir.join("flightdeck"));
        Self {
            command: variable("VISUAL").or_else(|| variable("EDITOR")),
            folder: runtime.or_else(|| environment.state_dir()),
        }
    }

    /// Removes what a process left behind that was ended without a chance to.
    pub(crate) fn clear_leftovers(&self) {
        let entries = self.folder.as_ref().and_then(|dir| fs::read_dir(dir).ok());
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name();
            let owner = name.to_str().and_then(owner);
            if owner.is_some_and(|owner| !is_alive(owner)) {
                let _gone = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Writes the text and starts the editor on it.
    pub(crate) fn open(&self, text: &Secret) -> Result<Lent, Text> {
        let told = |what: &str, error: io::Error| Text::clean(&format!("{what}: {error}"));
        let folder = self.folder.as_deref();
        let folder = folder.ok_or("no private folder for the text: set XDG_RUNTIME_DIR")?;
        let (folder, file) = written(folder, text)
            .map_err(|error| told("the text cannot be handed to the editor", error))?;
        let command = self.command.as_deref().unwrap_or(FALLBACK);
        let child = command_for(command, &file)?.spawn();
        let child = child.map_err(|error| {
            let text = format!("{command} cannot be started; set VISUAL or EDITOR");
            told(&text, error)
        })?;
        Ok(Lent {
            _folder: folder,
            file,
            child,
        })
    }
}

/// A text that is in the editor. Its folder goes with it.
#[derive(Debug)]
pub(crate) struct Lent {
    _folder: TempDir,
    file: PathBuf,
    child: Child,
}

impl Lent {
    /// Resolves when the editor is closed.
    pub(crate) async fn closed(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends the editor.
    pub(crate) async fn end(mut self) {
        ask_to_end(&self.child);
        if tokio::time::timeout(LAST_WORDS, self.child.wait())
            .await
            .is_err()
        {
            let _gone = self.child.kill().await;
        }
    }

    /// The text as the editor left it, if that ended well.
    pub(crate) fn taken_back(self, status: io::Result<ExitStatus>) -> Result<Secret, Text> {
        match status {
            Ok(status) if status.success() => {}
            Ok(status) => {
                return Err(format!("the editor ended with {status}; nothing is staged").into());
            }
            Err(error) => return Err(format!("the editor is lost: {error}").into()),
        }
        let told =
            |error: io::Error| Text::clean(&format!("the text cannot be read back: {error}"));
        if fs::metadata(&self.file).map_err(told)?.len() > LARGEST {
            return Err("the text is too large to be read back".into());
        }
        fs::read_to_string(&self.file)
            .map(Secret::new)
            .map_err(told)
    }
}

fn written(folder: &Path, text: &Secret) -> io::Result<(TempDir, PathBuf)> {
    private_dir().recursive(true).create(folder)?;
    let prefix = format!("{PREFIX}{}-", std::process::id());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.tempdir_in(folder)?;
    let path = folder.path().join("variables.env");
    private_file(&path)?.write_all(text.expose().as_bytes())?;
    Ok((folder, path))
}

#[cfg(unix)]
fn private_dir() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(not(unix))]
fn private_dir() -> DirBuilder {
    DirBuilder::new()
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The command with the file as its last argument.
fn command_for(command: &str, file: &Path) -> Result<Command, Text> {
    let words = shell_words::split(command);
    let words = words.map_err(|error| Text::clean(&format!("{command}: {error}")))?;
    let (program, arguments) = words.split_first().ok_or("set VISUAL or EDITOR")?;
    let name = Path::new(program)
        .file_name()
        .and_then(|name| name.to_str());
    let discreet = DISCREET.iter().find(|(known, _)| Some(*known) == name);
    let mut command = Command::new(program);
    command
        .args(discreet.map_or(&[][..], |(_, arguments)| arguments))
        .args(arguments)
        .arg(file)
        .kill_on_drop(true);
    Ok(command)
}

/// The process that made a folder of this name.
fn owner(name: &str) -> Option<i32> {
    let (owner, _) = name.strip_prefix(PREFIX)?.split_once('-')?;
    owner.parse().ok()
}

#[cfg(unix)]
fn is_alive(process: i32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let tested = Pid::from_raw(process).map(test_kill_process);
    tested.is_some_and(|tested| tested != Err(rustix::io::Errno::SRCH))
}

/// Nobody can be asked: what may be in use stays.
#[cfg(not(unix))]
fn is_alive(_process: i32) -> bool {
    true
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
    let _gone = id.map(|id| kill_process(id, Signal::TERM));
}

#[cfg(not(unix))]
fn ask_to_end(_child: &Child) {}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn editor(folder: &Path, command: &str) -> Editor {
        Editor {
            command: Some(command.into()),
            folder: Some(folder.into()),
        }
    }

    fn left_in(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    async fn edited(folder: &Path, script: &str) -> Result<Secret, Text> {
        let script = format!("sh -c '{script}' editor");
        let mut lent = editor(folder, &script).open(&Secret::new("A=1\n"))?;
        let status = lent.closed().await;
        lent.taken_back(status)
    }

    #[tokio::test]
    async fn a_text_is_private_and_gone_afterwards() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state");
        let seen = home.path().join("seen");
        let seen = seen.to_str().unwrap();
        let script = format!(
            "ls -ld \"$0\" | cut -c1-10 > {seen}; \
             ls -ld \"$(dirname \"$0\")\" | cut -c1-10 >> {seen}; \
             echo B=2 >> \"$0\"; touch \"$0\".swp"
        );
        let command = format!("sh -c {}", shell_words::quote(&script));
        let mut lent = editor(&folder, &command)
            .open(&Secret::new("A=1\n"))
            .unwrap();
        let status = lent.closed().await;
        let text = lent.taken_back(status).unwrap();
        assert_eq!(text.expose(), "A=1\nB=2\n");
        assert_eq!(
            fs::read_to_string(seen).unwrap(),
            "-rw-------\ndrwx------\n"
        );
        assert_eq!(left_in(&folder), 0, "with all that lay beside it");
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[tokio::test]
    async fn an_editor_that_fails_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let failed = edited(home.path(), "exit 3").await.unwrap_err();
        assert!(failed.as_str().contains('3'), "{failed}");
        assert!(edited(home.path(), "rm \"$1\"").await.is_err());
        assert!(
            edited(home.path(), "printf \"\\377\" > \"$1\"")
                .await
                .is_err()
        );
        let missing = editor(home.path(), "no-such-editor-anywhere").open(&Secret::new(""));
        let told = missing.unwrap_err();
        assert!(told.as_str().contains("set VISUAL or EDITOR"), "{told}");
        assert_eq!(left_in(home.path()), 0);
    }

    #[tokio::test]
    async fn an_editor_can_be_ended() {
        let home = tempfile::tempdir().unwrap();
        let lent = editor(home.path(), "sh -c 'exec tail -f \"$0\"'").open(&Secret::new(""));
        lent.unwrap().end().await;
        assert_eq!(left_in(home.path()), 0);
    }

    #[test]
    fn what_the_dead_left_is_removed() {
        let home = tempfile::tempdir().unwrap();
        // No process has this number: it is above what systems hand out.
        let (dead, own) = (
            format!("{PREFIX}2147483646-x"),
            format!("{PREFIX}{}-x", std::process::id()),
        );
        for name in [dead.as_str(), own.as_str(), "places.toml", "edit-x"] {
            fs::create_dir(home.path().join(name)).unwrap();
        }
        editor(home.path(), "").clear_leftovers();
        assert!(!home.path().join(dead).exists());
        assert_eq!(left_in(home.path()), 3);
    }

    #[test]
    fn editors_that_keep_copies_are_told_not_to() {
        let command = command_for("/usr/bin/nvim -R", Path::new("/x")).unwrap();
        let arguments: Vec<_> = command.as_std().get_args().collect();
        assert_eq!(arguments.first(), Some(&"-n".as_ref()));
        assert_eq!(arguments.last(), Some(&"/x".as_ref()));
    }
}
