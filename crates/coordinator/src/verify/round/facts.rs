use maci_chain::reader::PollReader;
use maci_protocol::files::DeployedContracts;
use maci_protocol::groth16::VerifyingKey;

use super::Evidence;
use crate::networks::network_name;
use crate::publication::{PollRecord, paths};
use crate::verify::{Report, VerifyError};

/// The keys that the poll's contracts check proofs with.
pub(super) struct Keys {
    pub(super) process: VerifyingKey,
    pub(super) tally: VerifyingKey,
}

/// What was published about the poll, against its contracts.
pub(super) fn poll(evidence: &Evidence, reader: &PollReader, report: &mut Report) {
    let claim = "poll.json is what the contracts say of the poll";
    let ours = PollRecord::of(reader);
    let theirs = evidence
        .file(paths::POLL)
        .and_then(|bytes| serde_json::from_slice::<PollRecord>(bytes).map_err(|error| error.to_string()));
    match theirs {
        Ok(theirs) => report.note(claim, theirs == ours, || differing(&theirs, &ours)),
        Err(reason) => report.note(claim, false, || reason),
    }

    let claim = "deployed-contracts.json names the poll's contracts";
    let (config, own) = (reader.config().poll(), reader.addresses());
    let record = evidence.file(paths::CONTRACTS).and_then(|bytes| {
        let text = String::from_utf8_lossy(bytes);
        DeployedContracts::parse(&text).map_err(|error| error.to_string())
    });
    match record {
        Ok(record) => {
            let chain = network_name(config.chain);
            let wrong: Vec<&str> = [
                ("MACI", None, config.maci),
                ("Poll", Some(config.poll), own.poll),
                ("MessageProcessor", Some(config.poll), own.message_processor),
                ("Tally", Some(config.poll), own.tally),
            ]
            .into_iter()
            .filter(|(id, poll, address)| record.lookup(&chain, id, *poll).map(|found| found.address) != Some(*address))
            .map(|(id, ..)| id)
            .collect();
            report.note(claim, wrong.is_empty(), || format!("not {}", wrong.join(", ")));
        }
        Err(reason) => report.note(claim, false, || reason),
    }
}

/// The keys in the registry; none of them if one is missing. Those that were published must be the same.
///
/// # Errors
/// When the registry cannot be read.
pub(super) async fn keys(
    evidence: &Evidence,
    reader: &PollReader,
    report: &mut Report,
) -> Result<Option<Keys>, VerifyError> {
    let registered = reader.registered_keys().await?;
    for (path, key) in [
        (paths::PROCESS_KEY, &registered.process),
        (paths::TALLY_KEY, &registered.tally),
    ] {
        let published = evidence
            .file(path)
            .and_then(|bytes| serde_json::from_slice::<VerifyingKey>(bytes).map_err(|error| error.to_string()));
        let claim = format!("{path} is the verifying key registered on chain");
        match (published, key) {
            (Ok(published), Some(key)) => report.note(claim, published == *key, || "it is another key".to_owned()),
            (Ok(_), None) => report.note(claim, false, || "none is registered".to_owned()),
            (Err(reason), _) => report.note(claim, false, || reason),
        }
    }
    Ok(match (registered.process, registered.tally) {
        (Some(process), Some(tally)) => Some(Keys { process, tally }),
        (Some(_) | None, Some(_) | None) => None,
    })
}

/// The first field in which two records differ.
fn differing(theirs: &PollRecord, ours: &PollRecord) -> String {
    let fields = |record: &PollRecord| serde_json::to_value(record).unwrap_or_default();
    let (theirs, ours) = (fields(theirs), fields(ours));
    let names = ours.as_object().into_iter().flatten();
    let differing = names.filter(|(name, value)| theirs.get(name.as_str()) != Some(*value));
    let one = |(name, value): (&String, &serde_json::Value)| {
        let found = theirs.get(name.as_str()).cloned().unwrap_or_default();
        format!("{name} is {found} in the file, {value} on chain")
    };
    differing.map(one).collect::<Vec<_>>().join("; ")
}
