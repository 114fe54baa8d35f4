//! Runs circom2 under Node and keeps what it made under the hash of what went in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{CompileError, Templates, sources};
use crate::lock::Lock;

/// How hard the compiler simplifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Optimisation {
    /// Signals that equal signals are merged: fast to compile, for witness tests.
    O1,
    /// All linear constraints are substituted away: what proving keys are made for.
    O2,
}

impl Optimisation {
    fn flag(self) -> &'static str {
        match self {
            Self::O1 => "--O1",
            Self::O2 => "--O2",
        }
    }
}

/// What the compiler made of a circuit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The circuit's name, such as `MessageProcessorQv_10-20-2`.
    pub name: String,
    /// The folder that holds the files.
    pub folder: PathBuf,
    /// The hash of the sources, parameters, level and compiler, in hex.
    pub source_hash: String,
}

impl Compiled {
    /// The constraints.
    pub fn r1cs(&self) -> PathBuf {
        self.folder.join(format!("{}.r1cs", self.name))
    }

    /// The witness calculator.
    pub fn wasm(&self) -> PathBuf {
        self.folder.join(format!("{0}_js/{0}.wasm", self.name))
    }

    /// The symbol file: one line per signal with its wire and its name.
    pub fn symbols(&self) -> PathBuf {
        self.folder.join(format!("{}.sym", self.name))
    }
}

/// A circuits folder with its installed npm packages, and the folder for results.
///
/// Any number of processes and threads may share the folder for results: one compiles a circuit,
/// the others wait for it.
#[derive(Debug, Clone)]
pub struct Compiler {
    circuits: PathBuf,
    cache: PathBuf,
    compiler_version: String,
}

impl Compiler {
    /// Looks for what is needed: Node, and the npm packages of the circuits folder.
    pub fn open(circuits: &Path, cache: &Path) -> Result<Self, CompileError> {
        let circuits = circuits.canonicalize().map_err(|source| CompileError::Source {
            path: circuits.to_owned(),
            source,
        })?;
        let modules = circuits.join("node_modules");
        if modules.is_symlink() {
            return Err(CompileError::LinkedPackages { path: modules });
        }
        let package = modules.join("circom2/package.json");
        let missing = || CompileError::NoPackage {
            package: "circom2".into(),
            circuits: circuits.clone(),
        };
        let text = fs::read_to_string(&package).map_err(|_| missing())?;
        let description: serde_json::Value = serde_json::from_str(&text).map_err(|_| missing())?;
        let version = description.get("version").and_then(|version| version.as_str());
        let compiler_version = format!("circom2 {}", version.ok_or_else(missing)?);
        fs::create_dir_all(cache).map_err(|source| CompileError::cache(cache, source))?;
        let cache = cache
            .canonicalize()
            .map_err(|source| CompileError::cache(cache, source))?;
        Ok(Self {
            circuits,
            cache,
            compiler_version,
        })
    }

    /// Which compiler this is, such as `circom2 0.2.23`.
    pub fn version(&self) -> &str {
        &self.compiler_version
    }

    /// Compiles a template of `templates.json` with these parameters.
    pub fn compile(&self, template: &str, parameters: &[u32], level: Optimisation) -> Result<Compiled, CompileError> {
        let templates = Templates::read(&self.circuits)?;
        let description = templates.get(template)?;
        let main = description.main_component(template, parameters)?;
        let values: Vec<String> = parameters.iter().map(u32::to_string).collect();
        let name = format!("{template}_{}", values.join("-"));
        self.compile_main(&name, &main, &self.circuits, level)
    }

    /// Compiles a circom file that has its own main component, under its file name. It may include
    /// ours by their places in the circuits folder.
    pub fn compile_file(&self, file: &Path, level: Optimisation) -> Result<Compiled, CompileError> {
        let unreadable = |source| CompileError::Source {
            path: file.to_owned(),
            source,
        };
        let main = fs::read_to_string(file).map_err(unreadable)?;
        let folder = file.canonicalize().map_err(unreadable)?;
        let folder = folder.parent().unwrap_or(Path::new("/"));
        let name = file.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
        self.compile_main(&name, &main, folder, level)
    }

    fn compile_main(
        &self,
        name: &str,
        main: &str,
        sources: &Path,
        level: Optimisation,
    ) -> Result<Compiled, CompileError> {
        let libraries = self.libraries(sources);
        let inputs = sources::hash(main, &libraries, &[level.flag(), &self.compiler_version])?;
        let source_hash = hex::encode(inputs);
        let short = source_hash.get(..16).unwrap_or(&source_hash);
        let folder = self.cache.join(format!("{name}-{short}"));
        let made = Compiled {
            name: name.to_owned(),
            folder,
            source_hash,
        };
        let _lock = Lock::beside(&made.folder).map_err(|source| CompileError::cache(&made.folder, source))?;
        if made.folder.is_dir() {
            return Ok(made);
        }
        tracing::info!(circuit = name, "compiling; a process circuit takes minutes");
        let draft = tempfile::Builder::new()
            .prefix(".building-")
            .tempdir_in(&self.cache)
            .map_err(|source| CompileError::cache(&self.cache, source))?;
        let main_file = draft.path().join(format!("{name}.circom"));
        fs::write(&main_file, main).map_err(|source| CompileError::cache(&main_file, source))?;
        self.run(name, &main_file, &libraries, level)?;
        fs::rename(draft.path(), &made.folder).map_err(|source| CompileError::cache(&made.folder, source))?;
        Ok(made)
    }

    fn libraries(&self, sources: &Path) -> [PathBuf; 5] {
        let modules = self.circuits.join("node_modules");
        [
            sources.to_owned(),
            modules.join("circomlib/circuits"),
            modules.join("@zk-kit/circuits/circom"),
            modules,
            self.circuits.clone(),
        ]
    }

    fn run(&self, name: &str, main: &Path, libraries: &[PathBuf], level: Optimisation) -> Result<(), CompileError> {
        let into = main.parent().unwrap_or(&self.cache);
        let mut circom = Command::new("node");
        circom
            .arg(self.circuits.join("node_modules/circom2/cli.js"))
            .arg(main)
            .args(["--r1cs", "--wasm", "--sym", level.flag(), "-o"])
            .arg(into)
            .current_dir(&self.circuits)
            .stdin(Stdio::null());
        for library in libraries {
            circom.arg("-l").arg(library);
        }
        let output = circom.output().map_err(|source| CompileError::NoNode { source })?;
        let complete =
            into.join(format!("{name}.r1cs")).is_file() && into.join(format!("{name}_js/{name}.wasm")).is_file();
        if output.status.success() && complete {
            return Ok(());
        }
        let said = [output.stdout.as_slice(), &output.stderr]
            .map(String::from_utf8_lossy)
            .join("\n");
        if said.contains("ENOSPC") || said.contains("No space left") {
            return Err(CompileError::DiskFull {
                path: self.cache.clone(),
            });
        }
        Err(CompileError::Refused {
            circuit: name.to_owned(),
            status: output.status.to_string(),
            output: last_lines(&said, 40),
        })
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let text = without_colours(text);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(count);
    lines.get(from..).unwrap_or_default().join("\n")
}

/// Drops the terminal's colour sequences, `ESC [ … m`.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| {
        plain + piece.split_once('m').map_or(piece, |(_, rest)| rest)
    })
}
