//! Tells upstream's circuits of September 2025 from those of release 3.0.0 by their size.
//!
//! The wires of a message processor grow linearly with its batch: a constant part, a part for each
//! message that depends on the depths of the trees, less in the simpler modes. The September
//! circuits lack 272 wires for each message. All other templates are the same in both.

use maci_protocol::{CircuitId, Mode, Profile, Template};

/// What a key's size says about the circuits it was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileEvidence {
    /// It has the size of exactly these circuits.
    Only(Profile),
    /// The circuit behaves alike in all profiles.
    Alike,
    /// It has none of the known sizes.
    Unknown,
}

/// Wires of the release's message processor in QV mode: beside those of the messages.
const FIXED: u32 = 1_861;
/// For each message, by the depths of the state tree and the vote option tree.
const PER_MESSAGE: [((u8, u8), u32); 3] = [((3, 1), 18_370), ((10, 2), 26_176), ((14, 3), 31_045)];
/// Fewer wires for each message without the squares of QV.
const NON_QV_SAVES: u32 = 758;
/// Fewer wires for each message without any credits left over.
const FULL_SAVES: u32 = 1_510;
/// Wires for each message that the release added.
const RELEASE_ADDS: u32 = 272;

/// Compares a key's number of wires with upstream's circuits.
pub fn profile_of(circuit: CircuitId, wires: u32) -> ProfileEvidence {
    let mode = match circuit.template() {
        Template::MessageProcessor(mode) => mode,
        Template::PollJoining | Template::PollJoined | Template::VoteTallyQv | Template::VoteTallyNonQv => {
            return ProfileEvidence::Alike;
        }
    };
    let &[state, batch, options] = circuit.parameters() else {
        return ProfileEvidence::Unknown;
    };
    let known = PER_MESSAGE.iter().find(|(depths, _)| *depths == (state, options));
    let Some((_, quadratic)) = known else {
        return ProfileEvidence::Unknown;
    };
    let message = match mode {
        Mode::Qv => *quadratic,
        Mode::NonQv => quadratic - NON_QV_SAVES,
        Mode::Full => quadratic - FULL_SAVES,
    };
    let with = |message: u32| FIXED + message * u32::from(batch);
    if wires == with(message) {
        ProfileEvidence::Only(Profile::Release)
    } else if wires == with(message - RELEASE_ADDS) {
        ProfileEvidence::Only(Profile::September)
    } else {
        ProfileEvidence::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upstreams_published_sizes_are_told_apart() {
        let told = |name: &str, wires| profile_of(name.parse().unwrap(), wires);
        for (name, wires) in [
            ("MessageProcessorQv_10-20-2", 525_381),
            ("MessageProcessorNonQv_10-20-2", 510_221),
            ("MessageProcessorFull_10-20-2_test", 495_181),
            ("MessageProcessorQv_14-20-3", 622_761),
            ("MessageProcessorQv_14-25-3", 777_986),
            ("MessageProcessorQv_3-1-1", 20_231),
            ("MessageProcessorNonQv_3-1-1", 19_473),
            ("MessageProcessorFull_3-1-1", 18_721),
        ] {
            assert_eq!(told(name, wires), ProfileEvidence::Only(Profile::Release), "{name}");
        }
        for (name, wires) in [
            ("MessageProcessorQv_10-20-2_test", 519_941),
            ("MessageProcessorNonQv_10-20-2", 504_781),
            ("MessageProcessorFull_10-20-2", 489_741),
            ("MessageProcessorQv_14-20-3", 617_321),
        ] {
            assert_eq!(told(name, wires), ProfileEvidence::Only(Profile::September), "{name}");
        }
        assert_eq!(told("MessageProcessorQv_10-20-2", 500_000), ProfileEvidence::Unknown);
        assert_eq!(told("VoteTallyQv_10-1-2", 17_015), ProfileEvidence::Alike);
    }
}
