use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256, keccak256};
use alloy::sol_types::SolCall;

use super::bindings::{IKernel, IKernelFactory, IMetaFactory};
use super::known::{ECDSA_VALIDATOR, KERNEL_FACTORY, META_FACTORY, PROXY_INIT_CODE_HASH};

/// How an account comes to be, from which its address follows before it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Birth {
    /// Who may do everything: the key whose signature the root validator takes.
    pub owner: Address,
    /// Which of the owner's accounts.
    pub index: U256,
    /// Whether the staked factory calls Kernel's.
    pub through_meta_factory: bool,
    /// The call that initialises it.
    init: Bytes,
}

/// Init code from which no Kernel v3.1 account of a single owner follows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBirth {
    /// There is none, as for an account that is delegated to by EIP-7702.
    #[error("it is empty: accounts of EIP-7702 are not supported, only those that Kernel v3.1's factory makes")]
    Empty,
    /// It calls no factory that is known.
    #[error("it is neither a call of `deployWithFactory` nor of `createAccount`")]
    NoFactoryCall,
    /// It calls another factory.
    #[error("it makes the account with {0}, which is not the factory of Kernel v3.1")]
    OtherFactory(Address),
    /// The account would not be initialised.
    #[error("it does not call `initialize` of Kernel v3.1")]
    NotInitialised,
    /// Something else than an owner's key has all rights.
    #[error("the account's root validator is {0}, not the one of a single owner's key")]
    OtherRoot(FixedBytes<21>),
    /// A hook would be asked about everything.
    #[error("the account has a hook, {0}, which is not supported")]
    Hook(Address),
    /// The owner is not an address.
    #[error("the owner is {0} bytes long; an address has 20")]
    Owner(usize),
    /// It is not written as encoders write it.
    #[error("it is not in canonical form")]
    NotCanonical,
}

impl Birth {
    /// An owner's account of this index, made through the staked factory.
    pub fn of(owner: Address, index: U256) -> Self {
        let init = IKernel::initializeCall {
            rootValidator: root(),
            hook: Address::ZERO,
            validatorData: Bytes::copy_from_slice(&owner[..]),
            hookData: Bytes::new(),
            initConfig: Vec::new(),
        };
        Self {
            owner,
            index,
            through_meta_factory: true,
            init: init.abi_encode().into(),
        }
    }

    /// Reads a factory's call.
    ///
    /// # Errors
    /// [`NoBirth`]: what it is instead.
    pub fn decode(init_code: &[u8]) -> Result<Self, NoBirth> {
        if init_code.is_empty() {
            return Err(NoBirth::Empty);
        }
        let (through_meta_factory, init, salt) =
            if let Ok(call) = IMetaFactory::deployWithFactoryCall::abi_decode(init_code) {
                if call.factory != KERNEL_FACTORY {
                    return Err(NoBirth::OtherFactory(call.factory));
                }
                (true, call.createData, call.salt)
            } else if let Ok(call) = IKernelFactory::createAccountCall::abi_decode(init_code) {
                (false, call.data, call.salt)
            } else {
                return Err(NoBirth::NoFactoryCall);
            };
        let call = IKernel::initializeCall::abi_decode(&init).map_err(|_| NoBirth::NotInitialised)?;
        if call.rootValidator != root() {
            return Err(NoBirth::OtherRoot(call.rootValidator));
        }
        if !call.hook.is_zero() {
            return Err(NoBirth::Hook(call.hook));
        }
        let owner = Address::try_from(&call.validatorData[..]).map_err(|_| NoBirth::Owner(call.validatorData.len()))?;
        let birth = Self {
            owner,
            index: salt.into(),
            through_meta_factory,
            init: init.clone(),
        };
        // what is sent has to be what was read: nothing may hide between the fields
        if call.abi_encode()[..] == init[..] && birth.factory_data()[..] == *init_code {
            Ok(birth)
        } else {
            Err(NoBirth::NotCanonical)
        }
    }

    /// Where the account is, or will be.
    pub fn address(&self) -> Address {
        KERNEL_FACTORY.create2(self.salt(), PROXY_INIT_CODE_HASH)
    }

    /// Who is called to make it.
    pub fn factory(&self) -> Address {
        if self.through_meta_factory {
            META_FACTORY
        } else {
            KERNEL_FACTORY
        }
    }

    /// What the factory is told.
    pub fn factory_data(&self) -> Bytes {
        let salt = B256::from(self.index);
        if self.through_meta_factory {
            let call = IMetaFactory::deployWithFactoryCall {
                factory: KERNEL_FACTORY,
                createData: self.init.clone(),
                salt,
            };
            return call.abi_encode().into();
        }
        let data = self.init.clone();
        IKernelFactory::createAccountCall { data, salt }.abi_encode().into()
    }

    /// The call that initialises it.
    pub fn initialize_call(&self) -> &Bytes {
        &self.init
    }

    pub(super) fn salt(&self) -> B256 {
        keccak256([&self.init[..], &self.index.to_be_bytes::<32>()].concat())
    }
}

/// Kind 1, then the validator of an owner's key.
fn root() -> FixedBytes<21> {
    let mut bytes = [0; 21];
    let parts = [1].into_iter().chain(ECDSA_VALIDATOR.0.0);
    bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
    FixedBytes(bytes)
}
