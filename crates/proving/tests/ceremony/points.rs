use maci_proving::ceremony::CeremonyError;

use crate::stage::{Stage, circuit, section, verify};

/// A point of either group that stands nowhere in the files: the generator, in the files' form.
fn generator(bytes: usize) -> Vec<u8> {
    let file = std::fs::read(Stage::get().at("tau.ptau")).unwrap();
    let place = section(&file, if bytes == 64 { 2 } else { 3 });
    file[place][..bytes].to_vec()
}

#[test]
fn any_single_altered_point_of_a_key_is_named() {
    let stage = Stage::get();
    let key = std::fs::read(stage.at("one.zkey")).unwrap();
    for (id, name, bytes) in [
        (3, "IC points", 64),
        (5, "A points", 64),
        (6, "B points in G1", 64),
        (7, "B points in G2", 128),
        (8, "C points", 64),
        (9, "H points", 64),
    ] {
        let place = section(&key, id);
        assert!(!place.is_empty(), "{name}");
        for altered in 0..place.len() / bytes {
            let mut key = key.clone();
            key[place.clone()][altered * bytes..][..bytes].copy_from_slice(&generator(bytes));
            let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
            assert!(
                matches!(error, CeremonyError::OtherPoint { section, index } if section == name && index == altered),
                "{name} {altered}: {error}"
            );
        }
    }
}

#[test]
fn two_altered_points_whose_sum_is_the_same_are_noticed() {
    let stage = Stage::get();
    let mut key = std::fs::read(stage.at("one.zkey")).unwrap();
    let place = section(&key, 9);
    let (first, rest) = key[place].split_at_mut(64);
    first.swap_with_slice(&mut rest[..64]);
    let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
    assert!(
        matches!(
            error,
            CeremonyError::OtherPoint {
                section: "H points",
                index: 0
            }
        ),
        "{error}"
    );
}

#[test]
fn an_altered_delta_is_refused_in_either_group() {
    let stage = Stage::get();
    let key = std::fs::read(stage.at("one.zkey")).unwrap();
    let end = section(&key, 2).end;
    for (group, place) in [("G1", end - 192..end - 128), ("G2", end - 128..end)] {
        let mut key = key.clone();
        key[place.clone()].copy_from_slice(&generator(place.len()));
        let error = verify(&key, &circuit(), &stage.at("tau.ptau")).unwrap_err();
        assert!(
            matches!(error, CeremonyError::OtherDelta { group: named } if named == group),
            "{error}"
        );
    }
}

#[test]
fn any_altered_point_of_the_powers_of_tau_is_noticed() {
    let stage = Stage::get();
    let key = std::fs::read(stage.at("one.zkey")).unwrap();
    let whole = std::fs::read(stage.at("tau.ptau")).unwrap();
    let altered = stage.at("altered.ptau");
    // Powers up to twice the circuit's domain count, and the bases of its domain.
    for (id, bytes, used) in [
        (2, 64, 1..16),
        (3, 128, 1..8),
        (4, 64, 0..8),
        (5, 64, 0..8),
        (6, 128, 0..1),
        (12, 64, 7..15),
        (13, 128, 7..15),
        (14, 64, 7..15),
        (15, 64, 7..15),
    ] {
        for index in [used.start, (used.start + used.end) / 2, used.end - 1] {
            let mut file = whole.clone();
            let place = section(&file, id);
            file[place][index * bytes..][..bytes].copy_from_slice(&generator(bytes));
            std::fs::write(&altered, &file).unwrap();
            let error = verify(&key, &circuit(), &altered).unwrap_err();
            assert!(
                matches!(
                    error,
                    CeremonyError::UnsoundPowers { .. } | CeremonyError::OtherPowers { .. }
                ),
                "section {id}, point {index}: {error}"
            );
        }
    }
}
