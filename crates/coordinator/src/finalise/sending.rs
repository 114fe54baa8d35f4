use maci_chain::reader::Standing;
use maci_chain::send::{Call, Landed, SendError};
use maci_protocol::replay::Finalisation;
use maci_store::PollLock;

use super::proofs::{Made, Provers};
use super::{FinaliseError, Finaliser};
use crate::crash::crash_point;
use crate::progress::{Phase, Progress};

impl Finaliser {
    /// Proves what the chain does not have and submits it in order, until there is no more or the chain has moved without
    /// us.
    pub(super) async fn prove_and_submit(
        &self,
        lock: &mut PollLock,
        plan: &Finalisation,
        provers: &Provers,
        standing: &Standing,
    ) -> Result<(), FinaliseError> {
        let done = (standing.processing.batches, standing.tallying.batches);
        let mut pipeline = provers.start(plan, done, self.places()?, self.watch.clone());
        // where the poll stands once what we sent has landed
        let mut expected = standing.clone();
        while let Some(made) = pipeline.next().await {
            let made = made?;
            if !self.expect_inputs(plan, &made, &expected).await? {
                return Ok(());
            }
            let proof = made.proof.proof();
            let call = match made.phase {
                Phase::Process => self.calls().process(made.number, &made.commitment, proof),
                Phase::Tally => self.calls().tally(made.number, &made.commitment, proof),
            };
            if self.submit(lock, call, &expected).await?.is_none() {
                return Ok(());
            }
            match made.phase {
                Phase::Process => expected.processing.batches += 1,
                Phase::Tally => expected.tallying.batches += 1,
            }
        }
        Ok(())
    }

    /// The public values the contract will check the proof with must be ours. False if they are not because the poll does
    /// not stand where it was expected: somebody else has gone on with it, or blocks were replaced.
    async fn expect_inputs(
        &self,
        plan: &Finalisation,
        made: &Made,
        expected: &Standing,
    ) -> Result<bool, FinaliseError> {
        let theirs = match made.phase {
            Phase::Process => {
                let Some(batch) = plan.process.iter().find(|batch| batch.number == u64::from(made.number)) else {
                    return Ok(true);
                };
                let output = batch.statement.public.output_batch_hash;
                self.reader
                    .process_inputs(batch.batch, &made.commitment, &output)
                    .await?
            }
            // the contract takes the processing's commitment over with the first tally proof
            Phase::Tally if made.number == 0 => return Ok(true),
            Phase::Tally => {
                let size = self.reader.config().depths().tally_batch_size() as u64;
                self.reader
                    .tally_inputs(u64::from(made.number).saturating_mul(size), &made.commitment)
                    .await?
            }
        };
        let ours = made.proof.publics();
        if theirs == ours {
            return Ok(true);
        }
        let position = theirs
            .iter()
            .zip(ours)
            .take_while(|(theirs, ours)| theirs == ours)
            .count();
        if self.stands_elsewhere(expected).await? {
            return Ok(false);
        }
        Err(FinaliseError::OtherInputs {
            poll: self.poll(),
            phase: made.phase,
            batch: made.number,
            position,
        })
    }

    /// Sends a call, as long as the poll is this finaliser's to work on. None if the contract refused it and the poll does
    /// not stand where it was `expected`: somebody else did it, or blocks were replaced and it is too early.
    pub(super) async fn submit(
        &self,
        lock: &mut PollLock,
        call: Call,
        expected: &Standing,
    ) -> Result<Option<Landed>, FinaliseError> {
        let what = call.purpose.to_string();
        if !lock.is_held().await {
            return Err(FinaliseError::TurnLost {
                poll: self.poll(),
                what,
            });
        }
        match self.submit.submit(call).await {
            Ok(landed) => {
                self.watch.notice(Progress::Mined {
                    what,
                    transaction: landed.transaction.to_string(),
                    gas: landed.gas_used,
                });
                crash_point("step-done");
                Ok(Some(landed))
            }
            Err(
                error @ (SendError::WouldRevert { .. } | SendError::Reverted { .. } | SendError::Superseded { .. }),
            ) => {
                if self.stands_elsewhere(expected).await? {
                    tracing::info!(%what, %error, "the poll stands elsewhere by now; looking again");
                    return Ok(None);
                }
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn stands_elsewhere(&self, expected: &Standing) -> Result<bool, FinaliseError> {
        let now = self.reader.standing().await?;
        Ok(steps_done(&now) != steps_done(expected))
    }
}

/// What tells how many steps of a poll were done.
fn steps_done(standing: &Standing) -> (bool, u64, u64, u64) {
    (
        standing.merged.is_some(),
        standing.processing.batches,
        standing.tallying.batches,
        standing.tallying.results,
    )
}
