//! The simulator: serves the platforms' interfaces on loopback.
//!
//! It is what the demo runs on and what the tests run on. It is written from the platforms' wire
//! contracts alone and knows nothing of the adapters: a misreading shared by both would be
//! invisible. A world is a function of the seed; what happens in it is a function of the requests
//! and of time. There are no background tasks but the sockets': the state of a deployment is
//! computed when somebody asks.

mod clock;
mod control;
mod damage;
mod dice;
mod digitalocean;
mod divio;
mod effects;
mod fault_book;
mod faults;
mod flood;
mod flow;
mod gzip;
mod host;
mod journal;
mod keep_alive;
mod line;
mod pandastack;
mod pangea;
mod phrases;
mod query;
mod raw;
mod record;
mod route;
mod script;
mod server;
mod shared;
mod streams;
mod tsuru;
mod words;

use std::{
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

pub use digitalocean::RateLimits;
pub use faults::{Cut, Effect, Fault, FaultError, Matcher, parse_faults};

use self::{
    clock::Clock,
    control::Controlled,
    fault_book::FaultBook,
    host::{Host, Platform},
    journal::Journal,
    server::Server,
    streams::Streams,
};

/// What a simulator is to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct SimOptions {
    /// Address of the first platform; port 0 lets the system choose. Further servers follow on
    /// the next free ports.
    pub listen: SocketAddr,
    /// Decides every name, identifier and number of the world.
    pub seed: u64,
    /// How many applications there are.
    pub apps: usize,
    /// Faults in force from the start.
    pub faults: Vec<Fault>,
    /// Whether the demo story plays. Without it nothing changes but what requests start.
    pub story: bool,
    /// Simulated seconds per real second for deployments and backups in progress.
    pub speed: f64,
    /// Adds a second, small account whose server refuses requests for a while in the story.
    pub second_account: bool,
    /// Which platforms are served, by name; see [`PLATFORMS`].
    pub platforms: Vec<&'static str>,
    /// How many requests a token has at platforms that count them; `None` lets all through.
    pub rate_limits: Option<RateLimits>,
}

impl Default for SimOptions {
    fn default() -> SimOptions {
        SimOptions {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            apps: 24,
            faults: Vec::new(),
            story: true,
            speed: 1.0,
            second_account: false,
            platforms: PLATFORMS.to_vec(),
            rate_limits: Some(RateLimits::default()),
        }
    }
}

/// One platform as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Name of the platform, such as `divio`.
    pub platform: &'static str,
    /// Name of the context in the configuration.
    pub context: &'static str,
    /// Where its interface is, without a slash at the end.
    pub base_url: String,
    /// The token it accepts.
    pub token: String,
    /// The organisation that requests have to name, where the platform wants that.
    pub organisation: Option<String>,
    /// A client whose credentials can be exchanged for a token, where the platform has such.
    pub client: Option<Client>,
}

/// The credentials of a client of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it is called.
    pub id: String,
    /// What proves that it is that.
    pub secret: String,
}

/// What a platform needs to know to make its world.
#[derive(Clone, Debug)]
struct Setup {
    seed: u64,
    /// Seed of the other account, to tell its identifiers from unknown ones.
    sibling: u64,
    apps: usize,
    story: bool,
    clock: Clock,
    token: String,
    /// Empty where the platform knows none.
    organisation: String,
    base_url: String,
    /// The second account: its own names, and refusals during the story.
    second: bool,
    rate_limits: Option<RateLimits>,
}

#[cfg(test)]
impl Setup {
    /// That of a main account of so many apps, for unit tests.
    fn of(seed: u64, apps: usize, story: bool) -> Setup {
        Setup {
            seed,
            sibling: dice::scramble(seed),
            apps,
            story,
            clock: Clock::start(1.0),
            token: "sim-token".to_owned(),
            organisation: "1234567890".to_owned(),
            base_url: "http://127.0.0.1:1".to_owned(),
            second: false,
            rate_limits: None,
        }
    }
}

/// A platform the simulator can serve.
struct Offer {
    platform: &'static str,
    context: &'static str,
    second: bool,
    /// The token of a seed's world, where one looks like no other platform's.
    token: Option<fn(u64) -> String>,
    /// The organisation of a seed's world, where requests have to name one.
    organisation: Option<fn(u64) -> String>,
    /// The client of a seed's world, where credentials are exchanged for tokens.
    client: Option<fn(u64) -> Client>,
    build: fn(Setup) -> Arc<dyn Platform>,
}

impl Offer {
    fn token_of(&self, seed: u64) -> String {
        let plain = || format!("sim-{}-token-{seed}", self.context);
        self.token.map_or_else(plain, |of| of(seed))
    }
}

