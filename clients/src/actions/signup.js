"use strict";
const { signup: signUpWithSdk } = require("@maci-protocol/sdk");

/**
 * Registers `publicKey` (macipk…) with MACI.
 *
 * `evidence` is what the sign-up policy asks for, as hex.
 */
async function signup({ signer, maci, publicKey, evidence = "0x" }) {
  const { stateIndex, transactionHash } = await signUpWithSdk({
    maciPublicKey: publicKey,
    maciAddress: maci,
    sgData: evidence,
    signer,
  });
  return { stateIndex, transaction: transactionHash };
}

module.exports = { signup };
