//! Reading and renaming the organisation. Source: Pangea contract, section 7.

use super::call::{Call, Done, Outcome};

/// `org/get`.
pub(super) fn get(call: &mut Call<'_>) -> Outcome {
    call.expect_organisation("id")?;
    Ok(Done::Organisation(call.world.organisation.clone()))
}

/// `org/update`.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    call.expect_organisation("id")?;
    let (name, now) = (call.text("name").to_owned(), call.now);
    let organisation = &mut call.world.organisation;
    organisation.name = name;
    organisation.updated = now;
    Ok(Done::Organisation(organisation.clone()))
}
