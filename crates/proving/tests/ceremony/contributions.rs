use maci_proving::ceremony::{CeremonyError, ChainFault};

use crate::stage::{Stage, circuit, section, verify};

/// Bytes of a contribution's points and hash, and of the numbers behind them.
const DELTA: std::ops::Range<usize> = 0..64;
const BASE: std::ops::Range<usize> = 64..128;
const PRODUCT: std::ops::Range<usize> = 128..192;
const PROOF: std::ops::Range<usize> = 192..320;
const TRANSCRIPT: std::ops::Range<usize> = 320..384;

/// What is said of the key of two parties and a beacon when bytes of the first contribution are
/// replaced.
fn fault_of(change: impl Fn(&mut [u8])) -> (usize, ChainFault) {
    let stage = Stage::get();
    let mut key = std::fs::read(stage.at("final.zkey")).unwrap();
    let first = section(&key, 10).start + 64 + 4;
    change(&mut key[first..]);
    let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
    let CeremonyError::Contribution { number, source, .. } = error else {
        panic!("{error}")
    };
    (number, source)
}

#[test]
fn a_proof_with_another_point_does_not_hold() {
    let generator = |place: std::ops::Range<usize>| {
        let powers = std::fs::read(Stage::get().at("tau.ptau")).unwrap();
        let id = if place.len() == 64 { 2 } else { 3 };
        powers[section(&powers, id)][..place.len()].to_vec()
    };
    for (place, fault) in [
        (DELTA, ChainFault::Delta),
        (BASE, ChainFault::Transcript),
        (PRODUCT, ChainFault::Transcript),
        (PROOF, ChainFault::Knowledge),
    ] {
        let other = generator(place.clone());
        let (number, found) = fault_of(|bytes| bytes[place.clone()].copy_from_slice(&other));
        assert_eq!((number, found), (1, fault), "{place:?}");
    }
}

#[test]
fn a_transcript_of_something_else_is_refused() {
    let (number, fault) = fault_of(|bytes| bytes[TRANSCRIPT][0] ^= 1);
    assert_eq!((number, fault), (1, ChainFault::Transcript));
}

#[test]
fn a_contribution_taken_out_breaks_the_next_one() {
    let stage = Stage::get();
    let mut key = std::fs::read(stage.at("two.zkey")).unwrap();
    let place = section(&key, 10);
    let first = place.start + 64 + 4;
    let notes = u32::from_le_bytes(key[first + 388..first + 392].try_into().unwrap()) as usize;
    let taken = 392 + notes;
    key.drain(first..first + taken);
    key[place.start + 64..][..4].copy_from_slice(&1u32.to_le_bytes());
    let length = (place.len() - taken) as u64;
    key[place.start - 8..place.start].copy_from_slice(&length.to_le_bytes());
    let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
    assert!(
        matches!(&error, CeremonyError::Contribution { number: 1, name: Some(name), source: ChainFault::Transcript } if name == "Bob"),
        "{error}"
    );
}

#[test]
fn a_beacon_with_another_value_is_refused() {
    let stage = Stage::get();
    let mut key = std::fs::read(stage.at("final.zkey")).unwrap();
    let value = [1u8, 2, 3, 4, 5, 6, 7, 8];
    let at = key.windows(8).rposition(|bytes| bytes == value).unwrap();
    key[at] ^= 1;
    let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
    assert!(
        matches!(
            error,
            CeremonyError::Contribution {
                number: 3,
                source: ChainFault::Beacon,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn more_contributions_than_there_are_bytes_for_are_a_damaged_file() {
    let stage = Stage::get();
    let mut key = std::fs::read(stage.at("one.zkey")).unwrap();
    let count = section(&key, 10).start + 64;
    for wrong in [0, 2, u32::MAX] {
        key[count..count + 4].copy_from_slice(&wrong.to_le_bytes());
        let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
        assert!(matches!(error, CeremonyError::Format(_)), "{wrong}: {error}");
    }
}
