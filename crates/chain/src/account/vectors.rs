//! Everything that is derived, against `vectors/account-abstraction.json`.

use std::path::PathBuf;
use std::str::FromStr;

use alloy::primitives::{Address, B256, Bytes, U256, eip191_hash_message, keccak256};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolStruct, SolValue};
use maci_protocol::ids::ChainId;
use maci_protocol::time::Timestamp;
use serde_json::Value;

use super::enable::{Enabling, domain};
use super::execute::{Inner, call_data, calls_in, create, create2};
use super::nonce::{NonceKey, key_of, mode_of, sequence_of};
use super::*;
use crate::words::eth_address;

const CHAIN: ChainId = ChainId(11_155_420);
const NOW: Timestamp = Timestamp(1_750_000_000_000);

fn vectors() -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors/account-abstraction.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn text<'a>(of: &'a Value, path: &str) -> &'a str {
    of.pointer(path).unwrap().as_str().unwrap()
}

fn parsed<T: FromStr<Err: std::fmt::Debug>>(of: &Value, path: &str) -> T {
    text(of, path).parse().unwrap()
}

fn key(vectors: &Value, path: &str) -> PrivateKeySigner {
    parsed(vectors, path)
}

fn each_permission(mut look: impl FnMut(&str, &Value, Approval, Permission)) {
    let vectors = vectors();
    let session: Address = parsed(&vectors, "/keys/session");
    for (name, vector) in vectors["permissions"].as_object().unwrap() {
        let approval = Approval::parse(text(vector, "/approval")).unwrap();
        let permission = Permission {
            policies: approval.policies.clone(),
            session,
        };
        look(name, vector, approval, permission);
    }
}

#[test]
fn accounts_have_the_addresses_that_the_factory_gives_them() {
    let vectors = vectors();
    let owner = parsed(&vectors, "/keys/owner");
    for account in vectors["accounts"].as_array().unwrap() {
        let birth = Birth::of(owner, U256::from(account["index"].as_u64().unwrap()));
        assert_eq!(*birth.initialize_call(), parsed::<Bytes>(account, "/initializeCall"));
        assert_eq!(birth.salt(), parsed::<B256>(account, "/factorySalt"));
        assert_eq!(birth.address(), parsed::<Address>(account, "/address"));
        assert_eq!(birth.factory(), parsed::<Address>(account, "/factory"));
        let data: Bytes = parsed(account, "/factoryData");
        assert_eq!(birth.factory_data(), data);
        assert_eq!(Birth::decode(&data).unwrap(), birth);
    }
}

#[test]
fn permissions_have_the_names_and_the_data_of_the_published_libraries() {
    each_permission(|name, vector, _, permission| {
        for (policy, expected) in permission.policies.iter().zip(vector["policies"].as_array().unwrap()) {
            assert_eq!(Bytes::from(policy.info()), parsed::<Bytes>(expected, "/info"), "{name}");
            assert_eq!(Bytes::from(policy.data()), parsed::<Bytes>(expected, "/data"), "{name}");
        }
        assert_eq!(permission.policy_id(), parsed::<Bytes>(vector, "/policyId"), "{name}");
        assert_eq!(permission.signer_id(), parsed::<Bytes>(vector, "/signerId"), "{name}");
        assert_eq!(permission.id().to_string(), text(vector, "/permissionId"), "{name}");
        assert_eq!(
            permission.enable_data(),
            parsed::<Bytes>(vector, "/enableData"),
            "{name}"
        );
        for (custom, path) in [(0, "/nonceKeyEnable"), (1, "/nonceKeyEnableCustom1")] {
            let key = NonceKey {
                custom,
                ..NonceKey::ordered(Mode::Enable, permission.id())
            };
            assert_eq!(Bytes::from(key.bytes()), parsed::<Bytes>(vector, path), "{name}");
        }
    });
}

#[test]
fn owners_sign_what_enables_a_permission() {
    let owner = key(&vectors(), "/keys/ownerKey");
    each_permission(|name, vector, approval, permission| {
        let enabling = Enabling {
            permission: &permission,
            account: approval.account,
            chain: CHAIN.0,
            nonce: 1,
        };
        let message = enabling.message();
        assert_eq!(
            message.selectorData,
            parsed::<Bytes>(vector, "/enableMessage/selectorData"),
            "{name}"
        );
        let domain = domain(CHAIN.0, approval.account);
        assert_eq!(
            domain.separator(),
            parsed::<B256>(vector, "/enableDomainSeparator"),
            "{name}"
        );
        assert_eq!(
            message.eip712_hash_struct(),
            parsed::<B256>(vector, "/enableStructHash"),
            "{name}"
        );
        let digest: B256 = parsed(vector, "/enableDigest");
        assert_eq!(enabling.digest(), digest, "{name}");
        let signature = owner.sign_hash_sync(&digest).unwrap();
        let expected: Bytes = parsed(vector, "/enableSignature");
        assert_eq!(Bytes::from(signature.as_bytes()), expected, "{name}");
        assert_eq!(approval.consent, Consent::Signed(signature), "{name}");
    });
}

