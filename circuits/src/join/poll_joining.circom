pragma circom 2.1.6;

include "../babyjub/secret_scalar.circom";
include "../poseidon/hash.circom";
include "lean_path.circom";

// Shows that a key has signed up with MACI, and what its nullifier in a poll is.
template PollJoining(stateTreeDepth) {
    signal input pollPublicKey[2];
    signal input nullifier;
    signal input stateRoot;
    signal input pollId;
    signal input privateKey;
    signal input siblings[stateTreeDepth][1];
    signal input index;
    signal input actualStateTreeDepth;

    signal ownNullifier <== Hash(2)([privateKey, pollId]);
    ownNullifier === nullifier;

    signal publicKey[2] <== PublicKey()(SecretScalarBits()(privateKey));
    publicKey === pollPublicKey;

    signal leaf <== Hash(2)(publicKey);
    signal root <== LeanPath(stateTreeDepth)(leaf, siblings, index, actualStateTreeDepth);
    root === stateRoot;
}
