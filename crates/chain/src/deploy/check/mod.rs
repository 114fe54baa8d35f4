//! Everything that can be wrong with a deployment and seen before anything is sent.
//!
//! - `ground`    what is on the chain already: which MACI, which keys, what time it is
//! - `rules`     the design against that, with a complaint for every rule it breaks
mod ground;
mod rules;

pub use ground::Ground;

use maci_protocol::ids::EthAddress;

use super::{DeployError, Design, Memory};
use crate::artifacts::Artifacts;
use crate::rpc::Rpc;

/// Looks at the chain and holds the design against it.
///
/// # Errors
/// [`DeployError::Refused`] with every complaint.
pub(super) async fn look(
    rpc: &Rpc,
    artifacts: &Artifacts,
    memory: &dyn Memory,
    caller: EthAddress,
    design: &Design,
) -> Result<Ground, DeployError> {
    let has_begun = memory.has_begun(rpc.chain(), &design.name).await?;
    let (ground, mut complaints) = Ground::survey(rpc, artifacts, design).await?;
    complaints.extend(rules::complaints(rpc, &ground, caller, has_begun, design).await?);
    complaints.sort();
    complaints.dedup();
    match ground {
        Some(ground) if complaints.is_empty() => Ok(ground),
        _ => Err(DeployError::Refused { complaints }),
    }
}
