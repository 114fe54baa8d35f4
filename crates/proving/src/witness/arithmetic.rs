//! Faster field arithmetic inside circom's wasm calculators.
//!
//! Most of a calculator's time goes into products of field elements, which circom builds from
//! 32-bit limbs because wasm had no wider product when it was written. The two functions are the
//! same bytes in every calculator over BN254. Where they are found, byte for byte, they are
//! replaced by the same product over 64-bit limbs, with wasm's wide arithmetic; any other module
//! is left as it is.

use ark_bn254::{Fr, FrConfig};
use ark_ff::{MontConfig, PrimeField};
use sha2::{Digest, Sha256};

/// SHA-256 of circom's Montgomery product, `(x, y, result)` by address.
const PRODUCT: &str = "69b5cdc0399b475b67821eed6c5fe31076b8794ae4343dea47d420f181223e80";
/// SHA-256 of circom's Montgomery square, `(x, result)` by address.
const SQUARE: &str = "eb1b08db05b836519e2e0a18306c428d137d256e46b425931b809f7b5687d78f";
/// The number of wasm's code section.
const CODE: u8 = 10;

/// The module with faster products; nothing if there is nothing to replace or it is no module.
pub(super) fn accelerate(wasm: &[u8]) -> Option<Vec<u8>> {
    let (preamble, mut rest) = wasm.split_at_checked(8)?;
    let mut module = preamble.to_vec();
    let mut replaced = 0;
    while let Some((&id, after)) = rest.split_first() {
        let (length, body) = read_length(after)?;
        let (body, after) = body.split_at_checked(length)?;
        let body = if id == CODE {
            replace_products(body, &mut replaced)?
        } else {
            body.to_vec()
        };
        module.push(id);
        push_length(&mut module, body.len());
        module.extend(body);
        rest = after;
    }
    (replaced > 0).then_some(module)
}

fn replace_products(code: &[u8], replaced: &mut usize) -> Option<Vec<u8>> {
    let (count, mut rest) = read_length(code)?;
    let mut section = Vec::with_capacity(code.len());
    push_length(&mut section, count);
    for _ in 0..count {
        let (length, body) = read_length(rest)?;
        let (body, after) = body.split_at_checked(length)?;
        // Only bodies about as large as those two are worth hashing.
        let hash = (3_000..5_000)
            .contains(&length)
            .then(|| hex::encode(Sha256::digest(body)));
        let faster = match hash.as_deref() {
            Some(PRODUCT) => Some(montgomery_product([0, 1], 2)),
            Some(SQUARE) => Some(montgomery_product([0, 0], 1)),
            Some(_) | None => None,
        };
        *replaced += usize::from(faster.is_some());
        let body = faster.as_deref().unwrap_or(body);
        push_length(&mut section, body.len());
        section.extend(body);
        rest = after;
    }
    rest.is_empty().then_some(section)
}

