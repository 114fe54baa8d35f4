use std::sync::Arc;
use std::time::Duration;

use alloy::transports::TransportErrorKind;
use maci_protocol::ids::EthAddress;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::recover::mined_count;
use crate::rpc::{Rpc, RpcError};

/// How many transactions of a sender are mined, asked once for all who wait to hear it at the same time.
#[derive(Debug, Default)]
pub(super) struct MinedCount(Mutex<Option<Heard>>);

/// What a node said, or why none did.
#[derive(Debug)]
struct Heard {
    /// When it was asked: what was mined by then is in the count.
    asked: Instant,
    count: Result<u64, Arc<str>>,
}

impl MinedCount {
    /// The number as a node said it no longer ago than `age`.
    ///
    /// # Errors
    /// When the chain cannot be asked; all who waited for that answer hear so.
    pub(super) async fn heard_within(&self, age: Duration, rpc: &Rpc, sender: EthAddress) -> Result<u64, RpcError> {
        let called = Instant::now();
        let mut heard = self.0.lock().await;
        if let Some(Heard { asked, count }) = &*heard {
            match count {
                Ok(count) if asked.elapsed() < age => return Ok(*count),
                // it failed while we waited for it
                Err(words) if *asked >= called => return Err(failed(words)),
                Ok(_) | Err(_) => {}
            }
        }
        let asked = Instant::now();
        let count = mined_count(rpc, sender).await;
        *heard = Some(Heard {
            asked,
            count: count.as_ref().copied().map_err(|error| error.to_string().into()),
        });
        count
    }
}

fn failed(words: &str) -> RpcError {
    RpcError::doing("reading the sender's nonce")(TransportErrorKind::custom_str(words))
}
