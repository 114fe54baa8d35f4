//! A folder with everything that the parties of a ceremony need.

use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use maci_protocol::CircuitId;
use maci_protocol::circuit::CircuitFiles;
use sha2::{Digest, Sha256};

use super::{CeremonyError, CircuitHash, initial_key};
use crate::formats::ptau::PtauFile;
use crate::formats::r1cs::R1cs;

/// What parties do with the files; circuits and checksums are filled in.
const INSTRUCTIONS: &str = include_str!("instructions.md");

/// Why a folder was not made.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// There is nothing to make a key for.
    #[error("{circuit} is not built: {} is missing; run `circuits build` first", r1cs.display())]
    NotBuilt {
        /// The circuit.
        circuit: CircuitId,
        /// Where its constraints would be.
        r1cs: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// There is no key to start from.
    #[error("{circuit}: {source}")]
    Key {
        /// The circuit.
        circuit: CircuitId,
        /// Why.
        #[source]
        source: CeremonyError,
    },
}

/// A folder that is being filled.
#[derive(Debug)]
pub struct Bundle {
    folder: PathBuf,
    ptau: PathBuf,
    circuits: Vec<Bundled>,
    files: Vec<PathBuf>,
}

/// One circuit of a ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// The circuit.
    pub circuit: CircuitId,
    /// What the ceremony calls it.
    pub hash: CircuitHash,
    /// Its constraints.
    pub constraints: u32,
    /// The key to start from, relative to the folder.
    pub zkey: PathBuf,
}

impl Bundle {
    /// Starts a folder for keys made from a powers-of-tau file.
    pub fn begin(folder: &Path, ptau: &Path) -> Result<Self, BundleError> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
            ptau: ptau.to_owned(),
            circuits: Vec::new(),
            files: Vec::new(),
        })
    }

    /// Adds a circuit that was built below `root`: its constraints, its symbols if they are there,
    /// and the key that nobody has contributed to yet.
    pub fn add(&mut self, circuit: CircuitId, root: &Path) -> Result<&Bundled, BundleError> {
        let name = PathBuf::from(circuit.to_string());
        let into = self.folder.join(&name);
        fs::create_dir_all(&into).map_err(failed(&into))?;
        let built = CircuitFiles::new(circuit.to_string());
        let (r1cs, symbols) = (built.r1cs(root), built.sym(root));
        if !r1cs.is_file() {
            return Err(BundleError::NotBuilt { circuit, r1cs });
        }
        for from in [&r1cs, &symbols].into_iter().filter(|path| path.is_file()) {
            let file = name.join(from.file_name().unwrap_or_default());
            fs::copy(from, self.folder.join(&file)).map_err(failed(from))?;
            self.files.push(file);
        }
        let zkey = name.join(format!("{circuit}_0000.zkey"));
        let made = || -> Result<Bundled, CeremonyError> {
            let constraints = R1cs::read(&r1cs)?;
            let hash = initial_key(&constraints, &PtauFile::open(&self.ptau)?, &self.folder.join(&zkey))?;
            Ok(Bundled {
                circuit,
                hash,
                constraints: constraints.shape.constraints,
                zkey: zkey.clone(),
            })
        };
        let made = made().map_err(|source| BundleError::Key { circuit, source })?;
        self.files.push(zkey);
        Ok(self.circuits.push_mut(made))
    }

    /// Writes the checksums and the instructions.
    pub fn finish(self) -> Result<Vec<Bundled>, BundleError> {
        let mut sums = String::new();
        for file in &self.files {
            let path = self.folder.join(file);
            let sum = checksum(&path).map_err(failed(&path))?;
            append(&mut sums, format_args!("{sum}  {}\n", file.display()));
        }
        let powers = checksum(&self.ptau).map_err(failed(&self.ptau))?;
        let mut circuits = String::new();
        for one in &self.circuits {
            let (circuit, constraints, hash) = (one.circuit, one.constraints, one.hash);
            append(
                &mut circuits,
                format_args!("| {circuit} | {constraints} | `{hash}` |\n"),
            );
        }
        let example = self.circuits.first().map(|one| one.circuit.to_string());
        let instructions = INSTRUCTIONS
            .replace("{circuits}\n", &circuits)
            .replace("{ptau}", &self.ptau.file_name().unwrap_or_default().to_string_lossy())
            .replace("{ptau_sum}", &powers)
            .replace("{example}", example.as_deref().unwrap_or("CIRCUIT"));
        for (name, text) in [("SHA256SUMS", sums), ("README.md", instructions)] {
            let path = self.folder.join(name);
            fs::write(&path, text).map_err(failed(&path))?;
        }
        Ok(self.circuits)
    }
}

fn append(text: &mut String, line: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(line);
    debug_assert!(written.is_ok(), "a string takes all text");
}

fn checksum(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hex::encode(hash.finalize()))
}

fn failed(file: &Path) -> impl FnOnce(io::Error) -> BundleError {
    let file = file.to_owned();
    move |source| BundleError::File { file, source }
}
