use maci_crypto::Fr;
use maci_crypto::curve::Point;

use super::*;
use crate::circuit::Profile;
use crate::ids::StateIndex;
use crate::poll::Mode;
use crate::vote::{Command, StateLeaf};

const GOOD: Checks = Checks {
    encryption_key_counts: true,
    signature_counts: true,
};

fn rules(mode: Mode) -> PollRules {
    PollRules {
        profile: Profile::Hardened,
        mode,
        vote_options: 5,
        state_leaves: 3,
    }
}

fn command(weight: u64) -> Command {
    Command {
        state_index: StateIndex(1),
        new_public_key: Point::BASE8,
        vote_option_index: 2,
        new_vote_weight: weight,
        nonce: 4,
        poll_id: 0,
        salt: Fr::from(0u64),
    }
}

fn addressed(balance: Fr, votes: u64) -> Addressed {
    let leaf = StateLeaf {
        public_key: Point::BASE8,
        voice_credit_balance: balance,
    };
    Addressed {
        leaf,
        nonce: Fr::from(3u64),
        votes: Fr::from(votes),
    }
}

fn judged(mode: Mode, weight: u64, balance: u64, votes: u64) -> Verdict {
    rules(mode)
        .judge(&command(weight), &addressed(Fr::from(balance), votes), GOOD)
        .unwrap()
}

fn left(balance: u64) -> Verdict {
    Verdict::Valid {
        balance: Fr::from(balance),
    }
}

#[test]
fn quadratic_votes_cost_their_square_and_give_back_the_old_ones() {
    assert_eq!(judged(Mode::Qv, 10, 100, 0), left(0));
    assert_eq!(judged(Mode::Qv, 5, 75, 5), left(75));
    assert_eq!(judged(Mode::Qv, 0, 0, 10), left(100));
    assert_eq!(judged(Mode::Qv, 11, 100, 0), Verdict::Invalid(InvalidReason::Credits));
}

#[test]
fn plain_votes_cost_themselves() {
    assert_eq!(judged(Mode::NonQv, 100, 90, 10), left(0));
    assert_eq!(
        judged(Mode::NonQv, 101, 90, 10),
        Verdict::Invalid(InvalidReason::Credits)
    );
}

#[test]
fn full_votes_spend_everything() {
    assert_eq!(judged(Mode::Full, 100, 100, 0), left(0));
    assert_eq!(
        judged(Mode::Full, 99, 100, 0),
        Verdict::Invalid(InvalidReason::CreditsLeftOver)
    );
    assert_eq!(
        judged(Mode::Full, 101, 100, 0),
        Verdict::Invalid(InvalidReason::Credits)
    );
}

#[test]
fn the_first_broken_rule_is_named() {
    let at = addressed(Fr::from(100u64), 0);
    let reason = |command: Command, checks| match rules(Mode::Qv).judge(&command, &at, checks).unwrap() {
        Verdict::Invalid(reason) => Some(reason),
        Verdict::Valid { .. } => None,
    };
    assert_eq!(reason(command(1), GOOD), None);
    let refused = Checks {
        encryption_key_counts: false,
        ..GOOD
    };
    assert_eq!(reason(command(1), refused), Some(InvalidReason::EncryptionKey));
    let unsigned = Checks {
        signature_counts: false,
        ..GOOD
    };
    assert_eq!(reason(command(1), unsigned), Some(InvalidReason::Signature));
    let beyond = Command {
        state_index: StateIndex(3),
        ..command(1)
    };
    assert_eq!(reason(beyond, GOOD), Some(InvalidReason::StateIndex));
    assert_eq!(
        reason(Command { nonce: 3, ..command(1) }, GOOD),
        Some(InvalidReason::Nonce)
    );
    assert_eq!(
        reason(
            Command {
                vote_option_index: 5,
                ..command(1)
            },
            GOOD
        ),
        Some(InvalidReason::VoteOption)
    );
}

#[test]
fn credits_beyond_the_comparison_stop_foreign_circuits_and_buy_nothing_in_ours() {
    let limit = Fr::from(2u64).pow_252() - Fr::from(2u64);
    for mode in [Mode::Qv, Mode::NonQv] {
        let at = |balance| addressed(balance, 0);
        for profile in [Profile::September, Profile::Release, Profile::Hardened] {
            let rules = PollRules { profile, ..rules(mode) };
            assert!(rules.judge(&command(1), &at(limit), GOOD).unwrap().is_valid());
        }
        for beyond in [limit + Fr::from(1u64), -Fr::from(1u64)] {
            for profile in [Profile::September, Profile::Release] {
                let rules = PollRules { profile, ..rules(mode) };
                assert_eq!(rules.judge(&command(1), &at(beyond), GOOD), Err(NoWitness::Balance));
            }
            let ours = rules(mode).judge(&command(1), &at(beyond), GOOD);
            assert_eq!(ours, Ok(Verdict::Invalid(InvalidReason::Credits)));
        }
    }
    let full = PollRules {
        profile: Profile::Release,
        ..rules(Mode::Full)
    };
    assert!(
        !full
            .judge(&command(1), &addressed(-Fr::from(1u64), 0), GOOD)
            .unwrap()
            .is_valid()
    );
}

/// Two to the 252nd.
trait Power {
    fn pow_252(self) -> Self;
}

impl Power for Fr {
    fn pow_252(self) -> Self {
        (1..252).fold(self, |power, _| power + power)
    }
}

#[test]
fn only_ordinary_and_neutral_encryption_keys_count_when_hardened() {
    let zero = Fr::from(0u64);
    let counts = |x, y| encryption_key_counts(Profile::Hardened, &Point { x, y });
    assert!(encryption_key_counts(Profile::Hardened, &Point::BASE8));
    // Orders 1 and 2, for which the release has a verdict.
    assert!(counts(zero, Fr::from(1u64)));
    assert!(counts(zero, -Fr::from(1u64)));
    // Off the curve.
    assert!(!counts(zero, Fr::from(5u64)));
    assert!(!counts(Fr::from(1u64), Fr::from(2u64)));
    assert!(encryption_key_counts(
        Profile::Release,
        &Point {
            x: Fr::from(1u64),
            y: Fr::from(2u64)
        }
    ));
}
