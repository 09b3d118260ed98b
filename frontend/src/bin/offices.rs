//! 窓口: the program of the city, the contractor and auditors, and of procedures.

fn main() {
    frontend::start_offices();
}
