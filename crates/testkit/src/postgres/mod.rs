//! A real PostgreSQL server of our own: started from the machine's programs, gone with the test that wanted it.
//!
//! - `programs`  where they are, and as whom they run
//! - `server`    the server, shared by the tests of one process; each takes a database of its own

mod programs;
mod server;

pub use server::{Postgres, PostgresError};
