//! What only tsuru has, declared: menus, forms and the command line are made from these rows, and
//! `operate/own` carries them out.

mod pem;

use crate::model::catalogue::{
    Field, FieldKind, Group, InputProblem, Inputs, Need, On, Pick, Recipe,
};
use crate::model::{Capability, OperationKind, Safety, Special, Stakes};

pub(super) use self::pem::wrapped;

/// Where a version that is released stands.
const PLACES: [(&str, &str); 2] = [
    (BESIDE, "beside what runs"),
    ("instead", "in place of every version that runs"),
];

/// The word for a version that leaves the others alone.
pub(super) const BESIDE: &str = "beside";

/// Whether requests reach a version.
const ROUTABLE: [(&str, &str); 2] = [(REACHED, "requests reach it"), ("no", "none do")];

/// The word for a version that requests reach.
pub(super) const REACHED: &str = "yes";

/// More units than this are a slip of the finger.
const MOST_UNITS: u32 = 10_000;

const VERSION: Field = Field::text("version", "Its number");
const TEAM: Field = Field::pick("team", Pick::Organisation, "Which team");
const DOMAIN: Field = Field::pick("domain", Pick::Domain, "Which domain");
const DEPLOY: Field = Field::pick("deployment", Pick::Deployment, "Which deploy");
const JOB: Field = Field::pick("job", Pick::Job, "Which job");

macro_rules! specials {
    ($($own:ident $name:literal $letter:literal $on:ident $stakes:ident $safety:ident $verb:literal,
       $about:literal, [$($field:expr),*];)*) => {
        /// One of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Own {
            $($own,)*
        }

        impl Own {
            const ALL: &[Self] = &[$(Self::$own,)*];
        }

        /// Every operation that no other platform has, in the order of menus.
        pub(super) const SPECIALS: &[&Special] = &[$(&Special {
            recipe: Recipe {
                name: $name,
                capability: Capability::Special,
                group: Group::Own,
                letter: $letter,
                on: On::$on,
                about: $about,
                fields: &[$($field),*],
                build: |inputs| made(Own::$own, inputs),
            },
            verb: $verb,
            stakes: Stakes::$stakes,
            safety: Safety::$safety,
            // Only who has no credential yet is helped by logging in.
            needs_no_credential: matches!(Own::$own, Own::LogIn),
        },)*];
    };
}

// Stakes: what makes units new, or changes what requests meet, is Traffic; what takes something from
// somebody that comes back only by doing it again is TakesAway. Safety: nothing is sent twice; a
// log-in changes nothing and may go out of a read-only context.
specials! {
    // A deploy beside or in place of versions that carry traffic, unlike one of an app with one version.
    ReleaseVersion "release-version" 'F' Release Traffic Once "release version",
        "Deploy where several versions run: beside them, or in their place",
        [Field::new("versions", FieldKind::Choice(&PLACES), "Where it stands"),
         Field::text("image", "An image; without any, what was deployed last is built again").optional(),
         Field::pick("to", Pick::Deployment, "A deploy to go back to, instead").optional()];
    // A new plan or platform restarts the app.
    ConfigureApp "configure-app" 'O' App Traffic Once "configure",
        "Change the app's plan, platform, description, tags or team",
        [Field::text("plan", "The size of its units: a name of `sizes`").optional(),
         Field::text("platform", "What it is built with; the next deploy uses it").optional(),
         Field::text("description", "What it is for").optional(),
         Field::text("tags", "Its tags, with commas between them").optional(),
         Field::text("team", "The team that owns it").optional(),
         Field::new("no-restart", FieldKind::Flag, "Leave what runs as it is until it restarts").optional()];
    // Nothing that runs changes.
    SetQuota "set-quota" '1' App Reversible Once "set quota",
        "Set how many units the app may have",
        [Field::new("limit", FieldKind::Count { least: 0, most: MOST_UNITS }, "How many").optional(),
         Field::new("unlimited", FieldKind::Flag, "As many as it likes").optional()];
    SetRoutable "set-routable" 'Y' App Traffic Once "set routable",
        "Switch requests to a version on or off",
        [VERSION, Field::new("routable", FieldKind::Choice(&ROUTABLE), "Whether requests reach it")];
    // Its units go; they come back by deploying it again.
    DeleteVersion "delete-version" '2' App TakesAway Once "delete version",
        "Delete a version with the units of it that run",
        [VERSION];
    // Removed as easily as it is added; what runs goes on.
    BlockEvents "block-events" 'S' App Reversible Once "block events",
        "Keep the app from being changed, until the block is removed",
        [Field::text("reason", "Why: whoever is refused reads it"),
         Field::text("kind", "What is blocked: app.deploy; everything if nothing is named").optional()];
    GrantTeam "grant-team" '3' App Reversible Once "grant team",
        "Let a team use the app", [TEAM];
    // Who loses the app cannot take it back.
    RevokeTeam "revoke-team" '4' App TakesAway Once "revoke team",
        "Take the app away from a team", [TEAM];
    RebuildRoutes "rebuild-routes" '5' App Traffic Once "rebuild routes",
        "Tell the routers anew where the app runs", [];
    ForbidRollback "forbid-rollback" '6' Release Reversible Once "forbid roll-back",
        "Keep the app from being rolled back to a deploy",
        [DEPLOY, Field::text("reason", "Why: whoever is refused reads it")];
    AllowRollback "allow-rollback" '7' Release Reversible Once "allow roll-back",
        "Let the app be rolled back to a deploy again", [DEPLOY];
    // Visitors meet a wrong one at once.
    SetCertificate "set-certificate" 'I' Environment Traffic Once "set certificate",
        "Give a domain a certificate of its own",
        [DOMAIN,
         Field::new("certificate", FieldKind::Secret, "The certificate with its chain, as PEM"),
         Field::new("key", FieldKind::Secret, "Its private key, as PEM")];
    RemoveCertificate "remove-certificate" '8' Environment TakesAway Once "remove certificate",
        "Take the certificate from a domain", [DOMAIN];
    SetIssuer "set-issuer" '9' Environment Traffic Once "set issuer",
        "Choose who issues the certificate of a domain",
        [DOMAIN, Field::text("issuer", "Its name; without one nobody issues it").optional()];
    // What it does cannot be taken back by us, like a command.
    TriggerJob "trigger-job" '0' Environment Traffic Once "trigger job",
        "Run a job now", [JOB];
    // All letters and digits are taken.
    LogIn "log-in" '@' Context Reversible Read "log in",
        "Log in with a password, for as long as the program runs",
        [Field::text("email", "Who you are there"),
         Field::new("password", FieldKind::Secret, "Your password; it is kept nowhere")];
}

