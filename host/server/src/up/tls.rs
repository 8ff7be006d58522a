//! The certificate that the console is served with.

use crate::configuration::{Settings, Tls};
use crate::folders;
use axum_server::tls_rustls::RustlsConfig;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("the certificate {certificate} with the key {key}: {source}")]
    Files {
        certificate: PathBuf,
        key: PathBuf,
        source: std::io::Error,
    },
    #[error("a certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("can not write {path}: {source}")]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
}

pub(super) async fn configuration(
    how: &Tls,
    settings: &Settings,
) -> Result<RustlsConfig, TlsError> {
    let (certificate, key) = match how {
        Tls::Files { certificate, key } => (certificate.clone(), key.clone()),
        Tls::SelfSigned => self_signed(settings)?,
    };
    RustlsConfig::from_pem_file(&certificate, &key)
        .await
        .map_err(|source| TlsError::Files {
            certificate,
            key,
            source,
        })
}

/// Made at the first start and kept, so that a browser has to be told to trust it once.
fn self_signed(settings: &Settings) -> Result<(PathBuf, PathBuf), TlsError> {
    let folder = folders::tls(&settings.data);
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    if certificate.exists() && key.exists() {
        return Ok((certificate, key));
    }
    let mut names = vec!["localhost".to_owned(), settings.http.ip().to_string()];
    names.extend(settings.external_ip.map(|ip| ip.to_string()));
    let made = rcgen::generate_simple_self_signed(names)?;
    std::fs::create_dir_all(&folder).map_err(|source| TlsError::Write {
        path: folder.clone(),
        source,
    })?;
    write_private(&key, made.signing_key.serialize_pem().as_bytes())?;
    write_private(&certificate, made.cert.pem().as_bytes())?;
    Ok((certificate, key))
}

fn write_private(path: &Path, content: &[u8]) -> Result<(), TlsError> {
    use std::io::Write;
    let open = std::fs::OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .mode(0o600)
        .open(path);
    open.and_then(|mut file| file.write_all(content))
        .map_err(|source| TlsError::Write {
            path: path.to_owned(),
            source,
        })
}
