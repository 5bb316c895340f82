"""So many requests a second, each on its dot, whether or not the earlier ones are answered:
`python load.py RATE SECONDS < requests.json` prints how long each took, and what was answered.

A process of its own, so that it waits for nothing of ours. Plain HTTP/1.1 over kept connections.
"""

import asyncio
import contextlib
import json
import sys
import time


async def ask(host, port, request, free):
    """Send one request over a free connection, or a new one; return the status.

    A kept connection that the server has closed meanwhile is no error: every client asks again.
    """
    while free:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            return await over(free.pop(), request, free)
    return await over(await asyncio.open_connection(host, port), request, free)


async def over(connection, request, free):
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    await reader.readexactly(int(fields["content-length"]))
    if fields.get("connection") == "close":
        writer.close()
    else:
        free.append(connection)
    return int(lines[0].split()[1])


async def at_its_dot(dot, *asked):
    await asyncio.sleep(max(0, dot - time.perf_counter()))
    try:
        status = await ask(*asked)
    except (OSError, asyncio.IncompleteReadError) as error:
        status = str(error)
    return (time.perf_counter() - dot) * 1000, status


async def run(rate, seconds, told):
    free, start = [], time.perf_counter() + 0.5
    requests = [request.encode() for request in told["requests"]]
    asked = [
        at_its_dot(
            start + number / rate,
            told["host"],
            told["port"],
            requests[number % len(requests)],
            free,
        )
        for number in range(int(rate * seconds))
    ]
    return await asyncio.gather(*asked)


if __name__ == "__main__":
    answers = asyncio.run(run(float(sys.argv[1]), float(sys.argv[2]), json.load(sys.stdin)))
    json.dump({"ms": [ms for ms, _ in answers], "status": [s for _, s in answers]}, sys.stdout)
