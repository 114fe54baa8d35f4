//! The MACI coordinator: one binary that runs rounds.
//!
//! - `cli`        what can be asked for
//! - `settings`   what is read from the environment, once
//! - `world`      the chain, the store and the keys that commands work with
//! - `commands`   one file per command
//! - `output`     lines, JSON or a bar
//! - `failure`    how a command ends badly: the causes, who acts now, the exit code

mod cli;
mod commands;
mod failure;
mod output;
mod settings;
mod world;

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};
use crate::world::World;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("MACI_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let world = World::new(cli.global);
    match run(&world, cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error, &world.output),
    }
}

async fn run(world: &World, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Keys(command) => commands::keys(world, command),
        Command::Circuits(command) => commands::circuits(world, command),
        Command::Deploy(command) => commands::deploy(world, command).await,
        Command::Poll(command) => commands::poll(world, command).await,
        Command::Finalise(arguments) => commands::finalise(world, arguments).await,
        Command::Verify(arguments) => commands::verify(world, arguments).await,
        Command::Voter(command) => commands::voter(world, command).await,
    }
}