/// Every platform; the first listens on the address that was asked for.
const OFFERS: &[Offer] = &[
    Offer {
        platform: "divio",
        context: "divio",
        second: false,
        token: None,
        organisation: None,
        client: None,
        build: divio::build,
    },
    Offer {
        platform: "divio",
        context: "divio-lab",
        second: true,
        token: None,
        organisation: None,
        client: None,
        build: divio::build,
    },
    Offer {
        platform: "digitalocean",
        context: "digitalocean",
        second: false,
        token: None,
        organisation: None,
        client: None,
        build: digitalocean::build,
    },
    Offer {
        platform: "tsuru",
        context: "tsuru",
        second: false,
        token: None,
        organisation: None,
        client: None,
        build: tsuru::build,
    },
    Offer {
        platform: "pandastack",
        context: "pandastack",
        second: false,
        token: Some(pandastack::token),
        organisation: Some(pandastack::organisation),
        client: None,
        build: pandastack::build,
    },
    Offer {
        platform: "pangea",
        context: "pangea",
        second: false,
        token: None,
        organisation: Some(pangea::organisation),
        client: Some(pangea::client),
        build: pangea::build,
    },
];

/// The names of all platforms that can be served.
pub const PLATFORMS: &[&str] = &["divio", "digitalocean", "tsuru", "pandastack", "pangea"];

/// A running simulator. Dropping it stops it.
#[derive(Debug)]
pub struct Simulator {
    platforms: Vec<Served>,
    control_url: String,
    servers: Vec<Server>,
}

impl Simulator {
    /// Binds the ports and starts to serve. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// What the system says when the port is taken or the address is not ours.
    pub async fn start(options: SimOptions) -> io::Result<Simulator> {
        let clock = Clock::start(options.speed);
        let journal = Arc::new(Journal::default());
        let faults = Arc::new(FaultBook::new(options.faults.clone()));
        let streams = Arc::new(Streams::default());
        let (mut hosts, mut servers, mut platforms) = (Vec::new(), Vec::new(), Vec::new());
        let mut taken = None;
        let offers = OFFERS
            .iter()
            .filter(|offer| options.platforms.contains(&offer.platform))
            .filter(|offer| options.second_account || !offer.second);
        for offer in offers {
            let listener = server::bind(options.listen, taken).await?;
            let address = listener.local_addr()?;
            taken = Some(address.port());
            let served = Served {
                platform: offer.platform,
                context: offer.context,
                base_url: format!("http://{address}"),
                token: offer.token_of(options.seed),
                organisation: offer.organisation.map(|of| of(options.seed)),
                client: offer.client.map(|of| of(options.seed)),
            };
            let host = Host {
                name: offer.platform,
                context: offer.context,
                platform: (offer.build)(setup(&options, &clock, &served, offer.second)),
                clock: clock.clone(),
                journal: Arc::clone(&journal),
                faults: Arc::clone(&faults),
                streams: Arc::clone(&streams),
            };
            servers.push(Server::start(listener, host.router())?);
            hosts.push(host);
            platforms.push(served);
        }
        let listener = server::bind(options.listen, taken).await?;
        let controlled = Controlled {
            hosts: hosts.into(),
            journal,
            faults,
            streams,
            floods: Arc::default(),
        };
        if let Some(wrong) = controlled.refused(&options.faults) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, wrong));
        }
        let control = Server::start(listener, control::router(controlled))?;
        let control_url = format!("http://{}", control.address());
        servers.push(control);
        Ok(Simulator {
            platforms,
            control_url,
            servers,
        })
    }

    /// The platforms that are served, the main account first.
    #[must_use]
    pub fn platforms(&self) -> &[Served] {
        &self.platforms
    }

    /// Where the control port is, without a slash at the end.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// A complete flightdeck configuration for this simulator, as TOML text.
    #[must_use]
    pub fn config_toml(&self) -> String {
        let mut text = String::new();
        for Served {
            platform,
            context,
            base_url,
            token,
            organisation,
            client,
        } in &self.platforms
        {
            let organisation = organisation
                .as_ref()
                .map(|id| format!("organisation = \"{id}\"\n"));
            let organisation = organisation.unwrap_or_default();
            // Comments: a context has either a token or a client.
            let client = client.as_ref().map(|Client { id, secret }| {
                format!("# client_id = \"{id}\"\n# client_secret = \"{secret}\"\n")
            });
            let client = client.unwrap_or_default();
            // Writing to a string does not fail.
            let _written = writeln!(
                text,
                "# control: {}\n[contexts.{context}]\nplatform = \"{platform}\"\n\
                 base_url = \"{base_url}\"\ntoken = \"{token}\"\n{organisation}{client}",
                self.control_url
            );
        }
        text
    }

    /// Stops serving at once: open connections are cut, the ports are free when this returns.
    pub async fn stop(self) {
        for server in self.servers {
            server.stop().await;
        }
    }
}

fn setup(options: &SimOptions, clock: &Clock, served: &Served, second: bool) -> Setup {
    const SECOND_APPS: usize = 6;
    let (main, other) = (options.seed, dice::scramble(options.seed));
    let (seed, sibling) = if second { (other, main) } else { (main, other) };
    Setup {
        seed,
        sibling,
        apps: if second {
            SECOND_APPS.min(options.apps)
        } else {
            options.apps
        },
        story: options.story,
        clock: clock.clone(),
        token: served.token.clone(),
        organisation: served.organisation.clone().unwrap_or_default(),
        base_url: served.base_url.clone(),
        second,
        rate_limits: options.rate_limits,
    }
}
