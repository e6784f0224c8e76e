"""Prints merkle.json: the tree of RFC 6962 by its recursive definitions, word for word.

Leaf k is the text "leaf k". Proofs are lists of places in "hashes", which keeps the file small.
Run: python3 merkle_vectors.py > merkle.json
"""

import hashlib
import json


def sha256(data):
    return hashlib.sha256(data).digest()


def split(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    """MTH(D[n]), section 2.1."""
    n = len(d)
    if n == 0:
        return sha256(b"")
    if n == 1:
        return sha256(b"\x00" + d[0])
    k = split(n)
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:]))


def path(m, d):
    """PATH(m, D[n]), section 2.1.1."""
    n = len(d)
    if n == 1:
        return []
    k = split(n)
    if m < k:
        return path(m, d[:k]) + [mth(d[k:])]
    return path(m - k, d[k:]) + [mth(d[:k])]


def proof(m, d):
    """PROOF(m, D[n]), section 2.1.2."""
    return subproof(m, d, True)


def subproof(m, d, b):
    """SUBPROOF(m, D[n], b), section 2.1.2."""
    n = len(d)
    if m == n:
        return [] if b else [mth(d)]
    k = split(n)
    if m <= k:
        return subproof(m, d[:k], b) + [mth(d[k:])]
    return subproof(m - k, d[k:], False) + [mth(d[:k])]


LEAVES = [b"leaf %d" % k for k in range(70)]
hashes = {}


def places(digests):
    return [hashes.setdefault(digest.hex(), len(hashes)) for digest in digests]


inclusions = [(m, n) for n in range(1, 25) for m in range(n)]
inclusions += [(m, n) for n in (33, 64, 65, 70) for m in (0, 1, 15, 16, 31, 32, n - 2, n - 1)]
consistencies = [(m, n) for n in range(1, 25) for m in range(1, n + 1)]
consistencies += [(m, n) for n in (33, 64, 65, 70) for m in (1, 15, 16, 17, 31, 32, n - 2, n - 1)]


def rows(items):
    """A JSON array, one item a line."""
    return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"


roots = [mth(LEAVES[:n]).hex() for n in range(71)]
inclusion = [[m, n, places(path(m, LEAVES[:n]))] for m, n in inclusions]
consistency = [[m, n, places(proof(m, LEAVES[:n]))] for m, n in consistencies]
print('{"roots":' + rows(roots))
print(',"inclusion":' + rows(inclusion))
print(',"consistency":' + rows(consistency))
print(',"hashes":' + rows(hashes) + "}")
