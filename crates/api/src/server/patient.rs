use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep};

/// What an HTTP/2 client says first. Until the first byte that differs, the server waits to learn which protocol it is
/// to speak, and nothing but [`Patient`] bounds that wait.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection that is closed when its client stalls: before it has said which protocol it speaks, or while it leaves
/// an answer unread. Holds the connection's place among the permitted ones.
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    opening: Option<Opening>,
    unread: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

/// The wait for the first bytes.
#[derive(Debug)]
struct Opening {
    deadline: Pin<Box<Sleep>>,
    seen: usize,
}

impl<S> Patient<S> {
    /// Expects the first bytes within `opening`, and answers to be read within `unread`.
    pub(super) fn new(stream: S, place: OwnedSemaphorePermit, opening: Duration, unread: Duration) -> Self {
        Self {
            stream,
            opening: Some(Opening {
                deadline: Box::pin(tokio::time::sleep(opening)),
                seen: 0,
            }),
            unread,
            stalled: None,
            _place: place,
        }
    }

    /// Passes a write's outcome on, unless nothing could be written for too long.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let unread = self.unread;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + unread)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the client does not read its answer",
        )))
    }
}

impl Opening {
    /// Whether these bytes show that the client does not start with the preface of HTTP/2, or has finished it.
    fn is_over(&mut self, bytes: &[u8]) -> bool {
        let expected = PREFACE.get(self.seen..).unwrap_or_default();
        let same = bytes
            .iter()
            .zip(expected)
            .take_while(|(byte, wanted)| byte == wanted)
            .count();
        self.seen += same;
        same < bytes.len() || self.seen == PREFACE.len()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        let Some(opening) = &mut self.opening else {
            return outcome;
        };
        if outcome.is_pending() {
            ready!(opening.deadline.as_mut().poll(cx));
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client says nothing")));
        }
        if opening.is_over(buffer.filled().get(before..).unwrap_or_default()) {
            self.opening = None;
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.bounded(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.bounded(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.bounded(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.bounded(cx, outcome)
    }
}
