//! How much, how often and from where: what keeps one caller from taking the service away from the others.
//!
//! Bodies, times and slow connections are bounded by the server; here is what depends on who calls.
//!
//! - `settings`  the numbers, with the existing service's `TTL` and `LIMIT`
//! - `budget`    how many requests a caller has left
//! - `client`    a client's address, seen through proxies that are trusted
//! - `origins`   which pages may call from a browser, over HTTP and sockets
//! - `headers`   what tells browsers to be careful

mod budget;
mod client;
mod headers;
mod origins;
mod settings;

pub use budget::{Budgets, Key, Spending, Wait};
pub use client::{BadNetwork, ClientAddress, Network};
pub use headers::secure;
pub use origins::{AllowedOrigins, BadOrigin, cross_origin, refuse_foreign_sockets};
pub use settings::{LimitSettings, Rate};
