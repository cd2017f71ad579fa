//! Bytes to and fro until somebody ends it.

use std::pin::pin;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;

use super::escape::Escape;
use crate::model::{Failure, Text};
use crate::platforms::{Console, ConsoleInput};

/// How a session was left.
#[derive(Debug, PartialEq)]
pub(super) enum Left {
    /// The other side ended it.
    Closed,
    /// By `~.`.
    Escaped,
    /// The process, or the terminal it has, is to end.
    Told,
    /// The way broke.
    Lost(Failure),
}

/// Hands what comes to the session and what the session writes to `out`. Takes the input with it, so
/// that whoever fills it ends.
pub(super) async fn relay(
    console: &mut dyn Console,
    mut input: mpsc::Receiver<ConsoleInput>,
    out: &mut (impl AsyncWrite + Unpin),
    told: impl Future<Output = ()>,
) -> Left {
    let mut escape = Escape::default();
    let mut told = pin!(told);
    loop {
        tokio::select! {
            () = &mut told => return Left::Told,
            given = input.recv() => {
                let Some(given) = given else { return Left::Told };
                let (given, leaves) = passed(&mut escape, given);
                if let Some(given) = given
                    && let Err(failure) = console.write(given).await
                {
                    return Left::Lost(failure);
                }
                if leaves {
                    return Left::Escaped;
                }
            }
            written = console.read() => match written {
                Ok(Some(bytes)) => {
                    if let Err(error) = write(out, &bytes).await {
                        return Left::Lost(gone(&error));
                    }
                }
                Ok(None) => return Left::Closed,
                Err(failure) => return Left::Lost(failure),
            },
        }
    }
}

/// What goes to the session, and whether it is left after that.
fn passed(escape: &mut Escape, given: ConsoleInput) -> (Option<ConsoleInput>, bool) {
    match given {
        ConsoleInput::Typed(typed) => {
            let (bytes, leaves) = escape.pass(&typed);
            let typed = (!bytes.is_empty()).then_some(ConsoleInput::Typed(bytes));
            (typed, leaves)
        }
        ConsoleInput::Size(..) => (Some(given), false),
    }
}

async fn write(out: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    out.write_all(bytes).await?;
    out.flush().await
}

fn gone(error: &std::io::Error) -> Failure {
    Failure::Local {
        problem: Text::clean(&format!("the terminal is gone: {error}")),
        advice: Text::clean("open another one"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::future::pending;

    use super::*;
    use crate::model::NetworkProblem;
    use crate::platforms::Answer;

    /// Writes what it has, then repeats what it is told, and is over after `exit`.
    #[derive(Default)]
    struct Echo {
        writes: VecDeque<Result<Option<Vec<u8>>, Failure>>,
        told: Vec<ConsoleInput>,
    }

    impl Console for Echo {
        fn read(&mut self) -> Answer<'_, Option<Vec<u8>>> {
            Box::pin(async {
                match self.writes.pop_front() {
                    Some(next) => next,
                    None => pending().await,
                }
            })
        }

        fn write(&mut self, input: ConsoleInput) -> Answer<'_, ()> {
            if let ConsoleInput::Typed(bytes) = &input {
                let is_exit = bytes == b"exit\r";
                self.writes.push_back(Ok((!is_exit).then(|| bytes.clone())));
            }
            self.told.push(input);
            Box::pin(async { Ok(()) })
        }
    }

    async fn check(echo: &mut Echo, input: &[ConsoleInput], expected: Left) -> String {
        let (sender, receiver) = mpsc::channel(8);
        for piece in input {
            sender.send(piece.clone()).await.unwrap();
        }
        // Without anything to type the terminal is gone from the beginning.
        let _keyboard = (!input.is_empty()).then_some(sender);
        let mut out = Vec::new();
        let left = relay(echo, receiver, &mut out, pending()).await;
        assert_eq!(left, expected);
        String::from_utf8(out).unwrap()
    }

    fn typed(text: &str) -> ConsoleInput {
        ConsoleInput::Typed(text.into())
    }

    fn broken() -> Failure {
        Failure::Network {
            problem: NetworkProblem::Reset,
            sent: true,
            detail: Text::default(),
        }
    }

    #[tokio::test]
    async fn bytes_go_both_ways_as_they_are_until_the_other_side_ends_it() {
        let mut echo = Echo::default();
        let input = [
            ConsoleInput::Size(80, 24),
            typed("\u{1b}[A~ls\r"),
            typed("exit\r"),
        ];
        let out = check(&mut echo, &input, Left::Closed).await;
        assert_eq!(out, "\u{1b}[A~ls\r");
        assert_eq!(echo.told, input);
    }

    #[tokio::test]
    async fn a_session_that_does_not_answer_can_be_left() {
        let mut echo = Echo::default();
        let input = [typed("sleep 99\r"), typed("~.")];
        check(&mut echo, &input, Left::Escaped).await;
        assert_eq!(echo.told, [typed("sleep 99\r")]);
    }

    #[tokio::test]
    async fn a_broken_way_and_a_lost_terminal_end_it() {
        let mut echo = Echo {
            writes: [Ok(Some(b"$ ".to_vec())), Err(broken())].into(),
            told: Vec::new(),
        };
        let (_keyboard, input) = mpsc::channel(1);
        let mut out = Vec::new();
        let left = relay(&mut echo, input, &mut out, pending()).await;
        assert_eq!((left, out.as_slice()), (Left::Lost(broken()), &b"$ "[..]));
        check(&mut Echo::default(), &[], Left::Told).await;
    }
}
