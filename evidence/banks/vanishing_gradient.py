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
    tanh_derivative("twice the output", (SLOPE, "2 * h"), diagnosis="value"),
    tanh_derivative("sum of squares", (SLOPE, "1 - np.sum(h**2)"), diagnosis="shape"),
    tanh_derivative("matrix product", (SLOPE, "1 - h @ h.T"), diagnosis="shape"),
    tanh_derivative("float16 result", (SLOPE, "1 - h.astype('float16') ** 2"), diagnosis="dtype"),
    tanh_derivative(
        "changed in place",
        ("return 1 - h**2", "h **= 2\n    return 1 - h"),
        diagnosis="arguments changed",
    ),
    step_jacobian("transposed", (JACOBIAN, f"({JACOBIAN}).swapaxes(1, 2)")),
    step_jacobian("recurrent kernel not transposed", (JACOBIAN, JACOBIAN.removesuffix(".T"))),
    step_jacobian(
        "derivative on the wrong axis",
        (JACOBIAN, JACOBIAN.replace("[:, :, None]", "[:, None, :]")),
    ),
    step_jacobian(
        "transposed by the wrong axis",
        (JACOBIAN, JACOBIAN.removesuffix(".T").replace("[:, :, None]", "[:, None, :]")),
        diagnosis="transposed",
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
    step_jacobian("first sample", (JACOBIAN, f"0 * h_new[:, :, None] + ({JACOBIAN})[0]")),
    step_jacobian("batch averaged", (JACOBIAN, f"({JACOBIAN}).mean(axis=0)")),
    step_jacobian("batch added up", (JACOBIAN, f"({JACOBIAN}).sum(axis=0)")),
    step_jacobian("outputs added up", (JACOBIAN, "tanh_derivative(h_new) @ recurrent_kernel.T")),
    step_jacobian("inputs added up", (JACOBIAN, f"({JACOBIAN}).sum(axis=-1)")),
    step_jacobian(
        "output in place of derivative",
        (JACOBIAN, "h_new[:, :, None] * recurrent_kernel.T"),
        diagnosis="value",
    ),
    step_jacobian(
        "axis forgotten",
        (JACOBIAN, "tanh_derivative(h_new) * recurrent_kernel.T"),
        diagnosis="raised",
    ),
    step_jacobian(
        "five units", (JACOBIAN, "np.zeros((len(h_new), 5, 5)) + " + JACOBIAN), diagnosis="raised"
    ),
    step_jacobian(
        "float16 inside",
        (JACOBIAN, f"({JACOBIAN}).astype('float16').astype('float32')"),
        diagnosis="value",
    ),
    jacobian_product("order reversed", (PRODUCT, "product = product @ jacobian")),
    jacobian_product("transposed", ("return product", "return product.swapaxes(1, 2)")),
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
        "started from zeros", (START, "product = 0 * jacobians[0]"), diagnosis="value"
    ),
    jacobian_product(
        "five steps", (REST, "for jacobian in jacobians[[1, 2, 3, 4]]:"), diagnosis="raised"
    ),
    jacobian_product(
        "changed in place",
        (PRODUCT, "product[:] = jacobian @ product"),
        diagnosis="arguments changed",
    ),
    gradient_norms("time order reversed", (BACK, "for jacobian in jacobians:")),
    gradient_norms("Jacobian transposed", (APPLY, '"bj,bij->bi"')),
    gradient_norms(
        "reversed and transposed", (BACK, "for jacobian in jacobians:"), (APPLY, '"bj,bij->bi"')
    ),
    gradient_norms("lags reversed", (NORM, NORM.replace("gradients,", "gradients[::-1],"))),
    gradient_norms("lag 0 missing", ("[dh]", "[]")),
    gradient_norms("greatest lag missing", (BACK, "for jacobian in jacobians[:0:-1]:")),
    gradient_norms("last lag only", (NORM, NORM.replace("gradients", "dh"))),
    gradient_norms("norms not taken", (NORM, "np.array(gradients)")),
    gradient_norms("root missing", (NORM, "np.sum(np.square(gradients), axis=-1)")),
    gradient_norms("sum of magnitudes", (NORM, "np.abs(gradients).sum(axis=-1)")),
    gradient_norms("largest magnitude", (NORM, "np.abs(gradients).max(axis=-1)")),
    gradient_norms("mean of squares", (NORM, "np.sqrt(np.mean(np.square(gradients), axis=-1))")),
    gradient_norms("norm over the batch", (NORM, NORM.replace("-1", "(1, 2)"))),
    gradient_norms("norm over samples", (NORM, NORM.replace("-1", "1"))),
    gradient_norms("mean over the batch", (NORM, f"{NORM}.mean(axis=1)")),
    gradient_norms("axes swapped", (NORM, f"{NORM}.T")),
    gradient_norms(
        "steps not chained",
        ("dh = np.einsum", "step = np.einsum"),
        ("append(dh)", "append(step)"),
    ),
    gradient_norms(
        "dh ignored", ("gradients = [dh]", "dh = np.ones_like(dh)\n    gradients = [dh]")
    ),
    gradient_norms("index forgotten", (APPLY, '"bi,bij->bi"'), diagnosis="value"),
    gradient_norms("list returned", (NORM, f"list({NORM})"), diagnosis="type"),
    gradient_norms(
        "dh changed in place",
        ("gradients = [dh]", "gradients = [dh.copy()]"),
        ("dh = np.einsum", "dh[:] = np.einsum"),
        ("append(dh)", "append(dh.copy())"),
        diagnosis="arguments changed",
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
    norm_bound("exponential", (POWER, "np.exp(-sigma * lags)"), diagnosis="value"),
    norm_bound("largest lag alone", (POWER, "sigma ** lags.max()"), diagnosis="shape"),
    norm_bound(
        "float16 inside", (POWER, "np.float64(np.float16(sigma)) ** lags"), diagnosis="value"
    ),
    norm_bound(
        "lags sorted",
        ("sigma = np", "lags.sort()\n    sigma = np"),
        diagnosis="value",
    ),
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
    clip_by_global_norm("not multiplied by clip_norm", (FACTOR, "factor = 1 / global_norm")),
    clip_by_global_norm("not divided by the norm", (FACTOR, "factor = clip_norm")),
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
        diagnosis="nan",
    ),
    clip_by_global_norm(
        "norm forgotten", ("gradients], global_norm", "gradients]"), diagnosis="type"
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
