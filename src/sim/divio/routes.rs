//! The route table: operation names, methods and paths of the contract, as data.

use super::{
    account, activities, applications, backups, builds, call::Call, catalogue, cronjobs,
    deployments, domains, downloads, environments, invoices, logs, maintenance, metrics,
    reply::Outcome, repositories, restores, services, variables,
};
use crate::sim::route::{self, change, is_for, read};

/// Answers one operation.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

/// One operation of the interface. Its path has one placeholder at the most, `{uuid}`.
pub(super) type Route = route::Route<Handler>;

/// All operations that are simulated.
#[rustfmt::skip]
pub(super) const ROUTES: &[Route] = &[
    read("GetCurrentUser", "/iam/v3/me/", account::me),
    read("ListOrganisations", "/iam/v3/organisations/", account::list_organisations),
    read("GetOrganisation", "/iam/v3/organisations/{uuid}/", account::get_organisation),
    read("ListLegacyApplications", "/legacy/v3/applications/", account::legacy_applications),
    read("Root", "/apps/v3/", account::root),
    read("schema_retrieve", "/apps/v3/schema/", account::schema),
    read("ListAppTemplates", "/apps/v3/app-templates/", catalogue::list_templates),
    read("GetAppTemplate", "/apps/v3/app-templates/{uuid}/", catalogue::get_template),
    read("ListApplicationActivities", "/apps/v3/application-activities/", activities::list),
    read("GetApplicationActivity", "/apps/v3/application-activities/{uuid}/", activities::get),
    read("ListApplications", "/apps/v3/applications/", applications::list),
    read("GetApplication", "/apps/v3/applications/{uuid}/", applications::get),
    change("PartialUpdateApplication", "PATCH", "/apps/v3/applications/{uuid}/", applications::update),
    change("ArchiveApplication", "POST", "/apps/v3/applications/{uuid}/archive/", applications::archive),
    read("ListBackupDownloadServiceInstances", "/apps/v3/backup-download-service-instances/", downloads::list_parts),
    read("GetBackupDownloadServiceInstance", "/apps/v3/backup-download-service-instances/{uuid}/", downloads::get_part),
    read("ListBackupDownloads", "/apps/v3/backup-downloads/", downloads::list),
    change("CreateBackupDownload", "POST", "/apps/v3/backup-downloads/", downloads::create),
    read("GetBackupDownload", "/apps/v3/backup-downloads/{uuid}/", downloads::get),
    read("ListBackupRestores", "/apps/v3/backup-restores/", restores::list),
    change("CreateBackupRestore", "POST", "/apps/v3/backup-restores/", restores::create),
    read("GetBackupRestore", "/apps/v3/backup-restores/{uuid}/", restores::get),
    read("ListBackupRetentionConfigurations", "/apps/v3/backup-retention-configurations/", catalogue::list_retentions),
    read("GetBackupRetentionConfiguration", "/apps/v3/backup-retention-configurations/{uuid}/", catalogue::get_retention),
    read("ListBackups", "/apps/v3/backups/", backups::list),
    change("CreateBackup", "POST", "/apps/v3/backups/", backups::create),
    read("GetBackup", "/apps/v3/backups/{uuid}/", backups::get),
    read("ListBuilds", "/apps/v3/builds/", builds::list),
    read("GetBuild", "/apps/v3/builds/{uuid}/", builds::get),
    read("ListCronjobs", "/apps/v3/cronjobs/", cronjobs::list),
    change("CreateCronjob", "POST", "/apps/v3/cronjobs/", cronjobs::create),
    read("GetCronjob", "/apps/v3/cronjobs/{uuid}/", cronjobs::get),
    change("PartialUpdateCronjob", "PATCH", "/apps/v3/cronjobs/{uuid}/", cronjobs::update),
    change("DestroyCronjob", "DELETE", "/apps/v3/cronjobs/{uuid}/", cronjobs::destroy),
    read("GetCronjobLogs", "/apps/v3/cronjobs/{uuid}/logs/", cronjobs::logs),
    read("ListDeployments", "/apps/v3/deployments/", deployments::list),
    change("CreateDeployment", "POST", "/apps/v3/deployments/", deployments::create),
    read("GetDeployment", "/apps/v3/deployments/{uuid}/", deployments::get),
    read("GetDeploymentEnvironmentVariables", "/apps/v3/deployments/{uuid}/environment-variables/", deployments::with_values),
    read("GetDeploymentLogs", "/apps/v3/deployments/{uuid}/logs/", deployments::logs),
    read("ListDomains", "/apps/v3/domains/", domains::list),
    change("CreateDomain", "POST", "/apps/v3/domains/", domains::create),
    read("GetDomain", "/apps/v3/domains/{uuid}/", domains::get),
    change("PartialUpdateDomain", "PATCH", "/apps/v3/domains/{uuid}/", domains::update),
    change("DestroyDomain", "DELETE", "/apps/v3/domains/{uuid}/", domains::destroy),
    change("MakePrimaryDomain", "POST", "/apps/v3/domains/{uuid}/make-primary/", domains::make_primary),
    change("ToggleRedirectDomain", "POST", "/apps/v3/domains/{uuid}/toggle-redirect/", domains::toggle_redirect),
    read("ListEnvironmentMetricMetadata", "/apps/v3/environment-metric-metadata/", metrics::list_metadata),
    read("ListEnvironmentVariables", "/apps/v3/environment-variables/", variables::list),
    change("CreateEnvironmentVariable", "POST", "/apps/v3/environment-variables/", variables::create),
    read("GetEnvironmentVariable", "/apps/v3/environment-variables/{uuid}/", variables::get),
    change("PartialUpdateEnvironmentVariable", "PATCH", "/apps/v3/environment-variables/{uuid}/", variables::update),
    change("DestroyEnvironmentVariable", "DELETE", "/apps/v3/environment-variables/{uuid}/", variables::destroy),
    change("MoveAfterEnvironmentVariable", "POST", "/apps/v3/environment-variables/{uuid}/move-after/", variables::move_after),
    change("MoveBeforeEnvironmentVariable", "POST", "/apps/v3/environment-variables/{uuid}/move-before/", variables::move_before),
    read("ListEnvironments", "/apps/v3/environments/", environments::list),
    change("CreateEnvironment", "POST", "/apps/v3/environments/", environments::create),
    read("GetEnvironment", "/apps/v3/environments/{uuid}/", environments::get),
    change("PartialUpdateEnvironment", "PATCH", "/apps/v3/environments/{uuid}/", environments::update),
    change("DestroyEnvironment", "DELETE", "/apps/v3/environments/{uuid}/", environments::destroy),
    change("CopyEnvironment", "POST", "/apps/v3/environments/{uuid}/copy/", environments::copy),
    read("GetEnvironmentLogs", "/apps/v3/environments/{uuid}/logs/", logs::read),
    read("GetEnvironmentLogsOccurrence", "/apps/v3/environments/{uuid}/logs-occurrence/", logs::occurrence),
    read("GetEnvironmentMetrics", "/apps/v3/environments/{uuid}/metrics/", metrics::get),
    change("StopEnvironment", "POST", "/apps/v3/environments/{uuid}/stop/", environments::stop),
    read("ListInvoiceItems", "/apps/v3/invoice-items/", invoices::list_items),
    read("ListInvoices", "/apps/v3/invoices/", invoices::list),
    read("GetInvoice", "/apps/v3/invoices/{uuid}/", invoices::get),
    read("ListMaintenanceRuns", "/apps/v3/maintenance-runs/", maintenance::list),
    read("GetMaintenanceRun", "/apps/v3/maintenance-runs/{uuid}/", maintenance::get),
    change("CancelMaintenanceRun", "POST", "/apps/v3/maintenance-runs/{uuid}/cancel/", maintenance::cancel),
    change("RunMaintenanceRun", "POST", "/apps/v3/maintenance-runs/{uuid}/run/", maintenance::run),
    change("SkipMaintenanceRun", "POST", "/apps/v3/maintenance-runs/{uuid}/skip/", maintenance::skip),
    read("ListRegions", "/apps/v3/regions/", catalogue::list_regions),
    read("GetRegion", "/apps/v3/regions/{uuid}/", catalogue::get_region),
    read("ListRepositories", "/apps/v3/repositories/", repositories::list),
    read("GetRepository", "/apps/v3/repositories/{uuid}/", repositories::get),
    Route { method: "POST", ..read("CheckRepository", "/apps/v3/repositories/{uuid}/check/", repositories::check) },
    read("GetRepositoryCommits", "/apps/v3/repositories/{uuid}/commits/", repositories::commits),
    change("PullRepository", "POST", "/apps/v3/repositories/{uuid}/pull/", repositories::pull),
    read("ListScheduledBackupConfigurations", "/apps/v3/scheduled-backup-configurations/", catalogue::list_schedules),
    read("GetScheduledBackupConfiguration", "/apps/v3/scheduled-backup-configurations/{uuid}/", catalogue::get_schedule),
    read("ListServiceInstanceBackupRestores", "/apps/v3/service-instance-backup-restores/", restores::list_parts),
    read("GetServiceInstanceBackupRestore", "/apps/v3/service-instance-backup-restores/{uuid}/", restores::get_part),
    read("ListServiceInstanceBackups", "/apps/v3/service-instance-backups/", backups::list_parts),
    read("GetServiceInstanceBackup", "/apps/v3/service-instance-backups/{uuid}/", backups::get_part),
    read("ListServiceInstances", "/apps/v3/service-instances/", services::list),
    change("CreateServiceInstance", "POST", "/apps/v3/service-instances/", services::create),
    read("GetServiceInstance", "/apps/v3/service-instances/{uuid}/", services::get),
    change("DestroyServiceInstance", "DELETE", "/apps/v3/service-instances/{uuid}/", services::destroy),
    change("AttachServiceInstance", "POST", "/apps/v3/service-instances/{uuid}/attach/", services::attach),
    change("DetachServiceInstance", "POST", "/apps/v3/service-instances/{uuid}/detach/", services::detach),
    change("ProvisionServiceInstance", "POST", "/apps/v3/service-instances/{uuid}/provision/", services::provision),
    read("ListServices", "/apps/v3/services/", services::list_kinds),
    read("GetService", "/apps/v3/services/{uuid}/", services::get_kind),
    read("ListWebhooks", "/apps/v3/webhooks/", repositories::list_webhooks),
    read("GetWebhook", "/apps/v3/webhooks/{uuid}/", repositories::get_webhook),
];

