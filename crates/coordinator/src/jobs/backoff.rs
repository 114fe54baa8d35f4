use std::time::Duration;

use maci_protocol::time::Timestamp;

use super::JobId;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(600);

/// When to try again after so many failures in a row: twice as long after each, at most ten minutes, and up to a quarter
/// more or less, so that what failed together is not repeated together. The clock and the job's id stand for chance.
pub(super) fn next_attempt(job: JobId, failures: u32, now: Timestamp) -> Timestamp {
    let doubled = FIRST.saturating_mul(1u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    let wait = doubled.min(LONGEST);
    let seed = job.0.as_u64_pair().1 ^ now.0.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let percent = 75 + u32::try_from((seed >> 32) % 51).unwrap_or(25);
    now.after(wait.saturating_mul(percent) / 100)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn waits_double_up_to_ten_minutes_and_differ_by_at_most_a_quarter() {
        let job = JobId(Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0));
        for now in [Timestamp(0), Timestamp(1_700_000_000_123)] {
            for (failures, seconds) in [
                (1, 1),
                (2, 2),
                (5, 16),
                (10, 512),
                (11, 600),
                (40, 600),
                (u32::MAX, 600),
            ] {
                let wait = now.until(next_attempt(job, failures, now)).as_millis();
                assert!((seconds * 750..=seconds * 1250).contains(&wait), "{failures}: {wait}");
            }
        }
    }
}
