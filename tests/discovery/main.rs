//! The program without a configuration: the logins that other programs keep are contexts, and no
//! token is shown.
#![cfg(unix)]

#[cfg(test)]
mod desk;
#[cfg(test)]
mod doctl;
#[cfg(test)]
mod pandastack;
#[cfg(test)]
mod pangea;
#[cfg(test)]
mod tsuru;
