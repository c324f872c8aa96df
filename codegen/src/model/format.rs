//! The names of string profiles enter; the regular expression and the length cap of each leave.

/// The string profiles of `docs/language.md`, each one regular expression and a length cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// RFC 4122 text form, any version; canonical lower case.
    Uuid,
    /// 26 Crockford base-32 characters; canonical upper case.
    Ulid,
    /// An `http` or `https` URL of the conservative profile.
    HttpUrl,
    /// RFC 3339 with offset, at most nine fractional digits, no leap seconds.
    DateTime,
    /// Semantic Versioning 2.0.0.
    SemVer,
}

impl Format {
    /// Every format, by name.
    pub const ALL: [Self; 5] = [Self::DateTime, Self::HttpUrl, Self::SemVer, Self::Ulid, Self::Uuid];

    /// The name in contracts, errors and schemas.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::Ulid => "ulid",
            Self::HttpUrl => "http-url",
            Self::DateTime => "date-time",
            Self::SemVer => "semver",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// The one regular expression that decides it, matched against the whole text over ASCII.
    pub fn regex(self) -> &'static str {
        match self {
            Self::Uuid => UUID,
            Self::Ulid => ULID,
            Self::HttpUrl => HTTP_URL,
            Self::DateTime => DATE_TIME,
            Self::SemVer => SEMVER,
        }
    }

    /// The longest text, in code points.
    pub fn max_code_points(self) -> usize {
        match self {
            Self::Uuid => 36,
            Self::Ulid => 26,
            Self::HttpUrl => 2_048,
            Self::DateTime => 35,
            Self::SemVer => 256,
        }
    }

    /// What output writes for an accepted text.
    pub fn canonical(self, text: &str) -> String {
        match self {
            Self::Uuid => text.to_ascii_lowercase(),
            Self::Ulid => text.to_ascii_uppercase(),
            Self::HttpUrl | Self::DateTime | Self::SemVer => text.to_owned(),
        }
    }
}

const UUID: &str = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";

const ULID: &str = r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}";

/// Years 0001 to 9999 with 31, 30 and 28 days, leap days, time, fraction, offset.
const DATE_TIME: &str = concat!(
    r"(?:(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-",
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))",
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)",
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
    r"(?:\.[0-9]{1,9})?",
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])",
);

/// Scheme, dotted quad or labels, port, path, query, fragment.
const HTTP_URL: &str = concat!(
    r"https?://",
    r"(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}",
    r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|",
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]?[A-Za-z0-9]",
    r"|[A-Za-z0-9-](?:[A-Za-z0-9-][A-Za-z0-9]|(?:[A-Za-z0-9][A-Za-z0-9-]|-[A-Za-z0-9])[A-Za-z0-9-]{0,58}[A-Za-z0-9]))?\.)*",
    r"[A-Za-z](?:[A-Za-z0-9-]?[A-Za-z0-9]",
    r"|[A-Za-z0-9-](?:[A-Za-z0-9-][A-Za-z0-9]|(?:[A-Za-z0-9][A-Za-z0-9-]|-[A-Za-z0-9])[A-Za-z0-9-]{0,58}[A-Za-z0-9]))?)",
    r"(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}",
    r"|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?",
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?",
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
);

/// Three numbers, pre-release, build.
const SEMVER: &str = concat!(
    r"(?:0|[1-9][0-9]{0,14})\.(?:0|[1-9][0-9]{0,14})\.(?:0|[1-9][0-9]{0,14})",
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)",
    r"(?:\.(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?",
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
);
