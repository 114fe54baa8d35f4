use axum::http::HeaderValue;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse, Response};
use maci_coordinator_core::access::{AccessError, BadSignature, NonceRefused};
use maci_coordinator_core::actor::Role;
use maci_protocol::ids::EthAddress;

use crate::problem::Problem;

/// Why somebody is not let in. No variant repeats what they presented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing was presented where something is needed.
    #[error("this needs a login")]
    Anonymous,
    /// What was presented has no known form.
    #[error("the credentials have no form this service knows: {0}")]
    Unreadable(&'static str),
    /// The token is of no open login.
    #[error("the token is of no login, or its login has ended; log in again")]
    NoSession,
    /// The signature is not one, or of somebody else.
    #[error("{0}")]
    Signature(#[from] BadSignature),
    /// It was signed by another account than it says.
    #[error("the signature is not of the account it names")]
    OtherSigner,
    /// The login's message breaks a rule.
    #[error("the login is refused: {0}")]
    Login(#[from] LoginFault),
    /// A number was used before.
    #[error("this was used before; every nonce is good for one use")]
    Replayed,
    /// A signed request is not valid now.
    #[error("the signed request expired, or expires too far ahead (at most {most} s)")]
    RequestTime {
        /// The most it may be ahead, in seconds.
        most: u64,
    },
    /// The old header, which is switched off.
    #[error("the header of the existing service is switched off; log in with Sign-In with Ethereum")]
    LegacyOff,
    /// The old header, with something that does not hold.
    #[error("the header of the existing service is refused: {0}")]
    Legacy(&'static str),
    /// The account has no role.
    #[error("{address} has no role here; the operator names addresses in the settings")]
    NoRole {
        /// The account.
        address: EthAddress,
    },
    /// The account's role is too low.
    #[error("this needs the role {needed}, and {address} is {role}")]
    TooLow {
        /// The account.
        address: EthAddress,
        /// Its role.
        role: Role,
        /// The role it takes.
        needed: Role,
    },
    /// Too many attempts.
    #[error("too many requests from this caller")]
    TooMany {
        /// When another one makes sense, in seconds.
        seconds: u64,
    },
    /// Logins cannot be checked now.
    #[error("logins cannot be checked at the moment")]
    Unavailable,
}

/// A rule of Sign-In with Ethereum that a message breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginFault {
    /// It is no such message.
    #[error("its message is not one of EIP-4361")]
    Form,
    /// It was made for another page.
    #[error("its domain is not one of this service")]
    Domain,
    /// Its URI is not of this service.
    #[error("its URI is not one of this service")]
    Uri,
    /// It names a chain this service does not know.
    #[error("its chain is not one of this service")]
    Chain,
    /// Its nonce cannot be used.
    #[error("{0}")]
    Nonce(#[from] NonceRefused),
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet")]
    NotYet,
    /// It says it was issued in the future, or long ago.
    #[error("its issue time is more than ten minutes from now; is the clock right?")]
    IssuedAt,
}

impl Refusal {
    /// Whether the caller tried to be somebody and failed, which counts as an attempt.
    #[must_use]
    pub fn is_failed_attempt(&self) -> bool {
        match self {
            Self::Unreadable(_)
            | Self::NoSession
            | Self::Signature(_)
            | Self::OtherSigner
            | Self::Login(_)
            | Self::Replayed
            | Self::RequestTime { .. }
            | Self::Legacy(_) => true,
            // frontends of the existing service send their header everywhere; whoever has no role has shown who they are
            Self::LegacyOff
            | Self::NoRole { .. }
            | Self::Anonymous
            | Self::TooLow { .. }
            | Self::TooMany { .. }
            | Self::Unavailable => false,
        }
    }

    /// The refusal as clients see it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let text = self.to_string();
        match self {
            Self::Anonymous
            | Self::Unreadable(_)
            | Self::NoSession
            | Self::Signature(_)
            | Self::OtherSigner
            | Self::Login(_)
            | Self::Replayed
            | Self::RequestTime { .. } => {
                Problem::unauthorised(text).with_remedy("GET /v1/auth/nonce, sign, POST /v1/auth/login")
            }
            // what existing clients expect of a header that is refused
            Self::LegacyOff | Self::Legacy(_) | Self::NoRole { .. } | Self::TooLow { .. } => Problem::forbidden(text),
            Self::TooMany { seconds } => Problem::too_many(*seconds),
            Self::Unavailable => Problem::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, "LOGINS_UNAVAILABLE", text)
                .with_remedy("try again; the service's log says what failed")
                .with_retry_after(1),
        }
    }
}

impl From<AccessError> for Refusal {
    fn from(error: AccessError) -> Self {
        tracing::error!(%error, "logins cannot be checked");
        Self::Unavailable
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let challenge = problem.status() == axum::http::StatusCode::UNAUTHORIZED;
        let mut response = problem.into_response();
        if challenge {
            let scheme = HeaderValue::from_static("Bearer realm=\"maci-coordinator\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
