"""Wrong and right implementations for who-spoke-first."""

from functools import partial

from evidence.banks import right, wrong

PIECES = "[frames[stop - length : stop] for length, stop in zip(lengths, stops)]"
IN_FRONT = "((none, 0), (0, 0))"
MASK = "np.arange(time) >= np.array(missing)[:, None]"
LOSS = "-np.sum(right * logarithms) / len(y)"
SLOPE = "(np.exp(logarithms) - right) / len(y)"
SHIFTED = "logits - logits.max(axis=1, keepdims=True)"
NEXT_H = "np.where(real, output * np.tanh(new), h)"
NEXT_C = "np.where(real, new, c)"
PASSED_H = "np.where(real, d_z @ of_lstm[1].T, dh)"
PASSED_C = "np.where(real, at_cell * forget, dc)"
TOTALS = "[a + b for a, b in zip(totals, (now.T @ d_z, h.T @ d_z, d_z.sum(axis=0)))]"
DENSE = "dense = h.T @ d_logits, d_logits.sum(axis=0)"
NAMED = "np.argmax(h @ weights[3] + weights[4], axis=1)"
ROWS = "masked_forward(*pad_rows(rows), *weights[:3])"

split_utterances = partial(wrong, "split_utterances")
pad_rows = partial(wrong, "pad_rows")
cross_entropy = partial(wrong, "cross_entropy")
masked_gradients = partial(wrong, "masked_gradients")
accuracy = partial(wrong, "accuracy")
train_network = partial(wrong, "train_network")
right_split_utterances = partial(right, "split_utterances")
right_pad_rows = partial(right, "pad_rows")
right_cross_entropy = partial(right, "cross_entropy")
right_masked_gradients = partial(right, "masked_gradients")
right_accuracy = partial(right, "accuracy")
right_train_network = partial(right, "train_network")

