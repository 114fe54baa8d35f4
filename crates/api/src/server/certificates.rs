use std::io;
use std::path::Path;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio::sync::Notify;

use super::{CertificateFiles, ServerError};

/// Certificates from files, and what is served with them.
#[derive(Debug, Clone)]
pub(super) struct Certificates {
    files: CertificateFiles,
    served: RustlsConfig,
}

/// The files as they were read: what is made of them, and what they contained.
struct Read {
    config: Arc<ServerConfig>,
    content: [u8; 32],
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// [`ServerError::Certificate`] when they cannot be used.
    pub(super) fn open(files: CertificateFiles) -> Result<Self, ServerError> {
        let read = read(&files)?;
        Ok(Self {
            files,
            served: RustlsConfig::from_config(read.config),
        })
    }

    /// What connections are encrypted with.
    pub(super) fn served(&self) -> RustlsConfig {
        self.served.clone()
    }

    /// Takes changed files over, looking when told and every so often. Files that cannot be used are reported and the
    /// ones before them stay in use. Never ends.
    pub(super) async fn follow(self, told: Arc<Notify>) {
        let mut content = read(&self.files).map(|read| read.content).unwrap_or_default();
        loop {
            let was_told = tokio::select! {
                () = told.notified() => true,
                () = tokio::time::sleep(self.files.look_every) => false,
            };
            let files = self.files.clone();
            let read = match tokio::task::spawn_blocking(move || read(&files)).await {
                Ok(Ok(read)) => read,
                Ok(Err(error)) => {
                    tracing::error!(%error, "the certificates are not reloaded; those before stay in use");
                    continue;
                }
                Err(_) => continue,
            };
            if was_told || read.content != content {
                content = read.content;
                self.served.reload_from_config(read.config);
                tracing::info!(certificates = %self.files.certificates.display(), "reloaded the certificates");
            }
        }
    }
}

fn read(files: &CertificateFiles) -> Result<Read, ServerError> {
    let chain = contents(&files.certificates)?;
    let key = contents(&files.key)?;
    let unusable = |path: &Path, reason: &dyn std::fmt::Display| ServerError::Certificate {
        path: path.to_owned(),
        reason: reason.to_string(),
    };
    let certificates = CertificateDer::pem_slice_iter(&chain)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| unusable(&files.certificates, &error))?;
    if certificates.is_empty() {
        return Err(unusable(&files.certificates, &"there is no certificate in it"));
    }
    let private = PrivateKeyDer::from_pem_slice(&key).map_err(|error| unusable(&files.key, &error))?;
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| unusable(&files.certificates, &error))?;
    config.alpn_protocols = alpn();
    let content = Sha256::new().chain_update(&chain).chain_update(&key).finalize();
    Ok(Read {
        config: Arc::new(config),
        content: content.into(),
    })
}

fn contents(path: &Path) -> Result<Vec<u8>, ServerError> {
    std::fs::read(path).map_err(|error: io::Error| ServerError::Certificate {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

/// The protocols offered in a handshake, the preferred one first.
pub(super) fn alpn() -> Vec<Vec<u8>> {
    vec![b"h2".to_vec(), b"http/1.1".to_vec()]
}
