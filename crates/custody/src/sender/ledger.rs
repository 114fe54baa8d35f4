use std::fmt;
use std::str::FromStr;

use alloy::network::EthereumWallet;
use maci_protocol::ids::ChainId;

use crate::error::CustodyError;

/// The largest index of a step that is not hardened.
const LARGEST: u32 = 0x7fff_ffff;

/// Which account of a Ledger: `m/44'/60'/0'/0/0`, with `'` after hardened steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPath(String);

impl LedgerPath {
    /// An account as Ledger Live numbers them, from 0.
    #[must_use]
    pub fn ledger_live(account: u32) -> Self {
        Self(format!("m/44'/60'/{account}'/0/0"))
    }
}

impl FromStr for LedgerPath {
    type Err = CustodyError;

    fn from_str(text: &str) -> Result<Self, CustodyError> {
        let refuse = || CustodyError::NotAPath {
            given: text.chars().take(60).collect(),
        };
        let steps = text.strip_prefix("m/").ok_or_else(refuse)?;
        let is_step = |step: &str| {
            let digits = step.strip_suffix('\'').unwrap_or(step);
            digits.parse::<u32>().is_ok_and(|index| index <= LARGEST) && !digits.starts_with('+')
        };
        // the Ethereum app refuses other coins, and a device keeps at most ten steps
        let is_ethereum = steps == "44'/60'" || steps.starts_with("44'/60'/");
        if !is_ethereum || !steps.split('/').all(is_step) || steps.split('/').count() > 10 {
            return Err(refuse());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for LedgerPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "ledger")]
impl LedgerPath {
    pub(super) async fn wallet(&self, chain: ChainId) -> Result<EthereumWallet, CustodyError> {
        use alloy_signer_ledger::{HDPath, LedgerSigner};

        let signer = LedgerSigner::new(HDPath::Other(self.0.clone()), Some(chain.0)).await;
        let signer = signer.map_err(|error| CustodyError::signer("the Ledger", &error))?;
        Ok(EthereumWallet::new(signer))
    }
}

#[cfg(not(feature = "ledger"))]
impl LedgerPath {
    pub(super) async fn wallet(&self, _: ChainId) -> Result<EthereumWallet, CustodyError> {
        Err(CustodyError::NotBuilt { feature: "ledger" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_ethereum_app_is_taken_and_any_other_is_refused() {
        let live = LedgerPath::ledger_live(3);
        assert_eq!(live.to_string(), "m/44'/60'/3'/0/0");
        assert_eq!("m/44'/60'/3'/0/0".parse::<LedgerPath>().unwrap(), live);
        for wrong in [
            "",
            "m",
            "44'/60'/0'",
            "m/44'/0'/0'/0/0",
            "m/44'/60'/x",
            "m/44'/60'/0''",
            "m/44'/60'/2147483648",
            "m/44'/60'/+1",
            "m/44'/60'//0",
            "m/44'/60'/0/0/0/0/0/0/0/0/0",
        ] {
            assert!(wrong.parse::<LedgerPath>().is_err(), "{wrong}");
        }
    }
}
