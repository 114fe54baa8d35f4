//! A message as its author meant it.

/// A message. Keys are names; whoever plays the script has a key pair for each.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The leaf it speaks for.
    pub state_index: u64,
    /// The option.
    pub option: u64,
    /// The weight.
    pub weight: u64,
    /// The nonce.
    pub nonce: u64,
    /// The name of the key that signs.
    pub signed_by: &'static str,
    /// The name of the key the leaf is to have.
    pub new_key: &'static str,
    /// What is strange about it.
    pub craft: Craft,
}

/// What is strange about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Craft {
    /// Nothing.
    Ordinary,
    /// The ciphertext was altered, so that it decrypts to something else.
    Garbled,
    /// It says it was encrypted to this point, and was not.
    EncryptedTo(Point),
    /// The leaf is to have this pair of numbers for a key.
    NewKey(Point),
}

/// A pair of coordinates, decimal.
pub type Point = [&'static str; 2];

/// Encryption keys of order 2, 4 and 8. The contract takes them; no witness of upstream's circuits does (but for the
/// first).
pub const LOW_ORDER_KEYS: [Point; 3] = [
    [
        "0",
        "21888242871839275222246405745257275088548364400416034343698204186575808495616",
    ],
    [
        "18930368022820495955728484915491405972470733850014661777449844430438130630919",
        "0",
    ],
    [
        "17545522957889784193459637215142187266023652151580582754000402781682644312291",
        "4826523245007015323400664741523384119579596407052839571721035538011798951543",
    ],
];

/// A pair off the curve whose eightfold is (X, 1): once it is a leaf's key, no message to that leaf has a witness in
/// upstream's circuits.
pub const POISONED_KEY: Point = [
    "768681402950113173596078025128971114175032191431360502805980413522439949421",
    "8559824927474354078120989740551251783010079497168363746608052075296770447352",
];

impl Intent {
    /// A vote that leaves the key as it is.
    pub fn vote(key: &'static str, state_index: u64, nonce: u64, option: u64, weight: u64) -> Self {
        Self {
            state_index,
            option,
            weight,
            nonce,
            signed_by: key,
            new_key: key,
            craft: Craft::Ordinary,
        }
    }

    /// The same, but changing the key.
    #[must_use]
    pub fn changing_key_to(self, new_key: &'static str) -> Self {
        Self { new_key, ..self }
    }

    /// The same, but with something strange about it. A [`Craft::NewKey`] is a key that nobody has.
    #[must_use]
    pub fn crafted(self, craft: Craft) -> Self {
        let new_key = if matches!(craft, Craft::NewKey(_)) {
            "nobody's"
        } else {
            self.new_key
        };
        Self { craft, new_key, ..self }
    }

    /// Whether the coordinator gets to read this very command.
    pub(super) fn is_readable(&self) -> bool {
        matches!(self.craft, Craft::Ordinary | Craft::NewKey(_))
    }
}
