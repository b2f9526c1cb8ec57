//! Where logins are asked for. Twitch, our sandbox and Twitch's own mock differ in nothing else.

use reqwest::Url;

/// How parameters are sent to the token service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameters {
    /// As a form in the body, out of every log.
    InForm,
    /// In the address: Twitch's mock reads nothing else.
    InQuery,
}

/// The addresses of a token service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// Where tokens are given out.
    pub(crate) token: Url,
    /// The page on which a person says yes.
    pub(crate) authorize: Url,
    /// Where a device without a browser begins.
    pub(crate) device: Url,
    /// Tells whether a token is good.
    pub(crate) validate: Url,
    /// Stands for a person who says yes; Twitch has no such thing.
    pub(crate) without_people: Url,
    /// How to ask there.
    pub(crate) parameters: Parameters,
}

impl Addresses {
    /// Of a root as Twitch has it, `https://id.twitch.tv`, with or without `/oauth2` at its end; or
    /// of a mock's `…/auth`.
    pub(crate) fn of(root: &Url) -> Self {
        let path = root.path().trim_end_matches('/');
        let at = |path: String| {
            let mut url = root.clone();
            url.set_path(&path);
            url
        };
        let is_mock = path.ends_with("/auth");
        let base = path.strip_suffix("/oauth2").unwrap_or(path);
        let service = if is_mock { path.to_owned() } else { format!("{base}/oauth2") };
        let people = if is_mock { path.to_owned() } else { format!("{base}/auth") };
        Self {
            token: at(format!("{service}/token")),
            authorize: at(format!("{service}/authorize")),
            device: at(format!("{service}/device")),
            validate: at(format!("{service}/validate")),
            without_people: at(format!("{people}/authorize")),
            parameters: if is_mock { Parameters::InQuery } else { Parameters::InForm },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_root_leads_to_its_addresses() {
        use Parameters::{InForm, InQuery};
        let twitch = "https://id.twitch.tv/oauth2";
        let sandbox = "http://127.0.0.1:4000/oauth2";
        let mock = "http://localhost:8080/auth";
        let below = "http://proxy.example/twitch/oauth2";
        for (root, service, people, parameters) in [
            ("https://id.twitch.tv", twitch, "https://id.twitch.tv/auth", InForm),
            ("https://id.twitch.tv/", twitch, "https://id.twitch.tv/auth", InForm),
            ("https://id.twitch.tv/oauth2", twitch, "https://id.twitch.tv/auth", InForm),
            ("https://id.twitch.tv/oauth2/", twitch, "https://id.twitch.tv/auth", InForm),
            ("http://127.0.0.1:4000", sandbox, "http://127.0.0.1:4000/auth", InForm),
            ("http://localhost:8080/auth", mock, mock, InQuery),
            ("http://localhost:8080/auth/", mock, mock, InQuery),
            ("http://proxy.example/twitch", below, "http://proxy.example/twitch/auth", InForm),
        ] {
            let found = Addresses::of(&Url::parse(root).unwrap());
            let shown = [&found.token, &found.authorize, &found.device, &found.validate];
            let expected = ["token", "authorize", "device", "validate"];
            assert_eq!(shown.map(Url::as_str), expected.map(|it| format!("{service}/{it}")));
            assert_eq!(found.without_people.as_str(), format!("{people}/authorize"), "{root}");
            assert_eq!(found.parameters, parameters, "{root}");
        }
    }
}
