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
}

impl Mark {
    /// How much of what is written leaves. The head of an answer is written at once.
    fn within(self, written: &[u8]) -> usize {
        const LINE: &[u8] = b"\r\n";
        let line = written.windows(LINE.len()).position(|two| two == LINE);
        let line = line.map_or(written.len(), |at| at + LINE.len());
        match self {
            Mark::StatusLine => line,
            Mark::Headers => {
                const END: &[u8] = b"\r\n\r\n";
                let head = written.windows(END.len()).position(|four| four == END);
                head.map_or(line, |end| usize::midpoint(line, end))
            }
        }
    }
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
        if written.is_ready() {
            self.connection.cut();
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
