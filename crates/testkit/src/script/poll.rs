//! The script: who joins, who says what.

use super::{IndependentCount, Intent};

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

/// A poll written down.
#[derive(Debug, Clone)]
pub struct Script {
    /// How votes cost credits.
    pub mode: Mode,
    /// Vote options.
    pub options: usize,
    /// Voice credits of every voter.
    pub credits: u64,
    /// The names of the keys that join, in order: the first has state index 1.
    pub joined: Vec<&'static str>,
    /// The messages, in publication order.
    pub messages: Vec<Intent>,
}

impl Script {
    /// What the poll must come to.
    pub fn count(&self) -> IndependentCount {
        IndependentCount::of(self)
    }

    /// The names of all keys that sign or are changed to, each once.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let said = self
            .messages
            .iter()
            .flat_map(|message| [message.signed_by, message.new_key]);
        let mut keys: Vec<&'static str> = self.joined.iter().copied().chain(said).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The smallest poll that goes on after its first batch: two batches of messages and two of ballots in the tiny
    /// circuits.
    pub fn of_two_batches(mode: Mode) -> Self {
        Self {
            mode,
            options: 5,
            credits: 100,
            joined: vec!["ann", "bob"],
            messages: vec![
                Intent::vote("ann", 1, 2, 1, 3),
                Intent::vote("bob", 2, 1, 2, 4),
                Intent::vote("ann", 1, 1, 0, 2),
            ],
        }
    }

    /// A poll with something of everything: votes changed, keys changed, and every kind of message that must not count,
    /// those included that no other circuits can prove. Fits the tiny circuits: five options, seven voters.
    pub fn with_everything(mode: Mode) -> Self {
        use super::{Craft, LOW_ORDER_KEYS, POISONED_KEY};
        let credits = 100;
        let weight = |weight| if mode == Mode::Full { credits } else { weight };
        let vote = |key, index, nonce, option, votes| Intent::vote(key, index, nonce, option, weight(votes));
        let [order_2, order_4, order_8] = LOW_ORDER_KEYS;
        let messages = vec![
            // Dora's leaf has a key that is no point: this vote addresses it, and must not count.
            vote("dora", 4, 2, 1, 1),
            // Ann: first vote counted last; it replaces the one on option 0.
            vote("ann", 1, 3, 0, 2),
            vote("ann", 1, 2, if mode == Mode::Full { 0 } else { 3 }, 4),
            vote("ann", 1, 1, 0, 9),
            // Bob's new key votes, his old one no longer.
            vote("bob", 2, 2, 1, 1),
            vote("bob's new", 2, 2, 2, 3),
            vote("bob", 2, 1, 2, 5).changing_key_to("bob's new"),
            // Cy: too much, out of turn, no such option, another's signature, no such leaf; then one that counts.
            Intent::vote("cy", 3, 2, 0, 101),
            vote("cy", 3, 4, 0, 1),
            vote("cy", 3, 2, 5, 1),
            vote("ann", 3, 2, 0, 1),
            vote("cy", 9, 1, 0, 1),
            vote("cy", 3, 1, 4, 7),
            // Dora makes her leaf's key a pair of numbers.
            vote("dora", 4, 1, 3, 6).crafted(Craft::NewKey(POISONED_KEY)),
            // Nobody can read these.
            vote("eve", 5, 1, 1, 3).crafted(Craft::Garbled),
            vote("eve", 5, 1, 1, 3).crafted(Craft::EncryptedTo(order_2)),
            vote("eve", 5, 1, 1, 3).crafted(Craft::EncryptedTo(order_4)),
            vote("eve", 5, 1, 1, 3).crafted(Craft::EncryptedTo(order_8)),
        ];
        Self {
            mode,
            options: 5,
            credits,
            joined: vec!["ann", "bob", "cy", "dora", "eve"],
            messages,
        }
    }
}
