//! The order of the crates: each depends only on those above it, and what only one crate may know stays there.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, bail};

/// Packages of which only some crates may know, and why.
const KEPT: [(&[&str], &[&str], &str); 6] = [
    (
        &["axum", "tower", "tower-http", "tokio", "tokio-stream", "maud", "hyper"],
        &["serve", "trialist"],
        "only `serve` knows HTTP",
    ),
    (&["quick-xml", "flate2"], &["ingest", "testkit", "xtask"], "only `ingest` knows foreign formats"),
    (&["ureq"], &["sync"], "only `sync` asks other machines"),
    (
        &["parquet"],
        &["ingest", "export"],
        "only `ingest` reads tables of others, and only `export` writes them",
    ),
    (&["postgres"], &["trialist"], "only the command talks to a database server"),
    (
        &["zip"],
        &["ingest", "export", "serve", "testkit", "xtask"],
        "only `ingest` reads archives, `export` writes them and `serve` sends one",
    ),
];

/// A dependency as it stands in a manifest.
#[derive(Debug, PartialEq, Eq)]
struct Dependency {
    name: String,
    line: usize,
    dev: bool,
}

/// Checks the workspace; prints every offending line and fails if there is one.
pub fn check() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let mut faults = Vec::new();
    let mut manifests = Vec::new();
    for member in members(&read(&root.join("Cargo.toml"))?) {
        let path = Path::new(&member).join("Cargo.toml");
        let text = read(&root.join(&path))?;
        let name = package_name(&text).with_context(|| format!("{} names no package", path.display()))?;
        manifests.push((path.display().to_string(), name, text));
    }
    faults.extend(faults_of(&manifests));
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} dependencies against the order of the crates", faults.len());
    }
    println!("{} crates, each depends only on those above it", manifests.len());
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Faults of manifests (path, package, text) in the order of the data flow.
fn faults_of(manifests: &[(String, String, String)]) -> Vec<String> {
    let crates: BTreeSet<&str> = manifests.iter().map(|(_, name, _)| name.as_str()).collect();
    let mut above: BTreeSet<&str> = BTreeSet::new();
    let mut faults = Vec::new();
    for (path, name, text) in manifests {
        for dependency in dependencies(text) {
            let on = dependency.name.as_str();
            let place = format!("{path}:{}: `{name}` depends on `{on}`", dependency.line);
            let helper = dependency.dev && on == "testkit";
            if crates.contains(on) && !above.contains(on) && !helper {
                faults.push(format!("{place}, which is not above it in the workspace's members"));
            }
            for (packages, allowed, why) in KEPT {
                // Tests and examples may build the foreign files that they read.
                if packages.contains(&on) && !allowed.contains(&name.as_str()) && !dependency.dev {
                    faults.push(format!("{place}: {why}"));
                }
            }
        }
        above.insert(name);
    }
    faults
}

/// The paths in `members` of the root manifest, in order.
fn members(manifest: &str) -> Vec<String> {
    let Some((_, rest)) = manifest.split_once("members = [") else { return Vec::new() };
    let list = rest.split(']').next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn package_name(manifest: &str) -> Option<String> {
    let (_, package) = manifest.split_once("[package]")?;
    let line = package.lines().find(|line| line.split('=').next().is_some_and(|key| key.trim() == "name"))?;
    line.split('"').nth(1).map(str::to_owned)
}

/// Every dependency of a manifest: `name = ...`, `name.workspace = true`, and tables of their own.
fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut section: Option<bool> = None;
    for (i, line) in manifest.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            let dev = header.contains("dev-dependencies");
            // `[workspace.dependencies]` only says which versions there are.
            section = (header.ends_with("dependencies") && !header.starts_with("workspace")).then_some(dev);
            if let Some((_, name)) = header.rsplit_once("dependencies.") {
                found.push(Dependency { name: name.to_owned(), line: i + 1, dev });
            }
        } else if let (Some(dev), Some((key, _))) = (section, line.split_once('=')) {
            let name = key.split('.').next().unwrap_or_default().trim().trim_matches('"');
            found.push(Dependency { name: name.to_owned(), line: i + 1, dev });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(manifests: &[(&str, &str)]) -> Vec<String> {
        let manifests: Vec<_> = manifests
            .iter()
            .map(|(name, text)| (format!("{name}/Cargo.toml"), (*name).to_owned(), (*text).to_owned()))
            .collect();
        faults_of(&manifests)
    }

    #[test]
    fn upwards_is_fine() {
        assert!(
            faults(&[
                ("model", "[dependencies]\nserde = \"1\""),
                ("store", "[dependencies]\nmodel.workspace = true")
            ])
            .is_empty()
        );
    }

    #[test]
    fn downwards_is_named_with_its_line() {
        for line in ["store.workspace = true", "store = { path = \"../store\" }", "\"store\" = \"1\""] {
            let text = format!("[package]\nname = \"model\"\n\n[dependencies]\n{line}");
            let found = faults(&[("model", &text), ("store", "")]);
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].starts_with("model/Cargo.toml:5: `model` depends on `store`"), "{}", found[0]);
        }
        assert_eq!(faults(&[("model", "[dependencies.store]\npath = \"x\""), ("store", "")]).len(), 1);
        assert_eq!(
            faults(&[("model", "[target.'cfg(unix)'.dependencies]\nstore = \"1\""), ("store", "")]).len(),
            1
        );
    }

    #[test]
    fn testkit_serves_tests_only() {
        assert!(
            faults(&[("model", "[dev-dependencies]\ntestkit.workspace = true"), ("testkit", "")]).is_empty()
        );
        assert_eq!(
            faults(&[("model", "[dependencies]\ntestkit.workspace = true"), ("testkit", "")]).len(),
            1
        );
    }

    #[test]
    fn http_and_formats_stay_where_they_belong() {
        assert_eq!(faults(&[("store", "[dependencies]\ntokio = \"1\"\nzip.workspace = true")]).len(), 2);
        assert!(faults(&[("serve", "[dependencies]\naxum.workspace = true")]).is_empty());
        assert!(faults(&[("registry", "[dev-dependencies]\nzip.workspace = true")]).is_empty());
    }

    #[test]
    fn this_workspace_holds() {
        check().unwrap();
    }

    #[test]
    fn members_come_in_order() {
        let manifest =
            "[workspace]\n# why\nmembers = [\n    \"crates/b\",\n    \"crates/a\",\n    \".\",\n]\n";
        assert_eq!(members(manifest), ["crates/b", "crates/a", "."]);
        assert_eq!(package_name("[package]\nname = \"a\"\n").as_deref(), Some("a"));
    }
}
