//! Edits change what they are asked to and nothing else.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::edit::{Place, Problem};
use super::raw;
use super::same::same;
use super::*;
use crate::model::Secret;

const SPEC: &str = r#"{
  "name": "shop", "x-odd": [1e400, 1180591620717411303424, -0, 1.50, "\u0061\ud800"],
  "envs": [{"key": "LEVEL", "value": "info"}, {"key": "ROOT", "value": "EV[1:a:b]", "type": "SECRET", "scope": "RUN_TIME"}],
  "services": [{"name": "web", "instance_count": 2, "instance_size_slug": "apps-s-1vcpu-1gb",
    "github": {"repo": "a/b", "branch": "main", "deploy_on_push": true},
    "envs": [{"key": "LEVEL", "value": "debug", "x": 1.0}]},
   {"name": "api", "autoscaling": {"min_instance_count": 2, "max_instance_count": 5, "metrics": {"requests_per_second": {"per_instance": 1e2}}},
    "image": {"registry_type": "DOCR", "repository": "api", "tag": "1"}}],
  "workers": [{"name": "work", "instance_count": 1}],
  "jobs": [{"name": "tick"}], "static_sites": [{"name": "site"}],
  "databases": [{"name": "db", "engine": "PG"}],
  "domains": [{"domain": "a.example.org", "type": "PRIMARY", "zone": "example.org"}, {"domain": "b.example.org", "type": "ALIAS"}]
}"#;

fn set(place: Place, key: &str, value: &str, is_secret: bool, exists: bool) -> Edit {
    Edit::SetVariable {
        place,
        key: key.into(),
        value: Secret::new(value),
        is_secret,
        exists,
    }
}

fn web() -> Place {
    Place::Component("web".into())
}

fn at(spec: &str, component: &str) -> String {
    component::find(spec, component).unwrap().1.to_owned()
}

fn changed(edit: Edit) -> String {
    apply(SPEC, &[edit]).unwrap()
}

fn refused(edit: Edit) -> String {
    apply(SPEC, &[edit]).unwrap_err().text
}

