"""Wrong and right implementations for vanishing-gradient."""

from functools import partial

from evidence.banks import right, wrong

SLOPE = "1 - h**2"
JACOBIAN = "tanh_derivative(h_new)[:, :, None] * recurrent_kernel.T"
PRODUCT = "product = jacobian @ product"
START = "product = jacobians[0]"
REST = "for jacobian in jacobians[1:]:"
BACK = "for jacobian in jacobians[::-1]:"
APPLY = '"bi,bij->bj"'
NORM = "np.linalg.norm(gradients, axis=-1)"
SIGMA = "np.linalg.svd(recurrent_kernel, compute_uv=False).max()"
POWER = "sigma**lags"
GLOBAL = "np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))"
FACTOR = "factor = clip_norm / max(global_norm, clip_norm)"
EACH = "gradient * factor for gradient in gradients"
FIRST_ALONE = "return [gradients[0] * factor, *gradients[1:]]"
LAST_ALONE = "return [*gradients[:-1], gradients[-1] * factor]"

tanh_derivative = partial(wrong, "tanh_derivative")
step_jacobian = partial(wrong, "step_jacobian")
jacobian_product = partial(wrong, "jacobian_product")
gradient_norms = partial(wrong, "gradient_norms")
norm_bound = partial(wrong, "norm_bound")
clip_by_global_norm = partial(wrong, "clip_by_global_norm")

