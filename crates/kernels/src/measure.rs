//! The kernels one by one, for benchmarks and for tests against other libraries. To make proofs, see [`crate::groth16`].

use std::hint::black_box;
use std::marker::PhantomData;

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ff::{BigInteger256, PrimeField};

use crate::backend::{Backend, BackendMissing};
use crate::curve::{Curve, G1, G2};
use crate::fft::{Plan, enter, quotient};
use crate::lanes::portable::Portable;
use crate::lanes::{Kernel, LANES, Lanes, Machine};
use crate::msm::{self, Digits, Table};

/// Work that is the same on every machine.
trait OnMachine {
    type Output;
    fn run<M: Machine>(self) -> Self::Output;
}

/// Does it on the machine of a backend.
fn on<W: OnMachine>(backend: Backend, work: W) -> Result<W::Output, BackendMissing> {
    match backend.ensure_available()? {
        Backend::Portable => Ok(work.run::<Portable>()),
        #[cfg(target_arch = "x86_64")]
        Backend::Ifma => Ok(work.run::<crate::ifma::Ifma>()),
        #[cfg(not(target_arch = "x86_64"))]
        Backend::Ifma => Err(BackendMissing { backend }),
    }
}

/// Fixed points of G1 in a backend's form.
#[derive(Debug)]
pub struct G1Points(Backend, Table<G1>);

/// Fixed points of G2 in a backend's form.
#[derive(Debug)]
pub struct G2Points(Backend, Table<G2>);

impl G1Points {
    /// Lays the points out.
    ///
    /// # Errors
    /// If the machine lacks the backend.
    pub fn new(backend: Backend, points: &[G1Affine]) -> Result<Self, BackendMissing> {
        Ok(Self(backend, on(backend, LayOut::<G1>(points))?))
    }

    /// `Σ scalar·point`.
    ///
    /// # Errors
    /// If the machine lacks the backend.
    pub fn sum(&self, scalars: &[Fr]) -> Result<G1Projective, BackendMissing> {
        on(
            self.0,
            Sum {
                table: &self.1,
                scalars,
            },
        )
    }
}

impl G2Points {
    /// Lays the points out.
    ///
    /// # Errors
    /// If the machine lacks the backend.
    pub fn new(backend: Backend, points: &[G2Affine]) -> Result<Self, BackendMissing> {
        Ok(Self(backend, on(backend, LayOut::<G2>(points))?))
    }

    /// `Σ scalar·point`.
    ///
    /// # Errors
    /// If the machine lacks the backend.
    pub fn sum(&self, scalars: &[Fr]) -> Result<G2Projective, BackendMissing> {
        on(
            self.0,
            Sum {
                table: &self.1,
                scalars,
            },
        )
    }
}

/// `a·b - c` on the coset by a `2n`-th root of one, where `c` takes the values `a·b` on the domain; nothing if `a` and `b`
/// are not of one length that is a power of two. Six transforms.
///
/// # Errors
/// If the machine lacks the backend.
pub fn quotient_on_coset(backend: Backend, a: &[Fr], b: &[Fr]) -> Result<Option<Vec<Fr>>, BackendMissing> {
    on(backend, Quotient { a, b })
}

/// Multiplies `8·steps` base field elements, in two chains of eight.
///
/// # Errors
/// If the machine lacks the backend.
pub fn multiply(backend: Backend, steps: usize) -> Result<(), BackendMissing> {
    on(backend, Multiply { steps })
}

struct LayOut<'a, C: Curve>(&'a [C::Affine]);

impl<C: Curve> OnMachine for LayOut<'_, C> {
    type Output = Table<C>;

    fn run<M: Machine>(self) -> Table<C> {
        Table::new::<M::Base>(self.0.iter().copied().map(Some))
    }
}

struct Sum<'a, C: Curve> {
    table: &'a Table<C>,
    scalars: &'a [Fr],
}

impl<C: Curve> OnMachine for Sum<'_, C> {
    type Output = C::Projective;

    fn run<M: Machine>(self) -> C::Projective {
        msm::sum::<M, C>(&Digits::new(self.scalars, |x| x.into_bigint().0), self.table)
    }
}

struct Quotient<'a> {
    a: &'a [Fr],
    b: &'a [Fr],
}

impl OnMachine for Quotient<'_> {
    type Output = Option<Vec<Fr>>;

    fn run<M: Machine>(self) -> Option<Vec<Fr>> {
        let plan = Plan::new::<M::Scalar>(self.a.len()).filter(|_| self.a.len() == self.b.len())?;
        let values = quotient::<M>(&plan, &|t| {
            [enter::<M::Scalar>(&self.a[t]), enter::<M::Scalar>(&self.b[t])]
        });
        let mut out = vec![Fr::default(); plan.size()];
        for (t, value) in plan.order().zip(values.as_flattened()) {
            out[t] = Fr::from_bigint(BigInteger256::new(*value))?;
        }
        Some(out)
    }
}

struct Multiply {
    steps: usize,
}

impl OnMachine for Multiply {
    type Output = ();

    fn run<M: Machine>(self) {
        M::Base::vectorize(Chains::<M::Base> {
            steps: self.steps,
            field: PhantomData,
        });
    }
}

struct Chains<F> {
    steps: usize,
    field: PhantomData<F>,
}

impl<F: Lanes<Packed = [u64; 4]>> Kernel for Chains<F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let start: [F; 2] = black_box([3u64, 5].map(|i| F::load(&[[i, 7, 11, 13]; LANES])));
        let mut x = start;
        for _ in 0..self.steps / 2 {
            x = [x[0].times(start[0]), x[1].times(start[1])];
        }
        black_box(x);
    }
}
