use std::net::SocketAddr;

use maci_api::auth::{AuthSettings, Authenticator, Door, LegacySettings, Roles};
use maci_api::limits::{LimitSettings, Rate};
use maci_coordinator_core::access::Access;
use maci_coordinator_core::actor::Role;

use crate::settings::{self, Settings};

/// The door in front of every route. `address` is where the service listens: its name, if it has no better one.
pub(crate) fn door(settings: &Settings, address: SocketAddr, access: Access) -> Door {
    let authenticator = Authenticator::new(logins(settings, address), access);
    let longest_body = usize::try_from(settings.server.limits.body_size.0).unwrap_or(usize::MAX);
    let origins = settings.server.allowed_origins.clone();
    Door::new(authenticator, &limits(settings), origins, longest_body)
}

fn logins(settings: &Settings, address: SocketAddr) -> AuthSettings {
    let auth = &settings.auth;
    let port = address.port();
    let (service, own) = match &auth.service {
        Some(service) => (service.clone(), vec![service.clone()]),
        None => (
            format!("localhost:{port}"),
            vec![format!("localhost:{port}"), format!("127.0.0.1:{port}")],
        ),
    };
    let frontends = settings.server.allowed_origins.authorities().map(str::to_owned);
    let domains = own.into_iter().chain(auth.domains.iter().cloned()).chain(frontends);
    AuthSettings {
        service,
        domains: domains.collect(),
        chains: auth.chains.clone(),
        roles: Roles::default()
            .with(Role::Admin, auth.admins.iter().copied())
            .with(Role::Operator, auth.operators.iter().copied())
            .with(Role::Viewer, auth.viewers.iter().copied()),
        token_lifetime: auth.session.0,
        request_lifetime: auth.signed_request.0,
        public_reads: auth.public_reads,
        legacy: auth
            .legacy
            .enabled
            .then(|| LegacySettings::of_messages(auth.legacy.messages.iter().map(String::as_str))),
    }
}

fn limits(settings: &Settings) -> LimitSettings {
    let rates = &settings.server.rates;
    let rate = |rate: settings::Rate| Rate {
        requests: rate.count,
        per: rate.per,
    };
    LimitSettings {
        logins: rate(rates.logins),
        attempts: rate(rates.attempts),
        acting: rate(rates.acting),
        reading: rate(rates.reading),
        trusted_proxies: settings.server.trusted_proxies.clone(),
    }
    .with_ttl_and_limit(rates.window.map(|window| window.0), rates.requests)
}
