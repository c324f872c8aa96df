//! The rule about the mapping to `CloudEvents`.

use crate::diagnostic::rules;

rules! {
    CLOUDEVENTS_MAPPING = "cloudevents-mapping", Error;
}
