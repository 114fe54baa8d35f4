use alloy::primitives::{B256, keccak256};
use alloy::sol_types::{SolStruct, eip712_domain};

/// What a machine signs to make one call (EIP-712), in the domain `{ name: "MACI Coordinator", version: "1" }`:
///
/// ```text
/// Request(string service,string method,string path,bytes32 body,string nonce,uint64 expires)
/// ```
///
/// The domain names no chain: an account is the same on all of them, and what the call is about is in its body.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The service it is for, by its public name, such as `coordinator.example.org`: no other service takes it.
    pub service: &'a str,
    /// The method, in capitals.
    pub method: &'a str,
    /// The path with its query, as sent.
    pub path: &'a str,
    /// The body's bytes; none is the empty text.
    pub body: &'a [u8],
    /// A number used once, chosen by the caller.
    pub nonce: &'a str,
    /// When it ends to be valid, in Unix seconds.
    pub expires: u64,
}

impl SignedRequest<'_> {
    /// What the account signs.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let domain = eip712_domain! { name: "MACI Coordinator", version: "1", };
        let typed = typed::Request {
            service: self.service.to_owned(),
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            body: B256::from(keccak256(self.body)),
            nonce: self.nonce.to_owned(),
            expires: self.expires,
        };
        typed.eip712_signing_hash(&domain).0
    }
}

/// The struct as EIP-712 knows it.
mod typed {
    #![allow(missing_docs, unreachable_pub, reason = "the items are generated from Solidity")]

    alloy::sol! {
        struct Request {
            string service;
            string method;
            string path;
            bytes32 body;
            string nonce;
            uint64 expires;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: SignedRequest<'static> = SignedRequest {
        service: "coordinator.example.org",
        method: "POST",
        path: "/v1/proof/merge?dry=1",
        body: b"{\"pollId\":0}",
        nonce: "0123456789abcdef",
        expires: 1_800_000_000,
    };

    #[test]
    fn the_digest_is_the_one_other_libraries_compute() {
        // ethers 6: TypedDataEncoder.hash(domain, types, value)
        let expected = "5144386ad013a781bbe0faf7dbe923a2ebfe90f2a2e24636cbd9fe097a08e0b3";
        assert_eq!(hex::encode(REQUEST.digest()), expected);
    }

    #[test]
    fn every_field_counts() {
        let others = [
            SignedRequest {
                service: "elsewhere.example.org",
                ..REQUEST
            },
            SignedRequest {
                method: "PUT",
                ..REQUEST
            },
            SignedRequest {
                path: "/v1/proof/merge",
                ..REQUEST
            },
            SignedRequest {
                body: b"{\"pollId\":1}",
                ..REQUEST
            },
            SignedRequest {
                nonce: "0123456789abcdee",
                ..REQUEST
            },
            SignedRequest {
                expires: 1_800_000_001,
                ..REQUEST
            },
        ];
        for other in others {
            assert_ne!(other.digest(), REQUEST.digest(), "{other:?}");
        }
    }
}
