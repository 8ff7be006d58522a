//! The embedded folders, so that a file that joins one is noticed: the macro that embeds them tells
//! the compiler of the files that it found.

#![expect(clippy::print_stdout, reason = "that is how a build script speaks")]

fn main() {
    let folders = [
        "../rust",
        "../templates",
        "../typescript/src",
        "../typescript/toolchain",
        "../../wit",
    ];
    for folder in folders {
        println!("cargo::rerun-if-changed={folder}");
    }
}
