//! The expected result of a scripted poll, from the rules alone.
//!
//! Keys are names, messages are intentions, and all arithmetic is on plain integers: nothing here is shared with the
//! replay it judges. The rules are those of the protocol's message processing: last message first; valid when the leaf
//! exists, the signature is by the leaf's key, the nonce is the ballot's next, the option exists and the credits suffice.

/// How votes cost credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A vote of weight w costs w².
    Quadratic,
    /// A vote of weight w costs w.
    Linear,
    /// All credits go to one option.
    Full,
}

/// A message as its author meant it.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The leaf it speaks for.
    pub state_index: usize,
    /// The option.
    pub option: usize,
    /// The weight.
    pub weight: u128,
    /// The nonce.
    pub nonce: u64,
    /// The name of the key that signed.
    pub signed_by: &'static str,
    /// The name of the key the leaf is to have.
    pub new_key: &'static str,
    /// Whether the coordinator gets to read this very command; `false` for every kind of spoiled message.
    pub readable: bool,
}

impl Intent {
    /// A vote that leaves the key as it is.
    pub fn vote(key: &'static str, state_index: usize, nonce: u64, option: usize, weight: u128) -> Self {
        Self {
            state_index,
            option,
            weight,
            nonce,
            signed_by: key,
            new_key: key,
            readable: true,
        }
    }

    /// The same, but changing the key.
    #[must_use]
    pub fn changing_key_to(self, new_key: &'static str) -> Self {
        Self { new_key, ..self }
    }

    /// The same, but signed with another key than the leaf's.
    #[must_use]
    pub fn signed_by(self, key: &'static str) -> Self {
        Self { signed_by: key, ..self }
    }

    /// The same, but spoiled so that nobody can read it.
    #[must_use]
    pub fn spoiled(self) -> Self {
        Self {
            readable: false,
            ..self
        }
    }
}

/// A voter's leaf and ballot.
#[derive(Debug, Clone)]
struct Leaf {
    key: &'static str,
    credits: u128,
    nonce: u64,
    votes: Vec<u128>,
}

/// What a poll must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndependentCount {
    /// Votes per option.
    pub results: Vec<u128>,
    /// Credits spent per option (meaningful in quadratic polls; equal to the votes elsewhere).
    pub spent_per_option: Vec<u128>,
    /// Credits spent.
    pub spent: u128,
    /// Whether each message was valid, in publication order.
    pub verdicts: Vec<bool>,
}

impl IndependentCount {
    /// Counts a poll.
    ///
    /// `joined` are the names and credits of those who joined, in order: the first has state index 1. `messages` are
    /// in publication order.
    pub fn of(mode: Mode, options: usize, joined: &[(&'static str, u128)], messages: &[Intent]) -> Self {
        // Leaf 0 is the blank leaf: nobody has its key.
        let blank = Leaf {
            key: "",
            credits: 0,
            nonce: 0,
            votes: vec![0; options],
        };
        let mut leaves = vec![blank.clone()];
        leaves.extend(joined.iter().map(|&(key, credits)| Leaf {
            key,
            credits,
            ..blank.clone()
        }));

        let mut verdicts: Vec<bool> = messages
            .iter()
            .rev()
            .map(|message| apply(mode, &mut leaves, message))
            .collect();
        verdicts.reverse();

        let per_option = |value: fn(Mode, u128) -> u128| {
            (0..options)
                .map(|option| {
                    leaves
                        .iter()
                        .filter_map(|leaf| leaf.votes.get(option))
                        .map(|&w| value(mode, w))
                        .sum()
                })
                .collect::<Vec<u128>>()
        };
        let spent_per_option = per_option(cost);
        Self {
            results: per_option(|_, weight| weight),
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

/// Applies a message to the leaves, or leaves them alone; tells which.
fn apply(mode: Mode, leaves: &mut [Leaf], message: &Intent) -> bool {
    let Some(leaf) = leaves.get_mut(message.state_index) else {
        return false;
    };
    let Some(vote) = leaf.votes.get_mut(message.option) else {
        return false;
    };
    let signed = message.readable && message.state_index != 0 && message.signed_by == leaf.key;
    let in_turn = message.nonce == leaf.nonce + 1;
    let Some(rest) = (leaf.credits + cost(mode, *vote)).checked_sub(cost(mode, message.weight)) else {
        return false;
    };
    let affordable = mode != Mode::Full || rest == 0;
    let valid = signed && in_turn && affordable;
    if valid {
        *vote = message.weight;
        leaf.key = message.new_key;
        leaf.credits = rest;
        leaf.nonce = message.nonce;
    }
    valid
}

#[cfg(test)]
mod tests {
    use super::{IndependentCount, Intent, Mode};

    const ANN_AND_BOB: [(&str, u128); 2] = [("ann", 10), ("bob", 10)];

    #[test]
    fn the_vote_published_last_is_counted_first() {
        let messages = [Intent::vote("ann", 1, 2, 0, 1), Intent::vote("ann", 1, 1, 0, 3)];
        let count = IndependentCount::of(Mode::Quadratic, 2, &ANN_AND_BOB, &messages);
        assert_eq!(
            (count.results, count.spent, count.verdicts),
            (vec![1, 0], 1, vec![true, true])
        );
    }

    #[test]
    fn votes_out_of_turn_unsigned_overspent_or_spoiled_change_nothing() {
        let messages = [
            Intent::vote("ann", 1, 2, 0, 1),
            Intent::vote("bob", 2, 1, 0, 4),
            Intent::vote("bob", 2, 1, 0, 1).signed_by("ann"),
            Intent::vote("bob", 2, 1, 2, 1),
            Intent::vote("bob", 3, 1, 0, 1),
            Intent::vote("bob", 2, 1, 0, 1).spoiled(),
            Intent::vote("", 0, 1, 0, 0),
        ];
        let count = IndependentCount::of(Mode::Quadratic, 2, &ANN_AND_BOB, &messages);
        assert_eq!(count.verdicts, vec![false; 7]);
        assert_eq!(count.results, vec![0, 0]);
    }

    #[test]
    fn after_a_key_change_only_the_new_key_signs() {
        let messages = [
            Intent::vote("ann", 1, 2, 1, 2),
            Intent::vote("new", 1, 2, 0, 2),
            Intent::vote("ann", 1, 1, 0, 1).changing_key_to("new"),
        ];
        let count = IndependentCount::of(Mode::Linear, 2, &ANN_AND_BOB, &messages);
        assert_eq!(count.verdicts, vec![false, true, true]);
        assert_eq!(count.results, vec![2, 0]);
    }

    #[test]
    fn a_full_vote_spends_everything_or_nothing() {
        let messages = [Intent::vote("bob", 2, 1, 1, 9), Intent::vote("ann", 1, 1, 0, 10)];
        let count = IndependentCount::of(Mode::Full, 2, &ANN_AND_BOB, &messages);
        assert_eq!((count.results, count.spent), (vec![10, 0], 10));
        assert_eq!(count.verdicts, vec![false, true]);
    }
}
