//! What adapters send and what they make of the answers, over real HTTP on loopback.

#[cfg(test)]
mod digitalocean_failures;
#[cfg(test)]
mod digitalocean_kit;
#[cfg(test)]
mod digitalocean_reads;
#[cfg(test)]
mod divio_failures;
#[cfg(test)]
mod divio_operations;
#[cfg(test)]
mod divio_reads;
#[cfg(test)]
mod divio_tails;
#[cfg(test)]
mod divio_walk;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod transport;
