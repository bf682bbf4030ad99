//! The `toban` binary: parses the command line and calls the library.

fn main() -> std::process::ExitCode {
    toban::cli::main()
}