#[test]
fn a_variable_keeps_what_else_is_said_of_it() {
    let spec = changed(set(web(), "LEVEL", "a \"b\"", false, true));
    assert!(
        spec.contains(r#"{"key":"LEVEL","value":"a \"b\"","x":1.0}"#),
        "{spec}"
    );
    let spec = changed(set(Place::App, "ROOT", "new", false, true));
    let root = r#"{"key":"ROOT","value":"new","type":"SECRET","scope":"RUN_TIME"}"#;
    assert!(spec.contains(root), "{spec}");
    let spec = changed(set(web(), "LEVEL", "debug", true, true));
    let hidden = r#"{"key":"LEVEL","value":"debug","x":1.0,"type":"SECRET"}"#;
    assert!(spec.contains(hidden), "{spec}");
}

#[test]
fn a_new_variable_is_general_or_secret() {
    for (is_secret, kind) in [(false, "GENERAL"), (true, "SECRET")] {
        let spec = changed(set(
            Place::Component("work".into()),
            "A",
            "1",
            is_secret,
            false,
        ));
        let new = format!(
            r#"{{"name":"work","instance_count":1,"envs":[{{"key":"A","value":"1","scope":"RUN_AND_BUILD_TIME","type":"{kind}"}}]}}"#
        );
        assert_eq!(at(&spec, "work"), new);
    }
}

#[test]
fn what_is_so_already_leaves_the_text_alone() {
    for edit in [
        set(web(), "LEVEL", "debug", false, true),
        set(Place::App, "ROOT", "EV[1:a:b]", true, true),
        Edit::Count {
            component: "web".into(),
            units: 2,
        },
        Edit::MakePrimary {
            name: "A.example.org".into(),
        },
        Edit::Branch {
            component: "web".into(),
            branch: "main".into(),
        },
        Edit::Name {
            name: "shop".into(),
        },
    ] {
        assert_eq!(
            apply(SPEC, std::slice::from_ref(&edit)).unwrap(),
            SPEC,
            "{edit:?}"
        );
    }
}

#[test]
fn instances_and_automatic_scaling_exclude_each_other() {
    let spec = changed(Edit::Bounds {
        component: "web".into(),
        least: 2,
        most: 4,
    });
    let web = at(&spec, "web");
    assert_eq!(raw::field(&web, "instance_count"), None);
    let bounds =
        r#"{"metrics":{"cpu":{"percent":80}},"min_instance_count":2,"max_instance_count":4}"#;
    assert_eq!(raw::field(&web, "autoscaling"), Some(bounds));

    let spec = changed(Edit::Bounds {
        component: "api".into(),
        least: 1,
        most: 5,
    });
    let kept = r#"{"min_instance_count":1,"max_instance_count":5,"metrics":{"requests_per_second": {"per_instance": 1e2}}}"#;
    assert_eq!(raw::field(&at(&spec, "api"), "autoscaling"), Some(kept));

    for (edit, units) in [
        (
            Edit::Count {
                component: "api".into(),
                units: 3,
            },
            3,
        ),
        (
            Edit::EndBounds {
                component: "api".into(),
            },
            2,
        ),
    ] {
        let api = at(&changed(edit), "api");
        assert_eq!(raw::field(&api, "autoscaling"), None);
        assert_eq!(raw::field_number(&api, "instance_count"), Some(units));
    }
}

#[test]
fn the_main_domain_becomes_an_alias() {
    let spec = changed(Edit::MakePrimary {
        name: "b.example.org".into(),
    });
    let domains = r#"[{"domain":"a.example.org","type":"ALIAS","zone":"example.org"},{"domain":"b.example.org","type":"PRIMARY"}]"#;
    assert_eq!(raw::field(&spec, "domains"), Some(domains));
    let spec = changed(Edit::AddDomain {
        name: "c.example.org".into(),
    });
    assert_eq!(domains::find(&spec, "c.example.org"), Some(false));
    assert_eq!(domains::find(&spec, "a.example.org"), Some(true));
}

#[test]
fn what_cannot_be_says_what_to_do() {
    let count = |component: &str, units| Edit::Count {
        component: component.into(),
        units,
    };
    let branch = |component: &str| Edit::Branch {
        component: component.into(),
        branch: "x".into(),
    };
    let unset = |place, key: &str| Edit::UnsetVariable {
        place,
        key: key.into(),
    };
    for (edit, expected) in [
        (
            count("nope", 2),
            "the app has no component nope: it has web, api, work, tick, site, db",
        ),
        (
            count("site", 2),
            "site is a static site, which has no scale: choose a service or worker",
        ),
        (
            count("tick", 2),
            "tick is a job, which has no scale: choose a service or worker",
        ),
        (
            count("db", 2),
            "db is a database, which has no scale: choose a service or worker",
        ),
        (
            count("web", 0),
            "DigitalOcean does not scale to 0: a component has 1 to 250 instances, choose at least 1",
        ),
        (
            count("web", 251),
            "a component has at most 250 instances: choose fewer",
        ),
        (
            Edit::EndBounds {
                component: "web".into(),
            },
            "web does not scale by itself: there is nothing to end",
        ),
        (
            branch("api"),
            "api runs an image: it has no branch, deploy another tag",
        ),
        (
            branch("db"),
            "db is a database without source: it has no branch",
        ),
        (
            unset(web(), "ROOT"),
            "web has no variable ROOT of its own: the app has it, choose that one",
        ),
        (
            unset(Place::App, "NOPE"),
            "the app has no variable NOPE: look again",
        ),
        (
            set(web(), "NOPE", "1", false, true),
            "web has no variable NOPE: look again",
        ),
        (
            set(web(), "1A", "1", false, false),
            "has letters, digits and _, and no digit first: choose such a name",
        ),
        (
            Edit::AddDomain {
                name: "B.example.org".into(),
            },
            "B.example.org is there already: nothing to add",
        ),
        (
            Edit::RemoveDomain {
                name: "z.example.org".into(),
            },
            "the app has no domain z.example.org: look again",
        ),
    ] {
        assert_eq!(refused(edit), expected);
    }
    for odd in ["5", "[]", "{\"envs\":5}", "", "{"] {
        let refused = apply(odd, &[set(Place::App, "A", "1", false, false)]).unwrap_err();
        assert_eq!(refused, Problem::unreadable(), "{odd:?}");
    }
}

#[test]
fn differences_show_no_value_of_a_variable() {
    let now = SPEC
        .replace("\"instance_count\": 2", "\"instance_count\": 3")
        .replace("debug", "canary")
        .replace("EV[1:a:b]", "EV[1:c:d]")
        .replace("1e400", "1e401");
    let found = differences(SPEC, &now);
    let wish = Edit::Count {
        component: "web".into(),
        units: 4,
    };
    assert_eq!(
        conflict(&found, &[wish]).as_str(),
        "x-odd was changed by somebody else; ROOT was changed by somebody else; \
         web: instance_count was 2, is 3 now, you want 4; \
         web: LEVEL was changed by somebody else; look again"
    );
    let found = differences(
        SPEC,
        &SPEC.replace("\"branch\": \"main\"", "\"branch\": \"next\""),
    );
    assert_eq!(
        conflict(&found, &[set(web(), "LEVEL", "canary", false, true)]).as_str(),
        "web: branch was main, is next now; for web: LEVEL you want to set it; look again"
    );
    let found = differences(
        SPEC,
        &SPEC.replace("\"name\": \"work\"", "\"name\": \"toil\""),
    );
    assert_eq!(
        conflict(&found, &[]).as_str(),
        "work was removed by somebody else; toil was added by somebody else; look again"
    );
}

#[test]
fn white_space_and_order_are_no_difference() {
    let one = r#"{"a":1,"b":[{"c":"é"}],"n":null}"#;
    assert!(differences(one, "{ \"b\" : [ {\"c\":\"\\u00e9\"} ], \"a\": 1.0 }").is_empty());
    for other in [
        r#"{"a":1,"b":[{"c":"e"}]}"#,
        r#"{"a":2,"b":[{"c":"é"}]}"#,
        r#"{"a":1,"b":[]}"#,
        r#"{"a":1}"#,
        r#"{"a":1,"b":[{"c":"é"}],"d":0}"#,
    ] {
        assert!(!differences(one, other).is_empty(), "{other}");
    }
    // No machine's number tells these apart.
    assert!(!differences("{\"a\":9007199254740993}", "{\"a\":9007199254740992}").is_empty());
}

#[test]
fn every_secret_of_a_spec_is_named() {
    let spec = r#"{"envs":[{"key":"A","value":"one"},{"key":"B","value":"${db.URL}"}],
        "services":[{"envs":[{"value":"two"}],"image":{"registry_credentials":"three"},
        "log_destinations":[{"datadog":{"api_key":"four"}}]}]}"#;
    let found = secrets(spec, &[set(Place::App, "C", "five", false, false)]);
    let mut found: Vec<_> = found.iter().map(Secret::expose).collect();
    found.sort_unstable();
    assert_eq!(found, ["five", "four", "one", "three", "two"]);
}

