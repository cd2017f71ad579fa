//! Every operation of Divio's API with its path, in one table.
//!
//! The vendor's reference names operations and never their paths: 38 are confirmed by real clients,
//! the rest is deduced. What reality overrules is corrected here and nowhere else.
//!
//! Source: Divio contract, appendix A.

use reqwest::Method;

use crate::model::Failure;
use crate::platforms::http::segment;

/// How sure a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// A real client uses it.
    Confirmed,
    /// Follows from the rules that all confirmed paths follow.
    Convention,
    /// Fits, and nothing more is known.
    Guess,
}

/// One operation.
#[derive(Debug)]
pub struct Row {
    /// The name the platform's own schema gives it.
    pub operation: &'static str,
    /// Method.
    pub method: Method,
    /// Path with placeholders.
    pub path: &'static str,
    /// How sure method and path are.
    pub certainty: Certainty,
}

macro_rules! operations {
    ($($name:ident $method:ident $certainty:ident $path:literal,)*) => {
        /// An operation, by the name the platform's own schema gives it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Op {
            $(#[doc = concat!("`", stringify!($method), " ", $path, "`")] $name,)*
        }

        /// Every operation, in the order of [`Op`].
        pub static TABLE: &[Row] = &[$(Row {
            operation: stringify!($name),
            method: Method::$method,
            path: $path,
            certainty: Certainty::$certainty,
        },)*];
    };
}

impl Op {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Its path with the placeholder replaced by `id`, encoded; `id` is ignored where there is
    /// none.
    ///
    /// # Errors
    /// `NotFound` for an id that cannot be part of a path.
    pub fn path(self, id: Option<&str>) -> Result<String, Failure> {
        let template = self.row().path;
        match template.split_once("{uuid}") {
            None => Ok(template.to_owned()),
            Some((before, after)) => Ok(format!(
                "{before}{}{after}",
                segment(id.unwrap_or_default())?
            )),
        }
    }

    /// What it is about, in words: "deployment logs" for `GetDeploymentLogs`.
    #[must_use]
    pub fn noun(self) -> String {
        let mut words = String::new();
        for c in self.row().operation.chars() {
            if c.is_ascii_uppercase() && !words.is_empty() {
                words.push(' ');
            }
            words.push(c.to_ascii_lowercase());
        }
        for verb in [
            "partial update ",
            "list ",
            "get ",
            "create ",
            "update ",
            "destroy ",
        ] {
            if let Some(noun) = words.strip_prefix(verb) {
                return noun.to_owned();
            }
        }
        words
    }
}

