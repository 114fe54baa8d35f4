//! Circom's wasm calculator, compiled once and run in a fresh instance for every witness.

use std::path::{Path, PathBuf};

use ark_bn254::Fr;
use wasmtime::{Instance, InstancePre, Memory, Store, StoreLimitsBuilder, TypedFunc};

use super::runtime::{self, Exception, Host};
use super::{InputError, Inputs, ModuleCache, Witness, WitnessError};
use crate::formats::fields::{ELEMENT, scalar_from_plain, scalar_modulus, scalar_to_plain};

/// The most memory a calculator may take, in bytes: a wasm32 module cannot address more.
const MOST_MEMORY: usize = 4 << 30;

/// A circuit's witness calculator, ready to run. Any number of threads may run it at once.
pub struct WasmCalculator {
    path: PathBuf,
    module: InstancePre<Host>,
    accelerated: bool,
}

impl WasmCalculator {
    /// Loads a calculator, compiling it unless `cache` has it compiled already.
    pub fn open(path: &Path, cache: &ModuleCache) -> Result<Self, WitnessError> {
        let (module, accelerated) = cache.load(path)?;
        let not_one = |error: wasmtime::Error| WitnessError::NotACalculator {
            path: path.to_owned(),
            reason: format!("{error:#}"),
        };
        let linker = runtime::linker(module.engine()).map_err(not_one)?;
        let module = linker.instantiate_pre(&module).map_err(not_one)?;
        let calculator = Self {
            path: path.to_owned(),
            module,
            accelerated,
        };
        if calculator.start()?.prime()? != scalar_modulus() {
            return Err(WitnessError::WrongField { path: path.to_owned() });
        }
        Ok(calculator)
    }

    /// Whether circom's products of field elements were found in the module and replaced by faster
    /// ones; if not, witnesses are the same and take longer.
    pub fn is_accelerated(&self) -> bool {
        self.accelerated
    }

    /// The number of values in a witness of this circuit.
    pub fn witness_len(&self) -> Result<usize, WitnessError> {
        let mut run = self.start()?;
        run.number("getWitnessSize")
    }

    /// The number of values the circuit takes for an input signal; nothing if it has no such input.
    pub fn input_len(&self, signal: &str) -> Result<Option<usize>, WitnessError> {
        self.start()?.input_len(SignalHash::of(signal))
    }

    /// Computes the witness.
    pub fn witness(&self, inputs: &Inputs) -> Result<Witness, WitnessError> {
        let mut run = self.start()?;
        run.set_inputs(inputs)?;
        run.read_witness()
    }

    fn start(&self) -> Result<Run<'_>, WitnessError> {
        let limits = StoreLimitsBuilder::new().memory_size(MOST_MEMORY).memories(1).build();
        let host = Host {
            limits,
            ..Host::default()
        };
        let mut store = Store::new(self.module.module().engine(), host);
        store.limiter(|host| &mut host.limits);
        let instance = self
            .module
            .instantiate(&mut store)
            .map_err(|error| self.unfit(&error))?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| self.unfit(&wasmtime::Error::msg("it exports no memory")))?;
        let mut run = Run {
            calculator: self,
            store,
            instance,
            memory,
            shared: 0,
        };
        run.shared = run.number("getSharedRWMemoryStart")?;
        if run.number("getFieldNumLen32")? * 4 != ELEMENT {
            return Err(WitnessError::WrongField {
                path: self.path.clone(),
            });
        }
        Ok(run)
    }

    fn unfit(&self, error: &wasmtime::Error) -> WitnessError {
        WitnessError::NotACalculator {
            path: self.path.clone(),
            reason: format!("{error:#}"),
        }
    }
}

impl std::fmt::Debug for WasmCalculator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WasmCalculator({})", self.path.display())
    }
}

/// One instance of the module, good for one witness.
struct Run<'c> {
    calculator: &'c WasmCalculator,
    store: Store<Host>,
    instance: Instance,
    memory: Memory,
    /// Where values are handed over, in the module's memory.
    shared: usize,
}

