use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use axum_server::accept::Accept;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::Limits;
use super::patient::Patient;

/// Lets a connection in: when there is a place for it, and when its handshake ends in time.
#[derive(Debug, Clone)]
pub(super) struct Guard<A> {
    handshake: A,
    places: Arc<Semaphore>,
    limits: Limits,
}

impl<A> Guard<A> {
    /// Guards connections that `handshake` then takes.
    pub(super) fn new(handshake: A, limits: Limits) -> Self {
        Self {
            handshake,
            places: Arc::new(Semaphore::new(limits.connections)),
            limits,
        }
    }
}

impl<A, S> Accept<TcpStream, S> for Guard<A>
where
    A: Accept<TcpStream, S> + Clone + Send + Sync + 'static,
    A::Future: Send,
    A::Stream: Send,
    S: Send + 'static,
{
    type Stream = Patient<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self {
            handshake,
            places,
            limits,
        } = self.clone();
        Box::pin(async move {
            let Ok(place) = places.try_acquire_owned() else {
                metrics::counter!(crate::metrics::names::HTTP_REFUSED).increment(1);
                return Err(io::Error::new(
                    io::ErrorKind::ConnectionRefused,
                    "there are too many connections",
                ));
            };
            // answers are small and latency counts
            let _ = stream.set_nodelay(true);
            let (stream, service) = tokio::time::timeout(limits.header, handshake.accept(stream, service))
                .await
                .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the handshake took too long"))??;
            Ok((Patient::new(stream, place, limits.header, limits.unread), service))
        })
    }
}
