//! A made-up circuit with the sizes and densities of upstream's `MessageProcessorQv_10-20-2`.

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::UniformRand;
use ark_groth16::VerifyingKey;
use ark_std::Zero;
use maci_kernels::groth16::{Coefficient, KeyHeader, KeySource, Matrix};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use taceo_groth16::{CircomReduction, ConstraintMatrices, Groth16};

const WIRES: usize = 519_941;
const PUBLIC: usize = 9;
const CONSTRAINTS: usize = 522_493;
const DOMAIN: usize = 1 << 19;
const ZERO_A: usize = 23_141;
const ZERO_B: usize = 174_512;
const BITS: usize = 111_843;
const SHORT: usize = 2_090;
const ENTRIES_A: usize = 1_525_449;
const ENTRIES_B: usize = 2_063_375;

/// Rows of (coefficient, wire).
type Rows = Vec<Vec<(Fr, usize)>>;

/// The circuit, its key and a witness.
pub(crate) struct Synthetic {
    witness: Vec<Fr>,
    a: Vec<G1Affine>,
    b: Vec<G2Affine>,
    l: Vec<G1Affine>,
    h: Vec<G1Affine>,
    rows: [Rows; 2],
}

/// Different points of G1.
pub(crate) fn g1_points(count: usize) -> Vec<G1Affine> {
    let step: G1Projective = G1Affine::generator() * Fr::from(0x1234_5678_9abc_def1u64);
    points(step, count)
}

/// Different points of G2.
pub(crate) fn g2_points(count: usize) -> Vec<G2Affine> {
    let step: G2Projective = G2Affine::generator() * Fr::from(0x1fed_cba9_8765_4321u64);
    points(step, count)
}

fn points<P: CurveGroup>(step: P, count: usize) -> Vec<P::Affine> {
    let affine = step.into_affine();
    let mut sum = step;
    let all: Vec<P> = (0..count)
        .map(|_| {
            sum += affine;
            sum
        })
        .collect();
    P::normalize_batch(&all)
}

impl Synthetic {
    pub(crate) fn new() -> Self {
        let mut rng = StdRng::seed_from_u64(4);
        let mut witness = vec![Fr::from(1u64)];
        witness.extend((1..WIRES).map(|_| match rng.gen_range(0..WIRES) {
            x if x < BITS => Fr::from(rng.r#gen::<bool>()),
            x if x < BITS + SHORT => Fr::from(rng.r#gen::<u64>()),
            _ => Fr::rand(&mut rng),
        }));
        let constants: Vec<Fr> = (0..2000)
            .map(|i| {
                if i % 3 == 0 {
                    -Fr::from(1u64)
                } else {
                    Fr::rand(&mut rng)
                }
            })
            .collect();
        let mut rows = |entries: usize| -> Rows {
            let mut rows = vec![Vec::new(); CONSTRAINTS];
            for i in 0..entries {
                let row = if i < CONSTRAINTS {
                    i
                } else {
                    rng.gen_range(0..CONSTRAINTS)
                };
                let value = constants[rng.gen_range(0..constants.len())];
                // Wires of a constraint stand near each other, as circom numbers them.
                let near = (row + rng.gen_range(0..2000)) % WIRES;
                rows[row].push((value, near));
            }
            rows
        };
        let rows = [rows(ENTRIES_A), rows(ENTRIES_B)];
        let mut a = g1_points(WIRES);
        let mut b = g2_points(WIRES);
        for _ in 0..ZERO_A {
            a[rng.gen_range(0..WIRES)] = G1Affine::zero();
        }
        for wire in 0..ZERO_B {
            b[wire * WIRES / ZERO_B] = G2Affine::zero();
        }
        let h = g1_points(DOMAIN);
        let l = a.iter().rev().take(WIRES - PUBLIC - 1).copied().collect();
        Self {
            witness,
            a,
            b,
            l,
            h,
            rows,
        }
    }

    pub(crate) fn witness(&self) -> &[Fr] {
        &self.witness
    }

    pub(crate) fn taceo_key(&self) -> (ark_groth16::ProvingKey<Bn254>, ConstraintMatrices<Fr>) {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        let key = ark_groth16::ProvingKey {
            vk: VerifyingKey {
                alpha_g1: g1,
                beta_g2: g2,
                gamma_g2: g2,
                delta_g2: g2,
                gamma_abc_g1: vec![g1; PUBLIC + 1],
            },
            beta_g1: g1,
            delta_g1: g1,
            a_query: self.a.clone(),
            // The same pattern of zeros as in G2.
            b_g1_query: self
                .a
                .iter()
                .zip(&self.b)
                .map(|(a, b)| if b.is_zero() { G1Affine::zero() } else { *a })
                .collect(),
            b_g2_query: self.b.clone(),
            h_query: self.h.clone(),
            l_query: self.l.clone(),
        };
        let matrices = ConstraintMatrices {
            num_instance_variables: PUBLIC + 1,
            num_witness_variables: WIRES - PUBLIC - 1,
            num_constraints: CONSTRAINTS,
            a_num_non_zero: ENTRIES_A,
            b_num_non_zero: ENTRIES_B,
            c_num_non_zero: 0,
            a: self.rows[0].clone(),
            b: self.rows[1].clone(),
            c: Vec::new(),
        };
        (key, matrices)
    }

    pub(crate) fn prove_with_taceo(
        &self,
        (key, matrices): &(ark_groth16::ProvingKey<Bn254>, ConstraintMatrices<Fr>),
    ) -> Result<ark_groth16::Proof<Bn254>, String> {
        Groth16::<Bn254>::prove::<CircomReduction>(key, Fr::zero(), Fr::zero(), matrices, &self.witness)
            .map_err(|error| error.to_string())
    }
}

impl KeySource for Synthetic {
    fn header(&self) -> KeyHeader {
        let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
        KeyHeader {
            wires: WIRES,
            public: PUBLIC,
            domain: DOMAIN,
            alpha_g1: g1,
            beta_g2: g2,
            delta_g2: g2,
        }
    }

    fn a(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.a.iter().copied()
    }

    fn b_g2(&self) -> impl Iterator<Item = G2Affine> + '_ {
        self.b.iter().copied()
    }

    fn l(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.l.iter().copied()
    }

    fn h(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.h.iter().copied()
    }

    fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_ {
        let entries = [Matrix::A, Matrix::B]
            .into_iter()
            .zip(&self.rows)
            .flat_map(|(matrix, rows)| {
                rows.iter().enumerate().flat_map(move |(row, terms)| {
                    terms.iter().map(move |&(value, wire)| Coefficient {
                        matrix,
                        row: row as u32,
                        wire: wire as u32,
                        value,
                    })
                })
            });
        let public = (0..=PUBLIC).map(|wire| Coefficient {
            matrix: Matrix::A,
            row: (CONSTRAINTS + wire) as u32,
            wire: wire as u32,
            value: Fr::from(1u64),
        });
        entries.chain(public)
    }
}
