//! The browser's side of the 連絡帳: a single-page application in Leptos.
//!
//! [`client`] is the only way to the server, [`session`] knows who is signed in, [`route`] knows every address,
//! [`load`] gives each view its four faces, [`components`] are the parts all pages are made of, and
//! `pages/<subject>` carries the same names as `shared` and `functions`.

mod app;
mod browser;
mod client;
mod clock;
mod components;
mod draft;
mod idle;
mod load;
mod pages;
mod passkey;
#[cfg(test)]
mod plain_pages;
mod route;
mod scroll;
mod session;
mod shell;
mod text_size;
mod upload;
mod words;

fn main() {
    app::start();
}
