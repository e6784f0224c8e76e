"""Every page there is, found by walking, so that a new one is tested too."""

import re

SKIPPED = re.compile(r"^/(api|assets|openapi|healthz|metrics)")
# Of a kind of page, such as /ledger/17, this many are enough.
EACH = 2


def kind(path: str) -> str:
    return re.sub(r"\d+", "N", re.sub(r"^/supply/[^/]+$", "/supply/N", path))


def walked(fetch, start=("/", "/signin", "/components")) -> list[str]:
    """Paths reached by links from the front page, without their queries."""
    found, counts, queue = [], {}, list(start)
    while queue:
        path = queue.pop(0)
        if path in found:
            continue
        counts[kind(path)] = counts.get(kind(path), 0) + 1
        if counts[kind(path)] > EACH:
            continue
        found.append(path)
        for link in re.findall(r'href="(/[^"?#]*)', fetch(path)):
            if not SKIPPED.match(link):
                queue.append(link)
    return found
