use maci_coordinator_core::senders::{Limits, SenderKind, SenderSettings, SendersSettings};
use maci_custody::{AwsKms, GcpKms, LedgerPath, SignerSource};

use super::session_keys;
use crate::settings::{SenderKind as Kind, SenderSettings as Written, Settings};

/// Who sends transactions; no key is opened.
pub(crate) fn senders(settings: &Settings) -> SendersSettings {
    let by_chain = settings.chains.iter();
    SendersSettings {
        senders: settings
            .senders
            .iter()
            .map(|(name, written)| (name.clone(), sender(written.clone())))
            .collect(),
        default: settings.sender.clone(),
        by_chain: by_chain
            .filter_map(|chain| Some((chain.id, chain.sender.clone()?)))
            .collect(),
        sessions: session_keys(settings),
    }
}

fn sender(written: Written) -> SenderSettings {
    let Written { common, kind } = written;
    let usual = Limits::default();
    SenderSettings {
        kind: signs(kind),
        chains: common.chains.into_iter().map(|chain| chain.0).collect(),
        account: common.address,
        limits: Limits {
            daily_cap: common.daily_cap.map(|amount| amount.0),
            min_balance: common.min_balance.map_or(usual.min_balance, |amount| amount.0),
            warn_below: common.warn_below.map_or(usual.warn_below, |amount| amount.0),
        },
    }
}

fn signs(kind: Kind) -> SenderKind {
    match kind {
        Kind::Gas => SenderKind::Gas,
        Kind::Keystore { path, passphrase_file } => {
            SenderKind::Wallet(SignerSource::Keystore { path, passphrase_file })
        }
        Kind::AwsKms {
            key_id,
            region,
            endpoint,
            credentials_file,
        } => SenderKind::Wallet(SignerSource::AwsKms(AwsKms {
            key_id,
            region,
            endpoint,
            credentials_file,
        })),
        Kind::GcpKms {
            project,
            location,
            key_ring,
            key,
            version,
            endpoint,
            credentials_file,
        } => SenderKind::Wallet(SignerSource::GcpKms(GcpKms {
            project,
            location,
            key_ring,
            key,
            version,
            endpoint,
            credentials_file,
        })),
        Kind::Ledger { path } => {
            SenderKind::Wallet(SignerSource::Ledger(path.unwrap_or_else(|| LedgerPath::ledger_live(0))))
        }
        Kind::Remote { url, account } => SenderKind::Wallet(SignerSource::Remote { url, account }),
        Kind::Session { key } => SenderKind::Session { key },
        Kind::Export { account } => SenderKind::Export { account },
    }
}