#[test]
fn what_was_wished_is_recognised() {
    let reached = |edit: Edit| is_reached(SPEC, &[edit]);
    assert_eq!(
        reached(set(web(), "LEVEL", "debug", false, false)),
        Some(true)
    );
    assert_eq!(
        reached(set(web(), "LEVEL", "info", false, false)),
        Some(false)
    );
    assert_eq!(
        reached(set(web(), "LEVEL", "debug", true, false)),
        Some(false)
    );
    assert_eq!(reached(set(web(), "NEW", "1", true, false)), Some(false));
    assert_eq!(reached(set(Place::App, "ROOT", "x", true, true)), None);
    let unset = |key: &str| Edit::UnsetVariable {
        place: web(),
        key: key.into(),
    };
    assert_eq!(reached(unset("LEVEL")), Some(false));
    assert_eq!(reached(unset("GONE")), Some(true));
    let many = [
        unset("GONE"),
        set(Place::App, "ROOT", "x", true, true),
        unset("LEVEL"),
    ];
    assert_eq!(is_reached(SPEC, &many), Some(false));
    assert_eq!(is_reached(SPEC, &many[..2]), None);
}

fn inputs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_new_app_has_one_component() {
    let new = new_app(
        "shop",
        &inputs(&[
            ("github", "acme/shop"),
            ("branch", "main"),
            ("size", "apps-s-1vcpu-1gb"),
            ("instances", "2"),
            ("port", "8080"),
            ("region", "ams"),
            ("project", "p1"),
        ]),
    )
    .unwrap();
    assert_eq!(new.project.as_deref(), Some("p1"));
    let expected = r#"{"name":"shop","region":"ams","services":[{"name":"web","github":{"repo":"acme/shop","branch":"main"},"instance_size_slug":"apps-s-1vcpu-1gb","instance_count":2,"http_port":8080}]}"#;
    assert!(same(&new.spec, expected), "{}", new.spec);
    for (image, expected) in [
        (
            "registry.digitalocean.com/acme/shop:1",
            r#"{"registry_type":"DOCR","repository":"shop","tag":"1"}"#,
        ),
        (
            "ghcr.io/acme/team/shop",
            r#"{"registry_type":"GHCR","registry":"acme","repository":"team/shop"}"#,
        ),
        (
            "acme/shop:1",
            r#"{"registry_type":"DOCKER_HUB","registry":"acme","repository":"shop","tag":"1"}"#,
        ),
        (
            "nginx@sha256:ab",
            r#"{"registry_type":"DOCKER_HUB","registry":"library","repository":"nginx","digest":"sha256:ab"}"#,
        ),
    ] {
        let new = new_app("shop", &inputs(&[("image", image), ("kind", "worker")])).unwrap();
        let worker = at(&new.spec, "web");
        assert!(
            same(raw::field(&worker, "image").unwrap(), expected),
            "{worker}"
        );
    }
}

