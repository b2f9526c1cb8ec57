//! `twitch-sandbox`: the sandbox as a program of its own, and a hand on one that runs.

mod remote;
mod serve;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Why a command did not do what it was asked to.
type Failure = Box<dyn Error + Send + Sync>;

/// A Twitch that runs here, with the rules of the real one.
#[derive(Debug, Parser)]
#[command(name = "twitch-sandbox")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a sandbox until it is interrupted, and prints what a client has to know.
    Serve(serve::Serve),
    /// Lets a viewer redeem a reward.
    Redeem(remote::Redeem),
    /// Shows everybody there is.
    Users(remote::Users),
    /// Shows what goes wrong, or changes it.
    Faults(remote::Faults),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The only provider here; HTTP clients have none of their own choice.
    drop(rustls::crypto::ring::default_provider().install_default());
    let ended = tokio::runtime::Runtime::new()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(cli.command)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(failure.as_ref()),
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Redeem(redeem) => redeem.run().await,
        Command::Users(users) => users.run().await,
        Command::Faults(faults) => faults.run().await,
    }
}

/// Prints to where the caller reads results.
fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

#[expect(clippy::print_stderr, reason = "there may be no log")]
fn failed(failure: &(dyn Error + 'static)) -> ExitCode {
    let mut text = failure.to_string();
    let mut source = failure.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    eprintln!("twitch-sandbox: {text}");
    ExitCode::FAILURE
}
