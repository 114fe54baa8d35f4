//! Who is let in, and who is not: the door as clients meet it, over a real store and a clock that tests move.

#![expect(clippy::unwrap_used, reason = "a test may panic anywhere")]

mod guarded;
mod legacy;
mod limits;
mod logins;
mod record;
mod requests;
mod sockets;
mod venue;
