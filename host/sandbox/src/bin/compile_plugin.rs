//! The compiling process on its own, for tests and tools; `hotline` has it as a subcommand.

fn main() -> std::process::ExitCode {
    hotline_sandbox::compile_main()
}
