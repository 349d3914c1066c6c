"""An independent decision on a request: naive, slow, written from the IAM User Guide, on the documents as they are.

It shares no code with `craton.iam.policies`. Each rule names the page that it is of.
"""

import base64
import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

Token = tuple[str, Any]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """Who asks is `type` ("AWS", "Service", "Federated" or "") and `who`; `via` is the role or user of a session."""

    type: str
    who: str
    account: str
    via: str
    action: str
    resource: str
    keys: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Policies:
    """The texts of the policies that have a say."""

    identity: Sequence[str]
    resource: Sequence[str]
    trust: Sequence[str]
    boundary: Sequence[str] | None
    session: Sequence[str] | None


# "Policy evaluation logic", "Cross-account policy evaluation logic"


def decide(request: Request, policies: Policies) -> tuple[str, str]:
    """The outcome, and the kind of policy that decided."""
    written = {
        "identity": [json.loads(text) for text in policies.identity],
        "resource": [json.loads(text) for text in policies.resource],
        "trust": [json.loads(text) for text in policies.trust],
        "boundary": [json.loads(text) for text in policies.boundary or ()],
        "session": [json.loads(text) for text in policies.session or ()],
    }
    bounded = policies.boundary is not None
    for kind in ("identity", "trust", "resource", "boundary", "session"):
        for document in written[kind]:
            for statement in statements(document):
                if statement["Effect"] == "Allow" or not about(document, statement, request):
                    continue
                if kind in ("identity", "boundary", "session") or denied(statement, request, bounded):
                    return "deny", kind

    shared = written["resource"] + written["trust"]
    granted = {level for document in shared for level in levels_granted(document, request)}
    shared_kind = "trust" if written["trust"] else "resource"
    fields = request.resource.split(":", 5)
    owner = fields[4] if len(fields) == 6 and fields[4].isdigit() else request.account
    other_account = owner != request.account

    if request.account == "":  # services, federated and anonymous callers have no policies of their own
        return ("allow" if granted else "no", shared_kind)
    root = request.who == f"arn:aws:iam::{request.account}:root"
    if written["trust"] and not granted:
        return "no", "trust"
    if other_account and not granted:
        return "no", "resource"
    if not other_account and "itself" in granted:
        return "allow", shared_kind
    if root:
        return "allow", "root"

    by_identity = allowed_by(written["identity"], request)
    if not by_identity and not (granted & {"its role"} and not other_account):
        return "no", "identity"
    if bounded and not allowed_by(written["boundary"], request):
        return "no", "boundary"
    federated = ":federated-user/" in request.who
    if (policies.session is not None or federated) and not allowed_by(written["session"], request):
        return "no", "session"
    return "allow", "identity" if by_identity else shared_kind


def statements(document: Document) -> list[Any]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def allowed_by(documents: Sequence[Document], request: Request) -> bool:
    for document in documents:
        for statement in statements(document):
            if statement["Effect"] == "Allow" and about(document, statement, request):
                return True
    return False


# "AWS JSON policy elements: Principal", "... NotPrincipal"


def names(element: Any, wanted: str, who: str) -> bool:
    """Whether a principal element lists this very name."""
    if element == "*":
        return True
    for kind, listed in element.items():
        for name in as_list(listed):
            if kind == "AWS" and name == "*":
                return True
            if kind == "AWS" and len(name) == 12 and name.isdigit():
                name = f"arn:aws:iam::{name}:root"
            if kind == wanted and name == who:
                return True
    return False


def levels(request: Request) -> list[tuple[str, str, str]]:
    """What a caller is called, from the account down to itself."""
    found = []
    if request.account:
        found.append(("its account", "AWS", f"arn:aws:iam::{request.account}:root"))
    if request.via:
        found.append(("its role", "AWS", request.via))
    if request.who and (request.type, request.who) not in [(kind, who) for _, kind, who in found]:
        found.append(("itself", request.type, request.who))
    return found


