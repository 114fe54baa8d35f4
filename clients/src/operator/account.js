"use strict";
const { getAddress, Wallet } = require("ethers");

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

module.exports = { login, newAccount };
