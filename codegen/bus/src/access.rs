//! How an environment's broker is reached: texts with variables and files resolved, certificates and credentials.

use std::path::{Path, PathBuf};

use eventc_model::config::{Interpolated, Sasl, SaslMechanism, Security, Tls, Unresolved};
use krafka::auth::{
    AuthConfig, TlsConfig,
    oidc::{ClientCredentials, OidcTokenProvider},
};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig as HttpTls, parse_pem};

use crate::error::BusError;

/// Where texts of the configuration find variables and files.
#[derive(Debug, Clone)]
pub struct Access {
    /// The folder of eventc.toml, from which paths are.
    pub base: PathBuf,
    /// The name of the broker in the environment, for messages.
    pub broker: String,
}

impl Access {
    /// Returns a text with its variables and files.
    ///
    /// # Errors
    /// Where one has no value.
    pub fn text(&self, text: &Interpolated) -> Result<String, BusError> {
        let file = |path: &str| {
            let bytes = self.read(Path::new(path)).map_err(|error| error.to_string())?;
            String::from_utf8(bytes).map_err(|_| "it is no text".to_owned())
        };
        text.resolve(|name| std::env::var(name).ok(), file).map_err(|unresolved| {
            let help = match &unresolved {
                Unresolved::Variable(name) => format!("set {name}, or give it a default: ${{{name}:-…}}"),
                Unresolved::File { .. } => "paths are from the folder of eventc.toml".to_owned(),
            };
            BusError::Setting(format!("{}: {unresolved}\nhelp: {help}", self.broker))
        })
    }

    #[allow(clippy::disallowed_methods, reason = "secrets and certificates are no part of the tree")]
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.base.join(path))
    }

    /// Returns the path that a text names.
    fn path(&self, text: &Interpolated) -> Result<String, BusError> {
        Ok(self.base.join(self.text(text)?).to_string_lossy().into_owned())
    }

    fn needed(&self, key: &str, text: Option<&Interpolated>) -> Result<String, BusError> {
        text.map_or_else(|| Err(BusError::Setting(format!("{}: `security.sasl` has no {key}", self.broker))), |text| self.text(text))
    }

    /// Returns the way into a Kafka cluster.
    ///
    /// # Errors
    /// Where a variable or a file is missing.
    pub fn kafka(&self, security: &Security) -> Result<AuthConfig, BusError> {
        let tls = security.tls.as_ref().map(|tls| self.kafka_tls(tls)).transpose()?;
        Ok(match (&security.sasl, tls) {
            (None, None) => AuthConfig::plaintext(),
            (None, Some(tls)) => AuthConfig::ssl(tls),
            (Some(sasl), None) => self.sasl(sasl)?,
            (Some(sasl), Some(tls)) => self.sasl(sasl)?.with_tls(tls),
        })
    }

    fn kafka_tls(&self, tls: &Tls) -> Result<TlsConfig, BusError> {
        let config = match &tls.roots {
            Some(roots) => TlsConfig::new().with_ca_cert(self.path(roots)?),
            None => TlsConfig::new().with_native_roots(),
        };
        Ok(match (&tls.certificate, &tls.key) {
            (Some(certificate), Some(key)) => config.with_client_cert(self.path(certificate)?, self.path(key)?),
            _ => config,
        })
    }

    fn sasl(&self, sasl: &Sasl) -> Result<AuthConfig, BusError> {
        let user =
            || Ok::<_, BusError>((self.needed("username", sasl.username.as_ref())?, self.needed("password", sasl.password.as_ref())?));
        Ok(match sasl.mechanism {
            SaslMechanism::Plain => {
                let (name, password) = user()?;
                AuthConfig::sasl_plain(name, password)
            }
            SaslMechanism::ScramSha256 => {
                let (name, password) = user()?;
                AuthConfig::sasl_scram_sha256(name, password)
            }
            SaslMechanism::ScramSha512 => {
                let (name, password) = user()?;
                AuthConfig::sasl_scram_sha512(name, password)
            }
            SaslMechanism::Oauthbearer => match &sasl.token {
                Some(token) => AuthConfig::sasl_oauthbearer(self.text(token)?),
                None => AuthConfig::sasl_oauthbearer_provider(self.tokens(sasl)?),
            },
        })
    }

    fn tokens(&self, sasl: &Sasl) -> Result<OidcTokenProvider, BusError> {
        let id = self.needed("client_id", sasl.client_id.as_ref())?;
        let secret = self.needed("client_secret", sasl.client_secret.as_ref())?;
        let mut provider = OidcTokenProvider::builder(self.needed("token_url", sasl.token_url.as_ref())?)
            .credentials(ClientCredentials::secret(id, secret))
            .native_roots();
        if let Some(scope) = &sasl.scope {
            provider = provider.scope(scope);
        }
        provider.build().map_err(|error| BusError::Setting(format!("{}: {error}", self.broker)))
    }

    /// Returns the TLS of an HTTP API.
    ///
    /// # Errors
    /// Where a file is missing, or holds no certificate or key.
    pub fn http_tls(&self, security: &Security) -> Result<HttpTls, BusError> {
        let tls = security.tls.clone().unwrap_or_default();
        let roots = match &tls.roots {
            Some(roots) => RootCerts::from(self.certificates(roots)?),
            None => RootCerts::PlatformVerifier,
        };
        let client = match (&tls.certificate, &tls.key) {
            (Some(certificate), Some(key)) => Some(ClientCert::new_with_certs(&self.certificates(certificate)?, self.key(key)?)),
            _ => None,
        };
        Ok(HttpTls::builder().root_certs(roots).client_cert(client).build())
    }

    fn pem(&self, text: &Interpolated) -> Result<(String, Vec<u8>), BusError> {
        let path = self.text(text)?;
        match self.read(Path::new(&path)) {
            Ok(bytes) => Ok((path, bytes)),
            Err(error) => Err(BusError::Setting(format!("{}: {path:?} cannot be read: {error}", self.broker))),
        }
    }

    fn certificates(&self, text: &Interpolated) -> Result<Vec<Certificate<'static>>, BusError> {
        let (path, bytes) = self.pem(text)?;
        let certificates: Vec<_> = parse_pem(&bytes)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(BusError::Setting(format!("{}: {path:?} holds no certificate in PEM", self.broker)));
        }
        Ok(certificates)
    }

    fn key(&self, text: &Interpolated) -> Result<PrivateKey<'static>, BusError> {
        let (path, bytes) = self.pem(text)?;
        PrivateKey::from_pem(&bytes).map_err(|_| BusError::Setting(format!("{}: {path:?} holds no key in PEM", self.broker)))
    }
}
