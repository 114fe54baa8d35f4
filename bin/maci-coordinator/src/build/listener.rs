use maci_api::operations::FiguresSettings;
use maci_api::server::{AcmeSettings, CertificateFiles, Limits, ServerSettings, Tls};

use crate::settings::{Settings, TlsSettings};

/// Where the service listens, with which certificates, within which limits.
pub(crate) fn listener(settings: &Settings) -> ServerSettings {
    let limits = &settings.server.limits;
    ServerSettings {
        listen: settings.server.listen(),
        tls: tls(settings),
        limits: Limits {
            connections: limits.connections,
            header: limits.header.0,
            body: limits.body.0,
            unread: limits.unread.0,
            streams: limits.streams,
        },
    }
}

fn tls(settings: &Settings) -> Tls {
    match &settings.server.tls {
        None => Tls::Off,
        Some(TlsSettings::Files {
            certificates,
            key,
            look_every,
        }) => Tls::Files(CertificateFiles {
            certificates: certificates.clone(),
            key: key.clone(),
            look_every: look_every.0,
        }),
        Some(TlsSettings::Acme {
            domains,
            contacts,
            directory,
            authority_root,
        }) => Tls::Acme(AcmeSettings {
            domains: domains.clone(),
            contacts: contacts.clone(),
            directory: directory.clone(),
            authority_root: authority_root.clone(),
            folder: settings.data_dir.join("acme"),
        }),
    }
}

/// Who may read the figures.
pub(crate) fn figures(settings: &Settings) -> FiguresSettings {
    let token = settings.metrics.token.as_ref();
    FiguresSettings::new(settings.metrics.public, token.map(|token| token.expose()))
}
