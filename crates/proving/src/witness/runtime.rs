//! What a circom 2 calculator calls in its host, and what its exceptions mean.

use wasmtime::{Caller, Engine, Extern, Linker};

/// Longest list of places kept from one failed run, in bytes.
const MOST_REPORT: usize = 4096;

/// What a running calculator has reported.
#[derive(Default)]
pub(super) struct Host {
    /// Lines from `printErrorMessage`: the templates and lines of a failed assertion.
    pub report: String,
    /// Bounds the calculator's memory.
    pub limits: wasmtime::StoreLimits,
}

/// An exception raised by the calculator, by circom's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.meaning())]
pub(super) struct Exception(pub i32);

impl Exception {
    pub(super) const SIGNAL_NOT_FOUND: Self = Self(1);
    pub(super) const SIGNAL_ALREADY_SET: Self = Self(3);
    pub(super) const ASSERT_FAILED: Self = Self(4);

    fn meaning(self) -> &'static str {
        match self.0 {
            1 => "signal not found",
            2 => "too many signals set",
            3 => "signal already set",
            4 => "assertion failed",
            5 => "not enough memory",
            6 => "access beyond the size of an input signal array",
            7 => "access beyond the bounds of an array",
            _ => "an exception with a number that circom does not define",
        }
    }
}

/// Defines the imports of a circom 2 module.
pub(super) fn linker(engine: &Engine) -> Result<Linker<Host>, wasmtime::Error> {
    let mut linker = Linker::new(engine);
    linker.func_wrap(
        "runtime",
        "exceptionHandler",
        |code: i32| -> Result<(), wasmtime::Error> { Err(wasmtime::Error::from(Exception(code))) },
    )?;
    linker.func_wrap("runtime", "printErrorMessage", |mut caller: Caller<'_, Host>| {
        let message = take_message(&mut caller)?;
        let report = &mut caller.data_mut().report;
        if report.len() < MOST_REPORT {
            report.push_str(message.trim());
            report.push('\n');
        }
        Ok::<_, wasmtime::Error>(())
    })?;
    // `log` statements of a circuit may print secret signals: their text is taken and dropped.
    linker.func_wrap("runtime", "writeBufferMessage", |mut caller: Caller<'_, Host>| {
        take_message(&mut caller).map(drop)
    })?;
    linker.func_wrap("runtime", "showSharedRWMemory", || {})?;
    linker.func_wrap("runtime", "log", |_: i32| {})?;
    Ok(linker)
}

fn take_message(caller: &mut Caller<'_, Host>) -> Result<String, wasmtime::Error> {
    let missing = || wasmtime::Error::msg("the module exports no getMessageChar");
    let next = caller
        .get_export("getMessageChar")
        .and_then(Extern::into_func)
        .ok_or_else(missing)?;
    let next = next.typed::<(), i32>(&*caller)?;
    let mut message = String::new();
    while message.len() < MOST_REPORT {
        let Some(character) = u32::try_from(next.call(&mut *caller, ())?)
            .ok()
            .and_then(char::from_u32)
        else {
            break;
        };
        if character == '\0' {
            break;
        }
        message.push(character);
    }
    Ok(message)
}
