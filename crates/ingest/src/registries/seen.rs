//! JSON that remembers what has been read of it.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
};

use serde_json::Value;

/// What has been read of one record.
#[derive(Default)]
pub(super) struct Seen(RefCell<HashSet<*const Value>>);

/// A value of the record.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    pub value: &'t Value,
    seen: &'t Seen,
}

impl Seen {
    /// The record.
    pub fn root<'t>(&'t self, value: &'t Value) -> Node<'t> {
        Node { value, seen: self }
    }

    /// Paths of the values that nobody read, list places left out, with how many there are and the first.
    pub fn unread(&self, value: &Value) -> BTreeMap<String, (usize, String)> {
        let mut out = BTreeMap::new();
        self.walk(value, &mut String::new(), &mut out);
        out
    }

    fn walk(&self, value: &Value, path: &mut String, out: &mut BTreeMap<String, (usize, String)>) {
        if self.0.borrow().contains(&std::ptr::from_ref(value)) {
            return;
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let length = path.len();
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(key);
                    self.walk(value, path, out);
                    path.truncate(length);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, path, out)),
            Value::Null => {}
            Value::String(text) if text.trim().is_empty() => {}
            leaf => {
                let shown = || leaf.to_string().chars().take(60).collect();
                out.entry(path.clone()).or_insert_with(|| (0, shown())).0 += 1;
            }
        }
    }
}

impl<'t> Node<'t> {
    /// What stands at a path of keys: `trialInformation.trialCategory`. Null is nothing.
    pub fn at(self, path: &str) -> Option<Node<'t>> {
        let found = path.split('.').try_fold(self.value, |value, key| value.get(key))?;
        (!found.is_null()).then_some(Node { value: found, ..self })
    }

    /// The elements of a list at a path; a single value is a list of one.
    pub fn all(self, path: &str) -> Vec<Node<'t>> {
        let Some(found) = self.at(path) else { return Vec::new() };
        match found.value {
            Value::Array(items) => items.iter().map(|value| Node { value, ..self }).collect(),
            _ => vec![found],
        }
    }

    /// The text, trimmed; a number is the text that writes it. Counts as read.
    pub fn own(self) -> Option<String> {
        let text = match self.value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        self.skip();
        (!text.is_empty()).then_some(text)
    }

    /// The text at a path.
    pub fn text(self, path: &str) -> Option<String> {
        self.at(path)?.own()
    }

    /// The first of several paths that has a text.
    pub fn any(self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// Yes or no at a path.
    pub fn yes(self, path: &str) -> Option<bool> {
        let node = self.at(path)?;
        let yes = node.value.as_bool()?;
        node.skip();
        Some(yes)
    }

    /// A whole number at a path, written as number or text.
    pub fn integer(self, path: &str) -> Option<i64> {
        let node = self.at(path)?;
        let number = match node.value {
            Value::Number(number) => {
                number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64))
            }
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }?;
        node.skip();
        Some(number)
    }

    /// Counts it with all in it as read.
    pub fn skip(self) {
        self.seen.0.borrow_mut().insert(std::ptr::from_ref(self.value));
    }

    /// Counts what stands at these paths as read: said elsewhere, or no part of the study.
    pub fn pass_over(self, paths: &[&str]) {
        paths.iter().filter_map(|path| self.at(path)).for_each(Node::skip);
    }
}
