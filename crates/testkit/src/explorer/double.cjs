// An explorer that does what real ones do: it compiles what it is handed with the compiler it names, and compares the
// result with the chain. It speaks Sourcify's API (version 2) and Etherscan's. Its arguments: the folder of the pinned
// packages, and a JSON-RPC endpoint.
"use strict";
const http = require("node:http");
const path = require("node:path");

const [contracts, rpc] = process.argv.slice(2);
const solc = require(path.join(contracts, "node_modules", "solc-0.8.28"));
const jobs = new Map();
const verified = new Set();

async function ask(method, params) {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const answer = await fetch(rpc, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

// What the compiler makes of a submission; which outputs it is asked for is the explorer's own choice.
function compile(input, version, id) {
  if (!solc.version().startsWith(version.replace(/^v/, ""))) throw new Error(`no compiler ${version}`);
  const [, file, name] = /^(.*):([^:]*)$/.exec(id) ?? [];
  const outputSelection = { [file]: { [name]: ["evm.bytecode", "evm.deployedBytecode"] } };
  const asked = { ...input, settings: { ...input.settings, outputSelection } };
  const output = JSON.parse(solc.compile(JSON.stringify(asked)));
  const broken = (output.errors ?? []).find((one) => one.severity === "error");
  if (broken) throw new Error(broken.formattedMessage);
  const contract = output.contracts?.[file]?.[name];
  if (!contract) throw new Error(`the source has no ${id}`);
  return { creation: contract.evm.bytecode, runtime: contract.evm.deployedBytecode };
}

const bytes = (code) => (code ?? "0x").slice(2).toLowerCase();
const places = (references) => Object.values(references ?? {}).flat();
const libraries = (bytecode) => Object.values(bytecode.linkReferences ?? {}).flatMap(places);

// `code` with what `other` has at these places.
function filled(code, other, at) {
  for (const { start, length } of at) {
    const [from, to] = [2 * start, 2 * (start + length)];
    code = code.slice(0, from) + other.slice(from, to) + code.slice(to);
  }
  return code;
}

// Code without the metadata at its end.
const bare = (code) => code.slice(0, -2 * (parseInt(code.slice(-4), 16) + 2));

// Code with every hash of metadata left out, those of contracts it makes too.
const unhashed = (code) => code.replaceAll(/(a2646970667358221220)[0-9a-f]{64}(64736f6c6343)/g, "$1$2");

// How Sourcify compares: libraries are read out of the chain's code where the compiler left gaps, the values of
// immutables are filled in, and a difference in the metadata alone makes a lesser match.
function compare(bytecode, there) {
  const gaps = [...libraries(bytecode), ...places(bytecode.immutableReferences)];
  const code = filled(bytecode.object, there, gaps);
  if (there.startsWith(code)) return "exact_match";
  const short = bare(code);
  return there.startsWith(short) && there.length >= code.length ? "match" : null;
}

async function sourcifies({ input, version, id, at, transaction }) {
  const { creation, runtime } = compile(input, version, id);
  const there = bytes(await ask("eth_getCode", [at, "latest"]));
  if (!there) throw new Error("no contract is deployed there");
  const runtimeMatch = there.length === runtime.object.length ? compare(runtime, there) : null;
  const made = transaction && (await ask("eth_getTransactionByHash", [transaction]));
  const creationMatch = made ? compare(creation, bytes(made.input)) : null;
  if (!runtimeMatch || (made && !creationMatch)) throw new Error("The onchain and recompiled bytecodes don't match");
  const lesser = [runtimeMatch, creationMatch].includes("match");
  return { match: lesser ? "match" : "exact_match", runtimeMatch, creationMatch };
}

// The input of the transaction that made a contract; none for what another contract made.
async function creationOf(at) {
  for (let block = Number(await ask("eth_blockNumber", [])); block > 0; block -= 1) {
    const receipts = await ask("eth_getBlockReceipts", [`0x${block.toString(16)}`]);
    const made = receipts.find((one) => one.contractAddress?.toLowerCase() === at.toLowerCase());
    if (made) return bytes((await ask("eth_getTransactionByHash", [made.transactionHash])).input);
  }
  return undefined;
}

// How Etherscan compares: libraries stand in the settings, so the metadata differs and its hashes are left out; the
// constructor's arguments must be those that were sent.
async function etherscans({ input, version, id, at, args }) {
  const { creation, runtime } = compile(input, version, id);
  if (runtime.object.includes("__$")) throw new Error("the settings do not name every library");
  const there = bytes(await ask("eth_getCode", [at, "latest"]));
  const expected = filled(runtime.object, there, places(runtime.immutableReferences));
  if (unhashed(expected) !== unhashed(there)) throw new Error("the deployed code does not match");
  const sent = await creationOf(at);
  const wanted = sent === undefined ? undefined : unhashed(sent);
  if (wanted === undefined ? args : wanted !== unhashed(creation.object) + args) {
    throw new Error("the creation code or the constructor's arguments do not match");
  }
}

function begin(verifying, at) {
  const id = String(jobs.size + 1);
  const job = { ended: false, error: undefined, contract: undefined };
  jobs.set(id, job);
  verifying
    .then((contract) => {
      job.contract = contract;
      verified.add(at.toLowerCase());
    })
    .catch((error) => (job.error = String(error.message).slice(0, 300)))
    .finally(() => (job.ended = true));
  return id;
}

function sourcify(method, parts, body) {
  const [, , third, at] = parts;
  if (method === "GET") {
    const job = jobs.get(third);
    if (!job) return [404, { customCode: "job_not_found", message: "no such job" }];
    const told = { verificationId: third, isJobCompleted: job.ended };
    if (!job.ended) return [200, { ...told, contract: { match: null } }];
    if (job.error) return [200, { ...told, contract: { match: null }, error: { customCode: "no_match", message: job.error } }];
    return [200, { ...told, contract: job.contract }];
  }
  if (verified.has(at.toLowerCase())) return [409, { customCode: "already_verified", message: "already verified" }];
  const { stdJsonInput: input, compilerVersion: version, contractIdentifier: id, creationTransactionHash } = body;
  if (!input || !version || !id) return [400, { customCode: "invalid_parameter", message: "a field is missing" }];
  return [202, { verificationId: begin(sourcifies({ input, version, id, at, transaction: creationTransactionHash }), at) }];
}

function etherscan(query, form) {
  const field = (name) => form.get(name) ?? query.get(name);
  const told = (status, result) => [200, { status, message: status === "1" ? "OK" : "NOTOK", result }];
  if (field("apikey") !== "a key for tests only") return told("0", "Invalid API Key");
  if (!query.get("chainid")) return told("0", "Missing chainid");
  if (field("action") === "checkverifystatus") {
    const job = jobs.get(field("guid"));
    if (!job) return told("0", "Unknown GUID");
    if (!job.ended) return told("0", "Pending in queue");
    return job.error ? told("0", `Fail - Unable to verify. ${job.error}`) : told("1", "Pass - Verified");
  }
  const at = field("contractaddress");
  if (verified.has(at.toLowerCase())) return told("0", "Contract source code already verified");
  if (field("codeformat") !== "solidity-standard-json-input") return told("0", "Unknown code format");
  const [version, id, args] = ["compilerversion", "contractname", "constructorArguements"].map(field);
  return told("1", begin(etherscans({ input: JSON.parse(field("sourceCode")), version, id, at, args: args ?? "" }), at));
}

http
  .createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url, "http://localhost");
      const text = Buffer.concat(chunks).toString();
      let answer;
      try {
        answer = url.pathname.startsWith("/v2/verify/")
          ? sourcify(request.method, url.pathname.split("/").slice(1), text ? JSON.parse(text) : undefined)
          : etherscan(url.searchParams, new URLSearchParams(text));
      } catch (error) {
        answer = [500, { message: String(error) }];
      }
      response.writeHead(answer[0], { "content-type": "application/json" });
      response.end(JSON.stringify(answer[1]));
    });
  })
  .listen(0, "127.0.0.1", function () {
    console.log(this.address().port);
  });
