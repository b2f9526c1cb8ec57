//! The pages on which a person of the sandbox says who they are, and yes or no.

use poem::Response;
use poem::http::{StatusCode, header};

use crate::store::entities::user;

/// The most users in a list; who is not there types the login.
const MAX_LISTED: usize = 100;

/// `text` as the text or an attribute of a page.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A whole page around this HTML; it runs no scripts and is shown in no frame.
pub(super) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} (sandbox)</title><style>\
         body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 2rem auto; \
         padding: 0 1rem }} button, select, input {{ font: inherit; padding: .3rem .8rem }}\
         </style></head><body><h1>{title}</h1>\
         <p><strong>This is not Twitch</strong>, but a sandbox with invented people.</p>\
         {body}</body></html>\n"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::CACHE_CONTROL, "no-store")
        .body(html)
}

/// The fields of a form that a person does not see.
pub(super) fn hidden(fields: &[(&str, &str)]) -> String {
    let field = |(name, value): &(&str, &str)| {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
    };
    fields.iter().map(field).collect()
}

/// Who is it, and what do they say? Streamers come first. The form sends `login`, `other_login`
/// and `decision`, which is `authorize` or `deny`.
pub(super) fn decision(everybody: &[user::Model]) -> String {
    let (streamers, viewers): (Vec<_>, Vec<_>) =
        everybody.iter().partition(|user| !user.broadcaster_type.is_empty());
    let option = |user: &&user::Model| {
        let (login, name) = (escaped(&user.login), escaped(&user.display_name));
        format!("<option value=\"{login}\">{name} ({login})</option>")
    };
    let options: String = streamers.iter().chain(&viewers).take(MAX_LISTED).map(option).collect();
    format!(
        "<p><label>I am <select name=\"login\">{options}</select></label> \
         <label>or somebody else: <input name=\"other_login\" size=\"12\"></label></p>\
         <p><button name=\"decision\" value=\"authorize\">Authorize</button> \
         <button name=\"decision\" value=\"deny\">Deny</button></p>"
    )
}

/// What a client asks for, as a list.
pub(super) fn scope_items(scopes: &str) -> String {
    if scopes.is_empty() {
        return "<p>It asks for nothing but who you are.</p>".to_owned();
    }
    let items: String = scopes
        .split(' ')
        .map(|scope| format!("<li><code>{}</code></li>", escaped(scope)))
        .collect();
    format!("<p>It asks for:</p><ul>{items}</ul>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_caller_becomes_markup() {
        assert_eq!(escaped("<a b='c' d=\"e\">&"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
        let field = hidden(&[("state", "\"><script>")]);
        assert_eq!(
            field,
            "<input type=\"hidden\" name=\"state\" value=\"&quot;&gt;&lt;script&gt;\">"
        );
    }
}