/// A function body: the operands' and the result's addresses are the parameters with these numbers.
///
/// For each limb of y: add x times the limb, then the multiple of the order that makes the lowest
/// limb zero, and drop that limb. What is left is below twice the order; one subtraction reduces it.
/// As in circom's own function, operands that are not reduced give the same value as there.
fn montgomery_product([x, y]: [u8; 2], result: u8) -> Vec<u8> {
    let [order0, order1, order2, order3] = Fr::MODULUS.0;
    let first = result + 1;
    let [x0, x1, x2, x3, t0, t1, t2, t3, t4, limb, factor, carry, second, low] =
        std::array::from_fn(|local| first + local as u8);
    let (xs, ts) = ([x0, x1, x2, x3], [t0, t1, t2, t3]);
    let mut code = Code::new(14);
    for (local, at) in xs.into_iter().zip(0..) {
        code.load(x, at).set(local);
    }
    for at in 0..4 {
        code.load(y, at).set(limb);
        code.constant(0).set(carry);
        for (x, t) in xs.into_iter().zip(ts) {
            // t, carry = t + x · limb + carry
            code.get(x).get(limb).wide_product();
            code.get(t).constant(0).wide_sum();
            code.get(carry).constant(0).wide_sum();
            code.set(carry).set(t);
        }
        // t4, second = t4 + carry; the upper half is at most one
        code.get(t4)
            .constant(0)
            .get(carry)
            .constant(0)
            .wide_sum()
            .set(second)
            .set(t4);
        code.get(t0).constant(FrConfig::INV).product().set(factor);
        code.get(factor).constant(order0).wide_product();
        code.get(t0).constant(0).wide_sum().set(carry).drop();
        for ((order, t), before) in [(order1, t1), (order2, t2), (order3, t3)].into_iter().zip(ts) {
            // the limb before t, carry = t + factor · order + carry
            code.get(factor).constant(order).wide_product();
            code.get(t).constant(0).wide_sum();
            code.get(carry).constant(0).wide_sum();
            code.set(carry).set(before);
        }
        code.get(t4)
            .constant(0)
            .get(carry)
            .constant(0)
            .wide_sum()
            .set(carry)
            .set(t3);
        code.get(second).get(carry).sum().set(t4);
    }
    // The limbs minus the order go to the places of x; `carry` is 0 or −1, the borrow.
    code.constant(0).set(carry);
    for ((x, t), order) in xs.into_iter().zip(ts).zip([order0, order1, order2, order3]) {
        code.get(t).constant(0).get(carry).get(carry).wide_sum();
        code.constant(order).constant(0).wide_difference();
        code.set(carry).set(x);
    }
    // Keep what there was if the order was larger: a borrow that the fifth limb cannot pay.
    code.get(t4).get(carry).sum().set(low);
    for ((x, t), at) in xs.into_iter().zip(ts).zip(0..) {
        code.get(result);
        code.get(t).get(x).get(low).constant(u64::MAX).equal().select();
        code.store(at);
    }
    code.end()
}

/// Writes instructions. All locals beside the parameters are 64-bit numbers, zero at first.
struct Code(Vec<u8>);

impl Code {
    fn new(locals: u8) -> Self {
        const I64: u8 = 0x7e;
        Self(vec![1, locals, I64]) // one group of locals
    }

    fn op(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend(bytes);
        self
    }

    fn get(&mut self, local: u8) -> &mut Self {
        self.op(&[0x20, local])
    }

    fn set(&mut self, local: u8) -> &mut Self {
        self.op(&[0x21, local])
    }

    fn drop(&mut self) -> &mut Self {
        self.op(&[0x1a])
    }

    fn constant(&mut self, value: u64) -> &mut Self {
        self.0.push(0x42);
        let mut rest = value as i64;
        loop {
            let byte = (rest & 0x7f) as u8;
            rest >>= 7;
            let last = (rest == 0 && byte & 0x40 == 0) || (rest == -1 && byte & 0x40 != 0);
            self.0.push(if last { byte } else { byte | 0x80 });
            if last {
                return self;
            }
        }
    }

    /// Loads the limb `at` from the address in a parameter.
    fn load(&mut self, parameter: u8, at: u8) -> &mut Self {
        self.get(parameter).op(&[0x29, 0, 8 * at])
    }

    /// Stores a limb at the address below it on the stack.
    fn store(&mut self, at: u8) -> &mut Self {
        self.op(&[0x37, 0, 8 * at])
    }

    fn sum(&mut self) -> &mut Self {
        self.op(&[0x7c])
    }

    fn product(&mut self) -> &mut Self {
        self.op(&[0x7e])
    }

    fn equal(&mut self) -> &mut Self {
        self.op(&[0x51])
    }

    fn select(&mut self) -> &mut Self {
        self.op(&[0x1b])
    }

    /// 128-bit sum: two numbers, each low half first, give one.
    fn wide_sum(&mut self) -> &mut Self {
        self.op(&[0xfc, 19])
    }

    fn wide_difference(&mut self) -> &mut Self {
        self.op(&[0xfc, 20])
    }

