pragma circom 2.1.6;

include "../babyjub/secret_scalar.circom";
include "../poseidon/hash.circom";
include "lean_path.circom";

// Shows that somebody knows the private key of a leaf of the poll's state tree.
template PollJoined(stateTreeDepth) {
    signal input stateRoot;
    signal input privateKey;
    signal input voiceCreditsBalance;
    signal input pathElements[stateTreeDepth][1];
    signal input index;
    signal input actualStateTreeDepth;

    signal publicKey[2] <== PublicKey()(SecretScalarBits()(privateKey));
    signal leaf <== Hash(3)([publicKey[0], publicKey[1], voiceCreditsBalance]);
    signal root <== LeanPath(stateTreeDepth)(leaf, pathElements, index, actualStateTreeDepth);
    root === stateRoot;
}
