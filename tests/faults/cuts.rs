//! The simulator cuts where it says it does.

use serde_json::json;

use crate::divio::GROUND;
use crate::world::World;

/// What comes back, and how often it was carried out.
async fn cut(at: &str) -> (String, u64) {
    let (world, ready) = World::of(&GROUND, &GROUND.cases[0]).await;
    let fault = json!({"operation": "CreateDeployment", "cut": at});
    world.fault(&fault).await;
    let order = json!({"environment": ready.environment});
    let answer = world.raw_answer(&order).await;
    (answer, world.acted("CreateDeployment").await)
}

#[tokio::test]
async fn a_cut_is_where_it_is_asked_for() {
    for at in ["before", "in_body", "after_body"] {
        assert_eq!(cut(at).await, (String::new(), 0), "{at}");
    }
    assert_eq!(cut("during").await, (String::new(), 1));
    let first_line = "HTTP/1.1 201 Created\r\n";
    assert_eq!(cut("after_status_line").await, (first_line.to_owned(), 1));

    let (part, acted) = cut("in_headers").await;
    assert_eq!(acted, 1);
    assert!(part.starts_with(first_line), "{part}");
    assert!(
        part.len() > first_line.len() && !part.contains("\r\n\r\n"),
        "{part}"
    );

    let (part, acted) = cut("after_headers").await;
    let (_, body) = part.split_once("\r\n\r\n").expect("all headers came");
    assert_eq!(acted, 1);
    assert!(body.starts_with('{') && !body.ends_with('}'), "{body}");
}
