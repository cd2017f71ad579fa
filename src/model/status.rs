//! Status and class: what an app or environment is doing, and how much it matters.

use super::Text;

/// The state of an app or an environment, as the platform's facts say it.
///
/// Staleness and rejected credentials are not here: they are facts about flightdeck's knowledge,
/// and are laid over the status when it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Down, or its newest deployment failed.
    Failed,
    /// Serving, but not as it should.
    Degraded,
    /// A deployment waits.
    Queued,
    /// A deployment builds.
    Building,
    /// A deployment rolls out.
    Deploying,
    /// Serving.
    Live,
    /// Scaled to zero by the platform until a request comes.
    Asleep,
    /// Stopped, or never deployed.
    Stopped,
    /// Exists, and the platform knows no more about its health.
    Present,
    /// Nothing known yet.
    #[default]
    Unknown,
    /// A word of the platform that flightdeck does not know: shown as itself.
    Other(Text),
}

impl Status {
    /// Order of "needs me": failed, degraded, changing, unknown, then live, asleep, stopped.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Failed => 0,
            Self::Degraded => 1,
            Self::Deploying => 2,
            Self::Building => 3,
            Self::Queued => 4,
            Self::Unknown | Self::Other(_) => 5,
            Self::Live => 6,
            Self::Present => 7,
            Self::Asleep => 8,
            Self::Stopped => 9,
        }
    }

    /// Whether a deployment is under way.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        matches!(self, Self::Queued | Self::Building | Self::Deploying)
    }

    /// Whether somebody should look at it.
    #[must_use]
    pub fn is_problem(&self) -> bool {
        matches!(self, Self::Failed | Self::Degraded)
    }

    /// The more urgent of two.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        if other.rank() < self.rank() {
            other
        } else {
            self
        }
    }
}

/// How much an environment matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Development, review, preview.
    Development,
    /// Staging and test.
    Staging,
    /// Production.
    Production,
}

impl Class {
    /// The word on screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Staging => "stag",
            Self::Production => "PROD",
        }
    }

    /// Reads the word of a configuration or a filter, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "dev" | "development" => Some(Self::Development),
            "stag" | "staging" => Some(Self::Staging),
            "prod" | "production" => Some(Self::Production),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_is_never_better_than_live() {
        let odd = Status::Other(Text::clean("exploding"));
        assert!(odd.rank() < Status::Live.rank());
        assert_eq!(Status::Live.worst(odd.clone()), odd);
    }

    #[test]
    fn the_worst_of_two_is_the_more_urgent() {
        assert_eq!(Status::Live.worst(Status::Failed), Status::Failed);
        assert_eq!(Status::Degraded.worst(Status::Building), Status::Degraded);
    }
}
