pragma circom 2.1.6;

include "edwards.circom";
include "circomlib/circuits/comparators.circom";

// Whether a pair is a point of the curve whose eightfold is not neutral, and a point that always is one.
//
// The eightfold of a curve point is neutral exactly for the eight points of the torsion subgroup: x = 0 for
// orders 1 and 2, a·x² = 1 for order 4, and one value of x² for all four points of order 8. So two
// multiplications replace three doublings.
template UsablePoint() {
    signal input point[2];
    signal output usable; // 0 or 1
    signal output safe[2]; // point if usable, else Base8

    // x² of the points of order 8.
    var orderEight = 13862874335524385404093788619067331614407010556828562385171431015707730962518;

    signal xSquare <== point[0] * point[0];
    signal ySquare <== point[1] * point[1];
    signal product <== xSquare * ySquare;
    signal onCurve <== IsZero()(edwardsA() * xSquare + ySquare - 1 - edwardsD() * product);

    signal orderFourOrLess <== xSquare * (edwardsA() * xSquare - 1);
    signal torsion <== orderFourOrLess * (xSquare - orderEight);
    signal inTorsion <== IsZero()(torsion);
    usable <== onCurve * (1 - inTorsion);

    var substitute[2] = base8();
    safe[0] <== substitute[0] + usable * (point[0] - substitute[0]);
    safe[1] <== substitute[1] + usable * (point[1] - substitute[1]);
}
