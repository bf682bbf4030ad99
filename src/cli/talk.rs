//! Commands that talk to a running desk over HTTP.

use super::process::{client, key_file, load};
use super::{ConfigArgs, say};
use crate::app::source_config::SourceKind;
use crate::clock::{SystemClock, SystemIds};
use crate::config::Config;
use crate::net::{self, Request};
use crate::sources;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::io::Read;
use std::path::PathBuf;
use url::Url;

#[derive(Debug, clap::Args)]
pub(super) struct SendArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The document; `-` reads standard input.
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// The webhook source as which it is signed; the only one if not given.
    #[arg(long)]
    source: Option<String>,
    /// Another desk than the configured one: its address without `/hooks/…`.
    #[arg(long, value_name = "URL")]
    to: Option<Url>,
}

#[derive(Debug, clap::Args)]
pub(super) struct LoginArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The member, by id or name.
    member: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct TokenArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// What the token is called in lists.
    label: String,
    /// The member it speaks for; without one it is a script of its own.
    #[arg(long)]
    member: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct FeedLinkArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// The member, by id or name.
    member: String,
    /// Ends every address made for the member so far.
    #[arg(long)]
    stop: bool,
}

/// Posts a document, signed.
pub(super) async fn send(args: &SendArgs) -> anyhow::Result<()> {
    let config = load(&args.config)?;
    let hooks = config
        .sources
        .sources
        .values()
        .filter_map(|source| match &source.kind {
            SourceKind::Webhook { auth, .. } => Some((source, auth)),
            SourceKind::Poll(_) | SourceKind::Portal | SourceKind::Mail(_) => None,
        });
    let mut hooks: Vec<_> = hooks
        .filter(|(source, _)| {
            args.source
                .as_deref()
                .is_none_or(|wanted| source.id.as_str() == wanted)
        })
        .collect();
    let Some((source, auth)) = hooks.pop() else {
        match &args.source {
            Some(wanted) => bail!("there is no webhook source \"{wanted}\" in the configuration"),
            None => bail!("the configuration has no webhook source"),
        }
    };
    if !hooks.is_empty() {
        bail!("there are several webhook sources: name one with --source");
    }
    let document = if args.file.as_os_str() == "-" {
        let mut document = Vec::new();
        std::io::stdin()
            .read_to_end(&mut document)
            .context("standard input cannot be read")?;
        document
    } else {
        std::fs::read(&args.file)
            .with_context(|| format!("{} cannot be read", args.file.display()))?
    };
    let secret = source
        .verifying()
        .first()
        .with_context(|| format!("source \"{}\" has no secret", source.id))?;
    let base = args.to.clone().unwrap_or(base(&config)?);
    let url = base
        .join(&format!("hooks/{}", source.id))
        .context("the address of the desk")?;
    let client = local_client(&config, &url)?;
    let id = SystemIds.id();
    let sent = sources::send(&client, url, auth, secret, document, &id, SystemClock.now()).await?;
    say(&serde_json::to_string_pretty(&sent.answer)?);
    Ok(())
}

/// Asks the running desk for a sign-in link.
pub(super) async fn login(args: &LoginArgs) -> anyhow::Result<()> {
    let answer = ask(
        &args.config,
        "api/v1/login",
        &json!({ "member": args.member }),
    )
    .await?;
    let url = answer["url"]
        .as_str()
        .context("the desk answered without a link")?;
    say(url);
    Ok(())
}

/// Asks the running desk for a bearer token.
pub(super) async fn token(args: &TokenArgs) -> anyhow::Result<()> {
    let mut wish = json!({ "label": args.label });
    if let Some(member) = &args.member {
        wish["member"] = json!(member);
    }
    let answer = ask(&args.config, "api/v1/tokens", &wish).await?;
    let token = answer["token"]
        .as_str()
        .context("the desk answered without a token")?;
    say(token);
    Ok(())
}

/// Asks the running desk for the addresses of calendar feeds, or that it ends those of a member.
pub(super) async fn feed_link(args: &FeedLinkArgs) -> anyhow::Result<()> {
    let wish = json!({ "member": args.member, "stop": args.stop });
    let answer = ask(&args.config, "api/v1/feeds", &wish).await?;
    if args.stop {
        say(&format!("{} addresses ended", answer["stopped"]));
        return Ok(());
    }
    let urls = answer["urls"]
        .as_array()
        .context("the desk answered without addresses")?;
    for url in urls.iter().filter_map(Value::as_str) {
        say(url);
    }
    Ok(())
}

/// One request to the running desk, with the local key; what is not done is an error.
pub(super) async fn ask(args: &ConfigArgs, path: &str, wish: &Value) -> anyhow::Result<Value> {
    let post = |url| Request::post_json(url, wish);
    let Asked { status, body } = request(args, path, post).await?;
    if !status.is_success() {
        let why = body["detail"]
            .as_str()
            .or(body["title"].as_str())
            .unwrap_or("no reason given");
        bail!("the desk answered {}: {why}", status.as_u16());
    }
    Ok(body)
}

/// What the running desk answered.
pub(super) struct Asked {
    pub status: net::StatusCode,
    pub body: Value,
}

/// A request to the running desk, with the local key.
pub(super) async fn request(
    args: &ConfigArgs,
    path: &str,
    made: impl FnOnce(Url) -> Request,
) -> anyhow::Result<Asked> {
    let config = load(args)?;
    let file = key_file(&config);
    let key = std::fs::read_to_string(&file).with_context(|| {
        format!(
            "{} cannot be read: is the desk running on this machine, under this user?",
            file.display()
        )
    })?;
    let url = base(&config)?
        .join(path)
        .context("the address of the desk")?;
    let client = local_client(&config, &url)?;
    let request = made(url).header("authorization", format!("Bearer {}", key.trim()));
    let answer = client
        .send(request)
        .await
        .context("the desk does not answer: is it running?")?;
    Ok(Asked {
        status: answer.status,
        body: answer.json().unwrap_or_default(),
    })
}

/// Where the configured desk listens, as seen from this machine.
fn base(config: &Config) -> anyhow::Result<Url> {
    let mut address = config.server.bind;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{address}/")
        .parse()
        .context("[server] bind")
}

/// A client that may reach this machine, or whatever address was named on the command line.
fn local_client(config: &Config, url: &Url) -> anyhow::Result<net::Client> {
    let is_here = url.host_str().is_some_and(|host| {
        host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse()
                .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    });
    if !is_here {
        return client(config);
    }
    let settings = net::Settings {
        allow_private: vec![
            "127.0.0.0/8".parse().context("the loopback range")?,
            "::1/128".parse().context("the loopback range")?,
        ],
        ..net::Settings::default()
    };
    net::Client::new(&settings).context("no outgoing HTTP client can be made")
}
