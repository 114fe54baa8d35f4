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

function compile(input, version, id) {
  if (!solc.version().startsWith(version.replace(/^v/, ""))) throw new Error(`no compiler ${version}`);
  const [, file, name] = /^(.*):([^:]*)$/.exec(id) ?? [];
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const broken = (output.errors ?? []).find((one) => one.severity === "error");
  if (broken) throw new Error(broken.formattedMessage);
  const contract = output.contracts?.[file]?.[name];
  if (!contract) throw new Error(`the source has no ${id}`);
  return contract.evm.bytecode;
}

// The code with library addresses as they stand in what was sent, which is how Sourcify links.
function linkedAsIn(bytecode, sent) {
  let code = bytecode.object;
  for (const places of Object.values(bytecode.linkReferences).flatMap(Object.values)) {
    for (const { start, length } of places) {
      const [from, to] = [2 * start, 2 * (start + length)];
      code = code.slice(0, from) + sent.slice(from, to) + code.slice(to);
    }
  }
  return code;
}

// Code without the metadata at its end, of which linked libraries are part.
function bare(code) {
  const length = parseInt(code.slice(-4), 16);
  return code.slice(0, -2 * (length + 2));
}

// Runs the creation code with the arguments: what it leaves has to be what is on the chain.
async function matches(creation, args, at) {
  const [made, there] = await Promise.all([
    ask("eth_call", [{ data: `0x${creation}${args}` }, "latest"]),
    ask("eth_getCode", [at, "latest"]),
  ]);
  if (there === "0x") return false;
  // a library has its own address in its code
  const own = at.slice(2).toLowerCase();
  return bare(made.replaceAll(own, "")) === bare(there.replaceAll(own, ""));
}

async function verify({ input, version, id, at, args, transaction }) {
  const bytecode = compile(input, version, id);
  let creation = bytecode.object;
  if (transaction) {
    const sent = (await ask("eth_getTransactionByHash", [transaction])).input.slice(2);
    creation = linkedAsIn(bytecode, sent);
    if (!sent.startsWith(creation)) throw new Error("the creation code does not match");
    args = sent.slice(creation.length);
  }
  if (creation.includes("__$")) throw new Error("the code is not linked");
  if (!(await matches(creation, args ?? "", at))) throw new Error("the deployed code does not match");
  verified.add(at.toLowerCase());
}

function begin(work) {
  const id = String(jobs.size + 1);
  const job = { asked: 0, ended: false, error: undefined };
  jobs.set(id, job);
  verify(work)
    .catch((error) => (job.error = String(error.message).slice(0, 300)))
    .finally(() => (job.ended = true));
  return id;
}

function sourcify(method, parts, body) {
  const [, , third, at] = parts;
  if (method === "GET") {
    const job = jobs.get(third);
    if (!job) return [404, { message: "no such job" }];
    if (!job.ended) return [200, { isJobCompleted: false }];
    const contract = { match: job.error ? null : "exact_match" };
    return [200, { isJobCompleted: true, contract, ...(job.error && { error: { message: job.error } }) }];
  }
  if (verified.has(at.toLowerCase())) return [409, { customCode: "already_verified", message: "already verified" }];
  const { stdJsonInput: input, compilerVersion: version, contractIdentifier: id, creationTransactionHash } = body;
  if (!input || !version || !id) return [400, { message: "stdJsonInput, compilerVersion, contractIdentifier" }];
  return [202, { verificationId: begin({ input, version, id, at, transaction: creationTransactionHash }) }];
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
  const input = JSON.parse(field("sourceCode"));
  const work = { input, version: field("compilerversion"), id: field("contractname"), at };
  return told("1", begin({ ...work, args: field("constructorArguements") }));
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
