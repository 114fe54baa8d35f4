/// How a poll's waiting messages may be split into batches, if nothing else is published before them: as many lengths as
/// cover `waiting` messages, in order.
///
/// The contract counts a whole batch before it looks for ends of the circuit's batches of `batch_size` (quirk Q-15). A batch
/// of relayed messages therefore ends before the next such end, or is a single message, which is counted rightly anywhere.
///
/// `messages` is what the poll has before, the placeholder included.
#[must_use]
pub fn safe_lengths(messages: u64, batch_size: u8, waiting: usize) -> Vec<usize> {
    let size = u64::from(batch_size.max(1));
    let (mut beyond, mut left, mut lengths) = (messages % size, waiting as u64, Vec::new());
    while left > 0 {
        let room = size - 1 - beyond;
        let length = room.clamp(1, left.max(1)).min(left);
        lengths.push(usize::try_from(length).unwrap_or(1));
        beyond = (beyond + length) % size;
        left -= length;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the contract does with a batch: the count first, then for every message the look for an end.
    fn contract(count: &mut u64, size: u64, length: usize) -> usize {
        *count += length as u64;
        if count.is_multiple_of(size) { length } else { 0 }
    }

    #[test]
    fn the_examples_of_the_protocol_hold() {
        assert_eq!(safe_lengths(1, 5, 4), [3, 1]);
        assert_eq!(safe_lengths(1, 20, 40), [18, 1, 19, 1, 1]);
        assert_eq!(safe_lengths(4, 5, 3), [1, 2]);
        assert_eq!(safe_lengths(7, 1, 3), [1, 1, 1]);
        assert!(safe_lengths(3, 5, 0).is_empty());
    }

    #[test]
    fn no_split_makes_the_contract_note_an_end_where_there_is_none_or_miss_one() {
        for size in 1..=25u8 {
            for start in 0..60u64 {
                for waiting in 0..70usize {
                    let lengths = safe_lengths(start, size, waiting);
                    assert_eq!(lengths.iter().sum::<usize>(), waiting);
                    let (mut count, mut noted) = (start, 0);
                    for length in lengths {
                        noted += contract(&mut count, size.into(), length);
                    }
                    let ends = count / u64::from(size) - start / u64::from(size);
                    assert_eq!(noted as u64, ends, "{waiting} after {start} by {size}");
                }
            }
        }
    }
}
