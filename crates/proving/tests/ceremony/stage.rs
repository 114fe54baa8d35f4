//! Powers of tau and keys that snarkjs made, once for all tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use maci_proving::ceremony::{CeremonyError, VerifiedKey, verify_key};
use maci_proving::formats::ptau::PtauFile;
use maci_proving::formats::r1cs::R1cs;
use maci_proving::formats::zkey::ZKeyFile;

use crate::support::{multiplier, snarkjs};

/// Files of one ceremony about the multiplier, whose domain has eight rows.
pub(crate) struct Stage {
    folder: PathBuf,
}

impl Stage {
    /// The stage, made by the first test that asks for it.
    pub(crate) fn get() -> &'static Self {
        static STAGE: OnceLock<Stage> = OnceLock::new();
        STAGE.get_or_init(Self::make)
    }

    fn make() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ceremony");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::fs::create_dir_all(&folder).unwrap();
        let stage = Self { folder };
        for (name, power) in [("tau", "5"), ("exact", "3"), ("small", "2"), ("other", "5")] {
            stage.powers(name, power);
        }
        let r1cs = multiplier().r1cs();
        stage.run(&["zkey", "new", r1cs.to_str().unwrap(), "tau.ptau", "zero.zkey"]);
        stage.run(&[
            "zkey",
            "contribute",
            "zero.zkey",
            "one.zkey",
            "--name=Ann",
            "-e=some entropy",
        ]);
        stage.run(&[
            "zkey",
            "contribute",
            "one.zkey",
            "two.zkey",
            "--name=Bob",
            "-e=more entropy",
        ]);
        let beacon = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
        stage.run(&[
            "zkey",
            "beacon",
            "two.zkey",
            "final.zkey",
            beacon,
            "10",
            "-n=a block's hash",
        ]);
        stage
    }

    /// `<name>.ptau`, ready for circuits, and `<name>-raw.ptau`, which is not.
    fn powers(&self, name: &str, power: &str) {
        let file = |kind: &str| format!("{name}{kind}.ptau");
        let (new, raw, ready) = (file("-new"), file("-raw"), file(""));
        self.run(&["powersoftau", "new", "bn128", power, &new]);
        self.run(&[
            "powersoftau",
            "contribute",
            &new,
            &raw,
            "--name=Zoe",
            &format!("-e={name}"),
        ]);
        self.run(&["powersoftau", "prepare", "phase2", &raw, &ready]);
    }

    /// Runs snarkjs in the stage's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        snarkjs(&self.folder, arguments)
    }

    /// A file of the stage.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What we say of a key of the stage.
    pub(crate) fn verify(&self, zkey: &str) -> Result<VerifiedKey, CeremonyError> {
        verify(&std::fs::read(self.at(zkey)).unwrap(), &circuit(), &self.at("tau.ptau"))
    }
}

/// The multiplier's constraints.
pub(crate) fn circuit() -> R1cs {
    R1cs::read(&multiplier().r1cs()).unwrap()
}

/// What we say of these bytes.
pub(crate) fn verify(zkey: &[u8], r1cs: &R1cs, ptau: &Path) -> Result<VerifiedKey, CeremonyError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), zkey).unwrap();
    verify_key(&ZKeyFile::open(file.path())?, r1cs, &PtauFile::open(ptau)?)
}

/// Where a section's content lies in a file of snarkjs.
pub(crate) fn section(file: &[u8], wanted: u32) -> std::ops::Range<usize> {
    let mut at = 12;
    loop {
        let id = u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let length = u64::from_le_bytes(file[at + 4..at + 12].try_into().unwrap()) as usize;
        at += 12;
        if id == wanted {
            return at..at + length;
        }
        at += length;
    }
}
