//! Measures the kernels against arkworks and taceo-groth16 in the same process.
//!
//! ```text
//! cargo run -p maci-kernels --example kernel_bench -- [fields] [sums] [transforms] [proof]
//! ```
//! Without arguments it measures everything. Times are CPU seconds of the whole process, which other load on the machine
//! hardly touches; wall seconds stand behind them.

mod clock;
mod synthetic;

use ark_bn254::{Fq, Fr, G1Projective, G2Projective};
use ark_ec::VariableBaseMSM;
use ark_ff::{FftField, UniformRand};
use ark_poly::{EvaluationDomain, GeneralEvaluationDomain};
use ark_std::Zero;
use clock::{Cost, peak_memory, timed};
use maci_kernels::groth16::{Blinding, ProvingKey, prove};
use maci_kernels::{Backend, measure};
use rand::SeedableRng;
use rand::rngs::StdRng;
use synthetic::Synthetic;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    if is_wanted("fields") {
        fields()?;
    }
    if is_wanted("sums") {
        sums()?;
    }
    if is_wanted("transforms") {
        transforms()?;
    }
    if is_wanted("proof") {
        proof(!wanted.iter().any(|w| w == "alone"))?;
    }
    Ok(())
}

fn backends() -> impl Iterator<Item = Backend> {
    [Backend::Portable, Backend::Ifma]
        .into_iter()
        .filter(|backend| backend.is_available())
}

fn row(name: &str, backend: &str, cost: Cost, peer: Cost) {
    println!(
        "{name:<22} {backend:<9} {cost}   {:.3} of its peer's CPU time",
        cost.cpu / peer.cpu
    );
}

fn fields() -> Result<(), Failure> {
    const STEPS: usize = 10_000_000;
    let mut rng = StdRng::seed_from_u64(1);
    let (mut x, y) = ([Fq::rand(&mut rng), Fq::rand(&mut rng)], Fq::rand(&mut rng));
    let (_, peer) = timed(|| {
        for _ in 0..4 * STEPS {
            x = x.map(|x| x * y);
        }
        std::hint::black_box(x)
    });
    let nanoseconds = |cost: Cost| cost.cpu * 1e9 / (8 * STEPS) as f64;
    println!("product in Fq          arkworks  {:.2} ns", nanoseconds(peer));
    for backend in backends() {
        let (done, cost) = timed(|| measure::multiply(backend, STEPS));
        done?;
        println!("product in Fq          {backend:<9?} {:.2} ns", nanoseconds(cost));
    }
    Ok(())
}

fn sums() -> Result<(), Failure> {
    let mut rng = StdRng::seed_from_u64(2);
    let all_g1 = synthetic::g1_points(1 << 19);
    let all_g2 = synthetic::g2_points(1 << 18);
    let all_scalars: Vec<Fr> = (0..1 << 19).map(|_| Fr::rand(&mut rng)).collect();
    for power in 16..=19 {
        let (points, scalars) = (&all_g1[..1 << power], &all_scalars[..1 << power]);
        let (expected, peer) = timed(|| G1Projective::msm_unchecked(points, scalars));
        let name = format!("sum in G1, 2^{power}");
        row(&name, "arkworks", peer, peer);
        for backend in backends() {
            let table = measure::G1Points::new(backend, points)?;
            let (sum, cost) = timed(|| table.sum(scalars));
            assert_eq!(sum?, expected);
            row(&name, &format!("{backend:?}"), cost, peer);
        }
    }
    for power in 16..=18 {
        let (points, scalars) = (&all_g2[..1 << power], &all_scalars[..1 << power]);
        let (expected, peer) = timed(|| G2Projective::msm_unchecked(points, scalars));
        let name = format!("sum in G2, 2^{power}");
        row(&name, "arkworks", peer, peer);
        for backend in backends() {
            let table = measure::G2Points::new(backend, points)?;
            let (sum, cost) = timed(|| table.sum(scalars));
            assert_eq!(sum?, expected);
            row(&name, &format!("{backend:?}"), cost, peer);
        }
    }
    Ok(())
}

fn transforms() -> Result<(), Failure> {
    let mut rng = StdRng::seed_from_u64(3);
    let size = 1 << 19;
    let random = |rng: &mut StdRng| (0..size).map(|_| Fr::rand(rng)).collect::<Vec<_>>();
    let (a, b) = (random(&mut rng), random(&mut rng));
    let domain = GeneralEvaluationDomain::<Fr>::new(size).ok_or("no domain")?;
    let coset = domain
        .get_coset(Fr::get_root_of_unity(2 * size as u64).ok_or("no root")?)
        .ok_or("no coset")?;
    let (expected, peer) = timed(|| {
        let c: Vec<Fr> = a.iter().zip(&b).map(|(a, b)| *a * b).collect();
        let [a, b, c] = [&a, &b, &c].map(|values| coset.fft(&domain.ifft(values)));
        a.iter()
            .zip(&b)
            .zip(&c)
            .map(|((a, b), c)| *a * b - c)
            .collect::<Vec<_>>()
    });
    row("6 transforms, 2^19", "arkworks", peer, peer);
    for backend in backends() {
        let (quotient, cost) = timed(|| measure::quotient_on_coset(backend, &a, &b));
        assert_eq!(quotient?.ok_or("no quotient")?, expected);
        row("6 transforms, 2^19", &format!("{backend:?}"), cost, peer);
    }
    Ok(())
}

/// A whole proof of the size of `MessageProcessorQv_10-20-2`. The key is made up, so the proof verifies nowhere, but both
/// provers must find the same one.
fn proof(with_peer: bool) -> Result<(), Failure> {
    let circuit = Synthetic::new();
    let (expected, peer) = if with_peer {
        let taceo = circuit.taceo_key();
        let (proof, first) = timed(|| circuit.prove_with_taceo(&taceo));
        let (_, second) = timed(|| circuit.prove_with_taceo(&taceo));
        (Some(proof?), first.min(second))
    } else {
        (
            None,
            Cost {
                cpu: f64::NAN,
                wall: f64::NAN,
            },
        )
    };
    row("proof, 10-20-2", "taceo", peer, peer);
    println!("peak memory so far {} MB", peak_memory());
    let nothing = Blinding::new(Fr::from(1u64), Fr::zero()).ok_or("scale is zero")?;
    for backend in backends() {
        let (key, load) = timed(|| ProvingKey::build(&circuit, backend));
        let key = key?;
        println!("laying the key out     {backend:<9?} {load}");
        let mut best: Option<Cost> = None;
        for _ in 0..3 {
            let (proof, cost) = timed(|| prove(&key, circuit.witness(), &nothing));
            let proof = proof?;
            if let Some(expected) = &expected {
                assert_eq!((proof.a, proof.b, proof.c), (expected.a, expected.b, expected.c));
            }
            best = Some(best.map_or(cost, |best| best.min(cost)));
        }
        row("proof, 10-20-2", &format!("{backend:?}"), best.unwrap_or(peer), peer);
        println!("peak memory so far {} MB", peak_memory());
    }
    Ok(())
}
