pragma circom 2.1.6;

include "../poseidon/hash.circom";
include "../trees/quinary.circom";

// The root of 5^depth zeros; MACI knows vote option trees of depth 1 to 5.
function quinaryZeroRoot(depth) {
    var roots[5] = [
        14655542659562014735865511769057053982292279840403315552050801315682099828156,
        19261153649140605024552417994922546473530072875902678653210025980873274131905,
        21526503558325068664033192388586640128492121680588893182274749683522508994597,
        20017764101928005973906869479218555869286328459998999367935018992260318153770,
        16998355316577652097112514691750893516081130026395813155204269482715045879598
    ];
    return roots[depth - 1];
}

// The salted commitment to a list of 5^depth values before and after a batch: H2(root, salt) each.
//
// Nothing comes before the first batch: there the list and its salt must be zeros. Asking that of the list's root
// costs one constraint, where clearing its values would cost one for each.
template ListCommitments(depth) {
    signal input isFirst;
    signal input current[5 ** depth];
    signal input added[5 ** depth];
    signal input currentSalt;
    signal input newSalt;
    signal output currentCommitment;
    signal output newCommitment;

    signal new[5 ** depth];
    for (var i = 0; i < 5 ** depth; i++) {
        new[i] <== current[i] + added[i];
    }
    signal currentRoot <== QuinaryRoot(depth)(current);
    signal newRoot <== QuinaryRoot(depth)(new);
    isFirst * (currentRoot - quinaryZeroRoot(depth)) === 0;
    isFirst * currentSalt === 0;
    currentCommitment <== Hash(2)([currentRoot, currentSalt]);
    newCommitment <== Hash(2)([newRoot, newSalt]);
}

// The same for a single value.
template ValueCommitments() {
    signal input isFirst;
    signal input current;
    signal input added;
    signal input currentSalt;
    signal input newSalt;
    signal output currentCommitment;
    signal output newCommitment;

    isFirst * current === 0;
    isFirst * currentSalt === 0;
    currentCommitment <== Hash(2)([current, currentSalt]);
    newCommitment <== Hash(2)([current + added, newSalt]);
}
