//! A batch that a server does not take whole enters; the pieces in which it is sent leave.

use std::collections::BTreeSet;

use crate::delivery::batch::BatchEvent;
use crate::delivery::receivers::Answer;
use crate::delivery::runs::{self, Run};

/// Events of a batch that are sent together.
pub(super) struct Piece<'e> {
    pub events: Vec<&'e BatchEvent>,
}

impl Piece<'_> {
    /// The numbers of its events, in the order of capture.
    pub fn runs(&self) -> Vec<Run> {
        runs::plain(self.events.iter().map(|event| event.seq))
    }
}

/// Events that an answer blames for nothing go out once more, without those that it names. A server that names one culprit at a
/// time is asked again for each.
pub(super) fn send_again<'e>(piece: &Piece<'e>, answer: &mut Answer, open: &mut Vec<Piece<'e>>) {
    if answer.again.is_empty() || answer.again.len() == piece.events.len() {
        return;
    }
    let again: BTreeSet<i64> = answer.again.iter().copied().collect();
    answer.verdicts.retain(|verdict| !again.contains(&verdict.seq));
    let events = piece.events.iter().copied().filter(|event| again.contains(&event.seq)).collect();
    open.push(Piece { events });
}

/// A piece cut in two, the second first: the first is taken from the end and sent to its end before the second.
pub(super) fn halves(piece: Piece<'_>) -> [Piece<'_>; 2] {
    let cut = cut(&piece.events);
    let Piece { mut events } = piece;
    let second = events.split_off(cut);
    [Piece { events: second }, Piece { events }]
}

/// Where a batch is cut: in the middle, or beside it where that would separate two events of one work package.
fn cut(events: &[&BatchEvent]) -> usize {
    let middle = events.len() / 2;
    let separates = middle > 0 && events.len() > 2 && events[middle - 1].subject() == events[middle].subject();
    (middle + usize::from(separates)).clamp(1, events.len().saturating_sub(1).max(1))
}
