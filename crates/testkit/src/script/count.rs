//! What the messages must come to, from the rules alone.
//!
//! Keys are names, messages are intentions, and all arithmetic is on plain integers: nothing here is shared with the
//! replay it judges. Last message first; valid when the leaf exists, the signature is by the leaf's key, the nonce is the
//! ballot's next, the option exists and the credits suffice.

use super::{Intent, Mode, Script};

/// What a poll must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndependentCount {
    /// Votes per option.
    pub results: Vec<u128>,
    /// Credits spent per option (upstream publishes them for quadratic polls only).
    pub spent_per_option: Vec<u128>,
    /// Credits spent.
    pub spent: u128,
    /// Whether each message was valid, in publication order.
    pub verdicts: Vec<bool>,
}

/// A voter's leaf and ballot.
#[derive(Debug, Clone)]
struct Leaf {
    key: &'static str,
    credits: u128,
    nonce: u64,
    votes: Vec<u128>,
}

impl IndependentCount {
    pub(super) fn of(script: &Script) -> Self {
        let credits = u128::from(script.credits);
        let joined = script.joined.iter().map(|key| Leaf {
            key,
            credits,
            nonce: 0,
            votes: vec![0; script.options],
        });
        let mut leaves: Vec<Leaf> = joined.collect();

        let messages = script.messages.iter().rev();
        let mut verdicts: Vec<bool> = messages
            .map(|message| apply(script.mode, &mut leaves, message))
            .collect();
        verdicts.reverse();

        let sums = |value: fn(Mode, u128) -> u128| -> Vec<u128> {
            let of_option = |option| leaves.iter().filter_map(move |leaf| leaf.votes.get(option));
            (0..script.options)
                .map(|option| of_option(option).map(|votes| value(script.mode, *votes)).sum())
                .collect()
        };
        let spent_per_option = sums(cost);
        Self {
            results: sums(|_, votes| votes),
            spent: spent_per_option.iter().sum(),
            spent_per_option,
            verdicts,
        }
    }
}

fn cost(mode: Mode, weight: u128) -> u128 {
    match mode {
        Mode::Quadratic => weight * weight,
        Mode::Linear | Mode::Full => weight,
    }
}

/// Applies a message to the leaves, or leaves them alone; tells which. The first voter's leaf has index 1; nobody
/// signs for leaf 0.
fn apply(mode: Mode, leaves: &mut [Leaf], message: &Intent) -> bool {
    let weight = u128::from(message.weight);
    let place = message
        .state_index
        .checked_sub(1)
        .and_then(|place| usize::try_from(place).ok());
    let Some(leaf) = place.and_then(|place| leaves.get_mut(place)) else {
        return false;
    };
    let Some(vote) = usize::try_from(message.option)
        .ok()
        .and_then(|option| leaf.votes.get_mut(option))
    else {
        return false;
    };
    let Some(rest) = (leaf.credits + cost(mode, *vote)).checked_sub(cost(mode, weight)) else {
        return false;
    };
    let valid = message.is_readable()
        && message.signed_by == leaf.key
        && message.nonce == leaf.nonce + 1
        && (mode != Mode::Full || rest == 0);
    if valid {
        *vote = weight;
        leaf.key = message.new_key;
        leaf.credits = rest;
        leaf.nonce = message.nonce;
    }
    valid
}

#[cfg(test)]
mod tests {
    use crate::script::{Craft, Intent, Mode, Script};

    fn ann_and_bob(mode: Mode, messages: Vec<Intent>) -> Script {
        Script {
            mode,
            options: 2,
            credits: 10,
            joined: vec!["ann", "bob"],
            messages,
        }
    }

    #[test]
    fn the_vote_published_last_is_counted_first() {
        let messages = vec![Intent::vote("ann", 1, 2, 0, 1), Intent::vote("ann", 1, 1, 0, 3)];
        let count = ann_and_bob(Mode::Quadratic, messages).count();
        assert_eq!(
            (count.results, count.spent, count.verdicts),
            (vec![1, 0], 1, vec![true, true])
        );
    }

    #[test]
    fn votes_out_of_turn_unsigned_overspent_or_unreadable_change_nothing() {
        let messages = vec![
            Intent::vote("ann", 1, 2, 0, 1),
            Intent::vote("bob", 2, 1, 0, 4),
            Intent::vote("ann", 2, 1, 0, 1),
            Intent::vote("bob", 2, 1, 2, 1),
            Intent::vote("bob", 3, 1, 0, 1),
            Intent::vote("bob", 2, 1, 0, 1).crafted(Craft::Garbled),
            Intent::vote("bob", 0, 1, 0, 0),
        ];
        let count = ann_and_bob(Mode::Quadratic, messages).count();
        assert_eq!((count.verdicts, count.results), (vec![false; 7], vec![0, 0]));
    }

    #[test]
    fn after_a_key_change_only_the_new_key_signs() {
        let messages = vec![
            Intent::vote("ann", 1, 2, 1, 2),
            Intent::vote("new", 1, 2, 0, 2),
            Intent::vote("ann", 1, 1, 0, 1).changing_key_to("new"),
        ];
        let count = ann_and_bob(Mode::Linear, messages).count();
        assert_eq!((count.verdicts, count.results), (vec![false, true, true], vec![2, 0]));
    }

    #[test]
    fn a_full_vote_spends_everything_or_nothing() {
        let messages = vec![Intent::vote("bob", 2, 1, 1, 9), Intent::vote("ann", 1, 1, 0, 10)];
        let count = ann_and_bob(Mode::Full, messages).count();
        assert_eq!(
            (count.results, count.spent, count.verdicts),
            (vec![10, 0], 10, vec![false, true])
        );
    }

    #[test]
    fn the_script_with_everything_comes_to_what_was_worked_out_by_hand() {
        let count = |mode| Script::with_everything(mode).count();
        assert_eq!(count(Mode::Quadratic).results, [2, 0, 3, 4 + 6, 7]);
        assert_eq!(count(Mode::Linear).results, [2, 0, 3, 4 + 6, 7]);
        assert_eq!(count(Mode::Full).results, [100, 0, 100, 100, 100]);
        let valid = |mode| count(mode).verdicts.iter().filter(|valid| **valid).count();
        assert_eq!([Mode::Quadratic, Mode::Linear, Mode::Full].map(valid), [7, 7, 7]);
    }
}
