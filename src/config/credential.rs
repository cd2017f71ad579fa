//! Where a token comes from: the `token` setting, and reading it when it is needed.
//!
//! A token is read late and again after it was rejected, so that renewing it needs no restart.
//! What is told about a source never carries the token, nor the arguments of a command.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use url::Url;

use super::Environment;
use super::context::is_loopback;
use super::discover::{Entry, Refusal, Tidy, Tool};
use crate::model::{AuthProblem, Failure, Secret, Text};
use crate::platforms::{Credential, TokenSource};

/// How long a command may take: a password manager asks its server, but not its user.
const COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// How long a command may go on after it closed its output.
const EXIT_LIMIT: Duration = Duration::from_secs(1);

/// More than any token, and less than a runaway command could fill the memory with.
const OUTPUT_LIMIT: u64 = 64 * 1024;

/// Where a token comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// It is written in the configuration.
    Literal(Secret),
    /// An environment variable.
    Variable(String),
    /// A file that only its owner can read.
    File(PathBuf),
    /// A program that prints it, with its arguments.
    Command(Vec<String>),
    /// The netrc entry of a host.
    Netrc { file: PathBuf, machine: String },
    /// A login that another program keeps; without a name the one that is in use there.
    Login {
        tool: &'static Tool,
        name: Option<String>,
    },
}

impl Source {
    /// What it is, in words for the screen.
    pub(super) fn describe(&self, environment: &Environment) -> Text {
        match self {
            Self::Literal(_) => Text::clean("the configuration file"),
            Self::Variable(name) => Text::clean(&format!("environment variable {name}")),
            Self::File(path) => Text::clean(&format!("file {}", path.display())),
            Self::Command(words) => Text::clean(&format!("command {}", program(words))),
            Self::Netrc { file, machine } => {
                Text::clean(&format!("{} (machine {machine})", file.display()))
            }
            Self::Login { tool, name } => {
                Text::clean(&(tool.describe)(environment, name.as_deref()))
            }
        }
    }

    /// What is already known to be wrong, or odd, without running anything.
    pub(super) fn look(
        &self,
        environment: &Environment,
        entry: &Entry,
        base_url: &Url,
    ) -> Result<(), Text> {
        let caution = match self {
            Self::Command(_) | Self::Netrc { .. } => return Ok(()),
            Self::Literal(_) | Self::Variable(_) | Self::File(_) => None,
            Self::Login { tool, name } => (tool.caution)(environment, name.as_deref()),
        };
        let token = self.token(environment, entry.tidy)?;
        let odd = || self.remark(environment, entry, base_url, &token);
        caution.or_else(odd).map_or(Ok(()), Err)
    }

    /// What is odd about a token that is sent all the same. Nothing is at a simulator.
    pub(super) fn remark(
        &self,
        environment: &Environment,
        entry: &Entry,
        base_url: &Url,
        token: &Secret,
    ) -> Option<Text> {
        let why = (entry.remark)(token).filter(|_| !is_loopback(base_url))?;
        let source = self.describe(environment);
        Some(Text::clean(&format!("{source} {why}")))
    }

    /// How the token is read from here on.
    pub(super) fn into_credential(self, environment: Environment, tidy: Tidy) -> Credential {
        if let Self::Login {
            tool,
            name: Some(name),
        } = &self
            && let Some(keep) = tool.keep
        {
            return keep(environment, name);
        }
        Arc::new(Sourced {
            source: self,
            environment,
            tidy,
        })
    }

    /// The token, fit to be sent.
    pub(super) fn token(&self, environment: &Environment, tidy: Tidy) -> Result<Secret, Text> {
        let found = self.read(environment)?;
        tidy(&found).map_err(|why| self.refused(environment, &why))
    }

    fn refused(&self, environment: &Environment, why: &Refusal) -> Text {
        let source = self.describe(environment);
        Text::clean(&format!("{source} {why}"))
    }

    fn read(&self, environment: &Environment) -> Result<Secret, Text> {
        match self {
            Self::Literal(token) => token_of(token.expose(), || "the configuration file".into()),
            Self::Variable(name) => {
                let missing = || Text::clean(&format!("environment variable {name} is not set"));
                let value = environment.variable(name).ok_or_else(missing)?;
                token_of(&value, || format!("environment variable {name}"))
            }
            Self::File(path) => {
                let text = private_text(path)?;
                token_of(&text, || format!("file {}", path.display()))
            }
            Self::Command(words) => {
                let printed = run(words, COMMAND_LIMIT)?;
                token_of(&printed, || format!("command {}", program(words)))
            }
            Self::Netrc { file, machine } => {
                let text = private_text(file)?;
                let missing =
                    || Text::clean(&format!("{} has no machine {machine}", file.display()));
                super::netrc::password(&text, machine).ok_or_else(missing)
            }
            Self::Login { tool, name } => {
                let token = (tool.read)(environment, name.as_deref())?;
                token_of(token.expose(), || self.describe(environment).to_string())
            }
        }
    }
}

