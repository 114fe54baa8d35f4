//! Whatever a message holds, and whatever a leaf has become, the batch is proven: nobody has a veto.

use maci_crypto::curve::Point;
use maci_crypto::{Fr, adversarial, poseidon};
use maci_protocol::vote::Plaintext;
use maci_protocol::*;
use maci_proving::witness::Inputs;
use rayon::prelude::*;

use crate::attempt::{coordinator, product};
use crate::circuit::Circuit;

/// Elements that look random, the same in every run.
struct Noise(Fr);

impl Noise {
    fn element(&mut self) -> Fr {
        self.0 = poseidon::hash2(self.0, Fr::from(1u64));
        self.0
    }

    fn pair(&mut self) -> Point {
        Point::new(self.element(), self.element())
    }

    /// An element, now and then an extreme one.
    fn extreme(&mut self, number: usize) -> Fr {
        let one = Fr::from(1u64);
        let ends = [Fr::from(0u64), one, -one, -one - one];
        ends.get(number % 8).copied().unwrap_or_else(|| self.element())
    }
}

/// A key that is a point of the curve, one of the torsion, a pair with extreme coordinates, or any pair.
fn key(noise: &mut Noise, number: usize) -> Point {
    match number % 6 {
        0 => Point::BASE8.mul_scalar(&noise.element()),
        1 => adversarial::mixed_order(&Point::BASE8.mul_scalar(&noise.element())),
        2 => adversarial::order_eight(),
        3 => adversarial::poisoned_y_one(),
        4 => Point::new(noise.extreme(number / 6), noise.extreme(number / 7)),
        _ => noise.pair(),
    }
}

/// A poll whose one voter has some key and balance, and to which some messages were published.
fn poll(mode: Mode, number: usize) -> PollState {
    let mut noise = Noise(Fr::from(number as u64));
    let config = PollConfig::new(PollParameters {
        poll: PollRef {
            chain: ChainId(31337),
            maci: EthAddress([0x11; 20]),
            poll: PollId(0),
        },
        mode,
        depths: TreeDepths::new(1, 1, 3).unwrap(),
        message_batch_size: 1,
        vote_options: 5,
        coordinator_public_key: coordinator().public_key(),
    })
    .unwrap();
    let leaf = StateLeaf {
        public_key: key(&mut noise, number + 1),
        voice_credit_balance: noise.extreme(number),
    };
    let mut events = vec![
        PollEvent::Joined {
            index: StateIndex(1),
            leaf,
        },
        PollEvent::Message(Message::placeholder()),
    ];
    let encryption_public_key = key(&mut noise, number);
    // Plaintexts that name the voter's leaf, with anything else, read with either shared key; then no plaintext.
    for shared_key in [Point::IDENTITY, product(&encryption_public_key)] {
        let named = Fr::from(1u64) + Fr::from(3u64 << 50);
        let mut plaintext = [(); 7].map(|()| noise.element());
        plaintext[0] = named;
        plaintext[6] = noise.extreme(number / 2);
        let plaintext = Plaintext(plaintext);
        events.push(PollEvent::Message(Message::seal(
            &plaintext,
            &shared_key,
            encryption_public_key,
        )));
    }
    events.push(PollEvent::Message(Message {
        data: [(); 10].map(|()| noise.element()),
        encryption_public_key,
    }));
    PollState::replay(config, events).unwrap()
}

fn every_batch_is_proven(mode: Mode, template: &str) {
    (0..24usize).into_par_iter().for_each(|number| {
        let state = poll(mode, number);
        let key = CoordinatorKey::new(coordinator(), state.config()).unwrap();
        let salts = DerivedSalts::new(&coordinator(), state.config().poll());
        let done = finalise(&state, &key, Profile::Hardened, &salts).unwrap();
        for batch in &done.process {
            let found = Circuit::of(template, &[3, 1, 1]).publics(&Inputs::from(&batch.statement.inputs()));
            let found = found.unwrap_or_else(|error| panic!("{mode:?} {number}, batch {}: {error:?}", batch.batch));
            assert_eq!(found, batch.statement.public.elements());
        }
    });
}

#[test]
fn in_a_qv_poll() {
    every_batch_is_proven(Mode::Qv, "MessageProcessorQv");
}

#[test]
fn in_a_non_qv_poll() {
    every_batch_is_proven(Mode::NonQv, "MessageProcessorNonQv");
}

#[test]
fn in_a_full_poll() {
    every_batch_is_proven(Mode::Full, "MessageProcessorFull");
}
