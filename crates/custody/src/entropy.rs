use zeroize::Zeroizing;

use crate::error::CustodyError;

/// Random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, CustodyError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut bytes[..]).map_err(|error| CustodyError::Entropy {
        reason: error.to_string(),
    })?;
    Ok(bytes)
}
