//! Factories: each deploys minimal clones and names the new address in `CloneDeployed`.

use alloy::sol;

sol! {
    #[sol(rpc)]
    interface IFactory {
        event CloneDeployed(address indexed clone);
        function IMPLEMENTATION() view returns (address);
    }

    /// Every policy factory, whatever the policy.
    #[sol(rpc)]
    interface IPolicyFactory {
        function deploy(address _checkerAddress) returns (address clone);
    }

    #[sol(rpc)]
    interface IConstantInitialVoiceCreditProxyFactory {
        function deploy(uint256 balance) returns (address clone);
    }

    #[sol(rpc)]
    interface IERC20VotesInitialVoiceCreditProxyFactory {
        function deploy(uint256 snapshotBlock, address token, uint256 factor) returns (address clone);
    }
}
