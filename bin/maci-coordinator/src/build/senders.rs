use maci_coordinator_core::senders::{SenderKind, SenderSettings, SendersSettings};
use maci_custody::SignerSource;

use crate::settings::{SenderSettings as Written, Settings};

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
    }
}

fn sender(written: Written) -> SenderSettings {
    let (kind, chains) = match written {
        Written::Gas { chains } => (SenderKind::Gas, chains),
        Written::Keystore {
            path,
            passphrase_file,
            chains,
        } => {
            let source = SignerSource::Keystore { path, passphrase_file };
            (SenderKind::Wallet(source), chains)
        }
        Written::Session { key, chains } => (SenderKind::Session { key }, chains),
        Written::Export { account, chains } => (SenderKind::Export { account }, chains),
    };
    SenderSettings {
        kind,
        chains: chains.into_iter().map(|chain| chain.0).collect(),
    }
}
