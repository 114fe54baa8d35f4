//! The steps one by one, as the existing service's clients ask for them.

use maci_coordinator_core::actor::{Actor, Role};
use maci_coordinator_core::events::EventKind;
use maci_coordinator_core::finalise::FinaliseError;
use maci_coordinator_core::progress::Phase;
use maci_coordinator_core::service::{
    FinalisationRequest, GenerateRequest, Grace, LegacyCode, MergeRequest, ServiceError, SubmitRequest,
};
use maci_protocol::ids::{PollId, PollRef};
use maci_protocol::poll::Mode;

use crate::venue::{Venue, count_of, operator, results_of, votes};

fn code<T>(outcome: Result<T, ServiceError>) -> Option<LegacyCode> {
    outcome.err().unwrap().code()
}

#[test]
fn merge_generate_and_submit_answer_as_their_clients_expect() {
    let (venue, script) = (Venue::open(), votes());
    let process = venue.begin();
    let service = &process.service;
    process.deploy_maci();
    let end = venue.now() + 3600;
    let poll = process.deploy_poll(venue.now(), end);
    venue.vote(&script, poll);
    let generate = |mode| GenerateRequest {
        poll,
        mode,
        start_block: None,
        encrypted_key: None,
    };

    // too early, not there, not allowed
    let early = process.run(service.merge(
        &operator(),
        MergeRequest {
            poll,
            sender: Default::default(),
        },
    ));
    assert!(matches!(
        early,
        Err(ServiceError::Finalise(FinaliseError::StillOpen { .. }))
    ));
    assert_eq!(
        code(process.run(service.generate(&operator(), generate(None)))),
        Some(LegacyCode::NotMergedStateTree)
    );
    let nowhere = PollRef {
        poll: PollId(9),
        ..poll
    };
    let request = MergeRequest {
        poll: nowhere,
        sender: Default::default(),
    };
    assert_eq!(
        code(process.run(service.merge(&operator(), request))),
        Some(LegacyCode::PollNotFound)
    );
    let viewer = Actor {
        role: Role::Viewer,
        ..operator()
    };
    let refused = process.run(service.merge(
        &viewer,
        MergeRequest {
            poll,
            sender: Default::default(),
        },
    ));
    assert!(matches!(refused, Err(ServiceError::Forbidden { .. })));

    // scheduled once, and called off
    let schedule = FinalisationRequest {
        poll,
        deployment_block: None,
        mode: Some(Mode::Qv),
        sender: Default::default(),
    };
    process
        .run(service.schedule_finalisation(&operator(), schedule.clone()))
        .unwrap();
    assert_eq!(
        code(process.run(service.schedule_finalisation(&operator(), schedule))),
        Some(LegacyCode::PollAlreadyScheduled)
    );
    assert!(process.run(service.finalisation_scheduled(poll)).unwrap());
    process.run(service.unschedule_finalisation(&operator(), poll)).unwrap();
    assert!(!process.run(service.finalisation_scheduled(poll)).unwrap());

    // what an operator sees while the poll is open
    let dry = process.run(service.dry_run(&operator(), poll)).unwrap();
    assert!(dry.provable, "{:?}", dry.warnings);
    assert_eq!((dry.process_batches, dry.tally_batches, dry.valid), (2, 2, Some(3)));

    process.run(service.unwatch_poll(&operator(), poll)).unwrap();
    venue.time_passes_to(end + 60);
    process
        .done(service.merge(
            &operator(),
            MergeRequest {
                poll,
                sender: Default::default(),
            },
        ))
        .unwrap();
    let again = process.run(service.merge(
        &operator(),
        MergeRequest {
            poll,
            sender: Default::default(),
        },
    ));
    assert!(matches!(again, Err(ServiceError::AlreadyMerged { .. })));
    assert_eq!(
        code(process.run(service.submit(
            &operator(),
            SubmitRequest {
                poll,
                sender: Default::default()
            }
        ))),
        Some(LegacyCode::FileNotFound)
    );
    let other = process.run(service.generate(&operator(), generate(Some(Mode::Full))));
    assert!(matches!(other, Err(ServiceError::OtherMode { .. })));

    // asked for twice, made once
    let first = process
        .run(service.generate(&operator(), generate(Some(Mode::Qv))))
        .unwrap();
    let second = process.run(service.generate(&operator(), generate(None))).unwrap();
    assert!(!first.joined && second.joined && first.id == second.id);
    let made = process.run(service.job_outcome(first.id)).unwrap();
    assert_eq!(made["processProofs"].as_array().unwrap().len(), 2);
    assert_eq!(made["tallyProofs"].as_array().unwrap().len(), 2);
    assert_eq!(results_of(&made["tallyData"]), count_of(&script));
    assert!(
        !made.to_string().contains("circuitInputs"),
        "circuit inputs hold the coordinator's secret"
    );
    let heard = process.hear(poll, EventKind::BatchProved).body;
    // two are proved at a time, and either may be first
    assert!(heard["current"] == 0 || heard["current"] == 1, "{heard}");
    assert_eq!(heard["total"], 2);
    assert!(heard["proofs"][0]["publicInputs"].is_array());
    // nothing was sent, and nobody is told a result that is not on chain
    assert_eq!(code(process.run(service.tally(poll))), Some(LegacyCode::FileNotFound));

    let submitted = process
        .done(service.submit(
            &operator(),
            SubmitRequest {
                poll,
                sender: Default::default(),
            },
        ))
        .unwrap();
    assert_eq!(submitted, made["tallyData"]);
    assert_eq!(
        code(process.run(service.finalisation_scheduled(poll))),
        Some(LegacyCode::PollAlreadyTallied)
    );
    assert!(process.run(service.verification(poll)).unwrap().verified());
    let proofs = process.run(service.proofs(poll)).unwrap();
    let phases: Vec<_> = proofs.iter().map(|proof| (proof.phase, proof.batch)).collect();
    let (process_phase, tally_phase) = (Phase::Process, Phase::Tally);
    assert_eq!(
        phases,
        [
            (process_phase, 0),
            (process_phase, 1),
            (tally_phase, 0),
            (tally_phase, 1)
        ]
    );

    process.run(service.drain(Grace::default()));
    let late = process.run(service.merge(
        &operator(),
        MergeRequest {
            poll,
            sender: Default::default(),
        },
    ));
    assert!(matches!(late, Err(ServiceError::Draining)));
}
