use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::HeaderValue;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::middleware::{self, AddExtension};
use axum::response::Response;
use axum_server::Handle;
use axum_server::accept::{Accept, DefaultAcceptor};
use axum_server::service::SendService;
use axum_server::tls_rustls::RustlsAcceptor;
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::acme::Acme;
use super::arrival;
use super::certificates::Certificates;
use super::guard::Guard;
use super::{Limits, ServerError, ServerSettings, Tls};

/// The router, told who is at the other end.
type Peered = AddExtension<Router, ConnectInfo<SocketAddr>>;

/// The most bytes that the headers of one request may take.
const HEADER_BYTES: u32 = 32 * 1_024;

/// For so long browsers come back with encryption alone, in seconds: a year.
const ONLY_ENCRYPTED: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Tells browsers never to come without encryption again.
async fn only_encrypted(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(ONLY_ENCRYPTED);
    response
}

/// A server that has its port and is not serving yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    encryption: Encryption,
    limits: Limits,
    control: Control,
}

#[derive(Debug)]
enum Encryption {
    Off,
    Files(Certificates),
    Acme(Box<Acme>),
}

/// Steers a server from outside. Clones steer the same one.
#[derive(Debug, Clone)]
pub struct Control {
    handle: Handle<SocketAddr>,
    reload: Arc<Notify>,
}

impl Control {
    /// Reads the certificate files again.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Takes no more connections, lets requests under way be answered, and closes what is left after `patience`.
    pub fn stop(&self, patience: Duration) {
        self.handle.graceful_shutdown(Some(patience));
    }

    /// Closes everything now.
    pub fn close(&self) {
        self.handle.shutdown();
    }

    /// Connections at the moment.
    pub fn connections(&self) -> usize {
        self.handle.connection_count()
    }
}

impl Server {
    /// Takes the port and reads the certificates, so that what is wrong with either is known before anything else starts.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub fn bind(settings: ServerSettings) -> Result<Self, ServerError> {
        let ServerSettings { listen, tls, limits } = settings;
        let failed = |source| ServerError::Bind {
            address: listen,
            source,
        };
        let encryption = match tls {
            Tls::Off => Encryption::Off,
            Tls::Files(files) => Encryption::Files(Certificates::open(files)?),
            Tls::Acme(acme) => Encryption::Acme(Box::new(Acme::prepare(&acme)?)),
        };
        let listener = TcpListener::bind(listen).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let control = Control {
            handle: Handle::new(),
            reload: Arc::new(Notify::new()),
        };
        Ok(Self {
            listener,
            address,
            encryption,
            limits,
            control,
        })
    }

    /// Where it listens; the port is the one that was free when 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether connections are encrypted.
    pub fn is_encrypted(&self) -> bool {
        !matches!(self.encryption, Encryption::Off)
    }

    /// For stopping it and reloading its certificates.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// [`ServerError::Serve`] when the listener breaks.
    pub async fn serve(self, router: Router) -> Result<(), ServerError> {
        let Self {
            listener,
            address,
            encryption,
            limits,
            control,
        } = self;
        let body = limits.body;
        let mut router = router.layer(middleware::map_request(move |request: Request| async move {
            arrival::within(body, request)
        }));
        if !matches!(encryption, Encryption::Off) {
            router = router.layer(middleware::map_response(only_encrypted));
        }
        let run = Run {
            listener,
            address,
            limits,
            handle: control.handle,
            router,
        };
        match encryption {
            Encryption::Off => run.with(DefaultAcceptor::new()).await,
            Encryption::Files(certificates) => {
                let acceptor = RustlsAcceptor::new(certificates.served()).handshake_timeout(limits.header);
                let _following = Aborted(tokio::spawn(certificates.follow(control.reload)));
                run.with(acceptor).await
            }
            Encryption::Acme(acme) => {
                let acceptor = acme.acceptor();
                let _following = Aborted(tokio::spawn(acme.follow()));
                run.with(acceptor).await
            }
        }
    }
}

/// Everything that serving takes but the handshake.
struct Run {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
    handle: Handle<SocketAddr>,
    router: Router,
}

impl Run {
    async fn with<A>(self, handshake: A) -> Result<(), ServerError>
    where
        A: Accept<TcpStream, Peered> + Clone + Send + Sync + 'static,
        A::Future: Send,
        A::Stream: AsyncRead + AsyncWrite + Unpin + Send,
        A::Service: SendService<axum::http::Request<Incoming>> + Send,
    {
        let Self {
            listener,
            address,
            limits,
            handle,
            router,
        } = self;
        let broke = |source| ServerError::Serve { address, source };
        let mut server = axum_server::from_tcp(listener)
            .map_err(broke)?
            .acceptor(Guard::new(handshake, limits))
            .handle(handle);
        let builder = server.http_builder();
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_buf_size(HEADER_BYTES as usize);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(limits.header)
            .keep_alive_timeout(limits.header)
            .max_concurrent_streams(limits.streams)
            .max_header_list_size(HEADER_BYTES);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        server.serve(service).await.map_err(broke)
    }
}

/// A task that ends with its owner.
#[derive(Debug)]
struct Aborted(JoinHandle<()>);

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}
