//! `hotline-plugin-build [PACKAGE...] [--dir DIR] [--out DIR] [--allow-import PREFIX]`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use hotline_plugin_build::{Naming, Options, build};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
Builds Rust packages, or one TypeScript package, into Hotline plugins (WebAssembly components).

Usage: hotline-plugin-build [PACKAGE...] [--dir DIR] [--out DIR] [--by-kind] [--allow-import PREFIX]

  PACKAGE...              packages of the workspace; none: the package of the folder itself
  --dir DIR               the workspace's or the package's folder [.]
  --out DIR               where NAME.wasm goes [plugins/dist]
  --by-kind               call it NAME.flow.wasm, NAME.policy.wasm, ..., as a tenant's flows folder wants it
  --allow-import PREFIX   let imports that begin so pass, besides `hotline:` (the host will still refuse them)";

fn main() -> ExitCode {
    let mut options = Options {
        directory: PathBuf::from("."),
        packages: Vec::new(),
        out: PathBuf::from("plugins/dist"),
        naming: Naming::Plain,
        allow_imports: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => {
                println!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            "--dir" | "--out" | "--allow-import" => {
                let Some(value) = arguments.next() else {
                    eprintln!("{argument} needs a value\n\n{USAGE}");
                    return ExitCode::from(2);
                };
                match argument.as_str() {
                    "--dir" => options.directory = PathBuf::from(value),
                    "--out" => options.out = PathBuf::from(value),
                    _ => options.allow_imports.push(value),
                }
            }
            "--by-kind" => options.naming = Naming::ByKind,
            flag if flag.starts_with('-') => {
                eprintln!("unknown option {flag}\n\n{USAGE}");
                return ExitCode::from(2);
            }
            package => options.packages.push(package.to_owned()),
        }
    }
    match build(&options) {
        Ok(report) => {
            println!("Toolchain: {}", report.toolchain);
            for built in report.built {
                println!(
                    "{} ({} KiB)",
                    built.path.display(),
                    built.bytes.div_ceil(1024)
                );
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
