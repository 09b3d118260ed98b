//! The browser's side of the 連絡帳: two single-page applications in Leptos, made of one library.
//!
//! [`programs`] says which page is in which program, [`client`] is the only way to the server, [`session`] knows who is
//! signed in, [`outgoing`] alone sends notes, [`route`] knows every address, [`load`] gives each view its four faces, [`components`] are the parts all pages are made of, and
//! `pages/<subject>` carries the same names as `shared` and `functions`.

mod app;
mod browser;
mod client;
mod clock;
mod components;
mod crossing;
mod draft;
mod idle;
mod load;
mod outgoing;
mod pages;
mod passkey;
#[cfg(test)]
mod plain_pages;
mod printed;
mod programs;
mod reconnect;
mod route;
mod scroll;
mod session;
mod shell;
mod submission;
mod text_size;
mod upload;
mod whenever;
mod words;

/// Starts the contact book.
pub fn start_book() {
    app::start(app::Own { program: programs::Program::Book, pages: programs::book });
}

/// Starts the offices' program.
pub fn start_offices() {
    app::start(app::Own { program: programs::Program::Offices, pages: programs::offices });
}
