//! 連絡帳: the program of those who care for patients, small enough for the first visit on a phone.

fn main() {
    frontend::start_book();
}
