//! Policies and voice-credit proxies: who may pass, and with how many credits.

use alloy::sol;

sol! {
    #[sol(rpc)]
    interface IPolicy {
        event TargetSet(address indexed guarded);
        function setTarget(address _guarded);
        function guarded() view returns (address);
        function owner() view returns (address);
        function trait() pure returns (string);
    }

    #[sol(rpc)]
    interface IInitialVoiceCreditProxy {
        function getVoiceCredits(address, bytes) view returns (uint256);
    }
}
