use maci_coordinator_core::access::AccountSignature;
use maci_protocol::ids::EthAddress;

use super::refusal::Refusal;
use super::settings::LegacySettings;

/// Checks what was inside the existing service's header, `<signature>:<digest>`, and says whose it is.
///
/// The signature of a transaction that anybody can see on chain has this form too; what keeps it out is that the
/// digest of a transaction is on no list.
pub(super) fn signer(opened: &[u8], settings: &LegacySettings) -> Result<EthAddress, Refusal> {
    let text = std::str::from_utf8(opened).map_err(|_| Refusal::Legacy("it does not hold a signature and a digest"))?;
    let (signature, digits) = text
        .split_once(':')
        .ok_or(Refusal::Legacy("it does not hold a signature and a digest"))?;
    let mut digest = [0; 32];
    hex::decode_to_slice(digits, &mut digest)
        .map_err(|_| Refusal::Legacy("its digest is not 64 hexadecimal digits"))?;
    if !settings.lists(&digest) {
        return Err(Refusal::Legacy("it signs a message that the operator did not list"));
    }
    let signature: AccountSignature = signature.parse()?;
    Ok(signature.signer_of_digest(&digest)?)
}
