pragma circom 2.1.6;

// Baby Jubjub as a twisted Edwards curve, a·x² + y² = 1 + d·x²·y². As a is a square and d is not, addition is
// complete: for points of the curve no denominator below is ever zero.

function edwardsA() {
    return 168700;
}

function edwardsD() {
    return 168696;
}

function base8() {
    return [
        5299619240641551281634865583518297030282874472190772894086521144482721001553,
        16950150798460657717958625567821834550301663161624707787222815936182638968203
    ];
}

// The same addition for constants.
function edwardsSum(p, q) {
    var beta = p[0] * q[1];
    var gamma = p[1] * q[0];
    var tau = edwardsD() * beta * gamma;
    return [(beta + gamma) / (1 + tau), (p[1] * q[1] - edwardsA() * p[0] * q[0]) / (1 - tau)];
}

// p + q for points of the curve: six constraints.
template EdwardsAdd() {
    signal input p[2];
    signal input q[2];
    signal output out[2];

    signal beta <== p[0] * q[1];
    signal gamma <== p[1] * q[0];
    signal cross <== (p[1] - edwardsA() * p[0]) * (q[0] + q[1]);
    signal tau <== beta * gamma;

    out[0] <-- (beta + gamma) / (1 + edwardsD() * tau);
    out[0] * (1 + edwardsD() * tau) === beta + gamma;
    out[1] <-- (cross + edwardsA() * beta - gamma) / (1 - edwardsD() * tau);
    out[1] * (1 - edwardsD() * tau) === cross + edwardsA() * beta - gamma;
}

// `point` if selected = 1, the neutral point (0, 1) if selected = 0.
template PointOrNeutral() {
    signal input selected;
    signal input point[2];
    signal output out[2];

    out[0] <== selected * point[0];
    out[1] <== 1 + selected * (point[1] - 1);
}
