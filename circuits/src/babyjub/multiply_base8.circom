pragma circom 2.1.6;

include "edwards.circom";
include "montgomery.circom";

// Half of Base8: the point whose double, in the subgroup, is Base8.
function halfBase8() {
    return [
        9948139313319326567538585976434296874021944789429458993825623013113438161408,
        5754705828006165357341407866267251848778924039034508968461663781341611574458
    ];
}

function doubledTimes(point, times) {
    var p[2] = point;
    for (var i = 0; i < times; i++) {
        p = edwardsSum(p, p);
    }
    return p;
}

// For window w and k = 0 … 7: (2k - 7)·8^w·(Base8 / 2), as u (row 0) and v (row 1).
function windowTable(w) {
    var one[2] = doubledTimes(halfBase8(), 3 * w);
    var two[2] = edwardsSum(one, one);
    var table[2][8];
    for (var k = 0; k < 4; k++) {
        var u = (1 + one[1]) / (1 - one[1]);
        var v = u / one[0];
        table[0][4 + k] = u;
        table[1][4 + k] = v;
        table[0][3 - k] = u;
        table[1][3 - k] = -v;
        one = edwardsSum(one, two);
    }
    return table;
}

// For k = 0 … 7 with bits k0, k1, k2: (k0·2^249 + k1·2^250 + k2·2^253)·Base8 + (8^83 - 1)·(Base8 / 2), as x and y.
function topTable() {
    var half[2] = halfBase8();
    var low[2] = doubledTimes(base8(), 249);
    var sum[2] = doubledTimes(half, 249);
    sum = edwardsSum(sum, [-half[0], half[1]]);
    var high[2] = doubledTimes(low, 4);
    var table[2][8];
    for (var k = 0; k < 8; k++) {
        var p[2] = sum;
        for (var i = 0; i < (k & 3); i++) {
            p = edwardsSum(p, low);
        }
        if (k >= 4) {
            p = edwardsSum(p, high);
        }
        table[0][k] = p[0];
        table[1][k] = p[1];
    }
    return table;
}

// Row k of a constant table, k given by three bits: three constraints for both columns.
template LookUp(table) {
    signal input bits[3];
    signal output out[2];

    signal both <== bits[0] * bits[1];
    for (var c = 0; c < 2; c++) {
        var t[8] = table[c];
        var low = t[0] + (t[1] - t[0]) * bits[0] + (t[2] - t[0]) * bits[1] + (t[3] - t[2] - t[1] + t[0]) * both;
        var high = t[4] + (t[5] - t[4]) * bits[0] + (t[6] - t[4]) * bits[1] + (t[7] - t[6] - t[5] + t[4]) * both;
        out[c] <== low + (high - low) * bits[2];
    }
}

// K·Base8 for K = Σ low[i]·2^i + top[0]·2^249 + top[1]·2^250 + top[2]·2^253, whatever the bits are.
//
// Windows of three bits with the odd digits -7 … 7 of Base8 / 2, so that no summand is neutral. Before window w
// the sum is m·(Base8 / 2) with m odd and |m| < 8^w, and the window adds d·8^w with d odd: m ± d·8^w is neither
// zero nor, below 8^(w+1) ≤ 8^83 < l, a multiple of l. So for 83 windows the Montgomery additions meet no
// exception. What the digits' offset leaves over, (8^83 - 1)·(Base8 / 2), is in the table of the top bits, which
// are added with the complete formula.
template MultiplyBase8() {
    signal input low[249];
    signal input top[3];
    signal output out[2];

    component window[83];
    component sum[83];
    for (var w = 0; w < 83; w++) {
        window[w] = LookUp(windowTable(w));
        for (var i = 0; i < 3; i++) {
            window[w].bits[i] <== low[3 * w + i];
        }
        if (w > 0) {
            sum[w] = MontgomeryAdd();
            if (w == 1) {
                sum[w].p <== window[0].out;
            } else {
                sum[w].p <== sum[w - 1].out;
            }
            sum[w].q <== window[w].out;
        }
    }
    component rest = LookUp(topTable());
    rest.bits <== top;
    out <== EdwardsAdd()(ToEdwards()(sum[82].out), rest.out);
}
