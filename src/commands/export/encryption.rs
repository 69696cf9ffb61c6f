//! Whether the connection to a database server is encrypted, and whom it trusts: `sslmode` and `sslrootcert` of its
//! URL, as libpq means them.
//!
//! | sslmode | |
//! |---|---|
//! | `disable` | not encrypted |
//! | `prefer` (if absent) | encrypted if the server can; its certificate is not checked |
//! | `require` | encrypted; its certificate is checked if `sslrootcert` is given |
//! | `verify-ca`, `verify-full` | encrypted; its certificate and its name are checked |
//!
//! `sslrootcert` is a file of PEM certificates, or `system`: the list of Mozilla that is compiled in, which also counts
//! where a certificate is to be checked and no file is given.

use std::{path::Path, sync::Arc};

use anyhow::{Result, anyhow};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::ending::Unreadable;

/// What a URL says of encryption, and the rest of it.
pub struct Asked {
    /// The URL as the client of the database reads it.
    pub url: String,
    checked: bool,
    roots: Option<String>,
}

impl Asked {
    /// Takes out of a URL what its reader does not know.
    pub fn of(url: &str) -> Self {
        let Some((base, query)) = url.split_once('?') else {
            return Self { url: url.to_owned(), checked: false, roots: None };
        };
        let (mut rest, mut checked, mut roots) = (Vec::new(), false, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", "verify-ca" | "verify-full")) => {
                    checked = true;
                    rest.push("sslmode=require");
                }
                Some(("sslrootcert", file)) => roots = Some(file.replace("%2F", "/").replace("%20", " ")),
                _ => rest.push(pair),
            }
        }
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        Self { url, checked: checked || roots.is_some(), roots }
    }

    /// What encrypts the connection.
    pub fn connector(&self) -> Result<MakeRustlsConnect> {
        let provider = Arc::new(ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
        let config = if self.checked {
            config.with_root_certificates(roots(self.roots.as_deref())?)
        } else {
            config.dangerous().with_custom_certificate_verifier(Arc::new(Unchecked(provider)))
        };
        Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
    }
}

fn roots(file: Option<&str>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file.filter(|file| *file != "system") else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let unreadable = |why: String| anyhow!(Unreadable(format!("sslrootcert={file} cannot be used: {why}")));
    let certificates =
        CertificateDer::pem_file_iter(Path::new(file)).map_err(|error| unreadable(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
        roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unreadable("there is no certificate in it".to_owned()));
    }
    Ok(roots)
}

/// Takes any certificate: whoever wants more says so with `sslmode=verify-full`.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[track_caller]
    fn check(url: &str, rest: &str, checked: bool, roots: Option<&str>) {
        let asked = Asked::of(url);
        assert_eq!((asked.url.as_str(), asked.checked, asked.roots.as_deref()), (rest, checked, roots));
    }

    #[test]
    fn what_the_reader_does_not_know_is_taken_out() {
        check("postgres://a@b/c", "postgres://a@b/c", false, None);
        check("postgres://a@b/c?sslmode=prefer", "postgres://a@b/c?sslmode=prefer", false, None);
        check("postgres://b?sslmode=verify-full", "postgres://b?sslmode=require", true, None);
        check(
            "postgres://b?sslmode=require&sslrootcert=/a/b.crt&connect_timeout=3",
            "postgres://b?sslmode=require&connect_timeout=3",
            true,
            Some("/a/b.crt"),
        );
    }
}
