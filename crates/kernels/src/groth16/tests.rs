//! Proofs against `taceo-groth16` with the same key, and against the pairing.

use ark_bn254::{Bn254, Fr, G1Affine, G2Affine};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, One, UniformRand, Zero};
use ark_groth16::VerifyingKey;
use ark_poly::{EvaluationDomain, GeneralEvaluationDomain};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use taceo_groth16::{CircomReduction, ConstraintMatrices, Groth16};

use super::{Blinding, Coefficient, KeyError, KeyHeader, KeySource, Matrix, ProveError, ProvingKey, prove};
use crate::Backend;

type Row = Vec<(Fr, usize)>;

/// A random circuit, a witness of it, and its proving key by the definition.
struct Setup {
    public: usize,
    witness: Vec<Fr>,
    matrices: [Vec<Row>; 3],
    domain: usize,
    key: ark_groth16::ProvingKey<Bn254>,
}

impl Setup {
    /// Every constraint's product is a new wire; factors are short random combinations of earlier ones.
    fn random(seed: u64, public: usize, constraints: usize) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut witness = vec![Fr::one()];
        witness.extend((0..public + 2).map(|i| if i == 0 { Fr::one() } else { Fr::rand(&mut rng) }));
        let mut matrices: [Vec<Row>; 3] = Default::default();
        for _ in 0..constraints {
            let factor = |rng: &mut StdRng| -> (Row, Fr) {
                let row: Row = (0..rng.gen_range(1..5))
                    .map(|_| {
                        let value = if rng.r#gen() { -Fr::one() } else { Fr::rand(rng) };
                        (value, rng.gen_range(0..witness.len()))
                    })
                    .collect();
                let value = row.iter().map(|(value, wire)| *value * witness[*wire]).sum();
                (row, value)
            };
            let ((a, left), (b, right)) = (factor(&mut rng), factor(&mut rng));
            witness.push(left * right);
            matrices[0].push(a);
            matrices[1].push(b);
            matrices[2].push(vec![(Fr::one(), witness.len() - 1)]);
        }
        let domain = (constraints + public + 1).next_power_of_two();
        let key = Self::key(&mut rng, public, witness.len(), &matrices, domain);
        Self {
            public,
            witness,
            matrices,
            domain,
            key,
        }
    }

    fn key(
        rng: &mut StdRng,
        public: usize,
        wires: usize,
        matrices: &[Vec<Row>; 3],
        size: usize,
    ) -> ark_groth16::ProvingKey<Bn254> {
        let [tau, alpha, beta, gamma, delta] = std::array::from_fn(|_| Fr::rand(rng));
        let lagrange = GeneralEvaluationDomain::<Fr>::new(size)
            .unwrap()
            .evaluate_all_lagrange_coefficients(tau);
        let twice = GeneralEvaluationDomain::<Fr>::new(2 * size)
            .unwrap()
            .evaluate_all_lagrange_coefficients(tau);
        let mut at_tau = [
            vec![Fr::zero(); wires],
            vec![Fr::zero(); wires],
            vec![Fr::zero(); wires],
        ];
        for (sums, matrix) in at_tau.iter_mut().zip(matrices) {
            for (row, lagrange) in matrix.iter().zip(&lagrange) {
                for (value, wire) in row {
                    sums[*wire] += *value * lagrange;
                }
            }
        }
        for wire in 0..=public {
            at_tau[0][wire] += lagrange[matrices[0].len() + wire];
        }
        let g1 = |x: Fr| (G1Affine::generator() * x).into_affine();
        let g2 = |x: Fr| (G2Affine::generator() * x).into_affine();
        let [a, b, c] = &at_tau;
        let joint = |wire: usize| beta * a[wire] + alpha * b[wire] + c[wire];
        let over_delta = delta.inverse().unwrap();
        ark_groth16::ProvingKey {
            vk: VerifyingKey {
                alpha_g1: g1(alpha),
                beta_g2: g2(beta),
                gamma_g2: g2(gamma),
                delta_g2: g2(delta),
                gamma_abc_g1: (0..=public)
                    .map(|wire| g1(joint(wire) * gamma.inverse().unwrap()))
                    .collect(),
            },
            beta_g1: g1(beta),
            delta_g1: g1(delta),
            a_query: a.iter().map(|x| g1(*x)).collect(),
            b_g1_query: b.iter().map(|x| g1(*x)).collect(),
            b_g2_query: b.iter().map(|x| g2(*x)).collect(),
            h_query: twice.iter().skip(1).step_by(2).map(|x| g1(*x * over_delta)).collect(),
            l_query: (public + 1..wires).map(|wire| g1(joint(wire) * over_delta)).collect(),
        }
    }

    fn by_taceo(&self) -> ark_groth16::Proof<Bn254> {
        let [a, b, c] = self.matrices.clone();
        let matrices = ConstraintMatrices {
            num_instance_variables: self.public + 1,
            num_witness_variables: self.witness.len() - self.public - 1,
            num_constraints: a.len(),
            a_num_non_zero: 0,
            b_num_non_zero: 0,
            c_num_non_zero: 0,
            a,
            b,
            c,
        };
        Groth16::<Bn254>::prove::<CircomReduction>(&self.key, Fr::zero(), Fr::zero(), &matrices, &self.witness).unwrap()
    }
}