WRONG = [
    split_utterances("lengths taken for places", (PIECES, "np.split(frames, lengths[:-1])")),
    split_utterances("lengths taken for places, and a rest", (PIECES, "np.split(frames, lengths)")),
    split_utterances("empty utterance at the end", (PIECES, "np.split(frames, stops)")),
    split_utterances(
        "each from the first frame", (PIECES, "[frames[:length] for length in lengths]")
    ),
    split_utterances(
        "from the beginning up to each end", (PIECES, "[frames[:e] for e in np.cumsum(lengths)]")
    ),
    split_utterances("last frame missing", (PIECES, f"[each[:-1] for each in {PIECES}]")),
    split_utterances("first frame missing", (PIECES, f"[each[1:] for each in {PIECES}]")),
    split_utterances(
        "one frame of the next",
        (PIECES, "[frames[e - n : e + 1] for e, n in zip(np.cumsum(lengths), lengths)]"),
    ),
    split_utterances("the utterances: last array missing", (PIECES, f"{PIECES}[:-1]")),
    split_utterances("the utterances: reversed", (PIECES, f"{PIECES}[::-1]")),
    pad_rows("zeros at the end", (IN_FRONT, "((0, none), (0, 0))"), (MASK, f"({MASK})[:, ::-1]")),
    pad_rows("mask: from the other end", (MASK, f"({MASK})[:, ::-1]")),
    pad_rows("mask: inverted", (">=", "<")),
    pad_rows("mask: True everywhere", (MASK, f"({MASK}) | True")),
    pad_rows("mask: where x is not zero", (MASK, "np.stack(x).any(axis=2)")),
    pad_rows("mask: where no number is zero", (MASK, "np.stack(x).all(axis=2)")),
    pad_rows("mask: one frame too few", (">=", ">")),
    pad_rows("mask: lengths", (MASK, "np.array([len(row) for row in rows])")),
    pad_rows("x: a frame repeated for zeros", (IN_FRONT, f"{IN_FRONT}, 'edge'")),
    pad_rows("x: frames backwards", ("np.pad(row,", "np.pad(row[::-1],")),
    pad_rows("x: time first", ("np.stack(x),", "np.stack(x, axis=1),")),
    pad_rows("one step too many", ("max(map(len, rows))", "max(map(len, rows)) + 1")),
    pad_rows(
        "cut to the shortest row",
        ("max(map", "min(map"),
        ("np.pad(row,", "np.pad(row[-time:],"),
        ("time - len(row)", "0 * len(row)"),
    ),
    pad_rows("mask first", (f"return np.stack(x), {MASK}", f"return {MASK}, np.stack(x)")),
    cross_entropy("loss: sign", (LOSS, LOSS[1:])),
    cross_entropy("loss not divided", (f"loss = {LOSS}", "loss = -np.sum(right * logarithms)")),
    cross_entropy("not divided", (" / len(y)", "")),
    cross_entropy("divided by all numbers", (" / len(y)", " / logits.size")),
    cross_entropy("loss of each row", (LOSS, "-np.sum(right * logarithms, axis=1)")),
    cross_entropy("logarithm of all classes", ("np.sum(right * logarithms)", "np.sum(logarithms)")),
    cross_entropy(
        "logarithm of 0",
        ("np.sum(right * logarithms)", "np.sum(np.log(np.exp(logarithms)[right == 1]))"),
    ),
    cross_entropy(
        "0 times the logarithm of 0",
        ("np.sum(right * logarithms)", "np.sum(right * np.log(np.exp(logarithms)))"),
    ),
    cross_entropy("logarithm to the base 2", (LOSS, f"{LOSS} / np.log(2)")),
    cross_entropy("logit for the probability", (LOSS, "-np.sum(right * logits) / len(y)")),
    cross_entropy("softmax over the batch", ("axis=1, keep", "axis=0, keep")),
    cross_entropy(
        "largest logit not subtracted",
        ("shifted - np.log", "0 * shifted + np.log"),
        (SHIFTED, "logits"),
        (
            "np.exp(shifted).sum(axis=1, keepdims=True)",
            "np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)",
        ),
    ),
    cross_entropy("gradient: sign", (SLOPE, f"-{SLOPE}")),
    cross_entropy(
        "gradient: 1 not subtracted", ("np.exp(logarithms) - right", "np.exp(logarithms)")
    ),
    cross_entropy("gradient: not divided", (SLOPE, "np.exp(logarithms) - right")),
    cross_entropy(
        "gradient: 1 subtracted after the division", (SLOPE, "np.exp(logarithms) / len(y) - right")
    ),
    cross_entropy("gradient: right class alone", (SLOPE, f"right * {SLOPE}")),
    cross_entropy("classes counted from 1", ("[y]", "[y - 1]")),
    cross_entropy("the loss alone", (f"return loss, {SLOPE}", "return loss")),
    masked_gradients("mask ignored", ("mask.T[..., None]", "(mask | True).T[..., None]")),
    masked_gradients("mask inverted", ("mask.T[..., None]", "~mask.T[..., None]")),
    masked_gradients(
        "states of zero at masked steps",
        (NEXT_H, "real * output * np.tanh(new)"),
        (NEXT_C, "real * new"),
    ),
    masked_gradients("hidden state alone kept", (NEXT_C, "new")),
    masked_gradients("cell state alone kept", (NEXT_H, "output * np.tanh(new)")),
    masked_gradients(
        "gradient ends at masked steps",
        (PASSED_H, "real * (d_z @ of_lstm[1].T)"),
        (PASSED_C, "real * at_cell * forget"),
    ),
    masked_gradients("dh ends at masked steps", (PASSED_H, "real * (d_z @ of_lstm[1].T)")),
    masked_gradients("dc ends at masked steps", (PASSED_C, "real * at_cell * forget")),
    masked_gradients("masked steps count", ("d_z = real * ", "d_z = ")),
    masked_gradients("dh not carried", ("d_z @ of_lstm[1].T, dh", "0 * dh, dh")),
    masked_gradients("dc not carried", ("at_cell * forget, dc)", "0 * dc, dc)")),
    masked_gradients("last step's share alone", ("caches[::-1]:", "caches[-1:]:")),
    masked_gradients(
        "first step's share alone",
        (TOTALS, "[now.T @ d_z, h.T @ d_z, d_z.sum(axis=0)]"),
    ),
    masked_gradients("steps in the wrong order", ("caches[::-1]:", "caches:")),
    masked_gradients("d_logits: sign", ("    dense =", "    d_logits = -d_logits\n    dense =")),
    masked_gradients(
        "d_logits: not divided", ("    dense =", "    d_logits = len(y) * d_logits\n    dense =")
    ),
    masked_gradients("dense bias missing", (" + dense_bias, y", ", y")),
    masked_gradients(
        "d_dense_kernel: transposed", ("dense = h.T @ d_logits", "dense = d_logits.T @ h")
    ),
    masked_gradients("d_dense_bias: batch kept", (DENSE, "dense = h.T @ d_logits, d_logits")),
    masked_gradients("dense layer first", ("[*totals, *dense]", "[*dense, *totals]")),
    masked_gradients("gradients of the LSTM alone", ("[*totals, *dense]", "totals")),
    accuracy("number right", ("np.mean(", "np.sum(")),
    accuracy("share wrong", (" == y", " != y")),
    accuracy("answer of each row", (f"np.mean({NAMED} == y)", f"1 * ({NAMED} == y)")),
    accuracy("percent", ("np.mean(", "100 * np.mean(")),
    accuracy("smallest logit", ("argmax", "argmin")),
    accuracy("unit for the class", ("h @ weights[3] + weights[4]", "h")),
    accuracy("dense bias missing", (" + weights[4]", "")),
    accuracy(
        "mask ignored",
        (
            f"h, _ = {ROWS}",
            "x, mask = pad_rows(rows)\n    h, _ = masked_forward(x, mask | True, *weights[:3])",
        ),
    ),
    train_network(
        "untrained", ("range(1, 151)", "range(1, 2)"), diagnosis="no better than guessing"
    ),
    train_network(
        "last speaker named",
        ("[: lag + 1]", "[:1]"),
        (
            "after = np.concatenate([utterances[k] for k in others])[:lag]",
            "after = utterances[first]",
        ),
        (
            "np.concatenate([utterances[first], after])",
            "np.concatenate([utterances[others[0]], after])",
        ),
    ),
    train_network(
        "gates as in Keras",
        ("[-open_gate, open_gate, 0, 0]", "[0, 1, 0, 0]"),
        diagnosis="no better than guessing",
    ),
    train_network("uphill", ("w - rate", "w + rate"), diagnosis="no better than guessing"),
    train_network("four arrays", ("return weights\n", "return weights[:4]\n"), diagnosis="type"),
    train_network(
        "dense kernel transposed",
        ("return weights\n", "return [*weights[:3], weights[3].T, weights[4]]\n"),
        diagnosis="shape",
    ),
    train_network(
        "not a number",
        ("return weights\n", "return [*weights[:4], weights[4] * np.nan]\n"),
        diagnosis="nan",
    ),
]

