//! Everything a poll needs proven, in a form that continues what is on chain already.

use std::path::Path;

use maci_chain::reader::Standing;
use maci_protocol::circuit::Profile;
use maci_protocol::files::{ProofFile, ProofFileName, ProofKind};
use maci_protocol::replay::{CoordinatorKey, Finalisation, finalise};
use maci_protocol::salts::{DerivedSalts, InjectedSalts};
use maci_protocol::state::PollState;

use maci_store::PollFolder;

use super::FinaliseError;
use crate::progress::Phase;

/// Replays the poll so that its commitments continue the ones on chain.
///
/// Our own salts are tried first. When batches on chain were committed to with others, the proof files in `folders` are
/// asked for their salts, one folder after another.
///
/// # Errors
/// When the poll cannot be replayed, and [`FinaliseError::ForeignBatches`] when no salts known fit the chain.
pub(super) fn plan(
    state: &PollState,
    key: &CoordinatorKey,
    profile: Profile,
    standing: &Standing,
    folders: &[&Path],
) -> Result<(Finalisation, Option<usize>), FinaliseError> {
    let poll = state.config().poll();
    let derived = || DerivedSalts::new(key.private_key(), poll);
    let ours = finalise(state, key, profile, &derived())?;
    let Some(mut parting) = parting(&ours, standing) else {
        return Ok((ours, None));
    };
    for (at, folder) in folders.iter().enumerate() {
        let injected = salts_of(folder, state, derived())?;
        let theirs = finalise(state, key, profile, &injected)?;
        match self::parting(&theirs, standing) {
            None => return Ok((theirs, Some(at))),
            Some(further) => parting = further,
        }
    }
    Err(FinaliseError::ForeignBatches {
        poll,
        phase: parting.0,
        done: parting.1,
    })
}

/// Whether the plan's batches still continue the ones on chain.
pub(super) fn continues(plan: &Finalisation, standing: &Standing) -> bool {
    parting(plan, standing).is_none()
}

/// Which run's commitment on chain is not ours, and how many batches it has.
fn parting(plan: &Finalisation, standing: &Standing) -> Option<(Phase, u64)> {
    let processed = standing.processing.batches;
    let ours = last(&plan.process, processed).map(|batch| batch.statement.public.new_sb_commitment);
    if processed > 0 && ours != Some(standing.processing.commitment) {
        return Some((Phase::Process, processed));
    }
    let tallied = standing.tallying.batches;
    let ours = last(&plan.tally, tallied).map(|batch| batch.statement.public.new_tally_commitment);
    if tallied > 0 && ours != Some(standing.tallying.commitment) {
        return Some((Phase::Tally, tallied));
    }
    None
}

fn last<T>(batches: &[T], done: u64) -> Option<&T> {
    batches.get(usize::try_from(done.checked_sub(1)?).ok()?)
}

/// The salts in a folder's proof files, the others derived.
fn salts_of(
    folder: &Path,
    state: &PollState,
    derived: DerivedSalts,
) -> Result<InjectedSalts<DerivedSalts>, FinaliseError> {
    let mut salts = InjectedSalts::new(derived);
    for (name, file) in proof_files(folder)? {
        let done = match name.kind {
            ProofKind::Process => {
                let size = state.config().message_batch_size();
                salts.add_process_inputs(name.number, &file.circuit_inputs, state.chain().len(), size)
            }
            ProofKind::Tally => salts.add_tally_inputs(name.number, &file.circuit_inputs),
        };
        done.map_err(|reason| unusable(folder, &name, &reason))?;
    }
    Ok(salts)
}

/// The proof files in a folder; other files are left alone. A folder that is not there holds none.
pub(super) fn proof_files(folder: &Path) -> Result<Vec<(ProofFileName, ProofFile)>, FinaliseError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(folder, &"", &error)),
    };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let Some(name) = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<ProofFileName>().ok())
        else {
            continue;
        };
        let text = std::fs::read_to_string(entry.path()).map_err(|error| unusable(folder, &name, &error))?;
        let file = ProofFile::parse(&text).map_err(|error| unusable(folder, &name, &error))?;
        files.push((name, file));
    }
    files.sort_by_key(|(name, _)| *name);
    Ok(files)
}

/// Keeps the proof files whose salts are in the commitments on chain among our own.
pub(super) fn adopt(given: &Path, folder: &PollFolder, standing: &Standing) -> Result<(), FinaliseError> {
    for (name, file) in proof_files(given)? {
        let done = match name.kind {
            ProofKind::Process => standing.processing.batches,
            ProofKind::Tally => standing.tallying.batches,
        };
        if name.number < done {
            folder.write_atomically(&name.to_string(), file.to_text()?.as_bytes())?;
        }
    }
    Ok(())
}

fn unusable(folder: &Path, name: &dyn std::fmt::Display, reason: &dyn std::fmt::Display) -> FinaliseError {
    FinaliseError::ProofFile {
        file: folder.join(name.to_string()),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests;
