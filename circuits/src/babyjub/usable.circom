pragma circom 2.1.6;

include "edwards.circom";
include "circomlib/circuits/comparators.circom";

// What a pair of numbers is worth as a public key, and a point to compute with whatever it is.
//
// The eightfold of a curve point is neutral exactly for the eight points of the torsion subgroup: x = 0 for
// orders 1 and 2, a·x² = 1 for order 4, and one value of x² for all four points of order 8. So a few products
// replace three doublings.
template UsablePoint() {
    signal input point[2];
    signal output sound; // 1 if on the curve and not of order 4 or 8
    signal output usable; // 1 if sound and not of order 1 or 2: its eightfold is not neutral
    signal output safe[2]; // point if usable, else Base8

    // x² of the points of order 8.
    var orderEight = 13862874335524385404093788619067331614407010556828562385171431015707730962518;

    signal xSquare <== point[0] * point[0];
    signal ySquare <== point[1] * point[1];
    signal product <== xSquare * ySquare;
    signal onCurve <== IsZero()(edwardsA() * xSquare + ySquare - 1 - edwardsD() * product);
    signal lowOrder <== (edwardsA() * xSquare - 1) * (xSquare - orderEight);
    signal isOfLowOrder <== IsZero()(lowOrder);
    sound <== onCurve * (1 - isOfLowOrder);

    signal xIsZero <== IsZero()(point[0]);
    usable <== sound * (1 - xIsZero);

    var substitute[2] = base8();
    safe[0] <== substitute[0] + usable * (point[0] - substitute[0]);
    safe[1] <== substitute[1] + usable * (point[1] - substitute[1]);
}
