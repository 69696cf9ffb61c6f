//! A PostgreSQL server of the machine's own packages, started for a test and gone with it.

use std::{
    fs,
    io::Write as _,
    net::TcpListener,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use postgres::{Client, NoTls};
use tempfile::TempDir;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// The user `nobody`, whom every machine has.
const NOBODY: u32 = 65_534;
const PASSWORD: &str = "only for this test";

/// A running server with an empty database.
pub struct Server {
    programs: PathBuf,
    folder: TempDir,
    process: Child,
    port: u16,
}

/// How a server speaks to its clients.
#[derive(Clone, Copy)]
enum Speaks {
    Plainly,
    /// Only encrypted; what its list of clients asks of them besides the password.
    Encrypted(&'static str),
}

impl Server {
    /// Starts one on a free port of the loopback. `None`, with a loud line, where no server is installed; a panic in CI.
    pub fn start() -> Option<Self> {
        Self::start_with(Speaks::Plainly)
    }

    /// The same, which speaks to nobody unless encrypted; a certificate of its own authority, `ca.crt`, says who it is.
    pub fn start_encrypted() -> Option<Self> {
        Self::start_with(Speaks::Encrypted(""))
    }

    /// The same, which wants a certificate of its authority from the client, too: `me.crt` is one.
    pub fn start_certified() -> Option<Self> {
        Self::start_with(Speaks::Encrypted(" clientcert=verify-ca"))
    }

    fn start_with(speaks: Speaks) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "CI needs the package postgresql");
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: a test needs a PostgreSQL server (Debian: apt-get install postgresql), which is absent"
            );
            return None;
        };
        let folder = testkit::folder();
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD).unwrap();
        let cluster = folder.path().join("cluster");
        for path in [folder.path(), &password] {
            if root() {
                chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        let made = as_user(&programs.join("initdb"))
            .args([
                "--auth=scram-sha-256",
                "--username=tester",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ])
            .arg(format!("--pwfile={}", password.display()))
            .arg("-D")
            .arg(&cluster)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut process = as_user(&programs.join("postgres"));
        if let Speaks::Encrypted(wanted) = speaks {
            certify(folder.path());
            let hba = cluster.join("pg_hba.conf");
            fs::write(&hba, format!("hostssl all all 127.0.0.1/32 scram-sha-256{wanted}\n")).unwrap();
            let at = |name: &str| folder.path().join(name).display().to_string();
            process.args(["-c", "ssl=on", "-c", &format!("ssl_cert_file={}", at("server.crt"))]);
            process.args(["-c", &format!("ssl_key_file={}", at("server.key"))]);
            process.args(["-c", &format!("ssl_ca_file={}", at("ca.crt"))]);
        }
        let process = process
            .args(["-F", "-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(folder.path())
            .arg("-D")
            .arg(&cluster)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { programs, folder, process, port };
        if matches!(speaks, Speaks::Encrypted(_)) {
            server.wait_for_log();
        } else {
            server.wait();
        }
        Some(server)
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        let password = PASSWORD.replace(' ', "%20");
        format!("postgres://tester:{password}@127.0.0.1:{}/postgres", self.port)
    }

    /// A connection.
    pub fn client(&self) -> Client {
        Client::connect(&self.url(), NoTls).unwrap()
    }

    /// A file that its certificate is made of.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn wait_for_log(&self) {
        let begun = Instant::now();
        loop {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            if log.contains("ready to accept connections") {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not start:\n{log}");
            sleep(Duration::from_millis(100));
        }
    }

    fn wait(&self) {
        let begun = Instant::now();
        while let Err(error) = Client::connect(&self.url(), NoTls) {
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(begun.elapsed() < PATIENCE, "the server does not start: {error}\n{}", log());
            sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = as_user(&self.programs.join("pg_ctl"))
            .args(["stop", "-s", "-m", "immediate", "-D"])
            .arg(self.folder.path().join("cluster"))
            .current_dir(self.folder.path())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// Makes an authority (`ca`), certificates of it for the loopback (`server`) and a client (`me`), and another authority
/// (`other`).
fn certify(folder: &Path) {
    let openssl = |arguments: &str| {
        let made = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    const KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    for authority in ["ca", "other"] {
        let files = format!("-keyout {authority}.key -out {authority}.crt");
        openssl(&format!("req -x509 {KEY} {files} -days 2 -subj /CN={authority}"));
    }
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    const BY: &str = "-CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names";
    for name in ["server", "me"] {
        openssl(&format!("req -new {KEY} -keyout {name}.key -out {name}.csr -subj /CN={name}"));
        openssl(&format!("x509 -req -in {name}.csr -out {name}.crt {BY}"));
    }
    for name in ["server.key", "server.crt", "ca.crt"] {
        let path = folder.join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        if root() {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
}

/// The folder of the server's programs: Debian's newest.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let installed = versions.filter_map(|entry| Some(entry.ok()?.path()));
    let complete = installed.filter(|path| path.join("bin/initdb").exists());
    complete.max_by_key(|path| number(path)).map(|path| path.join("bin"))
}

/// The server refuses to run as root: then it runs as nobody.
fn as_user(program: &Path) -> Command {
    let mut command = Command::new(program);
    if root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
