// Makes an approval with the published libraries, as an operator's wallet does. Reads a request from its input, writes
// `{ account, approval }`.

import { readFileSync } from "node:fs";

import { signerToEcdsaValidator } from "@zerodev/ecdsa-validator";
import { serializePermissionAccount, toPermissionValidator } from "@zerodev/permissions";
import * as policies from "@zerodev/permissions/policies";
import { toECDSASigner } from "@zerodev/permissions/signers";
import { addressToEmptyAccount, createKernelAccount } from "@zerodev/sdk";
import { KERNEL_V3_1 } from "@zerodev/sdk/constants";
import { createPublicClient, defineChain, http } from "viem";
import { entryPoint07Address } from "viem/account-abstraction";
import { privateKeyToAccount } from "viem/accounts";

const makers = {
  sudo: policies.toSudoPolicy,
  timestamp: policies.toTimestampPolicy,
  gas: ({ allowed, ...rest }) => policies.toGasPolicy({ ...rest, allowed: BigInt(allowed) }),
  "rate-limit": policies.toRateLimitPolicy,
  call: policies.toCallPolicy,
};

const { rpc, chainId, owner, session, policies: wanted } = JSON.parse(readFileSync(0, "utf8"));
const chain = defineChain({
  id: chainId,
  name: "local",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [rpc] } },
});
const client = createPublicClient({ chain, transport: http(rpc) });
const common = { entryPoint: { address: entryPoint07Address, version: "0.7" }, kernelVersion: KERNEL_V3_1 };

const sudo = await signerToEcdsaValidator(client, { ...common, signer: privateKeyToAccount(owner) });
const regular = await toPermissionValidator(client, {
  ...common,
  signer: await toECDSASigner({ signer: addressToEmptyAccount(session) }),
  policies: wanted.map(({ type, ...parameters }) => makers[type](parameters)),
});
const account = await createKernelAccount(client, { ...common, plugins: { sudo, regular } });
console.log(JSON.stringify({ account: account.address, approval: await serializePermissionAccount(account) }));
