//! What an operator watches: figures in Prometheus's text form.
//!
//! Code anywhere counts through the `metrics` facade under the names listed in [`names`]; what is a state rather than
//! an event (jobs, heads, balances, memory) is looked up when somebody asks.
//!
//! - `names`      every figure, what it means, and its unit
//! - `recorder`   where counts are kept, and how they are written down
//! - `requests`   requests counted and timed by route
//! - `process`    memory, files, processor time of this process

pub mod names;
mod process;
mod recorder;
mod requests;

pub use recorder::{CONTENT_TYPE, Metrics};
pub use requests::count_requests;
