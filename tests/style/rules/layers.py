"""Includes point one way (DESIGN §5). This table is the only place where an arrow is allowed."""

from source import Fault, includes

PURE = ("core", "routing", "casework", "reporting", "api")

# folder of server/ -> folders whose headers it may include, besides its own
MAY_INCLUDE = {
    "core": (),
    "routing": ("core",),
    "casework": ("core",),
    "reporting": ("core", "casework"),  # figures are counted over what casework calls its states
    "api": ("core", "routing", "casework", "reporting"),
    "ops": ("core",),
    "storage": PURE,
    "protocol": PURE,
    "service": PURE + ("storage", "ops"),
    "connection": PURE + ("protocol", "service", "ops"),
    "net": ("core", "api", "protocol", "connection", "ops"),
}
# Files directly in server/ (main, app, config) may include everything and are included by each other only.

# Programs beside the server see the protocol, not its insides (decision 33).
OUTSIDE = ("clients/", "tests/load/")
OUTSIDE_MAY_INCLUDE = ("protocol/frame",)
# kapokctl opens files itself for init, restore, store scan, audit verify and journal replay; that code stands in files
# whose path starts so.
OFFLINE = "clients/cli/offline"
# service/password: one definition of how passwords and tokens are hashed; contact_index and directory_store: of what
# search finds of a contact, which store scan --rebuild remakes.
OFFLINE_MAY_INCLUDE = PURE + ("storage", "service/password", "service/contact_index", "service/directory_store",
                              "protocol/frame")

# Generated protobuf is seen by the codec and by clients.
MAY_SEE_PROTOBUF = ("server/protocol/", "clients/", "tests/")


def _names(path, allowed):
    return any(path.startswith(prefix if "/" in prefix else prefix + "/") for prefix in allowed)


def _server_fault(folder, included, is_ours):
    target = included.split("/")[0]
    if "/" not in included:
        return f"a layer does not include {included} from the root of server/" if folder and is_ours else None
    if target not in MAY_INCLUDE or not folder or target == folder:
        return None
    if folder not in MAY_INCLUDE:
        return f"server/{folder} is no known layer; name it in tests/style/rules/layers.py"
    if target in MAY_INCLUDE[folder]:
        return None
    return f"{folder} may not include {included}; it may include {', '.join(MAY_INCLUDE[folder]) or 'nothing'}"


def _outside_fault(path, included):
    if included.split("/")[0] not in MAY_INCLUDE:
        return None
    allowed = OFFLINE_MAY_INCLUDE if path.startswith(OFFLINE) else OUTSIDE_MAY_INCLUDE
    return None if _names(included, allowed) else f"a client may not include {included}; it may include {', '.join(allowed)}"


def check(tree):
    for path in tree.cpp("server/", *OUTSIDE):
        parts = path.split("/")
        folder = parts[1] if parts[0] == "server" and len(parts) > 2 else ""
        for line, sign, included in includes(tree.read(path)):
            if included.endswith(".pb.h") and not path.startswith(MAY_SEE_PROTOBUF) and "google/" not in included:
                yield Fault(path, line, f"{included}: generated protobuf stays behind server/protocol")
            if parts[0] == "server":
                is_ours = sign == '"' and (tree.root / "server" / included).is_file()
                reason = _server_fault(folder, included, is_ours)
            else:
                reason = _outside_fault(path, included)
            if reason:
                yield Fault(path, line, reason)