/// A source that is read each time.
struct Sourced {
    source: Source,
    environment: Environment,
    tidy: Tidy,
}

impl TokenSource for Sourced {
    fn token(&self) -> Result<Secret, Failure> {
        let missing = |place| Failure::Auth(AuthProblem::Missing(place));
        let found = self.source.read(&self.environment).map_err(missing)?;
        (self.tidy)(&found).map_err(|why| match why {
            Refusal::Useless(_) => missing(self.source.refused(&self.environment, &why)),
            Refusal::Unfit { what, advice } => Failure::Auth(AuthProblem::Unfit {
                what: Text::clean(what),
                advice: Text::clean(advice),
            }),
        })
    }
}

/// The first line of `text`, which must be usable in a header.
pub(super) fn token_of(text: &str, place: impl Fn() -> String) -> Result<Secret, Text> {
    let line = text.lines().next().unwrap_or("").trim();
    if line.is_empty() {
        return Err(Text::clean(&format!("{} is empty", place())));
    }
    if line.contains(|c: char| c.is_control() || !c.is_ascii()) {
        let problem = "holds characters that no token has";
        return Err(Text::clean(&format!("{} {problem}", place())));
    }
    Ok(Secret::new(line))
}

/// The program of a command. Its arguments are not told: they may hold a secret.
fn program(words: &[String]) -> String {
    let name = words.first().map_or("", String::as_str);
    let arguments = if words.len() > 1 { " …" } else { "" };
    format!("{name}{arguments}")
}

/// A file that only its owner can read.
pub(super) fn private_text(path: &Path) -> Result<String, Text> {
    let refuse = |why: &str| Text::clean(&format!("file {} {why}", path.display()));
    let metadata = fs::metadata(path).map_err(|error| refuse(&cause(&error)))?;
    if !is_private(&metadata) {
        let advice = format!("can be read by others: chmod 600 {}", path.display());
        return Err(refuse(&advice));
    }
    fs::read_to_string(path).map_err(|error| refuse(&cause(&error)))
}

/// What went wrong with a file, in words that follow its name.
pub(super) fn cause(error: &io::Error) -> String {
    const KNOWN: [(io::ErrorKind, &str); 4] = [
        (io::ErrorKind::NotFound, "does not exist"),
        (io::ErrorKind::PermissionDenied, "is not open to this user"),
        (io::ErrorKind::IsADirectory, "is a folder"),
        (io::ErrorKind::InvalidData, "is not text (UTF-8)"),
    ];
    let known = KNOWN.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or_else(
        || format!("is of no use: {error}"),
        |(_, words)| (*words).into(),
    )
}

/// Whether nobody but the owner can read it.
#[cfg(unix)]
pub(super) fn is_private(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    metadata.permissions().mode() & OTHERS == 0
}

/// Other systems keep a user's files from other users by default and have no such bits.
#[cfg(not(unix))]
pub(super) fn is_private(_metadata: &Metadata) -> bool {
    true
}

/// Runs a command without a shell and gives what it printed.
fn run(words: &[String], limit: Duration) -> Result<String, Text> {
    let name = program(words);
    let refuse = |why: &str| Text::clean(&format!("command {name}: {why}"));
    let (first, rest) = words.split_first().ok_or_else(|| refuse("is empty"))?;
    let mut child = Command::new(first)
        .args(rest)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| refuse(&cause(&error)))?;
    let Some((printed, complained)) = outputs(&mut child, limit) else {
        end(&mut child);
        let seconds = limit.as_secs_f32();
        return Err(refuse(&format!("did not end within {seconds} s")));
    };
    match exit(&mut child) {
        Some(status) if status.success() => Ok(printed),
        Some(status) => Err(refuse(&format!("{status}: {}", shortened(&complained)))),
        None => Err(refuse("did not end")),
    }
}

