//! Constraint counts, against those of upstream's circuits.

use maci_proving::formats::r1cs::Shape;

use crate::circuit::shape;

/// The counts of upstream's smaller ones of September 2025 and release 3.0.0, and ours.
const COUNTS: [(&str, &[u32], u32); 7] = [
    ("PollJoining", &[10], 3_970),
    ("PollJoined", &[10], 3_751),
    ("MessageProcessorQv", &[10, 20, 2], 522_493),
    ("MessageProcessorNonQv", &[10, 20, 2], 507_273),
    ("MessageProcessorFull", &[10, 20, 2], 492_173),
    ("VoteTallyQv", &[10, 1, 2], 16_903),
    ("VoteTallyNonQv", &[10, 1, 2], 12_404),
];

#[test]
fn every_circuit_is_smaller_than_upstreams() {
    for (template, parameters, upstream) in COUNTS {
        let Shape { constraints, .. } = shape(template, parameters);
        assert!(constraints < upstream, "{template} {parameters:?}: {constraints}");
    }
}

#[test]
fn twenty_messages_fit_a_domain_of_two_to_the_nineteen_with_fourteen_levels_and_125_options() {
    // A batch costs the same for every message and something once: two sizes give both.
    let [one, two] = [1, 2].map(|batch| shape("MessageProcessorQv", &[14, batch, 3]));
    let constraints = two.constraints + 18 * (two.constraints - one.constraints);
    assert!(constraints < 621_033);
    let twenty = Shape { constraints, ..two };
    assert_eq!(twenty.domain(), 1 << 19);
    assert_eq!(shape("MessageProcessorQv", &[10, 20, 2]).domain(), 1 << 19);
}
