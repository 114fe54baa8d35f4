use std::fmt;

use alloy::primitives::keccak256;

use super::ArgumentKind::{self, Account, Contract, EventId, Hash, Number, Numbers};
use crate::artifacts::ContractSource;

/// One value a checker is made with.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// Its name in requests and descriptions.
    pub name: &'static str,
    /// Another spelling that is read as well.
    pub alias: Option<&'static str>,
    /// What it may be.
    pub kind: ArgumentKind,
    /// What it means.
    pub meaning: &'static str,
}

/// Everything that is different between policies.
struct Row {
    word: &'static str,
    checker_factory: ContractSource,
    policy_factory: ContractSource,
    /// In the order the checker's factory takes them.
    arguments: &'static [Argument],
}

macro_rules! source {
    ($folder:literal, $word:literal, $kind:literal) => {
        ContractSource {
            file: concat!(
                "@excubiae/contracts/contracts/extensions/",
                $folder,
                "/",
                $word,
                $kind,
                ".sol"
            ),
            name: concat!($word, $kind),
        }
    };
}

macro_rules! policies {
    ($($(#[$doc:meta])* $variant:ident = $word:literal in $folder:literal {
        $($name:literal $(or $alias:literal)? : $kind:ident, $meaning:literal;)*
    })*) => {
        /// The policies of the official package.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PolicyName {
            $($(#[$doc])* $variant,)*
        }

        impl PolicyName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            const fn row(self) -> &'static Row {
                match self {
                    $(Self::$variant => &Row {
                        word: $word,
                        checker_factory: source!($folder, $word, "CheckerFactory"),
                        policy_factory: source!($folder, $word, "PolicyFactory"),
                        arguments: &[$(Argument {
                            name: $name,
                            alias: policies!(@alias $($alias)?),
                            kind: $kind,
                            meaning: $meaning,
                        }),*],
                    },)*
                }
            }
        }
    };
    (@alias) => { None };
    (@alias $alias:literal) => { Some($alias) };
}

policies! {
    /// Everybody.
    FreeForAll = "FreeForAll" in "freeForAll" {}
    /// Owners of an ERC-721 token, once per token.
    Token = "Token" in "token" {
        "token": Contract, "the ERC-721 contract";
    }
    /// Holders of an attestation of the Ethereum Attestation Service.
    Eas = "EAS" in "eas" {
        "easAddress": Contract, "the EAS contract";
        "attester": Account, "whose attestations count";
        "schema": Hash, "the schema they must have";
    }
    /// Holders of a Gitcoin Passport with a score.
    GitcoinPassport = "GitcoinPassport" in "gitcoin" {
        "decoderAddress": Contract, "the passport decoder";
        "passingScore": Number, "the least score, as the decoder counts";
    }
    /// Wearers of a hat of Hats Protocol.
    Hats = "Hats" in "hats" {
        "hatsProtocolAddress": Contract, "the Hats contract";
        "criterionHats" or "critrionHats": Numbers, "the hats that count";
    }
    /// Holders of a Zupass event ticket.
    Zupass = "Zupass" in "zupass" {
        "eventId": EventId, "the event, as a number or a UUID";
        "signer1": Number, "the first half of the issuer's key";
        "signer2": Number, "the second half of the issuer's key";
        "zupassVerifier": Contract, "the verifier of Zupass proofs";
    }
    /// Members of a Semaphore group.
    Semaphore = "Semaphore" in "semaphore" {
        "semaphoreContract": Contract, "the Semaphore contract";
        "groupId": Number, "the group";
    }
    /// Addresses in a Merkle tree.
    MerkleProof = "MerkleProof" in "merkle" {
        "root": Hash, "the root of OpenZeppelin's standard tree of addresses; not zero";
    }
    /// Holders of an Aadhaar card, by a proof of it.
    AnonAadhaar = "AnonAadhaar" in "anonAadhaar" {
        "verifier": Contract, "the Anon Aadhaar verifier";
        "nullifierSeed": Number, "what makes nullifiers this application's own";
    }
    /// Who had more than a number of an ERC-20 token at a block.
    Erc20Votes = "ERC20Votes" in "erc20votes" {
        "token": Contract, "the ERC20Votes contract";
        "snapshotBlock": Number, "the block whose balances count";
        "threshold": Number, "the balance must be above it";
    }
    /// Who has more than a number of an ERC-20 token.
    Erc20 = "ERC20" in "erc20" {
        "token": Contract, "the ERC-20 contract";
        "threshold": Number, "the balance must be above it";
    }
}

impl PolicyName {
    /// The name in the contracts, such as `EAS`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.row().word
    }

    /// The policy with a name in the contracts; neither capitals nor the word `Policy` or `Checker` behind it matter, so
    /// that every spelling in use is read.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let bare = name
            .strip_suffix("Policy")
            .or_else(|| name.strip_suffix("Checker"))
            .unwrap_or(name);
        let same = |one: &&Self| one.word().eq_ignore_ascii_case(bare);
        Self::ALL.iter().find(same).copied()
    }

    /// What its checker is made with, in the factory's order.
    #[must_use]
    pub const fn arguments(self) -> &'static [Argument] {
        self.row().arguments
    }

    /// The factory of its checkers.
    #[must_use]
    pub const fn checker_factory(self) -> ContractSource {
        self.row().checker_factory
    }

    /// The factory of its policies.
    #[must_use]
    pub const fn policy_factory(self) -> ContractSource {
        self.row().policy_factory
    }

    /// How the checker factory's `deploy` is written in Solidity.
    #[must_use]
    pub fn checker_signature(self) -> String {
        let types: Vec<&str> = self.arguments().iter().map(|one| one.kind.solidity()).collect();
        format!("deploy({})", types.join(","))
    }

    pub(super) fn checker_selector(self) -> [u8; 4] {
        let [a, b, c, d, ..] = keccak256(self.checker_signature()).0;
        [a, b, c, d]
    }
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
