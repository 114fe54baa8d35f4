//! Votes without gas, as voters and operators meet them: our binary, a real chain, official clients, HTTP.
//!
//! - `booth`      a service that relays, a poll that names it, and voters who have joined
//! - `rounds`     a round of relayed votes alone, up to its check on another machine
//! - `kills`      killed at random under load, no vote that has a receipt is lost
//! - `refusals`   what is not taken, with field and reason, and floods of it
mod booth;
mod kills;
mod refusals;
mod rounds;
