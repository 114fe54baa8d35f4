use std::fmt;

use bytes::Bytes;
use cid::Cid;
use futures::future::BoxFuture;

use super::Miss;

/// Somebody who may have blocks and is asked by other means than HTTP. Nothing that it gives is believed before it is
/// hashed, and it is not waited for longer than for others.
pub trait Neighbour: fmt::Debug + Send + Sync {
    /// What it is called in logs and errors.
    fn name(&self) -> &str;

    /// Asks it for a block.
    fn ask<'a>(&'a self, cid: &'a Cid) -> BoxFuture<'a, Result<Bytes, Miss>>;
}
