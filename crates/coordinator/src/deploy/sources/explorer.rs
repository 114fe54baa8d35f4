use std::time::Duration;

use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Submission;

/// How long one request may take.
const REQUEST: Duration = Duration::from_secs(60);
/// How often an explorer is asked whether it is done.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How often it is asked at most: ten minutes.
const ASK_AT_MOST: u32 = 300;

/// An explorer that verifies sources.
#[derive(Debug, Clone)]
pub enum Explorer {
    /// One with Sourcify's API, version 2.
    Sourcify {
        /// Where its server is, such as `https://sourcify.dev/server`.
        url: Url,
    },
    /// One with Etherscan's API, version 2.
    Etherscan {
        /// Where its API is, such as `https://api.etherscan.io/v2/api`.
        url: Url,
        /// The operator's key there.
        key: SecretString,
    },
}

/// What an explorer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The source compiles to the contract's very code, the metadata's hash too.
    Exact,
    /// The source compiles to the contract; of the metadata nothing is said, or it is another.
    Verified,
    /// It knew that already.
    Already,
    /// It does not, or the explorer refuses for another reason.
    Refused(String),
}

impl Verdict {
    /// Whether the explorer shows the source.
    #[must_use]
    pub fn is_good(&self) -> bool {
        match self {
            Self::Exact | Self::Verified | Self::Already => true,
            Self::Refused(_) => false,
        }
    }
}

/// An explorer that gives no verdict.
#[derive(Debug, thiserror::Error)]
pub enum ExplorerError {
    /// It does not answer.
    #[error("the explorer cannot be asked: {0}")]
    Unreachable(String),
    /// It answers something else.
    #[error("the explorer's answer makes no sense: {0}")]
    Nonsense(String),
    /// It has not come to an end.
    #[error("the explorer has not verified {0} within ten minutes; ask again later")]
    Slow(String),
}

impl Explorer {
    /// Hands a contract's source in, and waits for the verdict.
    ///
    /// # Errors
    /// When there is no verdict; a refusal is one.
    pub async fn verify(&self, submission: &Submission) -> Result<Verdict, ExplorerError> {
        let client = Client::builder().timeout(REQUEST).build().map_err(unreachable)?;
        match self {
            Self::Sourcify { url } => sourcify(&client, url, submission).await,
            Self::Etherscan { url, key } => etherscan(&client, url, key, submission).await,
        }
    }
}

async fn sourcify(client: &Client, url: &Url, submission: &Submission) -> Result<Verdict, ExplorerError> {
    let Submission { chain, at, .. } = submission;
    let base = url.as_str().trim_end_matches('/');
    // libraries in the settings would be part of the metadata, which the build has without them; Sourcify reads them out
    // of the code
    let mut body = json!({
        "stdJsonInput": submission.input,
        "compilerVersion": submission.compiler,
        "contractIdentifier": submission.id,
    });
    if let (Some(made), Some(fields)) = (submission.transaction, body.as_object_mut()) {
        fields.insert("creationTransactionHash".to_owned(), json!(made));
    }
    let request = client.post(format!("{base}/v2/verify/{chain}/{at}")).json(&body);
    let (status, answer) = told(request).await?;
    if status == 409 {
        return Ok(Verdict::Already);
    }
    let Some(job) = answer.get("verificationId").and_then(Value::as_str) else {
        return Ok(Verdict::Refused(message(&answer)));
    };
    for _ in 0..ASK_AT_MOST {
        let (_, answer) = told(client.get(format!("{base}/v2/verify/{job}"))).await?;
        if answer.get("isJobCompleted") == Some(&Value::Bool(true)) {
            let matched = answer.get("contract").and_then(|contract| contract.get("match"));
            return Ok(match (matched.and_then(Value::as_str), answer.get("error")) {
                (Some("exact_match"), None | Some(Value::Null)) => Verdict::Exact,
                (Some(_), None | Some(Value::Null)) => Verdict::Verified,
                (_, Some(error)) => Verdict::Refused(message(error)),
                (None, None) => Verdict::Refused("the code does not match".to_owned()),
            });
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
    Err(ExplorerError::Slow(submission.id.clone()))
}

async fn etherscan(
    client: &Client,
    url: &Url,
    key: &SecretString,
    submission: &Submission,
) -> Result<Verdict, ExplorerError> {
    let mut url = url.clone();
    url.query_pairs_mut()
        .append_pair("chainid", &submission.chain.to_string());
    let arguments = submission.arguments.as_deref().map(hex::encode).unwrap_or_default();
    // it links by the settings and leaves the hashes of metadata out when it compares
    let mut input = submission.input.clone();
    if let Some(settings) = input.get_mut("settings").and_then(Value::as_object_mut) {
        settings.insert("libraries".to_owned(), submission.libraries.clone());
    }
    let form = [
        ("apikey", key.expose_secret().to_owned()),
        ("module", "contract".to_owned()),
        ("action", "verifysourcecode".to_owned()),
        ("contractaddress", submission.at.to_string()),
        ("sourceCode", input.to_string()),
        ("codeformat", "solidity-standard-json-input".to_owned()),
        ("contractname", submission.id.clone()),
        ("compilerversion", format!("v{}", submission.compiler)),
        // spelled so by Etherscan
        ("constructorArguements", arguments),
    ];
    let (_, answer) = told(client.post(url.clone()).form(&form)).await?;
    let result = result(&answer)?;
    if is_known(&result) {
        return Ok(Verdict::Already);
    }
    if answer.get("status").and_then(Value::as_str) != Some("1") {
        return Ok(Verdict::Refused(result));
    }
    for _ in 0..ASK_AT_MOST {
        let asked = [
            ("apikey", key.expose_secret()),
            ("module", "contract"),
            ("action", "checkverifystatus"),
            ("guid", &result),
        ];
        let (_, answer) = told(client.get(url.clone()).query(&asked)).await?;
        let verdict = self::result(&answer)?;
        if verdict.to_lowercase().contains("pending") {
            tokio::time::sleep(ASK_EVERY).await;
            continue;
        }
        return Ok(match verdict.as_str() {
            known if is_known(known) => Verdict::Already,
            pass if pass.starts_with("Pass") => Verdict::Verified,
            fail => Verdict::Refused(fail.chars().take(300).collect()),
        });
    }
    Err(ExplorerError::Slow(submission.id.clone()))
}

fn is_known(result: &str) -> bool {
    result.to_lowercase().contains("already verified")
}

fn result(answer: &Value) -> Result<String, ExplorerError> {
    let result = answer.get("result").and_then(Value::as_str);
    result
        .map(str::to_owned)
        .ok_or_else(|| ExplorerError::Nonsense(message(answer)))
}

/// An explorer's words, short.
fn message(answer: &Value) -> String {
    let words = answer.get("message").and_then(Value::as_str).map(str::to_owned);
    let words = words.unwrap_or_else(|| answer.to_string());
    words.chars().take(300).collect()
}

async fn told(request: reqwest::RequestBuilder) -> Result<(u16, Value), ExplorerError> {
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let text = response.text().await.map_err(unreachable)?;
    let answer = serde_json::from_str(&text);
    answer.map(|answer| (status, answer)).map_err(|_| {
        ExplorerError::Nonsense(format!(
            "status {status}: {}",
            text.chars().take(200).collect::<String>()
        ))
    })
}

/// The address has a key in its query, so it is left out.
fn unreachable(error: reqwest::Error) -> ExplorerError {
    ExplorerError::Unreachable(error.without_url().to_string())
}
