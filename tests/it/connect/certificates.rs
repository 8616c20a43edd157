//! Certificates made with openssl.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::support::loudly;

/// An authority with its folder.
pub struct Authority {
    folder: TempDir,
}

/// A certificate and its key, PEM.
pub struct Pair {
    pub certificate: Vec<u8>,
    pub key: Vec<u8>,
}

impl Authority {
    /// None, with a word about it, where there is no openssl.
    pub fn new(name: &str) -> Option<Self> {
        if !Command::new("openssl")
            .arg("version")
            .output()
            .is_ok_and(|o| o.status.success())
        {
            loudly("=== SKIPPED: connections with TLS: no openssl here ===");
            return None;
        }
        let authority = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        authority.new_key("ca");
        authority.openssl(&format!(
            "req -x509 -new -key ca.key -out ca.crt -days 30 -subj /CN={name}"
        ));
        Some(authority)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    }

    fn new_key(&self, name: &str) {
        self.openssl(&format!(
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"
        ));
    }

    fn pair(&self, name: &str) -> Pair {
        Pair {
            certificate: fs::read(self.path(&format!("{name}.crt"))).unwrap(),
            key: fs::read(self.path(&format!("{name}.key"))).unwrap(),
        }
    }

    /// The authority's own certificate, PEM.
    pub fn certificate(&self) -> Vec<u8> {
        self.pair("ca").certificate
    }

    /// A certificate signed by the authority. Without `extensions` it has version 1.
    pub fn issue(&self, subject: &str, extensions: &str, days: i32) -> Pair {
        self.new_key("leaf");
        self.openssl(&format!(
            "req -new -key leaf.key -out leaf.csr -subj /CN={subject}"
        ));
        fs::write(self.path("leaf.ext"), extensions).unwrap();
        let extended = if extensions.is_empty() {
            ""
        } else {
            " -extfile leaf.ext"
        };
        self.openssl(&format!(
            "x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out leaf.crt -days {days}{extended}"
        ));
        self.pair("leaf")
    }

    /// A certificate that signs itself, as `openssl req -x509` makes it: marked as an authority's.
    pub fn self_signed(&self, subject: &str) -> Pair {
        self.new_key("own");
        self.openssl(&format!(
            "req -x509 -new -key own.key -out own.crt -days 30 -subj /CN={subject} -addext subjectAltName=DNS:{subject}"
        ));
        self.pair("own")
    }

    /// The list of revoked certificates, PEM: `certificate`, or none.
    pub fn revocations(&self, certificate: Option<&Pair>) -> Vec<u8> {
        let config = "[ca]\ndefault_ca=a\n[a]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n\
                      certificate=ca.crt\nprivate_key=ca.key\ndefault_crl_days=30\n";
        for (name, content) in [("ca.conf", config), ("index", ""), ("number", "01\n")] {
            fs::write(self.path(name), content).unwrap();
        }
        if let Some(pair) = certificate {
            fs::write(self.path("bad.crt"), &pair.certificate).unwrap();
            self.openssl("ca -config ca.conf -revoke bad.crt");
        }
        self.openssl("ca -config ca.conf -gencrl -out list.crl");
        fs::read(self.path("list.crl")).unwrap()
    }

    /// `key` with a password on it.
    pub fn encrypt(&self, key: &[u8]) -> Vec<u8> {
        fs::write(self.path("plain.key"), key).unwrap();
        self.openssl("pkey -in plain.key -aes256 -passout pass:secret -out locked.key");
        fs::read(self.path("locked.key")).unwrap()
    }
}
