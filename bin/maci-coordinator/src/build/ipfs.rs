use maci_coordinator_core::ipfs::{FetchLimits, IpfsSettings, TargetKind, TargetSettings};

use crate::settings::{PinSettings, Settings};

/// Where content is read from beside here, and who keeps it too.
pub(crate) fn ipfs(settings: &Settings) -> IpfsSettings {
    let ipfs = &settings.ipfs;
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    IpfsSettings {
        gateways: ipfs.gateways.clone(),
        targets: ipfs.pins.iter().map(target).collect(),
        limits: FetchLimits {
            patience: ipfs.patience.0,
            impatience: ipfs.impatience.0,
            largest_block: size(ipfs.largest_block.0),
            largest_file: size(ipfs.largest_file.0),
        },
        ..IpfsSettings::default()
    }
}

fn target(pin: &PinSettings) -> TargetSettings {
    match pin {
        PinSettings::Kubo { name, rpc, token } => TargetSettings {
            name: name.clone(),
            kind: TargetKind::Kubo {
                rpc: rpc.clone(),
                token: token.as_ref().map(|token| token.expose().into()),
            },
        },
        PinSettings::PinningService {
            name,
            api,
            token,
            origins,
        } => TargetSettings {
            name: name.clone(),
            kind: TargetKind::PinningService {
                api: api.clone(),
                token: token.expose().into(),
                origins: origins.clone(),
            },
        },
    }
}