#[test]
fn a_new_app_that_cannot_be_says_what_is_missing() {
    let refused = |name, pairs: &[(&str, &str)]| new_app(name, &inputs(pairs)).unwrap_err().text;
    let github = ("github", "a/b");
    let main = ("branch", "main");
    for (text, expected) in [
        (refused("Shop", &[]), "Shop cannot be a name"),
        (refused("shop", &[]), "say where it comes from"),
        (
            refused("shop", &[github, ("git", "u")]),
            "say where it comes from",
        ),
        (refused("shop", &[github]), "branch is missing"),
        (
            refused("shop", &[github, main, ("colour", "red")]),
            "colour is not known: choose among github, gitlab",
        ),
        (
            refused("shop", &[github, main, main]),
            "branch is given twice",
        ),
        (
            refused("shop", &[github, main, ("kind", "lambda")]),
            "kind is one of service",
        ),
        (
            refused("shop", &[github, main, ("kind", "worker"), ("port", "1")]),
            "port does not go with worker",
        ),
        (
            refused("shop", &[github, main, ("instances", "0")]),
            "instances is a number from 1 to 250",
        ),
        (
            refused("shop", &[("image", "quay.io/a/b")]),
            "image comes from",
        ),
    ] {
        assert!(text.starts_with(expected), "{text}");
    }
}

/// Every value that is no object or list, by its path, as it is written.
fn leaves(raw: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(raw, String::new(), &mut found);
    found
}

fn walk(text: &str, path: String, found: &mut BTreeMap<String, String>) {
    if let Some(fields) = raw::object(text) {
        for (at, (name, value)) in fields.iter().enumerate() {
            // Its place among the others is part of the path: order is kept, too.
            walk(value, format!("{path}/{at}{name}"), found);
        }
    } else if let Some(items) = raw::list(text) {
        for (at, item) in items.iter().enumerate() {
            walk(item, format!("{path}/{at}"), found);
        }
    } else {
        found.insert(path, text.to_owned());
    }
}

/// JSON as somebody may write it, with what no typed record would keep.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "(1e400|1180591620717411303424|-0|0\\.10|2\\.50e-7|[1-9][0-9]{0,30})",
        r#""(\\u0061|\\ud800|\\/|\\n|é|EV\[1:[a-z]{1,9}:=\]|[a-z ]{0,6})*""#,
        Just("null".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let field = (r#""(x-[a-z]{0,4}|\\u00e9[a-z])""#, inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4)
                .prop_map(|items| format!("[ {}]", items.join(" , "))),
            prop::collection::vec(field, 0..4).prop_map(|fields| braces(&fields)),
        ]
    })
}

