//! taceo-groth16 on arkworks's points.

use ark_bn254::{Bn254, Fr};
use ark_groth16::{ProvingKey, VerifyingKey};
use maci_protocol::groth16::Proof;
use taceo_groth16::{CircomReduction, ConstraintMatrices, Groth16};

use super::points::proof_to_plain;
use super::{BackendError, Blinding, Prove};
use crate::formats::r1cs::Rows;
use crate::formats::zkey::ZKeyFile;
use crate::formats::{FormatError, ReadAt};
use crate::witness::Witness;

/// A proving key as arkworks holds it.
pub(super) struct ArkworksKey {
    key: ProvingKey<Bn254>,
    matrices: ConstraintMatrices<Fr>,
}

impl ArkworksKey {
    pub(super) fn load<R: ReadAt>(zkey: &ZKeyFile<R>) -> Result<Self, FormatError> {
        let header = *zkey.header();
        let key = ProvingKey {
            vk: VerifyingKey {
                alpha_g1: header.alpha1,
                beta_g2: header.beta2,
                gamma_g2: header.gamma2,
                delta_g2: header.delta2,
                gamma_abc_g1: zkey.ic()?,
            },
            beta_g1: header.beta1,
            delta_g1: header.delta1,
            a_query: zkey.a()?,
            b_g1_query: zkey.b1()?,
            b_g2_query: zkey.b2()?,
            h_query: zkey.h()?,
            l_query: zkey.c()?,
        };
        let instance = header.publics as usize + 1;
        let coefficients = zkey.coefficients()?;
        // The prover adds the rows that bind the public values itself.
        let constraints = coefficients.constraints as usize;
        let rows = |rows: &Rows| -> Vec<Vec<(Fr, usize)>> {
            let value = |at: u32| coefficients.values.get(at as usize).copied().unwrap_or_default();
            let row = |row: usize| {
                rows.row(row)
                    .iter()
                    .map(|term| (value(term.coefficient), term.wire as usize))
                    .collect()
            };
            (0..constraints).map(row).collect()
        };
        let (a, b) = (rows(&coefficients.a), rows(&coefficients.b));
        let matrices = ConstraintMatrices {
            num_instance_variables: instance,
            num_witness_variables: header.wires as usize - instance,
            num_constraints: constraints,
            a_num_non_zero: coefficients.a.nonzeros(),
            b_num_non_zero: coefficients.b.nonzeros(),
            c_num_non_zero: 0,
            a,
            b,
            c: Vec::new(),
        };
        Ok(Self { key, matrices })
    }
}

impl Prove for ArkworksKey {
    fn prove(&self, witness: &Witness, blinding: &Blinding) -> Result<Proof, BackendError> {
        let expected = self.matrices.num_instance_variables + self.matrices.num_witness_variables;
        let found = witness.values().len();
        if found != expected {
            return Err(BackendError::WitnessLength { expected, found });
        }
        let Blinding { r, s } = *blinding;
        let proof = Groth16::<Bn254>::prove::<CircomReduction>(&self.key, r, s, &self.matrices, witness.values());
        let proof = proof.map_err(|error| BackendError::Failed {
            reason: error.to_string(),
        })?;
        Ok(proof_to_plain(&proof))
    }
}
