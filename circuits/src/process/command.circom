pragma circom 2.1.6;

include "../arithmetic/canonical.circom";
include "../babyjub/ecdh.circom";
include "../poseidon/cipher.circom";
include "../poseidon/hash.circom";

// The hash that the contract chains: H4(H5(first half), H5(second half), encryption key).
template MessageHash() {
    signal input message[10];
    signal input encryptionPublicKey[2];
    signal output out;

    component half[2];
    for (var h = 0; h < 2; h++) {
        half[h] = Hash(5);
        for (var i = 0; i < 5; i++) {
            half[h].in[i] <== message[5 * h + i];
        }
    }
    out <== Hash(4)([half[0].out, half[1].out, encryptionPublicKey[0], encryptionPublicKey[1]]);
}

// The command a message decrypts to, whatever the message is.
template OpenMessage() {
    signal input message[10];
    signal input encryptionPublicKey[2];
    signal input ecdhScalar[251];
    signal output keyIsSound; // else the message does not count, whatever it says
    signal output stateIndexBits[50];
    signal output voteOptionIndexBits[50];
    signal output newVoteWeight; // below 2^50
    signal output nonce;
    signal output newPublicKey[2];
    signal output hash; // what the signature is over
    signal output r8[2];
    signal output s;

    component shared = SharedKey();
    shared.scalar <== ecdhScalar;
    shared.encryptionPublicKey <== encryptionPublicKey;
    keyIsSound <== shared.sound;
    signal plaintext[7] <== DecryptCommand()(message, shared.out);

    // stateIndex, voteOptionIndex, newVoteWeight, nonce, pollId: 50 bits each, the last four bits mean nothing.
    signal bits[254] <== CanonicalBits()(plaintext[0]);
    var weight = 0;
    var count = 0;
    var place = 1;
    for (var i = 0; i < 50; i++) {
        stateIndexBits[i] <== bits[i];
        voteOptionIndexBits[i] <== bits[50 + i];
        weight += bits[100 + i] * place;
        count += bits[150 + i] * place;
        place += place;
    }
    newVoteWeight <== weight;
    nonce <== count;
    newPublicKey <== [plaintext[1], plaintext[2]];
    hash <== Hash(4)([plaintext[0], plaintext[1], plaintext[2], plaintext[3]]);
    r8 <== [plaintext[4], plaintext[5]];
    s <== plaintext[6];
}
