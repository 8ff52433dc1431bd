"""Wrong answers as learners write them, for who-spoke-first."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "split_utterances",
        "lengths taken as the places to cut",
        r"cumsum|add(ed|s)? up|running|cumulative|sums? of the lengths|(places?|positions?|points?)"
        r" (to|of|where|at)|cuts? at|lengths? themselves",
        """
def split_utterances(frames, lengths):
    return np.split(frames, lengths[:-1])
""",
    ),
    in_numpy(
        "split_utterances",
        "cut after the last frame too",
        r"\bempty\b|one (array |utterance )?(more|too many)|additional|\bextra\b|\[:-1\]|no frames"
        r"|0 frames",
        """
def split_utterances(frames, lengths):
    ends = np.cumsum(lengths)
    return np.split(frames, ends)
""",
    ),
    one(
        "split_utterances",
        "first utterance lost between neighbouring ends",
        r"first (utterance|one|array)|from the second|one (utterance |array )?(too few|less|fewer)"
        r"|one (utterance|array) is missing",
        """
def split_utterances(frames, lengths):
    bounds = np.cumsum(lengths)
    utterances = []
    for start, end in zip(bounds[:-1], bounds[1:]):
        utterances.append(frames[start:end])
    return utterances
""",
    ),
    in_numpy(
        "split_utterances",
        "end of the slice counted as in MATLAB",
        r"last frame|one frame (less|fewer|too few|short|is missing)|frame (is )?(missing|lost)"
        r"|excludes|end of (the|a) slice|too short",
        """
def split_utterances(frames, lengths):
    result = []
    start = 0
    for n in lengths:
        result.append(frames[start:start + n - 1])
        start = start + n
    return result
""",
    ),
    one(
        "split_utterances",
        "every utterance from the first frame",
        r"(all|each|every)\b.*(begins?|starts?)|first frames|from the (beginning|start|first)"
        r"|(begins?|starts?) (at|with) (the first|frame 0|row 0)|\[:|not (advanced|moved on)",
        """
def split_utterances(frames, lengths):
    utts = []
    for i in range(len(lengths)):
        utts.append(frames[:lengths[i]])
    return utts
""",
    ),
    in_numpy(
        "split_utterances",
        "equal parts",
        r"\bequal|\b(parts|pieces|utterances)\b[^.]*\b(same|one) (length|number|size)|ignor"
        r"|array_split|lengths? (is|are) not used"
        r"|no (account|use) of the lengths|alike|evenly",
        """
def split_utterances(frames, lengths):
    return np.array_split(frames, len(lengths))
""",
    ),
    two(
        "split_utterances",
        "a frame skipped after each utterance, the last utterance left out",
        both(
            r"skip|one (frame )?(too )?(late|far)|frame.*(lost|missing|left out)|\+ 1|shifted",
            r"last (utterance|one|array)|one (utterance |array )?(too few|less|fewer)"
            r"|utterance.*(missing|left out)",
        ),
        """
def split_utterances(frames, lengths):
    out = []
    pos = 0
    for i in range(0, len(lengths) - 1):
        out.append(frames[pos:pos + lengths[i]])
        pos += lengths[i] + 1
    return out
""",
    ),
    one(
        "pad_rows",
        "zeros behind, as pad_sequence of PyTorch does",
        r"behind|at the (end|back)|in front|after the (frames|row)|on the (wrong|other|right) side",
        """
def pad_rows(rows):
    longest = max(len(row) for row in rows)
    x = np.zeros((len(rows), longest, rows[0].shape[1]), dtype="float32")
    mask = np.zeros((len(rows), longest), dtype=bool)
    for i, row in enumerate(rows):
        x[i, :len(row)] = row
        mask[i, :len(row)] = True
    return x, mask
""",
    ),
    one(
        "pad_rows",
        "mask marks the padding",
        r"invert|\bturned (over|round|around)|opposite|True (for|at|on|where)|False (for|at|where)"
        r"|exchang|swap|(wrong|other) way|marks the padding|negat",
        """
def pad_rows(rows):
    T = max(r.shape[0] for r in rows)
    xs, masks = [], []
    for r in rows:
        p = T - r.shape[0]
        xs.append(np.concatenate([np.zeros((p, r.shape[1]), r.dtype), r]))
        masks.append([True] * p + [False] * (T - p))
    return np.array(xs), np.array(masks)
""",
    ),
    in_numpy(
        "pad_rows",
        "mask read off from the numbers that are not 0",
        r"frames?\W+(of|with|(that )?(is|are)) (all |only |nothing but )?(zeros?|0)"
        r"|real frame.*\bzeros?"
        r"|zeros? .*\b(real|a) frame|limiting case|from the (values|numbers|features|contents?)"
        r"|!= 0",
        """
def pad_rows(rows):
    time = max([len(row) for row in rows])
    x = np.stack([np.pad(row, ((time - len(row), 0), (0, 0))) for row in rows])
    mask = (x != 0).any(axis=-1)
    return x, mask
""",
    ),
    in_numpy(
        "pad_rows",
        "as many features added as steps",
        r"both axes|\bfeatures?\b|\(0, 0\)|axis of time alone|time axis|only (in|along) time"
        r"|columns?",
        """
def pad_rows(rows):
    time = max(map(len, rows))
    x, mask = [], []
    for row in rows:
        n = time - len(row)
        x.append(np.pad(row, (n, 0)))
        mask.append(np.arange(time) >= n)
    return np.stack(x), np.stack(mask)
