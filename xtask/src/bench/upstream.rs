//! Upstream's circuit sizes: circom 2.2.3 at optimisation level 2, no linear constraints left.

/// Constraints of one upstream circuit: the September 2025 sources and the release 3.0.0.
#[derive(Debug)]
pub(crate) struct Upstream {
    /// Template and parameters.
    pub(crate) name: &'static str,
    /// In the sources of September 2025, where they were compiled at that size.
    pub(crate) september: Option<u64>,
    /// In the release; the same as before where it did not change.
    pub(crate) release: u64,
}

/// The circuits whose sizes are known.
pub(crate) const CIRCUITS: [Upstream; 13] = [
    Upstream {
        name: "PollJoining_10",
        september: Some(3_970),
        release: 3_970,
    },
    Upstream {
        name: "PollJoined_10",
        september: Some(3_751),
        release: 3_751,
    },
    Upstream {
        name: "MessageProcessorQv_10-20-2",
        september: Some(522_493),
        release: 527_953,
    },
    Upstream {
        name: "MessageProcessorNonQv_10-20-2",
        september: Some(507_273),
        release: 512_733,
    },
    Upstream {
        name: "MessageProcessorFull_10-20-2",
        september: Some(492_173),
        release: 497_633,
    },
    Upstream {
        name: "VoteTallyQv_10-1-2",
        september: Some(16_903),
        release: 16_903,
    },
    Upstream {
        name: "VoteTallyNonQv_10-1-2",
        september: Some(12_404),
        release: 12_404,
    },
    Upstream {
        name: "PollJoining_14",
        september: Some(4_954),
        release: 4_954,
    },
    Upstream {
        name: "PollJoined_14",
        september: Some(4_735),
        release: 4_735,
    },
    Upstream {
        name: "MessageProcessorQv_14-20-3",
        september: Some(621_033),
        release: 626_493,
    },
    Upstream {
        name: "MessageProcessorQv_14-25-3",
        september: None,
        release: 782_653,
    },
    Upstream {
        name: "VoteTallyQv_14-5-3",
        september: Some(386_083),
        release: 386_083,
    },
    Upstream {
        name: "VoteTallyNonQv_14-5-3",
        september: Some(357_534),
        release: 357_534,
    },
];
