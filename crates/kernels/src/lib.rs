//! Groth16 over BN254 on CPUs, as fast as the machine allows.
//!
//! Three things cost time in a Groth16 proof: sums of many curve points times scalars, transforms between
//! values and coefficients of polynomials, and the products of sparse matrices with the witness. This crate
//! does these three and puts them together into [`groth16::prove`]. It reads no files, draws no random
//! numbers and starts no threads of its own: work is split with `rayon`, in the pool the caller has installed.
//!
//! Every algorithm is written once, over *eight field elements at a time*, and runs on one of two
//! [`Backend`]s: portable 64-bit arithmetic, or the AVX-512 IFMA instructions of recent x86 servers, chosen
//! when a key is built.
//!
//! - [`groth16`]  the proving key in flat form, and the prover: start here
//! - `msm`        sums of points times scalars: signed digits, buckets, batches of affine additions
//! - `fft`        from values on a domain to values on its coset, for the quotient polynomial
//! - `lanes`      what "eight field elements" can do, and the portable way to do it
//! - `ifma`       the same with AVX-512 IFMA
//! - `field`      single elements: Montgomery products, inverses, sums of products
//!
//! It is *not* constant-time and makes no attempt to be: a prover's running time may depend on the witness.

mod backend;
mod curve;
mod fft;
mod field;
pub mod groth16;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod lanes;
pub mod measure;
mod msm;

pub use backend::{Backend, BackendMissing};
