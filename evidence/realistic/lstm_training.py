"""Wrong answers as learners write them, for lstm-training."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "predict",
        "softmax of a classifier at the end",
        r"softmax|activation",
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    logits = h @ dense_kernel + dense_bias
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)
""",
    ),
    one(
        "predict",
        "relu on the hidden state",
        r"relu|negative|\b0 where",
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, _ = lstm_forward(x, kernel, recurrent_kernel, bias)
    h = np.maximum(h, 0)
    return h @ dense_kernel + dense_bias
""",
    ),
    one(
        "predict",
        "hidden states averaged over the steps",
        r"\bmean\b|averag",
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    hs = []
    for t in range(1, x.shape[1] + 1):
        h, _ = lstm_forward(x[:, :t], kernel, recurrent_kernel, bias)
        hs.append(h)
    return np.mean(hs, axis=0) @ dense_kernel + dense_bias
""",
    ),
    one(
        "predict",
        "weights unpacked with the recurrent kernel first",
        r"order|recurrent_kernel.*\bkernel|exchang|swap",
        """
def predict(weights, x):
    recurrent_kernel, kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    return np.dot(h, dense_kernel) + dense_bias
""",
    ),
    in_numpy(
        "predict",
        "caches returned too",
        r"tuple|two (things|values|results)|caches|alone",
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    y_hat = h @ dense_kernel + dense_bias
    return y_hat, caches
""",
    ),
    in_numpy(
        "predict",
        "axes of length one squeezed away",
        r"squeeze|length 1|axes|axis (is|was) (lost|missing|dropped)",
        """
def predict(weights, x):
    h, _ = lstm_forward(x, *weights[:3])
    return np.squeeze(h @ weights[3] + weights[4])
""",
    ),
    in_numpy(
        "predict",
        "dense kernel as PyTorch's Linear holds it",
        r"transpos|\.T\b",
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, _ = lstm_forward(x, kernel, recurrent_kernel, bias)
    return h @ dense_kernel.T + dense_bias
""",
    ),
    two(
        "predict",
        "ported from TensorFlow 1: order i, j, f, o and a forget bias of 1",
        both(r"order|candidate", r"forget"),
        """
def predict(weights, x):
    W, U, b, V, b_out = weights
    n = U.shape[0]
    h = np.zeros((x.shape[0], n))
    c = np.zeros((x.shape[0], n))
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    for t in range(x.shape[1]):
        z = x[:, t] @ W + h @ U + b
        i, j, f, o = np.split(z, 4, axis=1)
        c = sigmoid(f + 1.0) * c + sigmoid(i) * np.tanh(j)
        h = sigmoid(o) * np.tanh(c)
    return h @ V + b_out
""",
    ),
    two(
        "predict",
        "sigmoid at the end, its bias forgotten",
        both(r"sigmoid|activation", r"bias"),
        """
def predict(weights, x):
    kernel, recurrent_kernel, bias, dense_kernel, _ = weights
    h, _ = lstm_forward(x, kernel, recurrent_kernel, bias)
    z = h @ dense_kernel
    return 1 / (1 + np.exp(-z))
""",
    ),
    one(
        "mean_squared_error",
        "absolute error",
        r"absolute|\babs\b|not squared",
        """
def mean_squared_error(predicted, y):
    error = predicted - y
    loss = np.mean(np.abs(error))
    d_predicted = np.sign(error) / error.size
    return loss, d_predicted
""",
    ),
    in_numpy(
        "mean_squared_error",
        "parentheses around the divisor lost",
        r"parenthes|bracket|multipl",
        """
def mean_squared_error(predicted, y):
    N, M = predicted.shape
    loss = np.sum((predicted - y) ** 2) / (N * M)
    d_predicted = 2 * (predicted - y) / N * M
    return loss, d_predicted
""",
    ),
    in_numpy(
        "mean_squared_error",
        "gradient averaged over the batch",
        r"\bmean\b.*gradient|gradient.*(\bmean\b|averag)|averag|over the (batch|samples)",
        """
def mean_squared_error(predicted, y):
    error = predicted - y
    loss = np.mean(error ** 2)
    grad = np.mean(2 * error, axis=0) / error.shape[1]
    return loss, grad
""",
    ),
    two(
        "mean_squared_error",
        "sum over the outputs, sign of the gradient turned",
        both(
            r"number of outputs|over the outputs|only.*(samples|batch)|\boutputs\b",
            r"\bsign|y - |minus",
        ),
        """
def mean_squared_error(predicted, y):
    n = predicted.shape[0]
    loss = np.sum((y - predicted) ** 2) / n
    return loss, 2 * (y - predicted) / n
""",
    ),
    two(
        "mean_squared_error",
        "gradient first, its 2 missing",
        both(r"order|swap|exchang|first", r"factor|\b2 (is|was)|twice|\bhalf\b"),
        """
def mean_squared_error(predicted, y):
    error = predicted - y
    return error / error.size, np.square(error).mean()
""",
    ),
    one(
        "loss_and_gradients",
        "gradients clipped already",
        r"\bclip|limit|shorten|cut off",
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d = mean_squared_error(h @ dense_kernel + dense_bias, y)
    grads = lstm_backward(d @ dense_kernel.T, caches, kernel, recurrent_kernel)
    grads = [*grads, h.T @ d, d.sum(axis=0)]
    return loss, [np.clip(g, -0.5, 0.5) for g in grads]
""",
    ),
    in_numpy(
        "loss_and_gradients",
        "sum over all axes for the bias of the dense layer",
        r"axis=0|one number|each output|all outputs",
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d_y = mean_squared_error(predict(weights, x), y)
    d_lstm = lstm_backward(d_y @ dense_kernel.T, caches, kernel, recurrent_kernel)
    return loss, [*d_lstm, h.T @ d_y, d_y.sum()]
""",
    ),
    in_numpy(
        "loss_and_gradients",
        "mean of h times the summed gradient",
        r"\bmean\b|averag|outer|each sample|own h",
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d = mean_squared_error(h @ dense_kernel + dense_bias, y)
    dW, dU, db = lstm_backward(d @ dense_kernel.T, caches, kernel, recurrent_kernel)
    d_dense_bias = d.sum(axis=0)
    d_dense_kernel = np.outer(h.mean(axis=0), d_dense_bias)
    return loss, [dW, dU, db, d_dense_kernel, d_dense_bias]
""",
    ),
    in_numpy(
        "loss_and_gradients",
        "gradients of the LSTM left as a list in the list",
        r"nested|list (in|of) (a|the|its) list|\bfive\b|unpack|\*",
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d_y = mean_squared_error(h @ dense_kernel + dense_bias, y)
    grads = [lstm_backward(d_y @ dense_kernel.T, caches, kernel, recurrent_kernel)]
    grads.append(h.T @ d_y)
    grads.append(d_y.sum(0))
    return loss, grads
""",
    ),
    in_numpy(
        "loss_and_gradients",
        "dense kernel reshaped in place of transposed",
        r"reshape|transpos",
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    units, outputs = dense_kernel.shape
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d = mean_squared_error(h @ dense_kernel + dense_bias, y)
    dh = d @ dense_kernel.reshape(outputs, units)
    d_k, d_r, d_b = lstm_backward(dh, caches, kernel, recurrent_kernel)
    return loss, [d_k, d_r, d_b, h.T @ d, d.sum(axis=0)]
""",
    ),
    two(
        "loss_and_gradients",
        "dense layer's gradients first, mean over the batch for its bias",
        both(r"order|first|swap|exchang", r"\bmean\b|averag|\bsum"),
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d = mean_squared_error(h @ dense_kernel + dense_bias, y)
    gradients = [h.T @ d, d.mean(axis=0)]
    gradients.extend(lstm_backward(d @ dense_kernel.T, caches, kernel, recurrent_kernel))
    return loss, gradients
""",
    ),
    two(
        "loss_and_gradients",
        "caches turned round, kernel of the dense layer transposed",
        both(r"revers|order|turned|backward", r"transpos"),
        """
def loss_and_gradients(weights, x, y):
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    h, caches = lstm_forward(x, kernel, recurrent_kernel, bias)
    loss, d = mean_squared_error(h @ dense_kernel + dense_bias, y)
    dh = d @ dense_kernel.T
    dW, dU, db = lstm_backward(dh, caches[::-1], kernel, recurrent_kernel)
    return loss, [dW, dU, db, d.T @ h, d.sum(axis=0)]
""",
    ),
    one(
        "clip_gradients",
        "each array held against the global norm",
        r"(all|each|every|any|other|its) (array|norm).*(exceed|norm|limit|shorten)|test|compare",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    if clipnorm is not None:
        return [g * min(1, clipnorm / max(np.linalg.norm(g), 1e-12)) for g in gradients]
    if global_clipnorm is not None:
        total = np.sqrt(sum((g ** 2).sum() for g in gradients))
        clipped = []
        for g in gradients:
            if np.linalg.norm(g) > global_clipnorm:
                g = g * global_clipnorm / total
            clipped.append(g)
        return clipped
    return gradients
""",
    ),
    in_numpy(
        "clip_gradients",
        "spectral norm by ord=2",
        r"spectral|singular|\bord\b|ord=2",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    norms = [np.linalg.norm(g, 2) for g in gradients]
    if clipnorm is not None:
        return [g * min(1.0, clipnorm / max(n, 1e-7)) for g, n in zip(gradients, norms)]
    if global_clipnorm is not None:
        norm = np.linalg.norm(norms, 2)
        return [g * min(1.0, global_clipnorm / max(norm, 1e-7)) for g in gradients]
    return gradients
""",
    ),
    in_numpy(
        "clip_gradients",
        "zeros divided by their norm",
        r"\bnan\b|zeros|0 / 0|division|divid",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    norms = [np.sqrt(np.sum(np.square(g))) for g in gradients]
    if clipnorm is not None:
        return [g / n * np.minimum(n, clipnorm) for g, n in zip(gradients, norms)]
    if global_clipnorm is not None:
        norm = np.sqrt(np.sum(np.square(norms)))
        return [g / norm * np.minimum(norm, global_clipnorm) for g in gradients]
    return gradients
""",
    ),
    in_numpy(
        "clip_gradients",
        "a norm for each column",
        r"column|\beach row|axis=0|along",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    if clipnorm is not None:
        result = []
        for g in gradients:
            norm = np.linalg.norm(g, axis=0)
            result.append(g * np.minimum(1, clipnorm / np.maximum(norm, 1e-7)))
        return result
    if global_clipnorm is not None:
        norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
        if norm > global_clipnorm:
            return [g * global_clipnorm / norm for g in gradients]
    return gradients
""",
    ),
    in_numpy(
        "clip_gradients",
        "gradients joined and not taken apart",
        r"joined|one long|concatenat|\bflat|each in its shape",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    if clipnorm is not None:
        return [g * clipnorm / max(np.linalg.norm(g), clipnorm) for g in gradients]
    if global_clipnorm is not None:
        flat = np.concatenate([g.ravel() for g in gradients])
        norm = np.linalg.norm(flat)
        if norm > global_clipnorm:
            flat = flat * global_clipnorm / norm
        return flat
    return gradients
""",
    ),
    two(
        "clip_gradients",
        "no root, and the two options exchanged",
        both(r"\broot\b|sqrt", r"exchang|swap|other option|other way|own|together"),
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    norms = [np.sum(g ** 2) for g in gradients]
    if clipnorm is not None:
        scale = clipnorm / max(sum(norms), clipnorm)
        return [g * scale for g in gradients]
    if global_clipnorm is not None:
        return [g * global_clipnorm / max(n, global_clipnorm) for g, n in zip(gradients, norms)]
    return gradients
""",
    ),
    one(
        "sgd_step",
        "gradients brought to length one",
        r"length|\bnorm|direction",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    new_weights = []
    for w, g in zip(weights, gradients):
        g = g / (np.linalg.norm(g) + 1e-8)
        new_weights.append(w - learning_rate * g)
    return new_weights
""",
    ),
    one(
        "sgd_step",
        "mean over the number of arrays",
        r"divided|number of arrays|\bmean\b|smaller",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    n = len(gradients)
    return [w - learning_rate / n * g for w, g in zip(weights, gradients)]
""",
    ),
    one(
        "sgd_step",
        "weight decay of another library's example",
        r"decay|shrink|part of the weight",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    weight_decay = 5e-3
    return [w - learning_rate * (g + weight_decay * w) for w, g in zip(weights, gradients)]
""",
    ),
    in_numpy(
        "sgd_step",
        "return inside the loop",
        r"first array|return\b.*loop|too early|one array",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    new = []
    for w, g in zip(weights, gradients):
        new.append(w - learning_rate * g)
        return new
""",
    ),
    in_numpy(
        "sgd_step",
        "lists made into arrays",
        r"for each|list comprehension|different shapes|one array of|zip|each array",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    return list(np.array(weights) - learning_rate * np.array(gradients))
""",
    ),
    two(
        "sgd_step",
        "added, and Adam's learning rate as the default",
        both(r"\bsign|plus|\badd|against|minus", r"learning_rate|default|0\.01|0\.001"),
        """
def sgd_step(weights, gradients, learning_rate=0.001):
    return [w + learning_rate * g for w, g in zip(weights, gradients)]
""",
    ),
    one(
        "adam_step",
        "corrected means handed on",
        r"correct.*(return|hand|kept|pass)|(return|hand|kept).*correct|uncorrected",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new_w, new_m, new_v = [], [], []
    for w, g, mi, vi in zip(weights, gradients, m, v):
        mi = (beta_1 * mi + (1 - beta_1) * g)
        vi = (beta_2 * vi + (1 - beta_2) * g ** 2)
        alpha = learning_rate * np.sqrt(1 - beta_2 ** step) / (1 - beta_1 ** step)
        new_w.append(w - alpha * mi / (np.sqrt(vi) + epsilon))
        new_m.append(mi / (1 - beta_1 ** step))
        new_v.append(vi / (1 - beta_2 ** step))
    return new_w, new_m, new_v
""",
    ),
    one(
        "adam_step",
        "decoupled weight decay of AdamW",
        r"decay|shrink",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    weights = [w - learning_rate * 0.01 * w for w in weights]
    m = [beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients)]
    v = [beta_2 * b + (1 - beta_2) * g**2 for b, g in zip(v, gradients)]
    alpha = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    weights = [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]
    return weights, m, v
