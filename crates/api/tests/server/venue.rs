//! A server with a small router, and what a client does to it.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use maci_api::server::{CertificateFiles, Control, Limits, Server, ServerError, ServerSettings, Tls};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running server.
pub(crate) struct Venue {
    pub(crate) address: SocketAddr,
    pub(crate) control: Control,
    /// Lets `/held` be answered.
    pub(crate) release: watch::Sender<bool>,
    /// How many `/held` requests have begun.
    pub(crate) held: watch::Receiver<u32>,
    pub(crate) serving: JoinHandle<Result<(), ServerError>>,
}

/// Limits so short that a test sees them.
pub(crate) fn short() -> Limits {
    Limits {
        header: Duration::from_millis(300),
        body: Duration::from_millis(300),
        unread: Duration::from_millis(300),
        ..Limits::default()
    }
}

impl Venue {
    /// Starts a server on a free port.
    pub(crate) fn open(tls: Tls, limits: Limits) -> Self {
        // the first test of the process decides; they all decide the same
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let settings = ServerSettings {
            listen: ([127, 0, 0, 1], 0).into(),
            tls,
            limits,
        };
        Self::of(Server::bind(settings).unwrap())
    }

    /// Lets a server serve.
    pub(crate) fn of(server: Server) -> Self {
        let (release, released) = watch::channel(false);
        let (began, held) = watch::channel(0);
        let hold = move || {
            let mut released = released.clone();
            began.send_modify(|count| *count += 1);
            async move {
                let _ = released.wait_for(|released| *released).await;
                "held and let go"
            }
        };
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/echo", post(|body: String| async { body }))
            .route("/large", get(|| async { vec![b'x'; 64 << 20] }))
            .route("/held", get(hold));
        Self {
            address: server.address(),
            control: server.control(),
            release,
            held,
            serving: tokio::spawn(server.serve(router)),
        }
    }
}

/// Writes a fresh self-signed certificate for `localhost` into a folder, and returns it in PEM.
pub(crate) fn certify(folder: &Path) -> String {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let files = files_in(folder);
    // the key first: a look between the two writes must not find a pair that fits by accident
    fs::write(files.key, signing_key.serialize_pem()).unwrap();
    fs::write(files.certificates, cert.pem()).unwrap();
    cert.pem()
}

/// Where [`certify`] writes, looked at often.
pub(crate) fn files_in(folder: &Path) -> CertificateFiles {
    CertificateFiles {
        certificates: folder.join("certificates.pem"),
        key: folder.join("key.pem"),
        look_every: Duration::from_millis(20),
    }
}
