use anyhow::{Context, Result, bail};
use maci_coordinator_core::deploy::sources::{Explorer, Shown, Verdict, verify_sources};
use maci_protocol::ids::ChainId;
use serde_json::{Value, json};

use super::deploy::{read, workshop};
use crate::cli::{ExplorerApi, VerifySource};
use crate::world::World;

const SOURCIFY: &str = "https://sourcify.dev/server";
const ETHERSCAN: &str = "https://api.etherscan.io/v2/api";

/// Shows an explorer the sources of deployed contracts.
pub(super) async fn verify(world: &World, arguments: &VerifySource) -> Result<()> {
    let workshop = workshop(world, world.rpc().await?).await?;
    let only = arguments.address.as_deref().map(str::parse).transpose()?;
    let mut tell = |shown: &Shown| world.output.say(&line(shown));
    let all = verify_sources(
        &workshop,
        &explorer(world, workshop.rpc.chain(), arguments)?,
        only,
        &mut tell,
    )
    .await?;
    let refused = |shown: &&Shown| {
        matches!(
            shown,
            Shown::Judged {
                verdict: Verdict::Refused(_),
                ..
            }
        )
    };
    let refused = all.iter().filter(refused).count();
    let values: Vec<Value> = all.iter().map(value).collect();
    world.output.result(
        &json!({ "contracts": values, "refused": refused }),
        &format!("{} contracts looked at, {refused} refused", all.len()),
    );
    if refused > 0 {
        bail!("the explorer refused the sources of {refused} contracts; the lines above say why");
    }
    Ok(())
}

/// The explorer that the command line names, else the chain's own, else Sourcify.
fn explorer(world: &World, chain: ChainId, arguments: &VerifySource) -> Result<Explorer> {
    let own = world.settings.chains.iter().find(|one| one.id == chain);
    let own = own.and_then(|one| one.explorer.as_ref());
    let api = arguments
        .api
        .or(own.map(|own| own.api))
        .unwrap_or(ExplorerApi::Sourcify);
    let own = own.filter(|own| own.api == api);
    let url = |usual: &str| -> Result<_> {
        let url = arguments
            .url
            .as_deref()
            .or(own.map(|own| own.url.as_str()))
            .unwrap_or(usual);
        url.parse().with_context(|| format!("`{url}` is no URL"))
    };
    Ok(match api {
        ExplorerApi::Sourcify => Explorer::Sourcify { url: url(SOURCIFY)? },
        ExplorerApi::Etherscan => {
            let file = arguments.api_key_file.as_deref();
            let file = file.or(own.and_then(|own| own.api_key_file.as_deref()));
            let file = file.context("Etherscan's API asks for a key; name its file with --api-key-file")?;
            let key = read(file)?.lines().next().unwrap_or_default().trim().to_owned();
            Explorer::Etherscan {
                url: url(ETHERSCAN)?,
                key: key.into(),
            }
        }
    })
}

fn line(shown: &Shown) -> String {
    match shown {
        Shown::Judged { contract, at, verdict } => {
            let verdict = match verdict {
                Verdict::Exact => "verified, metadata and all".to_owned(),
                Verdict::Verified => "verified".to_owned(),
                Verdict::Already => "verified before".to_owned(),
                Verdict::Refused(reason) => format!("refused: {reason}"),
            };
            format!("{contract} at {at}: {verdict}")
        }
        Shown::Skipped { contract, at, reason } => format!("{contract} at {at}: not shown, {reason}"),
    }
}

fn value(shown: &Shown) -> Value {
    match shown {
        Shown::Judged { contract, at, verdict } => {
            let (verdict, reason) = match verdict {
                Verdict::Exact => ("exact", None),
                Verdict::Verified => ("verified", None),
                Verdict::Already => ("already", None),
                Verdict::Refused(reason) => ("refused", Some(reason)),
            };
            json!({ "contract": contract, "address": at, "verdict": verdict, "reason": reason })
        }
        Shown::Skipped { contract, at, reason } => {
            json!({ "contract": contract, "address": at, "verdict": "skipped", "reason": reason.to_string() })
        }
    }
}
