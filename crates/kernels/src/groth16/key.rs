//! The flat form of a proving key.

use ark_bn254::{G1Affine, G2Affine};

use super::rows::Rows;
use super::source::KeySource;
use crate::backend::{Backend, BackendMissing};
use crate::curve::{G1, G2};
use crate::fft::Plan;
use crate::lanes::Machine;
use crate::lanes::portable::Portable;
use crate::msm::Table;

/// A proving key laid out for one backend: plain arrays, points at infinity left out, coefficients by number.
#[derive(Debug)]
pub struct ProvingKey {
    pub(super) backend: Backend,
    pub(super) wires: usize,
    pub(super) alpha_g1: G1Affine,
    pub(super) beta_g2: G2Affine,
    pub(super) delta_g2: G2Affine,
    pub(super) a: Table<G1>,
    pub(super) b: Table<G2>,
    /// By wire, as the others: nothing for public wires.
    pub(super) l: Table<G1>,
    /// In the order of the plan.
    pub(super) h: Table<G1>,
    pub(super) rows: Rows,
    pub(super) plan: Plan,
}

/// The parts of a key do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The domain is not a power of two the field has roots for.
    #[error("the key's domain has {domain} points, which is no power of two up to 2^27")]
    Domain {
        /// What the key says.
        domain: usize,
    },
    /// A section has the wrong number of points.
    #[error("section {section} of the key has {points} points, but its header asks for {expected}")]
    Points {
        /// The section of the `.zkey` file.
        section: u8,
        /// How many points it has.
        points: usize,
        /// How many it should have.
        expected: usize,
    },
    /// There are more public signals than wires.
    #[error("the key names {public} public signals, but the circuit has {wires} wires")]
    Public {
        /// Public signals.
        public: usize,
        /// Wires.
        wires: usize,
    },
    /// A matrix entry lies outside.
    #[error("the key has a coefficient at row {row}, wire {wire}, outside its circuit")]
    Coefficient {
        /// The entry's row.
        row: u32,
        /// The entry's wire.
        wire: u32,
    },
    /// The machine cannot use the layout asked for.
    #[error(transparent)]
    Backend(#[from] BackendMissing),
}

impl ProvingKey {
    /// Lays a key out for the fastest backend of this machine.
    ///
    /// # Errors
    /// [`KeyError`] if the parts do not belong together. Whether points lie on the curve is not looked at: a wrong key
    /// gives proofs that do not verify.
    pub fn new(source: &impl KeySource) -> Result<Self, KeyError> {
        Self::build(source, Backend::fastest())
    }

    /// Lays a key out for a backend.
    ///
    /// # Errors
    /// As [`Self::new`], and [`KeyError::Backend`] if the machine lacks the backend.
    pub fn build(source: &impl KeySource, backend: Backend) -> Result<Self, KeyError> {
        match backend.ensure_available()? {
            Backend::Portable => Self::lay_out::<Portable>(source, backend),
            #[cfg(target_arch = "x86_64")]
            Backend::Ifma => Self::lay_out::<crate::ifma::Ifma>(source, backend),
            #[cfg(not(target_arch = "x86_64"))]
            Backend::Ifma => Err(BackendMissing { backend }.into()),
        }
    }

    fn lay_out<M: Machine>(source: &impl KeySource, backend: Backend) -> Result<Self, KeyError> {
        let header = source.header();
        let plan = Plan::new::<M::Scalar>(header.domain).ok_or(KeyError::Domain { domain: header.domain })?;
        let private = header.wires.checked_sub(header.public + 1).ok_or(KeyError::Public {
            public: header.public,
            wires: header.wires,
        })?;
        let blank = header.wires - private;
        let lay_a = || Table::new::<M::Base>(source.a().map(Some));
        let lay_b = || Table::new::<M::Base>(source.b_g2().map(Some));
        let lay_l = || Table::new::<M::Base>(std::iter::repeat_n(None, blank).chain(source.l().map(Some)));
        let lay_h = || -> Result<_, KeyError> {
            let h: Vec<G1Affine> = source.h().collect();
            ensure_points(9, h.len(), header.domain)?;
            Ok(Table::new::<M::Base>(plan.order().map(|t| h.get(t).copied())))
        };
        let ((b, h), ((a, l), rows)) = rayon::join(
            || rayon::join(lay_b, lay_h),
            || rayon::join(|| rayon::join(lay_a, lay_l), || Rows::new::<M::Scalar>(source)),
        );
        ensure_points(5, a.length(), header.wires)?;
        ensure_points(7, b.length(), header.wires)?;
        ensure_points(8, l.length().saturating_sub(blank), private)?;
        Ok(Self {
            backend,
            wires: header.wires,
            alpha_g1: header.alpha_g1,
            beta_g2: header.beta_g2,
            delta_g2: header.delta_g2,
            a,
            b,
            l,
            h: h?,
            rows: rows?,
            plan,
        })
    }

    /// The backend the key is laid out for.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Wires of the circuit, with the constant one: the length of a witness.
    #[must_use]
    pub fn wires(&self) -> usize {
        self.wires
    }

    /// Points of the domain.
    #[must_use]
    pub fn domain(&self) -> usize {
        self.plan.size()
    }
}

fn ensure_points(section: u8, points: usize, expected: usize) -> Result<(), KeyError> {
    if points == expected {
        Ok(())
    } else {
        Err(KeyError::Points {
            section,
            points,
            expected,
        })
    }
}
