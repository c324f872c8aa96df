//! scratch
#![allow(missing_docs, unused_variables, dead_code, clippy::all, clippy::pedantic)]
use crate::generated::{ResolvedSyncTarget, TargetKind};
use rusqlite::OptionalExtension;
use sha2::Digest;
#[derive(Default)]
pub struct Facts {
    pub a: u8,
}
pub struct Target {
    pub target_pk: i64,
    pub redrain_epoch: i64,
    pub target_id: String,
    pub canonical_url: String,
    pub team_slug: String,
    pub user_email: String,
    pub first_seen_at: String,
    pub last_seen_at: String,
    pub retired_at: Option<String>,
    pub kind: TargetKind,
}
use rusqlite::{Connection, Transaction};
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct InvalidTargetUrl;
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TargetsError(String);
impl From<crate::store::StoreError> for TargetsError {
    fn from(e: crate::store::StoreError) -> Self {
        TargetsError(e.to_string())
    }
}
impl From<rusqlite::Error> for TargetsError {
    fn from(e: rusqlite::Error) -> Self {
        TargetsError(e.to_string())
    }
}
#[derive(Debug)]
pub struct TargetIdentity {
    pub target_id: String,
    pub canonical_url: String,
    pub url_hash: String,
    pub team_slug: String,
    pub user_email: String,
    pub kind: TargetKind,
}
impl TargetIdentity {
    pub fn new(kind: TargetKind, url: &str, team: Option<&str>, user: Option<&str>) -> Result<Self, InvalidTargetUrl> {
        let u = url::Url::parse(url).map_err(|_| InvalidTargetUrl)?.to_string().trim_end_matches('/').to_string();
        let (team, user) = (team.unwrap_or(""), user.unwrap_or(""));
        let hex = |b: &[u8]| sha2::Sha256::digest(b).iter().map(|x| format!("{x:02x}")).collect::<String>();
        let h = hex(u.as_bytes());
        let id = hex(format!("{h}\0{team}\0{user}").as_bytes());
        Ok(Self {
            target_id: format!("tgt_{}_{}", if team.is_empty() { "anon" } else { team }, &id[..32]),
            canonical_url: u,
            url_hash: h,
            team_slug: team.into(),
            user_email: user.into(),
            kind,
        })
    }
    pub fn from_resolved(t: &ResolvedSyncTarget) -> Result<Self, InvalidTargetUrl> {
        Self::new(
            TargetKind::Teamspace,
            t.resolved_server_url().as_str(),
            t.team_slug().map(|x| x.as_str()),
            t.user_id().map(|x| x.as_str()),
        )
    }
}
pub fn register(t: &Transaction<'_>, i: &TargetIdentity, p: &Facts, now: &str) -> Result<Target, TargetsError> {
    t.execute("INSERT INTO delivery_targets(target_id,kind,canonical_url,url_hash,team_slug,user_email,first_seen_at,last_seen_at) VALUES(?1,?2,?3,?4,?5,?6,?7,?7) ON CONFLICT(target_id) DO UPDATE SET last_seen_at=excluded.last_seen_at", (&i.target_id, i.kind.as_str(), &i.canonical_url, &i.url_hash, &i.team_slug, &i.user_email, now))?;
    Ok(find(t, &i.target_id)?.unwrap())
}
pub fn find(c: &Connection, id: &str) -> Result<Option<Target>, TargetsError> {
    Ok(list(c)?.into_iter().find(|t| t.target_id == id))
}
pub fn list(c: &Connection) -> Result<Vec<Target>, TargetsError> {
    let mut s = c.prepare("SELECT target_pk, redrain_epoch, target_id, canonical_url, team_slug, user_email, first_seen_at, last_seen_at, retired_at, kind FROM delivery_targets ORDER BY 1")?;
    let x = s
        .query_map([], |r| {
            Ok(Target {
                target_pk: r.get(0)?,
                redrain_epoch: r.get(1)?,
                target_id: r.get(2)?,
                canonical_url: r.get(3)?,
                team_slug: r.get(4)?,
                user_email: r.get(5)?,
                first_seen_at: r.get(6)?,
                last_seen_at: r.get(7)?,
                retired_at: r.get(8)?,
                kind: r.get::<_, String>(9)?.parse().unwrap(),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(x)
}
pub fn retire(c: &Transaction<'_>, id: &str, now: &str) -> Result<(), TargetsError> {
    c.execute("UPDATE delivery_targets SET retired_at=?2 WHERE target_id=?1", (id, now))?;
    Ok(())
}
pub fn unretire(c: &Transaction<'_>, id: &str) -> Result<(), TargetsError> {
    c.execute("UPDATE delivery_targets SET retired_at=NULL WHERE target_id=?1", (id,))?;
    Ok(())
}
