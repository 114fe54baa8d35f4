// Prints, as JSON, the code with which tests make the contracts that smart accounts need. One argument: a folder to keep
// the compiler's output in.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const here = path.dirname(new URL(import.meta.url).pathname);
const packaged = (name) => path.join(here, "../node_modules", name);
const artifact = (name) => JSON.parse(readFileSync(packaged(name), "utf8")).bytecode;
const word = (address) => address.slice(2).toLowerCase().padStart(64, "0");

const ENTRY_POINT = "0x0000000071727De22E5E9d8BAf0edAc6f37da032";
const KERNEL = "0xBAC849bB641841b44E965fB01A4Bf5F074f84b4D";

/** Our own contracts, compiled once for each change of their source. */
function compiled(folder) {
  const source = readFileSync(path.join(here, "../solidity/Modules.sol"), "utf8");
  const kept = path.join(folder, `modules-${createHash("sha256").update(source).digest("hex").slice(0, 16)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const settings = { optimizer: { enabled: true }, evmVersion: "cancun", outputSelection: { "*": { "*": ["evm.bytecode.object"] } } };
  const input = { language: "Solidity", sources: { "Modules.sol": { content: source } }, settings };
  const output = JSON.parse(require("solc").compile(JSON.stringify(input)));
  const errors = (output.errors ?? []).filter((one) => one.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((one) => one.formattedMessage).join("\n"));
  const contracts = Object.entries(output.contracts["Modules.sol"]);
  const code = Object.fromEntries(contracts.map(([name, { evm }]) => [name, `0x${evm.bytecode.object}`]));
  mkdirSync(folder, { recursive: true });
  // whole or not at all: several tests may be at it
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(code));
  renameSync(`${kept}.${process.pid}`, kept);
  return code;
}

/** Kernel and its factory, which their package has as two constants of a Solidity file. */
function kernel() {
  const file = packaged("@rhinestone/modulekit/src/deployment/precompiles/KernelPrecompiles.sol");
  const source = readFileSync(file, "utf8");
  const constant = (name) => `0x${new RegExp(`${name} =\\s*hex"([0-9a-fA-F]+)"`).exec(source)[1]}`;
  return {
    kernel: constant("KERNEL_BYTECODE") + word(ENTRY_POINT),
    factory: constant("KERNEL_FACTORY_BYTECODE") + word(KERNEL),
  };
}

const own = compiled(process.argv[2]);
const { kernel: account, factory } = kernel();
const safe = "@safe-global/safe-contracts/build/artifacts/contracts/libraries/CreateCall.sol/CreateCall.json";

console.log(
  JSON.stringify({
    // made by the deployer that every chain has: this salt leads to the address that every chain has
    entryPoint: {
      address: ENTRY_POINT,
      salt: "0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3",
      creation: artifact("@account-abstraction/contracts/artifacts/EntryPoint.json"),
    },
    // put where every chain has them
    placed: [
      { address: KERNEL, creation: account },
      { address: "0xaac5D4240AF87249B3f71BC8E4A2cae074A3E419", creation: factory },
      { address: "0x9b35Af71d77eaf8d7e40252370304687390A1A52", creation: artifact(safe) },
      { address: "0xd703aaE79538628d27099B8c4f621bE4CCd142d5", creation: own.MetaFactory },
      { address: "0x845ADb2C711129d4f3966735eD98a9F09fC4cE57", creation: own.OwnerValidator },
      { address: "0x6A6F069E2a08c2468e7724Ab3250CdBFBA14D4FF", creation: own.SessionSigner },
      { address: "0x67b436caD8a6D025DF6C82C5BB43fbF11fC5B9B7", creation: own.SudoPolicy },
      { address: "0xB9f8f524bE6EcD8C945b1b87f9ae5C192FdCE20F", creation: own.TimestampPolicy },
      { address: "0x9a52283276A0ec8740DF50bF01B28A80D880eaf2", creation: own.CallPolicy },
    ],
    // made by tests that want them
    paymaster: own.Paymaster,
    bell: own.Bell,
  }),
);