impl Run<'_> {
    fn set_inputs(&mut self, inputs: &Inputs) -> Result<(), WitnessError> {
        let init = self.function::<i32, ()>("init")?;
        self.call(&init, 0)?;
        let set = self.function::<(i32, i32, i32), ()>("setInputSignal")?;
        let expected = self.number("getInputSize")?;
        self.check_shapes(inputs, expected)?;
        for (signal, values) in inputs.iter() {
            let SignalHash { high, low } = SignalHash::of(signal);
            for (index, value) in (0i32..).zip(values) {
                self.put_shared(value)?;
                // The last value set makes the circuit run.
                if let Err(error) = set.call(&mut self.store, (high, low, index)) {
                    return Err(self.explain(&error, signal));
                }
            }
        }
        Ok(())
    }

    /// Compares names and lengths before anything runs, so that a mistake is named as such.
    fn check_shapes(&mut self, inputs: &Inputs, expected: usize) -> Result<(), WitnessError> {
        let mut given = 0;
        let mut seen = std::collections::HashSet::new();
        for (signal, values) in inputs.iter() {
            let name = || signal.to_owned();
            if !seen.insert(signal) {
                return Err(InputError::Twice { signal: name() }.into());
            }
            let found = values.len();
            match self.input_len(SignalHash::of(signal))? {
                Some(expected) if expected == found => given += found,
                Some(expected) => {
                    return Err(InputError::Size {
                        signal: name(),
                        expected,
                        found,
                    }
                    .into());
                }
                None if found == 0 => {} // an array of no elements leaves no trace in the module
                None => return Err(InputError::Unknown { signal: name() }.into()),
            }
        }
        if given != expected {
            return Err(InputError::Missing { given, expected }.into());
        }
        Ok(())
    }

    fn input_len(&mut self, hash: SignalHash) -> Result<Option<usize>, WitnessError> {
        let size = self.function::<(i32, i32), i32>("getInputSignalSize")?;
        let found = match size.call(&mut self.store, (hash.high, hash.low)) {
            Ok(found) => found,
            Err(error) if error.downcast_ref() == Some(&Exception::SIGNAL_NOT_FOUND) => 0,
            Err(error) => return Err(self.explain(&error, "")),
        };
        Ok(usize::try_from(found).ok().filter(|&found| found > 0))
    }

    fn read_witness(&mut self) -> Result<Witness, WitnessError> {
        let len = self.number("getWitnessSize")?;
        let get = self.function::<i32, ()>("getWitness")?;
        // A witness cannot be larger than the memory it lies in.
        let bound = self.memory.data_size(&self.store) / ELEMENT;
        let mut values = Vec::with_capacity(len.min(bound));
        for index in 0..len {
            self.call(&get, index as i32)?;
            values.push(self.take_shared()?);
        }
        Ok(Witness::new(values))
    }

    fn prime(&mut self) -> Result<[u8; ELEMENT], WitnessError> {
        let get = self.function::<(), ()>("getRawPrime")?;
        self.call(&get, ())?;
        self.shared_bytes()
    }

    fn put_shared(&mut self, value: &Fr) -> Result<(), WitnessError> {
        let written = self.memory.write(&mut self.store, self.shared, &scalar_to_plain(value));
        written.map_err(|error| self.calculator.unfit(&error.into()))
    }

    fn take_shared(&mut self) -> Result<Fr, WitnessError> {
        scalar_from_plain(&self.shared_bytes()?).ok_or_else(|| WitnessError::Stopped {
            reason: "it gave a value that is not below the field's order".into(),
        })
    }

    fn shared_bytes(&self) -> Result<[u8; ELEMENT], WitnessError> {
        let mut bytes = [0; ELEMENT];
        match self.memory.read(&self.store, self.shared, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(self.calculator.unfit(&error.into())),
        }
    }

    fn number(&mut self, function: &str) -> Result<usize, WitnessError> {
        let get = self.function::<(), i32>(function)?;
        let value = self.call(&get, ())?;
        Ok(value as u32 as usize)
    }

    fn function<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
        &mut self,
        name: &str,
    ) -> Result<TypedFunc<P, R>, WitnessError> {
        let found = self.instance.get_typed_func(&mut self.store, name);
        found.map_err(|error| self.calculator.unfit(&error))
    }

    fn call<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
        &mut self,
        function: &TypedFunc<P, R>,
        arguments: P,
    ) -> Result<R, WitnessError> {
        let called = function.call(&mut self.store, arguments);
        called.map_err(|error| self.explain(&error, ""))
    }

    fn explain(&self, error: &wasmtime::Error, signal: &str) -> WitnessError {
        let report = self.store.data().report.trim();
        match error.downcast_ref::<Exception>() {
            Some(&Exception::ASSERT_FAILED) => WitnessError::AssertFailed {
                place: (!report.is_empty()).then(|| report.replace('\n', ", ")),
            },
            Some(&Exception::SIGNAL_ALREADY_SET) => InputError::Twice {
                signal: signal.to_owned(),
            }
            .into(),
            Some(exception) => WitnessError::Stopped {
                reason: format!("{exception} {report}"),
            },
            None => WitnessError::Stopped {
                reason: error.root_cause().to_string(),
            },
        }
    }
}

/// The FNV-1a hash under which a calculator knows a signal, in two halves.
#[derive(Clone, Copy)]
struct SignalHash {
    high: i32,
    low: i32,
}

impl SignalHash {
    fn of(signal: &str) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        let hash = signal.bytes().fold(OFFSET, step);
        Self {
            high: (hash >> 32) as u32 as i32,
            low: hash as u32 as i32,
        }
    }
}
