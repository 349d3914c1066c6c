"""What one operation asks of its caller's policies: actions on resources, and the condition keys in its request.

Knows no policy and no caller.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from craton.core.context import Context, Keys
from craton.iam.authorization.actions import ALSO, PASS_ROLE, PREFIXES, ROLES, TAGGING, TAGS, actions
from craton.iam.authorization.resources import Request, Resources

REQUEST_TAG = "aws:RequestTag/"
TAG_KEYS = "aws:TagKeys"
PASSED_TO = "iam:PassedToService"

# Members whose value is a condition key's, by the action's prefix.
_KEYS: Mapping[str, Mapping[str, str]] = {
    "bedrock": {},
    "bedrock-agentcore": {
        "actorId": "bedrock-agentcore:actorId",
        "namespace": "bedrock-agentcore:namespace",
        "sessionId": "bedrock-agentcore:sessionId",
        "strategyId": "bedrock-agentcore:strategyId",
        "userId": "bedrock-agentcore:userid",
    },
    "craton": {},
}
_OPERATION_KEYS: Mapping[str, Mapping[str, str]] = {
    "InvokeInlineAgent": {"agentName": "bedrock:InlineAgentName"},
}


class Ask(NamedTuple):
    """One thing the caller must be allowed."""

    action: str
    resource: str
    keys: Keys


class Need:
    """What an operation asks for; compiled once, read at each request."""

    def __init__(self, service: str, operation: str, members: Collection[str]) -> None:
        """`members` are the names of those of the operation's input."""
        prefix = PREFIXES[service]
        self.actions = actions(service, operation)
        self._prefix = prefix
        self._resources = Resources(prefix, operation, members)
        self._tags = [name for name in TAGS if name in members]
        self._untags = "tagKeys" in members
        self._making = not operation.startswith(("Tag", "Untag"))
        self._tagging = f"{prefix}:{TAGGING.get(operation, 'TagResource')}"
        self._roles = [name for name in members if name in ROLES]
        self._also = [(name, action) for (named, name), action in ALSO.items() if named == operation]
        told = {**_KEYS[prefix], **_OPERATION_KEYS.get(operation, {})}
        self._keys = [(name, told[name]) for name in members if name in told]
        self._tells = bool(self._tags or self._untags or self._keys)

    def of(self, ctx: Context, request: Request) -> Iterator[Ask]:
        """Everything that the request asks for, the operation's own action first."""
        if not self.actions:
            return
        keys = self.keys(request)
        resources = self._resources.of(ctx, request)
        also = [action for name, action in self._also if request.get(name)]
        for action in (*self.actions, *also):
            for resource in resources:
                yield Ask(action, resource, keys)
        if self._making and TAG_KEYS in keys:
            for resource in self._resources.tagged(ctx, request):
                yield Ask(self._tagging, resource, keys)
        for name in self._roles:
            if role := request.get(name):
                yield Ask(PASS_ROLE, str(role), {PASSED_TO: [f"{self._prefix}.amazonaws.com"]})

    def keys(self, request: Request) -> Keys:
        """The condition keys that the request itself holds."""
        if not self._tells:
            return {}
        keys: dict[str, list[str]] = {}
        for name in self._tags:
            for key, value in _tags(request.get(name)):
                keys[REQUEST_TAG + key] = [value]
                keys.setdefault(TAG_KEYS, []).append(key)
        if self._untags and (removed := request.get("tagKeys")):
            keys[TAG_KEYS] = list(removed) if isinstance(removed, list) else [str(removed)]
        for name, key in self._keys:
            if told := request.get(name):
                keys[key] = [str(told)]
        return keys


def request_tags(tags: object) -> Keys:
    """The condition keys of tags in a request, in the form of either kind of service."""
    pairs = list(_tags(tags))
    if not pairs:
        return {}
    return {TAG_KEYS: [key for key, _ in pairs]} | {REQUEST_TAG + key: [value] for key, value in pairs}


def _tags(tags: object) -> Iterator[tuple[str, str]]:
    if isinstance(tags, Mapping):
        yield from ((str(key), str(value)) for key, value in tags.items())
    elif isinstance(tags, list | tuple):
        yield from ((str(tag["key"]), str(tag["value"])) for tag in tags)
