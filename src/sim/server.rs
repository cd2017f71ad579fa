//! Listening sockets whose connections can be cut, one by one or all at once.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{
    Router,
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stopped: CancellationToken,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves the routes on a socket that is already bound.
    pub(crate) fn start(listener: TcpListener, router: Router) -> io::Result<Server> {
        let address = listener.local_addr()?;
        let stopped = CancellationToken::new();
        let listener = CuttingListener {
            listener,
            stopped: stopped.clone(),
        };
        let service = router.into_make_service_with_connect_info::<Connection>();
        let serving = async move {
            // The error type of a server that runs for ever: it never comes.
            let _ended = axum::serve(listener, service).await;
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the simulator's one task per socket; ended by `stop` or by dropping"
        )]
        let accepting = tokio::spawn(serving);
        Ok(Server {
            address,
            stopped,
            accepting: Some(accepting),
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts all connections and returns when the port is free again.
    pub(crate) async fn stop(mut self) {
        self.stopped.cancel();
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            // Cancelled is what was asked for; the socket is closed when this returns.
            let _cancelled = accepting.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.cancel();
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
    }
}

/// Binds the address, or for a further server the next free port after it.
pub(crate) async fn bind(first: SocketAddr, taken: Option<u16>) -> io::Result<TcpListener> {
    const TRIES: u16 = 32;
    let Some(previous) = taken.filter(|_| first.port() != 0) else {
        return TcpListener::bind(SocketAddr::new(
            first.ip(),
            taken.map_or(first.port(), |_| 0),
        ))
        .await;
    };
    for step in 1..=TRIES {
        let Some(port) = previous.checked_add(step) else {
            break;
        };
        if let Ok(listener) = TcpListener::bind(SocketAddr::new(first.ip(), port)).await {
            return Ok(listener);
        }
    }
    TcpListener::bind(SocketAddr::new(first.ip(), 0)).await
}

/// Where in the head of an answer a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// After its first line.
    StatusLine,
    /// In the middle of the headers.
    Headers,
    /// So many bytes after the headers: for streams, whose length nobody knows.
    Body(u64),
    /// After so many bytes more.
    Bytes(u64),
}

impl Mark {
    /// How much of what is to be written leaves. The head of an answer is written at once.
    fn within(self, bytes: &[u8]) -> usize {
        let line = end(bytes, b"\r\n").unwrap_or(bytes.len());
        let head = end(bytes, b"\r\n\r\n");
        match self {
            Mark::StatusLine => line,
            Mark::Headers => head.map_or(line, |head| usize::midpoint(line, head)),
            Mark::Body(most) => head.map_or(bytes.len(), |head| head.saturating_add(small(most))),
            Mark::Bytes(most) => small(most),
        }
        .min(bytes.len())
    }

    /// Where the connection is cut once these bytes have left; none if that is now.
    fn beyond(self, sent: &[u8]) -> Option<Mark> {
        let after = |most: u64, head: usize| {
            let left = small(most).saturating_sub(sent.len() - head);
            (left > 0).then_some(Mark::Bytes(left as u64))
        };
        match self {
            Mark::StatusLine | Mark::Headers => None,
            Mark::Body(most) => match end(sent, b"\r\n\r\n") {
                Some(head) => after(most, head),
                None => Some(self),
            },
            Mark::Bytes(most) => after(most, 0),
        }
    }
}

/// Where the first such words end.
fn end(bytes: &[u8], words: &[u8]) -> Option<usize> {
    let start = bytes.windows(words.len()).position(|some| some == words);
    start.map(|start| start + words.len())
}

fn small(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// One client's connection, as handlers see it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    ended: CancellationToken,
    mark: Arc<Mutex<Option<Mark>>>,
}

impl Connection {
    fn new(ended: CancellationToken) -> Connection {
        Connection {
            ended,
            mark: Arc::default(),
        }
    }

    /// Closes the connection: nothing that is not yet written will be.
    pub(crate) fn cut(&self) {
        self.ended.cancel();
    }

    /// Closes the connection within the next answer.
    pub(crate) fn cut_at(&self, mark: Mark) {
        *self.mark.lock().unwrap_or_else(PoisonError::into_inner) = Some(mark);
    }

    /// Waits until the connection is cut.
    pub(crate) async fn ended(&self) {
        self.ended.cancelled().await;
    }

    /// Whether it is cut, or was closed.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_cancelled()
    }

    fn mark(&self) -> Option<Mark> {
        *self.mark.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, CuttingListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, CuttingListener>) -> Connection {
        stream.io().connection.clone()
    }
}

struct CuttingListener {
    listener: TcpListener,
    stopped: CancellationToken,
}

impl Listener for CuttingListener {
    type Io = CuttingStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (CuttingStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        // Answers are small; without this each waits for the delayed acknowledgement.
        let _best_effort = stream.set_nodelay(true);
        let token = self.stopped.child_token();
        let cut = Box::pin(token.clone().cancelled_owned());
        (
            CuttingStream {
                stream,
                cut,
                connection: Connection::new(token),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A stream that fails in both directions once it is cut.
struct CuttingStream {
    stream: TcpStream,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    connection: Connection,
}

impl CuttingStream {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.cut.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl Drop for CuttingStream {
    /// Whoever waits for the end of the connection learns of it.
    fn drop(&mut self) {
        self.connection.cut();
    }
}

impl AsyncRead for CuttingStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttingStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        let Some(mark) = self.connection.mark() else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        let some = bytes.get(..mark.within(bytes)).unwrap_or(bytes);
        let written = Pin::new(&mut self.stream).poll_write(context, some);
        if let Poll::Ready(Ok(count)) = written {
            match mark.beyond(some.get(..count).unwrap_or(some)) {
                Some(mark) => self.connection.cut_at(mark),
                None => self.connection.cut(),
            }
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What leaves of these pieces until the connection is cut.
    fn check(mark: Mark, pieces: &[&str], expected: &str) {
        let (mut mark, mut sent) = (Some(mark), String::new());
        for piece in pieces {
            let Some(at) = mark else { break };
            let some = piece.get(..at.within(piece.as_bytes())).unwrap();
            sent.push_str(some);
            mark = at.beyond(some.as_bytes());
        }
        assert_eq!(sent, expected);
    }

    #[test]
    fn marks_lie_where_they_say() {
        const HEAD: &str = "HTTP/1.1 200 OK\r\na: b\r\n\r\n";
        check(Mark::StatusLine, &[HEAD, "body"], "HTTP/1.1 200 OK\r\n");
        check(Mark::Headers, &[HEAD], "HTTP/1.1 200 OK\r\na: b");
        check(Mark::Body(0), &[HEAD, "body"], HEAD);
        check(
            Mark::Body(6),
            &[HEAD, "body", "more"],
            &format!("{HEAD}bodymo"),
        );
        check(
            Mark::Body(6),
            &[&format!("{HEAD}body"), "more"],
            &format!("{HEAD}bodymo"),
        );
        check(Mark::Bytes(3), &["body"], "bod");
    }
}
