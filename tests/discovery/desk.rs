//! A home folder, a server that refuses every token, and the binary.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use flightdeck::sim::{Served, SimOptions, Simulator};
use reqwest::Method;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A home folder, and a server that refuses every token.
pub(crate) struct Desk {
    home: tempfile::TempDir,
    pub(crate) server: MockServer,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let server = MockServer::start().await;
        let refusal = ResponseTemplate::new(401);
        let refusal = refusal.set_body_string(r#"{"id": "Unauthorized", "message": "no"}"#);
        Mock::given(any())
            .respond_with(refusal)
            .with_priority(9)
            .mount(&server)
            .await;
        let home = tempfile::tempdir().unwrap();
        Self { home, server }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file that nobody else can read.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The binary with these variables and a home folder in its environment, and nothing else.
    pub(crate) async fn run(&self, arguments: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flightdeck"));
        command
            .args(arguments.split(' '))
            .env_clear()
            .env("HOME", self.home.path())
            .envs(variables.iter().copied());
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// The text of every file in the home folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let (mut folders, mut texts) = (vec![self.home.path().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(path).unwrap();
                    texts.push(String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        texts
    }

    /// Every token that was sent, in the order of the alphabet.
    pub(crate) async fn tokens(&self) -> Vec<String> {
        tokens(&self.server).await
    }
}

/// Every token that was sent to a server, in the order of the alphabet.
pub(crate) async fn tokens(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let sent = requests.iter().map(|request| {
        let header = request.headers.get("authorization").unwrap();
        let (_scheme, token) = header.to_str().unwrap().split_once(' ').unwrap();
        token.to_owned()
    });
    let mut sent: Vec<_> = sent.collect();
    sent.sort_unstable();
    sent.dedup();
    sent
}

/// What a run printed, once it is clear that no token is in it.
pub(crate) fn printed(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(
        !out.contains("canary") && !err.contains("canary"),
        "{out}{err}"
    );
    out.into_owned()
}

/// A simulator of one platform, and orders for it.
pub(crate) struct Sim(Simulator);

impl Sim {
    pub(crate) async fn on(platform: &'static str) -> Self {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(SimOptions {
            story: false,
            speed: 200.0,
            platforms: vec![platform],
            rate_limits: None,
            ..SimOptions::default()
        });
        Self(simulator.await.unwrap())
    }

    pub(crate) fn served(&self) -> &Served {
        &self.0.platforms()[0]
    }

    /// Asks the simulator itself.
    pub(crate) async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let address = format!("{}/_sim/{path}", self.0.control_url());
        let request = client.build().unwrap().request(method, address);
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
    }

    /// How often it was asked for something.
    pub(crate) async fn count(&self, operation: &str) -> u64 {
        let counts = self.control(Method::GET, "requests", &Value::Null).await;
        counts["operations"][operation].as_u64().unwrap_or(0)
    }
}

/// A server that sends everybody on to another.
pub(crate) async fn redirecting(to: &MockServer) -> MockServer {
    let server = MockServer::start().await;
    for (number, status) in [301, 302, 303, 307, 308].into_iter().enumerate() {
        let answer = ResponseTemplate::new(status).insert_header("location", to.uri());
        let mock = Mock::given(any()).respond_with(answer);
        // One after the other, and the last for good.
        let mock = mock.with_priority(u8::try_from(number).unwrap() + 1);
        let times = if status == 308 { u64::MAX } else { 1 };
        mock.up_to_n_times(times).mount(&server).await;
    }
    server
}

/// Fails if anything has come to a server.
pub(crate) async fn is_untouched(server: &MockServer) {
    let came = server.received_requests().await.unwrap();
    assert!(came.is_empty(), "{came:?}");
}
