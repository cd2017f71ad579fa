use proptest::prelude::*;

use super::*;

/// Source: PandaStack contract, section 4.
const TABLE: &[(State, &str)] = &[
    (
        State::Pending,
        "PENDING QUEUED CREATED SCHEDULED WAITING INITIALIZING INIT",
    ),
    (
        State::Building,
        "BUILDING PROCESSING IN_PROGRESS INSTALLING PROVISIONING PULLING",
    ),
    (
        State::Deploying,
        "DEPLOYING STARTING RESTARTING UPDATING CONFIGURING RETRYING",
    ),
    (
        State::ActionRequired,
        "PENDING_DOMAIN DOMAIN_PENDING DNS_REQUIRED WAITING_FOR_DNS AWAITING_DOMAIN \
         VERIFYING_DOMAIN DOMAIN_UNVERIFIED ACTION_REQUIRED SETUP_REQUIRED",
    ),
    (
        State::Running,
        "RUNNING ACTIVE SUCCESS SUCCEEDED SUCCESSFUL COMPLETED COMPLETE DONE READY INSTALLED \
         DEPLOYED LIVE HEALTHY VERIFIED",
    ),
    (
        State::Failed,
        "FAILED FAILURE ERROR ERRORED CRASHED CRASHLOOPBACKOFF TIMEOUT TIMED_OUT REJECTED",
    ),
    (
        State::Stopped,
        "PAUSED STOPPED INACTIVE SUSPENDED CANCELED CANCELLED SLEEPING",
    ),
    (State::Deleting, "DELETING TERMINATING UNINSTALLING"),
    (State::Deleted, "DELETED REMOVED"),
];

#[test]
fn every_word_is_understood_in_any_writing() {
    for (state, words) in TABLE {
        for word in words.split_whitespace() {
            for written in [
                word.to_owned(),
                word.to_lowercase(),
                word.replace('_', "-"),
                format!(" {} ", word.replace('_', " ")),
            ] {
                assert_eq!(State::of(&written), *state, "{written:?}");
            }
        }
    }
}

#[test]
fn an_unknown_word_is_itself_and_never_live() {
    for word in [
        "EXPLODING",
        "DOMAIN",
        "REQUIRED",
        "RUNNING_LATE",
        "DOMAIN_VERIFIED",
    ] {
        let state = State::of(word);
        assert_eq!(state, State::Unknown(word.into()));
        assert_eq!(state.status(), Status::Other(word.into()));
        assert!(!state.is_final());
    }
}

#[test]
fn booleans_are_running_or_on_the_way() {
    assert_eq!(State::of_flags(&[]), None);
    assert_eq!(State::of_flags(&[true, true]), Some(State::Running));
    assert_eq!(State::of_flags(&[true, false]), Some(State::Building));
}

#[test]
fn what_is_awaited_is_a_problem_and_no_end() {
    let state = State::of("pending-domain");
    assert_eq!(state.status(), Status::Degraded);
    assert!(matches!(state.phase(), Phase::ActionRequired(_)));
    assert!(!state.is_final());
}

proptest! {
    #[test]
    fn no_word_breaks_it(word in "\\PC{0,30}") {
        let state = State::of(&word);
        let _ = (state.status(), state.phase(), state.is_final());
    }
}
