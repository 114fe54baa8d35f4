use alloy::contract::Error as CallError;
use alloy::primitives::U256;
use alloy::providers::DynProvider;
use maci_chain::contracts::finalising::ITally::{self, ITallyInstance};
use maci_chain::reader::{PollReader, ReadError};
use maci_chain::words::{address, word};
use maci_crypto::Fr;
use maci_crypto::field::fr_to_hex;
use maci_protocol::Remedy;
use maci_protocol::files::TallyFile;
use maci_protocol::tally::Tally;

use super::Report;
use crate::finalise::FinaliseError;

/// A result that could not be checked, which is not the same as one that does not hold.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The contracts could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The poll's history could not be read.
    #[error(transparent)]
    History(Box<FinaliseError>),
    /// The tally contract did not answer.
    #[error("the tally contract did not answer `{call}`: {source}; ask another endpoint")]
    Call {
        /// What was asked.
        call: &'static str,
        /// Why there was no answer.
        #[source]
        source: CallError,
    },
}

impl VerifyError {
    /// Who acts now.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Read(error) => error.remedy(),
            Self::History(error) => error.remedy(),
            Self::Call { .. } => Remedy::Retry,
        }
    }
}

/// Checks a tally file against the poll's contracts (the steps third parties are told to take).
///
/// # Errors
/// When the chain cannot be asked. A claim that does not hold is no error: it stands in the report.
pub async fn verify(reader: &PollReader, file: &TallyFile) -> Result<Report, VerifyError> {
    let mut report = Report::default();
    let config = reader.config();
    let poll = config.poll();
    let same =
        |a: &dyn ToString, b: &dyn ToString| format!("the file has {}, the chain {}", a.to_string(), b.to_string());

    report.note("the file is about this MACI contract", file.maci == poll.maci, || {
        same(&file.maci, &poll.maci)
    });
    report.note("the file is about this poll", file.poll_id == poll.poll, || {
        same(&file.poll_id, &poll.poll)
    });
    let chain = file.chain_id.unwrap_or(poll.chain);
    report.note("the file is about this chain", chain == poll.chain, || {
        same(&chain, &poll.chain)
    });
    report.note("the file has the poll's mode", file.mode == config.mode(), || {
        same(&file.mode, &config.mode())
    });
    let contract = reader.addresses().tally;
    report.note(
        "the file names the poll's tally contract",
        file.tally_address == contract,
        || same(&file.tally_address, &contract),
    );

    let tally = match file.tally(config.depths().vote_option_tree(), config.vote_options()) {
        Ok(tally) => tally,
        Err(mismatch) => {
            report.note("the file's commitments open to its numbers", false, || {
                mismatch.to_string()
            });
            return Ok(report);
        }
    };
    report.note("the file's commitments open to its numbers", true, String::new);

    let standing = reader.standing().await?;
    report.note(
        "every batch of messages was proved",
        standing.processing.complete,
        || format!("{} batches were", standing.processing.batches),
    );
    report.note(
        "every ballot was tallied with proof",
        standing.tallying.complete,
        || format!("{} batches were", standing.tallying.batches),
    );
    let (ours, theirs) = (
        fr_to_hex(&tally.commitments.tally),
        fr_to_hex(&standing.tallying.commitment),
    );
    report.note("the contract holds the file's commitment", ours == theirs, || {
        same(&ours, &theirs)
    });

    let contract = ITally::new(address(contract), reader.rpc().provider().clone());
    openings(&contract, &tally, config.depths().vote_option_tree(), &mut report).await?;
    published(reader, &standing, &tally, &mut report).await?;
    Ok(report)
}

/// The contract's own opinion of every number in the file.
async fn openings(
    contract: &ITallyInstance<DynProvider>,
    tally: &Tally,
    depth: u8,
    report: &mut Report,
) -> Result<(), VerifyError> {
    let failed = |call| move |source| VerifyError::Call { call, source };
    let (results, spent) = (word(&tally.commitments.results), word(&tally.commitments.spent));
    let per_option = word(&tally.commitments.per_option_spent.unwrap_or_default());
    let total =
        contract.verifySpentVoiceCredits(word(&tally.totals.spent), word(&tally.salts.spent), results, per_option);
    let holds = total.call().await.map_err(failed("verifySpentVoiceCredits"))?;
    report.note("the contract confirms the credits spent in all", holds, || {
        "it does not".to_owned()
    });

    let mut wrong = Vec::new();
    for option in 0..tally.vote_options {
        // every option below the poll's number has a place
        let Ok(opening) = tally.add_results(option..option + 1) else {
            continue;
        };
        let proof = opening
            .tally_result_proofs
            .first()
            .map(|path| levels(path))
            .unwrap_or_default();
        let value = opening.tally_results.first().map_or(U256::ZERO, word);
        let salt = word(&tally.salts.results);
        let call = contract.verifyTallyResult(U256::from(option), value, proof, salt, depth, spent, per_option);
        if !call.call().await.map_err(failed("verifyTallyResult"))? {
            wrong.push(option.to_string());
        }
    }
    report.note(
        format!(
            "the contract confirms the results of all {} options",
            tally.vote_options
        ),
        wrong.is_empty(),
        || format!("not those of options {}", wrong.join(", ")),
    );

    let Some(credits) = &tally.totals.per_option_spent else {
        return Ok(());
    };
    let mut wrong = Vec::new();
    for (option, credits) in (0..tally.vote_options).zip(credits) {
        let proof = tally
            .path_of_spent(option)
            .map(|path| levels(&path))
            .unwrap_or_default();
        let salt = word(&tally.salts.per_option_spent);
        let call = contract.verifyPerVoteOptionSpentVoiceCredits(
            U256::from(option),
            word(credits),
            proof,
            salt,
            depth,
            spent,
            results,
        );
        if !call
            .call()
            .await
            .map_err(failed("verifyPerVoteOptionSpentVoiceCredits"))?
        {
            wrong.push(option.to_string());
        }
    }
    report.note(
        "the contract confirms the credits spent on every option",
        wrong.is_empty(),
        || format!("not those on options {}", wrong.join(", ")),
    );
    Ok(())
}

/// The results as anybody reads them from the chain.
async fn published(
    reader: &PollReader,
    standing: &maci_chain::reader::Standing,
    tally: &Tally,
    report: &mut Report,
) -> Result<(), VerifyError> {
    let results = reader.results(tally.vote_options).await?;
    let missing = results.iter().filter(|result| !result.is_set).count();
    report.note("every result is published on chain", missing == 0, || {
        format!("{missing} are not")
    });
    let differ = results
        .iter()
        .zip(&tally.totals.results)
        .filter(|(theirs, ours)| theirs.is_set && theirs.value != **ours);
    let differ = differ.count();
    report.note("the published results are the file's", differ == 0, || {
        format!("{differ} differ")
    });
    let spent = standing.tallying.total_spent;
    report.note(
        "the published credits spent are the file's",
        spent == tally.totals.spent,
        || {
            format!(
                "the file has {}, the chain {}",
                fr_to_hex(&tally.totals.spent),
                fr_to_hex(&spent)
            )
        },
    );
    Ok(())
}

fn levels(path: &[[Fr; 4]]) -> Vec<Vec<U256>> {
    path.iter().map(|level| level.iter().map(word).collect()).collect()
}