/// Both outputs, once both are closed; nothing if that takes longer than `limit`.
fn outputs(child: &mut Child, limit: Duration) -> Option<(String, String)> {
    let (stdout, stderr) = (child.stdout.take()?, child.stderr.take()?);
    let (send, receive) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let complaining = thread::spawn(move || read_all(stderr));
        let printed = read_all(stdout);
        let complained = complaining.join().unwrap_or_default();
        // Nobody listens any more when the limit has passed.
        let _late = send.send((printed, complained));
    });
    receive.recv_timeout(limit).ok()
}

fn read_all(from: impl io::Read) -> String {
    let mut bytes = Vec::new();
    // What came before an error is enough: the exit status tells the rest.
    let _partial = from.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How the child ended; it has closed its outputs and is given a moment.
fn exit(child: &mut Child) -> Option<std::process::ExitStatus> {
    const STEP: Duration = Duration::from_millis(10);
    // A channel on which nothing comes: waiting on it is a sleep that blocks nobody else.
    let (_keep, nothing) = mpsc::sync_channel::<()>(1);
    let mut waited = Duration::ZERO;
    while waited < EXIT_LIMIT {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if nothing.recv_timeout(STEP) == Err(RecvTimeoutError::Disconnected) {
            break;
        }
        waited += STEP;
    }
    end(child);
    None
}

/// Ends a child that goes on too long.
fn end(child: &mut Child) {
    // It may have ended by itself in the meantime.
    let _ended = child.kill();
    let _reaped = child.wait();
}

/// What a command complained, short enough for a line.
fn shortened(complaint: &str) -> String {
    const CHARACTERS: usize = 200;
    let line = Text::clean(complaint);
    let mut short: String = line.as_str().chars().take(CHARACTERS).collect();
    if short.len() < line.as_str().len() {
        short.push('…');
    }
    if short.is_empty() {
        short.push_str("it said nothing");
    }
    short
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn command(line: &str) -> Source {
        Source::Command(shell_words::split(line).unwrap())
    }

    fn read(source: &Source, variables: &[(&str, &str)]) -> Result<String, String> {
        let token = source.read(&Environment::fixed(variables));
        token
            .map(|token| token.expose().to_owned())
            .map_err(|problem| problem.to_string())
    }

    fn written(mode: u32, text: &str) -> tempfile::NamedTempFile {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn a_variable_is_read_when_it_is_needed() {
        let source = Source::Variable("X".into());
        assert_eq!(read(&source, &[("X", "t0\n")]), Ok("t0".into()));
        let missing = Err("environment variable X is not set".to_owned());
        assert_eq!(read(&source, &[]), missing);
        assert_eq!(read(&source, &[("X", "")]), missing);
    }

    #[test]
    fn a_file_is_read_only_if_nobody_else_can() {
        let private = written(0o600, "t0\nsecond line\n");
        let path = private.path().to_owned();
        assert_eq!(read(&Source::File(path), &[]), Ok("t0".into()));
        let public = written(0o640, "canary");
        let path = public.path().to_owned();
        let refused = read(&Source::File(path.clone()), &[]).unwrap_err();
        assert!(refused.ends_with(&format!("chmod 600 {}", path.display())));
        assert!(!refused.contains("canary"));
    }

    #[test]
    fn a_command_prints_the_token() {
        assert_eq!(read(&command("echo 't 0'"), &[]), Ok("t 0".into()));
        let failed = read(&command("sh -c 'echo no session >&2; exit 3'"), &[]).unwrap_err();
        assert_eq!(failed, "command sh …: exit status: 3: no session");
        let missing = read(&command("flightdeck-no-such-program x"), &[]).unwrap_err();
        assert_eq!(
            missing,
            "command flightdeck-no-such-program …: does not exist"
        );
        assert_eq!(
            read(&command("true"), &[]),
            Err("command true is empty".into())
        );
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        let words = ["sleep".to_owned(), "60".to_owned()];
        let failed = run(&words, Duration::from_millis(50)).unwrap_err();
        assert_eq!(
            failed.as_str(),
            "command sleep …: did not end within 0.05 s"
        );
    }

    #[test]
    fn no_description_carries_a_secret() {
        let sources = [
            Source::Literal(Secret::new("canary")),
            command("echo canary"),
        ];
        for source in sources {
            let described = source.describe(&Environment::fixed(&[]));
            assert!(!described.as_str().contains("canary"));
            assert!(!format!("{described:?}").contains("canary"));
        }
    }

    #[test]
    fn what_cannot_be_a_token_is_refused() {
        let refused = read(&Source::Variable("X".into()), &[("X", "a\u{1b}[31m")]);
        assert!(refused.unwrap_err().contains("no token has"));
    }
}
