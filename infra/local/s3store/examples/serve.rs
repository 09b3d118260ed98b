//! The whole store as a program: `cargo run --example serve`, until Ctrl+C.

use s3store::{S3Store, StoreConfig, serve, system_clock};
use tokio::{net::TcpListener, signal::ctrl_c};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = S3Store::open(StoreConfig {
        root: "data/s3".into(),
        access_key_id: "local".to_owned(),
        secret_access_key: "local-secret".to_owned(),
        now: system_clock(),
    })?;
    let listener = TcpListener::bind("127.0.0.1:9000").await?;
    serve(listener, store, async { drop(ctrl_c().await) }).await;
    Ok(())
}