impl Own {
    /// Which it is; absent for another platform's.
    pub(super) fn of(what: &Special) -> Option<Self> {
        let at = SPECIALS.iter().position(|own| **own == *what)?;
        Self::ALL.get(at).copied()
    }
}

fn made(own: Own, inputs: &Inputs) -> Result<OperationKind, InputProblem> {
    let what = SPECIALS[own as usize];
    let mut required = what.recipe.fields.iter();
    let missing = required.find(|it| it.need == Need::Required && inputs.get(it.name).is_none());
    if let Some(field) = missing {
        return Err(wrong(field.name, "is missing"));
    }
    check(own, what, inputs)?;
    Ok(OperationKind::Special {
        what,
        inputs: inputs.clone(),
    })
}

/// What one field alone cannot tell.
fn check(own: Own, what: &Special, inputs: &Inputs) -> Result<(), InputProblem> {
    match own {
        Own::ReleaseVersion if is_set(inputs, "image") && is_set(inputs, "to") => {
            Err(wrong("to", "goes without an image"))
        }
        Own::ConfigureApp => {
            let mut texts = what.recipe.fields.iter();
            let any = texts.any(|it| it.kind == FieldKind::Text && is_set(inputs, it.name));
            any.then_some(())
                .ok_or_else(|| wrong("plan", "is missing: something has to change"))
        }
        Own::SetQuota => match (inputs.maybe_count("limit"), inputs.flag("unlimited")) {
            (Some(_), true) => Err(wrong("unlimited", "goes without a limit")),
            (None, false) => Err(wrong("limit", "is missing: or say `unlimited`")),
            (Some(_), false) | (None, true) => Ok(()),
        },
        Own::ReleaseVersion
        | Own::SetRoutable
        | Own::DeleteVersion
        | Own::BlockEvents
        | Own::GrantTeam
        | Own::RevokeTeam
        | Own::RebuildRoutes
        | Own::ForbidRollback
        | Own::AllowRollback
        | Own::SetCertificate
        | Own::RemoveCertificate
        | Own::SetIssuer
        | Own::TriggerJob
        | Own::LogIn => Ok(()),
    }
}

fn is_set(inputs: &Inputs, field: &str) -> bool {
    inputs.maybe_one(field).is_some() || inputs.maybe_text(field).is_some()
}

fn wrong(field: &'static str, problem: &str) -> InputProblem {
    InputProblem {
        field,
        problem: problem.into(),
    }
}

#[cfg(test)]
mod tests;
