use std::fs;

use maci_chain::send::FeeStrategy;
use maci_protocol::ids::ChainId;
use tempfile::TempDir;

use super::*;

const EXAMPLE: &str = include_str!("../../../../docs/operating/maci-coordinator.toml");

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

fn from_file(text: &str) -> Result<Settings, SettingsError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("settings.toml");
    fs::write(&path, text).unwrap();
    load(Some(&path), &Environment::default(), &Flags::default())
}

/// The example with every setting that is commented out as if it were in use.
fn example_in_full() -> String {
    let uncommented = EXAMPLE.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line));
    uncommented.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_as_it_stands_is_the_defaults() {
    let shown = |settings: &Settings| format!("{settings:#?}");
    assert_eq!(shown(&from_file(EXAMPLE).unwrap()), shown(&Settings::default()));
}

#[test]
fn the_example_in_full_parses() {
    let settings = from_file(&example_in_full()).unwrap();
    assert_eq!(settings.chains.len(), 2);
    assert!(matches!(settings.server.tls, Some(TlsSettings::Files { .. })));
    assert!(matches!(settings.storage.objects, Objects::S3 { .. }));
}

#[test]
fn the_example_in_full_names_every_setting() {
    let settings = format!("{:#?}", from_file(&example_in_full()).unwrap());
    let absent: Vec<&str> = settings.lines().filter(|line| line.contains(": None")).collect();
    assert!(absent.is_empty(), "the example leaves out {absent:?}");
}

