use std::sync::Arc;

use maci_chain::reader::PollReader;
use maci_custody::CoordinatorKey;
use maci_protocol::Remedy;
use maci_protocol::files::{ProofFile, ProofFileName, ProofKind};
use maci_protocol::ids::{BlockNumber, PollRef};
use maci_store::PollFolder;
use serde_json::{Value, json};

use super::means::aside;
use super::{Means, Touched};
use crate::finalise::{Finaliser, Settings, tally_file};
use crate::jobs::{Running, decimals};
use crate::ledger::Follow;
use crate::progress::Phase;
use crate::senders::SenderChoice;
use crate::service::{ProofView, ServiceError};

/// Blocks that a reorganisation may have moved a deployment forward by since it was written down. Reading a few more
/// costs nothing; a log left out would keep the history from being believed.
const MAY_BE_REPLACED: u64 = 64;

impl Means {
    pub(super) async fn merge(
        &self,
        poll: PollRef,
        sender: &SenderChoice,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let _turn = self.turn(poll).await;
        let finaliser = self.finaliser(poll, None, sender, job).await?;
        let merged = finaliser.merge().await;
        self.looks.forget(poll);
        merged?;
        Ok(json!(true))
    }

    pub(super) async fn generate(
        &self,
        poll: PollRef,
        start: Option<BlockNumber>,
        key_given: bool,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let _turn = self.turn(poll).await;
        let finaliser = self.finaliser(poll, start, &SenderChoice::ChainDefault, job).await?;
        let key = match self.given(poll).filter(|_| key_given) {
            Some(key) => key.on_chain(poll.chain)?.private_key.clone(),
            None if key_given && !self.has_key(&finaliser.reader)? => return Err(ServiceError::KeyGone { poll }),
            None => self.coordinator_key(&finaliser.reader).await?,
        };
        let proved = finaliser.prove(key).await;
        if proved
            .as_ref()
            .err()
            .is_none_or(|error| error.remedy() != Remedy::Retry)
        {
            self.forget_given(poll);
        }
        let proved = proved?;
        let folder = self.parts.store.poll_folder(&poll)?;
        let proofs = aside(move || proofs_of(&folder)).await??;
        let of_phase = |phase| -> Vec<Value> {
            let own = proofs.iter().filter(|one| one.phase == phase);
            own.map(|one| json!({ "proof": one.proof, "publicInputs": decimals(&one.public_inputs) }))
                .collect()
        };
        Ok(json!({
            "processProofs": of_phase(Phase::Process), "tallyProofs": of_phase(Phase::Tally),
            "tallyData": tally_file(&finaliser.reader, &proved.tally),
        }))
    }

    pub(super) async fn finalise(
        &self,
        poll: PollRef,
        start: Option<BlockNumber>,
        sender: &SenderChoice,
        job: &Running,
    ) -> Result<Value, ServiceError> {
        let _turn = self.turn(poll).await;
        let finaliser = self.finaliser(poll, start, sender, job).await?;
        let key = self.coordinator_key(&finaliser.reader).await?;
        let done = finaliser.run(key).await;
        self.looks.forget(poll);
        self.touch(Touched::Worked(poll));
        Ok(serde_json::to_value(tally_file(&finaliser.reader, &done?.tally)).unwrap_or_default())
    }

    async fn finaliser(
        &self,
        poll: PollRef,
        start: Option<BlockNumber>,
        sender: &SenderChoice,
        job: &Running,
    ) -> Result<Finaliser, ServiceError> {
        let parts = &self.parts;
        let reader: PollReader = self.looks.reader(poll).await?;
        Ok(Finaliser {
            store: parts.store.clone(),
            submit: self.poll_sender(poll, sender).await?,
            keys: parts.circuits.clone(),
            modules: parts.modules.clone(),
            relayed: parts.relayed.clone(),
            watch: Arc::new(job.told.clone()),
            pool: self.pool.clone(),
            settings: Settings {
                follow: self.follow(poll, start).await?,
                margin: parts.rounds.margin,
                wait: false,
                proof_files: None,
            },
            reader,
        })
    }

    /// How the poll's history is read: from the block given, or the one it is watched from.
    pub(crate) async fn follow(&self, poll: PollRef, start: Option<BlockNumber>) -> Result<Follow, ServiceError> {
        let known = match start {
            Some(start) => Some(start),
            None => {
                let watched = self.parts.store.polls().get(&poll).await?;
                let deployed = watched.and_then(|watched| watched.deployment_block);
                deployed.map(|block| BlockNumber(block.0.saturating_sub(MAY_BE_REPLACED)))
            }
        };
        Ok(Follow {
            finality: self.parts.chains.finality(poll.chain),
            start: known,
        })
    }

    /// Refuses a key that came with a request and is not the poll's.
    pub(crate) async fn expect_key(&self, reader: &PollReader, key: &CoordinatorKey) -> Result<(), ServiceError> {
        let (key, config) = (key.clone(), reader.config().clone());
        let checked = aside(move || {
            let private = key.on_chain(config.poll().chain)?.private_key.clone();
            Ok::<_, ServiceError>(maci_protocol::CoordinatorKey::new(private, &config))
        });
        checked.await??.map_err(crate::finalise::FinaliseError::from)?;
        Ok(())
    }
}

/// The proofs in a poll's folder: message batches, then ballot batches, each in proving order.
pub(crate) fn proofs_of(folder: &PollFolder) -> Result<Vec<ProofView>, ServiceError> {
    let mut names: Vec<ProofFileName> = folder.list()?.iter().filter_map(|name| name.parse().ok()).collect();
    names.sort_unstable();
    let mut proofs = Vec::new();
    for name in names {
        let phase = match name.kind {
            ProofKind::Process => Phase::Process,
            ProofKind::Tally => Phase::Tally,
        };
        let Some(bytes) = folder.read(&name.to_string())? else {
            continue;
        };
        let file = ProofFile::parse(&String::from_utf8_lossy(&bytes))?;
        proofs.push(ProofView {
            phase,
            batch: u32::try_from(name.number).unwrap_or(u32::MAX),
            proof: file.proof,
            public_inputs: file.public_inputs,
        });
    }
    Ok(proofs)
}
