"""Wrong and right implementations for lstm-training."""

from functools import partial

from evidence.banks import right, wrong

PREDICTION = "h @ dense_kernel + dense_bias"
MEAN = "np.mean(error**2)"
SLOPE = "2 * error / error.size"
GRADIENTS = "[*of_lstm, h.T @ d_predicted, d_predicted.sum(axis=0)]"
ARRIVING = "d_predicted @ dense_kernel.T"
CLIPPED = "[gradient * limit / max(norm, limit) for gradient, norm in zip(gradients, norms)]"
TOGETHER = "norms = [np.sqrt(sum(norm**2 for norm in norms))] * len(gradients)"
STEPPED = "[weight - learning_rate * gradient for weight, gradient in zip(weights, gradients)]"
OLD_M = "beta_1 * old + (1 - beta_1) * gradient for"
OLD_V = "beta_2 * old + (1 - beta_2) * gradient**2 for"
ALPHA = "learning_rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)"
MOVED = "[w - alpha * a / (np.sqrt(b) + epsilon) for w, a, b in zip(weights, m, v)]"
ADAM = "weights, m, v = adam_step(weights, gradients, m, v, len(losses), learning_rate)"
CLIPPING = "gradients = clip_gradients(gradients, global_clipnorm=global_clipnorm)"
STARTS = "range(0, len(x), batch_size)"

predict = partial(wrong, "predict")
mean_squared_error = partial(wrong, "mean_squared_error")
loss_and_gradients = partial(wrong, "loss_and_gradients")
clip_gradients = partial(wrong, "clip_gradients")
sgd_step = partial(wrong, "sgd_step")
adam_step = partial(wrong, "adam_step")
train = partial(wrong, "train")
learn = partial(wrong, "learn")
right_predict = partial(right, "predict")
right_mean_squared_error = partial(right, "mean_squared_error")
right_loss_and_gradients = partial(right, "loss_and_gradients")
right_clip_gradients = partial(right, "clip_gradients")
right_sgd_step = partial(right, "sgd_step")
right_adam_step = partial(right, "adam_step")
right_train = partial(right, "train")
right_learn = partial(right, "learn")

