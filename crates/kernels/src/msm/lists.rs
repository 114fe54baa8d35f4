//! One window's entries, sorted into lists by digit.

use super::digits::Digits;

/// For each half and digit size, which points go into that bucket.
///
/// List `half·buckets + size - 1` holds the entries with digit `±size` in that half.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    /// Buckets of one half: `2^(width-1)`.
    pub(crate) buckets: usize,
    /// Where each list begins in `entries`, and where the last one ends.
    pub(crate) starts: Vec<u32>,
    /// The entries of all lists.
    pub(crate) entries: Vec<Entry>,
}

/// A point's index and whether it is subtracted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry(u32);

impl Entry {
    pub(crate) fn new(index: usize, subtract: bool) -> Self {
        Self((index as u32) << 1 | u32::from(subtract))
    }

    #[inline(always)]
    pub(crate) fn index(self) -> usize {
        (self.0 >> 1) as usize
    }

    /// One if the point is subtracted, else zero.
    #[inline(always)]
    pub(crate) fn sign(self) -> u8 {
        (self.0 & 1) as u8
    }
}

impl Lists {
    /// Sorts the digits of a window by counting them.
    pub(crate) fn new(digits: &Digits, window: usize) -> Self {
        let buckets = 1 << (digits.width() - 1);
        let mut starts = vec![0u32; 2 * buckets + 1];
        for (half, _, digits) in digits.window(window) {
            let counts = &mut starts[half * buckets..(half + 1) * buckets];
            for digit in digits {
                if *digit != 0 {
                    counts[usize::from(digit.unsigned_abs()) - 1] += 1;
                }
            }
        }
        let total = turn_counts_into_starts(&mut starts);
        let mut next = starts.clone();
        let mut entries = vec![Entry::default(); total];
        for (half, first, digits) in digits.window(window) {
            let next = &mut next[half * buckets..(half + 1) * buckets];
            for (i, digit) in digits.iter().enumerate() {
                if *digit != 0 {
                    let place = &mut next[usize::from(digit.unsigned_abs()) - 1];
                    entries[*place as usize] = Entry::new(first + i, *digit < 0);
                    *place += 1;
                }
            }
        }
        Self {
            buckets,
            starts,
            entries,
        }
    }
}

/// Replaces counts by the running sum before them; gives the total.
pub(crate) fn turn_counts_into_starts(counts: &mut [u32]) -> usize {
    let mut total = 0;
    for count in counts {
        let here = *count;
        *count = total;
        total += here;
    }
    total as usize
}
