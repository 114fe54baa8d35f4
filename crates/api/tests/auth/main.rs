//! Who is let in, and who is not: the door as clients meet it, over a real store and a clock that tests move.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod guarded;
mod legacy;
mod limits;
mod logins;
mod record;
mod requests;
mod sockets;
mod venue;
