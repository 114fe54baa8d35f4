use maci_chain::reader::{PollReader, ReadError};
use maci_chain::rpc::Rpc;
use maci_protocol::files::TallyFile;
use maci_protocol::ids::BlockNumber;
use maci_store::Store;

use super::{Evidence, facts, history, proofs};
use crate::publication::paths;
use crate::verify::{Report, VerifyError, verify};

/// Checks a whole round from what was published of it and the chain. `store` is for the chain's logs only; a new one does,
/// and nothing that is in it is believed without the contract's hashes. `start` is the block to begin reading at, if it
/// is known.
///
/// # Errors
/// When the chain cannot be asked. A claim that does not hold is no error: it stands in the report, with the file's name.
pub async fn verify_round(
    rpc: &Rpc,
    evidence: &Evidence,
    store: &Store,
    start: Option<BlockNumber>,
) -> Result<Report, VerifyError> {
    let mut report = Report::default();
    files(evidence, &mut report);
    let Ok(poll) = evidence.manifest.poll() else {
        report.note("the manifest names a poll", false, || "its numbers are none".to_owned());
        return Ok(report);
    };
    let chain = rpc.chain();
    report.note("the round is on this chain", poll.chain == chain, || {
        format!("it is on chain {}, the endpoint serves chain {chain}", poll.chain)
    });
    if poll.chain != chain {
        return Ok(report);
    }

    let claim = "the chain has the poll that the manifest names";
    let reader = match PollReader::open(rpc, poll.maci, poll.poll).await {
        Ok(reader) => reader,
        Err(error @ (ReadError::NoSuchPoll { .. } | ReadError::NoContract { .. } | ReadError::NotMaci { .. })) => {
            report.note(claim, false, || error.to_string());
            return Ok(report);
        }
        Err(error) => return Err(error.into()),
    };
    report.note(claim, true, String::new);
    facts::poll(evidence, &reader, &mut report);
    let keys = facts::keys(evidence, &reader, &mut report).await?;
    let state = history::state(evidence, &reader, store, start, &mut report).await?;
    let standing = reader.standing().await?;
    if let (Some(state), Some(keys)) = (&state, &keys) {
        // pairings take milliseconds each
        tokio::task::block_in_place(|| proofs::all(evidence, state, &standing, keys, &mut report));
    } else {
        report.note("the proofs can be checked", false, || {
            "what they are about is not known; see above".to_owned()
        });
    }

    let tally = evidence.file(paths::TALLY).and_then(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        TallyFile::parse(&text).map_err(|error| error.to_string())
    });
    match tally {
        Ok(tally) => {
            let of_tally = verify(&reader, &tally).await?.findings.into_iter();
            report.findings.extend(of_tally.map(|mut finding| {
                finding.claim = format!("{}: {}", paths::TALLY, finding.claim);
                finding
            }));
        }
        Err(reason) => report.note("tally.json is the result", false, || reason),
    }
    Ok(report)
}

/// Every file against the manifest, and all of them against the root.
fn files(evidence: &Evidence, report: &mut Report) {
    let mut good = 0usize;
    for (path, bytes) in evidence.files() {
        let meant = evidence.manifest.files.get(path);
        match (bytes, meant) {
            (Ok(bytes), Some(meant)) if meant.is(bytes) => good = good.saturating_add(1),
            (Ok(_), _) => report.note(format!("{path} is the file that the manifest names"), false, || {
                "its bytes are others".to_owned()
            }),
            (Err(reason), _) => report.note(format!("{path} is there"), false, || reason.clone()),
        }
    }
    let total = evidence.manifest.files.len();
    report.note(
        format!("all {total} files are those that the manifest names"),
        good == total,
        || format!("{good} are"),
    );
    match (evidence.computed_root(), evidence.root) {
        (Ok(computed), Some(root)) => {
            report.note(
                format!("the files are all that {root} stands for"),
                computed == root,
                || format!("together they are {computed}"),
            );
        }
        (Ok(computed), None) => report.note(format!("the files have the root {computed}"), true, String::new),
        (Err(error), _) => report.note("the files have a root", false, || error.to_string()),
    }
}
