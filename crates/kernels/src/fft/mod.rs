//! From the values of polynomials on a domain to the quotient's values on its coset.
//!
//! A polynomial given by its values on the `n`-th roots of one is transformed to coefficients and back to values on
//! the coset of a `2n`-th root. Both transforms are cut into columns and rows (Bailey's four steps) whose lengths are
//! about `√n`, so that each piece of work stays in the second-level cache, and eight columns or rows go side by side.
//! The rows of both transforms are done in one visit.
//!
//! - `plan`      roots and sizes for one domain
//! - `butterfly` one transform of a short column, eight columns at a time
//! - `coset`     the passes over the whole domain
//! - `small`     the definition, for domains too small to cut

mod butterfly;
mod coset;
mod plan;
mod small;

#[cfg(test)]
mod tests;

pub(crate) use coset::quotient;
pub(crate) use plan::{Plan, enter};
