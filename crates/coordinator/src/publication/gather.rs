use std::collections::BTreeMap;

use bytes::Bytes;
use maci_chain::logs::{ContractEvent, decode};
use maci_chain::reader::{PollReader, Standing};
use maci_protocol::cid::ContentDigest;
use maci_protocol::files::{ProofFile, ProofFileName, ProofKind, TallyFile};
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::ids::PollRef;
use maci_proving::prove::{UnusableKey, Verifier};
use maci_store::{PollFolder, Store};

use super::files::{PollRecord, PublishedProof, deployed_contracts, paths, pretty};
use super::{Manifest, PublicationError};
use crate::finalise::{Stage, look};
use crate::ipfs::{Block, Codec, Dag, Ipfs};
use crate::ledger::{Follow, Ledger, LedgerError, RelayedBatches};
use crate::progress::Unwatched;

/// Where the files of a publication come from.
#[derive(Clone, Copy)]
pub struct Gather<'a> {
    /// The poll on its chain.
    pub reader: &'a PollReader,
    /// Its folder and its ledger.
    pub store: &'a Store,
    /// Where relayed messages are found.
    pub relayed: &'a dyn RelayedBatches,
    /// Where else they are found.
    pub ipfs: &'a Ipfs,
    /// How its history is read.
    pub follow: Follow,
}

/// Everything that belongs to a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// The file that names all others.
    pub manifest: Manifest,
    /// The root and every block below it.
    pub dag: Dag,
    /// Relayed messages as their relayers published them, each a block of its own.
    pub relayed: Vec<Block>,
}

impl Gather<'_> {
    /// Collects the files of a poll that is final. Every proof is checked with the registered key: nothing is published
    /// that would not be believed.
    ///
    /// # Errors
    /// What is missing; [`PublicationError::Proof`] if proofs have to be made again.
    pub async fn gather(&self) -> Result<Gathered, PublicationError> {
        let poll = self.poll();
        let standing = self.final_standing().await?;
        let registered = self.reader.registered_keys().await?;
        let config = self.reader.config();
        let (process, tally) = (config.process_circuit(), config.tally_circuit());
        let missing = |circuit| PublicationError::NoRegisteredKey { poll, circuit };
        let process = registered.process.ok_or_else(|| missing(process))?;
        let tally = registered.tally.ok_or_else(|| missing(tally))?;

        let mut files = BTreeMap::new();
        let mut put = |path: &str, bytes: Bytes| files.insert(path.to_owned(), bytes);
        let folder = self.store.poll_folder(&poll)?;
        let text = folder.read(paths::TALLY)?.ok_or(PublicationError::NoTally { poll })?;
        TallyFile::parse(&String::from_utf8_lossy(&text))?;
        put(paths::TALLY, text.into());
        put(paths::POLL, PollRecord::of(self.reader).to_bytes());
        put(paths::CONTRACTS, deployed_contracts(self.reader).to_text()?.into());
        put(paths::PROCESS_KEY, pretty(&process));
        put(paths::TALLY_KEY, pretty(&tally));
        let counts = (standing.processing.batches, standing.tallying.batches);
        let proofs = tokio::task::spawn_blocking(move || proofs(poll, &folder, counts, &process, &tally)).await;
        // a thread that panicked has said why
        let proofs = proofs.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))?;
        files.extend(proofs);

        let digests = self.relayed_digests().await?;
        let mut relayed = Vec::new();
        for digest in &digests {
            let block = self.batch(digest).await?;
            files.insert(paths::relayed(digest), block.bytes().clone());
            relayed.push(block);
        }
        let manifest = Manifest::of(poll, &files, &digests);
        files.insert(paths::MANIFEST.to_owned(), manifest.to_bytes());
        let dag = Dag::directory(&files)?;
        Ok(Gathered { manifest, dag, relayed })
    }

    fn poll(&self) -> PollRef {
        self.reader.config().poll()
    }

    async fn final_standing(&self) -> Result<Standing, PublicationError> {
        let poll = self.poll();
        // the margin decides about merging only
        match look(self.reader, 1).await {
            Ok((standing, Stage::Final)) => Ok(standing),
            Ok(_) => Err(PublicationError::NotFinal { poll }),
            Err(crate::finalise::FinaliseError::Read(error)) => Err(error.into()),
            Err(_) => Err(PublicationError::NotFinal { poll }),
        }
    }

    /// The hashes of relayed batches, each once, in the order of the chain.
    async fn relayed_digests(&self) -> Result<Vec<ContentDigest>, PublicationError> {
        let ledger = Ledger::of(self.reader, self.store, self.follow);
        ledger.bring_up_to_date(&Unwatched).await?;
        let mut digests: Vec<ContentDigest> = Vec::new();
        for log in ledger.logs().await? {
            if let Some(ContractEvent::IpfsHashAdded { digest }) = decode(&log).map_err(LedgerError::from)?
                && !digests.contains(&ContentDigest(digest))
            {
                digests.push(ContentDigest(digest));
            }
        }
        Ok(digests)
    }

    async fn batch(&self, digest: &ContentDigest) -> Result<Block, PublicationError> {
        let found = self.relayed.find(*digest).await;
        let block = found.map(Block::json).filter(|block| block.digest() == *digest);
        if let Some(block) = block {
            return Ok(block);
        }
        let cid = crate::ipfs::cid_of(Codec::Json, digest);
        let fetched = self.ipfs.fetch(&cid).await;
        fetched.map(Block::json).map_err(|source| PublicationError::Relayed {
            poll: self.poll(),
            digest: *digest,
            source,
        })
    }
}

/// All proofs that the chain has accepted, each checked again.
fn proofs(
    poll: PollRef,
    folder: &PollFolder,
    (process, tally): (u64, u64),
    process_key: &VerifyingKey,
    tally_key: &VerifyingKey,
) -> Result<Vec<(String, Bytes)>, PublicationError> {
    let mut found = Vec::new();
    for (kind, count, key) in [
        (ProofKind::Process, process, process_key),
        (ProofKind::Tally, tally, tally_key),
    ] {
        let first = ProofFileName { kind, number: 0 };
        let wrong = |name: ProofFileName, problem: String| PublicationError::Proof {
            poll,
            name: name.to_string(),
            problem,
        };
        let verifier = Verifier::new(key).map_err(|error: UnusableKey| wrong(first, error.to_string()))?;
        for number in 0..count {
            let name = ProofFileName { kind, number };
            let bytes = folder.read(&name.to_string())?;
            let bytes = bytes.ok_or_else(|| wrong(name, "is not here".to_owned()))?;
            let file = ProofFile::parse(&String::from_utf8_lossy(&bytes))?;
            let checked = verifier.check(&file.public_inputs, file.proof.clone());
            checked.map_err(|error| wrong(name, format!("does not hold: {error}")))?;
            found.push((paths::proof(name), PublishedProof::of(&file).to_bytes()));
        }
    }
    Ok(found)
}

impl std::fmt::Debug for Gather<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gather")
            .field("poll", &self.poll())
            .finish_non_exhaustive()
    }
}
