//! Published content, as it is told.

use maci_coordinator_core::ipfs::{Pin, PinState, Published, digest_of};
use maci_coordinator_core::service::PublicationView;
use serde::Serialize;
use utoipa::ToSchema;

use super::scalars::Moment;

/// A poll's result, published as a whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicationAnswer {
    /// The identifier of the directory with everything in it.
    #[schema(example = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354")]
    pub root: String,
    /// Where this service has it.
    pub path: String,
    /// Where this service has the file that names all others.
    pub manifest: String,
    /// When it was published here.
    #[schema(value_type = Moment)]
    pub published: i64,
    /// Who else is to keep it, by name.
    pub pins: Vec<PinAnswer>,
    /// Multiaddresses of this service's own node, for those who fetch over Bitswap; none if it has no such node.
    pub addresses: Vec<String>,
}

/// Something published here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContentAnswer {
    /// Its identifier.
    pub cid: String,
    /// Its digest, as a chain names relayed messages.
    pub bytes32: String,
    /// What it is.
    pub what: String,
    /// When it was published here.
    #[schema(value_type = Moment)]
    pub published: i64,
    /// Who else is to keep it, by name.
    pub pins: Vec<PinAnswer>,
}

/// How far somebody has come with keeping something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PinAnswer {
    /// Their name in the settings.
    pub target: String,
    /// How far.
    pub state: PinStateName,
    /// Attempts since the last that succeeded.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub problem: Option<String>,
    /// When they are asked again.
    #[schema(value_type = Option<Moment>)]
    pub due: Option<i64>,
}

/// How far somebody has come with keeping something.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PinStateName {
    /// They are to be asked, for the first time or again.
    Waiting,
    /// They were asked and are at work on it.
    Requested,
    /// They keep it.
    Pinned,
}

impl From<Pin> for PinAnswer {
    fn from(pin: Pin) -> Self {
        let state = match pin.state {
            PinState::Waiting => PinStateName::Waiting,
            PinState::Requested => PinStateName::Requested,
            PinState::Pinned => PinStateName::Pinned,
        };
        Self {
            target: pin.target,
            state,
            attempts: pin.attempts,
            problem: pin.problem,
            due: (pin.state != PinState::Pinned).then_some(pin.due.0),
        }
    }
}

impl From<PublicationView> for PublicationAnswer {
    fn from(view: PublicationView) -> Self {
        let root = view.root.to_string();
        Self {
            path: format!("/ipfs/{root}"),
            manifest: format!("/ipfs/{root}/manifest.json"),
            root,
            published: view.published.0,
            pins: view.pins.into_iter().map(Into::into).collect(),
            addresses: view.addresses,
        }
    }
}

impl From<Published> for ContentAnswer {
    fn from(published: Published) -> Self {
        Self {
            cid: published.cid.to_string(),
            bytes32: digest_of(&published.cid).map_or_else(String::new, |digest| digest.to_bytes32_hex()),
            what: published.why,
            published: published.at.0,
            pins: published.pins.into_iter().map(Into::into).collect(),
        }
    }
}
