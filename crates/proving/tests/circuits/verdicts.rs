//! Every message has exactly one provable outcome: who should not count cannot be counted, and who should cannot
//! be left out.

use maci_crypto::curve::Point;
use maci_crypto::eddsa::Signature;
use maci_crypto::{Fr, adversarial};
use maci_protocol::Mode;

use crate::attempt::{Attempt, product, voter};

/// What is done to a signature after signing.
type Change = fn(Signature) -> Signature;

const MODES: [Mode; 3] = [Mode::Qv, Mode::NonQv, Mode::Full];

fn power_of_two(exponent: u64) -> Fr {
    (0..exponent).fold(Fr::from(1u64), |power, _| power + power)
}

/// Pairs that nobody may encrypt with: of order 4 and 8, and off the curve.
fn unsound_keys() -> Vec<(&'static str, Point)> {
    vec![
        ("order 4", adversarial::order_four()),
        ("order 8", adversarial::order_eight()),
        ("off the curve", Point::new(Fr::from(1u64), Fr::from(2u64))),
        ("off the curve with x = 0", Point::new(Fr::from(0u64), Fr::from(5u64))),
        ("off the curve with y = 0", Point::new(Fr::from(5u64), Fr::from(0u64))),
        ("off the curve with y = 1", Point::new(Fr::from(5u64), Fr::from(1u64))),
        ("off the curve with y = -1", Point::new(Fr::from(5u64), -Fr::from(1u64))),
        ("of order 3 in the ladder", adversarial::ladder_order_three()),
        ("poisoned", adversarial::poisoned_y_one()),
        ("poisoned otherwise", adversarial::poisoned_y_minus_one()),
    ]
}

#[test]
fn an_honest_vote_cannot_be_left_out() {
    for mode in MODES {
        Attempt::honest(mode).must_be(true, "honest");
    }
}

#[test]
fn a_message_under_an_unsound_encryption_key_cannot_be_counted() {
    for (what, key) in unsound_keys() {
        for shared_key in [Point::IDENTITY, product(&key)] {
            let attempt = Attempt::honest(Mode::Qv).with_encryption(key, shared_key);
            attempt.must_be(false, &format!("encryption key {what}"));
        }
    }
}

#[test]
fn a_message_under_a_key_of_order_one_or_two_is_read_with_the_neutral_point() {
    for key in [Point::IDENTITY, adversarial::order_two()] {
        let attempt = Attempt::honest(Mode::Qv).with_encryption(key, Point::IDENTITY);
        attempt.must_be(true, "encryption key with x = 0");
    }
}

#[test]
fn a_message_under_a_key_of_mixed_order_counts() {
    let key = adversarial::mixed_order(&Attempt::honest(Mode::Qv).encryption_public_key);
    let attempt = Attempt::honest(Mode::Qv).with_encryption(key, product(&key));
    attempt.must_be(true, "encryption key of order 8l");
}

#[test]
fn nobody_can_sign_for_a_key_of_low_order_or_off_the_curve() {
    let mut keys = unsound_keys();
    keys.extend([("order 1", Point::IDENTITY), ("order 2", adversarial::order_two())]);
    for (what, key) in keys {
        let mut attempt = Attempt::honest(Mode::Qv).with_leaf(key);
        attempt.signer = Err(adversarial::forgery(77));
        attempt.must_be(false, &format!("forged for a state key {what}"));
        attempt.signer = Ok(voter());
        attempt.must_be(false, &format!("signed under a state key {what}"));
    }
}

#[test]
fn a_state_key_of_mixed_order_signs_with_its_own_key() {
    let honest = Attempt::honest(Mode::Qv);
    let mixed = adversarial::mixed_order(&honest.leaf.public_key);
    // The signature of the subgroup part is over another key, so it does not fit.
    honest.with_leaf(mixed).must_be(false, "signed under another key");
}

