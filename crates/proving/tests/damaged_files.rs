//! Truncated, foreign and damaged files give an error that names file and section; none of them
//! makes the reader panic or take memory that a header promises and the file does not hold.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use ark_bn254::Fr;
use maci_proving::formats::r1cs::R1cs;
use maci_proving::formats::zkey::ZKeyFile;
use maci_proving::formats::{FormatError, ReadAt};
use maci_proving::prove::{Backend, LoadError};
use maci_proving::witness::Witness;
use proptest::prelude::*;
use support::{Keys, inputs, multiplier, multiplier_calculator};

/// A reader of one format, and a whole file of it.
struct Sample {
    bytes: Vec<u8>,
    read: fn(&[u8]) -> Result<(), FormatError>,
}

fn load(zkey: &ZKeyFile<&[u8]>, backend: Backend) -> Result<(), FormatError> {
    match backend.load(zkey) {
        Ok(_) => Ok(()),
        Err(LoadError::Format(error)) => Err(error),
        Err(LoadError::Unusable { reason }) => panic!("{backend} cannot say what is wrong with the file: {reason}"),
    }
}

fn samples() -> [Sample; 3] {
    let folder = tempfile::tempdir().unwrap();
    let wtns = folder.path().join("multiplier.wtns");
    multiplier_calculator()
        .witness(&inputs(3, [5, 11]))
        .unwrap()
        .write(&wtns)
        .unwrap();
    let sample = |path: &std::path::Path, read| Sample {
        bytes: std::fs::read(path).unwrap(),
        read,
    };
    [
        sample(&multiplier().r1cs(), |bytes| {
            R1cs::read_from(&bytes, "a file").map(drop)
        }),
        sample(&wtns, |bytes| Witness::read_from(&bytes, "a file").map(drop)),
        sample(&Keys::make().zkey, |bytes| {
            let zkey = ZKeyFile::open_from(bytes, "a file")?;
            zkey.contributions()?;
            load(&zkey, Backend::Portable)?;
            load(&zkey, Backend::Arkworks)
        }),
    ]
}

#[test]
fn whole_files_are_read() {
    for Sample { bytes, read } in samples() {
        read(&bytes).unwrap();
    }
}

#[test]
fn a_file_cut_off_anywhere_is_an_error_that_names_it() {
    for Sample { bytes, read } in samples() {
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).unwrap_err();
            assert!(error.to_string().contains("a file"), "cut at {length}: {error}");
        }
    }
}

#[test]
fn a_file_of_another_format_is_named_as_such() {
    let [r1cs, wtns, zkey] = samples();
    for (given, read) in [(&wtns, r1cs.read), (&zkey, wtns.read), (&r1cs, zkey.read)] {
        assert!(matches!(read(&given.bytes), Err(FormatError::NotThisFormat { .. })));
    }
}

#[test]
fn a_file_over_another_field_is_named_as_such() {
    let modulus = maci_proving_modulus();
    for Sample { mut bytes, read } in samples() {
        let at = bytes.windows(32).position(|window| window == modulus).unwrap();
        bytes[at] ^= 2;
        assert!(matches!(read(&bytes), Err(FormatError::WrongField { .. })));
    }
}

/// BN254's scalar field order, little-endian.
fn maci_proving_modulus() -> Vec<u8> {
    use ark_ff::{BigInteger, PrimeField};
    Fr::MODULUS.to_bytes_le()
}

/// A header with counts that would need terabytes, and nothing behind it.
#[test]
fn a_header_that_promises_terabytes_takes_no_memory() {
    for Sample { bytes, read } in samples() {
        for at in (12..bytes.len().saturating_sub(4)).step_by(4) {
            let mut lying = bytes.clone();
            lying[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
            // Whatever it is that was overwritten, reading ends soon: with an error, or with the
            // same amount of data when the value has no say in lengths.
            let _outcome = read(&lying);
        }
    }
}

#[test]
fn a_point_off_the_curve_is_named_by_section_and_place() {
    let [_, _, Sample { bytes, read }] = samples();
    let last = bytes.len() - 12 - 68 - 1; // in the last H point
    let mut damaged = bytes;
    damaged[last - 40] ^= 1;
    let error = read(&damaged).unwrap_err();
    let FormatError::Value { section, what, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(section.contains("H points") && what.contains("curve"), "{error}");
}

#[test]
fn a_source_says_how_long_it_is() {
    let bytes: &[u8] = b"abc";
    assert_eq!(bytes.byte_len(), 3);
    assert!(bytes.read_exact_at(&mut [0; 2], 2).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_files_never_panic(
        which in 0usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        thread_local!(static SAMPLES: [Sample; 3] = samples());
        SAMPLES.with(|samples| {
            let Sample { bytes, read } = &samples[which];
            let mut damaged = bytes.clone();
            for (at, value) in &changes {
                let at = at.index(damaged.len());
                damaged[at] = *value;
            }
            if cut {
                damaged.truncate(keep.index(damaged.len()));
            }
            let _outcome = read(&damaged);
        });
    }

    #[test]
    fn arbitrary_bytes_are_no_file(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(R1cs::read_from(&&bytes[..], "noise").is_err());
        prop_assert!(Witness::read_from(&&bytes[..], "noise").is_err());
        prop_assert!(ZKeyFile::open_from(&bytes[..], "noise").is_err());
    }
}