WRONG = [
    tanh_derivative("argument of tanh", (SLOPE, "1 - np.tanh(h) ** 2")),
    tanh_derivative("square missing", (SLOPE, "1 - h")),
    tanh_derivative("sigmoid", (SLOPE, "h * (1 - h)")),
    tanh_derivative("sign", (SLOPE, "h**2 - 1")),
    tanh_derivative("plus", (SLOPE, "1 + h**2")),
    tanh_derivative("derivative squared", (SLOPE, "(1 - h**2) ** 2")),
    tanh_derivative("root", (SLOPE, "np.sqrt(1 - h**2)")),
    tanh_derivative("h itself", (SLOPE, "h")),
    tanh_derivative("twice the output", (SLOPE, "2 * h")),
    tanh_derivative("squares added up", (SLOPE, "1 - np.sum(h**2)")),
    tanh_derivative("matrix product", (SLOPE, "1 - h @ h.T")),
    tanh_derivative("squares of a row added up", (SLOPE, "1 - np.sum(h**2, axis=-1)")),
    tanh_derivative("tanh undone", (SLOPE, "1 - np.arctanh(h) ** 2")),
    tanh_derivative("magnitude", (SLOPE, "1 - abs(h)")),
    tanh_derivative("1 missing", (SLOPE, "h**2")),
    tanh_derivative("relu", (SLOPE, "np.where(h > 0, 1.0, 0.0)")),
    tanh_derivative("differentiated twice", (SLOPE, "-2 * h")),
    tanh_derivative("second derivative", (SLOPE, "-2 * h * (1 - h**2)")),
    tanh_derivative("inverse", (SLOPE, "1 / (1 - h**2)")),
    tanh_derivative(
        "tanh of h, not squared",
        (SLOPE, "1 - np.tanh(h)"),
        diagnosis="argument of tanh + square missing",
    ),
    tanh_derivative(
        "root, square missing", (SLOPE, "np.sqrt(1 - h)"), diagnosis="square missing + root"
    ),
    tanh_derivative("squeezed", (SLOPE, "np.squeeze(1 - h**2)")),
    tanh_derivative(
        "return in the loop",
        (
            "return 1 - h**2",
            "slope = np.zeros_like(h)\n    for b in range(len(h)):\n"
            "        slope[b] = 1 - h[b] ** 2\n        return slope",
        ),
        diagnosis="all but the first sample zero",
    ),
    tanh_derivative("whole numbers", (SLOPE, "(1 - h**2).astype(int)")),
    tanh_derivative("float16 result", (SLOPE, "1 - h.astype('float16') ** 2"), diagnosis="dtype"),
    tanh_derivative(
        "changed in place",
        ("return 1 - h**2", "h **= 2\n    return 1 - h"),
        diagnosis="arguments changed",
    ),
    tanh_derivative("times two", (SLOPE, "1 - (h + h)")),
    tanh_derivative("difference squared", (SLOPE, "(1 - h) ** 2")),
    step_jacobian(
        "transposed",
        (JACOBIAN, f"({JACOBIAN}).swapaxes(1, 2)"),
        diagnosis="axes (batch, unit of the old state, unit of the new state)",
    ),
    step_jacobian("recurrent kernel not transposed", (JACOBIAN, JACOBIAN.removesuffix(".T"))),
    step_jacobian(
        "derivative on the wrong axis",
        (JACOBIAN, JACOBIAN.replace("[:, :, None]", "[:, None, :]")),
    ),
    step_jacobian(
        "transposed by the wrong axis",
        (JACOBIAN, JACOBIAN.removesuffix(".T").replace("[:, :, None]", "[:, None, :]")),
        diagnosis="axes (batch, unit of the old state, unit of the new state)",
    ),
    step_jacobian("derivative missing", (JACOBIAN, "0 * h_new[:, :, None] + recurrent_kernel.T")),
    step_jacobian(
        "recurrent kernel missing",
        (JACOBIAN, "tanh_derivative(h_new)[:, :, None] * np.eye(h_new.shape[1])"),
    ),
    step_jacobian("argument of tanh", (JACOBIAN, JACOBIAN.replace("h_new", "np.tanh(h_new)"))),
    step_jacobian(
        "derivative squared", (JACOBIAN, JACOBIAN.replace("[:, :, None]", "[:, :, None] ** 2"))
    ),
    step_jacobian("sign", (JACOBIAN, f"-{JACOBIAN}")),
    step_jacobian(
        "first sample everywhere", (JACOBIAN, f"0 * h_new[:, :, None] + ({JACOBIAN})[0]")
    ),
    step_jacobian("mean over samples", (JACOBIAN, f"({JACOBIAN}).mean(axis=0)")),
    step_jacobian("summed over samples", (JACOBIAN, f"({JACOBIAN}).sum(axis=0)")),
    step_jacobian("outputs added up", (JACOBIAN, "tanh_derivative(h_new) @ recurrent_kernel.T")),
    step_jacobian("inputs added up", (JACOBIAN, f"({JACOBIAN}).sum(axis=-1)")),
    step_jacobian(
        "output in place of derivative",
        (JACOBIAN, "h_new[:, :, None] * recurrent_kernel.T"),
        diagnosis="h itself",
    ),
    step_jacobian(
        "state averaged over the batch",
        (JACOBIAN, JACOBIAN.replace("h_new", "h_new.mean(axis=0) + 0 * h_new")),
    ),
    step_jacobian(
        "one step further",
        (JACOBIAN, JACOBIAN.replace("h_new", "np.tanh(h_new @ recurrent_kernel)")),
    ),
    step_jacobian(
        "ones for the recurrent kernel",
        (JACOBIAN, JACOBIAN.replace("recurrent_kernel.T", "np.ones(recurrent_kernel.shape)")),
    ),
    step_jacobian(
        "diagonal alone",
        (
            f"return {JACOBIAN}",
            "rows = tanh_derivative(h_new)\n"
            "    return np.array([np.diag(row) * recurrent_kernel for row in rows])",
        ),
    ),
    step_jacobian("derivative added", (JACOBIAN, JACOBIAN.replace(" * ", " + "))),
    step_jacobian("square missing", (JACOBIAN, "(1 - h_new)[:, :, None] * recurrent_kernel.T")),
    step_jacobian(
        "parentheses missing", (JACOBIAN, "1 - h_new[:, :, None] ** 2 * recurrent_kernel.T")
    ),
    step_jacobian(
        "tanh once more, recurrent kernel as it is",
        (JACOBIAN, "(1 - np.tanh(h_new) ** 2)[:, :, None] * recurrent_kernel"),
        diagnosis="argument of tanh + recurrent kernel not transposed",
    ),
    step_jacobian(
        "matrix product with the recurrent kernel as it is",
        (JACOBIAN, "tanh_derivative(h_new) @ recurrent_kernel"),
        diagnosis="recurrent kernel not transposed + outputs added up",
    ),
    step_jacobian(
        "sigmoid on the wrong axis",
        (JACOBIAN, "(h_new * (1 - h_new))[:, None, :] * recurrent_kernel.T"),
        diagnosis="sigmoid + derivative on the wrong axis",
    ),
    step_jacobian("squeezed", (JACOBIAN, f"np.squeeze({JACOBIAN})")),
    step_jacobian("list of samples", (JACOBIAN, f"list({JACOBIAN})")),
    step_jacobian(
        "axis forgotten",
        (JACOBIAN, "tanh_derivative(h_new) * recurrent_kernel.T"),
        diagnosis="derivative without an axis",
    ),
    step_jacobian(
        "five units", (JACOBIAN, "np.zeros((len(h_new), 5, 5)) + " + JACOBIAN), diagnosis="raised"
    ),
    step_jacobian(
        "float16 inside",
        (JACOBIAN, f"({JACOBIAN}).astype('float16').astype('float32')"),
        diagnosis="value",
    ),
    step_jacobian(
        "derivative of both units",
        (JACOBIAN, f"{JACOBIAN} * tanh_derivative(h_new)[:, None, :]"),
    ),
    step_jacobian(
        "np.diag of the whole batch",
        (JACOBIAN, "np.diag(tanh_derivative(h_new)) @ recurrent_kernel.T"),
    ),
    step_jacobian(
        "last row zero",
        (
            f"return {JACOBIAN}",
            f"jacobian = {JACOBIAN}\n    result = np.zeros_like(jacobian)\n"
            "    result[:, :-1] = jacobian[:, :-1]\n    return result",
        ),
    ),
    step_jacobian(
        "last column zero",
        (
            f"return {JACOBIAN}",
            f"jacobian = {JACOBIAN}\n    jacobian[:, :, -1] = 0\n    return jacobian",
        ),
    ),
    jacobian_product("order reversed", (PRODUCT, "product = product @ jacobian")),
    jacobian_product(
        "transposed",
        ("return product", "return product.swapaxes(1, 2)"),
        diagnosis="axes (batch, unit of the initial state, unit of the last state)",
    ),
    jacobian_product(
        "each transposed",
        (START, f"jacobians = jacobians.swapaxes(2, 3)\n    {START}"),
    ),
    jacobian_product("number by number", (PRODUCT, "product = jacobian * product")),
    jacobian_product("sum", (PRODUCT, "product = jacobian + product")),
    jacobian_product("mean", ("return product", "return jacobians.mean(axis=0)")),
    jacobian_product(
        "first step missing", (START, "product = jacobians[1]"), (REST, REST.replace("1", "2"))
    ),
    jacobian_product("last step missing", (REST, REST.replace("1:", "1:-1"))),
    jacobian_product("first step twice", (REST, REST.replace("1:", ":"))),
    jacobian_product("first step only", (PRODUCT, "product = product")),
    jacobian_product("last step only", (PRODUCT, "product = jacobian")),
    jacobian_product("power of the first step", (PRODUCT, "product = jacobians[0] @ product")),
    jacobian_product(
        "batch taken for time",
        (START, f"jacobians = jacobians.swapaxes(0, 1)\n    {START}"),
    ),
    jacobian_product(
        "steps counted by the batch", (REST, "for jacobian in jacobians[1 : jacobians.shape[1]]:")
    ),
    jacobian_product(
        "all products",
        (START, f"{START}\n    products = [product]"),
        (PRODUCT, f"{PRODUCT}\n        products.append(product)"),
        ("return product", "return np.array(products)"),
    ),
    jacobian_product(
        "started from zeros", (START, "product = 0 * jacobians[0]"), diagnosis="zeros"
    ),
    jacobian_product(
        "power of the last step",
        (START, "product = jacobians[-1]"),
        (PRODUCT, "product = jacobians[-1] @ product"),
    ),
    jacobian_product(
        "last step first",
        (START, f"jacobians = np.roll(jacobians, 1, axis=0)\n    {START}"),
    ),
    jacobian_product(
        "Jacobian averaged over the batch",
        (START, f"jacobians = 0 * jacobians + jacobians.mean(axis=1, keepdims=True)\n    {START}"),
    ),
    jacobian_product(
        "last step twice",
        (START, "product = jacobians[-1]"),
        (REST, "for jacobian in jacobians[::-1]:"),
        (PRODUCT, "product = product @ jacobian"),
    ),
    jacobian_product("first two steps only", (PRODUCT, PRODUCT.replace("product =", "return"))),
    jacobian_product(
        "last two steps only",
        (REST, "for before, jacobian in zip(jacobians, jacobians[1:]):"),
        (PRODUCT, "product = jacobian @ before"),
    ),
    jacobian_product(
        "transposed in the loop", (PRODUCT, "product = jacobian.swapaxes(1, 2) @ product")
    ),
    jacobian_product(
        "product transposed in the loop",
        (PRODUCT, 'product = np.einsum("bij,bkj->bik", jacobian, product)'),
    ),
    jacobian_product(
        "result transposed in the loop",
        (PRODUCT, 'product = np.einsum("bij,bjk->bki", jacobian, product)'),
    ),
    jacobian_product(
        "started from ones",
        (START, "product = np.ones(jacobians.shape[1:])"),
        (REST, "for jacobian in jacobians:"),
    ),
    jacobian_product(
        "ones on the left",
        (START, "product = np.ones(jacobians.shape[1:])"),
        (REST, "for jacobian in jacobians[::-1]:"),
        (PRODUCT, "product = product @ jacobian"),
    ),
    jacobian_product(
        "one behind in the loop",
        (REST, "for jacobian in jacobians[:-1]:"),
        diagnosis="first step twice + last step missing",
    ),
    jacobian_product(
        "first step twice, in the reverse order",
        (REST, "for jacobian in jacobians:"),
        (PRODUCT, "product = product @ jacobian"),
        diagnosis="first step twice + order reversed",
    ),
    jacobian_product(
        "first sample everywhere", ("return product", "return 0 * product + product[:1]")
    ),
    jacobian_product("squeezed", ("return product", "return np.squeeze(product)")),
    jacobian_product(
        "five steps",
        (REST, "for jacobian in jacobians[[1, 2, 3, 4]]:"),
        diagnosis="index past the end",
    ),
    jacobian_product(
        "changed in place",
        (PRODUCT, "product[:] = jacobian @ product"),
        diagnosis="arguments changed",
    ),
    jacobian_product(
        "all axes reversed",
        (REST, "for jacobian in np.flip(jacobians)[1:]:"),
        (START, "product = np.flip(jacobians)[0]"),
        (PRODUCT, "product = product @ jacobian"),
    ),
    jacobian_product(
        "power of the mean",
        (
            START,
            "jacobians = [jacobians.mean(axis=0)] * len(jacobians)\n    product = jacobians[0]",
        ),
    ),
    jacobian_product(
        "samples averaged", (START, f"jacobians = jacobians.mean(axis=1)\n    {START}")
    ),
    jacobian_product("first step by itself", (REST, "for jacobian in jacobians[:1]:")),
    jacobian_product("last step by itself", (PRODUCT, "product = jacobian @ jacobian")),
    jacobian_product("Jacobian added", (PRODUCT, "product = jacobian + jacobian @ product")),
    jacobian_product("old product added", (PRODUCT, "product = product + jacobian @ product")),
    gradient_norms("time order reversed", (BACK, "for jacobian in jacobians:")),
    gradient_norms("Jacobian transposed", (APPLY, '"bj,bij->bi"')),
    gradient_norms(
        "reversed and transposed", (BACK, "for jacobian in jacobians:"), (APPLY, '"bj,bij->bi"')
    ),
    gradient_norms("lags reversed", (NORM, NORM.replace("gradients,", "gradients[::-1],"))),
    gradient_norms("first lag missing", ("[dh]", "[]")),
    gradient_norms("last lag missing", (BACK, "for jacobian in jacobians[:0:-1]:")),
    gradient_norms("last lag only", (NORM, NORM.replace("gradients", "dh"))),
    gradient_norms("norms not taken", (NORM, "np.array(gradients)")),
    gradient_norms("root missing", (NORM, "np.sum(np.square(gradients), axis=-1)")),
    gradient_norms("sum of magnitudes", (NORM, "np.abs(gradients).sum(axis=-1)")),
    gradient_norms("largest magnitude", (NORM, "np.abs(gradients).max(axis=-1)")),
    gradient_norms("mean of squares", (NORM, "np.sqrt(np.mean(np.square(gradients), axis=-1))")),
    gradient_norms("norm over the batch", (NORM, NORM.replace("-1", "(1, 2)"))),
    gradient_norms("norm over samples", (NORM, NORM.replace("-1", "1"))),
    gradient_norms("mean over samples", (NORM, f"{NORM}.mean(axis=1)")),
    gradient_norms("axes (batch, lag)", (NORM, f"{NORM}.T")),
    gradient_norms(
        "steps not chained",
        ("dh = np.einsum", "step = np.einsum"),
        ("append(dh)", "append(step)"),
    ),
    gradient_norms(
        "dh ignored", ("gradients = [dh]", "dh = np.ones_like(dh)\n    gradients = [dh]")
    ),
    gradient_norms("rows added up", (APPLY, '"bi,bij->bi"')),
    gradient_norms("columns added up", (APPLY, '"bj,bij->bj"')),
    gradient_norms("diagonal alone", (APPLY, '"bi,bii->bi"')),
    gradient_norms(
        "mean over the units",
        ('np.einsum("bi,bij->bj", dh, jacobian)', "np.mean(dh[:, :, None] * jacobian, axis=1)"),
    ),
    gradient_norms("list of lags", (NORM, f"list({NORM})")),
    gradient_norms(
        "dh of the first sample", ("gradients = [dh]", "dh = 0 * dh + dh[:1]\n    gradients = [dh]")
    ),
    gradient_norms(
        "dh averaged over the batch",
        ("gradients = [dh]", "dh = 0 * dh + dh.mean(axis=0)\n    gradients = [dh]"),
    ),
    gradient_norms(
        "dh divided by the batch", ("gradients = [dh]", "dh = dh / len(dh)\n    gradients = [dh]")
    ),
    gradient_norms(
        "first step first",
        (BACK, "for k in range(len(jacobians)):\n        jacobian = jacobians[-k]"),
    ),
    gradient_norms("last step missing", (BACK, "for jacobian in jacobians[-2::-1]:")),
    gradient_norms(
        "last step everywhere", (APPLY + ", dh, jacobian", APPLY + ", dh, jacobians[-1]")
    ),
    gradient_norms(
        "first step everywhere", (APPLY + ", dh, jacobian", APPLY + ", dh, jacobians[0]")
    ),
    gradient_norms(
        "steps counted by the batch",
        (BACK, "for k in range(len(dh)):\n        jacobian = jacobians[-1 - k]"),
    ),
    gradient_norms(
        "last step counted by the batch",
        (BACK, "for t in reversed(range(len(dh))):\n        jacobian = jacobians[t]"),
    ),
    gradient_norms(
        "Jacobian averaged over the batch",
        (APPLY + ", dh, jacobian", '"bi,ij->bj", dh, jacobian.mean(axis=0)'),
    ),
    gradient_norms(
        "Jacobian of the first sample", (APPLY + ", dh, jacobian", '"bi,ij->bj", dh, jacobian[0]')
    ),
    gradient_norms(
        "lag 0 twice",
        ('dh = np.einsum("bi,bij->bj", dh, jacobian)', "gradients.append(dh)"),
        (
            "gradients.append(dh)\n        gradients.append(dh)",
            'gradients.append(dh)\n        dh = np.einsum("bi,bij->bj", dh, jacobian)',
        ),
    ),
    gradient_norms("old gradient added", ("dh = np", "dh = dh + np")),
    gradient_norms(
        "dh added at every step",
        ("gradients = [dh]", "gradients, start = [dh], dh"),
        ("dh = np.einsum", "dh = start + np.einsum"),
    ),
    gradient_norms(
        "products in the reverse order",
        (BACK, "product = np.eye(dh.shape[1])\n    " + BACK),
        (
            'dh = np.einsum("bi,bij->bj", dh, jacobian)',
            "product = jacobian @ product",
        ),
        ("append(dh)", 'append(np.einsum("bi,bij->bj", dh, product))'),
    ),
    gradient_norms(
        "first steps instead of the last",
        (BACK, "for k in range(len(jacobians)):"),
        ("dh = np.einsum", "new = np.einsum"),
        (", dh, jacobian", ", dh, jacobian_product(jacobians[: k + 1])"),
        ("append(dh)", "append(new)"),
    ),
    gradient_norms("sum of numbers", (NORM, "np.sum(gradients, axis=-1)")),
    gradient_norms("mean of magnitudes", (NORM, "np.mean(np.abs(gradients), axis=-1)")),
    gradient_norms(
        "spectral norm over the batch",
        (NORM, "np.array([np.linalg.norm(gradient, 2) for gradient in gradients])"),
    ),
    gradient_norms("norm over the lags", (NORM, NORM.replace("-1", "0"))),
    gradient_norms("one norm for all", (NORM, "np.linalg.norm(gradients)")),
    gradient_norms("relative to lag 0", (NORM, f"{NORM} / {NORM}[0]")),
    gradient_norms("logarithms", (NORM, f"np.log10({NORM})")),
    gradient_norms(
        "first step first, root missing",
        (BACK, "for jacobian in jacobians:"),
        (NORM, "np.sum(np.square(gradients), axis=-1)"),
        diagnosis="time order reversed + root missing",
    ),
    gradient_norms(
        "Jacobian transposed and lag 0 missing",
        (APPLY, '"bj,bij->bi"'),
        ("[dh]", "[]"),
        diagnosis="Jacobian transposed + first lag missing",
    ),
    gradient_norms(
        "not chained, largest magnitude",
        ("dh = np.einsum", "step = np.einsum"),
        ("append(dh)", "append(step)"),
        (NORM, "np.abs(gradients).max(axis=-1)"),
        diagnosis="steps not chained + largest magnitude",
    ),
    gradient_norms(
        "array filled one lag too late",
        ("gradients = [dh]", "gradients = np.zeros((len(jacobians) + 1, *dh.shape))\n    k = 0"),
        ("gradients.append(dh)", "k += 1\n        gradients[k] = dh"),
        diagnosis="first lag zero",
    ),
    gradient_norms("squeezed", (NORM, f"np.squeeze({NORM})")),
    gradient_norms(
        "dh changed in place",
        ("gradients = [dh]", "gradients = [dh.copy()]"),
        ("dh = np.einsum", "dh[:] = np.einsum"),
        ("append(dh)", "append(dh.copy())"),
        diagnosis="arguments changed",
    ),
    gradient_norms(
        "step before",
        (BACK, "for k in range(len(jacobians), 0, -1):\n        jacobian = jacobians[k - 2]"),
    ),
    gradient_norms("all axes reversed", (BACK, "for jacobian in np.flip(jacobians):")),
    gradient_norms("last two lags alone", (BACK, f"{BACK}\n        gradients = [dh]")),
    gradient_norms(
        "norms of products",
        (
            "gradients = [dh]",
            "gradients, dh = [np.linalg.norm(dh, axis=-1)], np.eye(dh.shape[1])",
        ),
        ('np.einsum("bi,bij->bj", dh, jacobian)', "dh @ jacobian"),
        ("append(dh)", "append(np.linalg.norm(dh, axis=(1, 2)))"),
        (NORM, "np.array(gradients)"),
    ),
    gradient_norms(
        "norms of all products",
        ("gradients = [dh]", "dh = np.eye(dh.shape[1]) + 0 * jacobians[0]\n    gradients = [dh]"),
        ('np.einsum("bi,bij->bj", dh, jacobian)', "dh @ jacobian"),
        (NORM, NORM.replace("-1", "(2, 3)")),
    ),
    gradient_norms(
        "spectral norms of products",
        (
            "gradients = [dh]",
            "gradients, dh = [np.linalg.norm(dh, axis=-1)], np.eye(dh.shape[1])",
        ),
        ('np.einsum("bi,bij->bj", dh, jacobian)', "dh @ jacobian"),
        ("append(dh)", "append(np.linalg.norm(dh, 2, axis=(1, 2)))"),
        (NORM, "np.array(gradients)"),
    ),
    gradient_norms(
        "spectral norms of all products",
        ("gradients = [dh]", "dh = np.eye(dh.shape[1]) + 0 * jacobians[0]\n    gradients = [dh]"),
        ('np.einsum("bi,bij->bj", dh, jacobian)', "dh @ jacobian"),
        (NORM, "np.linalg.norm(gradients, 2, axis=(2, 3))"),
    ),
    norm_bound(
        "largest eigenvalue",
        (SIGMA, "abs(np.linalg.eigvals(recurrent_kernel)).max()"),
    ),
    norm_bound("Frobenius norm", (SIGMA, "np.linalg.norm(recurrent_kernel)")),
    norm_bound("largest column sum", (SIGMA, "np.linalg.norm(recurrent_kernel, 1)")),
    norm_bound("largest row sum", (SIGMA, "np.linalg.norm(recurrent_kernel, np.inf)")),
    norm_bound("largest entry", (SIGMA, "abs(recurrent_kernel).max()")),
    norm_bound("smallest singular value", (SIGMA, SIGMA.replace("max", "min"))),
    norm_bound("mean singular value", (SIGMA, SIGMA.replace("max", "mean"))),
    norm_bound(
        "root missing",
        (SIGMA, "np.linalg.eigvalsh(recurrent_kernel.T @ recurrent_kernel).max()"),
    ),
    norm_bound("lag ignored", (POWER, "sigma * np.ones(len(lags))")),
    norm_bound("multiplied by the lag", (POWER, "sigma * lags")),
    norm_bound("one step too many", (POWER, "sigma ** (lags + 1)")),
    norm_bound("one step too few", (POWER, "sigma ** (lags - 1.0)")),
    norm_bound("lags not asked for", (POWER, "sigma ** np.arange(len(lags))")),
    norm_bound("inverse", (POWER, "sigma ** (-1.0 * lags)")),
    norm_bound("exponential", (POWER, "np.exp(sigma * lags)")),
    norm_bound("falling exponential", (POWER, "np.exp(-sigma * lags)")),
    norm_bound("base and exponent swapped", (POWER, "lags**sigma")),
    norm_bound("largest lag alone", (POWER, "sigma ** lags.max()")),
    norm_bound("lags counted from 1", (POWER, "np.cumprod(np.full(len(lags), sigma))")),
    norm_bound("all lags up to the largest", (POWER, "sigma ** np.arange(lags.max() + 1)")),
    norm_bound(
        "eigenvalue of a symmetric matrix", (SIGMA, "np.linalg.eigvalsh(recurrent_kernel).max()")
    ),
    norm_bound("largest real part", (SIGMA, "np.linalg.eigvals(recurrent_kernel).real.max()")),
    norm_bound("longest column", (SIGMA, "np.linalg.norm(recurrent_kernel, axis=0).max()")),
    norm_bound("longest row", (SIGMA, "np.linalg.norm(recurrent_kernel, axis=1).max()")),
    norm_bound("determinant", (SIGMA, "abs(np.linalg.det(recurrent_kernel))")),
    norm_bound("sum of singular values", (SIGMA, SIGMA.replace("max", "sum"))),
    norm_bound("second singular value", (SIGMA, SIGMA.replace(".max()", "[1]"))),
    norm_bound("singular vectors", (SIGMA, "np.linalg.svd(recurrent_kernel)[0].max()")),
    norm_bound("root too many", (SIGMA, f"np.sqrt({SIGMA})")),
    norm_bound(
        "norm of the power",
        (
            POWER,
            "np.array([np.linalg.norm(np.linalg.matrix_power(recurrent_kernel, k), 2)"
            " for k in lags])",
        ),
    ),
    norm_bound(
        "eigenvalue, one step too many",
        (SIGMA, "abs(np.linalg.eigvals(recurrent_kernel)).max()"),
        (POWER, "sigma ** (lags + 1)"),
        diagnosis="largest eigenvalue + one step too many",
    ),
    norm_bound(
        "Frobenius norm times the lag",
        (SIGMA, "np.linalg.norm(recurrent_kernel)"),
        (POWER, "sigma * lags"),
        diagnosis="Frobenius norm + multiplied by the lag",
    ),
    norm_bound(
        "array of whole numbers",
        (
            f"return {POWER}",
            "bounds = np.zeros_like(lags)\n    bounds[:] = sigma**lags\n    return bounds",
        ),
        diagnosis="whole numbers",
    ),
    norm_bound("squeezed", (POWER, "np.squeeze(sigma**lags)")),
    norm_bound(
        "float16 inside", (POWER, "np.float64(np.float16(sigma)) ** lags"), diagnosis="value"
    ),
    norm_bound(
        "lags sorted",
        ("sigma = np", "lags.sort()\n    sigma = np"),
    ),
    norm_bound("never above 1", (POWER, "np.where(sigma > 1, 1.0, sigma**lags)")),
    norm_bound(
        "magnitude of an eigenvalue of a symmetric matrix",
        (SIGMA, "max(abs(np.linalg.eigvalsh(recurrent_kernel)))"),
    ),
    norm_bound("all singular values", (SIGMA, SIGMA.removesuffix(".max()"))),
    norm_bound("slope of a sigmoid", (POWER, "(sigma / 4) ** lags")),
    clip_by_global_norm(
        "each by its own norm",
        (EACH, "gradient * min(1, clip_norm / np.linalg.norm(gradient)) for gradient in gradients"),
    ),
    clip_by_global_norm(
        "clipped by value",
        (EACH, "np.clip(gradient, -clip_norm, clip_norm) for gradient in gradients"),
    ),
    clip_by_global_norm("not clipped", (FACTOR, "factor = 1")),
    clip_by_global_norm("enlarged", (FACTOR, "factor = clip_norm / global_norm")),
    clip_by_global_norm(
        "not multiplied by clip_norm",
        (FACTOR, "factor = 1 / global_norm if global_norm > clip_norm else 1"),
    ),
    clip_by_global_norm(
        "always divided by the norm",
        (FACTOR, "factor = 1 / global_norm"),
        diagnosis="enlarged + not multiplied by clip_norm",
    ),
    clip_by_global_norm(
        "not divided by the norm", (FACTOR, "factor = clip_norm if global_norm > clip_norm else 1")
    ),
    clip_by_global_norm(
        "always multiplied by clip_norm",
        (FACTOR, "factor = clip_norm"),
        diagnosis="enlarged + not divided by the norm",
    ),
    clip_by_global_norm(
        "divided by clip_norm", (FACTOR, "factor = 1 / clip_norm if global_norm > clip_norm else 1")
    ),
    clip_by_global_norm(
        "divided by the squared norm",
        (FACTOR, "factor = clip_norm / global_norm**2 if global_norm > clip_norm else 1"),
    ),
    clip_by_global_norm(
        "root of the factor", (FACTOR, FACTOR.replace("clip_norm / ", "np.sqrt(clip_norm / ") + ")")
    ),
    clip_by_global_norm("condition inverted", (FACTOR, FACTOR.replace("max", "min"))),
    clip_by_global_norm(
        "any norm exceeds",
        (
            FACTOR,
            f"{FACTOR}\n    if not any(np.linalg.norm(g) > clip_norm for g in gradients):\n"
            "        factor = 1",
        ),
    ),
    clip_by_global_norm(
        "all norms exceed",
        (
            FACTOR,
            f"{FACTOR}\n    if not all(np.linalg.norm(g) > clip_norm for g in gradients):\n"
            "        factor = 1",
        ),
    ),
    clip_by_global_norm(
        "largest number exceeds",
        (
            FACTOR,
            f"{FACTOR}\n    if max(np.abs(g).max() for g in gradients) <= clip_norm:\n"
            "        factor = 1",
        ),
    ),
    clip_by_global_norm(
        "squared norm compared",
        (FACTOR, "factor = clip_norm / global_norm if global_norm**2 > clip_norm else 1"),
    ),
    clip_by_global_norm(
        "only arrays that exceed",
        (EACH, "g * factor if np.linalg.norm(g) > clip_norm else g for g in gradients"),
    ),
    clip_by_global_norm(
        "only numbers that exceed",
        (EACH, "np.where(abs(g) > clip_norm, g * factor, g) for g in gradients"),
    ),
    clip_by_global_norm(
        "each to clip_norm",
        (EACH, "g * (clip_norm / np.linalg.norm(g) if factor < 1 else 1) for g in gradients"),
    ),
    clip_by_global_norm(
        "cut off at clip_norm", (EACH, "np.minimum(g, clip_norm) for g in gradients")
    ),
    clip_by_global_norm(
        "only the first array",
        ("return [gradient * factor for gradient in gradients]", FIRST_ALONE),
    ),
    clip_by_global_norm(
        "only the last array", ("return [gradient * factor for gradient in gradients]", LAST_ALONE)
    ),
    clip_by_global_norm(
        "factor inverted", (FACTOR, "factor = max(global_norm, clip_norm) / clip_norm")
    ),
    clip_by_global_norm(
        "norm after clipping", ("gradients], global_norm", "gradients], factor * global_norm")
    ),
    clip_by_global_norm(
        "norm cut off",
        ("gradients], global_norm", "gradients], min(clip_norm, global_norm)"),
        diagnosis="norm after clipping",
    ),
    clip_by_global_norm(
        "local norms returned",
        ("gradients], global_norm", "gradients], [np.linalg.norm(g) for g in gradients]"),
    ),
    clip_by_global_norm("factor returned", ("gradients], global_norm", "gradients], factor")),
    clip_by_global_norm("root missing", (GLOBAL, GLOBAL.removeprefix("np.sqrt"))),
    clip_by_global_norm(
        "norms added up", (GLOBAL, "sum(np.linalg.norm(gradient) for gradient in gradients)")
    ),
    clip_by_global_norm(
        "largest norm", (GLOBAL, "max(np.linalg.norm(gradient) for gradient in gradients)")
    ),
    clip_by_global_norm(
        "mean of squares",
        (GLOBAL, "np.sqrt(np.mean(np.concatenate([g.ravel() for g in gradients]) ** 2))"),
    ),
    clip_by_global_norm(
        "mean of norms", (GLOBAL, "np.mean([np.linalg.norm(gradient) for gradient in gradients])")
    ),
    clip_by_global_norm(
        "sum of magnitudes", (GLOBAL, "sum(np.abs(gradient).sum() for gradient in gradients)")
    ),
    clip_by_global_norm(
        "zero over zero",
        (FACTOR, "factor = np.minimum(global_norm, clip_norm) / global_norm"),
    ),
    clip_by_global_norm(
        "the list of clipped arrays alone", ("gradients], global_norm", "gradients]")
    ),
    clip_by_global_norm(
        "the list of clipped arrays and the global norm swapped",
        (f"return [{EACH}], global_norm", f"return global_norm, [{EACH}]"),
    ),
    clip_by_global_norm(
        "mean over the arrays", (GLOBAL, "np.sqrt(np.mean([np.sum(g**2) for g in gradients]))")
    ),
    clip_by_global_norm(
        "mean of squares in each array",
        (GLOBAL, "np.sqrt(sum(np.mean(gradient**2) for gradient in gradients))"),
        diagnosis="value",
    ),
    clip_by_global_norm(
        "root of the norms added up",
        (GLOBAL, "np.sqrt(sum(np.linalg.norm(gradient) for gradient in gradients))"),
    ),
    clip_by_global_norm("first array alone", (GLOBAL, "np.linalg.norm(gradients[0])")),
    clip_by_global_norm(
        "last array alone",
        (
            f"global_norm = {GLOBAL}",
            "for gradient in gradients:\n        total = np.sum(gradient**2)\n"
            "    global_norm = np.sqrt(total)",
        ),
    ),
    clip_by_global_norm("largest magnitude", (GLOBAL, "max(abs(g).max() for g in gradients)")),
    clip_by_global_norm(
        "squared after adding",
        (GLOBAL, GLOBAL.replace("np.sum(gradient**2)", "np.sum(gradient) ** 2")),
    ),
    clip_by_global_norm(
        "spectral norms",
        (GLOBAL, "np.sqrt(sum(np.linalg.norm(gradient, 2) ** 2 for gradient in gradients))"),
    ),
    clip_by_global_norm(
        "squared norm returned", ("gradients], global_norm", "gradients], global_norm**2")
    ),
    clip_by_global_norm(
        "local norms in an array",
        (
            "gradients], global_norm",
            "gradients], np.array([np.linalg.norm(g) for g in gradients])",
        ),
    ),
    clip_by_global_norm(
        "all numbers in one array",
        (f"[{EACH}]", f"np.concatenate([({EACH.replace(' for', ').ravel() for')}])"),
    ),
    clip_by_global_norm("shapes lost", (EACH, EACH.replace("gradient *", "gradient.ravel() *"))),
    clip_by_global_norm(
        "axes of length 1 lost", (EACH, EACH.replace("gradient *", "np.squeeze(gradient) *"))
    ),
    clip_by_global_norm("only the first array returned", (f"[{EACH}]", "[gradients[0] * factor]")),
    clip_by_global_norm("only the last array returned", (f"[{EACH}]", "[gradients[-1] * factor]")),
    clip_by_global_norm(
        "first array alone, without a list", (f"[{EACH}]", "gradients[0] * factor")
    ),
    clip_by_global_norm(
        "last array alone, without a list", (f"[{EACH}]", "gradients[-1] * factor")
    ),
    clip_by_global_norm("arrays in reverse order", (EACH, f"{EACH}[::-1]")),
    clip_by_global_norm(
        "by value, norm after clipping",
        (
            f"return [{EACH}], global_norm",
            "clipped = [np.clip(gradient, -clip_norm, clip_norm) for gradient in gradients]\n"
            "    return clipped, np.linalg.norm([np.linalg.norm(g) for g in clipped])",
        ),
        diagnosis="clipped by value + norm after clipping",
    ),
    clip_by_global_norm(
        "norms added up, factor inverted",
        (GLOBAL, "sum(np.linalg.norm(gradient) for gradient in gradients)"),
        (FACTOR, "factor = max(global_norm, clip_norm) / clip_norm"),
        diagnosis="norms added up + factor inverted",
    ),
    clip_by_global_norm(
        "three arrays", ("return [", "gradients[2]\n    return ["), diagnosis="raised"
    ),
    clip_by_global_norm(
        "changed in place",
        (
            "    return [",
            "    for gradient in gradients:\n        gradient *= factor\n    return [",
        ),
        ("[gradient * factor for gradient in gradients]", "gradients"),
        diagnosis="arguments changed",
    ),
    clip_by_global_norm(
        "root of the magnitudes",
        (GLOBAL, "np.sqrt(np.sum(np.abs(np.concatenate([g.ravel() for g in gradients]))))"),
    ),
    clip_by_global_norm(
        "first array missing", (GLOBAL, GLOBAL.replace("gradients", "gradients[1:]"))
    ),
    clip_by_global_norm(
        "last array missing", (GLOBAL, GLOBAL.replace("gradients", "gradients[:-1]"))
    ),
    clip_by_global_norm("factor applied twice", (EACH, EACH.replace("factor", "factor**2"))),
    clip_by_global_norm(
        "each by the norm so far",
        (
            f"return [{EACH}], global_norm",
            "so_far = np.sqrt(np.cumsum([np.sum(g**2) for g in gradients]))\n"
            "    factors = clip_norm / np.maximum(so_far, clip_norm)\n"
            "    return [g * own for g, own in zip(gradients, factors)], global_norm",
        ),
    ),
    clip_by_global_norm(
        "joined", (f"[{EACH}]", "[np.hstack([g.ravel() * factor for g in gradients])]")
    ),
    clip_by_global_norm(
        "root missing, norm cut off",
        (GLOBAL, GLOBAL.removeprefix("np.sqrt")),
        ("gradients], global_norm", "gradients], min(clip_norm, global_norm)"),
        diagnosis="root missing + norm after clipping",
    ),
]

