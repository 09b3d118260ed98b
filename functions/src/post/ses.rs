//! Mails through Amazon SES: by the function's own role, so that there is no password anywhere.

use super::{Post, compose};
use aws_sdk_sesv2::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::{EmailContent, RawMessage},
};
use futures::future::BoxFuture;
use shared::procedure::notice_mail::MailText;

/// SES, from one address.
#[derive(Clone, Debug)]
pub struct Ses {
    client: Client,
    from: String,
}

impl Ses {
    /// Over a client.
    pub fn new(client: Client, from: &str) -> Self {
        Self { client, from: from.to_owned() }
    }

    async fn put(&self, to: &str, name: &str, mail: &MailText) -> Result<(), String> {
        let travels = compose(&self.from, to, name, mail)?;
        let raw = RawMessage::builder().data(Blob::new(travels)).build().map_err(|why| why.to_string())?;
        let ask = self.client.send_email().content(EmailContent::builder().raw(raw).build());
        match ask.send().await {
            Ok(_) => Ok(()),
            // SES's sentences quote addresses; its codes do not.
            Err(SdkError::ServiceError(context)) => {
                Err(format!("SES: {}", context.err().code().unwrap_or("unknown")))
            }
            Err(_) => Err("SESに届きませんでした".to_owned()),
        }
    }
}

impl Post for Ses {
    fn send<'a>(
        &'a self,
        to: &'a str,
        name: &'a str,
        mail: &'a MailText,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(self.put(to, name, mail))
    }
}
