use maci_coordinator_core::access::SignedRequest;
use maci_protocol::time::Timestamp;

use super::credentials::Signed;
use super::refusal::Refusal;
use super::settings::AuthSettings;

/// What is being asked for, as far as a signature covers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    /// The path with its query.
    pub(super) path: &'a str,
    pub(super) body: &'a [u8],
}

impl Call<'_> {
    /// What stands for a socket's handshake, whose own method and query the client does not choose.
    pub(super) const HANDSHAKE: Call<'static> = Call {
        method: "GET",
        path: "/socket.io/",
        body: b"",
    };
}

impl Signed {
    /// Checks a signed request, but for whether its nonce was used; until when that has to be remembered.
    pub(super) fn check(&self, call: Call<'_>, settings: &AuthSettings, now: Timestamp) -> Result<Timestamp, Refusal> {
        let expires = Timestamp::from_unix_seconds(self.expires);
        if expires <= now || expires > now.after(settings.request_lifetime) {
            return Err(Refusal::RequestTime {
                most: settings.request_lifetime.as_secs(),
            });
        }
        let request = SignedRequest {
            service: &settings.service,
            method: call.method,
            path: call.path,
            body: call.body,
            nonce: &self.nonce,
            expires: self.expires,
        };
        if self.signature.signer_of_digest(&request.digest())? != self.address {
            return Err(Refusal::OtherSigner);
        }
        Ok(expires)
    }

    /// Whose numbers these are.
    pub(super) fn scope(&self) -> String {
        format!("request:{}", self.address.to_lower_hex())
    }
}
