use std::path::Path;

use anyhow::{Context, Result, bail};
use maci_protocol::circuit::{CircuitId, Template};
use maci_protocol::poll::Mode;
use maci_proving::artifacts::{build, develop};
use maci_proving::compile::Compiler;
use maci_proving::witness::ModuleCache;
use maci_proving::{Backend, CircuitArtifacts};
use serde_json::json;

use super::ceremony;
use crate::cli::{Circuits, KnownSize, ModeName, Size};
use crate::world::World;

/// Sizes of one set of circuits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Depths {
    pub state: u8,
    pub batch: u8,
    pub vote_option: u8,
    pub tally: u8,
}

impl Size {
    /// The numbers asked for.
    pub(crate) fn depths(&self) -> Result<Depths> {
        let known = |state, batch, vote_option, tally| Depths {
            state,
            batch,
            vote_option,
            tally,
        };
        Ok(match self.size {
            Some(KnownSize::Tiny) => known(5, 3, 1, 1),
            Some(KnownSize::Test) => known(10, 20, 2, 1),
            Some(KnownSize::Ceremony) => known(14, 25, 3, 5),
            None => match (self.state_depth, self.batch, self.vote_option_depth, self.tally_depth) {
                (Some(state), Some(batch), Some(vote_option), Some(tally)) => known(state, batch, vote_option, tally),
                _ => bail!("give --size, or all of --state-depth, --batch, --vote-option-depth and --tally-depth"),
            },
        })
    }

    /// The circuits of this size for the modes asked for.
    pub(crate) fn circuits(&self) -> Result<Vec<CircuitId>> {
        let Depths {
            state,
            batch,
            vote_option,
            tally,
        } = self.depths()?;
        let mut all = vec![
            CircuitId::with_parameters(Template::PollJoining, &[state])?,
            CircuitId::with_parameters(Template::PollJoined, &[state])?,
        ];
        for mode in self.modes.iter().copied().map(Mode::from) {
            for circuit in [
                CircuitId::with_parameters(Template::MessageProcessor(mode), &[state, batch, vote_option])?,
                CircuitId::with_parameters(Template::vote_tally(mode), &[state, tally, vote_option])?,
            ] {
                if !all.contains(&circuit) {
                    all.push(circuit);
                }
            }
        }
        Ok(all)
    }
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Qv => Self::Qv,
            ModeName::NonQv => Self::NonQv,
            ModeName::Full => Self::Full,
        }
    }
}

pub(crate) fn circuits(world: &World, command: Circuits) -> Result<()> {
    match command {
        Circuits::Build { size, sources } => make(world, &size, &sources, false),
        Circuits::Setup { size, sources } => make(world, &size, &sources, true),
        Circuits::Check => check(world),
        Circuits::Export { size, ptau, into } => ceremony::export(world, &size, &ptau, &into),
        Circuits::VerifyKey {
            circuit,
            zkey,
            ptau,
            r1cs,
        } => ceremony::verify_key(world, circuit, &zkey, &ptau, r1cs),
    }
}

fn make(world: &World, size: &Size, sources: &Path, keys: bool) -> Result<()> {
    let root = &world.settings.circuits.folder;
    let compiler = Compiler::open(sources, &world.settings.circuits.cache)?;
    let modules = ModuleCache::in_folder(&world.settings.data_dir.join("modules"));
    for circuit in size.circuits()? {
        world.output.say(&format!("compiling {circuit}"));
        let manifest = build(&compiler, circuit, root)?;
        if keys {
            world.output.say(&format!("making a development key for {circuit}"));
            develop(circuit, root)?.precompile(&modules)?;
        }
        let value =
            json!({ "circuit": circuit.to_string(), "constraints": manifest.constraints, "domain": manifest.domain });
        let text = format!(
            "{circuit}: {} constraints, domain {}",
            manifest.constraints, manifest.domain
        );
        world.output.result(&value, &text);
    }
    Ok(())
}

/// Opens every circuit there is, which compares its files with each other.
fn check(world: &World) -> Result<()> {
    let root = &world.settings.circuits.folder;
    let entries = std::fs::read_dir(root).with_context(|| {
        format!(
            "there are no circuits in {}; `circuits setup` makes some",
            root.display()
        )
    })?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let mut bad = 0;
    for name in names.iter().filter(|name| !name.starts_with('.')) {
        let plain = name.strip_suffix("_test").unwrap_or(name);
        let Ok(circuit) = plain.parse::<CircuitId>() else {
            continue;
        };
        let files = maci_protocol::circuit::CircuitFiles::new(name.clone());
        let opened = CircuitArtifacts::open_as(root, circuit, &files, None);
        let (value, text) = match &opened {
            Ok(found) => describe(name, found)?,
            Err(error) => {
                bad += 1;
                (
                    json!({ "circuit": name, "ok": false, "error": error.to_string() }),
                    format!("{name}: {error}"),
                )
            }
        };
        world.output.result(&value, &text);
    }
    if bad > 0 {
        bail!("{bad} circuits cannot be used; `circuits setup` makes ours anew");
    }
    Ok(())
}

fn describe(name: &str, found: &CircuitArtifacts) -> Result<(serde_json::Value, String)> {
    let need = Backend::default().memory_need(found.zkey())?;
    let mib = need.total().div_ceil(1 << 20);
    let profile = found
        .profile()
        .map_or_else(|| "any".to_owned(), |profile| profile.to_string());
    let development = found.is_development_only();
    let value = json!({
        "circuit": name, "ok": true, "profile": profile, "developmentOnly": development, "memoryMiB": mib,
        "wires": found.zkey().header().wires, "domain": found.zkey().header().domain,
    });
    let keys = if development {
        "development keys only"
    } else {
        "keys of a ceremony"
    };
    Ok((
        value,
        format!("{name}: good; profile {profile}, {keys}, a proof takes up to {mib} MiB"),
    ))
}
