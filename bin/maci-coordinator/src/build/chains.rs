use anyhow::Result;
use maci_chain::rpc::Patience;
use maci_chain::send::{FeeCap, SendSettings};
use maci_coordinator_core::chains::{ChainSettings, Chains, ChainsSettings};
use maci_coordinator_core::deploy::OperatorList;

use crate::settings::Settings;

/// Wei in a gwei.
const GWEI: u128 = 1_000_000_000;

/// The chains; none is connected yet.
pub(crate) fn chains(settings: &Settings) -> Result<Chains> {
    let chains = settings.chains.iter().map(|chain| ChainSettings {
        chain: chain.id,
        name: chain.name.clone(),
        endpoints: chain.rpc_urls.clone(),
        confirmations: chain.confirmations,
        log_range: chain.log_range,
        fee_cap: chain.fee_cap_gwei.map(|gwei| FeeCap(u128::from(gwei) * GWEI)),
        fees: chain.fees.map(Into::into),
    });
    Ok(Chains::new(ChainsSettings {
        chains: chains.collect(),
        any: settings.rpc_urls.clone(),
        any_confirmations: None,
        log_range: Some(settings.rounds.log_range),
        patience: Patience::default(),
    })?)
}

/// How transactions are priced.
pub(crate) fn sending(settings: &Settings) -> SendSettings {
    let usual = SendSettings::default();
    SendSettings {
        fee_cap: settings
            .rounds
            .fee_cap_gwei
            .map_or(usual.fee_cap, |gwei| FeeCap(u128::from(gwei) * GWEI)),
        ..usual
    }
}

/// The operator's own list of contracts that may be used again.
pub(crate) fn listed(settings: &Settings) -> Result<OperatorList> {
    match &settings.known_contracts {
        Some(path) => Ok(OperatorList::read(path)?),
        None => Ok(OperatorList::default()),
    }
}
