"""Logarithm, exponential and normal quantile made only of operations that IEEE 754 rounds exactly.

A mathematics library may differ in the last bit from one processor to the next, and one bit is enough to change
the digest of a run. Numpy's ``+ - * / sqrt frexp ldexp`` are exact everywhere and are never fused, so these
functions draw the same number on every machine.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LN2_HI, _LN2_LO = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
_EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)


def _poly(x: Floats, coefficients: tuple[float, ...]) -> Floats:
    """Horner's rule, lowest coefficient first."""
    total = np.full_like(x, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = total * x + c
    return total


def log(x: Floats) -> Floats:
    """Natural logarithm of positive normal numbers, within one unit in the last place (FreeBSD msun ``e_log.c``)."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < 0.7071067811865476
    mantissa = np.where(low, mantissa * 2.0, mantissa)
    k = (exponent - low).astype(np.float64)
    f = mantissa - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * _poly(z, _LOG)
    half = 0.5 * f * f
    return k * _LN2_HI - ((half - (s * (half + r) + k * _LN2_LO)) - f)


def exp(x: Floats) -> Floats:
    """Exponential of numbers between -700 and 700, within one unit in the last place (FreeBSD msun ``e_exp.c``)."""
    k = np.rint(x * 1.44269504088896338700)
    hi = x - k * _LN2_HI
    lo = k * _LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * _poly(t, _EXP)
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return np.ldexp(y, k.astype(np.int64))


_A = (
    3.3871328727963666080e0,
    1.3314166789178437745e2,
    1.9715909503065514427e3,
    1.3731693765509461125e4,
    4.5921953931549871457e4,
    6.7265770927008700853e4,
    3.3430575583588128105e4,
    2.5090809287301226727e3,
)
_B = (
    1.0,
    4.2313330701600911252e1,
    6.8718700749205790830e2,
    5.3941960214247511077e3,
    2.1213794301586595867e4,
    3.9307895800092710610e4,
    2.8729085735721942674e4,
    5.2264952788528545610e3,
)
_C = (
    1.42343711074968357734e0,
    4.63033784615654529590e0,
    5.76949722146069140550e0,
    3.64784832476320460504e0,
    1.27045825245236838258e0,
    2.41780725177450611770e-1,
    2.27238449892691845833e-2,
    7.74545014278341407640e-4,
)
_D = (
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
_E = (
    6.65790464350110377720e0,
    5.46378491116411436990e0,
    1.78482653991729133580e0,
    2.96560571828504891230e-1,
    2.65321895265761230930e-2,
    1.24266094738807843860e-3,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
_F = (
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)


def normal_quantile(u: Floats) -> Floats:
    """The standard normal value below which a share *u* in (0, 1) lies (Wichura 1988, algorithm AS 241, PPND16)."""
    q = u - 0.5
    centre = np.clip(0.180625 - q * q, 0.0, None)
    middle = q * _poly(centre, _A) / _poly(centre, _B)
    r = np.sqrt(-log(np.minimum(u, 1.0 - u)))
    near, far = r - 1.6, r - 5.0
    tail = np.where(r <= 5.0, _poly(near, _C) / _poly(near, _D), _poly(far, _E) / _poly(far, _F))
    return np.where(np.abs(q) <= 0.425, middle, np.where(q < 0.0, -tail, tail))
