use std::collections::BTreeMap;

use maci_custody::SignerSource;
use maci_protocol::ids::{ChainId, EthAddress};

use super::{SenderChoice, SenderName, SendersError, SessionSettings};

/// The senders an operator describes. The gas key is there without being described.
#[derive(Debug, Clone, Default)]
pub struct SendersSettings {
    /// Those that are described.
    pub senders: BTreeMap<SenderName, SenderSettings>,
    /// Who sends where nobody is chosen; the gas key if not given.
    pub default: Option<SenderName>,
    /// Who sends on a chain where nobody is chosen.
    pub by_chain: BTreeMap<ChainId, SenderName>,
    /// How session keys are made, approved and used.
    pub sessions: SessionSettings,
}

/// One sender.
#[derive(Debug, Clone)]
pub struct SenderSettings {
    /// What signs.
    pub kind: SenderKind,
    /// The chains it may send on; all if none is named.
    pub chains: Vec<ChainId>,
    /// The address it must have; any if not given.
    pub account: Option<EthAddress>,
    /// What it may spend.
    pub limits: Limits,
}

/// What a sender may spend on each chain, in wei.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At most so much in 24 hours, with what is on its way counted at its highest price.
    pub daily_cap: Option<u128>,
    /// What it keeps, whatever is asked of it.
    pub min_balance: u128,
    /// Somebody is told when it has less.
    pub warn_below: u128,
}

impl Default for Limits {
    /// No cap; told of below 0.05 of the chain's coin.
    fn default() -> Self {
        Self {
            daily_cap: None,
            min_balance: 0,
            warn_below: 50_000_000_000_000_000,
        }
    }
}

/// What signs.
#[derive(Debug, Clone)]
pub enum SenderKind {
    /// The key that the service makes for itself, or is given in the environment.
    Gas,
    /// A key kept elsewhere.
    Wallet(SignerSource),
    /// A smart account, through a delegated key of this service.
    Session {
        /// The delegated key.
        key: EthAddress,
    },
    /// Somebody's own wallet: calls are handed out, and what it sent is followed.
    Export {
        /// The wallet's address.
        account: EthAddress,
    },
}

impl Default for SenderSettings {
    fn default() -> Self {
        Self {
            kind: SenderKind::Gas,
            chains: Vec::new(),
            account: None,
            limits: Limits::default(),
        }
    }
}

impl SenderKind {
    /// The word for clients.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Gas => "gas",
            Self::Wallet(source) => source.word(),
            Self::Session { .. } => "session",
            Self::Export { .. } => "export",
        }
    }
}

impl SendersSettings {
    /// The sender of a name.
    ///
    /// # Errors
    /// [`SendersError::Unknown`].
    pub fn get(&self, name: &SenderName) -> Result<SenderSettings, SendersError> {
        if let Some(found) = self.senders.get(name) {
            return Ok(found.clone());
        }
        if *name == SenderName::gas() {
            return Ok(SenderSettings::default());
        }
        Err(SendersError::Unknown {
            name: name.clone(),
            known: self
                .names()
                .iter()
                .map(SenderName::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// Every sender's name, the gas key's among them.
    #[must_use]
    pub fn names(&self) -> Vec<SenderName> {
        let gas = (!self.senders.contains_key(&SenderName::gas())).then(SenderName::gas);
        gas.into_iter().chain(self.senders.keys().cloned()).collect()
    }

    /// Who sends on a chain where nobody is chosen.
    #[must_use]
    pub fn default_on(&self, chain: ChainId) -> SenderName {
        let named = self.by_chain.get(&chain).or(self.default.as_ref());
        named.cloned().unwrap_or_else(SenderName::gas)
    }

    /// What is meant by a choice on a chain.
    ///
    /// # Errors
    /// When there is no such sender, or it must not send there.
    pub fn resolve(&self, chain: ChainId, choice: &SenderChoice) -> Result<(SenderName, SenderSettings), SendersError> {
        let name = match choice {
            SenderChoice::ChainDefault => self.default_on(chain),
            SenderChoice::Named(name) => name.clone(),
            SenderChoice::Session(key) => return Err(SendersError::NoSessionKey { key: *key, chain }),
        };
        let settings = self.get(&name)?;
        if !settings.chains.is_empty() && !settings.chains.contains(&chain) {
            return Err(SendersError::NotOnChain { name, chain });
        }
        Ok((name, settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(chains: Vec<ChainId>) -> SenderSettings {
        SenderSettings {
            kind: SenderKind::Export {
                account: EthAddress([1; 20]),
            },
            chains,
            ..SenderSettings::default()
        }
    }

    #[test]
    fn a_chain_s_own_sender_goes_before_the_default_and_the_gas_key_comes_last() {
        let safe: SenderName = "safe".parse().unwrap();
        let wallet: SenderName = "wallet".parse().unwrap();
        let mut settings = SendersSettings::default();
        assert_eq!(settings.default_on(ChainId(10)), SenderName::gas());
        settings.default = Some(wallet.clone());
        settings.by_chain.insert(ChainId(10), safe.clone());
        assert_eq!(settings.default_on(ChainId(10)), safe);
        assert_eq!(settings.default_on(ChainId(1)), wallet);
    }

    #[test]
    fn an_unknown_sender_and_one_of_another_chain_are_refused_and_not_replaced() {
        let safe: SenderName = "safe".parse().unwrap();
        let mut settings = SendersSettings::default();
        let choice = SenderChoice::Named(safe.clone());
        let refused = settings.resolve(ChainId(1), &choice).unwrap_err();
        assert!(matches!(refused, SendersError::Unknown { .. }), "{refused}");
        settings.senders.insert(safe, export(vec![ChainId(10)]));
        let refused = settings.resolve(ChainId(1), &choice).unwrap_err();
        assert!(matches!(refused, SendersError::NotOnChain { .. }), "{refused}");
        assert!(settings.resolve(ChainId(10), &choice).is_ok());
    }
}
