//! A client made with the official Rust SDK. Arguments: the MCP URL, and the client's metadata document if it has one.
//! It does what the test tells it, a line of JSON each way at a time.

use std::{env, error::Error};

use rmcp::{
    RoleClient,
    model::{CallToolRequestParams, ProtocolVersion},
    service::{ClientLifecycleMode, ClientServiceExt, RunningService, ServiceError},
    transport::{
        StreamableHttpClientTransport,
        auth::{
            AuthClient, AuthorizationCallback, AuthorizationManager, AuthorizationRequest,
            OAuthState, WWWAuthenticateParams,
        },
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin, stdin};

const REDIRECT_URI: &str = "http://localhost:7777/callback";

type Outcome<T> = Result<T, Box<dyn Error>>;
type Session = RunningService<RoleClient, ()>;

/// The test, which speaks for the person too.
struct Test {
    lines: Lines<BufReader<Stdin>>,
}

impl Test {
    async fn hear(&mut self) -> Outcome<Option<Value>> {
        let line = self.lines.next_line().await?;
        Ok(line.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    fn say(&self, outcome: Outcome<Value>) {
        println!(
            "{}",
            match outcome {
                Ok(result) => json!({ "result": result }),
                Err(error) => json!({ "error": causes(error.as_ref()) }),
            }
        );
    }

    /// Has a person sign in at this address. Gives the address that their browser is sent to then.
    async fn ask_person(&mut self, url: &str) -> Outcome<String> {
        println!("{}", json!({ "authorize": url }));
        let heard = self.hear().await?.unwrap_or_default();
        Ok(heard["redirect"]
            .as_str()
            .ok_or("nobody signs in any more")?
            .to_string())
    }
}

fn causes(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", causes(source)),
        None => error.to_string(),
    }
}

struct Program {
    url: String,
    metadata_url: Option<String>,
    test: Test,
    client: AuthClient<reqwest::Client>,
}

impl Program {
    /// Connects, and has a person sign in if the server wants that.
    async fn connect(&mut self) -> Outcome<Session> {
        match self.serve().await {
            Err(error) => match error.auth_challenge() {
                Some(challenge) => self.sign_in(challenge).await?,
                None => return Err(error.into()),
            },
            Ok(session) => return Ok(session),
        }
        Ok(self.serve().await?)
    }

    async fn serve(&self) -> Result<Session, rmcp::service::ClientInitializeError> {
        let transport = StreamableHttpClientTransport::with_client(
            self.client.clone(),
            StreamableHttpClientTransportConfig::with_uri(self.url.as_str()),
        );
        let lifecycle = ClientLifecycleMode::Auto {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            legacy_version: None,
        };
        ().serve_with_lifecycle(transport, lifecycle).await
    }

    /// Gets tokens for the first time, or when those it had are of no use any more.
    async fn sign_in(&mut self, challenge: &str) -> Outcome<()> {
        let mut request = AuthorizationRequest::new(REDIRECT_URI)
            .with_client_name("Rust SDK")
            .with_challenge(challenge);
        if let Some(url) = &self.metadata_url {
            request = request.with_client_metadata_url(url);
        }
        let mut state = OAuthState::new(&self.url, None).await?;
        state.start_authorization(request).await?;
        let redirect = self
            .test
            .ask_person(&state.get_authorization_url().await?)
            .await?;
        state.handle_callback_url(&redirect).await?;
        let manager = state.into_authorization_manager().ok_or("not authorized")?;
        *self.client.auth_manager.lock().await = manager;
        Ok(())
    }

    /// Gets a token that may do more.
    async fn step_up(&mut self, scope: &str) -> Outcome<()> {
        let manager = self.client.auth_manager.clone();
        let manager = manager.lock().await;
        let url = manager.request_scope_upgrade(scope).await?;
        let redirect = self.test.ask_person(&url).await?;
        let AuthorizationCallback {
            code,
            csrf_token,
            issuer,
            ..
        } = AuthorizationCallback::from_redirect_url(&redirect)?;
        manager
            .exchange_code_for_token_with_issuer(&code, &csrf_token, issuer.as_deref())
            .await?;
        Ok(())
    }

    /// Does what was asked, after another sign-in if the server wants one first.
    async fn answer(&mut self, session: &Session, request: &Value) -> Outcome<Value> {
        match ask(session, request).await {
            Err(error) => match error.auth_challenge() {
                Some(challenge) => self.authorize(challenge).await?,
                None => return Err(error.into()),
            },
            Ok(result) => return Ok(result),
        }
        Ok(ask(session, request).await?)
    }

    async fn authorize(&mut self, challenge: &str) -> Outcome<()> {
        let params = WWWAuthenticateParams::parse(challenge, &self.url.parse()?);
        match params.scope.as_deref() {
            Some(scope) if params.is_insufficient_scope() => self.step_up(scope).await,
            _ => self.sign_in(challenge).await,
        }
    }
}

async fn ask(session: &Session, request: &Value) -> Result<Value, ServiceError> {
    if request["do"] == "list" {
        let tools = session.list_all_tools().await?;
        return Ok(tools.iter().map(|tool| tool.name.as_ref()).collect());
    }
    let name = request["tool"].as_str().unwrap_or_default().to_string();
    let arguments = request["arguments"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let params = CallToolRequestParams::new(name).with_arguments(arguments);
    let result = session.call_tool(params).await?;
    Ok(result.structured_content.unwrap_or_default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("the MCP URL is missing")?;
    let mut program = Program {
        client: AuthClient::new(
            reqwest::Client::new(),
            AuthorizationManager::new(&url).await?,
        ),
        url,
        metadata_url: arguments.next(),
        test: Test {
            lines: BufReader::new(stdin()).lines(),
        },
    };
    let session = match program.connect().await {
        Ok(session) => session,
        Err(error) => return Ok(program.test.say(Err(error))),
    };
    program.test.say(Ok(Value::Null));
    while let Some(request) = program.test.hear().await? {
        let outcome = program.answer(&session, &request).await;
        program.test.say(outcome);
    }
    Ok(())
}
