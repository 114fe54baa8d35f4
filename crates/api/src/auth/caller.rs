use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use maci_coordinator_core::access::TokenDigest;
use maci_coordinator_core::actor::{Actor, Role};
use maci_protocol::ids::EthAddress;
use maci_protocol::time::Timestamp;

use super::refusal::Refusal;

/// Somebody who has shown who they are. Only the authenticator makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub(super) actor: Actor,
    pub(super) address: EthAddress,
    pub(super) way: Way,
    pub(super) expires: Timestamp,
}

/// How somebody showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With the token of a login.
    Token(TokenDigest),
    /// By signing the request.
    Signature,
    /// With the existing service's header.
    Legacy,
}

/// What the door found out about a request.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    Nobody,
    Known(Caller),
    Refused(Refusal),
}

impl Caller {
    /// Who, and in which role.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The account.
    #[must_use]
    pub fn address(&self) -> EthAddress {
        self.address
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.actor.role
    }

    /// How they showed who they are.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// When that ends.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Lets pass who has this role or a higher one.
    ///
    /// # Errors
    /// [`Refusal::TooLow`] otherwise.
    pub fn at_least(&self, needed: Role) -> Result<(), Refusal> {
        if self.actor.may(needed) {
            return Ok(());
        }
        Err(Refusal::TooLow {
            address: self.address,
            role: self.actor.role,
            needed,
        })
    }
}

impl Identity {
    pub(super) fn caller(&self) -> Result<&Caller, Refusal> {
        match self {
            Self::Nobody => Err(Refusal::Anonymous),
            Self::Known(caller) => Ok(caller),
            Self::Refused(refusal) => Err(refusal.clone()),
        }
    }
}

/// A handler that takes a `Caller` is called by nobody else.
impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        // without a door nobody is known
        let identity = parts.extensions.get::<Identity>().unwrap_or(&Identity::Nobody);
        identity.caller().cloned()
    }
}

/// A handler that takes an `Option<Caller>` is called by everybody.
impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Refusal> {
        Ok(parts
            .extensions
            .get::<Identity>()
            .and_then(|identity| identity.caller().ok())
            .cloned())
    }
}
