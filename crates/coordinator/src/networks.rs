//! Names of chains, as files and requests of MACI's tools write them.

use maci_protocol::ids::ChainId;

const NAMES: [(u64, &str); 23] = [
    (1, "mainnet"),
    (11_155_111, "sepolia"),
    (10, "optimism"),
    (11_155_420, "optimism_sepolia"),
    (534_352, "scroll"),
    (534_351, "scroll_sepolia"),
    (42_161, "arbitrum"),
    (421_614, "arbitrum_sepolia"),
    (8_453, "base"),
    (84_532, "base_sepolia"),
    (100, "gnosis"),
    (10_200, "gnosis_chiado"),
    (137, "polygon"),
    (80_002, "polygon_amoy"),
    (59_144, "linea"),
    (59_141, "linea_sepolia"),
    (324, "zksync_era"),
    (300, "zksync_sepolia"),
    (1_101, "polygon_zkevm"),
    (2_442, "polygon_cardona_zkevm"),
    (1_337, "coverage"),
    (31_337, "localhost"),
    (31_337, "hardhat"),
];

/// The name of a chain; its number where it has none.
#[must_use]
pub fn network_name(chain: ChainId) -> String {
    NAMES
        .iter()
        .find(|(id, _)| *id == chain.0)
        .map_or_else(|| chain.to_string(), |(_, name)| (*name).to_owned())
}

/// The chain with a name; names are as requests and files write them.
#[must_use]
pub fn chain_named(name: &str) -> Option<ChainId> {
    NAMES
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(id, _)| ChainId(*id))
}

/// Every chain that has a name, with it; a chain may have two.
pub fn names() -> impl Iterator<Item = (ChainId, &'static str)> {
    NAMES.iter().map(|(id, name)| (ChainId(*id), *name))
}

/// Every chain that has a name.
pub(crate) fn known_chains() -> Vec<ChainId> {
    let mut chains: Vec<_> = NAMES.iter().map(|(id, _)| ChainId(*id)).collect();
    chains.dedup();
    chains
}

/// Whether a chain is only for development: whoever runs it can do anything on it anyway.
#[must_use]
pub fn is_development(chain: ChainId) -> bool {
    matches!(chain.0, 1_337 | 31_337)
}

/// Whether a chain is a public main network, whose polls carry value.
#[must_use]
pub fn is_main(chain: ChainId) -> bool {
    matches!(
        chain.0,
        1 | 10 | 100 | 137 | 324 | 1_101 | 8_453 | 42_161 | 59_144 | 534_352
    )
}