#[test]
fn a_key_that_means_nothing_is_refused_with_its_path_and_its_file() {
    let error = from_file("[server.limits]\nconections = 5\n").unwrap_err().to_string();
    assert!(error.contains("settings.toml"), "{error}");
    assert!(error.contains("`server.limits.conections` is no setting"), "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_with_where_it_is_from() {
    let variables = environment(&[("COORDINATOR_PORT", "many")]);
    let error = load(None, &variables, &Flags::default()).unwrap_err().to_string();
    assert!(
        error.contains("COORDINATOR_PORT") && error.contains("server.port"),
        "{error}"
    );
    let error = from_file("[rounds]\nmargin = \"15\"\n").unwrap_err().to_string();
    assert!(
        error.contains("`rounds.margin`") && error.contains("ms, s, m, h, d"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let error = load(
        Some("/nowhere/at/all.toml".as_ref()),
        &Environment::default(),
        &Flags::default(),
    )
    .unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all.toml"), "{error}");
}

#[test]
fn the_environment_overrules_the_file_and_the_command_line_overrules_both() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("settings.toml");
    fs::write(
        &path,
        "data_dir = \"of the file\"\ncontracts = \"of the file\"\n[server]\nport = 1\n",
    )
    .unwrap();
    let variables = environment(&[
        ("MACI_DATA_DIR", "of the environment"),
        ("MACI_CONTRACTS", "of the environment"),
    ]);
    let flags = Flags {
        data_dir: Some("of the command line".into()),
        ..Flags::default()
    };
    let settings = load(Some(&path), &variables, &flags).unwrap();
    assert_eq!(settings.data_dir, PathBuf::from("of the command line"));
    assert_eq!(settings.contracts, PathBuf::from("of the environment"));
    assert_eq!(settings.server.port, 1);
}

#[test]
fn the_variables_of_the_typescript_service_are_understood() {
    let settings = load(
        None,
        &environment(&[
            ("COORDINATOR_PORT", "3001"),
            (
                "COORDINATOR_ALLOWED_ORIGINS",
                "http://localhost:3000, https://vote.example.org",
            ),
            ("COORDINATOR_ADDRESSES", "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
            ("COORDINATOR_RPC_URL", "https://one.example,https://two.example/key"),
            ("COORDINATOR_BLOCK_BATCH_SIZE", "500"),
            ("COORDINATOR_MACI_PRIVATE_KEY", "macisk.a-secret"),
            ("COORDINATOR_TALLY_ZKEY_NAME", "VoteTally_10-1-2_test"),
            ("TTL", "60000"),
            ("LIMIT", "10"),
            ("INITIAL_INDEX", "2"),
            ("MNEMONIC", ""),
        ]),
        &Flags::default(),
    )
    .unwrap();
    assert_eq!(settings.server.port, 3001);
    let origins: Vec<_> = settings.server.allowed_origins.authorities().collect();
    assert_eq!(origins, ["localhost:3000", "vote.example.org"]);
    assert_eq!(settings.auth.operators.len(), 1);
    assert_eq!(settings.rpc_urls.len(), 2);
    assert_eq!(settings.rounds.log_range, 500);
    assert_eq!(settings.server.rates.window, Some(Span::seconds(60)));
    assert_eq!(settings.server.rates.requests.map(u32::from), Some(10));
    assert_eq!(settings.circuits.tally.as_deref(), Some("VoteTally_10-1-2_test"));
    assert_eq!(settings.keys.mnemonic_index, 2);
    assert!(settings.keys.mnemonic.is_none());
    assert_eq!(settings.keys.coordinator.unwrap().expose(), "macisk.a-secret");
}

#[test]
fn variables_that_change_nothing_are_named_with_the_reason() {
    let variables = environment(&[("COORDINATOR_REDIS_HOST", "localhost"), ("LIMIT", "3")]);
    let unused: Vec<_> = variables.unused().map(|(name, _)| name).collect();
    assert_eq!(unused, ["COORDINATOR_REDIS_HOST"]);
}

#[test]
fn any_setting_can_be_set_by_a_variable_of_its_path() {
    let variables = environment(&[
        ("MACI__SERVER__LIMITS__BODY_SIZE", "4 MiB"),
        ("MACI__SERVER__PORT", "0"),
        ("MACI__AUTH__LEGACY__ENABLED", "true"),
        (
            "MACI__CHAINS",
            "[{ name = 'localhost', rpc_urls = ['http://127.0.0.1:8545'] }]",
        ),
    ]);
    let settings = load(None, &variables, &Flags::default()).unwrap();
    assert_eq!(settings.server.limits.body_size, Bytes::mebibytes(4));
    assert_eq!(settings.server.port, 0);
    assert!(settings.auth.legacy.enabled);
    assert_eq!(settings.chains[0].id, ChainId(31_337));

    let misspelt = environment(&[("MACI__SERVER__PROT", "0")]);
    let error = load(None, &misspelt, &Flags::default()).unwrap_err().to_string();
    assert!(
        error.contains("MACI__SERVER__PROT") && error.contains("`server.prot`"),
        "{error}"
    );
}

#[test]
fn a_chain_is_named_by_its_id_or_its_name_but_not_by_two_that_differ() {
    let chain = |text: &str| from_file(&format!("[[chains]]\nrpc_urls = [\"http://127.0.0.1:1\"]\n{text}"));
    assert_eq!(chain("id = 5").unwrap().chains[0].id, ChainId(5));
    assert_eq!(chain("name = \"optimism\"").unwrap().chains[0].id, ChainId(10));
    for text in ["", "name = \"nowhere\"", "name = \"optimism\"\nid = 1"] {
        assert!(chain(text).unwrap_err().to_string().contains("chain"), "{text}");
    }
    assert!(from_file("[[chains]]\nid = 5\nrpc_urls = []").is_err());
}

#[test]
fn gas_is_priced_in_three_ways_and_shares_out_of_range_are_refused() {
    let fees = |text: &str| {
        let chain = format!("[[chains]]\nid = 5\nrpc_urls = [\"http://127.0.0.1:1\"]\nfees = {{ {text} }}\n");
        from_file(&chain).map(|settings| FeeStrategy::from(settings.chains[0].fees.unwrap()))
    };
    assert_eq!(fees("kind = \"market\"").unwrap(), FeeStrategy::default());
    let fixed = FeeStrategy::Fixed {
        tip: 10_000_000,
        max: Some(5_000_000_000),
    };
    assert_eq!(
        fees("kind = \"fixed\", tip = \"0.01 gwei\", max = \"5 gwei\"").unwrap(),
        fixed
    );
    let price = FeeStrategy::GasPrice {
        price: None,
        percent: 110,
    };
    assert_eq!(fees("kind = \"gas-price\", percent = 110").unwrap(), price);
    for (wrong, told) in [
        ("kind = \"guess\"", "guess"),
        ("kind = \"market\", tip_percentile = 101", "percentile"),
        ("kind = \"market\", base_fee_percent = 99", "100 to 1000"),
        ("kind = \"market\", tip = \"1 gwei\"", "tip"),
        ("kind = \"fixed\"", "tip"),
    ] {
        let error = fees(wrong).unwrap_err().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

#[test]
fn no_secret_is_shown_by_debug_or_by_an_error() {
    let variables = environment(&[
        ("PRIVATE_KEY", "hush-1"),
        ("MNEMONIC", "hush-2"),
        ("COORDINATOR_MACI_PRIVATE_KEY", "hush-3"),
        ("MACI_PASSPHRASE", "hush-4"),
        ("MACI_DATABASE_URL", "postgres://user:hush-5@host/db"),
        ("COORDINATOR_RPC_URL", "https://node.example/hush-6"),
    ]);
    let settings = load(None, &variables, &Flags::default()).unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("hush"), "{shown}");
    let error = from_file("rpc_urls = [\"ftp://node.example/hush\"]")
        .unwrap_err()
        .to_string();
    assert!(!error.contains("hush"), "{error}");
    let error = from_file("[keys]\npassphrase = 123456\n").unwrap_err().to_string();
    assert!(
        error.contains("keys.passphrase") && !error.contains("123456"),
        "{error}"
    );
}