""",
    ),
    in_numpy(
        "pad_rows",
        "mask begins one step late",
        r"one (step|frame) (too )?(late|less|few|short)|first (real )?(frame|step)|off by one|>="
        r"|one (True|step|frame) (is )?(too few|missing|short)|begins? (one|too) |too few",
        """
def pad_rows(rows):
    lengths = np.array([len(r) for r in rows])
    T = lengths.max()
    x = np.zeros((len(rows), T, rows[0].shape[-1]))
    for k, r in enumerate(rows):
        x[k, T - len(r):] = r
    mask = np.arange(T)[None, :] > (T - lengths)[:, None]
    return x, mask
""",
    ),
    one(
        "pad_rows",
        "first frame repeated in front",
        r"\bzeros?\b|repeat|\bedge\b|cop(y|ies)|first frame|not 0\b",
        """
def pad_rows(rows):
    time = max(len(row) for row in rows)
    x = [np.pad(row, ((time - len(row), 0), (0, 0)), mode="edge") for row in rows]
    mask = [[t >= time - len(row) for t in range(time)] for row in rows]
    return np.stack(x), np.array(mask)
""",
    ),
    two(
        "pad_rows",
        "time is the first axis, zeros behind",
        both(
            r"first axis|time first|ax[ei]s.*(swap|exchang|order|transpos)|transpos|swapaxes"
            r"|swapped axes|\(time, batch",
            r"behind|at the (end|back)|in front|after the frames|on the (wrong|other) side",
        ),
        """
def pad_rows(rows):
    T, B, F = max(len(r) for r in rows), len(rows), rows[0].shape[1]
    x = np.zeros((T, B, F), dtype=rows[0].dtype)
    mask = np.zeros((T, B), dtype=bool)
    for b, r in enumerate(rows):
        x[:len(r), b] = r
        mask[:len(r), b] = True
    return x, mask
""",
    ),
    one(
        "cross_entropy",
        "sum over the batch",
        r"\bsum\b|\bmean\b|\bbatch\b|\bdivid|number of (rows|samples)|\bN\b|averag",
        """
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    N = len(y)
    loss = -np.log(p[np.arange(N), y]).sum()
    grad = p.copy()
    grad[np.arange(N), y] -= 1
    return loss, grad
""",
    ),
    in_numpy(
        "cross_entropy",
        "exponential of the logits as they are",
        r"overflow|\blarge\b|largest (logit|number|one|of)|subtract|\bnan\b|\binf\b|infinit|shift"
        r"|too (big|large)",
        """
def cross_entropy(logits, y):
    n = logits.shape[0]
    exps = np.exp(logits)
    probs = exps / np.sum(exps, axis=1, keepdims=True)
    loss = -np.mean(np.log(probs[range(n), y]))
    d_logits = probs.copy()
    d_logits[range(n), y] -= 1
    return loss, d_logits / n
""",
    ),
    in_numpy(
        "cross_entropy",
        "softmax down the batch",
        r"axis=|wrong axis|(over|across|down|along|of) the (batch|samples|rows|columns?)|columns?\b"
        r"|each (row|sample)|other (rows|samples)",
        """
def cross_entropy(logits, y):
    shifted = logits - np.max(logits, axis=0)
    probs = np.exp(shifted) / np.sum(np.exp(shifted), axis=0)
    one_hot = np.zeros_like(logits)
    one_hot[np.arange(len(y)), y] = 1
    loss = -np.sum(one_hot * np.log(probs + 1e-12)) / len(y)
    return loss, (probs - one_hot) / len(y)
""",
    ),
    in_numpy(
        "cross_entropy",
        "all rows taken at every right class",
        r"arange|(every|each|all)( of the)? (rows?|pairs?|samples?)|\[:, y\]|other (rows|samples)"
        r"|its own|right classes? of",
        """
def cross_entropy(logits, y):
    N = len(y)
    a = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[:, y] + 1e-12))
    d = p.copy()
    d[:, y] -= 1
    return loss, d / N
""",
    ),
    one(
        "cross_entropy",
        "gradient of the loss by the probabilities",
        r"(respect to|of|by|for|at) the probabilit|chain rule|(through|derivative of) the softmax"
        r"|softmax.*(left out|skipped|missing)|1 / p|divided by (the|its) probab",
        """
def cross_entropy(logits, y):
    n, k = logits.shape
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    t = np.eye(k)[y]
    p = np.clip(p, 1e-7, 1)
    loss = -(t * np.log(p)).sum() / n
    d_logits = -t / p / n
    return loss, d_logits
""",
    ),
    one(
        "cross_entropy",
        "mean over the classes as well",
        r"number of classes|over (all )?(the )?(classes|logits)|classes,? (too|as well)|also.*class"
        r"|batch and (the )?classes|by the size|classes times|(all|every|each) (the )?logits?",
        """
def cross_entropy(logits, y):
    one_hot = np.eye(logits.shape[1])[y]
    z = logits - logits.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    loss = -np.mean(one_hot * log_p)
    return loss, (np.exp(log_p) - one_hot) / log_p.size
""",
    ),
    in_numpy(
        "cross_entropy",
        "largest logit subtracted in place",
        r"in place|chang(e|es|ed) (its|the|an|your) argument|overwr|-=|argument.*chang",
        """
def cross_entropy(logits, y):
    logits -= logits.max(axis=1, keepdims=True)
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    right = np.eye(p.shape[1])[y]
    loss = np.mean(np.log(np.exp(logits).sum(axis=1)) - np.sum(right * logits, axis=1))
    return loss, (p - right) / len(y)
