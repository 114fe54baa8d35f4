use std::path::{Path, PathBuf};

use crate::poll::Mode;

/// Where the files of one circuit lie, relative to the folder of proving keys, in the layout of
/// the official archives. The folder and the files carry the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircuitFiles {
    name: String,
}

impl CircuitFiles {
    /// The files of a circuit called `name`, such as `PollJoining_10_test`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// The name of a mode's circuit, from a setting that leaves the mode out:
    /// `MessageProcessor_10-20-2_test` gives `MessageProcessorQv_10-20-2_test`. FULL polls are
    /// tallied with the NON_QV circuit.
    pub fn with_mode(setting: &str, mode: Mode) -> Self {
        let word = match mode {
            Mode::Full if setting.starts_with("VoteTally") => Mode::NonQv.circuit_word(),
            Mode::Qv | Mode::NonQv | Mode::Full => mode.circuit_word(),
        };
        Self::new(match setting.split_once('_') {
            Some((template, rest)) => format!("{template}{word}_{rest}"),
            None => format!("{setting}{word}"),
        })
    }

    /// The circuit's name as its files carry it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The proving key.
    pub fn zkey(&self, root: &Path) -> PathBuf {
        self.folder(root).join(format!("{}.0.zkey", self.name))
    }

    /// The witness calculator for any machine.
    pub fn wasm(&self, root: &Path) -> PathBuf {
        let name = &self.name;
        self.folder(root)
            .join(format!("{name}_js"))
            .join(format!("{name}.wasm"))
    }

    /// The native witness calculator; its data lies beside it with the ending `.dat`.
    pub fn native(&self, root: &Path) -> PathBuf {
        let name = &self.name;
        self.folder(root).join(format!("{name}_cpp")).join(name)
    }

    /// The constraint system.
    pub fn r1cs(&self, root: &Path) -> PathBuf {
        self.folder(root).join(format!("{}.r1cs", self.name))
    }

    /// The names of the constraint system's wires.
    pub fn sym(&self, root: &Path) -> PathBuf {
        self.folder(root).join(format!("{}.sym", self.name))
    }

    fn folder(&self, root: &Path) -> PathBuf {
        root.join(&self.name)
    }
}
