//! What the unusual points do to each generation of circuits (protocol sections 28.3 and 28.4).

use ark_ff::{AdditiveGroup, PrimeField};
use maci_crypto::adversarial::{
    forgery, halves, ladder_order_three, mixed_order, order_eight, order_four, order_two, plus_order,
    poisoned_y_minus_one, poisoned_y_one, with_bit_253,
};
use maci_crypto::curve::{Fl, Point, fl_to_fr};
use maci_crypto::ecdh::circuit_shared_key;
use maci_crypto::eddsa::{Signature, circuit_verdict, sign, verify};
use maci_crypto::field::fr_to_le_bytes;
use maci_crypto::keys::PrivateKey;
use maci_crypto::ladder::{NoWitness, Step};
use maci_crypto::poseidon::hash5;
use maci_crypto::{Fr, Rules};

const FOREIGN: [Rules; 2] = [Rules::September, Rules::Release];
const ALL: [Rules; 3] = [Rules::September, Rules::Release, Rules::Hardened];

fn voter() -> PrivateKey {
    PrivateKey::from_seed([42; 32])
}

#[test]
fn low_order_points_have_the_orders_they_are_named_after() {
    let [two, four, eight] = [order_two(), order_four(), order_eight()];
    assert_eq!(two.double(), Point::IDENTITY);
    assert_eq!(four.double(), two);
    assert_eq!(eight.double(), four);
    assert!([two, four, eight].iter().all(Point::is_on_curve));
    assert!(![two, four, eight].iter().any(Point::is_in_subgroup));
}

#[test]
fn encryption_keys_of_order_4_and_8_leave_only_the_hardened_circuits_with_a_witness() {
    let scalar = voter().secret_scalar();
    for key in [order_four(), order_eight()] {
        for rules in FOREIGN {
            assert_eq!(
                circuit_shared_key(rules, &scalar, &key),
                Err(NoWitness::DivisionByZero { step: Step::Double })
            );
        }
        assert_eq!(circuit_shared_key(Rules::Hardened, &scalar, &key), Ok(Point::IDENTITY));
    }
}

#[test]
fn encryption_keys_with_x_zero_give_the_neutral_shared_key_everywhere() {
    let scalar = voter().secret_scalar();
    for key in [Point::IDENTITY, order_two(), Point::new(Fr::ZERO, Fr::from(5))] {
        for rules in ALL {
            assert_eq!(circuit_shared_key(rules, &scalar, &key), Ok(Point::IDENTITY));
        }
    }
}

#[test]
fn off_curve_encryption_keys_with_vanishing_denominators_have_no_witness() {
    let scalar = voter().secret_scalar();
    for (key, step) in [
        (Point::new(Fr::from(5), Fr::from(1)), Step::ToMontgomery),
        (Point::new(Fr::from(5), -Fr::from(1)), Step::Double),
        (ladder_order_three(), Step::Add),
    ] {
        assert!(!key.is_on_curve());
        for rules in FOREIGN {
            assert_eq!(
                circuit_shared_key(rules, &scalar, &key),
                Err(NoWitness::DivisionByZero { step })
            );
        }
        assert_eq!(circuit_shared_key(Rules::Hardened, &scalar, &key), Ok(Point::IDENTITY));
    }
}

#[test]
fn poisoned_state_keys_leave_only_the_hardened_circuits_with_a_witness() {
    let message = Fr::from(9);
    for (key, y) in [(poisoned_y_one(), Fr::from(1)), (poisoned_y_minus_one(), -Fr::from(1))] {
        let eightfold = key.mul_by_cofactor();
        assert!(!key.is_on_curve() && eightfold.x != Fr::ZERO && eightfold.y == y);
        let signature = sign(&voter(), message);
        for rules in FOREIGN {
            assert!(circuit_verdict(rules, &key, message, &signature).is_err());
        }
        assert_eq!(circuit_verdict(Rules::Hardened, &key, message, &signature), Ok(false));
    }
}

#[test]
fn halves_double_to_the_point() {
    let point = Point::new(Fr::from(3), Fr::from(1));
    assert!(halves(&point).iter().all(|half| half.double() == point));
    let doubled = Point::BASE8.double();
    assert!(halves(&doubled).contains(&Point::BASE8));
}

#[test]
fn a_forgery_passes_under_low_order_keys_only_in_the_september_circuits_and_the_library() {
    let message = Fr::from(1234);
    let forged = forgery(77);
    for key in [order_four(), order_eight()] {
        assert!(verify(&key, message, &forged));
        assert_eq!(circuit_verdict(Rules::September, &key, message, &forged), Ok(true));
        assert_eq!(circuit_verdict(Rules::Release, &key, message, &forged), Ok(false));
        assert_eq!(circuit_verdict(Rules::Hardened, &key, message, &forged), Ok(false));
    }
    for key in [Point::IDENTITY, order_two()] {
        assert!(verify(&key, message, &forged));
        for rules in ALL {
            assert_eq!(circuit_verdict(rules, &key, message, &forged), Ok(false));
        }
    }
    let off_curve = Point::new(Fr::from(5), Fr::ZERO);
    assert_eq!(off_curve.mul_by_cofactor().x, Fr::ZERO);
    assert_eq!(
        circuit_verdict(Rules::September, &off_curve, message, &forged),
        Ok(true)
    );
    assert_eq!(circuit_verdict(Rules::Release, &off_curve, message, &forged), Ok(false));
}

#[test]
fn the_range_check_on_s_skips_bit_253_in_every_circuit() {
    let message = Fr::from(5);
    let key = voter().public_key().point();
    let Signature { r8, s } = sign(&voter(), message);
    let skipped = Signature { r8, s: with_bit_253(s) };
    assert_eq!(skipped.s.into_bigint().0[3] >> 61, 1);
    let refused = Signature { r8, s: plus_order(s) };
    assert!(!verify(&key, message, &skipped));
    for rules in ALL {
        assert_eq!(circuit_verdict(rules, &key, message, &skipped), Ok(true));
        assert_eq!(circuit_verdict(rules, &key, message, &refused), Ok(false));
    }
}

#[test]
fn a_low_order_part_of_a_state_key_changes_nothing() {
    let message = Fr::from(5);
    let key = mixed_order(&voter().public_key().point());
    assert!(key.is_on_curve() && !key.is_in_subgroup());
    // R8 = (0, 1) and S = e·8·s, with the challenge over the mixed key.
    let challenge = hash5(&[Fr::ZERO, Fr::from(1), key.x, key.y, message]);
    let [e, secret] =
        [challenge, voter().secret_scalar().expose()].map(|n| Fl::from_le_bytes_mod_order(&fr_to_le_bytes(&n)));
    let signature = Signature {
        r8: Point::IDENTITY,
        s: fl_to_fr(&(e * Fl::from(8) * secret)),
    };
    for rules in ALL {
        assert_eq!(circuit_verdict(rules, &key, message, &signature), Ok(true));
        assert_eq!(circuit_verdict(rules, &key, Fr::from(6), &signature), Ok(false));
    }
}
