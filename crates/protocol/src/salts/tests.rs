use maci_crypto::Fr;
use maci_crypto::field::fr_to_decimal;
use maci_crypto::keys::PrivateKey;

use super::*;
use crate::ids::{ChainId, EthAddress, PollId, PollRef};
use crate::statement::CircuitInputs;

fn poll() -> PollRef {
    PollRef {
        chain: ChainId(31337),
        maci: EthAddress([0x11; 20]),
        poll: PollId(7),
    }
}

fn key() -> PrivateKey {
    PrivateKey::from_seed(std::array::from_fn(|i| i as u8 + 1))
}

fn slot(role: SaltRole) -> SaltSlot {
    SaltSlot {
        role,
        batch: 3,
        chain_hash: Fr::from(123_456_789u64),
    }
}

/// Computed once with an independent HMAC and HKDF from the definition at [`DerivedSalts`]. If this
/// test fails, polls that are half finalised can no longer be continued.
#[test]
fn the_derivation_never_changes() {
    let salts = DerivedSalts::new(&key(), poll());
    let expected = [
        (
            SaltRole::StateAndBallots,
            "9664669606589662457083727387954892023461336052456781030720955339669886346996",
        ),
        (
            SaltRole::TallyResults,
            "14999859676919037445472228952708801976518164253911159792281778647434774192917",
        ),
        (
            SaltRole::TallySpent,
            "9385638932623165934291392700578283327827125740846025036848497255483118897734",
        ),
        (
            SaltRole::TallyPerOptionSpent,
            "10826705495856552301317070443417368839942411370342687713985373190459605890579",
        ),
    ];
    for (role, expected) in expected {
        assert_eq!(fr_to_decimal(&salts.salt(&slot(role))), expected);
    }
    assert_eq!(
        salts.padding_key(&slot(SaltRole::PaddingKey)).serialize().as_str(),
        "macisk.e69aa7f5e91d7b81bff8adae39c4c66a75462b576b9df6703967e53fdee50ee7"
    );
}

#[test]
fn every_part_of_a_slot_and_poll_gives_another_salt() {
    let base = slot(SaltRole::StateAndBallots);
    let salts = DerivedSalts::new(&key(), poll());
    let mut all = vec![
        salts.salt(&base),
        salts.salt(&SaltSlot { batch: 4, ..base }),
        salts.salt(&SaltSlot {
            chain_hash: Fr::from(1u64),
            ..base
        }),
        salts.salt(&SaltSlot {
            role: SaltRole::TallySpent,
            ..base
        }),
        DerivedSalts::new(&PrivateKey::from_seed([9; 32]), poll()).salt(&base),
    ];
    let others = [
        PollRef {
            chain: ChainId(1),
            ..poll()
        },
        PollRef {
            maci: EthAddress([0x12; 20]),
            ..poll()
        },
        PollRef {
            poll: PollId(8),
            ..poll()
        },
    ];
    all.extend(others.map(|poll| DerivedSalts::new(&key(), poll).salt(&base)));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn salts_of_proof_files_replace_derived_ones_for_their_batches_only() {
    let mut salts = InjectedSalts::new(DerivedSalts::new(&key(), poll()));
    let inputs = CircuitInputs::from_json(&serde_json::json!({ "newSbSalt": "42" })).unwrap();
    // 11 messages in batches of 5 are three batches; the first proof is of batch 3.
    salts.add_process_inputs(0, &inputs, 11, 5).unwrap();
    assert_eq!(salts.salt(&slot(SaltRole::StateAndBallots)), Fr::from(42u64));
    let other = SaltSlot {
        batch: 2,
        ..slot(SaltRole::StateAndBallots)
    };
    assert_eq!(salts.salt(&other), DerivedSalts::new(&key(), poll()).salt(&other));
}

#[test]
fn a_proof_file_without_its_salt_is_refused() {
    let mut salts = InjectedSalts::new(DerivedSalts::new(&key(), poll()));
    let error = salts.add_tally_inputs(2, &CircuitInputs::default()).unwrap_err();
    assert_eq!(
        error,
        MissingSalt {
            number: 2,
            signal: "newResultsRootSalt"
        }
    );
}

#[test]
fn nothing_shows_the_key() {
    assert!(!format!("{:?}", DerivedSalts::new(&key(), poll())).contains("key"));
}
