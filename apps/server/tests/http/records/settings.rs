use super::Seat;
use crate::evening::Evening;
use gamification_core::campaign::VttAwayPolicy;

#[tokio::test]
async fn settings_are_saved_all_together_or_not_at_all() {
    let evening = Evening::new().await;
    let gm = Seat::gm(&evening).await;
    let campaign = async || evening.world.queries().campaign(evening.campaign.id).await.unwrap();
    let wish = |name, veto| {
        [
            ("name", name),
            ("gameSystem", "pf2e"),
            ("vttAway", "accept"),
            ("hiddenRollsCount", "on"),
            ("policies.vetoSeconds", veto),
        ]
    };
    for (name, veto) in [("ab", "10"), ("The <Keep>", "601"), ("The <Keep>", "soon")] {
        let refused = gm.post("settings", &wish(name, veto)).await;
        assert!(refused.status.is_client_error(), "{name} {veto}: {}", refused.text);
        let kept = name.replace('<', "&#60;").replace('>', "&#62;");
        assert!(refused.text.contains(&format!("value=\"{kept}\"")), "{}", refused.text);
        assert!(refused.text.contains("aria-invalid=\"true\""), "{}", refused.text);
        assert_eq!(campaign().await.unwrap(), evening.campaign, "nothing was changed");
    }
    let saved = gm.post("settings", &wish("The <Keep>", "15")).await;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.text);
    let changed = campaign().await.unwrap();
    assert_eq!(
        (changed.name.as_str(), changed.game_system.as_deref()),
        ("The <Keep>", Some("pf2e"))
    );
    assert_eq!(changed.policies.vtt_away, VttAwayPolicy::Accept);
    assert_eq!((changed.policies.hidden_rolls_count, changed.policies.veto_seconds), (true, 15));
}

#[tokio::test]
async fn a_campaign_is_deleted_only_with_its_name() {
    let evening = Evening::new().await;
    let gm = Seat::gm(&evening).await;
    let is_deleting = async || {
        let campaign = evening.world.queries().campaign(evening.campaign.id).await.unwrap();
        campaign.unwrap().is_deleting
    };
    for typed in ["", "campaign 1", "another"] {
        let refused = gm.post("settings/delete", &[("confirmation", typed)]).await;
        assert_eq!(refused.status.as_u16(), 400, "{}", refused.text);
        assert!(refused.text.contains("<details class=\"card narrow\" open>"), "{}", refused.text);
        assert!(!is_deleting().await);
    }
    let name = evening.campaign.name.as_str();
    let taken = gm.post("settings/delete", &[("confirmation", name)]).await;
    assert_eq!(taken.status.as_u16(), 303, "{}", taken.text);
    assert!(is_deleting().await);
    assert!(gm.page("settings").await.contains("This campaign is being deleted."));
}
