//! What is to begin at a time.
//!
//! - `row`   an entry as it is stored
//! - `plan`  making entries and moving them on
//! - `read`  what is due, and lists

mod plan;
mod read;
mod row;

pub use plan::{Created, NewSchedule, ScheduleChange};
pub use read::ScheduleFilter;
pub use row::{ScheduleRow, ScheduleState};

use super::Db;

/// The turn in which entries are made and moved on.
const TURN: &str = "schedules";

/// The schedule.
#[derive(Debug, Clone)]
pub struct Schedules {
    db: Db,
}

impl Schedules {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}
