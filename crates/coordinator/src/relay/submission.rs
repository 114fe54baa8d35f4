use std::net::IpAddr;

use maci_crypto::Fr;
use maci_crypto::curve::Point;
use maci_crypto::field::{fr_from_be_bytes, fr_from_be_bytes_mod_order, fr_to_be_bytes};
use maci_protocol::groth16::Proof;
use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::verdict::encryption_key_counts;
use maci_protocol::vote::Message;
use maci_protocol::{Profile, files::RelayedBatch};
use maci_store::{RelayedContent, RelayedMessageRow};

use super::Receipt;

/// Messages that a voter hands in.
#[derive(Debug, Clone)]
pub struct Submission {
    /// For which poll.
    pub poll: PollRef,
    /// Which of the poll's roots the proof is about: the voter's own leaf.
    pub state_index: StateIndex,
    /// That the voter has joined.
    pub proof: Proof,
    /// The messages, in the order in which they are to go on chain.
    pub messages: Vec<SubmittedMessage>,
    /// From where they come, if that is known.
    pub from: Option<IpAddr>,
}

/// One message of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedMessage(pub Message);

/// A message that was taken.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The message.
    pub message: Message,
    /// Its hash.
    pub hash: Fr,
    /// What the relayer promises.
    pub receipt: Receipt,
}

impl SubmittedMessage {
    /// What is wrong with it, if every circuit of this protocol could not count it.
    ///
    /// The hardened circuits take any key and let such a message count for nothing; others have no witness for it, so that
    /// nobody could finalise the poll. It is refused whatever the poll's circuits are: no client makes such a key.
    pub(super) fn objection(&self) -> Option<&'static str> {
        let key = &self.0.encryption_public_key;
        let small = key.x == Fr::from(0u64);
        if !small && encryption_key_counts(Profile::Hardened, key) {
            return None;
        }
        Some(if key.is_on_curve() {
            "must not be a point of low order"
        } else {
            "must be a point of the curve"
        })
    }

    /// The message as it is kept.
    pub(super) fn content(&self) -> RelayedContent {
        let Message {
            data,
            encryption_public_key: Point { x, y },
        } = &self.0;
        let mut content = Box::new([0; 384]);
        for (place, element) in content.chunks_exact_mut(32).zip(data.iter().chain([x, y])) {
            place.copy_from_slice(&fr_to_be_bytes(element));
        }
        RelayedContent {
            hash: fr_to_be_bytes(&self.0.hash()),
            content,
        }
    }
}

/// The hash of a message as it is kept, which was a number of the field when it was kept.
pub(super) fn hash_of(content: &RelayedContent) -> Fr {
    fr_from_be_bytes_mod_order(&content.hash)
}

/// A kept message as it was handed in; none if the row is damaged.
pub(super) fn message_of(row: &RelayedMessageRow) -> Option<Message> {
    let mut elements = row
        .message
        .content
        .chunks_exact(32)
        .map(|word| fr_from_be_bytes(word.try_into().ok()?).ok());
    let mut data = [Fr::from(0u64); 10];
    for element in &mut data {
        *element = elements.next()??;
    }
    let (x, y) = (elements.next()??, elements.next()??);
    Some(Message {
        data,
        encryption_public_key: Point { x, y },
    })
}

/// The file of these messages, as it is published; none if a row is damaged.
pub(super) fn file_of(poll: PollRef, rows: &[RelayedMessageRow]) -> Option<Vec<u8>> {
    let messages: Vec<Message> = rows.iter().map(message_of).collect::<Option<_>>()?;
    RelayedBatch::new(poll, &messages).to_bytes().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(x: &str, y: &str) -> SubmittedMessage {
        let coordinate = |text| maci_crypto::field::fr_from_decimal(text).unwrap();
        SubmittedMessage(Message {
            data: [Fr::from(7u64); 10],
            encryption_public_key: Point {
                x: coordinate(x),
                y: coordinate(y),
            },
        })
    }

    #[test]
    fn keys_that_no_circuit_could_count_are_refused_and_ordinary_ones_are_not() {
        let ordinary = SubmittedMessage(Message {
            encryption_public_key: Point::BASE8,
            ..Message::placeholder()
        });
        assert_eq!(ordinary.objection(), None);
        let order_4 = "18930368022820495955728484915491405972470733850014661777449844430438130630919";
        let order_8 = [
            "17545522957889784193459637215142187266023652151580582754000402781682644312291",
            "4826523245007015323400664741523384119579596407052839571721035538011798951543",
        ];
        let minus_one = "21888242871839275222246405745257275088548364400416034343698204186575808495616";
        for (x, y) in [("0", "1"), ("0", minus_one), (order_4, "0"), (order_8[0], order_8[1])] {
            let objection = with_key(x, y).objection();
            assert!(objection.is_some_and(|text| text.contains("low order")), "{x} {y}");
        }
        assert!(
            with_key("1", "2")
                .objection()
                .is_some_and(|text| text.contains("curve"))
        );
    }

    #[test]
    fn a_message_is_kept_word_for_word() {
        let message = with_key("3", "4");
        let row = RelayedMessageRow {
            poll: PollRef {
                chain: maci_protocol::ChainId(1),
                maci: maci_protocol::EthAddress([1; 20]),
                poll: maci_protocol::PollId(0),
            },
            place: 0,
            state_index: StateIndex(1),
            message: message.content(),
            taken_at: maci_protocol::time::Timestamp(0),
            promised_by: maci_protocol::time::Timestamp(0),
            batch: None,
        };
        assert_eq!(message_of(&row), Some(message.0));
    }
}
