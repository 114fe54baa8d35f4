use std::fmt;
use std::path::{Path, PathBuf};

/// A contract by the source file that declares it and its name there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContractSource {
    /// The source file, as the compiler was given it.
    pub file: &'static str,
    /// The contract's name.
    pub name: &'static str,
}

macro_rules! sources {
    ($($(#[$doc:meta])* $constant:ident = $file:literal : $name:literal;)*) => {
        impl ContractSource {
            $($(#[$doc])* pub const $constant: Self = Self { file: $file, name: $name };)*
        }
    };
}

sources! {
    /// Sign-ups and polls.
    MACI = "contracts/MACI.sol": "MACI";
    /// Deploys polls for MACI.
    POLL_FACTORY = "contracts/PollFactory.sol": "PollFactory";
    /// Deploys message processors for MACI.
    MESSAGE_PROCESSOR_FACTORY = "contracts/MessageProcessorFactory.sol": "MessageProcessorFactory";
    /// Deploys tallies for MACI.
    TALLY_FACTORY = "contracts/TallyFactory.sol": "TallyFactory";
    /// Remembers verifying keys.
    VERIFYING_KEYS_REGISTRY = "contracts/VerifyingKeysRegistry.sol": "VerifyingKeysRegistry";
    /// Checks proofs.
    VERIFIER = "contracts/crypto/Verifier.sol": "Verifier";
    /// Accepts every proof: for tests of what surrounds them.
    MOCK_VERIFIER = "contracts/mocks/MockVerifier.sol": "MockVerifier";
    /// Poseidon with two inputs.
    POSEIDON_T3 = "contracts/crypto/PoseidonT3.sol": "PoseidonT3";
    /// Poseidon with three inputs.
    POSEIDON_T4 = "contracts/crypto/PoseidonT4.sol": "PoseidonT4";
    /// Poseidon with four inputs.
    POSEIDON_T5 = "contracts/crypto/PoseidonT5.sol": "PoseidonT5";
    /// Poseidon with five inputs.
    POSEIDON_T6 = "contracts/crypto/PoseidonT6.sol": "PoseidonT6";
    /// Gives everybody the same credits.
    CONSTANT_CREDITS_FACTORY = "contracts/initialVoiceCreditProxy/ConstantInitialVoiceCreditProxyFactory.sol": "ConstantInitialVoiceCreditProxyFactory";
    /// Gives everybody credits by their balance of a token.
    ERC20_VOTES_CREDITS_FACTORY = "contracts/initialVoiceCreditProxy/ERC20VotesInitialVoiceCreditProxyFactory.sol": "ERC20VotesInitialVoiceCreditProxyFactory";
}

impl ContractSource {
    /// The four libraries that MACI and its factories are linked against.
    pub const POSEIDON: [Self; 4] = [
        Self::POSEIDON_T3,
        Self::POSEIDON_T4,
        Self::POSEIDON_T5,
        Self::POSEIDON_T6,
    ];

    /// Where its artifact lies in Hardhat's layout.
    pub fn path_below(&self, root: &Path) -> PathBuf {
        root.join(self.file).join(format!("{}.json", self.name))
    }
}

impl fmt::Display for ContractSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.name)
    }
}
