//! Measures replay: `replay_bench [voters messages]…`, by default 100 voters with 200, 2,000 and
//! 20,000 messages.
//!
//! Makes a poll with our own keys and commands at upstream's size (state depth 10, batches of 20
//! messages and 2 ballots, 25 options; deeper when there are more voters), then replays it from
//! events to the circuit inputs of every batch. Prints one JSON object per round: wall time and
//! CPU time per message.

#![expect(clippy::disallowed_types, reason = "a benchmark measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use maci_crypto::Fr;
use maci_crypto::keys::PrivateKey;
use maci_protocol::poll::{ConfigError, DepthError};
use maci_protocol::*;
use rayon::prelude::*;

const CREDITS: u64 = 1_000_000;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let given: Vec<u64> = std::env::args()
        .skip(1)
        .map(|word| word.parse())
        .collect::<Result<_, _>>()?;
    let rounds: Vec<(u64, u64)> = match given.as_slice() {
        [] => vec![(100, 200), (100, 2_000), (100, 20_000)],
        numbers => numbers
            .as_chunks()
            .0
            .iter()
            .map(|[voters, messages]| (*voters, *messages))
            .collect(),
    };
    for (voters, messages) in rounds {
        measure(voters, messages)?;
    }
    Ok(())
}

fn measure(voters: u64, messages: u64) -> Result<(), Failure> {
    let coordinator = key(0);
    let config = config(voters, &coordinator)?;
    let events = events(voters, messages, &coordinator)?;
    let private = CoordinatorKey::new(coordinator, &config)?;
    let salts = DerivedSalts::new(private.private_key(), config.poll());

    let (wall, cpu) = (Instant::now(), cpu_time());
    let state = PollState::replay(config, events)?;
    let done = finalise(&state, &private, Profile::Hardened, &salts)?;
    for batch in &done.process {
        black_box(batch.statement.inputs());
    }
    for batch in &done.tally {
        black_box(batch.statement.inputs());
    }
    let (wall, cpu) = (wall.elapsed(), cpu_time().saturating_sub(cpu));

    let valid = done
        .process
        .iter()
        .flat_map(|batch| &batch.verdicts)
        .filter(|m| m.verdict.is_valid())
        .count();
    let per_message = |time: Duration| time.as_secs_f64() * 1000.0 / messages as f64;
    println!(
        r#"{{"voters": {voters}, "messages": {messages}, "valid": {valid}, "wall_ms_per_message": {:.4}, "cpu_ms_per_message": {:.4}}}"#,
        per_message(wall),
        per_message(cpu),
    );
    Ok(())
}

fn config(voters: u64, coordinator: &PrivateKey) -> Result<PollConfig, Failure> {
    let depth = (10..=32)
        .find(|depth| 1u64 << depth > voters)
        .ok_or(DepthError::State(33))?;
    let config: Result<_, ConfigError> = PollConfig::new(PollParameters {
        poll: PollRef {
            chain: ChainId(31337),
            maci: EthAddress([1; 20]),
            poll: PollId(0),
        },
        mode: Mode::Qv,
        depths: TreeDepths::new(1, 2, depth)?,
        message_batch_size: 20,
        vote_options: 25,
        coordinator_public_key: coordinator.public_key(),
    });
    Ok(config?)
}

/// Every voter joins and votes in turn; the nonces are such that every vote counts.
fn events(voters: u64, messages: u64, coordinator: &PrivateKey) -> Result<Vec<PollEvent>, Failure> {
    let keys: Vec<PrivateKey> = (1..=voters).into_par_iter().map(key).collect();
    let public = coordinator.public_key();
    let mut events = vec![PollEvent::Message(Message::placeholder())];
    events.extend((1..).zip(&keys).map(|(index, key)| PollEvent::Joined {
        index: StateIndex(index),
        leaf: StateLeaf {
            public_key: key.public_key().point(),
            voice_credit_balance: Fr::from(CREDITS),
        },
    }));
    let sealed = (0..messages).into_par_iter().map(|number| {
        // Counted from the last message, which is processed first.
        let turn = messages - 1 - number;
        let voter = turn % voters;
        let signer = keys.get(voter as usize).ok_or("no voters")?;
        let command = Command {
            state_index: StateIndex(voter + 1),
            new_public_key: signer.public_key().point(),
            vote_option_index: turn % 25,
            new_vote_weight: turn % 9 + 1,
            nonce: turn / voters + 1,
            poll_id: 0,
            salt: Fr::from(number),
        };
        let message = command.sign(signer)?.encrypt(&key(1_000_000_000 + number), &public)?;
        Ok(PollEvent::Message(message))
    });
    let sealed: Result<Vec<_>, Failure> = sealed.collect();
    events.extend(sealed?);
    Ok(events)
}

fn key(number: u64) -> PrivateKey {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    PrivateKey::from_seed(seed)
}

/// CPU time of this process on all cores, where the system tells it.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15 (user, system) after the parenthesised name, in hundredths of a second.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
