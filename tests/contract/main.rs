//! What adapters send and what they make of the answers, over real HTTP on loopback.

#[cfg(test)]
mod digitalocean_failures;
#[cfg(test)]
mod digitalocean_harness;
#[cfg(test)]
mod digitalocean_logs;
#[cfg(test)]
mod digitalocean_lost;
#[cfg(test)]
mod digitalocean_operations;
#[cfg(test)]
mod digitalocean_previews;
#[cfg(test)]
mod digitalocean_reads;
#[cfg(test)]
mod digitalocean_walk;
#[cfg(test)]
mod divio_failures;
#[cfg(test)]
mod divio_operations;
mod divio_past;
#[cfg(test)]
mod divio_reads;
#[cfg(test)]
mod divio_tails;
#[cfg(test)]
mod divio_walk;
#[cfg(test)]
mod harness;
#[cfg(test)]
#[path = "../support/nobody.rs"]
mod nobody;
#[cfg(test)]
mod pandastack_dialect;
#[cfg(test)]
mod pandastack_doing;
#[cfg(test)]
mod pandastack_harness;
#[cfg(test)]
mod pandastack_install;
#[cfg(test)]
mod pandastack_logs;
#[cfg(test)]
mod pandastack_lost;
#[cfg(test)]
mod pandastack_operations;
#[cfg(test)]
mod pandastack_projects;
#[cfg(test)]
mod pandastack_reads;
#[cfg(test)]
mod pandastack_reads_errors;
#[cfg(test)]
mod pandastack_reads_history;
#[cfg(test)]
mod pandastack_walk;
#[cfg(test)]
mod pangea_harness;
#[cfg(test)]
mod pangea_later;
#[cfg(test)]
mod pangea_login;
#[cfg(test)]
mod pangea_operations;
#[cfg(test)]
mod pangea_reads;
#[cfg(test)]
mod pangea_walk;
#[cfg(test)]
mod streaming;
#[cfg(test)]
mod transport;
#[cfg(test)]
mod tsuru_harness;
#[cfg(test)]
mod tsuru_lost;
#[cfg(test)]
mod tsuru_operations;
#[cfg(test)]
mod tsuru_previews;
#[cfg(test)]
mod tsuru_reads;
#[cfg(test)]
mod tsuru_reads_history;
#[cfg(test)]
mod tsuru_reads_lists;
#[cfg(test)]
mod tsuru_reads_old;
#[cfg(test)]
mod tsuru_refusals;
#[cfg(test)]
mod tsuru_rows;
#[cfg(test)]
mod tsuru_streams;
#[cfg(test)]
mod tsuru_walk;
