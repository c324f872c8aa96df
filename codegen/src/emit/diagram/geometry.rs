//! Numbers and sizes enter; places of boxes on a ring and the arrows between them leave.
//!
//! On a ring no arrow can pass behind a box that it does not belong to, however many there are.

use std::f64::consts::TAU;

/// A place; x grows to the right, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

/// A state's box: its middle, and half of its sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub middle: Point,
    pub half: Point,
}

/// An arrow as a curve with one control point.
pub(super) struct Curve {
    pub start: Point,
    pub control: Point,
    pub end: Point,
}

/// Room between two boxes on the ring.
const GAP: f64 = 56.0;

/// How far an arrow bends to its left, as a part of its length, so that the way back is another curve.
const BEND: f64 = 0.1;

/// How far an arrow bends towards the middle of the drawing, away from the boxes that stand between its ends.
const INWARD: f64 = 0.5;

/// Boxes of these half sides on a ring, the first at the top, the others clockwise; and half the sides of the drawing.
pub(super) fn ring(halves: &[Point]) -> (Vec<Place>, Point) {
    let count = f64::from(u32::try_from(halves.len()).expect("a machine has few states"));
    let widest = halves.iter().fold(0.0, |widest: f64, half| widest.max(half.x));
    let tallest = halves.iter().fold(0.0, |tallest: f64, half| tallest.max(half.y));
    // A ring drawn wider than high, since boxes are; long enough for all of them side by side.
    let around = count * (2.0 * widest + GAP);
    let radius =
        Point { x: (around / TAU).ceil().max(widest + GAP), y: (around * 0.72 / TAU).ceil().max(3.0 * tallest + GAP) };
    let half = Point { x: radius.x + widest + GAP, y: radius.y + tallest + GAP };
    let place = |(at, half_of): (usize, &Point)| {
        let turn = TAU * f64::from(u32::try_from(at).expect("a machine has few states")) / count;
        let middle = Point { x: half.x + radius.x * turn.sin(), y: half.y - radius.y * turn.cos() };
        Place { middle, half: *half_of }
    };
    (halves.iter().enumerate().map(place).collect(), half)
}

/// The arrow from one box to another: past its neighbours by way of the middle.
pub(super) fn between(from: &Place, to: &Place, are_neighbours: bool, center: Point) -> Curve {
    let (a, b) = (from.middle, to.middle);
    let half = Point { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
    let inward = if are_neighbours { 0.0 } else { INWARD };
    let control = Point {
        x: half.x + (center.x - half.x) * inward + (b.y - a.y) * BEND,
        y: half.y + (center.y - half.y) * inward - (b.x - a.x) * BEND,
    };
    Curve { start: border(from, control), control, end: border(to, control) }
}

/// The arrow from a box back to itself, on the side that is turned away from the middle of the drawing.
pub(super) fn loop_at(place: &Place, center: Point) -> Curve {
    let outward = if place.middle.x < center.x { -1.0 } else { 1.0 };
    let side = place.middle.x + outward * place.half.x;
    let at = |y: f64| Point { x: side, y };
    Curve {
        start: at(place.middle.y - place.half.y / 2.0),
        control: Point { x: side + outward * GAP, y: place.middle.y },
        end: at(place.middle.y + place.half.y / 2.0),
    }
}

/// Where the way from the middle of a box towards a point leaves the box.
fn border(place: &Place, towards: Point) -> Point {
    let (dx, dy) = (towards.x - place.middle.x, towards.y - place.middle.y);
    let scale = [(dx, place.half.x), (dy, place.half.y)]
        .into_iter()
        .filter(|(distance, _)| *distance != 0.0)
        .map(|(distance, half)| half / distance.abs())
        .fold(f64::INFINITY, f64::min);
    let scale = if scale.is_finite() { scale } else { 0.0 };
    Point { x: place.middle.x + dx * scale, y: place.middle.y + dy * scale }
}

/// Whether two of so many boxes stand side by side on the ring.
pub(super) fn neighbours(a: usize, b: usize, count: usize) -> bool {
    let apart = a.abs_diff(b);
    apart == 1 || apart + 1 == count
}

impl Curve {
    /// The point of the curve at a part of its way.
    pub fn at(&self, part: f64) -> Point {
        let rest = 1.0 - part;
        let mixed = |a: f64, b: f64, c: f64| rest * rest * a + 2.0 * rest * part * b + part * part * c;
        Point { x: mixed(self.start.x, self.control.x, self.end.x), y: mixed(self.start.y, self.control.y, self.end.y) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_a_ring_do_not_touch_and_stand_in_the_drawing() {
        for count in 1..40 {
            let halves: Vec<Point> =
                (0..count).map(|at| Point { x: 20.0 + f64::from(at % 5) * 12.0, y: 16.0 }).collect();
            let (places, half) = ring(&halves);
            for (at, a) in places.iter().enumerate() {
                assert!(a.middle.x - a.half.x > 0.0 && a.middle.x + a.half.x < 2.0 * half.x, "{count}");
                assert!(a.middle.y - a.half.y > 0.0 && a.middle.y + a.half.y < 2.0 * half.y, "{count}");
                for b in &places[at + 1..] {
                    let apart = (a.middle.x - b.middle.x).abs() > a.half.x + b.half.x
                        || (a.middle.y - b.middle.y).abs() > a.half.y + b.half.y;
                    assert!(apart, "{count} states: two boxes lie on each other");
                }
            }
        }
    }

    #[test]
    fn no_arrow_passes_behind_a_box_that_it_does_not_belong_to() {
        for count in 3..16 {
            let (places, center) = ring(&vec![Point { x: 46.0, y: 17.0 }; count]);
            for (a, from) in places.iter().enumerate() {
                for (b, to) in places.iter().enumerate().filter(|(b, _)| *b != a) {
                    let curve = between(from, to, neighbours(a, b, count), center);
                    let others = places.iter().enumerate().filter(|(at, _)| *at != a && *at != b);
                    for (at, place) in others {
                        let hit = (0..=100).map(|step| curve.at(f64::from(step) / 100.0)).any(|point| {
                            (point.x - place.middle.x).abs() < place.half.x
                                && (point.y - place.middle.y).abs() < place.half.y
                        });
                        assert!(!hit, "{count} states: the arrow from {a} to {b} passes behind {at}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_arrow_begins_and_ends_at_the_border_of_its_boxes() {
        let (places, center) = ring(&[Point { x: 40.0, y: 16.0 }; 5]);
        let on_border = |point: Point, place: &Place| {
            let (dx, dy) = ((point.x - place.middle.x).abs(), (point.y - place.middle.y).abs());
            let (x, y) = ((dx - place.half.x).abs() < 1e-6, (dy - place.half.y).abs() < 1e-6);
            (x && dy <= place.half.y + 1e-6) || (y && dx <= place.half.x + 1e-6)
        };
        for from in &places {
            for to in places.iter().filter(|to| to.middle != from.middle) {
                for are_neighbours in [false, true] {
                    let curve = between(from, to, are_neighbours, center);
                    assert!(on_border(curve.start, from) && on_border(curve.end, to));
                }
            }
        }
    }
}