#[test]
fn every_approval_holds_for_its_session_key_and_says_what_it_is() {
    let session = eth_address(parsed(&vectors(), "/keys/session"));
    each_permission(|name, vector, approval, permission| {
        let delegation = Delegation::check(approval.clone(), session, CHAIN, NOW, &[]).unwrap();
        assert_eq!(delegation.permission(), permission.id(), "{name}");
        assert_eq!(
            delegation.owner().to_string(),
            text(&vectors(), "/keys/owner"),
            "{name}"
        );
        // written again it says the same, and for the simple ones in the same bytes
        let again = Approval::parse(&approval.to_text()).unwrap();
        assert_eq!(again, approval, "{name}");
        if name != "call" {
            assert_eq!(
                unhexed(&approval.to_text()),
                unhexed(text(vector, "/approval")),
                "{name}"
            );
        }
    });
}

/// The JSON of an approval with all hexadecimal digits in lower case, and amounts as plain digits.
fn unhexed(approval: &str) -> Value {
    use base64::Engine;
    let json = base64::engine::general_purpose::STANDARD.decode(approval).unwrap();
    let text = String::from_utf8(json).unwrap().to_lowercase();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn an_approval_that_carries_a_private_key_is_refused_without_repeating_it() {
    use base64::Engine;
    let vectors = vectors();
    let json = text(&vectors, "/permissions/sudo/approvalWithEmbeddedKeyJson");
    let refused = Approval::parse(&base64::engine::general_purpose::STANDARD.encode(json)).unwrap_err();
    assert_eq!(refused, ApprovalError::CarriesKey);
    assert!(!format!("{refused} {refused:?}").contains("f4c5737e"));
}

#[test]
fn calls_are_encoded_as_the_account_takes_them() {
    let vectors = vectors();
    let calls = &vectors["callData"];
    let inner = |call: &Value| Inner {
        to: parsed(call, "/to"),
        data: parsed(call, "/data"),
    };
    // the vectors' calls carry money, which ours never do: the encodings differ in that one word
    let without_value = |encoded: &str, at: usize| {
        let mut bytes = parsed::<Bytes>(calls, encoded).to_vec();
        bytes[at..at + 32].fill(0);
        Bytes::from(bytes)
    };
    let single = inner(&calls["single"]["call"]);
    assert_eq!(call_data(&[single]), without_value("/single/encoded", 4 + 96 + 20));
    let batch: Vec<Inner> = calls["batch"]["calls"].as_array().unwrap().iter().map(inner).collect();
    let encoded = call_data(&batch);
    assert_eq!(calls_in(&encoded), Some(batch));
    let second_value = parsed::<Bytes>(calls, "/batch/encoded").len() - 96;
    assert_eq!(encoded, without_value("/batch/encoded", second_value));
    let code: Bytes = parsed(calls, "/createViaCall/initCode");
    let made = |data| {
        call_data(&[Inner {
            to: known::CREATE_CALL,
            data,
        }])
    };
    assert_eq!(made(create(&code)), parsed::<Bytes>(calls, "/createViaCall/encoded"));
    let salt = parsed(calls, "/create2ViaCall/salt");
    assert_eq!(
        made(create2(&code, salt)),
        parsed::<Bytes>(calls, "/create2ViaCall/encoded")
    );
}

#[test]
fn operations_have_the_hashes_and_signatures_that_the_entry_point_accepted() {
    let vectors = vectors();
    let session = key(&vectors, "/keys/sessionKey");
    let approval = Approval::parse(text(&vectors, "/permissions/sudo/approval")).unwrap();
    let permission = Permission {
        policies: approval.policies.clone(),
        session: session.address(),
    };
    for vector in vectors["userOperations"].as_array().unwrap() {
        let label = text(vector, "/label");
        let operation: UserOperation = serde_json::from_value(vector["userOperation"].clone()).unwrap();
        assert_eq!(
            serde_json::to_value(&operation).unwrap(),
            sorted_like(&vector["userOperation"]),
            "{label}"
        );
        let packed = operation.packed();
        assert_eq!(packed.initCode, parsed::<Bytes>(vector, "/packed/initCode"), "{label}");
        assert_eq!(
            packed.accountGasLimits,
            parsed::<B256>(vector, "/packed/accountGasLimits"),
            "{label}"
        );
        assert_eq!(packed.gasFees, parsed::<B256>(vector, "/packed/gasFees"), "{label}");
        assert_eq!(
            packed.paymasterAndData,
            parsed::<Bytes>(vector, "/packed/paymasterAndData"),
            "{label}"
        );
        assert_eq!(
            Bytes::from(operation.hashed_fields()),
            parsed::<Bytes>(vector, "/hashedFields"),
            "{label}"
        );
        assert_eq!(
            keccak256(operation.hashed_fields()),
            parsed::<B256>(vector, "/innerHash"),
            "{label}"
        );
        let hash = operation.hash(CHAIN);
        assert_eq!(hash, parsed::<B256>(vector, "/userOpHash"), "{label}");
        let own = session.sign_hash_sync(&eip191_hash_message(hash)).unwrap().as_bytes();
        assert_eq!(
            Bytes::from(own),
            parsed::<Bytes>(vector, "/sessionSignature"),
            "{label}"
        );
        let mode = mode_of(operation.nonce);
        let whole = signature::whole(mode, &permission, &approval.consent, &own);
        assert_eq!(whole, operation.signature, "{label}");
        let dummy = signature::dummy(mode, &permission, &approval.consent);
        assert_eq!(dummy, parsed::<Bytes>(vector, "/stubSignature"), "{label}");
    }
}

/// The same document with its hexadecimal digits in lower case; the order of fields does not matter.
fn sorted_like(document: &Value) -> Value {
    serde_json::from_str(&document.to_string().to_lowercase().replace("calldata", "callData"))
        .map(|lowered: Value| {
            let fields = document.as_object().unwrap().iter();
            let lowered = lowered.as_object().unwrap().clone();
            let value = |name: &str| {
                lowered
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .unwrap()
                    .1
                    .clone()
            };
            Value::Object(fields.map(|(name, _)| (name.clone(), value(name))).collect())
        })
        .unwrap()
}

#[test]
fn nonces_say_mode_permission_and_sequence() {
    let vectors = vectors();
    let permission = each_id(&vectors);
    let used = NonceKey::ordered(Mode::Use, permission);
    assert_eq!(Bytes::from(used.bytes()), parsed::<Bytes>(&vectors, "/nonceKeyUse"));
    let nonce: U256 = parsed(&vectors, "/userOperations/3/userOperation/nonce");
    assert_eq!(
        (key_of(nonce), sequence_of(nonce), mode_of(nonce)),
        (used.key(), 1, Mode::Use)
    );
    let enabling: U256 = parsed(&vectors, "/userOperations/0/userOperation/nonce");
    assert_eq!((sequence_of(enabling), mode_of(enabling)), (0, Mode::Enable));
}

fn each_id(vectors: &Value) -> PermissionId {
    PermissionId(parsed(vectors, "/permissions/sudo/permissionId"))
}

#[test]
fn a_session_key_signs_messages_for_the_account() {
    alloy::sol! { struct Kernel { bytes32 hash; } }
    let vectors = vectors();
    let session = key(&vectors, "/keys/sessionKey");
    let account: Address = parsed(&vectors, "/accounts/0/address");
    let message = Kernel {
        hash: eip191_hash_message(text(&vectors, "/message/message")),
    };
    let digest = message.eip712_signing_hash(&domain(CHAIN.0, account));
    let own = session.sign_hash_sync(&eip191_hash_message(digest)).unwrap();
    let whole = [&[2][..], &each_id(&vectors).0[..], &[0xff], &own.as_bytes()].concat();
    assert_eq!(Bytes::from(whole), parsed::<Bytes>(&vectors, "/message/signature"));
    let _ = message.hash.abi_encode();
}

#[test]
fn every_policy_of_every_approval_is_told_in_a_sentence_of_its_own() {
    let session = eth_address(parsed(&vectors(), "/keys/session"));
    each_permission(|name, _, approval, _| {
        let count = approval.policies.len();
        let delegation = Delegation::check(approval, session, CHAIN, NOW, &[]).unwrap();
        let told = delegation.explain().policies;
        assert_eq!(told.len(), count, "{name}");
        assert!(told.iter().all(|sentence| sentence.len() > 10), "{name}: {told:?}");
    });
}

#[test]
fn an_operation_that_costs_more_than_its_gas_policy_allows_is_refused_before_it_is_sent() {
    let session = eth_address(parsed(&vectors(), "/keys/session"));
    let operation = |gas: u128| UserOperation {
        sender: Address::ZERO,
        nonce: U256::ZERO,
        birth: None,
        call_data: Bytes::new(),
        call_gas_limit: gas,
        verification_gas_limit: 0,
        pre_verification_gas: 0,
        max_fee_per_gas: 1_000_000_000_000,
        max_priority_fee_per_gas: 0,
        paymaster: None,
        signature: Bytes::new(),
    };
    let mut bounded = 0;
    each_permission(|name, _, approval, _| {
        let has_gas = approval
            .policies
            .iter()
            .any(|policy| matches!(policy.rule, Rule::Gas { allowed, .. } if allowed == 1_000_000_000_000_000_000));
        let delegation = Delegation::check(approval, session, CHAIN, NOW, &[]).unwrap();
        assert_eq!(delegation.would_refuse(&operation(1_000_000)), None, "{name}");
        let refused = delegation.would_refuse(&operation(1_000_001));
        assert_eq!(refused.is_some(), has_gas, "{name}: {refused:?}");
        bounded += u32::from(has_gas);
    });
    assert!(bounded > 0);
}
