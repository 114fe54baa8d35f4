use std::collections::{BTreeMap, BTreeSet};

use maci_protocol::ids::{PollRef, StateIndex};
use maci_protocol::time::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::super::column::{exactly, poll_key, signed, unsigned};
use super::message::RelayedContent;
use super::{Relay, commit};
use crate::error::StoreError;

const DOING: &str = "keeping relayed messages";

/// Rows that one statement asks about or writes. Few sizes, so that statements are prepared once.
const SIZES: [usize; 3] = [64, 8, 1];

/// Messages that came in one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelayed {
    /// For which poll.
    pub poll: PollRef,
    /// With whose proof.
    pub state_index: StateIndex,
    /// In which order; all are taken, or none.
    pub messages: Vec<RelayedContent>,
    /// When.
    pub taken_at: Timestamp,
    /// By when they are to be on chain.
    pub promised_by: Timestamp,
}

/// What became of a request's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// They are kept, the first at this place in the poll's order.
    At(u64),
    /// None was kept: this one of them, counted from 0, was taken before.
    Duplicate(usize),
}

/// What a poll has, and what it is given now.
struct Shelf {
    key: String,
    known: BTreeSet<[u8; 32]>,
    next: i64,
}

/// A message that is to be written.
struct Row<'a> {
    place: i64,
    request: &'a NewRelayed,
    message: &'a RelayedContent,
}

impl Relay {
    /// Keeps the messages of several requests, in order. Once this answers they survive everything that the database
    /// survives. Statements are about many messages each: what a message costs does not depend on how many requests
    /// they came in.
    ///
    /// # Errors
    /// When the database fails; then none of them is kept.
    pub async fn take(&self, requests: &[NewRelayed]) -> Result<Vec<Taken>, StoreError> {
        let mut by_poll: BTreeMap<PollRef, Vec<(usize, &NewRelayed)>> = BTreeMap::new();
        for (number, request) in requests.iter().enumerate() {
            by_poll.entry(request.poll).or_default().push((number, request));
        }
        let mut taken = vec![Taken::Duplicate(0); requests.len()];
        let mut work = self.db.writing("relay", DOING).await?;
        for (poll, requests) in by_poll {
            let mut shelf = Shelf::open(&mut work, &poll, &requests).await?;
            let mut rows = Vec::new();
            for (number, request) in requests {
                if let Some(place) = taken.get_mut(number) {
                    *place = shelf.put(request, &mut rows)?;
                }
            }
            shelf.write(&mut work, &rows).await?;
        }
        commit(work, DOING).await?;
        Ok(taken)
    }
}

impl Shelf {
    /// Looks which of the messages the poll has already, and where its next one goes.
    async fn open(
        database: &mut AnyConnection,
        poll: &PollRef,
        requests: &[(usize, &NewRelayed)],
    ) -> Result<Self, StoreError> {
        let key = poll_key(poll);
        let messages = requests.iter().flat_map(|(_, request)| &request.messages);
        let hashes: Vec<&[u8; 32]> = messages.map(|message| &message.hash).collect();
        let mut known = BTreeSet::new();
        for part in parts(&hashes) {
            let places: Vec<String> = (2..part.len() + 2).map(|number| format!("${number}")).collect();
            let places = places.join(", ");
            let asked = format!("SELECT hash FROM relayed_messages WHERE poll = $1 AND hash IN ({places})");
            // nothing but numbers of places is put into the text
            let mut query = sqlx::query_scalar(AssertSqlSafe(asked)).bind(&key);
            for hash in part {
                query = query.bind(hash.to_vec());
            }
            let found: Vec<Vec<u8>> = query
                .fetch_all(&mut *database)
                .await
                .map_err(StoreError::database(DOING))?;
            for hash in &found {
                known.insert(exactly("a message's hash", hash)?);
            }
        }
        let next: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(place), -1) + 1 FROM relayed_messages WHERE poll = $1")
            .bind(&key)
            .fetch_one(&mut *database)
            .await
            .map_err(StoreError::database(DOING))?;
        Ok(Self { key, known, next })
    }

    /// Gives a request's messages their places, unless one of them is known.
    fn put<'a>(&mut self, request: &'a NewRelayed, rows: &mut Vec<Row<'a>>) -> Result<Taken, StoreError> {
        let mut own = BTreeSet::new();
        for (number, message) in request.messages.iter().enumerate() {
            if self.known.contains(&message.hash) || !own.insert(message.hash) {
                return Ok(Taken::Duplicate(number));
            }
        }
        let first = unsigned("a message's place", self.next)?;
        for message in &request.messages {
            rows.push(Row {
                place: self.next,
                request,
                message,
            });
            self.next += 1;
        }
        self.known.append(&mut own);
        Ok(Taken::At(first))
    }

    async fn write(&self, database: &mut AnyConnection, rows: &[Row<'_>]) -> Result<(), StoreError> {
        for part in parts(rows) {
            let row = |number: usize| {
                let places: Vec<String> = (1..=7).map(|column| format!("${}", number * 7 + column)).collect();
                format!("({})", places.join(", "))
            };
            let values: Vec<String> = (0..part.len()).map(row).collect();
            let written = format!(
                "INSERT INTO relayed_messages (poll, place, hash, state_index, content, taken_at, promised_by) VALUES {}",
                values.join(", ")
            );
            // nothing but numbers of places is put into the text
            let mut query = sqlx::query(AssertSqlSafe(written));
            for Row {
                place,
                request,
                message,
            } in part
            {
                query = query
                    .bind(&self.key)
                    .bind(*place)
                    .bind(message.hash.to_vec())
                    .bind(signed("state index", request.state_index.0)?)
                    .bind(message.content.to_vec())
                    .bind(request.taken_at.0)
                    .bind(request.promised_by.0);
            }
            query
                .execute(&mut *database)
                .await
                .map_err(StoreError::database(DOING))?;
        }
        Ok(())
    }
}

/// A list in parts of as few sizes as possible, the largest first.
fn parts<T>(mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= list.len())?;
        let (part, rest) = list.split_at(size);
        list = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_is_cut_into_few_sizes_and_nothing_is_left() {
        for length in [0, 1, 7, 8, 63, 64, 75, 200] {
            let list: Vec<usize> = (0..length).collect();
            let cut: Vec<&[usize]> = parts(&list).collect();
            assert!(cut.iter().all(|part| SIZES.contains(&part.len())));
            assert_eq!(cut.concat(), list);
        }
    }
}
