use crate::lobby::Lobby;
use gamification_testkit::fixtures;
use serde_json::json;

/// The address of a new overlay of the first streamer.
async fn overlay(lobby: &Lobby) -> String {
    let wish = json!({ "campaignId": lobby.campaign, "streamerId": fixtures::streamer(1).id });
    let made = lobby.world.post("/api/v1/overlays", &lobby.streamers[0], wish).await;
    format!("/overlay/{}", made.body["token"].as_str().unwrap())
}

#[tokio::test]
async fn an_overlay_speaks_and_looks_as_its_address_asks() {
    let lobby = Lobby::open().await;
    let address = overlay(&lobby).await;
    for (query, language, theme) in [
        ("", "en", "ember"),
        ("?lang=fr&theme=parchment", "fr", "parchment"),
        ("?lang=xx&theme=../../secret", "en", "ember"),
        ("?lang=&theme=", "en", "ember"),
    ] {
        let page = lobby.world.get(&format!("{address}{query}"), "").await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains(&format!("<html lang=\"{language}\">")), "{}", page.text);
        let style = format!("/assets/overlay/themes/{theme}.css?v=");
        assert!(page.text.contains(&style), "{}", page.text);
    }
}

#[tokio::test]
async fn an_overlay_is_neither_kept_nor_told_and_loads_nothing_from_elsewhere() {
    let lobby = Lobby::open().await;
    let page = lobby.world.get(&overlay(&lobby).await, "").await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!page.text.contains("http"), "{}", page.text);
}

#[tokio::test]
async fn an_address_that_does_not_work_says_so_and_nothing_else() {
    let lobby = Lobby::open().await;
    let address = overlay(&lobby).await;
    let token = address.strip_prefix("/overlay/").unwrap();
    let overlays = lobby.world.get("/overlay/ov_guessed?lang=fr", "").await;
    assert_eq!(overlays.status, 404);
    assert!(overlays.text.contains("Cette adresse d’overlay ne fonctionne pas"));
    assert!(!overlays.text.contains("ov_guessed"));
    let hash = gamification_server::auth::sha256_hex(token.as_bytes());
    let known = lobby.world.queries().overlay_by_hash(&hash).await.unwrap().unwrap();
    let path = format!("/api/v1/overlays/{}", known.id);
    assert_eq!(lobby.world.delete(&path, &lobby.streamers[0]).await.status, 204);
    let gone = lobby.world.get(&address, "").await;
    assert_eq!(gone.status, 404);
    assert_eq!(gone.header("cache-control"), Some("no-store"));
    assert!(!gone.text.contains(token));
}

#[tokio::test]
async fn a_file_is_sent_packed_to_who_can_read_that() {
    let lobby = Lobby::open().await;
    let plain = lobby.world.get("/assets/overlay/state.js", "").await;
    assert_eq!(plain.header("content-encoding"), None);
    assert!(plain.text.contains("export function reduce"));
    let path = "/assets/overlay/state.js".parse().unwrap();
    let request = poem::Request::builder().uri(path).header("accept-encoding", "br, gzip");
    let mut packed = lobby.world.open(request.finish()).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    let bytes = packed.take_body().into_bytes().await.unwrap();
    assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() < plain.text.len() / 2);
}
