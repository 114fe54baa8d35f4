use std::time::Duration;

use cid::Cid;
use maci_protocol::time::Timestamp;
use maci_store::{Pin, PinState, StoreError};
use tokio_util::sync::CancellationToken;

use super::{PinError, kubo, service};
use crate::crash::crash_point;
use crate::ipfs::{Ipfs, TargetKind, TargetSettings};

/// Pins looked at before the store is asked again.
const AT_ONCE: u32 = 32;

/// The wait after the first failure; it doubles with every further one.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// The wait after the store has failed, or when nothing is due.
const REST: Duration = Duration::from_secs(60);

/// Somebody who pins what is published.
#[derive(Debug)]
pub(in crate::ipfs) struct Target {
    settings: TargetSettings,
}

/// What came of asking a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ipfs) enum Outcome {
    /// It keeps it.
    Pinned,
    /// It is at work on it, and is to be asked again.
    Requested {
        /// Its name for the request.
        request: String,
    },
}

impl Target {
    pub(in crate::ipfs) fn new(settings: TargetSettings) -> Self {
        Self { settings }
    }

    async fn attempt(&self, ipfs: &Ipfs, cid: Cid, pin: &Pin) -> Result<Outcome, PinError> {
        let client = ipfs.fetcher().client().map_err(PinError::Unreachable)?;
        match &self.settings.kind {
            TargetKind::Kubo { rpc, token } => {
                let (rpc, token) = (rpc.url(), token.as_ref());
                kubo::Node { client, rpc, token }.pin(ipfs, cid).await
            }
            TargetKind::PinningService { api, token, origins } => {
                let api = api.url();
                let service = service::Service {
                    client,
                    api,
                    token,
                    origins,
                };
                service.pin(cid, pin.request.as_deref()).await
            }
        }
    }
}

/// Brings everything that is published to one target, until told to stop. What fails is tried again, later and later;
/// nothing is given up.
pub(in crate::ipfs) async fn keep(ipfs: &Ipfs, target: &Target, stopping: &CancellationToken) {
    let name = target.settings.name.as_str();
    loop {
        let wait = match round(ipfs, target).await {
            Ok(Some(due)) => ipfs.clock().now().until(due),
            Ok(None) => REST,
            Err(error) => {
                tracing::warn!(target = name, %error, "pins could not be looked after");
                REST
            }
        };
        let next = ipfs.clock().now().after(wait);
        tokio::select! {
            () = ipfs.clock().until(next) => {}
            () = ipfs.news(name) => {}
            () = stopping.cancelled() => return,
        }
    }
}

/// One look at everything that is due; answers when the next is.
async fn round(ipfs: &Ipfs, target: &Target) -> Result<Option<Timestamp>, StoreError> {
    let (name, pins) = (target.settings.name.as_str(), ipfs.store().pins());
    // also what another process published, whose settings may name other targets
    pins.extend(name, ipfs.clock().now()).await?;
    loop {
        let due = pins.due(name, ipfs.clock().now(), AT_ONCE).await?;
        if due.is_empty() {
            return pins.next_due(name).await;
        }
        for pin in due {
            let after = once(ipfs, target, pin).await;
            pins.update(&after).await?;
            crash_point("pin-noted");
        }
    }
}

/// One attempt, and the pin as it is after it.
async fn once(ipfs: &Ipfs, target: &Target, pin: Pin) -> Pin {
    let attempt = match pin.cid.parse::<Cid>() {
        Ok(cid) => target.attempt(ipfs, cid, &pin).await,
        Err(error) => Err(PinError::GaveUp(format!("`{}` is no identifier: {error}", pin.cid))),
    };
    crash_point("pin-asked");
    let now = ipfs.clock().now();
    let (cid, name) = (pin.cid.clone(), &target.settings.name);
    match attempt {
        Ok(Outcome::Pinned) => {
            tracing::info!(%cid, target = name, "pinned");
            Pin {
                state: PinState::Pinned,
                attempts: 0,
                problem: None,
                due: now,
                changed: now,
                ..pin
            }
        }
        Ok(Outcome::Requested { request }) => {
            // whoever is at work is asked less and less often
            let looks = if pin.request.as_ref() == Some(&request) {
                pin.attempts.saturating_add(1)
            } else {
                0
            };
            Pin {
                state: PinState::Requested,
                attempts: looks,
                request: Some(request),
                problem: None,
                due: now.after(wait(looks)),
                changed: now,
                ..pin
            }
        }
        Err(error) => {
            let attempts = pin.attempts.saturating_add(1);
            tracing::warn!(%cid, target = name, attempts, %error, "not pinned yet; it is tried again");
            Pin {
                state: PinState::Waiting,
                attempts,
                request: None,
                problem: Some(error.to_string()),
                due: now.after(wait(attempts.saturating_sub(1))),
                changed: now,
                ..pin
            }
        }
    }
}

/// The wait after so many attempts.
fn wait(attempts: u32) -> Duration {
    let factor = 1u32.checked_shl(attempts.min(16)).unwrap_or(u32::MAX);
    FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_double_up_to_an_hour() {
        assert_eq!(wait(0), Duration::from_secs(5));
        assert_eq!(wait(3), Duration::from_secs(40));
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
