//! Prints the time of each operation, in nanoseconds on one core: `cargo run -p maci-crypto --example timings`.

use maci_crypto::curve::Point;
use maci_crypto::keys::PrivateKey;
use maci_crypto::poseidon::{hash1, hash2, hash3, hash4, hash5, hash12};
use maci_crypto::trees::{Arity, IncrementalTree};
use maci_crypto::{Fr, Rules, cipher, ecdh, eddsa};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Each operation is repeated for about this long, several times, and the best time counts.
const SPAN: Duration = Duration::from_millis(3);
const REPEATS: usize = 40;

fn time<T>(name: &str, mut operation: impl FnMut() -> T) {
    black_box(operation());
    let mut best = f64::INFINITY;
    for _ in 0..REPEATS {
        let start = Instant::now();
        let mut count = 0u32;
        while start.elapsed() < SPAN {
            for _ in 0..8 {
                black_box(operation());
            }
            count += 8;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / f64::from(count));
    }
    println!("{name:<44} {best:>12.0} ns");
}

fn main() {
    let [a, b, c, d, e] = [1u64, 2, 3, 4, 5].map(|n| -Fr::from(n));
    let start = Instant::now();
    black_box((
        hash1(a),
        hash2(a, b),
        hash3(a, b, c),
        hash4(&[a, b, c, d]),
        hash5(&[a, b, c, d, e]),
    ));
    println!(
        "{:<44} {:>12} ns",
        "Poseidon parameters, all widths, once",
        start.elapsed().as_nanos()
    );

    time("field multiplication", || black_box(a) * black_box(b));
    time("hash1", || hash1(black_box(a)));
    time("hash2", || hash2(black_box(a), b));
    time("hash3", || hash3(black_box(a), b, c));
    time("hash4", || hash4(black_box(&[a, b, c, d])));
    time("hash5", || hash5(black_box(&[a, b, c, d, e])));
    time("hash12", || hash12(black_box(&[a, b, c, d, e, a, b, c, d, e, a, b])));

    let key = PrivateKey::from_seed([7; 32]);
    let scalar = key.secret_scalar();
    let public_key = key.public_key().point();
    let signature = eddsa::sign(&key, a);
    time("public key of a seed", || black_box(&key).public_key());
    time("ECDH", || ecdh::shared_key(&scalar, black_box(&public_key)));
    time("ECDH, circuit's", || {
        ecdh::circuit_shared_key(Rules::Release, &scalar, black_box(&public_key))
    });
    let off_curve = Point::new(a, b);
    time("ECDH, circuit's, off the curve", || {
        ecdh::circuit_shared_key(Rules::Release, &scalar, black_box(&off_curve))
    });
    time("sign", || eddsa::sign(&key, black_box(a)));
    time("verify", || eddsa::verify(black_box(&public_key), a, &signature));
    time("verify, circuit's", || {
        eddsa::circuit_verdict(Rules::Release, black_box(&public_key), a, &signature)
    });

    let plaintext = [a, b, c, d, e, a, b];
    let ciphertext = cipher::encrypt(&plaintext, &public_key, 0);
    time("decrypt a message", || {
        cipher::decrypt_unchecked(black_box(&ciphertext), &public_key, 0, 7)
    });

    let mut states = IncrementalTree::new(Arity::Binary, 14, a).unwrap_or_else(|error| panic!("{error}"));
    time("update of a binary tree of depth 14", || {
        states.update(black_box(4321), b)
    });
    let mut votes = IncrementalTree::new(Arity::Quinary, 3, a).unwrap_or_else(|error| panic!("{error}"));
    time("update of a quinary tree of depth 3", || votes.update(black_box(77), b));
}
