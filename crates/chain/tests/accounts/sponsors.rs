//! A sponsor's desk: pays by a contract that pays for everything, and speaks both ways of being asked.

use maci_chain::account::Sponsor;
use maci_chain::rpc::Rpc;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::stage::{CHAIN, Stage};

pub(crate) struct Desk {
    url: String,
}

impl Desk {
    pub(crate) async fn open(stage: &Stage) -> Self {
        let paymaster = stage.contracts.sponsor(&stage.anvil).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let paymaster = paymaster.clone();
                tokio::spawn(async move { serve(visitor, &paymaster).await });
            }
        });
        Self { url }
    }

    pub(crate) async fn erc7677(&self) -> Sponsor {
        let context = json!({ "policy": "tests" });
        Sponsor::Erc7677 {
            rpc: self.connect().await,
            context,
        }
    }

    pub(crate) async fn zero_dev(&self) -> Sponsor {
        Sponsor::ZeroDev(self.connect().await)
    }

    async fn connect(&self) -> Rpc {
        let endpoint = self.url.parse().unwrap();
        Rpc::connect(vec![endpoint], Some(CHAIN), Default::default())
            .await
            .unwrap()
    }
}

async fn serve(mut visitor: TcpStream, paymaster: &str) {
    let mut heard: Vec<u8> = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let Ok(read) = visitor.read(&mut piece).await else {
            return;
        };
        heard.extend_from_slice(&piece[..read]);
        if read == 0 {
            return;
        }
        let text = String::from_utf8_lossy(&heard).into_owned();
        let Some((_, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let Ok(request) = serde_json::from_str::<Value>(body) else {
            continue;
        };
        let answer =
            json!({ "jsonrpc": "2.0", "id": request["id"], "result": answer(&request, paymaster) }).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            answer.len()
        );
        let _ = visitor.write_all(format!("{head}{answer}").as_bytes()).await;
        return;
    }
}

fn answer(request: &Value, paymaster: &str) -> Value {
    let pays = json!({
        "paymaster": paymaster, "paymasterData": "0x",
        "paymasterVerificationGasLimit": "0x186a0", "paymasterPostOpGasLimit": "0x1",
    });
    let with_gas = |limits: Value| {
        let mut all = pays.clone();
        let fields = all.as_object_mut().unwrap();
        fields.extend(limits.as_object().unwrap().clone());
        all
    };
    match request["method"].as_str().unwrap() {
        "eth_chainId" => json!(format!("{:#x}", CHAIN.0)),
        "pm_getPaymasterStubData" => {
            assert_eq!(request["params"][3]["policy"], "tests");
            pays
        }
        "pm_getPaymasterData" => {
            // by now the operation has its gas
            assert_ne!(request["params"][0]["callGasLimit"], "0x0");
            pays
        }
        "zd_sponsorUserOperation" => {
            assert_eq!(request["params"][0]["chainId"], CHAIN.0);
            with_gas(json!({
                "callGasLimit": "0xf4240", "verificationGasLimit": "0x2dc6c0", "preVerificationGas": "0x30d40",
            }))
        }
        other => panic!("not asked for: {other}"),
    }
}
