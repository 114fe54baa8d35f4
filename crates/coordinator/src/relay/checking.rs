use std::collections::HashSet;
use std::sync::{Arc, Mutex as Shared, PoisonError};

use maci_crypto::Fr;
use maci_crypto::field::fr_to_be_bytes;
use maci_protocol::groth16::Proof;
use maci_proving::prove::{Claim, Verifier};
use metrics::{counter, histogram};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::RelayError;

/// Proofs that wait to be checked; whoever comes then is told to come again.
const QUEUE: usize = 2_048;

/// Proofs checked at once at most: enough to share the costly part, few enough to answer soon.
const AT_ONCE: usize = 48;

/// Proofs that are remembered to hold. The same voter's next messages usually come with the same proof.
const REMEMBERED: usize = 65_536;

/// Threads that check proofs of one poll.
const LANES: usize = 2;

/// Checks proofs of having joined one poll, as many at once as wait.
#[derive(Debug)]
pub(super) struct Checker {
    queue: mpsc::Sender<Question>,
    known: Shared<HashSet<[u8; 32]>>,
}

struct Question {
    root: Fr,
    proof: Proof,
    answer: oneshot::Sender<bool>,
}

impl Checker {
    /// Begins to check with the poll's verifying key. Ends when it is dropped.
    pub(super) fn start(verifier: Verifier) -> Self {
        let (queue, questions) = mpsc::channel(QUEUE);
        let (questions, verifier) = (Arc::new(Mutex::new(questions)), Arc::new(verifier));
        for _ in 0..LANES {
            tokio::spawn(check_on(questions.clone(), verifier.clone()));
        }
        Self {
            queue,
            known: Shared::default(),
        }
    }

    /// Whether a proof shows that its maker has a leaf under this root.
    ///
    /// # Errors
    /// [`RelayError::Busy`].
    pub(super) async fn holds(&self, root: Fr, proof: Proof) -> Result<bool, RelayError> {
        let name = name(&root, &proof);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known().contains(&name) {
            return Ok(true);
        }
        let (answer, answered) = oneshot::channel();
        let question = Question { root, proof, answer };
        self.queue.try_send(question).map_err(|_| RelayError::Busy)?;
        let holds = answered.await.map_err(|_| RelayError::Busy)?;
        if holds {
            let mut known = known();
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(name);
        }
        Ok(holds)
    }
}

/// What tells a claim from all others.
fn name(root: &Fr, proof: &Proof) -> [u8; 32] {
    let mut digest = Sha256::new().chain_update(fr_to_be_bytes(root));
    for word in proof.to_solidity() {
        digest.update(word);
    }
    digest.finalize().into()
}

async fn check_on(questions: Arc<Mutex<mpsc::Receiver<Question>>>, verifier: Arc<Verifier>) {
    loop {
        let mut asked = Vec::with_capacity(AT_ONCE);
        if questions.lock().await.recv_many(&mut asked, AT_ONCE).await == 0 {
            return;
        }
        let verifier = verifier.clone();
        let checked = tokio::task::spawn_blocking(move || answer(&verifier, asked)).await;
        if let Err(error) = checked {
            // whoever asked is told that nobody answers
            tracing::error!(%error, "checking proofs stopped by a defect of ours");
        }
    }
}

fn answer(verifier: &Verifier, asked: Vec<Question>) {
    let begun = std::time::Instant::now();
    let (claims, answers): (Vec<Claim>, Vec<_>) = asked
        .into_iter()
        .map(|Question { root, proof, answer }| {
            let publics = vec![root];
            (Claim { publics, proof }, answer)
        })
        .unzip();
    counter!("maci_relay_proofs_total").increment(claims.len() as u64);
    let mut seed = [0; 32];
    let verdicts: Vec<bool> = match getrandom::fill(&mut seed) {
        Ok(()) => {
            let verdicts = verifier.check_all(claims, &mut powers(seed));
            verdicts.into_iter().map(|verdict| verdict.is_ok()).collect()
        }
        // without randomness only one by one
        Err(_) => claims
            .into_iter()
            .map(|claim| verifier.check(&claim.publics, claim.proof).is_ok())
            .collect(),
    };
    histogram!("maci_relay_proofs_seconds").record(begun.elapsed().as_secs_f64());
    for (holds, answer) in verdicts.into_iter().zip(answers) {
        // whoever asked may have left
        let _ = answer.send(holds);
    }
}

/// Numbers that nobody can know who does not know the seed.
fn powers(seed: [u8; 32]) -> impl FnMut() -> u128 {
    let mut number = 0u64;
    move || {
        number += 1;
        let digest: [u8; 32] = Sha256::new()
            .chain_update(seed)
            .chain_update(number.to_be_bytes())
            .finalize()
            .into();
        digest
            .iter()
            .take(16)
            .fold(0, |word, byte| (word << 8) | u128::from(*byte))
    }
}