fn braces(fields: &[(String, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(k, v)| format!("{k} :\n{v}")).collect();
    format!("{{{}}}", fields.join(", "))
}

fn odd_fields() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((r#""x-[a-z]{1,5}""#.prop_map(String::from), json()), 0..4)
}

fn variables() -> impl Strategy<Value = (String, String)> {
    let item = |key: &'static str| {
        (odd_fields(), prop::bool::ANY).prop_map(move |(mut fields, is_secret)| {
            fields.insert(0, ("\"key\"".into(), format!("\"{key}\"")));
            fields.push(("\"value\"".into(), "\"EV[1:old:value]\"".into()));
            if is_secret {
                fields.push(("\"type\"".into(), "\"SECRET\"".into()));
            }
            braces(&fields)
        })
    };
    (item("A"), item("B")).prop_map(|(a, b)| ("\"envs\"".into(), format!("[{a},{b}]")))
}

fn owner(name: &'static str, count: &'static str) -> impl Strategy<Value = String> {
    (odd_fields(), variables(), odd_fields()).prop_map(move |(mut fields, envs, more)| {
        fields.push(("\"name\"".into(), format!("\"{name}\"")));
        fields.push(envs);
        fields.push(("\"instance_count\"".into(), count.into()));
        fields.push(("\"git\"".into(), r#"{"branch": "old", "x": 1e999}"#.into()));
        fields.extend(more);
        braces(&fields)
    })
}

fn specs() -> impl Strategy<Value = String> {
    let components = (owner("web", "7"), owner("api", "7"), owner("work", "7"));
    (odd_fields(), components, variables(), odd_fields()).prop_map(
        |(mut fields, (web, api, work), envs, more)| {
            fields.push(("\"services\"".into(), format!("[{api} ,{web}]")));
            fields.push(envs);
            fields.push(("\"workers\"".into(), format!("[{work}]")));
            let domains = r#"[{"domain":"one.example.org","type":"PRIMARY"},{"domain":"two.example.org","type":"ALIAS","x":[1.0]}]"#;
            fields.push(("\"domains\"".into(), domains.into()));
            fields.extend(more);
            braces(&fields)
        },
    )
}

/// Edits that change one value, each with what undoes it and how the path of that value ends.
fn pairs() -> impl Strategy<Value = (Edit, Edit, &'static str)> {
    let place = prop_oneof![
        Just(Place::App),
        Just(Place::Component("web".into())),
        Just(Place::Component("work".into())),
    ];
    prop_oneof![
        (place, "[ -~é]{0,12}").prop_map(|(place, value)| {
            let back = set(place.clone(), "B", "EV[1:old:value]", false, true);
            (set(place, "B", &value, false, true), back, "\"value\"")
        }),
        (1_u32..=250).prop_map(|units| {
            let count = |units| Edit::Count {
                component: "api".into(),
                units,
            };
            (count(units), count(7), "\"instance_count\"")
        }),
        "[a-z/é\"]{1,9}".prop_map(|branch| {
            let to = |branch: &str| Edit::Branch {
                component: "work".into(),
                branch: branch.into(),
            };
            (to(&branch), to("old"), "\"branch\"")
        }),
        Just({
            let main = |name: &str| Edit::MakePrimary { name: name.into() };
            (main("two.example.org"), main("one.example.org"), "\"type\"")
        }),
    ]
}

proptest! {
    // Specs are large: more cases take long and find no more.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_path_but_the_edited_one_is_as_it_was((edit, back, end) in pairs(), spec in specs()) {
        let new = apply(&spec, std::slice::from_ref(&edit)).unwrap();
        let (before, after) = (leaves(&spec), leaves(&new));
        prop_assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (path, value) in &before {
            prop_assert!(after[path] == *value || path.ends_with(end), "{path}: {value} {}", after[path]);
        }
        prop_assert_eq!(is_reached(&new, &[edit]).unwrap_or(true), true);
        prop_assert_eq!(leaves(&apply(&new, &[back]).unwrap()), before);
    }

    #[test]
    fn what_is_added_and_removed_again_leaves_no_trace(spec in specs(), value in any::<String>()) {
        let place = Place::Component("web".into());
        let unset = Edit::UnsetVariable { place: place.clone(), key: "NEW".into() };
        let with = apply(&spec, &[set(place, "NEW", &value, true, false)]).unwrap();
        let before = leaves(&spec);
        let kept: BTreeMap<_, _> = leaves(&with)
            .into_iter()
            .filter(|(path, _)| before.contains_key(path))
            .collect();
        prop_assert_eq!(&kept, &before);
        prop_assert_eq!(leaves(&apply(&with, &[unset]).unwrap()), before.clone());
        let (add, remove) = ("three.example.org", "three.example.org");
        let edits = [
            Edit::AddDomain { name: add.into() },
            Edit::RemoveDomain { name: remove.into() },
        ];
        prop_assert_eq!(leaves(&apply(&spec, &edits).unwrap()), before);
    }

    #[test]
    fn bounds_come_and_go(spec in specs(), least in 1_u32..=9, more in 0_u32..=9) {
        let component = || "web".to_owned();
        let bounds = Edit::Bounds { component: component(), least, most: least + more };
        let with = apply(&spec, &[bounds]).unwrap();
        let back = apply(&with, &[Edit::Count { component: component(), units: 7 }]).unwrap();
        prop_assert!(differences(&spec, &back).is_empty());
    }

    #[test]
    fn any_text_is_edited_without_panic(spec in prop_oneof![any::<String>(), json(), specs()], (edit, back, _) in pairs()) {
        let edited = apply(&spec, &[edit.clone(), back]);
        let _ = is_reached(&spec, &[edit]);
        let _ = secrets(&spec, &[]);
        prop_assert!(differences(&spec, &spec).is_empty());
        if let Ok(edited) = edited {
            let _ = differences(&spec, &edited);
        }
    }
}