""",
    ),
    two(
        "cross_entropy",
        "gradient with its sign turned, not divided by the batch",
        both(
            r"\bsign|minus|negative|\bturned|right - |less the prob",
            r"\bdivid|\bbatch\b|\bmean\b|\bsum\b|\bN\b|number of (rows|samples)",
        ),
        """
def cross_entropy(logits, y):
    n_classes = logits.shape[1]
    logits = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits).sum(axis=1, keepdims=True))
    target = np.eye(n_classes)[y]
    loss = -np.mean(np.sum(target * (logits - log_sum), axis=1))
    return loss, target - np.exp(logits - log_sum)
""",
    ),
    two(
        "cross_entropy",
        "logarithm to the base 2, mean taken over the classes in the gradient",
        both(
            r"log2|\bbase\b|natural|\bln\b|\bbits\b|logarithm",
            r"number of classes|over the classes|by the classes|classes.*(divid|batch)"
            r"|(divid|batch).*classes",
        ),
        """
def cross_entropy(logits, y):
    batch, classes = logits.shape
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = 0
    for n in range(batch):
        loss -= np.log2(p[n, y[n]])
        p[n, y[n]] -= 1
    return loss / batch, p / classes
""",
    ),
    one(
        "masked_gradients",
        "mask forgotten on the way back",
        r"\bmask\b.*(backward|way back|\bgradient)|(backward|way back).*\b(mask|masked|padding)\b"
        r"|(masked|padded) steps?\b.*(\bgradient|\bback)|\bgradients?\b.*(masked|padded) step"
        r"|padding\b.*\bgradient",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    n = recurrent_kernel.shape[0]
    h = np.zeros((x.shape[0], n))
    c = np.zeros((x.shape[0], n))
    caches = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        i = 1 / (1 + np.exp(-z[:, :n]))
        f = 1 / (1 + np.exp(-z[:, n:2*n]))
        g = np.tanh(z[:, 2*n:3*n])
        o = 1 / (1 + np.exp(-z[:, 3*n:]))
        c_new = f * c + i * g
        caches.append((x[:, t], h, c, i, f, g, o, c_new))
        real = mask[:, t][:, None]
        h = np.where(real, o * np.tanh(c_new), h)
        c = np.where(real, c_new, c)
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d = cross_entropy(h @ dense_kernel + dense_bias, y)
    d_dense_kernel, d_dense_bias = h.T @ d, d.sum(axis=0)
    dh = d @ dense_kernel.T
    dc = np.zeros_like(dh)
    dW, dU, db = np.zeros_like(kernel), np.zeros_like(recurrent_kernel), np.zeros_like(bias)
    for x_t, h_prev, c_prev, i, f, g, o, c in reversed(caches):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dz = np.concatenate([
            dc * g * i * (1 - i),
            dc * c_prev * f * (1 - f),
            dc * i * (1 - g ** 2),
            dh * np.tanh(c) * o * (1 - o),
        ], axis=1)
        dW += x_t.T @ dz
        dU += h_prev.T @ dz
        db += dz.sum(axis=0)
        dh = dz @ recurrent_kernel.T
        dc = dc * f
    return loss, [dW, dU, db, d_dense_kernel, d_dense_bias]
""",
    ),
    one(
        "masked_gradients",
        "cell state goes on at masked steps",
        both(r"\bcell\b", r"\bmask\b|masked step|padding"),
        """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def masked_forward(x, mask, W, U, b):
    h = np.zeros((len(x), len(U)))
    c = np.zeros((len(x), len(U)))
    caches = []
    for t in range(x.shape[1]):
        keep = mask[:, t, None]
        i, f, g, o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c_prev, h_prev = c, h
        c = f * c_prev + i * g
        h = np.where(keep, o * np.tanh(c), h_prev)
        caches.append((x[:, t], keep, h_prev, c_prev, i, f, g, o, np.tanh(c)))
    return h, caches


def masked_gradients(weights, x, mask, y):
    W, U, b, V, d = weights
    h, caches = masked_forward(x, mask, W, U, b)
    loss, d_logits = cross_entropy(h @ V + d, y)
    dV, dd = h.T @ d_logits, d_logits.sum(axis=0)
    dh = d_logits @ V.T
    dc = np.zeros_like(dh)
    dW, dU, db = 0, 0, 0
    for x_t, keep, h_prev, c_prev, i, f, g, o, tanh_c in caches[::-1]:
        dc_t = dc + dh * o * (1 - tanh_c ** 2)
        dz = np.hstack([dc_t * g * i * (1 - i), dc_t * c_prev * f * (1 - f),
                        dc_t * i * (1 - g ** 2), dh * tanh_c * o * (1 - o)])
        dz = dz * keep
        dW, dU, db = dW + x_t.T @ dz, dU + h_prev.T @ dz, db + dz.sum(axis=0)
        dh = np.where(keep, dz @ U.T, dh)
        dc = np.where(keep, dc_t * f, dc)
    return loss, [dW, dU, db, dV, dd]
""",
    ),
    one(
        "masked_gradients",
        "states multiplied by the mask",
        r"\bzeros?\b|\breset\b|set to 0|multipl|\beras|become 0|\bstates?\b.*(stay|kept|keep|lost)",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    batch, time, _ = x.shape
    units = len(recurrent_kernel)
    h, c = np.zeros((batch, units)), np.zeros((batch, units))
    caches = []
    sig = lambda a: 1 / (1 + np.exp(-a))
    for t in range(time):
        m = mask[:, t:t + 1].astype(float)
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, o = sig(z[:, :units]), sig(z[:, units:2 * units]), sig(z[:, 3 * units:])
        g = np.tanh(z[:, 2 * units:3 * units])
        new_c = f * c + i * g
        caches.append((x[:, t], m, h, c, i, f, g, o, new_c))
        c = new_c * m
        h = o * np.tanh(new_c) * m
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    grads = [np.zeros_like(w) for w in weights]
    grads[3] = h.T @ d_logits
    grads[4] = d_logits.sum(axis=0)
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    for xt, m, hp, cp, i, f, g, o, c in caches[::-1]:
        dh, dc = dh * m, dc * m
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dz = np.concatenate((dc * g * i * (1 - i), dc * cp * f * (1 - f),
                             dc * i * (1 - g * g), dh * np.tanh(c) * o * (1 - o)), axis=1)
        grads[0] = grads[0] + xt.T @ dz
        grads[1] = grads[1] + hp.T @ dz
        grads[2] = grads[2] + dz.sum(axis=0)
        dh = dz @ recurrent_kernel.T
        dc = dc * f
    return loss, grads
""",
    ),
    one(
        "masked_gradients",
        "gradients end at a masked step",
        r"pass(es|ed)? (it |them |nothing )?(on|through|back)|arriv|(get|is|are) lost"
        r"|(stops?|ends?) at|(through|across|over|before) (a |the )?(masked|padded) step",
        """
def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    d_dense = [h.T @ d_logits, d_logits.sum(axis=0)]
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    d_kernel = np.zeros_like(kernel)
    d_recurrent = np.zeros_like(recurrent_kernel)
    d_bias = np.zeros_like(bias)
    for x_t, real, h_prev, c_prev, gates, tanh_c in reversed(caches):
        i, f, g, o = gates
        dc = dc + dh * o * (1 - tanh_c**2)
        di = dc * g * i * (1 - i)
        df = dc * c_prev * f * (1 - f)
        dg = dc * i * (1 - g**2)
        do = dh * tanh_c * o * (1 - o)
        dz = np.hstack([di, df, dg, do]) * real
        d_kernel += x_t.T @ dz
        d_recurrent += h_prev.T @ dz
        d_bias += dz.sum(axis=0)
        dh = dz @ recurrent_kernel.T
        dc = dc * f * real
    return loss, [d_kernel, d_recurrent, d_bias, *d_dense]
""",
    ),
    one(
        "masked_gradients",
        "cell state's gradient goes through the forget gate at masked steps",
        both(r"\b(cell|dc)\b", r"\bmask\b|masked step|padding|pass(es|ed)? (it )?on|arriv"),
        """
def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h_last, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h_last @ dense_kernel + dense_bias, y)
    dh = d_logits @ dense_kernel.T
    dc = 0 * dh
    gk, gr, gb = 0 * kernel, 0 * recurrent_kernel, 0 * bias
    for now, real, h, c, (i, f, g, o), tc in caches[::-1]:
        dc = dc + np.where(real, dh * o * (1 - tc * tc), 0)
        dz = np.concatenate([dc * g * i * (1 - i), dc * c * f * (1 - f),
                             dc * i * (1 - g * g), dh * tc * o * (1 - o)], axis=1)
        dz = np.where(real, dz, 0)
        gk = gk + now.T @ dz
        gr = gr + h.T @ dz
        gb = gb + dz.sum(0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = dc * f
    return loss, [gk, gr, gb, h_last.T @ d_logits, d_logits.sum(0)]
""",
    ),
    one(
        "masked_gradients",
        "inputs set to zero in place of a mask",
        r"\bstates?\b.*(chang|goes? on|kept|\bkeep|\bstay)|zeros?\b.*\b(inputs?|x)\b"
        r"|\b(inputs?|x)\b.*\bzeros?\b|\bmask\b.*(ignor|no effect|not used|left out)"
        r"|ignor.*\bmask\b",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    units = recurrent_kernel.shape[0]
    x = x * mask[:, :, None]
    h = np.zeros((x.shape[0], units))
    c = np.zeros((x.shape[0], units))
    caches = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        zi, zf, zg, zo = np.split(z, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-a)) for a in (zi, zf, zo))
        g = np.tanh(zg)
        c_next = f * c + i * g
        caches.append((x[:, t], h, c, c_next, i, f, g, o))
        c = c_next
        h = o * np.tanh(c)
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    d_dense_kernel = h.T @ d_logits
    d_dense_bias = d_logits.sum(axis=0)
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    d_k, d_r, d_b = 0, 0, 0
    for x_t, h_prev, c_prev, c, i, f, g, o in reversed(caches):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        dz = np.hstack((dc * g * i * (1 - i), dc * c_prev * f * (1 - f),
                        dc * i * (1 - g ** 2), dh * np.tanh(c) * o * (1 - o)))
        d_k = d_k + x_t.T @ dz
        d_r = d_r + h_prev.T @ dz
        d_b = d_b + dz.sum(axis=0)
        dh, dc = dz @ recurrent_kernel.T, dc * f
    return loss, [d_k, d_r, d_b, d_dense_kernel, d_dense_bias]
""",
    ),
    in_numpy(
        "masked_gradients",
        "column of the mask without its second axis",
        r"\[:, None\]|newaxis|\(batch, 1\)|\bmask\b.*(axis|axes|shape|column)|expand_dims|keepdims"
        r"|\bmask\b.*one number for each",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    h = c = np.zeros((len(x), len(recurrent_kernel)))
    caches = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, g, o = np.split(z, 4, axis=1)
        i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
        g = np.tanh(g)
        c_new = f * c + i * g
        h_new = o * np.tanh(c_new)
        caches.append((x[:, t], mask[:, t], h, c, (i, f, g, o), np.tanh(c_new)))
        h = np.where(mask[:, t], h_new, h)
        c = np.where(mask[:, t], c_new, c)
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d = cross_entropy(h @ dense_kernel + dense_bias, y)
    dense = [h.T @ d, d.sum(axis=0)]
    dh = d @ dense_kernel.T
    dc = np.zeros_like(dh)
    dW, dU, db = 0, 0, 0
    for x_t, m, h, c, (i, f, g, o), tc in caches[::-1]:
        at_c = dc + dh * o * (1 - tc ** 2)
        dz = np.hstack([at_c * g * i * (1 - i), at_c * c * f * (1 - f),
                        at_c * i * (1 - g ** 2), dh * tc * o * (1 - o)])
        dz[~m] = 0
        dW, dU, db = dW + x_t.T @ dz, dU + h.T @ dz, db + dz.sum(axis=0)
        dh = np.where(m, dz @ recurrent_kernel.T, dh)
        dc = np.where(m, at_c * f, dc)
    return loss, [dW, dU, db, *dense]
""",
    ),
    in_numpy(
        "masked_gradients",
        "states in the caches overwritten in place",
        r"in place|overwr|cop(y|ies)\b|same array|one array|(last|later|new|final) (h|c|states?)\b"
        r"|(h|c|states?) (of|at) the (last|end)|h_prev|\bprevious\b|before (the|each|this) step"
        r"|\bh_\{?t-1",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    n = len(recurrent_kernel)
    h = np.zeros((len(x), n))
    c = np.zeros((len(x), n))
    caches = []
    for t in range(x.shape[1]):
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, o = [1 / (1 + np.exp(-z[:, k*n:(k+1)*n])) for k in (0, 1, 3)]
        g = np.tanh(z[:, 2*n:3*n])
        new_c = f * c + i * g
        new_h = o * np.tanh(new_c)
        real = mask[:, t]
        caches.append((x[:, t], real, h, c, i, f, g, o, np.tanh(new_c)))
        h[real] = new_h[real]
        c[real] = new_c[real]
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    dW, dU, db = np.zeros_like(kernel), np.zeros_like(recurrent_kernel), np.zeros_like(bias)
    for x_t, real, h_prev, c_prev, i, f, g, o, tc in reversed(caches):
        real = real[:, None]
        dct = dc + dh * o * (1 - tc**2)
        dz = np.hstack([dct * g * i * (1 - i), dct * c_prev * f * (1 - f),
                        dct * i * (1 - g**2), dh * tc * o * (1 - o)]) * real
        dW += x_t.T @ dz
        dU += h_prev.T @ dz
        db += dz.sum(axis=0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = np.where(real, dct * f, dc)
    return loss, [dW, dU, db, h.T @ d_logits, d_logits.sum(axis=0)]
""",
    ),
    in_numpy(
        "masked_gradients",
        "way back ends before the first step",
        r"first step|step 0|t = 0\b|x_0|\brange\b|(every|all|each) steps?|one step (is )?(missing"
        r"|too few|short)|x\[:, 0\]",
        """
def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    T = x.shape[1]
    h_T, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h_T @ dense_kernel + dense_bias, y)
    dW = np.zeros(kernel.shape)
    dU = np.zeros(recurrent_kernel.shape)
    db = np.zeros(bias.shape)
    dV = h_T.T @ d_logits
    dd = d_logits.sum(axis=0)
    dh = d_logits @ dense_kernel.T
    dc = np.zeros(dh.shape)
    for t in range(T - 1, 0, -1):
        x_t, real, h, c, (i, f, g, o), tanh_c = caches[t]
        dct = dc + dh * o * (1 - tanh_c ** 2)
        dz_i = dct * g * i * (1 - i)
        dz_f = dct * c * f * (1 - f)
        dz_g = dct * i * (1 - g ** 2)
        dz_o = dh * tanh_c * o * (1 - o)
        dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1) * real
        dW += x_t.T @ dz
        dU += h.T @ dz
        db += dz.sum(axis=0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = np.where(real, dct * f, dc)
    return loss, [dW, dU, db, dV, dd]
""",
    ),
    one(
        "masked_gradients",
        "mask taken for padding in front, its False steps counted",
        r"any step|in front|\b(middle|between|inside)\b|\bcount|where(ver)? (it|the mask)"
        r"|after (the|a) first (real|True|frame)|positions? of",
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    units, time = recurrent_kernel.shape[0], x.shape[1]
    h = np.zeros((x.shape[0], units), x.dtype)
    c = np.zeros((x.shape[0], units), x.dtype)
    n_pad = time - mask.sum(axis=1)
    caches = []
    for t in range(time):
        real = (t >= n_pad)[:, None]
        z = x[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, g, o = np.split(z, 4, axis=1)
        i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
        g = np.tanh(g)
        new_c = f * c + i * g
        caches.append((x[:, t], real, h, c, (i, f, g, o), np.tanh(new_c)))
        h = np.where(real, o * np.tanh(new_c), h)
        c = np.where(real, new_c, c)
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    dense = [h.T @ d_logits, d_logits.sum(axis=0)]
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    dW, dU, db = 0, 0, 0
    for x_t, real, h, c, (i, f, g, o), tc in caches[::-1]:
        d = dc + dh * o * (1 - tc ** 2)
        dz = np.hstack([d * g * i * (1 - i), d * c * f * (1 - f), d * i * (1 - g ** 2),
                        dh * tc * o * (1 - o)]) * real
        dW, dU, db = dW + x_t.T @ dz, dU + h.T @ dz, db + dz.sum(axis=0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = np.where(real, d * f, dc)
    return loss, [dW, dU, db, *dense]
""",
    ),
    one(
        "masked_gradients",
        "masked steps counted in the gradient of the bias",
        r"\bbias\b.*\b(mask|masked|padding|padded)\b|\b(mask|masked|padding|padded)\b.*\bbias\b",
        """
def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h_end, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h_end @ dense_kernel + dense_bias, y)
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    d_kernel, d_recurrent, d_bias = 0, 0, 0
    for x_t, real, h, c, (i, f, g, o), tc in caches[::-1]:
        dc_t = dc + dh * o * (1 - tc**2)
        dz = np.hstack([
            dc_t * g * i * (1 - i),
            dc_t * c * f * (1 - f),
            dc_t * i * (1 - g**2),
            dh * tc * o * (1 - o),
        ])
        d_kernel = d_kernel + (x_t * real).T @ dz
        d_recurrent = d_recurrent + (h * real).T @ dz
        d_bias = d_bias + dz.sum(axis=0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = np.where(real, dc_t * f, dc)
    return loss, [d_kernel, d_recurrent, d_bias, h_end.T @ d_logits, d_logits.sum(axis=0)]
""",
    ),
    two(
        "masked_gradients",
        "mask the wrong way round, gradients of the dense layer first",
        both(
            r"invert|opposite|\bturned|(wrong|other) way|True (where|for|at|means)|exchang|negat"
            r"|False (where|for|at|means)",
            r"order\b|dense.*\bfirst\b|\bfirst\b.*dense|swap|\bplaces?\b",
        ),
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    h = c = np.zeros((len(x), len(recurrent_kernel)))
    caches = []
    for t in range(x.shape[1]):
        masked = mask[:, t][:, None]
        i, f, g, o = np.split(x[:, t] @ kernel + h @ recurrent_kernel + bias, 4, axis=1)
        i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
        g = np.tanh(g)
        c_new = f * c + i * g
        caches.append((x[:, t], masked, h, c, i, f, g, o, np.tanh(c_new)))
        h = np.where(masked, h, o * np.tanh(c_new))
        c = np.where(masked, c, c_new)
    return h, caches


def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    loss, d_logits = cross_entropy(h @ dense_kernel + dense_bias, y)
    gradients = [h.T @ d_logits, d_logits.sum(axis=0)]
    dh = d_logits @ dense_kernel.T
    dc = np.zeros_like(dh)
    dW, dU, db = 0, 0, 0
    for x_t, masked, h, c, i, f, g, o, tc in caches[::-1]:
        d = dc + dh * o * (1 - tc ** 2)
        dz = np.hstack([d * g * i * (1 - i), d * c * f * (1 - f), d * i * (1 - g ** 2),
                        dh * tc * o * (1 - o)])
        dz = np.where(masked, 0, dz)
        dW, dU, db = dW + x_t.T @ dz, dU + h.T @ dz, db + dz.sum(axis=0)
        dh = np.where(masked, dh, dz @ recurrent_kernel.T)
        dc = np.where(masked, dc, d * f)
    gradients += [dW, dU, db]
    return loss, gradients
""",
    ),
    two(
        "masked_gradients",
        "blocks in the order i, f, o, candidate, and a masked step passes nothing on",
        both(
            r"order|(candidate|output gate).*(block|third|last|exchang|swap)|blocks?\b",
            r"pass(es|ed)? (it |them |nothing )?(on|through|back)|arriv|\blost\b|(stops?|ends?) at"
            r"|(through|across|over) (a |the )?masked step|\bmasked steps?\b",
        ),
        """
def masked_forward(x, mask, kernel, recurrent_kernel, bias):
    n = recurrent_kernel.shape[0]
    h, c = np.zeros((len(x), n)), np.zeros((len(x), n))
    caches = []
    for t in range(x.shape[1]):
        a = x[:, t] @ kernel + h @ recurrent_kernel + bias
        ifo = 1 / (1 + np.exp(-a[:, :3*n]))
        g = np.tanh(a[:, 3*n:])
        c_new = ifo[:, n:2*n] * c + ifo[:, :n] * g
        m = mask[:, t:t+1]
        caches.append((x[:, t], m, h, c, ifo, g, c_new))
        h = np.where(m, ifo[:, 2*n:] * np.tanh(c_new), h)
        c = np.where(m, c_new, c)
    return h, caches


def masked_gradients(weights, x, mask, y):
    W, U, b, V, e = weights
    n = U.shape[0]
    h, caches = masked_forward(x, mask, W, U, b)
    loss, dl = cross_entropy(h @ V + e, y)
    dV, de = h.T @ dl, dl.sum(axis=0)
    dh = dl @ V.T
    dc = np.zeros_like(dh)
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    for xt, m, hp, cp, ifo, g, c in caches[::-1]:
        i, f, o = ifo[:, :n], ifo[:, n:2*n], ifo[:, 2*n:]
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        da = np.hstack([dc * g, dc * cp, dh * np.tanh(c), dc * i])
        da[:, :3*n] *= ifo * (1 - ifo)
        da[:, 3*n:] *= 1 - g ** 2
        da = da * m
        dW += xt.T @ da
        dU += hp.T @ da
        db += da.sum(axis=0)
        dh = da @ U.T
        dc = dc * f * m
    return loss, [dW, dU, db, dV, de]
""",
    ),
    two(
        "masked_gradients",
        "mean squared error of the old notebook, mean over the batch for the dense bias",
        both(
            r"squared|cross-entropy|softmax|probabilit",
            r"dense_bias|bias of the dense|over the batch|averag|\bsum\b",
        ),
        """
def masked_gradients(weights, x, mask, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h_last, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    predicted = h_last @ dense_kernel + dense_bias
    target = np.eye(len(dense_bias))[y]
    loss = np.mean((predicted - target) ** 2)
    d_predicted = 2 * (predicted - target) / target.size
    dh = d_predicted @ dense_kernel.T
    dc = np.zeros_like(dh)
    d_kernel, d_recurrent, d_bias = 0, 0, 0
    for x_t, real, h, c, (i, f, g, o), tc in caches[::-1]:
        dct = dc + dh * o * (1 - tc**2)
        dz = real * np.hstack([dct * g * i * (1 - i), dct * c * f * (1 - f),
                               dct * i * (1 - g**2), dh * tc * o * (1 - o)])
        d_kernel = d_kernel + x_t.T @ dz
        d_recurrent = d_recurrent + h.T @ dz
        d_bias = d_bias + dz.sum(axis=0)
        dh = np.where(real, dz @ recurrent_kernel.T, dh)
        dc = np.where(real, dct * f, dc)
    d_dense_bias = d_predicted.mean(axis=0)
    return loss, [d_kernel, d_recurrent, d_bias, h_last.T @ d_predicted, d_dense_bias]
""",
    ),
    one(
        "accuracy",
        "right rows counted",
        r"\bcount|\bnumber of (right|rows|answers|correct)|\bshare\b|\bdivid|\bmean\b|0 to 1",
        """
def accuracy(weights, rows, y):
    x, mask = pad_rows(rows)
    h, _ = masked_forward(x, mask, *weights[:3])
    logits = h @ weights[3] + weights[4]
    correct = 0
    for n in range(len(rows)):
        if np.argmax(logits[n]) == y[n]:
            correct += 1
    return correct
""",
    ),
    in_numpy(
        "accuracy",
        "argmax over the rows",
        r"axis=|argmax|(over|across|down|along) the (rows|batch|samples)|columns?\b|for each class"
        r"|largest (logit )?of (each|a|every) (row|class)",
        """
def accuracy(weights, rows, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    x, mask = pad_rows(rows)
    h, caches = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    named = (h @ dense_kernel + dense_bias).argmax(axis=0)
    right = 0
    for a, b in zip(named, y):
        right += a == b
    return right / len(y)
""",
    ),
    one(
        "accuracy",
        "a mask of nothing but True",
        r"\bmask\b|padding|padded|zeros in front",
        """
def accuracy(weights, rows, y):
    *lstm, dense_kernel, dense_bias = weights
    x, _ = pad_rows(rows)
    h, _ = masked_forward(x, np.ones(x.shape[:2], dtype=bool), *lstm)
    predicted = np.argmax(h @ dense_kernel + dense_bias, axis=1)
    return (predicted == y).mean()
""",
    ),
    in_numpy(
        "accuracy",
        "number of the largest among all logits of the batch",
        r"axis=|axis is missing|without (an? )?axis|flat|all (the )?(rows|logits)|argmax"
        r"|whole (array|batch)|(each|every) row",
        """
def accuracy(weights, rows, y):
    h, _ = masked_forward(*pad_rows(rows), *weights[:3])
    prediction = np.argmax(h @ weights[3] + weights[4])
    return np.mean(prediction == y)
""",
    ),
    one(
        "accuracy",
        "share of the wrong rows",
        r"\bwrong\W+(ones|answers?|rows?)|\berrors?\b|\bopposite|1 minus|1 - |invert|not right|!="
        r"|complement",
        """
def accuracy(weights, rows, y):
    W, U, b, V, c = weights
    x, mask = pad_rows(rows)
    h = masked_forward(x, mask, W, U, b)[0]
    scores = h @ V + c
    return np.count_nonzero(scores.argmax(axis=1) - y) / len(y)
""",
    ),
    in_numpy(
        "accuracy",
        "whole-number division",
        r"whole number|integer|\bround|//|\bfloor",
        """
def accuracy(weights, rows, y):
    x, mask = pad_rows(rows)
    h, _ = masked_forward(x, mask, weights[0], weights[1], weights[2])
    guesses = np.argmax(h @ weights[3] + weights[4], axis=1)
    return np.sum(guesses == y) // len(rows)
""",
    ),
    two(
        "accuracy",
        "classes counted from 1, percent",
        both(
            r"from (0|1)\b|\+ 1|one too (high|large|many)|next class|shifted|off by one",
            r"percent|\b100\b|0 to 1",
        ),
        """
def accuracy(weights, rows, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    x, mask = pad_rows(rows)
    h, _ = masked_forward(x, mask, kernel, recurrent_kernel, bias)
    speakers = np.argmax(h @ dense_kernel + dense_bias, axis=1) + 1
    return 100 * np.mean(speakers == y)
""",
    ),
    one(
        "train_network",
        "the last speaker of a row as its answer",
        r"\blast (speaker|utterance|voice|person|one)|spoke last|speaks last|at the \W?end\W? of"
        r" (the|a) row|(other|another|different) (speaker|person|voice)|someone else",
        """
def draw_rows(utterances, speakers, lag, count, rng):
    rows, y = [], []
    for _ in range(count):
        k = rng.integers(len(utterances))
        row = [utterances[k]]
        total = 0
        while total < lag:
            k = rng.integers(len(utterances))
            part = utterances[k][:lag - total]
            row.append(part)
            total += len(part)
        rows.append(np.concatenate(row))
        y.append(speakers[k])
    return rows, np.array(y)


def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(1)
    units = 12
    weights = [
        rng.normal(scale=0.3, size=(12, 4 * units)),
        rng.normal(scale=0.2, size=(units, 4 * units)),
        np.repeat([-3.0, 3.0, 0.0, 0.0], units),
        rng.normal(scale=0.3, size=(units, 9)),
        np.zeros(9),
    ]
    m = [0 * w for w in weights]
    v = [0 * w for w in weights]
    for t in range(1, 61):
        rows, y = draw_rows(utterances, speakers, lag, 20, rng)
        x, mask = pad_rows(rows)
        loss, grads = masked_gradients(weights, x, mask, y)
        m = [0.9 * a + 0.1 * g for a, g in zip(m, grads)]
        v = [0.999 * b + 0.001 * g ** 2 for b, g in zip(v, grads)]
        lr = 0.01 * np.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
        weights = [w - lr * a / (np.sqrt(b) + 1e-7) for w, a, b in zip(weights, m, v)]
    return weights
""",
    ),
    one(
        "train_network",
        "all weights zero at the beginning",
        r"\bzeros?\b|symmetr|all (are )?(equal|alike|the same)|identical|(units|weights).*(equal"
        r"|alike|same)|all 0\b|draw.*weights",
        """
def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(7)
    units = 16
    features = utterances[0].shape[1]
    weights = [
        np.zeros((features, 4 * units)),
        np.zeros((units, 4 * units)),
        np.zeros(4 * units),
        np.zeros((units, 9)),
        np.zeros(9),
    ]
    for update in range(60):
        first = rng.integers(len(utterances), size=20)
        rows = []
        for k in first:
            others = rng.permutation(len(utterances))[:lag + 1]
            rest = np.concatenate([utterances[j] for j in others])
            rows.append(np.concatenate([utterances[k], rest[:lag]]))
        x, mask = pad_rows(rows)
        _, gradients = masked_gradients(weights, x, mask, speakers[first])
        weights = [w - 0.1 * g for w, g in zip(weights, gradients)]
    return weights
""",
    ),
    in_numpy(
        "train_network",
        "updates bound to the name of the loop alone",
        r"untrained|(not|never|hardly) (been )?(changed?|updated?|learn(ed|t)?|trained)|unchanged"
        r"|as they (were|began)|(weights|arrays) (are |stay )?still|(learn|train)\w* nothing"
        r"|no update",
        """
def make_batch(utterances, speakers, lag, n, rng):
    y = rng.choice(len(utterances), n)
    rows = []
    for k in y:
        tail = np.vstack([utterances[j] for j in rng.choice(len(utterances), lag + 1)])[:lag]
        rows.append(np.vstack([utterances[k], tail]))
    return rows, speakers[y]


def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(0)
    n = 16
    kernel = rng.normal(size=(12, 4 * n)) * 0.2
    recurrent_kernel = rng.normal(size=(n, 4 * n)) * 0.2
    bias = np.concatenate([np.full(n, -3.0), np.full(n, 3.0), np.zeros(2 * n)])
    dense_kernel = rng.normal(size=(n, 9)) * 0.2
    dense_bias = np.zeros(9)
    weights = [kernel, recurrent_kernel, bias, dense_kernel, dense_bias]
    for epoch in range(60):
        rows, y = make_batch(utterances, speakers, lag, 20, rng)
        loss, grads = masked_gradients(weights, *pad_rows(rows), y)
        for w, g in zip(weights, grads):
            w = w - 0.05 * g
    return weights
""",
    ),
    in_numpy(
        "train_network",
        "weights returned together with the losses",
        r"tuple|losses|\balone\b|\bfive\b|two (things|values|results)|\b5 arrays|not (only )?the"
        r" weights",
        """
def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(3)
    units = 10
    weights = [
        rng.uniform(-0.3, 0.3, (12, 4 * units)),
        rng.uniform(-0.3, 0.3, (units, 4 * units)),
        np.repeat([-3.0, 3.0, 0.0, 0.0], units),
        rng.uniform(-0.3, 0.3, (units, 9)),
        np.zeros(9),
    ]
    losses = []
    for i in range(30):
        firsts = rng.integers(len(utterances), size=16)
        rows = []
        for k in firsts:
            others = rng.permutation(len(utterances))[:lag + 1]
            after = np.concatenate([utterances[j] for j in others])[:lag]
            rows.append(np.concatenate([utterances[k], after]))
        loss, grads = masked_gradients(weights, *pad_rows(rows), speakers[firsts])
        losses.append(loss)
        weights = [w - 0.1 * g for w, g in zip(weights, grads)]
    return weights, losses
""",
    ),
    two(
        "train_network",
        "gradient added, rows without the others",
        both(
            r"\bsign|ascent|uphill|\badd(s|ed)?\b|against|(wrong|other) (direction|way)|minus",
            r"\blag\b|(others?|other people|frames) (that )?follow|without (the )?others"
            r"|first utterance alone",
        ),
        """
def train_network(utterances, speakers, lag):
    rng = np.random.default_rng(5)
    units = 16
    weights = [
        0.2 * rng.standard_normal((12, 4 * units)),
        0.2 * rng.standard_normal((units, 4 * units)),
        np.repeat([-3.0, 3.0, 0.0, 0.0], units),
        0.2 * rng.standard_normal((units, 9)),
        np.zeros(9),
    ]
    for step in range(60):
        picked = rng.integers(0, len(utterances), 20)
        rows = [utterances[k] for k in picked]
        x, mask = pad_rows(rows)
        loss, gradients = masked_gradients(weights, x, mask, speakers[picked])
        norm = np.sqrt(sum((g ** 2).sum() for g in gradients))
        weights = [w + 0.1 * g / max(1, norm) for w, g in zip(weights, gradients)]
    return weights
""",
    ),
]
