use maci_chain::reader::Standing;
use maci_crypto::Fr;
use maci_crypto::field::fr_to_decimal;
use maci_protocol::files::{ProofFileName, ProofKind};
use maci_protocol::groth16::VerifyingKey;
use maci_protocol::state::PollState;
use maci_protocol::statement::{ProcessPublic, TallyPublic};
use maci_protocol::vote::batch_range;
use maci_proving::prove::Verifier;

use super::Evidence;
use super::facts::Keys;
use crate::publication::{PublishedProof, paths};
use crate::verify::Report;

/// Positions among a proof's public values.
const PROCESS_NEW_COMMITMENT: usize = 6;
const TALLY_NEW_COMMITMENT: usize = 2;

/// Every proof that the chain has accepted: there, true under the registered key, about this poll's history, and going on
/// where the one before it ended. The last ones end at the commitments on chain.
pub(super) fn all(evidence: &Evidence, state: &PollState, standing: &Standing, keys: &Keys, report: &mut Report) {
    let (processing, tallying) = (&standing.processing, &standing.tallying);
    counted(report, "message", processing.batches, state.process_batch_count());
    counted(report, "ballot", tallying.batches, state.tally_batch_count());

    let hashes = state.chain().padded_batch_hashes();
    let merged = standing.merged.map(|merged| merged.commitment);
    let total = state.process_batch_count();
    let process = Run {
        kind: ProofKind::Process,
        key: &keys.process,
        batches: processing.batches,
        new: PROCESS_NEW_COMMITMENT,
    };
    let expected = |number: u64, current: Fr, new: Fr| {
        // the last batch of messages is proved first
        let batch = total.checked_sub(number)?;
        let range = batch_range(batch, state.chain().len(), state.config().message_batch_size());
        let public = ProcessPublic {
            total_signups: state.leaves().len() as u64,
            output_batch_hash: *hashes.get(usize::try_from(batch).ok()?)?,
            actual_state_tree_depth: state.actual_state_tree_depth(),
            coordinator_public_key_hash: state.config().coordinator_public_key().hash(),
            vote_options: state.config().vote_options(),
            current_sb_commitment: current,
            new_sb_commitment: new,
            index: range.start,
            batch_end_index: range.end,
        };
        Some(public.elements().to_vec())
    };
    let first = merged.unwrap_or_else(|| state.initial_sb_commitment());
    let last = process.check(evidence, first, expected, report);
    ends_at(report, "message", last, processing.commitment);

    report.note(
        "the tally contract took over the last commitment of the message batches",
        tallying.sb_commitment == processing.commitment,
        || differing(&tallying.sb_commitment, &processing.commitment),
    );
    let size = state.config().depths().tally_batch_size() as u64;
    let tally = Run {
        kind: ProofKind::Tally,
        key: &keys.tally,
        batches: tallying.batches,
        new: TALLY_NEW_COMMITMENT,
    };
    let expected = |number: u64, current: Fr, new: Fr| {
        let public = TallyPublic {
            sb_commitment: processing.commitment,
            current_tally_commitment: current,
            new_tally_commitment: new,
            index: number.saturating_mul(size),
            total_signups: state.leaves().len() as u64,
        };
        Some(public.elements().to_vec())
    };
    let last = tally.check(evidence, Fr::from(0u64), expected, report);
    ends_at(report, "ballot", last, tallying.commitment);
}

/// One run of proofs.
struct Run<'a> {
    kind: ProofKind,
    key: &'a VerifyingKey,
    batches: u64,
    /// Where the commitment after the batch stands among the public values.
    new: usize,
}

impl Run<'_> {
    /// Checks every proof, a finding for each; answers the commitment after the last one.
    fn check(
        &self,
        evidence: &Evidence,
        first: Fr,
        expected: impl Fn(u64, Fr, Fr) -> Option<Vec<Fr>>,
        report: &mut Report,
    ) -> Fr {
        let mut current = first;
        let verifier = Verifier::new(self.key);
        for number in 0..self.batches {
            let name = ProofFileName {
                kind: self.kind,
                number,
            };
            let path = paths::proof(name);
            let outcome = match &verifier {
                Ok(verifier) => self.one(verifier, evidence, &path, |new| expected(number, current, new)),
                Err(error) => Err((format!("the registered key cannot be used: {error}"), None)),
            };
            let claim = format!("{path} proves its batch of this poll under the registered key");
            match outcome {
                Ok(new) => {
                    report.note(claim, true, String::new);
                    current = new;
                }
                Err((reason, new)) => {
                    report.note(claim, false, || reason);
                    // what follows is judged by what this one says, so that only what is wrong is named
                    current = new.unwrap_or(current);
                }
            }
        }
        current
    }

    fn one(
        &self,
        verifier: &Verifier,
        evidence: &Evidence,
        path: &str,
        expected: impl Fn(Fr) -> Option<Vec<Fr>>,
    ) -> Result<Fr, (String, Option<Fr>)> {
        let unread = |reason: String| (reason, None);
        let bytes = evidence.file(path).map_err(unread)?;
        let published = PublishedProof::parse(bytes).map_err(unread)?;
        let publics = published
            .publics()
            .map_err(|position| unread(format!("public value {position} is no number of the field")))?;
        let new = publics.get(self.new).copied();
        let wrong = |reason: String| (reason, new);
        let stated = new.ok_or_else(|| unread("it has too few public values".to_owned()))?;
        let expected = expected(stated).ok_or_else(|| wrong("the history has no such batch".to_owned()))?;
        if let Some((position, (theirs, ours))) = publics
            .iter()
            .zip(&expected)
            .enumerate()
            .find(|(_, (theirs, ours))| theirs != ours)
        {
            return Err(wrong(format!(
                "public value {position} is {}, but {} follows from the chain and the proof before it",
                fr_to_decimal(theirs),
                fr_to_decimal(ours)
            )));
        }
        let checked = verifier.check(&publics, published.proof);
        checked.map_err(|error| wrong(error.to_string()))?;
        Ok(stated)
    }
}

fn counted(report: &mut Report, what: &str, on_chain: u64, needed: u64) {
    report.note(
        format!("the contract has accepted a proof for each of the {needed} {what} batches of the history"),
        on_chain == needed,
        || format!("it has accepted {on_chain}"),
    );
}

fn ends_at(report: &mut Report, what: &str, ours: Fr, on_chain: Fr) {
    report.note(
        format!("the last {what} proof ends at the commitment on chain"),
        ours == on_chain,
        || differing(&ours, &on_chain),
    );
}

fn differing(ours: &Fr, on_chain: &Fr) -> String {
    format!(
        "the proofs have {}, the chain {}",
        fr_to_decimal(ours),
        fr_to_decimal(on_chain)
    )
}
