"""A dead man's switch (心跳): an address that is told when a night begins and how it ends, so that silence is noticed, too.

As healthchecks.io and those like it want it: `URL/start`, `URL` where all went well, `URL/CODE` with the exit code where
it did not; `rid` pairs beginning and end. The body is empty, so nothing of any customer leaves the house.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdo.core.late import late

if TYPE_CHECKING:
    import httpx
else:
    httpx = late("httpx")

TIMEOUT_SECONDS = 10.0


def tell_heartbeat(address: str, said: str, run_key: str) -> str:
    """Tell the address something; whatever goes wrong fails nobody.

    Args:
        address: without a slash at its end; empty tells nobody.
        said: `start`, an exit code as text; `0` and the empty text mean that all went well.
        run_key: pairs beginning and end, a UUID.

    Returns:
        What went wrong; empty where nothing did.
    """
    if not address:
        return ""
    place = address if said in ("", "0") else f"{address}/{said}"
    try:
        httpx.post(place, params={"rid": run_key}, timeout=TIMEOUT_SECONDS, follow_redirects=True).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return ""
