//! `tally.json`, in the shape other tools read.

use maci_chain::reader::PollReader;
use maci_protocol::files::TallyFile;
use maci_protocol::tally::Tally;
use maci_store::PollFolder;

use super::FinaliseError;
use crate::networks::network_name;

/// Writes the result of a poll.
pub(super) fn write_tally(folder: &PollFolder, reader: &PollReader, tally: &Tally) -> Result<(), FinaliseError> {
    let poll = reader.config().poll();
    let file = TallyFile::new(
        tally,
        poll.maci,
        poll.poll,
        network_name(poll.chain),
        Some(poll.chain),
        reader.addresses().tally,
    );
    folder.write_atomically("tally.json", file.to_text()?.as_bytes())?;
    Ok(())
}
