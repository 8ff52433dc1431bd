"""Wrong answers as learners write them, for vanishing-gradient."""

from evidence.realistic import both, in_numpy, one, two

SLIPS = [
    one(
        "tanh_derivative",
        "difference squared",
        r"\(1 - h\)|square.*(difference|whole|bracket|1 - h)|bracket|only .*h.*squared",
        """
def tanh_derivative(h):
    return np.square(1 - h)
""",
    ),
    one(
        "tanh_derivative",
        "derivative of the derivative",
        r"-2|second derivative|derivative of (the derivative|1 - h)",
        """
def tanh_derivative(h):
    return -2 * h
""",
    ),
    one(
        "tanh_derivative",
        "times two for to the power of two",
        r"2 \* h|h \* 2|twice|doubl|\*\*|not squared|square.*missing",
        """
def tanh_derivative(h):
    return 1 - h * 2
""",
    ),
    in_numpy(
        "tanh_derivative",
        "^ for **",
        r"\*\*|\^|exclusive|bitwise",
        """
def tanh_derivative(h):
    return 1 - h ^ 2
""",
    ),
    in_numpy(
        "tanh_derivative",
        "flattened",
        r"flat|ravel|one (long )?(axis|row)|axes.*lost|same shape",
        """
def tanh_derivative(h):
    out = []
    for v in h.flatten():
        out.append(1 - v * v)
    return np.array(out)
""",
    ),
    in_numpy(
        "tanh_derivative",
        "last row left at zero",
        r"last (row|sample|number|one).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def tanh_derivative(h):
    d = np.zeros_like(h)
    for i in range(len(h) - 1):
        d[i] = 1 - h[i] ** 2
    return d
""",
    ),
    two(
        "tanh_derivative",
        "tanh taken again, square missing",
        both(r"tanh.*(again|twice|output)|(again|already).*tanh|argument", r"square"),
        """
def tanh_derivative(h):
    return 1 - np.tanh(h)
""",
    ),
    two(
        "tanh_derivative",
        "cosh of the output, square missing",
        both(r"output|argument|\bz\b|already", r"square"),
        """
def tanh_derivative(h):
    return 1 / np.cosh(h)
""",
    ),
    one(
        "step_jacobian",
        "square missing",
        r"square",
        """
def step_jacobian(h_new, recurrent_kernel):
    slope = 1 - h_new
    return slope[:, :, np.newaxis] * recurrent_kernel.T
""",
    ),
    one(
        "step_jacobian",
        "derivative of the sigmoid",
        r"sigmoid|h \* \(1 - h\)",
        """
def step_jacobian(h_new, recurrent_kernel):
    d = h_new * (1 - h_new)
    return np.einsum("bi,ji->bij", d, recurrent_kernel)
""",
    ),
    one(
        "step_jacobian",
        "derivative of both units",
        r"(both|twice|two|old unit|also).*(derivative|unit)|derivative.*(both|twice|two|old unit)",
        """
def step_jacobian(h_new, recurrent_kernel):
    d = tanh_derivative(h_new)
    return d[:, :, None] * recurrent_kernel.T * d[:, None, :]
""",
    ),
    in_numpy(
        "step_jacobian",
        "return inside the loop over samples",
        r"return\b.*(loop|too early)|first sample|batch axis|only one sample",
        """
def step_jacobian(h_new, recurrent_kernel):
    jacobians = []
    for row in h_new:
        jacobians.append(np.diag(1 - row**2) @ recurrent_kernel.T)
        return jacobians[-1]
""",
    ),
    in_numpy(
        "step_jacobian",
        "np.diag of the whole batch",
        r"np\.diag|diagonal|each sample.*(own|matrix)",
        """
def step_jacobian(h_new, recurrent_kernel):
    D = np.diag(tanh_derivative(h_new))
    return D @ recurrent_kernel.T
""",
    ),
    in_numpy(
        "step_jacobian",
        ".T on three axes",
        r"\.T\b|transpos|axes.*(order|revers|swap)|batch.*last",
        """
def step_jacobian(h_new, recurrent_kernel):
    scaled = tanh_derivative(h_new)[:, None, :] * recurrent_kernel
    return scaled.T
""",
    ),
    in_numpy(
        "step_jacobian",
        "loop over the new units one short",
        r"last (row|unit).*(zero|missing|left|not)|loop.*(short|too early)",
        """
def step_jacobian(h_new, recurrent_kernel):
    batch, n = h_new.shape
    J = np.zeros((batch, n, n))
    for i in range(n - 1):
        for j in range(n):
            J[:, i, j] = (1 - h_new[:, i] ** 2) * recurrent_kernel[j, i]
    return J
""",
    ),
    in_numpy(
        "step_jacobian",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def step_jacobian(h_new, recurrent_kernel):
    batch, n = h_new.shape
    J = np.full((batch, n, n), 0)
    for b in range(batch):
        J[b] = np.diag(1 - h_new[b] ** 2) @ recurrent_kernel.T
    return J
""",
    ),
    two(
        "step_jacobian",
        "derivative missing, recurrent kernel not transposed",
        both(r"derivative|tanh", r"transpos"),
        """
def step_jacobian(h_new, recurrent_kernel):
    return np.stack([recurrent_kernel for _ in h_new])
""",
    ),
    two(
        "step_jacobian",
        "batch added up, recurrent kernel not transposed",
        both(r"batch|samples", r"transpos"),
        """
def step_jacobian(h_new, recurrent_kernel):
    return np.einsum("bi,ij->ij", tanh_derivative(h_new), recurrent_kernel)
""",
    ),
    two(
        "step_jacobian",
        "square missing, recurrent kernel not transposed",
        both(r"square", r"transpos"),
        """
def step_jacobian(h_new, recurrent_kernel):
    return (1 - h_new)[:, :, None] * recurrent_kernel
""",
    ),
    two(
        "step_jacobian",
        "tanh taken again, derivative at the old unit",
        both(r"tanh|argument", r"axis|old unit|new unit|column|row"),
        """
def step_jacobian(h_new, recurrent_kernel):
    d = 1 - np.tanh(h_new) ** 2
    return d[:, None, :] * recurrent_kernel.T[None]
""",
    ),
    in_numpy(
        "jacobian_product",
        "return inside the loop",
        r"return\b.*(loop|too early)|first two|two (steps|jacobians)|(only|stops?).*(first|second)",
        """
def jacobian_product(jacobians):
    product = jacobians[0]
    for t in range(1, len(jacobians)):
        product = jacobians[t] @ product
        return product
    return product
""",
    ),
    in_numpy(
        "jacobian_product",
        "started from ones",
        r"(matrix|array|start\w*|with|from).*\bones\b|identity",
        """
def jacobian_product(jacobians):
    time, batch, n, _ = jacobians.shape
    product = np.ones((batch, n, n))
    for J in jacobians:
        product = J @ product
    return product
""",
    ),
    in_numpy(
        "jacobian_product",
        "np.dot for @",
        r"np\.dot|pair|every sample|each sample.*every|stacks?",
        """
def jacobian_product(jacobians):
    product = jacobians[-1]
    for t in range(len(jacobians) - 2, -1, -1):
        product = np.dot(product, jacobians[t])
    return product
""",
    ),
    in_numpy(
        "jacobian_product",
        "np.flip of all axes",
        r"np\.flip|(all|every|other) ax(e|i)s|axis=0|units.*revers|revers.*units",
        """
def jacobian_product(jacobians):
    product = None
    for J in np.flip(jacobians):
        product = J if product is None else product @ J
    return product
""",
    ),
    in_numpy(
        "jacobian_product",
        "index of einsum in the wrong place",
        r"transpos|subscript|einsum|ind(ex|ices).*(swap|order|wrong|place)",
        """
def jacobian_product(jacobians):
    out = jacobians[0]
    for J in jacobians[1:]:
        out = np.einsum("bij,bkj->bik", J, out)
    return out
""",
    ),
    in_numpy(
        "jacobian_product",
        "last sample left at zero",
        r"last sample.*(zero|missing|left|not)|loop.*(short|too early)",
        """
def jacobian_product(jacobians):
    time, batch, n, _ = jacobians.shape
    result = np.zeros((batch, n, n))
    for b in range(batch - 1):
        P = np.eye(n)
        for t in range(time):
            P = jacobians[t, b] @ P
        result[b] = P
    return result
""",
    ),
    in_numpy(
        "jacobian_product",
        "product begun anew for every sample, only the last one returned",
        r"last sample|batch axis|only one sample|return.*(loop|outside)|list.*(missing|append)",
        """
def jacobian_product(jacobians):
    for b in range(jacobians.shape[1]):
        P = jacobians[0, b]
        for t in range(1, jacobians.shape[0]):
            P = np.dot(jacobians[t, b], P)
    return P
""",
    ),
    in_numpy(
        "jacobian_product",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def jacobian_product(jacobians):
    time, batch, n, _ = jacobians.shape
    total = np.zeros((batch, n, n), dtype=int)
    total[:] = np.eye(n)
    for J in jacobians:
        total[:] = J @ total
    return total
""",
    ),
    one(
        "jacobian_product",
        "last step twice",
        r"last (step|jacobian).*(twice|two times|again|both)|(twice|again).*last|start.*last",
        """
def jacobian_product(jacobians):
    product = jacobians[-1]
    for J in reversed(jacobians):
        product = product @ J
    return product
""",
    ),
    one(
        "jacobian_product",
        "each product added to the Jacobian",
        r"(sum|add|plus|\+).*(jacobian|product|step)|(jacobian|product).*(sum|added|plus|\+)",
        """
def jacobian_product(jacobians):
    product = jacobians[0]
    for J in jacobians[1:]:
        product = J @ product + J
    return product
""",
    ),
    one(
        "jacobian_product",
        "power of the mean Jacobian",
        r"mean|averag|power",
        """
def jacobian_product(jacobians):
    mean = jacobians.mean(axis=0)
    return np.linalg.matrix_power(mean, len(jacobians))
""",
    ),
    one(
        "jacobian_product",
        "samples averaged",
        r"(batch|samples).*(mean|averag)|(mean|averag).*(batch|samples)",
        """
def jacobian_product(jacobians):
    Js = jacobians.mean(axis=1)
    P = Js[0]
    for J in Js[1:]:
        P = J @ P
    return P
""",
    ),
    two(
        "jacobian_product",
        "first step twice, last step missing",
        both(r"first.*(twice|again)|(twice|again).*first", r"last.*(missing|left out|not)|missing"),
        """
def jacobian_product(jacobians):
    product = jacobians[0]
    for t in range(len(jacobians) - 1):
        product = jacobians[t] @ product
    return product
""",
    ),
    two(
        "jacobian_product",
        "order reversed, first step twice",
        both(r"order|revers", r"first.*(twice|again)|(twice|again).*first"),
        """
def jacobian_product(jacobians):
    result = jacobians[0]
    for J in jacobians:
        result = np.matmul(result, J)
    return result
""",
    ),
    two(
        "jacobian_product",
        "order reversed, last step missing",
        both(r"order|revers", r"last.*(missing|left out|not)|missing.*last"),
        """
def jacobian_product(jacobians):
    T = len(jacobians)
    product = jacobians[0]
    for t in range(1, T - 1):
        product = product @ jacobians[t]
    return product
""",
    ),
    two(
        "jacobian_product",
        "number by number, first step twice",
        both(r"number by number|element|\*|@", r"first.*(twice|again)|(twice|again).*first"),
        """
def jacobian_product(jacobians):
    P = jacobians[0]
    for J in jacobians:
        P = J * P
    return P
""",
    ),
    in_numpy(
        "gradient_norms",
        "return inside the loop",
        r"return\b.*(loop|too early)|(only|stops?).*(first|two|lag 1)|lags?.*missing",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=1)]
    for J in jacobians[::-1]:
        dh = np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=1))
        return np.array(norms)
""",
    ),
    in_numpy(
        "gradient_norms",
        "array of zeros, loop one short",
        r"(last|greatest|largest) lag.*(zero|missing|left|not)|loop.*(short|too early)",
        """
def gradient_norms(dh, jacobians):
    T, batch = jacobians.shape[:2]
    norms = np.zeros((T + 1, batch))
    norms[0] = np.linalg.norm(dh, axis=-1)
    for k in range(1, T):
        dh = np.einsum("bi,bij->bj", dh, jacobians[T - k])
        norms[k] = np.linalg.norm(dh, axis=-1)
    return norms
""",
    ),
    in_numpy(
        "gradient_norms",
        "list emptied at every step",
        r"list.*(loop|empt|anew)|(only|alone).*(last|greatest) lag|greatest lag.*(only|alone)",
        """
def gradient_norms(dh, jacobians):
    for J in jacobians[::-1]:
        norms = []
        norms.append(np.linalg.norm(dh, axis=-1))
        dh = np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.array(norms)
""",
    ),
    in_numpy(
        "gradient_norms",
        "dh @ J pairs every row with every matrix",
        r"dh @|every (row|sample)|pairs?|row.*(matri|each)|einsum",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians[::-1]:
        dh = dh @ J
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.array(norms)
""",
    ),
    in_numpy(
        "gradient_norms",
        "dh broadcast along the wrong axis",
        r"(wrong|other|new) axis|\[:, None|old unit|new unit|columns?",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians[::-1]:
        dh = (dh[:, None, :] * J).sum(axis=1)
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.stack(norms)
""",
    ),
    in_numpy(
        "gradient_norms",
        "keepdims left in",
        r"keepdims|axis.*(kept|too many|extra|length 1|size 1)|one axis too many",
        """
def gradient_norms(dh, jacobians):
    all_norms = []
    grad = dh
    for t in range(len(jacobians), -1, -1):
        all_norms.append(np.linalg.norm(grad, axis=1, keepdims=True))
        if t > 0:
            grad = np.einsum("bi,bij->bj", grad, jacobians[t - 1])
    return np.array(all_norms)
""",
    ),
    in_numpy(
        "gradient_norms",
        "np.flip of all axes",
        r"np\.flip|(all|every|other) ax(e|i)s|axis=0|(batch|units).*revers|revers.*(batch|units)",
        """
def gradient_norms(dh, jacobians):
    grads = [dh]
    for J in np.flip(jacobians):
        grads.append(np.einsum("bi,bij->bj", grads[-1], J))
    return np.linalg.norm(np.array(grads), axis=2)
""",
    ),
    in_numpy(
        "gradient_norms",
        "written into an array of whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|fraction",
        """
def gradient_norms(dh, jacobians):
    time, batch = jacobians.shape[:2]
    norms = np.full((time + 1, batch), 0)
    for k in range(time + 1):
        norms[k] = np.sqrt((dh**2).sum(axis=1))
        if k < time:
            dh = np.einsum("bi,bij->bj", dh, jacobians[time - 1 - k])
    return norms
""",
    ),
    one(
        "gradient_norms",
        "Jacobian of the step before",
        r"(step|jacobian).*(before|previous|shift|off by one|early)|one (step|index)|last.*skipped",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for t in range(len(jacobians) - 1, -1, -1):
        dh = np.einsum("bi,bij->bj", dh, jacobians[t - 1])
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.array(norms)
""",
    ),
    one(
        "gradient_norms",
        "logarithms of the norms",
        r"\blog",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians[::-1]:
        dh = np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.log10(norms)
""",
    ),
    one(
        "gradient_norms",
        "norms relative to lag 0",
        r"relative|divided|normali[sz]|ratio|share|fraction",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians[::-1]:
        dh = np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=-1))
    norms = np.array(norms)
    return norms / norms[0]
