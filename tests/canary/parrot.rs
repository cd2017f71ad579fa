//! A platform that repeats everything it is sent, in every form that an error can have.

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// How an error is written: a status, and its body.
pub(crate) type Form = (u16, fn(&str) -> String);

/// What is answered to what is asked; absent for what is refused.
type Known = fn(&Request) -> Option<Value>;

pub(crate) struct Parrot {
    runtime: Runtime,
    server: MockServer,
}

struct Repeats {
    known: Known,
    form: Form,
}

impl Respond for Repeats {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if let Some(answer) = (self.known)(request) {
            return ResponseTemplate::new(200).set_body_json(answer);
        }
        let (status, write) = self.form;
        let header = request.headers.get("authorization");
        let header = header.map_or("", |it| it.to_str().unwrap());
        let body = String::from_utf8_lossy(&request.body);
        let said = format!("{header} and {body} are bad");
        ResponseTemplate::new(status).set_body_string(write(&said))
    }
}

impl Parrot {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockServer::start());
        Self { runtime, server }
    }

    pub(crate) fn address(&self) -> String {
        self.server.uri()
    }

    pub(crate) fn port(&self) -> u16 {
        self.server.address().port()
    }

    /// From now on it answers so.
    pub(crate) fn says(&self, known: Known, form: Form) {
        self.runtime.block_on(async {
            self.server.reset().await;
            let mock = Mock::given(any()).respond_with(Repeats { known, form });
            mock.mount(&self.server).await;
        });
    }

    /// How many requests that it refused came since it has answered so.
    pub(crate) fn refused(&self, known: Known) -> usize {
        let requests = self.runtime.block_on(self.server.received_requests());
        let requests = requests.unwrap();
        requests.iter().filter(|it| known(it).is_none()).count()
    }
}

pub(crate) fn nothing(_: &Request) -> Option<Value> {
    None
}

pub(crate) fn message(said: &str) -> String {
    json!({"message": said}).to_string()
}

pub(crate) fn text(said: &str) -> String {
    said.to_owned()
}

/// A page, as a proxy or a framework writes it.
pub(crate) fn html(said: &str) -> String {
    let mut page = said.to_owned();
    for (plain, written) in [
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("\"", "&quot;"),
    ] {
        page = page.replace(plain, written);
    }
    format!("<html><head><title>Error</title></head><body><pre>{page}</pre></body></html>")
}
