//! The routes: each decodes, calls the service, encodes.
//!
//! - `extract`   what routes take of a request

mod extract;
