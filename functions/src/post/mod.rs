//! Mails: composed once, so that the folder of a local environment holds exactly what the cloud would send.

mod folder;
mod ses;

pub use folder::{Folder, Kept};
pub use ses::Ses;

use futures::future::BoxFuture;
use lettre::{
    Address, Message,
    message::{Mailbox, header::ContentType},
};
use shared::procedure::notice_mail::MailText;

/// Sends mails.
pub trait Post: Send + Sync {
    /// Sends one. `name` is the same for a mail that is sent again, and no two mails share one.
    ///
    /// # Errors
    /// Why not, without the address.
    fn send<'a>(
        &'a self,
        to: &'a str,
        name: &'a str,
        mail: &'a MailText,
    ) -> BoxFuture<'a, Result<(), String>>;
}

/// Whether this can be an address.
pub fn is_address(text: &str) -> bool {
    // A domain without a dot is nobody's in the world outside.
    text.len() <= 254 && text.parse::<Address>().is_ok_and(|address| address.domain().contains('.'))
}

/// The mail as it travels.
fn compose(from: &str, to: &str, name: &str, mail: &MailText) -> Result<Vec<u8>, String> {
    let mailbox = |text: &str| text.parse::<Address>().map(|address| Mailbox::new(None, address));
    let from = mailbox(from).map_err(|_| "送信元の設定が正しくありません".to_owned())?;
    let domain = from.email.domain().to_owned();
    let to = mailbox(to).map_err(|_| "宛先の形が正しくありません".to_owned())?;
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(&mail.subject)
        .message_id(Some(format!("<{name}@{domain}>")))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone());
    Ok(message.map_err(|why| why.to_string())?.formatted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@example.jp", "hanako.yamada+care@city.example.jp"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.jp", "a".repeat(250));
        for bad in
            ["", "a", "a@", "@example.jp", "a@b", "a b@example.jp", "a@example.jp\nBcc: x@example.jp", &long]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_mail_is_composed_for_one_reader() {
        let mail = MailText {
            subject: "【連絡帳】手続き".into(), text: "受付番号: A-2026-0001\n".into()
        };
        let bytes = compose("no-reply@example.jp", "a@example.jp", "c-1", &mail).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("Message-ID: <c-1@example.jp>") && text.contains("To: a@example.jp"), "{text}");
        assert!(compose("no-reply@example.jp", "a@example.jp\r\nBcc: b@example.jp", "c-1", &mail).is_err());
    }
}
