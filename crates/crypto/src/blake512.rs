//! BLAKE-512 as submitted to the SHA-3 competition's final round (16 rounds, no salt).
//!
//! It is *not* BLAKE2b. MACI derives secret scalars and signature nonces from it (protocol sections 2 and 5).
//! Reference: J.-P. Aumasson, L. Henzen, W. Meier, R. C.-W. Phan, "SHA-3 proposal BLAKE", version 1.3.

use zeroize::Zeroize;

const BLOCK_BYTES: usize = 128;
const LENGTH_BYTES: usize = 16;
const ROUNDS: usize = 16;

/// The initial value, shared with SHA-512.
const INITIAL: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// The first digits of pi.
const PI: [u64; 16] = [
    0x243f_6a88_85a3_08d3,
    0x1319_8a2e_0370_7344,
    0xa409_3822_299f_31d0,
    0x082e_fa98_ec4e_6c89,
    0x4528_21e6_38d0_1377,
    0xbe54_66cf_34e9_0c6c,
    0xc0ac_29b7_c97c_50dd,
    0x3f84_d5b5_b547_0917,
    0x9216_d5d9_8979_fb1b,
    0xd131_0ba6_98df_b5ac,
    0x2ffd_72db_d01a_dfb7,
    0xb8e1_afed_6a26_7e96,
    0xba7c_9045_f12c_7f99,
    0x24a1_9947_b391_6cf7,
    0x0801_f2e2_858e_fc16,
    0x6369_20d8_7157_4e69,
];

/// Message schedules; round r uses number r mod 10.
const SCHEDULES: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

/// The state words each of a round's eight mixings touches: four columns, then four diagonals.
const LANES: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// The 64-byte digest of `message`. Copies of the message made on the way are erased.
#[must_use]
pub fn digest(message: &[u8]) -> [u8; 64] {
    let mut padded = pad(message);
    let mut chain = INITIAL;
    for (index, block) in padded.chunks_exact(BLOCK_BYTES).enumerate() {
        compress(&mut chain, block, hashed_bits(message.len(), index));
    }
    padded.zeroize();

    let mut out = [0; 64];
    for (bytes, word) in out.chunks_exact_mut(8).zip(chain) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    out
}

/// Message bits up to the end of block `index`; 0 for a block that holds padding only.
fn hashed_bits(message_bytes: usize, index: usize) -> u128 {
    let start = index * BLOCK_BYTES;
    if start >= message_bytes && index > 0 {
        return 0;
    }
    8 * message_bytes.min(start + BLOCK_BYTES) as u128
}

/// Appends a one bit, zeros, a one bit and the length in bits, up to whole blocks.
fn pad(message: &[u8]) -> Vec<u8> {
    let blocks = (message.len() + 1 + LENGTH_BYTES).div_ceil(BLOCK_BYTES);
    let length_at = blocks * BLOCK_BYTES - LENGTH_BYTES;
    let mut padded = Vec::with_capacity(blocks * BLOCK_BYTES);
    padded.extend_from_slice(message);
    padded.push(0x80);
    padded.resize(length_at, 0);
    if let Some(last) = padded.last_mut() {
        *last |= 1;
    }
    padded.extend_from_slice(&(8 * message.len() as u128).to_be_bytes());
    padded
}

#[expect(
    clippy::indexing_slicing,
    reason = "indices come from the tables above, all below 16"
)]
fn compress(chain: &mut [u64; 8], block: &[u8], bits: u128) {
    let mut words = [0u64; 16];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(8)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }

    let mut state = [0u64; 16];
    let (upper, lower) = state.split_at_mut(8);
    upper.copy_from_slice(chain);
    lower.copy_from_slice(&PI[..8]);
    let (low, high) = (bits as u64, (bits >> 64) as u64);
    for (word, count) in lower[4..].iter_mut().zip([low, low, high, high]) {
        *word ^= count;
    }

    for schedule in SCHEDULES.iter().cycle().take(ROUNDS) {
        for (lane, pair) in LANES.iter().zip(schedule.chunks_exact(2)) {
            let (first, second) = (pair[0], pair[1]);
            mix(&mut state, lane, words[first] ^ PI[second], words[second] ^ PI[first]);
        }
    }
    for (index, word) in chain.iter_mut().enumerate() {
        *word ^= state[index] ^ state[index + 8];
    }
    words.zeroize();
    state.zeroize();
}

#[expect(clippy::indexing_slicing, reason = "lanes hold numbers below 16")]
fn mix(state: &mut [u64; 16], &[a, b, c, d]: &[usize; 4], first: u64, second: u64) {
    state[a] = state[a].wrapping_add(state[b]).wrapping_add(first);
    state[d] = (state[d] ^ state[a]).rotate_right(32);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_right(25);
    state[a] = state[a].wrapping_add(state[b]).wrapping_add(second);
    state[d] = (state[d] ^ state[a]).rotate_right(16);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_right(11);
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn one_zero_byte_has_the_digest_of_the_submission() {
        assert_eq!(
            hex(&digest(&[0])),
            "97961587f6d970faba6d2478045de6d1fabd09b61ae50932054d52bc29d31be4\
             ff9102b9f69e2bbdb83be13d4b9c06091e5fa0b48bd081b634058be0ec49beb3"
        );
    }

    #[test]
    fn one_hundred_and_forty_four_zero_bytes_have_the_digest_of_the_submission() {
        assert_eq!(
            hex(&digest(&[0; 144])),
            "313717d608e9cf758dcb1eb0f0c3cf9fc150b2d500fb33f51c52afc99d358a2f\
             1374b8a38bba7974e7f6ef79cab16f22ce1e649d6e01ad9589c213045d545dde"
        );
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