def levels_granted(document: Document, request: Request) -> set[str]:
    granted = set()
    for statement in statements(document):
        if statement["Effect"] == "Deny" or not about(document, statement, request):
            continue
        if "NotPrincipal" in statement:
            element = statement["NotPrincipal"]
            if not names(element, "", "") and not any(names(element, kind, who) for _, kind, who in levels(request)):
                granted.add("itself")
        elif names(statement["Principal"], "", ""):
            granted.add("itself")
        else:
            hit = {level for level, kind, who in levels(request) if names(statement["Principal"], kind, who)}
            if "its account" in hit and request.who.endswith(":root"):
                hit.add("itself")
            granted |= hit
    return granted


def denied(statement: Document, request: Request, bounded: bool) -> bool:
    if "NotPrincipal" in statement:
        element = statement["NotPrincipal"]
        if bounded:
            return True
        if not levels(request):
            return not names(element, "", "")
        return not all(names(element, kind, who) for _, kind, who in levels(request))
    if names(statement["Principal"], "", ""):
        return True
    return any(names(statement["Principal"], kind, who) for _, kind, who in levels(request))


# "IAM JSON policy elements: Action", "... NotAction", "... Resource", "... NotResource"


def about(document: Document, statement: Document, request: Request) -> bool:
    keys = {}
    for name, values in request.keys.items():
        keys[name.lower()] = list(values)
    modern = document.get("Version") == "2012-10-17"
    if "Action" in statement:
        if not any(action_fits(pattern, request.action) for pattern in as_list(statement["Action"])):
            return False
    elif any(action_fits(pattern, request.action) for pattern in as_list(statement["NotAction"])):
        return False
    for element in ("Resource", "NotResource"):
        listed = as_list(statement.get(element, []))
        hit = any(resource_fits(pattern, request.resource, keys, modern) for pattern in listed)
        if element in statement and hit is (element == "NotResource"):
            return False
    for operator, tests in statement.get("Condition", {}).items():
        for key, wanted in tests.items():
            if not holds(operator, keys.get(key.lower(), []), as_list(wanted), keys, modern):
                return False
    return True


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def action_fits(pattern: str, action: str) -> bool:
    tokens = tokenize(pattern.lower(), {}, variables=False, wild=True)
    assert tokens is not None
    return fits(tokens, action.lower())


def resource_fits(pattern: str, resource: str, keys: Mapping[str, list[str]], modern: bool) -> bool:
    tokens = tokenize(pattern, keys, variables=modern, wild=True)
    if tokens is None:  # "Policy variables with no value": it matches no resource
        return False
    colons = 0
    for index, (kind, value) in enumerate(tokens):
        if kind == "is" and value == ":":
            colons += 1
        elif kind == "many" and colons < 5:
            # "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the
            # colon boundaries."
            rest = tokens[index:]
            while rest and rest[0][0] == "many":
                rest = rest[1:]
            tokens[index] = ("many", not rest or rest[0] == ("is", ":"))
        elif kind == "one" and colons < 5:
            tokens[index] = ("one", False)
    return fits(tokens, resource)


def fits(tokens: Sequence[Token], text: str, i: int = 0, j: int = 0) -> bool:
    """Backtracking. The value of a wildcard says whether it may stand for colons."""
    while i < len(tokens):
        kind, value = tokens[i]
        if kind == "many":
            for k in range(j, len(text) + 1):
                if fits(tokens, text, i + 1, k):
                    return True
                if k < len(text) and text[k] == ":" and not value:
                    return False
            return False
        if j == len(text):
            return False
        if kind == "one":
            if text[j] == ":" and not value:
                return False
        elif text[j] != value:
            return False
        i, j = i + 1, j + 1
    return j == len(text)


# "IAM policy elements: Variables and tags"


def tokenize(
    pattern: str, keys: Mapping[str, list[str]], *, variables: bool, wild: bool, lower: bool = False
) -> list[Token] | None:
    tokens: list[Token] = []
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if variables and pattern[index : index + 2] == "${":
            end = pattern.index("}", index)
            inside = pattern[index + 2 : end]
            if inside in "*?$":
                value: str | None = inside
            else:
                name, comma, default = inside.partition(",")
                found = keys.get(name.strip().lower(), [])
                value = found[0] if len(found) == 1 else (default.strip()[1:-1] if comma else None)
            if value is None:
                return None
            tokens += [("is", one) for one in (value.lower() if lower else value)]
            index = end + 1
            continue
        if wild and character in "*?":
            tokens.append(("many" if character == "*" else "one", True))
        else:
            tokens.append(("is", character.lower() if lower else character))
        index += 1
    return tokens


