//! Answers that do what a test says, byte by byte: for servers whose streams are cut, held back and
//! broken. What a server is otherwise like is its own affair.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::Semaphore;

/// What happens to a body.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// Bytes are sent.
    Send(Vec<u8>),
    /// The test says when it goes on.
    Wait,
    /// It goes on after a while.
    Pause(Duration),
    /// The connection breaks.
    Break,
    /// Nothing comes any more.
    Hang,
}

/// A body of one part.
pub(crate) fn send(text: impl Into<String>) -> Part {
    Part::Send(text.into().into_bytes())
}

/// A body in pieces of so many bytes.
pub(crate) fn pieces(body: &str, size: usize) -> Vec<Part> {
    let chunks = body.as_bytes().chunks(size);
    chunks.map(|chunk| Part::Send(chunk.to_vec())).collect()
}

/// What is answered, by method and path, oldest first; the last one stays.
pub(crate) struct Answers<A>(Vec<(&'static str, VecDeque<A>)>);

impl<A> Default for Answers<A> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<A: Clone> Answers<A> {
    /// Answers a call: `GET /1.0/apps/shop`.
    pub(crate) fn set(&mut self, call: &'static str, answers: impl IntoIterator<Item = A>) {
        self.0.retain(|(known, _)| *known != call);
        self.0.push((call, answers.into_iter().collect()));
    }

    /// The next answer to a call.
    pub(crate) fn next(&mut self, call: &str) -> Option<A> {
        let (_, answers) = self.0.iter_mut().find(|(known, _)| *known == call)?;
        match answers.len() {
            0 | 1 => answers.front().cloned(),
            _ => answers.pop_front(),
        }
    }
}

/// A body that does this; what waits goes on with every permit of the gate.
pub(crate) fn body(gate: Arc<Semaphore>, parts: VecDeque<Part>) -> Body {
    Body::from_stream(stream::unfold((gate, parts), |(gate, mut parts)| async {
        loop {
            match parts.pop_front()? {
                Part::Send(bytes) => {
                    // Others have their turn, so that a client sees the pieces as they were cut.
                    tokio::task::yield_now().await;
                    return Some((Ok(Bytes::from(bytes)), (gate, parts)));
                }
                Part::Wait => gate.acquire().await.unwrap().forget(),
                Part::Pause(pause) => tokio::time::sleep(pause).await,
                Part::Break => return Some((Err(io::Error::other("broken")), (gate, parts))),
                Part::Hang => std::future::pending().await,
            }
        }
    }))
}
