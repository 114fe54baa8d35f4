// Runs the bundler until whoever started it goes away. The arguments are the bundler's own.

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
await import("../node_modules/@pimlico/alto/esm/cli/alto.js");
