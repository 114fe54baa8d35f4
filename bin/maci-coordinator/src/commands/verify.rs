use std::path::PathBuf;

use anyhow::{Context, Result};
use maci_chain::reader::PollReader;
use maci_coordinator_core::verify::verify as check;
use maci_protocol::files::TallyFile;
use maci_protocol::ids::PollId;
use serde_json::json;

use crate::cli::Verify;
use crate::failure::DoesNotHold;
use crate::world::World;

pub(crate) async fn verify(world: &World, arguments: Verify) -> Result<()> {
    let (path, file) = tally_file(world, &arguments).await?;
    // the file says which contract it is about, unless the caller knows better
    let rpc = world.rpc().await?;
    let maci = arguments
        .which
        .maci
        .as_deref()
        .map(str::parse)
        .transpose()?
        .unwrap_or(file.maci);
    let poll = if arguments.which.maci.is_some() {
        PollId(arguments.which.poll)
    } else {
        file.poll_id
    };
    let reader = PollReader::open(&rpc, maci, poll).await?;
    let report = check(&reader, &file).await?;
    let lines = report.findings.iter().map(|finding| match &finding.detail {
        _ if finding.holds => format!("  yes  {}", finding.claim),
        Some(detail) => format!("  NO   {}: {detail}", finding.claim),
        None => format!("  NO   {}", finding.claim),
    });
    let verdict = if report.verified() {
        "the tally holds"
    } else {
        "the tally does not hold"
    };
    let text = format!(
        "{}\n{}: {verdict}",
        lines.collect::<Vec<_>>().join("\n"),
        path.display()
    );
    let value = json!({ "verified": report.verified(), "findings": report, "file": path });
    world.output.result(&value, &text);
    if report.verified() {
        Ok(())
    } else {
        Err(DoesNotHold.into())
    }
}

async fn tally_file(world: &World, arguments: &Verify) -> Result<(PathBuf, TallyFile)> {
    let path = match &arguments.tally {
        Some(path) => path.clone(),
        None => {
            let reader = super::poll::reader(world, &arguments.which).await?;
            world
                .store()
                .await?
                .poll_folder(&reader.config().poll())?
                .path()
                .join("tally.json")
        }
    };
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; name the file with --tally", path.display()))?;
    Ok((path, TallyFile::parse(&text)?))
}
