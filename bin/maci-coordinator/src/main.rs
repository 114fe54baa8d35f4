//! The MACI coordinator: one binary that runs rounds.
//!
//! - `cli`        what can be asked for
//! - `settings`   what the operator has decided, read once and whole
//! - `build`      the service's parts, each made of its section of the settings
//! - `wire`       the service, put together from its parts
//! - `log`        what is written about what happens
//! - `world`      the chain, the store and the keys that commands work with
//! - `commands`   one file per command
//! - `output`     lines, JSON or a bar
//! - `failure`    how a command ends badly: the causes, who acts now, the exit code

mod build;
mod cli;
mod commands;
mod failure;
mod log;
mod output;
mod settings;
mod wire;
mod world;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::output::Output;
use crate::settings::{Environment, load};
use crate::world::World;

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { global, command } = Cli::parse();
    let output = Output::new(global.json);
    let (environment, flags) = (Environment::of_the_process(), global.flags());
    let settings = match load(global.config.as_deref(), &environment, &flags) {
        Ok(settings) => settings,
        Err(error) => return failure::report(&error.into(), &output),
    };
    log::start(&settings.log, &command);
    for (name, reason) in environment.unused() {
        tracing::info!("{name} is set and changes nothing: {reason}");
    }
    let world = World::new(settings, output);
    match run(&world, command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error, &world.output),
    }
}

async fn run(world: &World, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(arguments) => commands::serve(world, arguments).await,
        Command::Doctor => commands::doctor(world).await,
        Command::Senders(command) => commands::senders(world, command).await,
        Command::Keys(command) => commands::keys(world, command),
        Command::Circuits(command) => commands::circuits(world, command),
        Command::Deploy(command) => commands::deploy(world, command).await,
        Command::Poll(command) => commands::poll(world, command).await,
        Command::Finalise(arguments) => commands::finalise(world, arguments).await,
        Command::Verify(arguments) => commands::verify(world, arguments).await,
        Command::Publication(command) => commands::publication(world, command).await,
        Command::Relay(command) => commands::relay(world, command).await,
        Command::Voter(command) => commands::voter(world, command).await,
    }
}
