//! Who is calling: one answer for REST, Socket.IO and whatever else serves.
//!
//! Three ways to show who one is, and no fourth:
//!
//! 1. **Sign-In with Ethereum** (EIP-4361): `GET /v1/auth/nonce`, sign, `POST /v1/auth/login`, then
//!    `Authorization: Bearer maci_…` until the token ends.
//! 2. **A signature per request** (EIP-712) for machines: the headers of [`headers`].
//! 3. **The existing service's header**, if the operator switched it on, for messages the operator listed.
//!
//! - `settings`       who may what, which names and chains a login may carry, how long it lasts
//! - `roles`          addresses and their roles
//! - `credentials`    what a request presents
//! - `authenticator`  whether that is true, and who it is
//! - `login`          the rules of a Sign-In with Ethereum message
//! - `signed`         the rules of a signed request
//! - `legacy`         the rules of the old header
//! - `door`           the one layer every request passes: who, how often, may they
//! - `pending`        a deed that is recorded whoever leaves
//! - `policy`         which requests need which role
//! - `caller`         what handlers see
//! - `guest`          what sockets see
//! - `refusal`        why somebody is not let in
//! - `routes`         nonce, login, logout, me, audit

mod authenticator;
mod caller;
mod credentials;
mod door;
mod guest;
pub mod headers;
mod legacy;
mod login;
mod pending;
mod policy;
mod refusal;
mod roles;
mod routes;
mod settings;
mod signed;

pub use authenticator::Authenticator;
pub use caller::{Caller, Way};
pub use door::Door;
pub use guest::Guest;
pub use policy::needed_role;
pub use refusal::Refusal;
pub use roles::Roles;
pub use routes::routes;
pub use settings::{AuthSettings, LegacySettings};