RIGHT = [
    right_split_utterances(
        "with a running place",
        """
def split_utterances(frames, lengths):
    pieces, place = [], 0
    for length in lengths:
        pieces.append(frames[place : place + length].copy())
        place += length
    return tuple(pieces)
""",
    ),
    right_pad_rows(
        "filled row by row",
        """
def pad_rows(rows):
    longest = max(row.shape[0] for row in rows)
    x = np.zeros((len(rows), longest, rows[0].shape[1]))
    mask = np.zeros((len(rows), longest), dtype=bool)
    for k, row in enumerate(rows):
        x[k, longest - len(row) :] = row
        mask[k, longest - len(row) :] = True
    return [x, mask]
""",
    ),
    right_cross_entropy(
        "by place, in float64",
        """
def cross_entropy(logits, y):
    a = np.array(logits, dtype="float64")
    n = np.arange(len(a))
    a -= a.max(axis=1)[:, np.newaxis]
    total = np.exp(a).sum(axis=1)
    loss = np.mean(np.log(total) - a[n, y])
    p = np.exp(a) / total[:, None]
    p[n, y] -= 1
    return loss, p / len(a)
""",
    ),
    right_masked_gradients(
        "with numbers for truths, step by step",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    u = recurrent_kernel.shape[0]
    h, c = [np.zeros((len(x), u))], [np.zeros((len(x), u))]
    gates = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h[t] @ recurrent_kernel + bias
        i, f, o = (1 / (1 + np.exp(-z[:, k * u : (k + 1) * u])) for k in (0, 1, 3))
        g = np.tanh(z[:, 2 * u : 3 * u])
        real = mask[:, t : t + 1].astype(float)
        new = f * c[t] + i * g
        gates.append((i, f, g, o, np.tanh(new)))
        h.append(real * o * np.tanh(new) + (1 - real) * h[t])
        c.append(real * new + (1 - real) * c[t])
    return h[-1], (x, mask, h, c, gates)

def masked_gradients(weights, x, mask, y):
    W, U, b, V, bias = weights
    h_last, (x, mask, h, c, gates) = masked_forward(x, mask, W, U, b)
    loss, slope = cross_entropy(h_last @ V + bias, y)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(b.shape)
    dh = np.einsum("bk,uk->bu", slope, V)
    dc = 0 * dh
    for t in reversed(range(x.shape[1])):
        i, f, g, o, shown = gates[t]
        real = mask[:, t][:, None] * 1.0
        dh_real, dh_kept = real * dh, (1 - real) * dh
        dc_real, dc_kept = real * dc, (1 - real) * dc
        dc_real = dc_real + dh_real * o * (1 - shown * shown)
        dz = np.concatenate(
            [
                dc_real * g * i * (1 - i),
                dc_real * c[t] * f * (1 - f),
                dc_real * i * (1 - g * g),
                dh_real * shown * o * (1 - o),
            ],
            axis=1,
        )
        dW += x[:, t].T @ dz
        dU += h[t].T @ dz
        db += dz.sum(axis=0)
        dh = dz @ U.T + dh_kept
        dc = dc_real * f + dc_kept
    return loss, [dW, dU, db, h_last.T @ slope, slope.sum(axis=0)]
""",
    ),
    right_accuracy(
        "row by row",
        """
def accuracy(weights, rows, y):
    right = 0
    for row, answer in zip(rows, y):
        h, _ = masked_forward(row[None], np.ones((1, len(row)), bool), *weights[:3])
        right += int((h[0] @ weights[3] + weights[4]).argmax()) == answer
    return right / len(rows)
""",
    ),
    right_train_network(
        "24 units, forget bias of 4",
        """
def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(7)
    bias = np.concatenate([np.full(24, -3), np.full(24, 4), np.zeros(48)])
    weights = [
        rng.normal(size=(12, 96)) / 5,
        rng.normal(size=(24, 96)) / 6,
        bias,
        rng.normal(size=(24, 9)) / 4,
        np.zeros(9),
    ]
    m = v = [0 * w for w in weights]
    for t in range(1, 151):
        firsts = rng.choice(len(utterances), 60)
        rows = []
        for k in firsts:
            rest = [utterances[j] for j in rng.choice(len(utterances), lag)]
            tail = np.vstack(rest)[:lag] if lag else np.zeros((0, 12))
            rows.append(np.vstack([utterances[k], tail]))
        loss, g = masked_gradients(weights, *pad_rows(rows), speakers[firsts])
        norm = np.sqrt(sum((a**2).sum() for a in g))
        g = [a / max(1, norm) for a in g]
        m = [0.9 * a + 0.1 * b for a, b in zip(m, g)]
        v = [0.999 * a + 0.001 * b * b for a, b in zip(v, g)]
        size = 0.02 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        weights = [w - size * a / (np.sqrt(b) + 1e-7) for w, a, b in zip(weights, m, v)]
    return tuple(weights)
""",
    ),
]