    /// 128-bit product of two 64-bit numbers without sign.
    fn wide_product(&mut self) -> &mut Self {
        self.op(&[0xfc, 22])
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(0x0b);
        self.0
    }
}

fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (position, &byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, bytes.get(position + 1..)?));
        }
    }
    None
}

fn push_length(into: &mut Vec<u8>, length: usize) {
    let mut rest = length;
    while rest >= 0x80 {
        into.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    into.push(rest as u8);
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;
    use wasmtime::{Config, Engine, Instance, Module, Store};

    use super::*;

    /// A module that exports its memory as `m` and the product as `p`.
    fn module() -> Vec<u8> {
        let body = montgomery_product([0, 1], 2);
        let mut code = vec![1];
        push_length(&mut code, body.len());
        code.extend(body);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for section in [
            &[1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0][..], // a type: three addresses to nothing
            &[3, 2, 1, 0],                                // a function of that type
            &[5, 3, 1, 0, 1],                             // a page of memory
            &[7, 9, 2, 1, b'm', 2, 0, 1, b'p', 0, 0],
        ] {
            module.extend(section);
        }
        module.push(CODE);
        push_length(&mut module, code.len());
        module.extend(code);
        module
    }

    /// Runs the product with the result in the place of the first operand.
    fn product(x: &[u8; 32], y: &[u8; 32]) -> BigUint {
        let engine = Engine::new(Config::new().wasm_wide_arithmetic(true)).unwrap();
        let module = Module::new(&engine, module()).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "m").unwrap();
        memory.write(&mut store, 64, x).unwrap();
        memory.write(&mut store, 128, y).unwrap();
        let product = instance.get_typed_func::<(i32, i32, i32), ()>(&mut store, "p").unwrap();
        product.call(&mut store, (64, 128, 64)).unwrap();
        let mut result = [0; 32];
        memory.read(&store, 64, &mut result).unwrap();
        BigUint::from_bytes_le(&result)
    }

    /// The definition: (xy + mp) / 2^256 with the m that makes it whole, less p once if it is not smaller.
    fn by_definition(x: &[u8; 32], y: &[u8; 32]) -> BigUint {
        let order = BigUint::from(Fr::MODULUS);
        let radix = BigUint::from(1u8) << 256;
        let product = BigUint::from_bytes_le(x) * BigUint::from_bytes_le(y);
        let inverse = order.modinv(&radix).unwrap();
        let factor = (&radix - &product % &radix) * inverse % &radix;
        let reduced = (product + factor * &order) >> 256;
        if reduced >= order { reduced - order } else { reduced }
    }

    #[test]
    fn extreme_operands_give_the_product_by_definition() {
        let order: [u8; 32] = BigUint::from(Fr::MODULUS).to_bytes_le().try_into().unwrap();
        let mut below = order;
        below[0] -= 1;
        let mut one = [0; 32];
        one[0] = 1;
        for x in [[0; 32], one, below, order, [0xff; 32]] {
            for y in [[0; 32], one, below] {
                assert_eq!(product(&x, &y), by_definition(&x, &y));
                assert_eq!(product(&y, &x), by_definition(&y, &x));
            }
        }
    }

    #[test]
    fn what_is_no_calculator_is_left_alone() {
        assert_eq!(accelerate(&module()), None);
        for bytes in [b"".as_slice(), b"hello", b"\0asm\x01\0\0\0", b"\0asm\x01\0\0\0\x0a\xff"] {
            assert_eq!(accelerate(bytes), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn products_are_those_by_definition(x: [u8; 32], mut y: [u8; 32]) {
            y[31] &= 0x1f; // below the order, as one operand always is
            prop_assert_eq!(product(&x, &y), by_definition(&x, &y));
        }

        #[test]
        fn noise_is_no_module(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut module = b"\0asm\x01\0\0\0".to_vec();
            module.extend(bytes);
            prop_assert_eq!(accelerate(&module), None);
        }
    }
}