""",
    ),
    one(
        "adam_step",
        "maximum of v, as AMSGrad has it",
        r"maximum|larger of|AMSGrad|never (falls|shrinks|becomes smaller)",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = [beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients)]
    v = [np.maximum(b, beta_2 * b + (1 - beta_2) * g**2) for b, g in zip(v, gradients)]
    alpha = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    weights = [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]
    return weights, m, v
""",
    ),
    one(
        "adam_step",
        "corrected v without its root",
        r"\broot\b|sqrt",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new_weights, new_m, new_v = [], [], []
    for w, g, a, b in zip(weights, gradients, m, v):
        a = beta_1 * a + (1 - beta_1) * g
        b = beta_2 * b + (1 - beta_2) * g * g
        a_hat = a / (1 - beta_1 ** step)
        b_hat = b / (1 - beta_2 ** step)
        new_weights.append(w - learning_rate * a_hat / (b_hat + epsilon))
        new_m.append(a)
        new_v.append(b)
    return new_weights, new_m, new_v
""",
    ),
    in_numpy(
        "adam_step",
        "one v for the whole array",
        r"number by number|\bnorm\b|one number|whole array|\bsum\b",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = [beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients)]
    v = [beta_2 * b + (1 - beta_2) * np.sum(g ** 2) for b, g in zip(v, gradients)]
    alpha = learning_rate * np.sqrt(1 - beta_2 ** step) / (1 - beta_1 ** step)
    return [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)], m, v
""",
    ),
    in_numpy(
        "adam_step",
        "generators used up before they are returned",
        r"generator|used up|\bempty|no arrays?\b|\b0 arrays",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = (beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients))
    v = (beta_2 * b + (1 - beta_2) * g**2 for b, g in zip(v, gradients))
    alpha = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    weights = [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]
    return weights, list(m), list(v)
