use std::time::Duration;

use axum::http::Uri;
use maci_coordinator_core::access::{AccountSignature, LoginNonces};
use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;
use siwe::{Message, TimeStamp};

use super::refusal::{LoginFault, Refusal};
use super::settings::AuthSettings;

/// How far a message's issue time may be from now: slow people, clocks that are off.
const SKEW: Duration = Duration::from_secs(10 * 60);

/// A Sign-In with Ethereum message that holds, but for whether its nonce was used.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) address: EthAddress,
    pub(super) nonce: String,
    /// Until when the nonce has to be remembered as used.
    pub(super) ends: Timestamp,
}

impl Login {
    /// Checks a message and its signature.
    pub(super) fn check(
        text: &str,
        signature: &AccountSignature,
        settings: &AuthSettings,
        nonces: &LoginNonces,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        // the version is checked here: there is only the first
        let message: Message = text.parse().map_err(|_| LoginFault::Form)?;
        if message.to_string() != text {
            return Err(LoginFault::Form.into());
        }
        check_place(&message, settings)?;
        check_time(&message, now)?;
        let ends = nonces.check(&message.nonce, now).map_err(LoginFault::Nonce)?;
        let address = EthAddress(message.address);
        if signature.signer_of_message(text)? != address {
            return Err(Refusal::OtherSigner);
        }
        Ok(Self {
            address,
            nonce: message.nonce,
            ends,
        })
    }
}

fn check_place(message: &Message, settings: &AuthSettings) -> Result<(), LoginFault> {
    let is_ours = |authority: &str| {
        settings
            .domains
            .iter()
            .any(|domain| domain.eq_ignore_ascii_case(authority))
    };
    if !is_ours(message.domain.as_str()) {
        return Err(LoginFault::Domain);
    }
    let uri: Uri = message.uri.as_str().parse().map_err(|_| LoginFault::Uri)?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    if !is_web || !uri.authority().is_some_and(|authority| is_ours(authority.as_str())) {
        return Err(LoginFault::Uri);
    }
    let chains = &settings.chains;
    if !chains.is_empty() && !chains.iter().any(|chain| chain.0 == message.chain_id) {
        return Err(LoginFault::Chain);
    }
    Ok(())
}

fn check_time(message: &Message, now: Timestamp) -> Result<(), LoginFault> {
    let issued = moment(&message.issued_at);
    if issued > now.after(SKEW) || issued.after(SKEW) < now {
        return Err(LoginFault::IssuedAt);
    }
    if message
        .expiration_time
        .as_ref()
        .is_some_and(|expires| moment(expires) <= now)
    {
        return Err(LoginFault::Expired);
    }
    if message.not_before.as_ref().is_some_and(|begins| moment(begins) > now) {
        return Err(LoginFault::NotYet);
    }
    Ok(())
}

fn moment(time: &TimeStamp) -> Timestamp {
    // years of four digits fit
    let millis = time.as_ref().unix_timestamp_nanos().div_euclid(1_000_000);
    Timestamp(i64::try_from(millis).unwrap_or(i64::MAX))
}
