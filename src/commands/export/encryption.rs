//! Whether the connection to a database server is encrypted, whom it trusts, and who we are: `sslmode`, `sslrootcert`,
//! `sslcert` and `sslkey` of its URL, as libpq means them.
//!
//! | sslmode | |
//! |---|---|
//! | `disable` | not encrypted |
//! | `prefer` (if absent) | encrypted if the server can; its certificate is not checked |
//! | `require` | encrypted; its certificate is checked if `sslrootcert` is given |
//! | `verify-ca`, `verify-full` | encrypted; its certificate and its name are checked |
//!
//! `sslrootcert` is a file of PEM certificates, or `system`: the list of Mozilla that is compiled in, which also counts
//! where a certificate is to be checked and no file is given. `sslcert` and `sslkey` are files of PEM, too: the client's
//! certificate, with those above it if the server needs them, and its key, without a password.

use std::{path::Path, sync::Arc};

use anyhow::{Result, anyhow};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::ending::Unreadable;

/// What a URL says of encryption, and the rest of it.
pub struct Asked {
    /// The URL as the client of the database reads it.
    pub url: String,
    checked: bool,
    roots: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

impl Asked {
    /// Takes out of a URL what its reader does not know.
    pub fn of(url: &str) -> Self {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut rest, mut checked) = (Vec::new(), false);
        let (mut roots, mut certificate, mut key) = (None, None, None);
        let file = |text: &str| Some(text.replace("%2F", "/").replace("%20", " "));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", "verify-ca" | "verify-full")) => {
                    checked = true;
                    rest.push("sslmode=require");
                }
                Some(("sslrootcert", text)) => roots = file(text),
                Some(("sslcert", text)) => certificate = file(text),
                Some(("sslkey", text)) => key = file(text),
                _ => rest.push(pair),
            }
        }
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        Self { url, checked: checked || roots.is_some(), roots, certificate, key }
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
        let config = match (&self.certificate, &self.key) {
            (None, None) => config.with_no_client_auth(),
            (Some(certificate), Some(key)) => config
                .with_client_auth_cert(certificates("sslcert", certificate)?, private(key)?)
                .map_err(|error| unreadable("sslcert", certificate, &error))?,
            _ => {
                return Err(anyhow!(Unreadable(
                    "sslcert and sslkey are given together or not at all".into()
                )));
            }
        };
        Ok(MakeRustlsConnect::new(config))
    }
}

/// What is wrong with a file that the URL names.
fn unreadable(name: &str, file: &str, why: &dyn std::fmt::Display) -> anyhow::Error {
    anyhow!(Unreadable(format!("{name}={file} cannot be used: {why}")))
}

/// The certificates of a file; at least one.
fn certificates(name: &str, file: &str) -> Result<Vec<CertificateDer<'static>>> {
    let all =
        CertificateDer::pem_file_iter(Path::new(file)).and_then(|all| all.collect::<Result<Vec<_>, _>>());
    let all = all.map_err(|error| unreadable(name, file, &error))?;
    if all.is_empty() {
        return Err(unreadable(name, file, &"there is no certificate in it"));
    }
    Ok(all)
}

/// The key of a file.
fn private(file: &str) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_file(Path::new(file))
        .map_err(|error| unreadable("sslkey", file, &format!("{error}; a key with a password is not read")))
}

fn roots(file: Option<&str>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file.filter(|file| *file != "system") else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    for certificate in certificates("sslrootcert", file)? {
        roots.add(certificate).map_err(|error| unreadable("sslrootcert", file, &error))?;
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
    #[test]
    fn a_client_has_a_certificate_and_its_key() {
        let asked = Asked::of("postgres://b?sslmode=require&sslcert=/a%2Fme.crt&sslkey=/a/me.key");
        assert_eq!(asked.url, "postgres://b?sslmode=require");
        assert_eq!(
            (asked.certificate.as_deref(), asked.key.as_deref()),
            (Some("/a/me.crt"), Some("/a/me.key"))
        );
        let missing = asked.connector().err().unwrap().to_string();
        assert!(missing.starts_with("sslcert=/a/me.crt cannot be used: "), "{missing}");
        let half = Asked::of("postgres://b?sslcert=/a/me.crt").connector().err().unwrap().to_string();
        assert_eq!(half, "sslcert and sslkey are given together or not at all");
    }
}