impl KeySource for Setup {
    fn header(&self) -> KeyHeader {
        KeyHeader {
            wires: self.witness.len(),
            public: self.public,
            domain: self.domain,
            alpha_g1: self.key.vk.alpha_g1,
            beta_g2: self.key.vk.beta_g2,
            delta_g2: self.key.vk.delta_g2,
        }
    }

    fn a(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.key.a_query.iter().copied()
    }

    fn b_g2(&self) -> impl Iterator<Item = G2Affine> + '_ {
        self.key.b_g2_query.iter().copied()
    }

    fn l(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.key.l_query.iter().copied()
    }

    fn h(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.key.h_query.iter().copied()
    }

    fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_ {
        let entries = [Matrix::A, Matrix::B]
            .into_iter()
            .zip(&self.matrices)
            .flat_map(|(matrix, rows)| {
                rows.iter().enumerate().flat_map(move |(row, terms)| {
                    let entry = move |&(value, wire): &(Fr, usize)| Coefficient {
                        matrix,
                        row: row as u32,
                        wire: wire as u32,
                        value,
                    };
                    terms.iter().map(entry)
                })
            });
        let constraints = self.matrices[0].len();
        let public = (0..=self.public).map(move |wire| Coefficient {
            matrix: Matrix::A,
            row: (constraints + wire) as u32,
            wire: wire as u32,
            value: Fr::one(),
        });
        entries.chain(public)
    }
}

fn backends() -> impl Iterator<Item = Backend> {
    [Backend::Portable, Backend::Ifma]
        .into_iter()
        .filter(|backend| backend.is_available())
}

#[test]
fn an_unblinded_proof_equals_the_one_of_another_prover() {
    for (seed, public, constraints) in [(1, 1, 1), (2, 2, 5), (3, 3, 40), (4, 5, 100), (5, 1, 1500)] {
        let setup = Setup::random(seed, public, constraints);
        let expected = setup.by_taceo();
        for backend in backends() {
            let key = ProvingKey::build(&setup, backend).unwrap();
            let nothing = Blinding::new(Fr::one(), Fr::zero()).unwrap();
            let proof = prove(&key, &setup.witness, &nothing).unwrap();
            assert_eq!(
                (proof.a, proof.b, proof.c),
                (expected.a, expected.b, expected.c),
                "{backend:?}, {constraints}"
            );
        }
    }
}

#[test]
fn a_blinded_proof_verifies_and_shares_no_point_with_the_unblinded_one() {
    let setup = Setup::random(6, 3, 200);
    let plain = setup.by_taceo();
    let mut rng = StdRng::seed_from_u64(60);
    let verifying = ark_groth16::prepare_verifying_key(&setup.key.vk);
    let public = &setup.witness[1..=setup.public];
    for backend in backends() {
        let key = ProvingKey::build(&setup, backend).unwrap();
        let blinding = Blinding::new(Fr::rand(&mut rng), Fr::rand(&mut rng)).unwrap();
        let proof = prove(&key, &setup.witness, &blinding).unwrap();
        assert!(proof.a != plain.a && proof.b != plain.b && proof.c != plain.c);
        let proof = ark_groth16::Proof::<Bn254> {
            a: proof.a,
            b: proof.b,
            c: proof.c,
        };
        assert!(ark_groth16::Groth16::<Bn254>::verify_proof(&verifying, &proof, public).unwrap());
        let wrong = [public[0] + Fr::one(), public[1], public[2]];
        assert!(!ark_groth16::Groth16::<Bn254>::verify_proof(&verifying, &proof, &wrong).unwrap());
    }
}

#[test]
fn a_witness_of_another_length_is_refused() {
    let setup = Setup::random(7, 1, 10);
    let key = ProvingKey::new(&setup).unwrap();
    let blinding = Blinding::new(Fr::one(), Fr::one()).unwrap();
    let wires = setup.witness.len();
    let refused = prove(&key, &setup.witness[1..], &blinding);
    assert_eq!(
        refused,
        Err(ProveError::WitnessLength {
            values: wires - 1,
            wires
        })
    );
}

#[test]
fn parts_that_do_not_belong_together_are_no_key() {
    let mut setup = Setup::random(8, 1, 10);
    setup.domain = 12;
    assert_eq!(ProvingKey::new(&setup).unwrap_err(), KeyError::Domain { domain: 12 });
    setup.domain = 8;
    assert_eq!(
        ProvingKey::new(&setup).unwrap_err(),
        KeyError::Points {
            section: 9,
            points: 16,
            expected: 8
        }
    );
    setup.domain = 16;
    setup.key.a_query.pop();
    let wires = setup.witness.len();
    assert_eq!(
        ProvingKey::new(&setup).unwrap_err(),
        KeyError::Points {
            section: 5,
            points: wires - 1,
            expected: wires
        }
    );
    setup.key.a_query.push(G1Affine::generator());
    setup.matrices[1][3][0].1 = 1000;
    assert_eq!(
        ProvingKey::new(&setup).unwrap_err(),
        KeyError::Coefficient { row: 3, wire: 1000 }
    );
}

#[test]
fn a_blinding_of_scale_zero_does_not_exist() {
    assert!(Blinding::new(Fr::zero(), Fr::one()).is_none());
}