/// The routes that a path fits, whatever the method, with what the placeholder stands for; empty if
/// there is none.
pub(super) fn fitting(path: &str) -> impl Iterator<Item = (&'static Route, &str)> {
    route::fitting(ROUTES, path)
        .filter(|found| !found.given.contains(&""))
        .map(|found| (found.route, found.given.first().copied().unwrap_or("")))
}

/// The route for a method and path.
pub(super) fn find<'a>(method: &str, path: &'a str) -> Option<(&'static Route, &'a str)> {
    fitting(path).find(|(route, _)| is_for(route, method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_operations() {
        let name = |method, path| find(method, path).map(|(route, _)| route.operation.name);
        assert_eq!(name("GET", "/apps/v3/backups/"), Some("ListBackups"));
        assert_eq!(name("GET", "/apps/v3/backups/abc/"), Some("GetBackup"));
        assert_eq!(
            name("POST", "/apps/v3/environments/abc/copy/"),
            Some("CopyEnvironment")
        );
        assert_eq!(name("GET", "/apps/v3/environments/abc/copy/"), None);
        assert_eq!(name("GET", "/apps/v3/backups/abc"), None);
        assert_eq!(name("GET", "/apps/v3/backups//"), None);
    }

    #[test]
    fn operation_names_and_paths_are_unique() {
        for (place, route) in ROUTES.iter().enumerate() {
            let same = |other: &&Route| {
                other.operation.name == route.operation.name
                    || (other.path, other.method) == (route.path, route.method)
            };
            assert_eq!(ROUTES.iter().position(|other| same(&other)), Some(place));
        }
    }
}
