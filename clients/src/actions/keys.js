"use strict";
const { generateKeypair } = require("@maci-protocol/sdk");

/** A fresh MACI key pair. */
async function keys() {
  const { privateKey, publicKey } = generateKeypair();
  return { privateKey, publicKey };
}

module.exports = { keys };
