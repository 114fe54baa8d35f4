use std::fmt;
use std::path::{Path, PathBuf};

use figment::error::{Error, Kind};
use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider, Source};

use super::{Environment, Settings};

/// What the command line sets.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--rpc-url`
    pub rpc_urls: Vec<String>,
    /// `--contracts`
    pub contracts: Option<PathBuf>,
    /// `--zkeys`
    pub zkeys: Option<PathBuf>,
}

/// Settings that cannot be used: everything that is wrong with them, and where it is written.
#[derive(Debug, thiserror::Error)]
pub(crate) struct SettingsError(Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings cannot be used: {}", self.0.join("; "))
    }
}

/// One value of a source that is not a file.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    from: String,
    setting: String,
    value: toml::Value,
}

impl Layer {
    /// `setting` is a path of keys with points between them.
    pub(super) fn new(from: String, setting: &str, value: toml::Value) -> Self {
        Self {
            from,
            setting: setting.to_owned(),
            value,
        }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.from.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut keys = self.setting.rsplit('.');
        let mut tree = Dict::new();
        tree.insert(
            keys.next().unwrap_or_default().to_owned(),
            Value::serialize(&self.value)?,
        );
        for key in keys {
            tree = Dict::from([(key.to_owned(), tree.into())]);
        }
        Ok(Profile::Default.collect(tree))
    }
}

/// Reads the settings: the file over the defaults, the environment over the file, the command line over all.
///
/// # Errors
/// When a source has a key that means nothing or a value that cannot be; every such key is named.
pub(crate) fn load(file: Option<&Path>, environment: &Environment, flags: &Flags) -> Result<Settings, SettingsError> {
    let mut figment = Figment::new();
    let named = file.map(Path::to_owned).or_else(|| environment.file());
    if let Some(path) = named {
        if let Err(error) = std::fs::metadata(&path) {
            let complaint = format!("the configuration file {} cannot be read ({error})", path.display());
            return Err(SettingsError(vec![complaint]));
        }
        figment = figment.merge(Toml::file_exact(&path));
    }
    for layer in environment.layers().into_iter().chain(flags.layers()) {
        figment = figment.merge(layer);
    }
    figment.extract().map_err(|error| {
        let mut complaints: Vec<String> = error.into_iter().map(|one| complaint(&figment, &one)).collect();
        complaints.dedup();
        SettingsError(complaints)
    })
}

impl Flags {
    fn layers(&self) -> Vec<Layer> {
        let Self {
            data_dir,
            rpc_urls,
            contracts,
            zkeys,
        } = self;
        let paths = [
            ("--data-dir", "data_dir", data_dir),
            ("--contracts", "contracts", contracts),
            ("--zkeys", "circuits.folder", zkeys),
        ];
        let mut layers: Vec<Layer> = paths
            .into_iter()
            .filter_map(|(flag, setting, path)| {
                let text = path.as_ref()?.to_string_lossy().into_owned();
                Some(Layer::new(flag.to_owned(), setting, toml::Value::String(text)))
            })
            .collect();
        if !rpc_urls.is_empty() {
            let urls = rpc_urls.iter().cloned().map(toml::Value::String).collect();
            layers.push(Layer::new("--rpc-url".to_owned(), "rpc_urls", toml::Value::Array(urls)));
        }
        layers
    }
}

/// One thing that is wrong: where, which key, what.
fn complaint(figment: &Figment, error: &Error) -> String {
    let key = error.path.join(".");
    let metadata = error.metadata.clone().or_else(|| figment.find_metadata(&key).cloned());
    let source = metadata.map_or_else(String::new, |metadata| {
        if let Some(Source::File(path)) = metadata.source {
            format!("{}: ", path.display())
        } else {
            format!("{}: ", metadata.name)
        }
    });
    let what = if let Kind::UnknownField(_, expected) = &error.kind {
        format!("`{key}` is no setting; there are {}", expected.join(", "))
    } else if let Kind::MissingField(name) = &error.kind {
        format!("`{key}` lacks `{name}`")
    } else if key.is_empty() {
        error.kind.to_string()
    } else {
        format!("`{key}`: {}", error.kind)
    };
    format!("{source}{what}")
}