right_tanh_derivative = partial(right, "tanh_derivative")
right_step_jacobian = partial(right, "step_jacobian")
right_jacobian_product = partial(right, "jacobian_product")
right_gradient_norms = partial(right, "gradient_norms")
right_norm_bound = partial(right, "norm_bound")
right_clip_by_global_norm = partial(right, "clip_by_global_norm")

RIGHT = [
    right_tanh_derivative(
        "product of two factors",
        """
def tanh_derivative(h):
    return (1 + h) * (1 - h)
""",
    ),
    right_tanh_derivative(
        "by the argument, in float64",
        """
def tanh_derivative(h):
    with np.errstate(divide="ignore", over="ignore"):
        return np.cosh(np.arctanh(h.astype("float64"))) ** -2.0
""",
    ),
    right_step_jacobian(
        "einsum",
        """
def step_jacobian(h_new, recurrent_kernel):
    return np.einsum("bi,ji->bij", tanh_derivative(h_new), recurrent_kernel)
""",
    ),
    right_step_jacobian(
        "diagonal matrices",
        """
def step_jacobian(h_new, recurrent_kernel):
    return np.array([np.diag(tanh_derivative(row)) @ recurrent_kernel.T for row in h_new])
""",
    ),
    right_step_jacobian(
        "loops, one number at a time",
        """
def step_jacobian(h_new, recurrent_kernel):
    batch, units = h_new.shape
    jacobian = np.zeros((batch, units, units))
    for b in range(batch):
        for i in range(units):
            for j in range(units):
                jacobian[b, i, j] = (1 - h_new[b, i] ** 2) * recurrent_kernel[j, i]
    return jacobian
""",
    ),
    right_step_jacobian(
        "columns scaled, then swapped",
        """
def step_jacobian(h_new, recurrent_kernel):
    scaled = recurrent_kernel * tanh_derivative(h_new)[:, None, :]
    return scaled.transpose(0, 2, 1)
""",
    ),
    right_jacobian_product(
        "reduce",
        """
def jacobian_product(jacobians):
    from functools import reduce

    return reduce(np.matmul, jacobians[::-1])
""",
    ),
    right_jacobian_product(
        "from the identity, in float64",
        """
def jacobian_product(jacobians):
    time, batch, units, _ = jacobians.shape
    product = np.broadcast_to(np.eye(units), (batch, units, units))
    for t in reversed(range(time)):
        product = np.einsum("bij,bjk->bik", product, jacobians[t])
    return product
""",
    ),
    right_jacobian_product(
        "sample by sample",
        """
def jacobian_product(jacobians):
    products = []
    for b in range(jacobians.shape[1]):
        product = jacobians[0, b].T
        for jacobian in jacobians[1:, b]:
            product = np.dot(product, jacobian.T)
        products.append(product.T)
    return np.stack(products)
""",
    ),
    right_jacobian_product(
        "halves",
        """
def jacobian_product(jacobians):
    half = len(jacobians) // 2
    if half == 0:
        return jacobians[0].copy()
    return jacobian_product(jacobians[half:]) @ jacobian_product(jacobians[:half])
""",
    ),
    right_gradient_norms(
        "rows times matrices",
        """
def gradient_norms(dh, jacobians):
    row = dh[:, None]
    norms = [np.sqrt((row**2).sum(axis=(1, 2)))]
    for t in range(len(jacobians) - 1, -1, -1):
        row = row @ jacobians[t]
        norms.append(np.sqrt((row**2).sum(axis=(1, 2))))
    return np.array(norms)
""",
    ),
    right_gradient_norms(
        "filled in, float64",
        """
def gradient_norms(dh, jacobians):
    time, batch = jacobians.shape[:2]
    norms = np.zeros((time + 1, batch))
    for b in range(batch):
        gradient = dh[b].astype("float64")
        norms[0, b] = np.linalg.norm(gradient)
        for k in range(1, time + 1):
            gradient = jacobians[time - k, b].T @ gradient
            norms[k, b] = np.linalg.norm(gradient)
    return norms
""",
    ),
    right_gradient_norms(
        "a product for each lag",
        """
def gradient_norms(dh, jacobians):
    time = len(jacobians)
    gradients = [dh]
    for k in range(1, time + 1):
        gradients.append(np.einsum("bi,bij->bj", dh, jacobian_product(jacobians[time - k :])))
    return np.sqrt(np.einsum("kbj,kbj->kb", gradients, gradients))
""",
    ),
    right_norm_bound(
        "spectral norm",
        """
def norm_bound(recurrent_kernel, lags):
    return np.power(np.linalg.norm(recurrent_kernel, ord=2), lags)
""",
    ),
    right_norm_bound(
        "eigenvalues of the square",
        """
def norm_bound(recurrent_kernel, lags):
    kernel = recurrent_kernel.astype("float64")
    return np.sqrt(np.linalg.eigvalsh(kernel @ kernel.T)[-1]) ** lags
""",
    ),
    right_norm_bound(
        "loop and logarithm",
        """
def norm_bound(recurrent_kernel, lags):
    _, singular_values, _ = np.linalg.svd(recurrent_kernel)
    return np.array([np.exp(int(lag) * np.log(singular_values[0])) for lag in lags])
""",
    ),
    right_clip_by_global_norm(
        "only if it is too long",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.linalg.norm(np.concatenate([gradient.ravel() for gradient in gradients]))
    if norm <= clip_norm:
        return [gradient.copy() for gradient in gradients], norm
    return [clip_norm / norm * gradient for gradient in gradients], norm
""",
    ),
    right_clip_by_global_norm(
        "norm of the norms, with a warning at zero",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.linalg.norm([np.linalg.norm(gradient) for gradient in gradients])
    return tuple(gradient * min(1, clip_norm / norm) for gradient in gradients), norm
""",
    ),
    right_clip_by_global_norm(
        "plain Python numbers",
        """
def clip_by_global_norm(gradients, clip_norm):
    import math

    norm = math.sqrt(sum(float(number) ** 2 for g in gradients for number in g.flat))
    factor = 1.0 if norm < clip_norm else clip_norm / norm
    return [np.multiply(g, factor, dtype="float64") for g in gradients], norm
""",
    ),
]