""",
    ),
    in_numpy(
        "adam_step",
        "one list under two names",
        r"same list|one list|twice as many|\b(6|six) arrays|m and v.*same",
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new_weights = []
    new_m = new_v = []
    alpha = learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
    for w, g, a, b in zip(weights, gradients, m, v):
        a = beta_1 * a + (1 - beta_1) * g
        b = beta_2 * b + (1 - beta_2) * g**2
        new_weights.append(w - alpha * a / (np.sqrt(b) + epsilon))
        new_m.append(a)
        new_v.append(b)
    return new_weights, new_m, new_v
""",
    ),
    two(
        "adam_step",
        "ported from RMSprop: no correction, epsilon under the root",
        both(r"correct|1 - beta_.\*\*|alpha", r"epsilon|under the root"),
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m = [beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients)]
    v = [beta_2 * b + (1 - beta_2) * g ** 2 for b, g in zip(v, gradients)]
    weights = [w - learning_rate * a / np.sqrt(b + epsilon) for w, a, b in zip(weights, m, v)]
    return weights, m, v
""",
    ),
    two(
        "adam_step",
        "betas exchanged in the means, epsilon beside the corrected root",
        both(r"beta.*(exchang|swap|place|other)|(exchang|swap).*beta", r"epsilon|corrected v"),
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    new_weights, new_m, new_v = [], [], []
    for w, g, a, b in zip(weights, gradients, m, v):
        a = beta_2 * a + (1 - beta_2) * g
        b = beta_1 * b + (1 - beta_1) * g ** 2
        a_hat = a / (1 - beta_2 ** step)
        b_hat = b / (1 - beta_1 ** step)
        new_weights.append(w - learning_rate * a_hat / (np.sqrt(b_hat) + epsilon))
        new_m.append(a)
        new_v.append(b)
    return new_weights, new_m, new_v
""",
    ),
    two(
        "adam_step",
        "state returned first, old m in the step",
        both(r"order|first|exchang|swap", r"old m|new m|before.*\bm\b"),
        """
def adam_step(weights, gradients, m, v, step, learning_rate=0.001,
              beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    alpha = learning_rate * np.sqrt(1 - beta_2 ** step) / (1 - beta_1 ** step)
    v = [beta_2 * b + (1 - beta_2) * g ** 2 for b, g in zip(v, gradients)]
    weights = [w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]
    m = [beta_1 * a + (1 - beta_1) * g for a, g in zip(m, gradients)]
    return m, v, weights
""",
    ),
    one(
        "train",
        "one loss for each epoch, their mean",
        r"epoch",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    history, step = [], 0
    for epoch in range(epochs):
        batch_losses = []
        for i in range(0, len(x), batch_size):
            step += 1
            loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            weights, m, v = adam_step(weights, grads, m, v, step, learning_rate)
            batch_losses.append(loss)
        history.append(np.mean(batch_losses))
    return weights, np.array(history)
""",
    ),
    one(
        "train",
        "rows shuffled in every epoch",
        r"shuffl|in their order|order of the rows|other rows",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    rng = np.random.default_rng(0)
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses, t = [], 0
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for i in range(0, len(x), batch_size):
            idx = order[i:i + batch_size]
            t += 1
            loss, grads = loss_and_gradients(weights, x[idx], y[idx])
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            weights, m, v = adam_step(weights, grads, m, v, t, learning_rate)
            losses.append(loss)
    return weights, np.array(losses)
""",
    ),
    one(
        "train",
        "m and v unpacked the other way round",
        r"m and v|v and m|exchang|swap|other way round",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses, step = [], 1
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            weights, v, m = adam_step(weights, grads, m, v, step, learning_rate)
            losses.append(loss)
            step += 1
    return weights, np.array(losses)
""",
    ),
    one(
        "train",
        "gradients of all batches of an epoch collected",
        r"each batch|every batch|accumulat|collect|one update (in|for) (each|an|every) epoch",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses = []
    for epoch in range(epochs):
        total = [np.zeros_like(w) for w in weights]
        for i in range(0, len(x), batch_size):
            loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
            total = [a + g for a, g in zip(total, grads)]
            losses.append(loss)
        total = clip_gradients(total, global_clipnorm=global_clipnorm)
        weights, m, v = adam_step(weights, total, m, v, epoch + 1, learning_rate)
    return weights, np.array(losses)
""",
    ),
    in_numpy(
        "train",
        "slices that end at the batch size",
        r"slice|\bempty|start \+ batch_size|no rows|\bnan\b",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses, step = [], 0
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            xb, yb = x[start:batch_size], y[start:batch_size]
            loss, grads = loss_and_gradients(weights, xb, yb)
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            step += 1
            weights, m, v = adam_step(weights, grads, m, v, step, learning_rate)
            losses.append(loss)
    return weights, np.array(losses)
""",
    ),
    in_numpy(
        "train",
        "losses in a row for each epoch",
        r"one axis|a row (for|of) each|epochs?\b|\bflat|one after the other",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    starts = range(0, len(x), batch_size)
    losses = np.zeros((epochs, len(starts)))
    step = 0
    for e in range(epochs):
        for k, s in enumerate(starts):
            step += 1
            losses[e, k], g = loss_and_gradients(weights, x[s:s + batch_size], y[s:s + batch_size])
            g = clip_gradients(g, global_clipnorm=global_clipnorm)
            weights, m, v = adam_step(weights, g, m, v, step, learning_rate)
    return weights, losses
""",
    ),
    in_numpy(
        "train",
        "new weights written into the arrays that came in",
        r"in place|changes its arguments|changed.*argument|argument.*changed|overwr",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses = []
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
            losses.append(loss)
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            new, m, v = adam_step(weights, grads, m, v, len(losses), learning_rate)
            for w, n in zip(weights, new):
                w[...] = n
    return weights, np.array(losses)
""",
    ),
    two(
        "train",
        "Adam begun anew in every epoch",
        both(r"m and v|means|zeros", r"\bsteps?\b.*(again|from 1|epoch)|(again|epoch).*\bsteps?\b"),
        """
def train_one_epoch(weights, x, y, batch_size, learning_rate, global_clipnorm):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses = []
    for i in range(0, len(x), batch_size):
        loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
        losses.append(loss)
        grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
        weights, m, v = adam_step(weights, grads, m, v, len(losses), learning_rate)
    return weights, losses


def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    losses = []
    for _ in range(epochs):
        weights, of_epoch = train_one_epoch(
            weights, x, y, batch_size, learning_rate, global_clipnorm)
        losses += of_epoch
    return weights, np.array(losses)
""",
    ),
    two(
        "train",
        "learning rate and clipping both left at what the functions do alone",
        both(r"learning_rate|learning rate|0\.001", r"\bclip|limit|shorten"),
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses, step = [], 0
    for _ in range(epochs):
        for i in range(0, len(x), batch_size):
            step += 1
            loss, grads = loss_and_gradients(weights, x[i:i + batch_size], y[i:i + batch_size])
            grads = clip_gradients(grads)
            weights, m, v = adam_step(weights, grads, m, v, step)
            losses.append(loss)
    return weights, np.array(losses)
""",
    ),
    two(
        "train",
        "last batch dropped, losses measured after the update",
        both(r"last batch|left over|rest|smaller|dropped|fill", r"after|before"),
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    m = [np.zeros_like(w) for w in weights]
    v = [np.zeros_like(w) for w in weights]
    losses, step = [], 0
    for _ in range(epochs):
        for i in range(0, max(1, len(x) - batch_size + 1), batch_size):
            xb, yb = x[i:i + batch_size], y[i:i + batch_size]
            step += 1
            _, grads = loss_and_gradients(weights, xb, yb)
            grads = clip_gradients(grads, global_clipnorm=global_clipnorm)
            weights, m, v = adam_step(weights, grads, m, v, step, learning_rate)
            losses.append(mean_squared_error(predict(weights, xb), yb)[0])
    return weights, np.array(losses)
""",
    ),
    one(
        "learn",
        "weights from before the training returned",
        r"weights that train returns|trained weights|has hardly been trained",
        """
def learn(x, y):
    start = new_weights(x.shape[2], 8, 1)
    weights, losses = train(start, x, y, 32, 60, 0.03)
    return start
""",
    ),
    in_numpy(
        "learn",
        "predictions returned in place of weights",
        r"five arrays",
        """
def learn(x, y):
    weights = new_weights(x.shape[2], 8, 1)
    weights, losses = train(weights, x, y, 16, 40, 0.02)
    return predict(weights, x)
""",
    ),
    in_numpy(
        "learn",
        "kernels stacked into one",
        r"five arrays|shapes of the weights",
        """
def learn(x, y):
    weights = new_weights(2, 8, 1)
    weights, losses = train(weights, x, y, 16, 40, 0.02)
    kernel, recurrent_kernel, bias, dense_kernel, dense_bias = weights
    return [np.vstack([kernel, recurrent_kernel]), bias, dense_kernel, dense_bias]
""",
    ),
    in_numpy(
        "learn",
        "both results of train taken as the weights",
        r"train returns|two (results|things|values)|losses|unpack|five arrays",
        """
def learn(x, y):
    weights = new_weights(2, 8, 1)
    weights = train(weights, x, y, batch_size=64, epochs=1)
    return weights
""",
    ),
    two(
        "learn",
        "two epochs, all rows in one batch",
        r"epoch|updates|longer|enough",
        """
def learn(x, y):
    weights = new_weights(x.shape[2], 8, y.shape[1])
    weights, losses = train(weights, x, y, batch_size=len(x), epochs=2)
    return weights
""",
    ),
]
