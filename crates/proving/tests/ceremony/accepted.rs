use maci_proving::ceremony::CeremonyError;

use crate::stage::Stage;

#[test]
fn a_key_of_parties_and_a_beacon_is_accepted_with_everybody_named() {
    let verified = Stage::get().verify("final.zkey").unwrap();
    let names: Vec<_> = verified.contributions().iter().map(|one| one.name.as_deref()).collect();
    assert_eq!(names, [Some("Ann"), Some("Bob"), Some("a block's hash")]);
    let beacons: Vec<_> = verified
        .contributions()
        .iter()
        .map(|one| one.beacon.is_some())
        .collect();
    assert_eq!(beacons, [false, false, true]);
}

#[test]
fn the_hashes_are_those_that_snarkjs_shows() {
    let stage = Stage::get();
    let verified = stage.verify("final.zkey").unwrap();
    let r1cs = crate::support::multiplier().r1cs();
    let said = stage.run(&["zkey", "verify", r1cs.to_str().unwrap(), "tau.ptau", "final.zkey"]);
    assert!(said.contains("ZKey Ok!"), "{said}");
    let said: String = said.split_whitespace().collect();
    assert!(said.contains(&verified.circuit_hash().to_string()), "{said}");
    for contribution in verified.contributions() {
        let hash: String = contribution.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(said.contains(&hash), "{}: {said}", contribution.number);
    }
}

#[test]
fn a_key_that_nobody_contributed_to_is_refused() {
    let error = Stage::get().verify("zero.zkey").unwrap_err();
    assert!(matches!(error, CeremonyError::NoContribution), "{error}");
}
