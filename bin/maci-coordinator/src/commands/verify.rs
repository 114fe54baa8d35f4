use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use maci_chain::reader::PollReader;
use maci_coordinator_core::ipfs::{Cid, Fetcher};
use maci_coordinator_core::verify::{Evidence, Report, verify as check, verify_round};
use maci_protocol::files::TallyFile;
use maci_protocol::ids::{BlockNumber, PollId};
use maci_store::Store;
use serde_json::json;

use crate::build;
use crate::cli::Verify;
use crate::failure::DoesNotHold;
use crate::world::World;

/// Checks a tally file, or a whole round from what was published of it.
pub(crate) async fn verify(world: &World, arguments: Verify) -> Result<()> {
    match &arguments.from {
        Some(from) => round(world, &arguments, from).await,
        None => tally(world, &arguments).await,
    }
}

async fn tally(world: &World, arguments: &Verify) -> Result<()> {
    let (path, file) = tally_file(world, arguments).await?;
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
    tell(world, &report, &path.display().to_string(), "the tally")
}

/// Nothing of this machine is used but the endpoint: the chain's logs go to a folder that is gone afterwards.
async fn round(world: &World, arguments: &Verify, from: &str) -> Result<()> {
    let evidence = evidence(world, arguments, from).await?;
    let rpc = world.rpc().await?;
    let aside = tempfile::tempdir().context("cannot make a folder for the chain's logs")?;
    let store = Store::open(aside.path()).await?;
    let start = arguments.start_block.map(BlockNumber);
    let report = verify_round(&rpc, &evidence, &store, start).await;
    store.close().await;
    tell(world, &report?, from, "the round")
}

async fn evidence(world: &World, arguments: &Verify, from: &str) -> Result<Evidence> {
    let mut settings = build::ipfs(&world.settings);
    let path = Path::new(from);
    if path.is_dir() {
        return Ok(Evidence::in_folder(path)?);
    }
    if path.is_file() {
        return Ok(Evidence::in_car(path, settings.limits).await?);
    }
    let root: Cid = from
        .parse()
        .with_context(|| format!("`{from}` is neither a folder nor a CAR file nor a content identifier"))?;
    if !arguments.gateway.is_empty() {
        let gateways = arguments.gateway.iter().map(|url| url.parse());
        settings.gateways = gateways.collect::<Result<_, _>>()?;
    }
    Ok(Evidence::of_content(&Fetcher::new(&settings), root).await?)
}

fn tell(world: &World, report: &Report, what: &str, subject: &str) -> Result<()> {
    let lines = report.findings.iter().map(|finding| match &finding.detail {
        _ if finding.holds => format!("  yes  {}", finding.claim),
        Some(detail) => format!("  NO   {}: {detail}", finding.claim),
        None => format!("  NO   {}", finding.claim),
    });
    let verdict = if report.verified() { "holds" } else { "does not hold" };
    let text = format!("{}\n{what}: {subject} {verdict}", lines.collect::<Vec<_>>().join("\n"));
    let value = json!({ "verified": report.verified(), "findings": report, "file": what });
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