#[test]
fn r8_off_the_curve_or_another_is_no_signature() {
    let changes: [Change; 4] = [
        |signature| Signature {
            r8: Point::new(Fr::from(1u64), Fr::from(2u64)),
            ..signature
        },
        |signature| Signature {
            r8: signature.r8.negate(),
            ..signature
        },
        |signature| Signature {
            r8: adversarial::mixed_order(&signature.r8),
            ..signature
        },
        |signature| Signature {
            r8: Point::IDENTITY,
            ..signature
        },
    ];
    for change_signature in changes {
        let attempt = Attempt {
            change_signature,
            ..Attempt::honest(Mode::Qv)
        };
        attempt.must_be(false, "R8 changed");
    }
}

#[test]
fn the_range_of_s_is_the_released_circuits() {
    let cases: [(Change, bool); 5] = [
        (
            |signature| with_s(signature, adversarial::with_bit_253(signature.s)),
            true,
        ),
        (
            |signature| with_s(signature, adversarial::plus_order(signature.s)),
            false,
        ),
        (|signature| with_s(signature, -Fr::from(1u64)), false),
        (|signature| with_s(signature, Fr::from(0u64)), false),
        // With both top bits set, where a second representative would begin.
        (
            |signature| with_s(signature, power_of_two(253) + power_of_two(252) + signature.s),
            false,
        ),
    ];
    for (number, (change_signature, valid)) in cases.into_iter().enumerate() {
        let attempt = Attempt {
            change_signature,
            ..Attempt::honest(Mode::Qv)
        };
        attempt.must_be(valid, &format!("S, case {number}"));
    }
}

fn with_s(signature: Signature, s: Fr) -> Signature {
    Signature { s, ..signature }
}

#[test]
fn credits_pay_to_the_last_and_not_beyond() {
    // Five votes: 25 credits in QV, 5 otherwise.
    for (mode, cost) in [(Mode::Qv, 25u64), (Mode::NonQv, 5)] {
        for (balance, valid) in [(cost, true), (cost + 1, true), (cost - 1, false), (0, false)] {
            let attempt = Attempt::honest(mode).with_balance(Fr::from(balance));
            attempt.must_be(valid, &format!("{mode:?} with {balance} credits"));
        }
    }
    for (balance, valid) in [(5u64, true), (6, false), (4, false), (0, false)] {
        let attempt = Attempt::honest(Mode::Full).with_balance(Fr::from(balance));
        attempt.must_be(valid, &format!("FULL with {balance} credits"));
    }
}

#[test]
fn balances_beyond_the_released_bound_buy_nothing() {
    let bound = power_of_two(252) - Fr::from(2u64);
    let one = Fr::from(1u64);
    for mode in [Mode::Qv, Mode::NonQv] {
        Attempt::honest(mode)
            .with_balance(bound)
            .must_be(true, "the largest balance");
        let huge = [
            bound + one,
            bound + one + one,
            power_of_two(253),
            power_of_two(253) + power_of_two(252),
        ];
        let wrapping = [-one, -one - one, -Fr::from(25u64), -power_of_two(100)];
        for balance in huge.into_iter().chain(wrapping) {
            let attempt = Attempt::honest(mode).with_balance(balance);
            attempt.must_be(false, &format!("{mode:?}, balance {balance}"));
        }
    }
    for balance in [bound + one, -one] {
        Attempt::honest(Mode::Full).with_balance(balance).must_be(false, "FULL");
    }
}

#[test]
fn the_largest_weight_is_paid_for_like_any_other() {
    let weight = (1u64 << 50) - 1;
    for (mode, cost) in [
        (Mode::Qv, Fr::from(weight) * Fr::from(weight)),
        (Mode::NonQv, Fr::from(weight)),
        (Mode::Full, Fr::from(weight)),
    ] {
        let attempt = Attempt {
            weight,
            ..Attempt::honest(mode).with_balance(cost)
        };
        attempt.must_be(true, "exactly enough");
        attempt.with_balance(cost - Fr::from(1u64)).must_be(false, "one short");
    }
}
