//! The commands, one file each: decode, call, show.

mod ceremony;
mod circuits;
mod deploy;
mod described;
mod doctor;
mod finalise;
mod keys;
mod poll;
mod publication;
mod relay;
mod senders;
mod serve;
mod sources;
mod verify;
mod voter;

pub(crate) use circuits::circuits;
pub(crate) use deploy::deploy;
pub(crate) use doctor::doctor;
pub(crate) use finalise::finalise;
pub(crate) use keys::keys;
pub(crate) use poll::poll;
pub(crate) use publication::publication;
pub(crate) use relay::relay;
pub(crate) use senders::senders;
pub(crate) use serve::serve;
pub(crate) use verify::verify;
pub(crate) use voter::voter;
