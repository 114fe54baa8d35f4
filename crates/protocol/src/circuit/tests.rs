use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::poll::Mode;

#[test]
fn a_circuit_is_named_by_template_and_parameters() {
    for name in [
        "MessageProcessorQv_10-20-2",
        "VoteTallyNonQv_14-5-3",
        "PollJoining_10",
        "PollJoined_32",
    ] {
        let id: CircuitId = name.parse().unwrap();
        assert_eq!(id.to_string(), name);
        assert_eq!(format!("{name}_test").parse(), Ok(id));
    }
}

#[test]
fn other_names_are_refused() {
    let names = [
        "",
        "_",
        "PollJoining",
        "PollJoining_",
        "PollJoining_0",
        "PollJoining_010",
        "PollJoining_10-2",
        "PollJoining_256",
        "VoteTallyFull_10-1-2",
        "MessageProcessorQv_10-20",
        "MessageProcessorQv_10-20-2-1",
        "MessageProcessorQv_10--2",
        "polljoining_10",
        "PollJoining_+1",
    ];
    for name in names {
        assert!(name.parse::<CircuitId>().is_err(), "{name}");
    }
}

#[test]
fn a_setting_without_mode_names_the_modes_circuit() {
    let named = |setting, mode| CircuitFiles::with_mode(setting, mode).name().to_owned();
    assert_eq!(
        named("MessageProcessor_10-20-2_test", Mode::Qv),
        "MessageProcessorQv_10-20-2_test"
    );
    assert_eq!(
        named("MessageProcessor_10-20-2_test", Mode::Full),
        "MessageProcessorFull_10-20-2_test"
    );
    assert_eq!(
        named("VoteTally_10-1-2_test", Mode::NonQv),
        "VoteTallyNonQv_10-1-2_test"
    );
    assert_eq!(named("VoteTally_10-1-2_test", Mode::Full), "VoteTallyNonQv_10-1-2_test");
}

#[test]
fn files_lie_where_the_official_archive_has_them() {
    let files = CircuitFiles::new("PollJoined_10_test");
    let root = Path::new("keys");
    let expected = [
        (files.zkey(root), "keys/PollJoined_10_test/PollJoined_10_test.0.zkey"),
        (
            files.wasm(root),
            "keys/PollJoined_10_test/PollJoined_10_test_js/PollJoined_10_test.wasm",
        ),
        (
            files.native(root),
            "keys/PollJoined_10_test/PollJoined_10_test_cpp/PollJoined_10_test",
        ),
        (files.r1cs(root), "keys/PollJoined_10_test/PollJoined_10_test.r1cs"),
        (files.sym(root), "keys/PollJoined_10_test/PollJoined_10_test.sym"),
    ];
    for (path, expected) in expected {
        assert_eq!(path, Path::new(expected));
    }
}

#[test]
fn a_profile_reads_back_as_written() {
    for profile in [Profile::September, Profile::Release, Profile::Hardened] {
        assert_eq!(profile.to_string().parse(), Ok(profile));
    }
    assert!("Hardened ".parse::<Profile>().is_err());
}

proptest! {
    #[test]
    fn any_text_is_a_circuit_or_an_error(text in ".*") {
        let _ = text.parse::<CircuitId>();
        let _ = CircuitFiles::with_mode(&text, Mode::Full);
    }

    #[test]
    fn any_parameters_read_back(a in 1u8.., b in 1u8.., c in 1u8..) {
        let id = CircuitId::with_parameters(Template::MessageProcessor(Mode::NonQv), &[a, b, c]).unwrap();
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }
}
