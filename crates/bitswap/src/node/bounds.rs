use std::time::Duration;

/// The largest block that is sent or taken, in bytes: what other nodes agree on.
pub(super) const LARGEST_BLOCK: usize = 2 << 20;

/// The largest message from somebody who was asked, in bytes: others send blocks together.
pub(super) const FROM_ASKED: usize = (4 << 20) + (64 << 10);

/// The largest message from anybody else, in bytes: a list of wants.
pub(super) const FROM_STRANGERS: usize = 256 << 10;

/// Blocks are put together into messages of about so many bytes.
pub(super) const FULL: usize = 512 << 10;

/// Streams of one peer that are read at the same time.
pub(super) const READ_AT_ONCE: usize = 4;

/// Streams of one peer that wait for that beside; more are dropped. Helia opens 50 at most.
pub(super) const STREAMS: usize = 64;

/// Streams of all peers that are read or wait for it; more are dropped. Each may hold 256 KiB that nobody has read.
pub(super) const ALL_STREAMS: usize = 512;

/// Streams of one connection that have not said yet what they speak.
pub(super) const UNSPOKEN: usize = 32;

/// Blocks that are asked for at the same time, of all peers together.
pub(super) const ASKED_AT_ONCE: usize = 64;

/// Blocks once asked of a peer that are remembered, so that one that comes late is no lie.
pub(super) const REMEMBERED: usize = 1024;

/// Orders to the driver that wait.
pub(super) const ORDERS: usize = 256;

/// A stream or connection on which nothing is said for so long is closed.
pub(super) const SILENCE: Duration = Duration::from_secs(60);

/// Time to open a stream, or to write a message on it.
pub(super) const WRITING: Duration = Duration::from_secs(30);

/// Time for addresses to be listened on.
pub(super) const STARTING: Duration = Duration::from_secs(10);

/// Time for a new connection until it is known who is there.
pub(super) const SHAKING_HANDS: Duration = Duration::from_secs(10);
