#!/usr/bin/env python3
"""verify_export.py TRACE.ndjson: an exported trace, checked by docs/audit.md alone; the signature by openssl."""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile


def h(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return h(b"\x01" + left + right)


def root_of(leaves):
    if not leaves:
        return h(b"")
    while len(leaves) > 1:
        pairs = [node(*leaves[i:i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) - len(leaves) % 2:]
    return leaves[0]


def path_root(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2."""
    last, root = size - 1, leaf
    for sibling in proof:
        assert last > 0, "proof too long"
        if index & 1 or index == last:
            root = node(sibling, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node(root, sibling)
        index, last = index >> 1, last >> 1
    assert last == 0, "proof too short"
    return root


def whole(number):
    return b"i" + number.to_bytes(8, "big", signed=True)


def signed_by(key, body, signature):
    with tempfile.TemporaryDirectory() as room:
        for name, data in (("key", bytes.fromhex("302a300506032b6570032100") + key), ("body", body), ("sig", signature)):
            pathlib.Path(room, name).write_bytes(data)
        done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", f"{room}/key", "-rawin",
                               "-in", f"{room}/body", "-sigfile", f"{room}/sig"], capture_output=True, check=False)
        return done.returncode == 0


def verify(lines):
    head = lines[0]
    logs = {x["log"]: x for x in lines if x["kind"] == "log"}
    body, signatures = head["note"].split("\n\n")
    origin, size, root, _, count, _, algorithm = (body + "\n").splitlines()
    key = base64.b64decode(head["key"])
    blob = base64.b64decode(signatures.splitlines()[0].split(" ")[2])
    assert origin == "wancun.office/" + h(key).hex()[:32] and algorithm == "hash sha256", "not of this key"
    assert blob[:4] == h(origin.encode() + b"\n\x01" + key)[:4] and signed_by(key, (body + "\n").encode(), blob[4:]), "signature"
    leaves = [h(b"\0" + whole(int(k)) + whole(x["size"]) + b"t\0\0\0\x20" + bytes.fromhex(x["root"]))
              for k, x in sorted(logs.items(), key=lambda item: int(item[0]))]
    assert root_of(leaves) == base64.b64decode(root) and count == f"logs {len(logs)}", "root over all logs"
    assert int(size) == sum(x["size"] for x in logs.values()), "size"
    seen = {k: [] for k in logs}
    for x in (x for x in lines if x["kind"] == "event"):
        data, log = base64.b64decode(x["bytes"]), logs[x["log"]]
        leaf = h(b"\0" + data)
        seen[x["log"]].append(leaf)
        assert data.startswith(whole(int(x["log"])) + whole(x["seq"])) and x["seq"] == len(seen[x["log"]]), "order of events"
        assert path_root(leaf, x["seq"] - 1, log["size"], [bytes.fromhex(p) for p in x["proof"]]).hex() == log["root"], "proof"
    assert all(root_of(seen[k]).hex() == x["root"] and len(seen[k]) == x["size"] for k, x in logs.items()), "events of a log"
    return int(size)


if __name__ == "__main__":
    print(verify([json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]), "events verified")
