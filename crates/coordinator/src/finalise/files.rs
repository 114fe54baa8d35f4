//! `tally.json`, in the shape other tools read.

use maci_chain::reader::PollReader;
use maci_protocol::files::TallyFile;
use maci_protocol::tally::Tally;
use maci_store::PollFolder;

use super::FinaliseError;
use crate::networks::network_name;

/// The result of a poll as other tools read it.
#[must_use]
pub fn tally_file(reader: &PollReader, tally: &Tally) -> TallyFile {
    let poll = reader.config().poll();
    TallyFile::new(
        tally,
        poll.maci,
        poll.poll,
        network_name(poll.chain),
        Some(poll.chain),
        reader.addresses().tally,
    )
}

/// Writes the result of a poll.
pub(super) fn write_tally(folder: &PollFolder, reader: &PollReader, tally: &Tally) -> Result<(), FinaliseError> {
    let file = tally_file(reader, tally);
    folder.write_atomically("tally.json", file.to_text()?.as_bytes())?;
    Ok(())
}
