use maci_protocol::ids::EthAddress;

use super::Vault;
use crate::error::CustodyError;
use crate::sender::SenderKey;

impl Vault {
    /// Makes a session key; its address is what leaves.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], or that it cannot be written.
    pub fn create_session_key(&self) -> Result<EthAddress, CustodyError> {
        let opened = self.opened()?;
        let key = self.session_keys().create(&opened.passphrase)?;
        let address = key.address();
        opened.session(address, |_| Ok(Some(key)))?;
        Ok(address)
    }

    /// A session key; none if there is none of this address.
    ///
    /// # Errors
    /// [`CustodyError::Locked`], or that it does not open.
    pub fn session_key(&self, address: EthAddress) -> Result<Option<SenderKey>, CustodyError> {
        let keys = self.session_keys();
        self.opened()?
            .session(address, |passphrase| keys.open(address, passphrase))
    }

    /// Deletes a session key from disk and memory. What its owner allowed it stays allowed on the chain, and nobody has
    /// the key any more. False if there was none.
    ///
    /// # Errors
    /// When its file cannot be deleted.
    pub fn delete_session_key(&self, address: EthAddress) -> Result<bool, CustodyError> {
        let deleted = self.session_keys().delete(address)?;
        if let Ok(opened) = self.opened() {
            opened.forget_session(address);
        }
        Ok(deleted)
    }
}
