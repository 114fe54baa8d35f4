//! Which wires of a witness could take other values while the inputs stand still.

use std::collections::BTreeMap;

use ark_bn254::Fr;
use ark_ff::{Field, Zero};
use maci_proving::formats::r1cs::R1cs;
use maci_proving::witness::Witness;

/// Constraints with more loose wires than this wait until some of them are held.
const SMALL_SYSTEM: usize = 8;

/// One wire's coefficients in a constraint `a · b = c`.
#[derive(Clone, Copy, Default)]
struct Weights {
    a: Fr,
    b: Fr,
    c: Fr,
}

/// A constraint around a witness.
struct Row {
    wires: BTreeMap<u32, Weights>,
    a: Fr,
    b: Fr,
}

impl Row {
    fn of(r1cs: &R1cs, row: usize, values: &[Fr]) -> Self {
        let mut this = Self {
            wires: BTreeMap::new(),
            a: Fr::zero(),
            b: Fr::zero(),
        };
        for (side, rows) in [&r1cs.a, &r1cs.b, &r1cs.c].into_iter().enumerate() {
            for term in rows.row(row) {
                let weight = r1cs.coefficients[term.coefficient as usize];
                let weights = this.wires.entry(term.wire).or_default();
                let value = values[term.wire as usize] * weight;
                match side {
                    0 => (weights.a, this.a) = (weights.a + weight, this.a + value),
                    1 => (weights.b, this.b) = (weights.b + weight, this.b + value),
                    _ => weights.c += weight,
                }
            }
        }
        this
    }

    /// What the loose wires that can affect this row do to it, if they move it in proportion.
    fn effects(&self, held: &[bool]) -> Effects {
        let loose = || self.wires.iter().filter(|(wire, _)| !held[**wire as usize]);
        let moves_a = loose().any(|(_, weights)| !weights.a.is_zero());
        let moves_b = loose().any(|(_, weights)| !weights.b.is_zero());
        let effect = |(wire, weights): (&u32, &Weights)| {
            let alone = weights.a * self.b + weights.b * self.a - weights.c;
            let with_others = (!weights.a.is_zero() && moves_b) || (!weights.b.is_zero() && moves_a);
            (!alone.is_zero() || with_others).then_some((*wire, alone))
        };
        Effects {
            wires: loose().filter_map(effect).collect(),
            linear: !(moves_a && moves_b),
        }
    }
}

/// The loose wires of a row.
struct Effects {
    wires: BTreeMap<u32, Fr>,
    /// Whether the row is linear in them.
    linear: bool,
}

/// Wires that a system of linear rows holds: those that elimination leaves alone in a row.
fn held_together(rows: Vec<BTreeMap<u32, Fr>>) -> Vec<u32> {
    let mut pivots: BTreeMap<u32, BTreeMap<u32, Fr>> = BTreeMap::new();
    let reduce = |mut row: BTreeMap<u32, Fr>, pivots: &BTreeMap<u32, BTreeMap<u32, Fr>>, own: Option<u32>| {
        while let Some((wire, factor)) = row
            .iter()
            .find(|(wire, _)| Some(**wire) != own && pivots.contains_key(wire))
            .map(|(wire, factor)| (*wire, *factor))
        {
            for (other, weight) in &pivots[&wire] {
                *row.entry(*other).or_default() -= factor * weight;
            }
            row.retain(|_, weight| !weight.is_zero());
        }
        row
    };
    for row in rows {
        let mut row = reduce(row, &pivots, None);
        if let Some((&pivot, weight)) = row.iter().next() {
            let inverse = weight.inverse().unwrap();
            row.values_mut().for_each(|weight| *weight *= inverse);
            pivots.insert(pivot, row);
        }
    }
    let wires: Vec<u32> = pivots.keys().rev().copied().collect();
    for wire in &wires {
        let row = reduce(pivots[wire].clone(), &pivots, Some(*wire));
        pivots.insert(*wire, row);
    }
    wires.into_iter().filter(|wire| pivots[wire].len() == 1).collect()
}

/// The wires that may change while the inputs stand still.
pub(super) fn loose_wires(r1cs: &R1cs, witness: &Witness) -> Vec<u32> {
    let shape = &r1cs.shape;
    let named = (1 + shape.publics() + shape.private_inputs) as usize;
    let mut held = vec![false; shape.wires as usize];
    held[..named].fill(true);

    let rows: Vec<_> = (0..r1cs.a.len())
        .map(|row| Row::of(r1cs, row, witness.values()))
        .collect();
    let mut rows_of = vec![Vec::new(); held.len()];
    for (number, row) in rows.iter().enumerate() {
        for &wire in row.wires.keys() {
            rows_of[wire as usize].push(number);
        }
    }
    let mut waiting: Vec<usize> = (0..rows.len()).collect();
    loop {
        while let Some(number) = waiting.pop() {
            let effects = rows[number].effects(&held);
            if let (1, Some(&wire)) = (effects.wires.len(), effects.wires.keys().next()) {
                held[wire as usize] = true;
                waiting.extend(&rows_of[wire as usize]);
            }
        }
        // Some wires are held only together, such as the four outputs of a permutation by its last S-boxes.
        let small = rows.iter().map(|row| row.effects(&held));
        let small = small.filter(|effects| effects.linear && (2..=SMALL_SYSTEM).contains(&effects.wires.len()));
        for wire in held_together(small.map(|effects| effects.wires).collect()) {
            held[wire as usize] = true;
            waiting.extend(&rows_of[wire as usize]);
        }
        if waiting.is_empty() {
            return (0..shape.wires).filter(|&wire| !held[wire as usize]).collect();
        }
    }
}
