//! The embedded folders, so that a file that joins one is noticed: the macro that embeds them tells
//! the compiler of the files that it found.

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
