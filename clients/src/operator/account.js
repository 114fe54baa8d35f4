"use strict";
const { constants, publicEncrypt } = require("node:crypto");
const { getAddress, hashMessage, Wallet } = require("ethers");

/** A new account for an operator; it needs no funds, for it only signs logins. */
async function newAccount() {
  const { address, privateKey } = Wallet.createRandom();
  return { address, privateKey };
}

/** What a person signs to log in (EIP-4361). */
function message({ domain, address, uri, chainId, nonce, issuedAt }) {
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    getAddress(address),
    "",
    "Run rounds.",
    "",
    `URI: ${uri}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
  ].join("\n");
}

/** Logs in; every later call of the session carries the token. */
async function login({ session, chainId }) {
  const { url, key } = session;
  const wallet = new Wallet(key);
  const { nonce } = await (await fetch(`${url}/v1/auth/nonce`)).json();
  const { host } = new URL(url);
  const text = message({
    domain: host,
    address: wallet.address,
    uri: url,
    chainId,
    nonce,
    issuedAt: new Date().toISOString(),
  });
  const signature = await wallet.signMessage(text);
  const response = await fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: text, signature }),
  });
  const said = await response.json();
  if (!response.ok) {
    throw new Error(`the login was refused (${response.status}): ${JSON.stringify(said)}`);
  }
  session.token = said.token;
  return { address: wallet.address, role: said.role };
}

/** Logs in and hands the token out, for callers that are no Node. */
async function token({ session, chainId }) {
  await login({ session, chainId });
  return { token: session.token };
}

/** The TypeScript service's authorisation, made as its helper script makes it: RSA of "signature:digest". */
async function oldHeader({ session, message: text }) {
  const { publicKey } = await (await fetch(`${session.url}/v1/proof/publicKey`)).json();
  const signature = await new Wallet(session.key).signMessage(text);
  const digest = hashMessage(text).slice(2);
  const encrypted = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
    Buffer.from(`${signature}:${digest}`),
  );
  session.token = encrypted.toString("base64");
  return { token: session.token };
}

module.exports = { login, newAccount, oldHeader, token };
