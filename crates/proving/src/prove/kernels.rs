//! Our own kernels: eight field elements at a time, with AVX-512 IFMA where the machine has it.

use std::sync::Mutex;

use ark_bn254::{G1Affine, G2Affine};
use maci_kernels::groth16::{self, Coefficient, KeyError, KeyHeader, KeySource, Matrix, ProvingKey};
use maci_protocol::groth16::Proof;

use super::points::{g1_to_plain, g2_to_plain};
use super::{BackendError, Blinding, LoadError, Prove};
use crate::formats::zkey::{Coefficients, PointStream, ZKeyFile};
use crate::formats::{FormatError, ReadAt};
use crate::witness::Witness;

/// A proving key in the kernels' flat form.
pub(super) struct KernelsKey {
    key: ProvingKey,
}

impl KernelsKey {
    pub(super) fn load<R: ReadAt>(zkey: &ZKeyFile<R>, backend: maci_kernels::Backend) -> Result<Self, LoadError> {
        let source = Source {
            zkey,
            coefficients: zkey.coefficients()?,
            damage: Mutex::new(None),
        };
        let built = ProvingKey::build(&source, backend);
        // A section that could not be read ends early, which the kernels can only see as too short.
        if let Some(damage) = source.damage.into_inner().ok().flatten() {
            return Err(damage.into());
        }
        built
            .map(|key| Self { key })
            .map_err(|error: KeyError| LoadError::Unusable {
                reason: error.to_string(),
            })
    }
}

impl Prove for KernelsKey {
    fn prove(&self, witness: &Witness, blinding: &Blinding) -> Result<Proof, BackendError> {
        let Blinding { r, s } = *blinding;
        let zero = || BackendError::Failed {
            reason: "the blinding factor is zero".into(),
        };
        let blinding = groth16::Blinding::new(r, s).ok_or_else(zero)?;
        let proof = groth16::prove(&self.key, witness.values(), &blinding).map_err(|error| match error {
            groth16::ProveError::WitnessLength { values, wires } => BackendError::WitnessLength {
                expected: wires,
                found: values,
            },
        })?;
        Ok(Proof {
            a: g1_to_plain(&proof.a),
            b: g2_to_plain(&proof.b),
            c: g1_to_plain(&proof.c),
        })
    }
}

/// Hands a zkey to the kernels piece by piece, and remembers what was wrong with it.
struct Source<'a, R> {
    zkey: &'a ZKeyFile<R>,
    coefficients: Coefficients,
    damage: Mutex<Option<FormatError>>,
}

impl<R: ReadAt> Source<'_, R> {
    fn points<'s, P: 's>(&'s self, stream: Result<PointStream<'s, P, R>, FormatError>) -> impl Iterator<Item = P> + 's
    where
        PointStream<'s, P, R>: Iterator<Item = Result<P, FormatError>>,
    {
        let stream = self.keep(stream).into_iter().flatten();
        stream.map_while(|point| self.keep(point))
    }

    fn keep<T>(&self, read: Result<T, FormatError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                if let Ok(mut damage) = self.damage.lock() {
                    damage.get_or_insert(error);
                }
                None
            }
        }
    }
}

impl<R: ReadAt> KeySource for Source<'_, R> {
    fn header(&self) -> KeyHeader {
        let header = self.zkey.header();
        KeyHeader {
            wires: header.wires as usize,
            public: header.publics as usize,
            domain: header.domain as usize,
            alpha_g1: header.alpha1,
            beta_g2: header.beta2,
            delta_g2: header.delta2,
        }
    }

    fn a(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.points(self.zkey.stream_a())
    }

    fn b_g2(&self) -> impl Iterator<Item = G2Affine> + '_ {
        self.points(self.zkey.stream_b2())
    }

    fn l(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.points(self.zkey.stream_c())
    }

    fn h(&self) -> impl Iterator<Item = G1Affine> + '_ {
        self.points(self.zkey.stream_h())
    }

    fn coefficients(&self) -> impl Iterator<Item = Coefficient> + '_ {
        let Coefficients { a, b, values, .. } = &self.coefficients;
        [(Matrix::A, a), (Matrix::B, b)]
            .into_iter()
            .flat_map(move |(matrix, rows)| {
                (0..).zip(rows.iter()).flat_map(move |(row, terms)| {
                    terms.iter().map(move |term| Coefficient {
                        matrix,
                        row,
                        wire: term.wire,
                        value: values.get(term.coefficient as usize).copied().unwrap_or_default(),
                    })
                })
            })
    }
}