WRONG = [
    predict("dense bias missing", (" + dense_bias", "")),
    predict("dense bias subtracted", ("+ dense_bias", "- dense_bias")),
    predict("tanh after the dense layer", (PREDICTION, f"np.tanh({PREDICTION})")),
    predict("first step", ("lstm_forward(x, *of_lstm)", "lstm_forward(x[:, :1], *of_lstm)")),
    predict("last step missing", ("lstm_forward(x,", "lstm_forward(x[:, :-1],")),
    predict("time reversed", ("lstm_forward(x,", "lstm_forward(x[:, ::-1],")),
    predict(
        "cell state for the hidden state",
        ("h, _ = lstm_forward(x, *of_lstm)", "_, caches = lstm_forward(x, *of_lstm)"),
        (PREDICTION, "np.arctanh(caches[-1]['shown']) @ dense_kernel + dense_bias"),
    ),
    predict(
        "LSTM bias missing",
        ("lstm_forward(x, *of_lstm)", "lstm_forward(x, *of_lstm[:2], 0 * of_lstm[2])"),
    ),
    predict("no return", (f"return {PREDICTION}", f"y = {PREDICTION}")),
    mean_squared_error("half the square", (MEAN, f"{MEAN} / 2"), (SLOPE, "error / error.size")),
    mean_squared_error("loss halved", (MEAN, f"{MEAN} / 2")),
    mean_squared_error("not divided", (MEAN, "np.sum(error**2)"), (SLOPE, "2 * error")),
    mean_squared_error("loss not divided", (MEAN, "np.sum(error**2)")),
    mean_squared_error(
        "divided by the batch alone",
        (MEAN, "np.sum(error**2) / len(error)"),
        (SLOPE, "2 * error / len(error)"),
    ),
    mean_squared_error("loss of each sample", (MEAN, "np.mean(error**2, axis=1)")),
    mean_squared_error("magnitudes", (MEAN, "np.mean(np.abs(error))")),
    mean_squared_error("root taken", (MEAN, f"np.sqrt({MEAN})")),
    mean_squared_error("gradient: sign", (SLOPE, f"-{SLOPE}")),
    mean_squared_error("gradient: derivative of the square missing", (SLOPE, "error / error.size")),
    mean_squared_error("gradient: not divided", (SLOPE, "2 * error")),
    mean_squared_error("gradient: divided by the batch alone", (SLOPE, "2 * error / len(error)")),
    mean_squared_error("gradient: error alone", (SLOPE, "error")),
    mean_squared_error(
        "error the wrong way round, derivative of the square missing",
        (SLOPE, "(y - predicted) / error.size"),
        diagnosis="gradient: derivative of the square missing + the gradient: sign",
    ),
    mean_squared_error("the loss alone", (f"{MEAN}, {SLOPE}", MEAN), diagnosis="the loss alone"),
    loss_and_gradients(
        "d_predicted: error alone",
        ("_predicted = mean_squared_error(", "_predicted = mean_squared_error("),
        ("    of_lstm", f"    d_predicted = {PREDICTION} - y\n    of_lstm"),
    ),
    loss_and_gradients(
        "d_predicted: sign", ("    of_lstm", "    d_predicted = -d_predicted\n    of_lstm")
    ),
    loss_and_gradients(
        "divided by the batch once more",
        ("    of_lstm", "    d_predicted = d_predicted / len(x)\n    of_lstm"),
    ),
    loss_and_gradients("dh: through tanh", (ARRIVING, f"{ARRIVING} * (1 - h**2)")),
    loss_and_gradients(
        "dh: loss missing", (ARRIVING, "np.ones_like(d_predicted) @ dense_kernel.T")
    ),
    loss_and_gradients("d_dense_kernel: transposed", ("h.T @ d_predicted", "d_predicted.T @ h")),
    loss_and_gradients(
        "d_dense_kernel: mean over the batch", ("h.T @ d_predicted", "h.T @ d_predicted / len(h)")
    ),
    loss_and_gradients(
        "d_dense_bias: mean over the batch", ("d_predicted.sum(axis=0)", "d_predicted.mean(axis=0)")
    ),
    loss_and_gradients(
        "d_dense_bias: axis kept",
        ("d_predicted.sum(axis=0)", "d_predicted.sum(axis=0, keepdims=True)"),
    ),
    loss_and_gradients("d_dense_bias: batch kept", ("d_predicted.sum(axis=0)", "d_predicted")),
    loss_and_gradients(
        "dense layer first", (GRADIENTS, "[h.T @ d_predicted, d_predicted.sum(axis=0), *of_lstm]")
    ),
    loss_and_gradients("gradients of the LSTM alone", (GRADIENTS, "[*of_lstm]")),
    loss_and_gradients("dense bias missing", (" + dense_bias, y", ", y")),
    loss_and_gradients(
        "last step's share alone",
        ("dense_kernel.T, caches,", "dense_kernel.T, caches[-1:],"),
    ),
    loss_and_gradients(
        "caches in the wrong order",
        ("dense_kernel.T, caches,", "dense_kernel.T, caches[::-1],"),
    ),
    loss_and_gradients(
        "six values", (f"loss, {GRADIENTS}", f"loss, *{GRADIENTS}"), diagnosis="type"
    ),
    clip_gradients("enlarged", ("max(norm, limit)", "norm")),
    clip_gradients("condition inverted", ("max(norm, limit)", "min(norm, limit)")),
    clip_gradients(
        "root missing",
        ("np.sqrt(np.sum(gradient**2))", "np.sum(gradient**2)"),
        (TOGETHER, "norms = [sum(norms)] * len(gradients)"),
    ),
    clip_gradients("each array by its own norm", (TOGETHER, "")),
    clip_gradients("norms added up", (TOGETHER, "norms = [sum(norms)] * len(gradients)")),
    clip_gradients("largest norm of an array", (TOGETHER, "norms = [max(norms)] * len(gradients)")),
    clip_gradients(
        "clipped by value",
        (CLIPPED, "[np.clip(gradient, -limit, limit) for gradient in gradients]"),
    ),
    clip_gradients(
        "limits swapped",
        (
            "limit = clipnorm",
            "clipnorm, global_clipnorm = global_clipnorm, clipnorm\n    limit = clipnorm",
        ),
    ),
    clip_gradients("global_clipnorm ignored", ("if global_clipnorm is not None:", "if False:")),
    clip_gradients(
        "clipnorm of 1 by default",
        ("if limit is None:\n        return gradients", "limit = limit or 1"),
    ),
    clip_gradients(
        "not multiplied by the limit",
        (CLIPPED, "[g / n if n > limit else g for g, n in zip(gradients, norms)]"),
    ),
    sgd_step("uphill", ("weight - learning_rate", "weight + learning_rate")),
    sgd_step("learning rate missing", ("learning_rate * gradient", "gradient")),
    sgd_step("learning rate ignored", ("learning_rate * gradient", "0.01 * gradient")),
    sgd_step("learning rate of 0.001 by default", ("=0.01", "=0.001")),
    sgd_step("change alone", ("weight - learning_rate", "learning_rate")),
    sgd_step("weights unchanged", (STEPPED, "[weight for weight in weights]")),
    sgd_step("the weights: last array missing", (STEPPED, f"{STEPPED}[:-1]")),
    adam_step("m: shares swapped", (OLD_M, "(1 - beta_1) * old + beta_1 * gradient for")),
    adam_step("m: new share whole", (OLD_M, "beta_1 * old + gradient for")),
    adam_step("v: new share whole", (OLD_V, "beta_2 * old + gradient**2 for")),
    adam_step("square missing", ("gradient**2", "gradient")),
    adam_step("magnitude for the square", ("gradient**2", "np.abs(gradient)")),
    adam_step(
        "beta_1 for both",
        (OLD_V, OLD_V.replace("beta_2", "beta_1")),
        (ALPHA, ALPHA.replace("beta_2", "beta_1")),
    ),
    adam_step(
        "betas swapped",
        (OLD_M, "beta_2 * old + (1 - beta_2) * gradient for"),
        (OLD_V, "beta_1 * old + (1 - beta_1) * gradient**2 for"),
        (ALPHA, "learning_rate * np.sqrt(1 - beta_1**step) / (1 - beta_2**step)"),
    ),
    adam_step("correction missing", (ALPHA, "learning_rate")),
    adam_step("correction of m missing", (" / (1 - beta_1**step)", "")),
    adam_step("correction of v missing", (" * np.sqrt(1 - beta_2**step)", "")),
    adam_step(
        "root of the correction missing", ("np.sqrt(1 - beta_2**step)", "(1 - beta_2**step)")
    ),
    adam_step("count from 0", (ALPHA, ALPHA.replace("step", "(step - 1)"))),
    adam_step("one step too many", (ALPHA, ALPHA.replace("step", "(step + 1)"))),
    adam_step("product for the power", (ALPHA, ALPHA.replace("**", " * "))),
    adam_step("root of v missing", ("np.sqrt(b)", "b")),
    adam_step("epsilon inside the root", ("np.sqrt(b) + epsilon", "np.sqrt(b + epsilon)")),
    adam_step(
        "epsilon beside the corrected root",
        ("+ epsilon)", "+ epsilon * np.sqrt(1 - beta_2**step))"),
    ),
    adam_step("epsilon missing", (" + epsilon", "")),
    adam_step("gradient for m in the update", ("zip(weights, m, v)", "zip(weights, gradients, v)")),
    adam_step("uphill", ("w - alpha", "w + alpha")),
    adam_step("learning rate of 0.01 by default", ("learning_rate=0.001", "learning_rate=0.01")),
    adam_step(
        "m: corrected",
        ("return weights, m, v", "return weights, [a / (1 - beta_1**step) for a in m], v"),
    ),
    adam_step("the weights alone", ("return weights, m, v", "return weights")),
    train("not clipped", (CLIPPING, "pass")),
    train("clipped each by its own norm", ("global_clipnorm=global_clipnorm)", "global_clipnorm)")),
    train("limit ignored", ("global_clipnorm=global_clipnorm)", "global_clipnorm=1.0)")),
    train("SGD for Adam", (ADAM, "weights = sgd_step(weights, gradients, learning_rate)")),
    train("step always 1", ("len(losses), learning_rate", "1, learning_rate")),
    train("count one too high", ("len(losses), learning_rate", "len(losses) + 1, learning_rate")),
    train(
        "steps counted by epoch", ("for _ in", "for e in"), ("len(losses), learn", "e + 1, learn")
    ),
    train("m and v not carried", ("weights, m, v = adam", "weights, _, _ = adam")),
    train("m not carried", ("weights, m, v = adam", "weights, _, v = adam")),
    train("v not carried", ("weights, m, v = adam", "weights, m, _ = adam"), diagnosis="value"),
    train(
        "learning rate ignored, 0.001 in its place", ("len(losses), learning_rate", "len(losses)")
    ),
    train("smaller batch left out", (STARTS, "range(0, len(x) - batch_size + 1, batch_size)")),
    train("batches that overlap", (STARTS, "range(len(x))")),
    train("one epoch", ("range(epochs)", "range(1)")),
    train("one epoch too many", ("range(epochs)", "range(epochs + 1)")),
    train("all rows at once", (STARTS, "[0]"), ("start + batch_size", "None")),
    train("the first batch alone", ("slice(start, start + batch_size)", "slice(batch_size)")),
    train("losses: last one alone", ("np.array(losses)", "losses[-1]")),
    train("losses: sum so far", ("np.array(losses)", "np.cumsum(losses)")),
    train(
        "first weights returned",
        ("    losses = []", "    losses = []\n    first = weights"),
        ("return weights", "return first"),
    ),
    train("list of losses", ("np.array(losses)", "losses"), diagnosis="type"),
    clip_gradients(
        "clipnorm of 1 in the first line",
        ("clipnorm=None, global", "clipnorm=1.0, global"),
        diagnosis="clipnorm of 1 by default",
    ),
    clip_gradients(
        "global_clipnorm of 1 by default", ("global_clipnorm=None", "global_clipnorm=1.0")
    ),
    clip_gradients("default of clipnorm", ("clipnorm=None, global", "clipnorm=3.0, global")),
    adam_step("default of beta_2", ("beta_2=0.999", "beta_2=0.99")),
    adam_step("default of beta_1", ("beta_1=0.9,", "beta_1=0.99,")),
    adam_step(
        "default of beta_1 + default of beta_2",
        ("beta_1=0.9,", "beta_1=0.999,"),
        ("beta_2=0.999", "beta_2=0.9"),
    ),
    adam_step("default of epsilon", ("epsilon=1e-7", "epsilon=1e-8")),
    learn(
        "first weights returned",
        ("return weights", "return new_weights(2, 8, 1)"),
        diagnosis="hardly trained",
    ),
    learn(
        "hardly trained",
        ("epochs=40", "epochs=1"),
        ("rate=0.02)", "rate=0.0005)"),
        ("epochs=10", "epochs=1"),
    ),
    learn("rule not learned", ("epochs=40", "epochs=1")),
    learn("losses returned too", ("return weights", "return weights, _"), diagnosis="type"),
    learn("one unit", ("x.shape[2], 8,", "x.shape[2], 1,"), diagnosis="rule not learned"),
]

