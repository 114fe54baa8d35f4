//! Single kernels, for benchmarks.
