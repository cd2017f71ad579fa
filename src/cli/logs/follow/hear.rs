//! What is heard beside lines: deployments that begin and end.

use std::io::Write;

use tokio::time::Instant;

use super::super::join::News;
use super::super::outcome;
use super::super::weave::{Flow, Strand};
use super::Following;
use crate::app::panes::logs::verdict;
use crate::cli::exit::{Exit, told};
use crate::cli::terminal::tell;
use crate::model::{Deployment, DeploymentId, Failure, Stage};

impl<W: Write> Following<'_, W> {
    /// Takes in what came beside lines.
    pub(super) fn hear(&mut self, news: News) {
        match news {
            News::Deployments { site, result } => match result {
                Ok(list) => self.looked(site, &list),
                Err(failure) => self.looked_in_vain(site, &failure),
            },
            News::Ended {
                strand,
                id,
                stage,
                known,
            } => self.judged(strand, &id, &stage, known.as_deref()),
        }
    }

    fn looked(&mut self, site: usize, list: &[Deployment]) {
        let began = self.sites[site].began(list);
        let ended: Vec<(Strand, String)> = self.sites[site]
            .ended(list)
            .into_iter()
            .map(|(strand, deployment)| (strand, verdict(deployment)))
            .collect();
        for (strand, verdict) in ended {
            self.mark(strand, &verdict);
        }
        if self.plan.until_done {
            // Only the newest is meant; it is the only one that is looked for.
            match began.last() {
                Some(id) => self.awaits(site, id),
                None => self.look_again(site),
            }
            return;
        }
        for id in began {
            self.joins(site, &id);
        }
        self.look_again(site);
    }

    fn look_again(&mut self, site: usize) {
        let pause = self.sites[site].pause(self.plan.until_done);
        self.awaited.push(self.sites[site].look(site, pause));
    }

    /// The log of a deployment joins.
    fn joins(&mut self, site: usize, id: &DeploymentId) {
        let tail = self.sites[site].tail(id);
        if self.strands.contains_key(&tail) {
            return;
        }
        let flow = if self.is_past { Flow::Past } else { Flow::Live };
        let origin = self.sites[site].origin.clone();
        let strand = self.begin(tail, &origin, flow);
        self.tails[strand].site = Some(site);
    }

    /// The deployment that was waited for has begun.
    fn awaits(&mut self, site: usize, id: &DeploymentId) {
        let tail = self.sites[site].tail(id);
        let origin = self.sites[site].origin.clone();
        let strand = self.begin(tail, &origin, Flow::Live);
        let seen = outcome::see(&self.sites[site], strand, id.clone());
        self.awaited.push(seen);
    }

    fn looked_in_vain(&mut self, site: usize, failure: &Failure) {
        if !failure.is_lasting() {
            return self.look_again(site);
        }
        let (name, why) = (self.sites[site].origin.whole(), told(failure));
        tell(format_args!(
            "{name}: its deployments cannot be read: {why}"
        ));
        self.exit = self.exit.max(Exit::of(failure));
        if self.plan.until_done {
            self.closed();
        }
    }

    fn judged(
        &mut self,
        strand: Strand,
        id: &DeploymentId,
        stage: &Stage,
        known: Option<&Deployment>,
    ) {
        let (line, exit) = outcome::told(id, stage, known);
        tell(format_args!("{}: {line}", self.printer.name(strand)));
        self.exit = self.exit.max(exit);
        self.closed();
    }

    fn closed(&mut self) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0 {
            self.ended = Some(Instant::now());
        }
    }
}