""",
    ),
    one(
        "gradient_norms",
        "norms of the Jacobians' products",
        r"norm.*(jacobian|matri|product)|jacobian.*norm|dh.*(ignored|not used|missing)",
        """
def gradient_norms(dh, jacobians):
    T, batch, n, _ = jacobians.shape
    P = np.stack([np.eye(n)] * batch)
    norms = [np.linalg.norm(dh, axis=-1)]
    for t in range(T - 1, -1, -1):
        P = P @ jacobians[t]
        norms.append(np.linalg.norm(P, axis=(1, 2)))
    return np.array(norms)
""",
    ),
    one(
        "gradient_norms",
        "gradients of all lags added up",
        r"(sum|add|accumul|\+=).*(gradient|lag|dh|step)|(gradient|lag|dh).*(sum|added|accumul)",
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians[::-1]:
        dh = dh + np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.array(norms)
""",
    ),
    two(
        "gradient_norms",
        "root missing, lag 0 missing",
        both(r"root|square", r"lag 0|first lag|lag.*missing"),
        """
def gradient_norms(dh, jacobians):
    out = []
    for J in jacobians[::-1]:
        dh = np.einsum("bi,bij->bj", dh, J)
        out.append((dh * dh).sum(axis=-1))
    return np.array(out)
""",
    ),
    two(
        "gradient_norms",
        "Jacobian transposed, axes swapped",
        both(r"transpos", r"axes|axis|swap"),
        """
def gradient_norms(dh, jacobians):
    g = dh
    norms = [np.linalg.norm(g, axis=1)]
    for J in jacobians[::-1]:
        g = (J @ g[:, :, None])[:, :, 0]
        norms.append(np.linalg.norm(g, axis=1))
    return np.stack(norms, axis=1)
""",
    ),
    two(
        "gradient_norms",
        "Jacobians from the first step, lags reversed",
        both(r"first step|time|order of the (steps|jacobians)", r"lag.*(revers|order)|revers.*lag"),
        """
def gradient_norms(dh, jacobians):
    norms = [np.linalg.norm(dh, axis=-1)]
    for J in jacobians:
        dh = np.einsum("bi,bij->bj", dh, J)
        norms.append(np.linalg.norm(dh, axis=-1))
    return np.array(norms[::-1])
""",
    ),
    two(
        "gradient_norms",
        "steps not chained, root missing",
        both(r"chain|not (carried|handed|passed)|each (step|jacobian) alone", r"root|square"),
        """
def gradient_norms(dh, jacobians):
    squares = [np.sum(dh**2, axis=1)]
    for J in jacobians[::-1]:
        g = np.einsum("bi,bij->bj", dh, J)
        squares.append(np.sum(g**2, axis=1))
    return np.array(squares)
""",
    ),
    two(
        "gradient_norms",
        "Jacobian transposed, sum of magnitudes",
        both(r"transpos", r"magnitude|absolute|\babs|root|square"),
        """
def gradient_norms(dh, jacobians):
    rows = [np.abs(dh).sum(axis=-1)]
    for J in jacobians[::-1]:
        dh = np.einsum("bij,bj->bi", J, dh)
        rows.append(np.abs(dh).sum(axis=-1))
    return np.array(rows)
""",
    ),
    in_numpy(
        "norm_bound",
        "first result of svd for the singular values",
        r"svd.*(first|second|three|returns)|singular vectors|compute_uv|not the singular values",
        """
def norm_bound(recurrent_kernel, lags):
    s = np.linalg.svd(recurrent_kernel)[0]
    return s.max() ** lags
""",
    ),
    in_numpy(
        "norm_bound",
        "all singular values to the power of the lags",
        r"(all|every|each) .*singular|largest singular|max\b|one number",
        """
def norm_bound(recurrent_kernel, lags):
    U, S, Vt = np.linalg.svd(recurrent_kernel)
    return S**lags
""",
    ),
    in_numpy(
        "norm_bound",
        "written into the lags' whole numbers",
        r"whole number|integer|\bint|truncat|cut off|decimal|zeros_like|dtype",
        """
def norm_bound(recurrent_kernel, lags):
    sigma = np.linalg.svd(recurrent_kernel, compute_uv=False)[0]
    bounds = np.zeros_like(lags)
    for i, k in enumerate(lags):
        bounds[i] = sigma**k
    return bounds
""",
    ),
    in_numpy(
        "norm_bound",
        "return inside the loop over lags",
        r"return\b.*(loop|too early)|(only|one).*(first )?lag|first lag|each lag",
        """
def norm_bound(recurrent_kernel, lags):
    sigma = np.linalg.norm(recurrent_kernel, 2)
    for lag in lags:
        return sigma**lag
""",
    ),
    one(
        "norm_bound",
        "determinant",
        r"determinant|product of",
        """
def norm_bound(recurrent_kernel, lags):
    return np.abs(np.linalg.det(recurrent_kernel)) ** lags
""",
    ),
    one(
        "norm_bound",
        "nuclear norm",
        r"nuclear|sum of|added",
        """
def norm_bound(recurrent_kernel, lags):
    s = np.linalg.svd(recurrent_kernel, compute_uv=False)
    return s.sum() ** lags
""",
    ),
    one(
        "norm_bound",
        "root of the singular value",
        r"root",
        """
def norm_bound(recurrent_kernel, lags):
    s = np.linalg.svd(recurrent_kernel, compute_uv=False)
    return np.sqrt(s.max()) ** lags
""",
    ),
    one(
        "norm_bound",
        "eigenvalues as of a symmetric matrix",
        r"symmetric|eigenvalue|eigvalsh",
        """
def norm_bound(recurrent_kernel, lags):
    eigenvalues = np.linalg.eigvalsh(recurrent_kernel)
    return np.abs(eigenvalues).max() ** lags
""",
    ),
    one(
        "norm_bound",
        "never above one",
        r"(above|over|more than|at most|cap\w*|clip\w*|cut|limit\w*).{0,20}\b(1|one)\b",
        """
def norm_bound(recurrent_kernel, lags):
    sigma = np.linalg.svd(recurrent_kernel, compute_uv=False).max()
    return np.minimum(1.0, sigma**lags)
""",
    ),
    one(
        "norm_bound",
        "bound of the sigmoid",
        r"sigmoid|quarter|1/4|factor of 0\.25",
        """
def norm_bound(recurrent_kernel, lags):
    gamma = 0.25
    sigma = np.linalg.svd(recurrent_kernel, compute_uv=False).max()
    return (gamma * sigma) ** lags
""",
    ),
    two(
        "norm_bound",
        "Frobenius norm, one step too many",
        both(r"frobenius|all (entries|numbers)", r"one (step|lag|power)|\+ 1|too many|step"),
        """
def norm_bound(recurrent_kernel, lags):
    norm = np.sqrt((recurrent_kernel**2).sum())
    return np.array([norm * norm**k for k in lags])
""",
    ),
    two(
        "norm_bound",
        "largest eigenvalue, multiplied by the lag",
        both(r"eigenvalue|spectral radius", r"multipl|times|power"),
        """
def norm_bound(recurrent_kernel, lags):
    radius = np.max(np.abs(np.linalg.eigvals(recurrent_kernel)))
    return radius * lags
""",
    ),
    two(
        "norm_bound",
        "root missing, one step too many",
        both(r"root|squared?", r"one (step|lag|power)|\+ 1|too many"),
        """
def norm_bound(recurrent_kernel, lags):
    largest = np.linalg.eigvalsh(recurrent_kernel @ recurrent_kernel.T)[-1]
    return largest ** (lags + 1)
""",
    ),
    two(
        "norm_bound",
        "bounds for the positions of the lags, one step too many",
        both(r"lags?.*(not|given|asked|ignored)|position", r"one (step|lag|power)|too many"),
        """
def norm_bound(recurrent_kernel, lags):
    sigma = np.linalg.svd(recurrent_kernel, compute_uv=False).max()
    return np.cumprod(np.full(len(lags), sigma))
""",
    ),
    one(
        "clip_by_global_norm",
        "results in the other order",
        r"swap|exchang|order|first.*second",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    if norm > clip_norm:
        gradients = [g * clip_norm / norm for g in gradients]
    return norm, gradients
""",
    ),
    one(
        "clip_by_global_norm",
        "condition the other way round",
        r"condition|compar|other way|wrong way|invert|(small|short).*(scaled|clipped|long)"
        r"|not larger",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    if 0 < norm < clip_norm:
        gradients = [g * (clip_norm / norm) for g in gradients]
    return list(gradients), norm
""",
    ),
    one(
        "clip_by_global_norm",
        "clipped in the loop by the norm so far",
        r"so far|in the loop|running|before (all|the)|partial|(not|until).* all (gradients|arrays)",
        """
def clip_by_global_norm(gradients, clip_norm):
    total = 0
    clipped = []
    for g in gradients:
        total += np.sum(g**2)
        norm = np.sqrt(total)
        clipped.append(g * clip_norm / norm if norm > clip_norm else g)
    return clipped, np.sqrt(total)
""",
    ),
    one(
        "clip_by_global_norm",
        "factor applied twice",
        r"(factor|scaled|clipped|multipl\w*).*(twice|two times|squared)|(twice|squared).*factor",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    scale = min(1.0, clip_norm / max(norm, 1e-12))
    gradients = [g * scale for g in gradients]
    if scale < 1:
        gradients = [g * scale for g in gradients]
    return gradients, norm
""",
    ),
    one(
        "clip_by_global_norm",
        "root missing in the factor alone",
        r"root|squared?",
        """
def clip_by_global_norm(gradients, clip_norm):
    sq = sum(np.sum(g**2) for g in gradients)
    norm = np.sqrt(sq)
    if norm > clip_norm:
        gradients = [g * (clip_norm / sq) for g in gradients]
    return list(gradients), norm
""",
    ),
    one(
        "clip_by_global_norm",
        "squares averaged over the arrays",
        r"mean|averag|divided by the number",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(np.mean([np.sum(g**2) for g in gradients]))
    if norm > clip_norm:
        return [g * clip_norm / norm for g in gradients], norm
    return list(gradients), norm
""",
    ),
    one(
        "clip_by_global_norm",
        "root of the magnitudes",
        r"magnitude|absolute|\babs\b|not squared|square.*(missing|forgotten)",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(np.abs(g).sum() for g in gradients))
    factor = 1.0 if norm <= clip_norm else clip_norm / norm
    return [g * factor for g in gradients], norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "loop over the arrays one short",
        r"last (array|gradient).*(missing|left|not)|loop.*(short|too early)|without the last",
        """
def clip_by_global_norm(gradients, clip_norm):
    total = 0.0
    for i in range(len(gradients) - 1):
        total += np.sum(gradients[i] ** 2)
    norm = np.sqrt(total)
    scale = clip_norm / norm if norm > clip_norm else 1.0
    return [g * scale for g in gradients], norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "return inside the loop over the arrays",
        r"return\b.*(loop|too early)|(only|alone).*first (array|gradient)|first (array|gradient)"
        r"|arrays?.*missing",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    clipped = []
    for g in gradients:
        clipped.append(g * clip_norm / max(norm, clip_norm))
        return clipped, norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "spectral norm of each array",
        r"spectral|singular|ord\b|ord=|matrix norm",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in gradients))
    factor = clip_norm / max(norm, clip_norm)
    return [g * factor for g in gradients], norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "arrays of different shapes in one array",
        r"(different|own|several) shapes|one array|ragged|inhomogeneous|shapes? of (its|their) own",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.linalg.norm(np.array(gradients))
    if norm > clip_norm:
        gradients = [g * clip_norm / norm for g in gradients]
    return list(gradients), norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "squares summed over one axis alone",
        r"(one|first|wrong|single|each) axis|each column|columns|one number",
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(sum(g**2) for g in gradients))
    factor = clip_norm / np.maximum(norm, clip_norm)
    return [g * factor for g in gradients], norm
""",
    ),
    in_numpy(
        "clip_by_global_norm",
        "joined and left joined",
        r"flat|joined|one (long )?(array|vector)|shapes? (lost|of (its|their) own)",
        """
def clip_by_global_norm(gradients, clip_norm):
    flat = np.concatenate([g.ravel() for g in gradients])
    norm = np.linalg.norm(flat)
    if norm > clip_norm:
        flat = flat * (clip_norm / norm)
    return [flat], norm
""",
    ),
    two(
        "clip_by_global_norm",
        "scaled also when short, norm after clipping",
        both(r"enlarg|lengthen|short|small|always|not larger|stay", r"before|after"),
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients)) + 1e-12
    clipped = [g * clip_norm / norm for g in gradients]
    return clipped, np.sqrt(sum(np.sum(g**2) for g in clipped))
""",
    ),
    two(
        "clip_by_global_norm",
        "norms added up, not multiplied by clip_norm",
        both(r"sum|added", r"clip_norm|length 1|norm.* 1"),
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = 0
    for g in gradients:
        norm += np.linalg.norm(g)
    if norm > clip_norm:
        gradients = [g / norm for g in gradients]
    return list(gradients), norm
""",
    ),
    two(
        "clip_by_global_norm",
        "root missing, norm after clipping",
        both(r"root|squared?", r"before|after"),
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = sum(np.sum(g**2) for g in gradients)
    scale = clip_norm / max(norm, clip_norm)
    clipped = [g * scale for g in gradients]
    return clipped, norm * scale
""",
    ),
    two(
        "clip_by_global_norm",
        "clipped by value, root missing",
        both(r"value|number by number|each number|np\.clip", r"root|squared?"),
        """
def clip_by_global_norm(gradients, clip_norm):
    norm = sum(float((g * g).sum()) for g in gradients)
    for_update = [np.clip(g, -clip_norm, clip_norm) for g in gradients]
    return for_update, norm
""",
    ),
]
