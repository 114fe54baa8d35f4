use std::fs::DirBuilder;
use std::path::Path;
use std::sync::Arc;

use futures::StreamExt;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_acme::axum::AxumAcceptor;
use rustls_acme::caches::DirCache;
use rustls_acme::{AcmeConfig, AcmeState};

use super::certificates::alpn;
use super::{AcmeSettings, ServerError};

/// Asks for certificates and renews them.
#[derive(Debug)]
pub(super) struct Acme(AcmeState<std::io::Error>);

impl Acme {
    /// Makes ready to ask; nothing is sent yet.
    ///
    /// # Errors
    /// [`ServerError::Acme`] when the folder cannot be made or the authority's root cannot be read.
    pub(super) fn prepare(settings: &AcmeSettings) -> Result<Self, ServerError> {
        if settings.domains.is_empty() {
            return Err(unusable("no domain is named to ask a certificate for"));
        }
        make_private(&settings.folder)?;
        let config = match &settings.authority_root {
            None => AcmeConfig::new(&settings.domains),
            Some(root) => AcmeConfig::new_with_client_config(&settings.domains, trusting(root)?),
        };
        let contacts = settings.contacts.iter().map(|address| format!("mailto:{address}"));
        let config = config.contact(contacts).cache(DirCache::new(settings.folder.clone()));
        let config = match &settings.directory {
            Some(directory) => config.directory(directory),
            None => config.directory_lets_encrypt(true),
        };
        Ok(Self(config.state()))
    }

    /// Answers challenges and encrypts connections with the newest certificate.
    pub(super) fn acceptor(&self) -> AxumAcceptor {
        let mut config = Arc::unwrap_or_clone(self.0.default_rustls_config());
        config.alpn_protocols = alpn();
        self.0.axum_acceptor(Arc::new(config))
    }

    /// Asks, keeps and renews. Never ends.
    pub(super) async fn follow(mut self) {
        while let Some(event) = self.0.next().await {
            match event {
                Ok(done) => tracing::info!(step = ?done, "ACME certificates"),
                Err(error) => tracing::error!(%error, "ACME certificates; asking again later"),
            }
        }
    }
}

fn unusable(reason: impl ToString) -> ServerError {
    ServerError::Acme {
        reason: reason.to_string(),
    }
}

/// The account's key and the certificates' keys lie there.
fn make_private(folder: &Path) -> Result<(), ServerError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| unusable(format!("cannot make the folder {}: {error}", folder.display())))
}

/// A client that believes this root alone.
fn trusting(root: &Path) -> Result<Arc<ClientConfig>, ServerError> {
    let failed = |error: &dyn std::fmt::Display| {
        unusable(format!("cannot use the authority's root {}: {error}", root.display()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(root).map_err(|error| failed(&error))? {
        let certificate = certificate.map_err(|error| failed(&error))?;
        roots.add(certificate).map_err(|error| failed(&error))?;
    }
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