operations! {
    ListAppTemplates GET Confirmed "/apps/v3/app-templates/",
    GetAppTemplate GET Confirmed "/apps/v3/app-templates/{uuid}/",
    ListApplicationActivities GET Convention "/apps/v3/application-activities/",
    GetApplicationActivity GET Convention "/apps/v3/application-activities/{uuid}/",
    ListApplications GET Confirmed "/apps/v3/applications/",
    CreateApplication POST Confirmed "/apps/v3/applications/",
    GetApplication GET Confirmed "/apps/v3/applications/{uuid}/",
    UpdateApplication PUT Convention "/apps/v3/applications/{uuid}/",
    PartialUpdateApplication PATCH Convention "/apps/v3/applications/{uuid}/",
    ArchiveApplication POST Convention "/apps/v3/applications/{uuid}/archive/",
    UploadApplicationAvatar POST Convention "/apps/v3/applications/{uuid}/avatar/",
    DeleteApplicationAvatar DELETE Convention "/apps/v3/applications/{uuid}/avatar/",
    CopyApplication POST Convention "/apps/v3/applications/{uuid}/copy/",
    MigrateApplicationToExternalRepository POST Guess "/apps/v3/applications/{uuid}/migrate-to-external-repository/",
    UploadApplicationScreenshot POST Convention "/apps/v3/applications/{uuid}/screenshot/",
    DeleteApplicationScreenshot DELETE Convention "/apps/v3/applications/{uuid}/screenshot/",
    TransferApplication POST Convention "/apps/v3/applications/{uuid}/transfer/",
    ListBackupDownloadServiceInstances GET Confirmed "/apps/v3/backup-download-service-instances/",
    GetBackupDownloadServiceInstance GET Confirmed "/apps/v3/backup-download-service-instances/{uuid}/",
    ListBackupDownloads GET Convention "/apps/v3/backup-downloads/",
    CreateBackupDownload POST Confirmed "/apps/v3/backup-downloads/",
    GetBackupDownload GET Convention "/apps/v3/backup-downloads/{uuid}/",
    ListBackupRestores GET Convention "/apps/v3/backup-restores/",
    CreateBackupRestore POST Confirmed "/apps/v3/backup-restores/",
    GetBackupRestore GET Confirmed "/apps/v3/backup-restores/{uuid}/",
    ListBackupRetentionConfigurations GET Convention "/apps/v3/backup-retention-configurations/",
    GetBackupRetentionConfiguration GET Convention "/apps/v3/backup-retention-configurations/{uuid}/",
    ListBackups GET Confirmed "/apps/v3/backups/",
    CreateBackup POST Confirmed "/apps/v3/backups/",
    GetBackup GET Confirmed "/apps/v3/backups/{uuid}/",
    UploadBackups POST Confirmed "/apps/v3/backups/upload/",
    ListBuilds GET Confirmed "/apps/v3/builds/",
    GetBuild GET Convention "/apps/v3/builds/{uuid}/",
    PostBuildCloudevent POST Guess "/apps/v3/builds/{uuid}/cloudevent/",
    ListCharges GET Convention "/apps/v3/charges/",
    GetCharge GET Convention "/apps/v3/charges/{uuid}/",
    ListContainerRegistries GET Convention "/apps/v3/container-registries/",
    CreateContainerRegistry POST Convention "/apps/v3/container-registries/",
    GetContainerRegistry GET Convention "/apps/v3/container-registries/{uuid}/",
    UpdateContainerRegistry PUT Convention "/apps/v3/container-registries/{uuid}/",
    PartialUpdateContainerRegistry PATCH Convention "/apps/v3/container-registries/{uuid}/",
    DestroyContainerRegistry DELETE Convention "/apps/v3/container-registries/{uuid}/",
    ContainerSpecificationsRetrieve GET Convention "/apps/v3/container-specifications/",
    ListCountries GET Convention "/apps/v3/countries/",
    GetCountry GET Convention "/apps/v3/countries/{uuid}/",
    ListCronjobs GET Convention "/apps/v3/cronjobs/",
    CreateCronjob POST Convention "/apps/v3/cronjobs/",
    GetCronjob GET Convention "/apps/v3/cronjobs/{uuid}/",
    UpdateCronjob PUT Convention "/apps/v3/cronjobs/{uuid}/",
    PartialUpdateCronjob PATCH Convention "/apps/v3/cronjobs/{uuid}/",
    DestroyCronjob DELETE Convention "/apps/v3/cronjobs/{uuid}/",
    GetCronjobLogs GET Convention "/apps/v3/cronjobs/{uuid}/logs/",
    ListDeployments GET Confirmed "/apps/v3/deployments/",
    CreateDeployment POST Confirmed "/apps/v3/deployments/",
    GetDeployment GET Confirmed "/apps/v3/deployments/{uuid}/",
    PartialUpdateDeployment PATCH Convention "/apps/v3/deployments/{uuid}/",
    GetDeploymentEnvironmentVariables GET Confirmed "/apps/v3/deployments/{uuid}/environment-variables/",
    GetDeploymentLogs GET Confirmed "/apps/v3/deployments/{uuid}/logs/",
    CreateDeploymentsInBulk POST Guess "/apps/v3/deployments/bulk/",
    ListDomains GET Confirmed "/apps/v3/domains/",
    CreateDomain POST Convention "/apps/v3/domains/",
    GetDomain GET Convention "/apps/v3/domains/{uuid}/",
    UpdateDomain PUT Convention "/apps/v3/domains/{uuid}/",
    PartialUpdateDomain PATCH Convention "/apps/v3/domains/{uuid}/",
    DestroyDomain DELETE Convention "/apps/v3/domains/{uuid}/",
    AdditionalDomainAction POST Guess "/apps/v3/domains/{uuid}/{domain_action}/",
    MakePrimaryDomain POST Convention "/apps/v3/domains/{uuid}/make-primary/",
    ToggleRedirectDomain POST Convention "/apps/v3/domains/{uuid}/toggle-redirect/",
    TransferDomain POST Convention "/apps/v3/domains/{uuid}/transfer/",
    ListEnvironmentMetricMetadata GET Convention "/apps/v3/environment-metric-metadata/",
    GetEnvironmentMetricMetadata GET Convention "/apps/v3/environment-metric-metadata/{uuid}/",
    ListEnvironmentVariables GET Confirmed "/apps/v3/environment-variables/",
    CreateEnvironmentVariable POST Convention "/apps/v3/environment-variables/",
    GetEnvironmentVariable GET Convention "/apps/v3/environment-variables/{uuid}/",
    UpdateEnvironmentVariable PUT Convention "/apps/v3/environment-variables/{uuid}/",
    PartialUpdateEnvironmentVariable PATCH Convention "/apps/v3/environment-variables/{uuid}/",
    DestroyEnvironmentVariable DELETE Convention "/apps/v3/environment-variables/{uuid}/",
    MoveAfterEnvironmentVariable POST Convention "/apps/v3/environment-variables/{uuid}/move-after/",
    MoveBeforeEnvironmentVariable POST Convention "/apps/v3/environment-variables/{uuid}/move-before/",
    ListEnvironments GET Confirmed "/apps/v3/environments/",
    CreateEnvironment POST Convention "/apps/v3/environments/",
    GetEnvironment GET Confirmed "/apps/v3/environments/{uuid}/",
    UpdateEnvironment PUT Convention "/apps/v3/environments/{uuid}/",
    PartialUpdateEnvironment PATCH Confirmed "/apps/v3/environments/{uuid}/",
    DestroyEnvironment DELETE Convention "/apps/v3/environments/{uuid}/",
    CopyEnvironment POST Confirmed "/apps/v3/environments/{uuid}/copy/",
    GetEnvironmentLogs GET Confirmed "/apps/v3/environments/{uuid}/logs/",
    GetEnvironmentLogsOccurrence GET Guess "/apps/v3/environments/{uuid}/logs-occurrence/",
    GetEnvironmentMetrics GET Convention "/apps/v3/environments/{uuid}/metrics/",
    StopEnvironment POST Convention "/apps/v3/environments/{uuid}/stop/",
    ListInvoiceItems GET Convention "/apps/v3/invoice-items/",
    GetInvoiceItem GET Convention "/apps/v3/invoice-items/{uuid}/",
    ListInvoices GET Confirmed "/apps/v3/invoices/",
    GetInvoice GET Convention "/apps/v3/invoices/{uuid}/",
    ListLicenses GET Convention "/apps/v3/licenses/",
    ListMaintenanceRuns GET Convention "/apps/v3/maintenance-runs/",
    GetMaintenanceRun GET Convention "/apps/v3/maintenance-runs/{uuid}/",
    CancelMaintenanceRun POST Convention "/apps/v3/maintenance-runs/{uuid}/cancel/",
    RunMaintenanceRun POST Convention "/apps/v3/maintenance-runs/{uuid}/run/",
    SkipMaintenanceRun POST Convention "/apps/v3/maintenance-runs/{uuid}/skip/",
    ListRegions GET Confirmed "/apps/v3/regions/",
    GetRegion GET Convention "/apps/v3/regions/{uuid}/",
    ListRepositories GET Confirmed "/apps/v3/repositories/",
    CreateRepository POST Confirmed "/apps/v3/repositories/",
    GetRepository GET Confirmed "/apps/v3/repositories/{uuid}/",
    UpdateRepository PUT Convention "/apps/v3/repositories/{uuid}/",
    PartialUpdateRepository PATCH Convention "/apps/v3/repositories/{uuid}/",
    DestroyRepository DELETE Convention "/apps/v3/repositories/{uuid}/",
    CheckRepository POST Confirmed "/apps/v3/repositories/{uuid}/check/",
    GetRepositoryCommits GET Convention "/apps/v3/repositories/{uuid}/commits/",
    GetRepositoryEndpoint GET Convention "/apps/v3/repositories/{uuid}/endpoint/",
    GenerateRepositoryKeypair POST Guess "/apps/v3/repositories/{uuid}/generate-keypair/",
    PullRepository POST Convention "/apps/v3/repositories/{uuid}/pull/",
    ResetRepositoryToOrigin POST Guess "/apps/v3/repositories/{uuid}/reset-to-origin/",
    TransferRepository POST Convention "/apps/v3/repositories/{uuid}/transfer/",
    VerifyRepository POST Guess "/apps/v3/repositories/{uuid}/verify/",
    ListScheduledBackupConfigurations GET Convention "/apps/v3/scheduled-backup-configurations/",
    GetScheduledBackupConfiguration GET Convention "/apps/v3/scheduled-backup-configurations/{uuid}/",
    SchemaRetrieve GET Guess "/apps/v3/schema/",
    ListServiceInstanceBackupRestores GET Convention "/apps/v3/service-instance-backup-restores/",
    GetServiceInstanceBackupRestore GET Convention "/apps/v3/service-instance-backup-restores/{uuid}/",
    ListServiceInstanceBackups GET Confirmed "/apps/v3/service-instance-backups/",
    GetServiceInstanceBackup GET Confirmed "/apps/v3/service-instance-backups/{uuid}/",
    ListServiceInstances GET Confirmed "/apps/v3/service-instances/",
    CreateServiceInstance POST Confirmed "/apps/v3/service-instances/",
    GetServiceInstance GET Convention "/apps/v3/service-instances/{uuid}/",
    UpdateServiceInstance PUT Convention "/apps/v3/service-instances/{uuid}/",
    PartialUpdateServiceInstance PATCH Convention "/apps/v3/service-instances/{uuid}/",
    DestroyServiceInstance DELETE Convention "/apps/v3/service-instances/{uuid}/",
    AttachServiceInstance POST Convention "/apps/v3/service-instances/{uuid}/attach/",
    DetachServiceInstance POST Convention "/apps/v3/service-instances/{uuid}/detach/",
    ProvisionServiceInstance POST Convention "/apps/v3/service-instances/{uuid}/provision/",
    ListServices GET Confirmed "/apps/v3/services/",
    GetService GET Convention "/apps/v3/services/{uuid}/",
    ListWebhooks GET Convention "/apps/v3/webhooks/",
    CreateWebhook POST Convention "/apps/v3/webhooks/",
    GetWebhook GET Convention "/apps/v3/webhooks/{uuid}/",
    DestroyWebhook DELETE Convention "/apps/v3/webhooks/{uuid}/",
    GenerateWebhookSecret POST Guess "/apps/v3/webhooks/{uuid}/generate-secret/",
    WebhookRemoteInstall POST Guess "/apps/v3/webhooks/{uuid}/remote-install/",
    TriggerWebhook POST Convention "/apps/v3/webhooks/{uuid}/trigger/",
    GetCurrentUser GET Confirmed "/iam/v3/me/",
    ListOrganisations GET Confirmed "/iam/v3/organisations/",
    GetOrganisation GET Confirmed "/iam/v3/organisations/{uuid}/",
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_table_holds_every_operation_once() {
        let names: HashSet<_> = TABLE.iter().map(|row| row.operation).collect();
        let routes: HashSet<_> = TABLE.iter().map(|row| (&row.method, row.path)).collect();
        assert_eq!((TABLE.len(), names.len(), routes.len()), (144, 144, 144));
    }

    #[test]
    fn every_path_follows_the_rules() {
        for row in TABLE {
            let inside = ["/apps/v3/", "/iam/v3/"]
                .iter()
                .any(|prefix| row.path.starts_with(prefix));
            assert!(inside && row.path.ends_with('/'), "{row:?}");
            assert!(row.path.matches('{').count() <= 2, "{row:?}");
        }
        let confirmed = TABLE
            .iter()
            .filter(|row| row.certainty == Certainty::Confirmed);
        assert_eq!(confirmed.count(), 41);
    }

    #[test]
    fn an_identifier_is_encoded_and_never_parsed() {
        let path = |id| Op::GetDeploymentLogs.path(Some(id));
        assert_eq!(
            path("nxldpjkv").unwrap(),
            "/apps/v3/deployments/nxldpjkv/logs/"
        );
        assert_eq!(
            path("A-1/..").unwrap(),
            "/apps/v3/deployments/A-1%2F../logs/"
        );
        assert!(path("..").is_err() && Op::GetDeployment.path(None).is_err());
        assert_eq!(Op::ListRegions.path(None).unwrap(), "/apps/v3/regions/");
    }

    #[test]
    fn an_operation_says_what_it_is_about() {
        assert_eq!(Op::GetDeploymentLogs.noun(), "deployment logs");
        assert_eq!(Op::PartialUpdateCronjob.noun(), "cronjob");
        assert_eq!(Op::StopEnvironment.noun(), "stop environment");
    }
}
