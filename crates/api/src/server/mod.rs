//! The listener: HTTP and HTTPS, limits against slow and greedy clients, certificates, and an orderly stop.
//!
//! It serves whatever router it is given and knows nothing about what the routes do. Start reading at [`Server`].
//!
//! - `settings`       where to listen, with which certificates, within which limits
//! - `run`            bind, serve, stop
//! - `guard`          a connection on its way in: a place for it, its handshake in time
//! - `patient`        a connection that is closed when its client stalls
//! - `arrival`        a request's body that has to arrive in time
//! - `certificates`   certificate files, and their reload
//! - `acme`           certificates from an ACME authority
//! - `error`          what keeps the server from listening

mod acme;
mod arrival;
mod certificates;
mod error;
mod guard;
mod patient;
mod run;
mod settings;

pub use error::ServerError;
pub use run::{Control, Server};
pub use settings::{AcmeSettings, CertificateFiles, Limits, ServerSettings, Tls};
