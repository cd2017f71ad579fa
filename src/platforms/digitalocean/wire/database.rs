//! Managed databases. Connections and users hold passwords: they are not read.
//!
//! Source: DigitalOcean contract, section 5.7.

use jiff::Timestamp;

use super::{entities, records};

entities! {
    Cluster {
        name: String,
        engine: String,
        version: String,
        semantic_version: String,
        num_nodes: i64,
        size: String,
        region: String,
        status: String,
        created_at: Timestamp,
        maintenance_window: Window,
        storage_size_mib: u64,
        version_end_of_life: Timestamp,
    }
}

records! {
    Window {
        day: String,
        hour: String,
        pending: bool,
    }
    Backups {
        backups: Vec<Backup>,
        scheduled_backup_time: ScheduledTime,
        backup_progress: String,
    }
    Backup {
        /// As it is written: it is what names the backup.
        created_at: String,
        size_gigabytes: f64,
        incremental: bool,
    }
    ScheduledTime {
        backup_hour: u64,
        backup_minute: u64,
        backup_interval_hours: u64,
    }
}
