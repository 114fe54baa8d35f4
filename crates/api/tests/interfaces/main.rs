//! The interfaces as clients meet them: the whole router over a real service with a store of its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod compatible;
mod described;
mod followed;
mod fuzzed;
mod gateway;
mod refused;
mod repeated;
mod round;
mod sending;
mod served;
mod socketio;