# "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys"


def holds(operator: str, found: list[str], wanted: list[Any], keys: Mapping[str, list[str]], modern: bool) -> bool:
    if operator == "Null":
        absent = not "".join(found)
        return any(str(one).lower() == ("true" if absent else "false") for one in wanted)
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.replace("IfExists", "")
    negated = "Not" in name
    name = name.replace("Not", "")
    texts = [str(one).lower() if isinstance(one, bool) else str(one) for one in wanted]

    def true_of(value: str) -> bool:
        hit = any(matches(name, value, text, keys, modern) for text in texts)
        return not hit if negated else hit

    if quantifier == "ForAllValues":
        return not "".join(found) or all(true_of(value) for value in found)
    if quantifier == "ForAnyValue":
        if not found:
            return if_exists
        return "".join(found) != "" and any(true_of(value) for value in found)
    if not found:
        return if_exists or negated
    if negated:
        return all(true_of(value) for value in found)
    return any(true_of(value) for value in found)


def matches(name: str, value: str, text: str, keys: Mapping[str, list[str]], modern: bool) -> bool:
    if name in ("StringEquals", "StringEqualsIgnoreCase", "StringLike", "Bool"):
        lower = name in ("StringEqualsIgnoreCase", "Bool")
        tokens = tokenize(text, keys, variables=modern, wild=name == "StringLike", lower=lower)
        return tokens is not None and fits(tokens, value.lower() if lower else value)
    if name in ("ArnEquals", "ArnLike"):
        tokens = tokenize(text, keys, variables=modern, wild=True)
        return tokens is not None and arn_like(tokens, value)
    if name == "IpAddress":
        return address_in(value, text)
    if name == "BinaryEquals":
        try:
            return base64.b64decode(value, validate=True) == base64.b64decode(text)
        except ValueError:
            return False
    family, _, comparison = name.partition("Numeric") if name.startswith("Numeric") else name.partition("Date")
    assert family == ""
    left, right = (as_number(value), as_number(text)) if "Numeric" in name else (as_time(value), as_time(text))
    if left is None or right is None:
        return False
    return {
        "Equals": left == right,
        "LessThan": left < right,
        "LessThanEquals": left <= right,
        "GreaterThan": left > right,
        "GreaterThanEquals": left >= right,
    }[comparison]


def arn_like(tokens: Sequence[Token], value: str) -> bool:
    """Each of the six colon-delimited components is checked separately."""
    components: list[list[Token]] = [[]]
    for token in tokens:
        if token == ("is", ":") and len(components) < 6:
            components.append([])
        else:
            components[-1].append(token)
    parts = value.split(":", 5)
    return len(components) == len(parts) == 6 and all(
        fits(component, part) for component, part in zip(components, parts, strict=True)
    )


def address_in(value: str, text: str) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    if value.lower().startswith("::ffff:") and "." in value:
        address = ipaddress.ip_address(value[7:])
    network = ipaddress.ip_network(text, strict=False)
    return address.version == network.version and address in network


def as_number(text: str) -> Fraction | None:
    try:
        return Fraction(text) if "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None


def as_time(text: str) -> Fraction | None:
    if text.lstrip("-").isdigit() and len(text) != 4:
        return Fraction(text)
    date, _, rest = text.partition("T")
    try:
        whole, dot, fraction = rest.partition(".")
        if dot:
            digits = fraction.rstrip("Z")
            rest = whole + "Z"
        date = (date + "-01-01")[:10] if len(date) < 10 else date
        moment = datetime.fromisoformat(f"{date}T{rest or '00:00:00Z'}")
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return Fraction(since // timedelta(seconds=1)) + (Fraction(f"0.{digits}") if dot else 0)