RIGHT = [
    right_predict(
        "with one matrix product",
        """
def predict(weights, x):
    h, _ = lstm_forward(x, weights[0], weights[1], weights[2])
    ones = np.ones((len(h), 1))
    return np.hstack([h, ones]) @ np.vstack([weights[3], weights[4]])
""",
    ),
    right_mean_squared_error(
        "with sums",
        """
def mean_squared_error(predicted, y):
    samples, outputs = y.shape
    error = np.subtract(predicted, y, dtype="float64")
    loss = (error * error).sum() / (samples * outputs)
    return [loss, error * (2 / (samples * outputs))]
""",
    ),
    right_loss_and_gradients(
        "with einsum, as lists",
        """
def loss_and_gradients(weights, x, y):
    h, caches = lstm_forward(x, *weights[:3])
    loss, arriving = mean_squared_error(predict(weights, x), y)
    dh = np.einsum("bo,uo->bu", arriving, weights[3])
    gradients = list(lstm_backward(dh, caches, weights[0], weights[1]))
    gradients.append(np.einsum("bu,bo->uo", h, arriving))
    gradients.append(np.ones(len(x)) @ arriving)
    return [loss, tuple(gradients)]
""",
    ),
    right_clip_gradients(
        "with branches and copies",
        """
def clip_gradients(gradients, clipnorm=None, global_clipnorm=None):
    clipped = [gradient.astype("float64") for gradient in gradients]
    if clipnorm is not None:
        for gradient in clipped:
            norm = np.linalg.norm(gradient.ravel())
            if norm > clipnorm:
                gradient *= clipnorm / norm
    elif global_clipnorm is not None:
        norm = np.linalg.norm(np.concatenate([gradient.ravel() for gradient in clipped]))
        if norm > global_clipnorm:
            clipped = [gradient / norm * global_clipnorm for gradient in clipped]
    return tuple(clipped)
""",
    ),
    right_sgd_step(
        "with a loop over places",
        """
def sgd_step(weights, gradients, learning_rate=0.01):
    new = []
    for k in range(len(weights)):
        new.append(np.copy(weights[k]))
        new[k] -= np.float32(learning_rate) * gradients[k]
    return new
""",
    ),
    right_adam_step(
        "as differences, array by array",
        """
def adam_step(
    weights, gradients, m, v, step, learning_rate=1e-3, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    after = []
    for w, g, a, b in zip(weights, gradients, m, v):
        a = a + (1 - beta_1) * (g - a)
        b = b + (1 - beta_2) * (g * g - b)
        root = np.sqrt(b / (1 - beta_2**step))
        below = root + epsilon / np.sqrt(1 - beta_2**step)
        after.append((w - learning_rate * a / (1 - beta_1**step) / below, a, b))
    return tuple(zip(*after))
""",
    ),
    right_train(
        "with split rows and a counter",
        """
def train(weights, x, y, batch_size, epochs, learning_rate=0.01, global_clipnorm=1.0):
    cuts = np.arange(batch_size, len(x), batch_size)
    batches = list(zip(np.split(x, cuts), np.split(y, cuts)))
    m, v = ([0 * weight for weight in weights] for _ in range(2))
    losses = np.empty(len(batches) * epochs)
    for step in range(1, losses.size + 1):
        x_now, y_now = batches[(step - 1) % len(batches)]
        losses[step - 1], gradients = loss_and_gradients(weights, x_now, y_now)
        gradients = clip_gradients(gradients, None, global_clipnorm)
        weights, m, v = adam_step(weights, gradients, m, v, step, learning_rate=learning_rate)
    return tuple(weights), losses
""",
    ),
    right_learn(
        "until the loss is small",
        """
def learn(x, y):
    weights = new_weights(2, 10, 1, seed=3)
    for _ in range(6):
        weights, losses = train(weights, x, y, 16, 10, 0.02)
        if losses[-16:].mean() < 0.001:
            break
    return tuple(weights)
""",
    ),
]
