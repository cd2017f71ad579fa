//! A simulator in this process, and somebody who asks it over HTTP. How a platform is spoken to
//! beside that is written where it is: as more methods of the [`Client`].

use std::time::Duration;

use flightdeck::sim::{SimOptions, Simulator};
use reqwest::{Method, RequestBuilder, redirect};
use serde_json::Value;

/// Longest a test waits for something that has to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) token: String,
    /// Before the token.
    scheme: &'static str,
}

impl Client {
    /// Of the first server of a platform.
    pub(crate) async fn on(platform: &str, scheme: &'static str, options: SimOptions) -> Client {
        // A second test in this process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let builder = builder.redirect(redirect::Policy::none());
        let simulator = Simulator::start(options).await.unwrap();
        let mut platforms = simulator.platforms().iter();
        let served = platforms.find(|served| served.platform == platform);
        let served = served.unwrap().clone();
        Client {
            http: builder.timeout(PATIENCE).build().unwrap(),
            simulator,
            base: served.base_url,
            token: served.token,
            scheme,
        }
    }

    /// Without the token, for an address or a path.
    pub(crate) fn bare(&self, method: Method, place: &str) -> RequestBuilder {
        let base = if place.starts_with("http") {
            ""
        } else {
            &self.base
        };
        self.http.request(method, format!("{base}{place}"))
    }

    /// The same with the token.
    pub(crate) fn request(&self, method: Method, place: &str) -> RequestBuilder {
        let authorization = format!("{} {}", self.scheme, self.token);
        self.bare(method, place)
            .header("Authorization", authorization)
    }

    /// Asks the simulator itself.
    pub(crate) async fn control(&self, method: Method, path: &str) -> Value {
        self.tell(method, path, String::new()).await
    }

    /// Gives it an order.
    pub(crate) async fn command(&self, path: &str, order: &Value) -> Value {
        self.tell(Method::POST, path, order.to_string()).await
    }

    async fn tell(&self, method: Method, path: &str, body: String) -> Value {
        let address = format!("{}{path}", self.simulator.control_url());
        let request = self.http.request(method, address).body(body);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// Asks again and again until the answer is as wanted.
pub(crate) async fn until<T>(ask: impl AsyncFn() -> T, wanted: impl Fn(&T) -> bool) -> T {
    let polling = async {
        loop {
            let answer = ask().await;
            if wanted(&answer) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    let polling = tokio::time::timeout(PATIENCE, polling);
    polling.await.expect("it never came to that")
}
