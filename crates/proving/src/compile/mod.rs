//! Compiles circuits with circom2 from npm, once for each content of their sources.
//!
//! - `templates`   which templates there are: `templates.json` of the circuits folder
//! - `sources`     the main component of a circuit and everything it includes
//! - `compiler`    runs circom2 and keeps what it made
mod compiler;
mod error;
mod sources;
mod templates;

pub use compiler::{Compiled, Compiler, Optimisation};
pub use error::CompileError;
pub use templates::{Template, Templates};
