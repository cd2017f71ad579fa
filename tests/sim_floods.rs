//! Lines in great number, as clients of the simulator meet them: how many a second, each once.

use client::{Client, until};
use flightdeck::sim::SimOptions;
use futures_util::StreamExt as _;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

#[cfg(test)]
#[path = "support/client.rs"]
mod client;

/// A world in which nothing happens by itself.
#[cfg(test)]
async fn still(platform: &'static str) -> Client {
    let scheme = match platform {
        "tsuru" => "bearer",
        "divio" => "Token",
        _ => "Bearer",
    };
    let options = SimOptions {
        story: false,
        platforms: vec![platform],
        ..SimOptions::default()
    };
    Client::on(platform, scheme, options).await
}

#[cfg(test)]
async fn get(sim: &Client, path: &str) -> Value {
    let answer = sim.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// The numbers in a text, in their order.
#[cfg(test)]
fn numbers(text: &str) -> Vec<u64> {
    let parts = text.split("seq=").skip(1);
    let digits = parts.map(|part| part.get(..6).unwrap());
    digits.map(|digits| digits.parse().unwrap()).collect()
}

/// Counts from 0 to before `end`.
#[cfg(test)]
fn all(end: u64) -> Vec<u64> {
    (0..end).collect()
}

/// Reads a body until it has a text.
#[cfg(test)]
async fn up_to(log: &mut Response, wanted: &str) -> Vec<u8> {
    let mut whole = Vec::new();
    let mut from = 0;
    loop {
        let found = String::from_utf8_lossy(&whole[from..]).contains(wanted);
        if found {
            return whole;
        }
        from = whole.len().saturating_sub(wanted.len());
        let more = log.chunk();
        let more = tokio::time::timeout(client::PATIENCE, more).await;
        whole.extend(more.expect("silence").unwrap().expect("more"));
    }
}

/// Waits until all floods are over; tells how many lines there were.
#[cfg(test)]
async fn over(sim: &Client) -> u64 {
    let ask = async || sim.control(Method::GET, "/_sim/flood").await;
    let is_over = |told: &Value| {
        let floods = told["floods"].as_array().unwrap();
        floods.iter().all(|flood| flood["over"] == true)
    };
    until(ask, is_over).await["produced"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_lines_a_second_come_in_a_stream_each_once() {
    let sim = still("tsuru").await;
    let path = "/1.0/apps/lantern/log?lines=1&source=web&follow=1";
    let mut log = sim.request(Method::GET, path).send().await.unwrap();
    let order = json!({ "environment": "lantern/web", "rate": 50_000, "seconds": 1 });
    sim.command("/_sim/flood", &order).await;
    let whole = up_to(&mut log, "seq=049999").await;
    assert_eq!(numbers(&String::from_utf8(whole).unwrap()), all(50_000));
    assert_eq!(over(&sim).await, 50_000);
}

#[tokio::test]
async fn lines_are_records_with_their_time() {
    let sim = still("tsuru").await;
    let path = "/1.0/apps/lantern/log?lines=1&source=web&follow=1";
    let mut log = sim.request(Method::GET, path).send().await.unwrap();
    let order = json!({
        "environment": "lantern/web", "rate": 100, "seconds": 1, "style": "json", "length": 300,
    });
    sim.command("/_sim/flood", &order).await;
    let whole = String::from_utf8(up_to(&mut log, "seq=000099").await).unwrap();
    let arrays = whole
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let records: Vec<Value> = arrays
        .flat_map(|array: Value| array.as_array().cloned().unwrap())
        .filter(|record| record["Message"].as_str().unwrap().contains("seq="))
        .collect();
    assert_eq!(records.len(), 100);
    for record in &records {
        let message = record["Message"].as_str().unwrap();
        assert_eq!(message.len(), 300);
        let said: Value = serde_json::from_str(message).unwrap();
        let said = said["msg"].as_str().unwrap();
        let (_, micros) = said.split_once("t=").unwrap();
        let date: jiff::Timestamp = record["Date"].as_str().unwrap().parse().unwrap();
        assert_eq!(date.as_microsecond(), micros.parse::<i64>().unwrap());
        assert_eq!(record["Source"], "web");
        assert!(record["Unit"].as_str().unwrap().starts_with("lantern-web-"));
    }
}

#[tokio::test]
async fn what_exists_already_is_read_from_its_end() {
    let sim = still("tsuru").await;
    let order = json!({ "environment": "lantern/web", "backlog": 100_000 });
    sim.command("/_sim/flood", &order).await;
    let path = "/1.0/apps/lantern/log?lines=400&source=web";
    let log = sim.request(Method::GET, path).send().await.unwrap();
    let found = numbers(&log.text().await.unwrap());
    assert_eq!(
        &found[found.len() - 50..],
        (99_950..100_000).collect::<Vec<_>>()
    );
    assert_eq!(over(&sim).await, 100_000);
}

#[tokio::test]
async fn a_flood_without_end_is_stopped() {
    let sim = still("tsuru").await;
    let path = "/1.0/apps/lantern/log?lines=1&source=web&follow=1";
    let mut log = sim.request(Method::GET, path).send().await.unwrap();
    let order = json!({ "environment": "lantern/web", "rate": 2_000, "first": 500 });
    sim.command("/_sim/flood", &order).await;
    let mut whole = up_to(&mut log, "seq=000700").await;
    let told = sim.control(Method::DELETE, "/_sim/flood").await;
    assert_eq!(told["floods"][0]["over"], true);
    let produced = told["produced"].as_u64().unwrap();
    let last = format!("seq={:06}", 500 + produced - 1);
    if !String::from_utf8_lossy(&whole).contains(&last) {
        whole.extend(up_to(&mut log, &last).await);
    }
    let found = numbers(&String::from_utf8(whole).unwrap());
    assert_eq!(found, (500..500 + produced).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_thousand_lines_a_second_come_in_frames_each_once() {
    let sim = still("digitalocean").await;
    let apps = get(&sim, "/v2/apps?per_page=200").await;
    let mut apps = apps["apps"].as_array().unwrap().iter();
    let app = apps.find(|app| app["spec"]["name"] == "quotes").unwrap()["id"].clone();
    let app = app.as_str().unwrap();
    let path = format!("/v2/apps/{app}/components/web/logs?type=RUN&follow=true&tail_lines=3");
    let url = get(&sim, &path).await["live_url"]
        .as_str()
        .unwrap()
        .replacen("http", "ws", 1);
    let place = url.split('/').nth(2).unwrap().to_owned();
    let stream = TcpStream::connect(place).await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream).await.unwrap();
    let order = json!({ "environment": "quotes/web", "rate": 50_000, "seconds": 1 });
    sim.command("/_sim/flood", &order).await;
    let mut whole = String::new();
    let mut seen = 0;
    while !whole.get(seen..).unwrap().contains("seq=049999") {
        seen = whole.rfind('\n').unwrap_or(0);
        let next = tokio::time::timeout(client::PATIENCE, socket.next());
        if let Message::Text(frame) = next.await.expect("silence").unwrap().unwrap() {
            let frame: Value = serde_json::from_str(&frame).unwrap();
            whole.push_str(frame["data"].as_str().unwrap());
        }
    }
    assert_eq!(numbers(&whole), all(50_000));
    let lines = whole.lines().filter(|line| line.contains("seq="));
    assert!(lines.into_iter().all(|line| line.starts_with("web 2")));
}

#[tokio::test]
async fn a_log_that_is_asked_for_has_each_line_once() {
    let sim = still("divio").await;
    let order = json!({
        "environment": "docs/test", "rate": 2_000, "seconds": 1, "backlog": 500, "style": "coloured",
    });
    let apps = get(&sim, "/apps/v3/environments/?limit=100").await;
    let mut environments = apps["results"].as_array().unwrap().iter();
    let docs = environments.find(|it| it["slug"] == "test").unwrap();
    let id = docs["uuid"].as_str().unwrap();
    let order = {
        let mut order = order;
        order["environment"] = json!(id);
        order
    };
    sim.command("/_sim/flood", &order).await;
    let first = get(
        &sim,
        &format!("/apps/v3/environments/{id}/logs/?limit=1000"),
    )
    .await;
    let mut found = String::new();
    let mut page = first;
    while !found.contains("seq=002499") {
        for line in page["results"].as_array().unwrap() {
            found.push_str(line["message"].as_str().unwrap());
        }
        let next = page["next"].as_str().unwrap().to_owned();
        page = get(&sim, &next).await;
    }
    assert_eq!(numbers(&found), all(2_500));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_sent_where_bytes_are() {
    let sim = still("tsuru").await;
    let path = "/1.0/apps/lantern/log?lines=1&source=web&follow=1";
    let mut log = sim.request(Method::GET, path).send().await.unwrap();
    // `a`, a byte that begins nothing, `z`; then a line that ends the test.
    let order = json!({ "environment": "lantern/web", "raw": ["Yf96"], "lines": ["the end"] });
    sim.command("/_sim/log", &order).await;
    let mut whole = up_to(&mut log, "the end").await;
    if !whole.contains(&0xff) {
        whole.extend(up_to(&mut log, "z").await);
    }
    assert!(whole.windows(3).any(|bytes| bytes == b"a\xffz"));
}

#[tokio::test]
async fn what_has_no_log_cannot_be_flooded() {
    let sim = still("pangea").await;
    let order = json!({ "environment": "anything", "rate": 5 }).to_string();
    let url = format!("{}/_sim/flood", sim.simulator.control_url());
    let answer = sim.http.post(url).body(order).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(over(&sim).await, 0);
}
