use maci_chain::account::Terms;
use maci_coordinator_core::senders::{SessionSettings, SponsorSettings};

use crate::settings::{Settings, SponsorSettings as Written};

/// How session keys are made, approved and used.
pub(crate) fn session_keys(settings: &Settings) -> SessionSettings {
    let written = &settings.session_keys;
    let mut sessions = SessionSettings {
        lifetime: written.lifetime.0,
        terms: Terms {
            longest: (!written.endless_approvals).then_some(written.longest_approval.0.as_secs()),
            bounded: written.bounded_approvals,
        },
        ..SessionSettings::default()
    };
    let operators = settings.auth.admins.iter().chain(&settings.auth.operators);
    sessions.owners = Some(match written.owners.as_slice() {
        [] => operators.copied().collect(),
        named => named.iter().copied().collect(),
    });
    let routes = &mut sessions.routes;
    for (chain, url) in &written.bundlers {
        routes.entry(chain.0).or_default().bundler = Some(url.0.clone());
    }
    for (chain, payer) in &written.payers {
        routes.entry(chain.0).or_default().payer = Some(payer.clone());
    }
    for (chain, sponsor) in &written.sponsors {
        routes.entry(chain.0).or_default().sponsor = Some(sponsor_of(sponsor));
    }
    sessions
}

fn sponsor_of(written: &Written) -> SponsorSettings {
    match written {
        Written::Zerodev { url } => SponsorSettings::ZeroDev(url.0.clone()),
        Written::Erc7677 { url, context } => SponsorSettings::Erc7677 {
            endpoint: url.0.clone(),
            context: context.clone(),
        },
    }
}
