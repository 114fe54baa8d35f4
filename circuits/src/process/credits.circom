pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "../arithmetic/canonical.circom";

function QV() {
    return 0;
}

function NON_QV() {
    return 1;
}

function FULL() {
    return 2;
}

// Whether cost ≤ available ≤ 2^252 - 2, for a cost below 2^costBits and any field element as `available`.
//
// The bits are those of available + 1: beyond the bound one of the two top bits is set, and p - 1, the one value
// for which the addition wraps, gives 0, which no cost is below.
template IsAffordable(costBits) {
    signal input cost;
    signal input available;
    signal output out;

    signal bits[254] <== CanonicalBits()(available + 1);
    var low = 0;
    var high = 0;
    var place = 1;
    for (var i = 0; i < 254; i++) {
        if (i < costBits) {
            low += bits[i] * place;
            place += place;
        } else {
            high += bits[i];
        }
    }
    component difference = Num2Bits(costBits + 1);
    difference.in <== cost - low + place;
    signal lowExceedsCost <== 1 - difference.out[costBits];

    signal withinBound <== (1 - bits[252]) * (1 - bits[253]);
    signal isLow <== IsZero()(high);
    out <== withinBound + isLow * (lowExceedsCost - withinBound);
}

// Whether a leaf's credits pay for a weight in place of the option's current votes, and what that changes.
//
// QV and NON_QV: the credits that would be free without the option's current votes must cover the cost, and stay
// at most 2^252 - 2, as in the released circuits, which have no witness beyond. So the new balance never wraps.
// FULL: they must be spent to the last.
template SpendCredits(mode) {
    signal input balance;
    signal input currentVotes;
    signal input newVoteWeight; // below 2^50
    signal output enough;
    signal output refund; // what is added to the balance

    if (mode == QV()) {
        signal currentCost <== currentVotes * currentVotes;
        signal newCost <== newVoteWeight * newVoteWeight;
        enough <== IsAffordable(100)(newCost, balance + currentCost);
        refund <== currentCost - newCost;
    } else if (mode == NON_QV()) {
        enough <== IsAffordable(50)(newVoteWeight, balance + currentVotes);
        refund <== currentVotes - newVoteWeight;
    } else {
        enough <== IsEqual()([balance + currentVotes, newVoteWeight]);
        refund <== currentVotes - newVoteWeight;
    }
}
