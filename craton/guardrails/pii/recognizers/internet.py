"""Addresses and secrets of computers and of those who use them. Knows no text around them but their cues."""

import ipaddress
import math
import re
from collections import Counter

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_TOP = (
    "com|org|net|edu|gov|mil|int|info|biz|io|ai|app|dev|cloud|online|shop|site|tech|xyz|eu|de|at|ch|li|lu|"
    "uk|us|ca|fr|nl|be|it|es|pt|pl|cz|dk|"
    "se|no|fi|ie|au|nz|jp|cn|in|br|berlin|hamburg|bayern|koeln|wien|swiss"
)
_PATH = r"[^\s<>\"'`{}|\\^\[\]„“”‚‘’«»]"
_VERSION = Expression(
    r"(?<!\w)(?:v|ver|version|release|section|abschnitt|kapitel|chapter|firmware|build|§)\.?\s*$", re.IGNORECASE
)
_SECRET_CUES = words(
    r"\w*secret\w*", r"aws\w*", r"\w*access[-_ ]?key\w*", r"geheim\w*", r"credentials?", r"(?:akia|asia)\w{16}"
)
_PASSWORD = r"(?:\w+[-_])?(?:password|passwort|kennwort|passphrase|passwd|pwd|pw)s?"
_NO_PASSWORD = Expression(
    r"(?:required|incorrect|wrong|invalid|expired|protected|reset|weak|strong|secure|missing|correct|"
    r"changed|forgotten|lost|empty|none|null|true|false|"
    r"string|here|falsch|sicher|unsicher|abgelaufen|erforderlich|vergessen|geschützt|korrekt|ungültig|leer|nicht|"
    r"geändert|zurückgesetzt|lost|not|too|very|stored|hashed|encrypted|important|case-sensitive|only|also|"
    r"now|a|an|the|das|der|die|ein|eine|zu|sehr|"
    r"noch|immer|auch|mindestens|at|for|must|should|muss|sollte|please|bitte|\{\w+\}|<\w+>|\*+|\.+|x+|_+)",
    re.IGNORECASE,
)
_USERNAME = (
    r"user[- _]?names?|user[- ]?ids?|log[- ]?in(?:[- ]?(?:name|id))?|benutzer(?:name|kennung|konto)?n?|"
    r"nutzername|anmeldename|screen[- ]?name|nick(?:name)?|"
    r"(?:twitter|instagram|telegram|github|discord|reddit|tiktok|insta|x|account)(?:[- ](?:handle|name|"
    r"account|user))|handle|spitzname"
)
_NO_USERNAME = Expression(
    r"(?:is|was|and|or|not|the|a|an|my|your|required|invalid|taken|available|wrong|unknown|name|password|"
    r"passwort|for|with|und|oder|nicht|ist|der|die|das|"
    r"ein|eine|falsch|unbekannt|vergeben|ungültig|erforderlich|string|none|null|page|seite|failed|please|"
    r"bitte|to|at|on|in|mit|bei|via|über|per|screen|"
    r"button|form|data|erfolgreich|fehlgeschlagen|successful|daten|also|now|must|should|can|will|here|"
    r"already|still|always|never|unique|optional|used|needed|displayed|shown|being|too|only|case|correct|"
    r"incorrect|different|visible|hidden|public|"
    r"private|bereits|schon|immer|noch|eindeutig|frei|belegt|sichtbar|gleich|zu|auch|nur|nun|jetzt|korrekt|"
    r"öffentlich|this|that|what|who|it|they|we|you)",
    re.IGNORECASE,
)


def _address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _entropy(text: str) -> float:
    """In bits for each character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _secret_key(text: str) -> bool:
    kinds = any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
    return kinds and _entropy(text) >= 4.0


def _surely_secret_key(text: str) -> bool:
    return _secret_key(text) and ("/" in text or "+" in text) and _entropy(text) >= 4.5


def _password(text: str) -> bool:
    return not _NO_PASSWORD.fullmatch(text)


def _odd_password(text: str) -> bool:
    """Behind "is" there may be any word, so a password there looks like one."""
    odd = any(not character.isalpha() for character in text) or not (text.islower() or text.istitle())
    return odd and _password(text)


def _surely_password(text: str) -> bool:
    """Where nothing but the word stands beside it: letters with digits or signs that no word has."""
    return bool(_LETTERS.search(text) and _SIGNS.search(text.rstrip("!?%"))) and _password(text)


def _username(text: str) -> bool:
    return not _NO_USERNAME.fullmatch(text)


def _odd_username(text: str) -> bool:
    return _username(text) and not text.isalpha()


_LETTERS = Expression(r"[^\W\d_]")
_SIGNS = Expression(r"[\d!#$%&*+=@^~?]")
_VALUE = r"[^\s\"'`„“”,;<>]{4,63}[^\s\"'`„“”.,;<>)\]]"
_ASSIGNED = r"[\"']?\s*(?:[:=]|:=|=>|->)\s*[\"'`„“]?"
_NAMED = r"\s+(?:is|was|lautet|ist|war|heißt|set to|changed to|called)(?:\s+now|\s+set to|\s*:)?\s+[\"'`„“]?"

RECOGNIZERS = (
    Recognizer(
        "EMAIL",
        Expression(r"(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@-])"),
        0.98,
    ),
    Recognizer(
        "EMAIL",
        Expression(
            r"(?<![\w.+%-])[\w.+%-]{1,64} ?[\[(](?:at|ät)[\])] ?(?:[\w-]{1,63}(?:\.| ?[\[(](?:dot|"
            r"punkt)[\])] ?)){1,4}[A-Za-z]{2,12}(?!\w)",
            re.IGNORECASE,
        ),
        0.85,
    ),
    Recognizer(
        "URL",
        Expression(rf"(?<!\w)(?:https?|ftps?|sftp|wss?)://{_PATH}{{2,2000}}(?<![.,;:!?)'*_])", re.IGNORECASE),
        0.98,
    ),
    Recognizer(
        "URL",
        Expression(rf"(?<![\w@.-])www\d?\.{_PATH}{{3,2000}}(?<![.,;:!?)'*_])", re.IGNORECASE),
        0.95,
    ),
    Recognizer(
        "URL",
        Expression(
            rf"(?<![\w@./:-])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,6}}(?:{_TOP})(?![\w@-]|"
            rf"\.\w)(?:[:/]{_PATH}{{1,2000}}(?<![.,;:!?)'*_]))?",
            re.IGNORECASE,
        ),
        0.7,
    ),
    Recognizer(
        "IP_ADDRESS",
        Expression(r"(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)"),
        0.9,
        _address,
        digits=4,
        unless=_VERSION,
    ),
    Recognizer(
        "IP_ADDRESS",
        Expression(
            r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![\w:]|\.\d)", re.IGNORECASE
        ),
        0.9,
        _address,
    ),
    Recognizer(
        "MAC_ADDRESS",
        Expression(
            r"(?<![\w-])(?<!\b[0-9a-f]{2}:)[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])", re.IGNORECASE
        ),
        0.95,
    ),
    Recognizer(
        "MAC_ADDRESS",
        Expression(r"(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w]|\.\w)", re.IGNORECASE),
        0.85,
    ),
    Recognizer(
        "AWS_ACCESS_KEY",
        Expression(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
        0.98,
    ),
    Recognizer(
        "AWS_SECRET_KEY",
        Expression(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
        0.3,
        _secret_key,
        _SECRET_CUES,
    ),
    Recognizer(
        "AWS_SECRET_KEY",
        Expression(r"(?<![A-Za-z0-9/+.:])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=.])"),
        0.6,
        _surely_secret_key,
    ),
    Recognizer(
        "PASSWORD",
        Expression(rf"(?<![^\W_])(?:{_PASSWORD}){_ASSIGNED}(?P<v>{_VALUE})", re.IGNORECASE),
        0.85,
        _password,
    ),
    Recognizer(
        "PASSWORD",
        Expression(
            rf"(?<!\w)(?:{_PASSWORD})(?:\s(?:for|für|of|to|von)\s(?:[\w-]+\s?){{1,4}}?)?{_NAMED}(?P<v>{_VALUE})",
            re.IGNORECASE,
        ),
        0.8,
        _odd_password,
    ),
    Recognizer(
        "USERNAME",
        Expression(rf"(?<!\w)(?:{_USERNAME}){_ASSIGNED}(?P<v>@?[\w.@+-]{{2,63}}\w)", re.IGNORECASE),
        0.85,
        _username,
    ),
    Recognizer(
        "USERNAME",
        Expression(rf"(?<!\w)(?:{_USERNAME}){_NAMED}(?P<v>@?\w[\w.+-]{{1,31}}\w)", re.IGNORECASE),
        0.75,
        _username,
    ),
    Recognizer(
        "PASSWORD",
        Expression(rf"(?<!\w)(?:{_PASSWORD})\s+[\"'`„“]?(?P<v>{_VALUE})", re.IGNORECASE),
        0.7,
        _surely_password,
    ),
    Recognizer(
        "PASSWORD",
        Expression(
            rf"(?<![^\s\"'`„“(])(?P<v>{_VALUE})[\"'`“”]?\s+(?:is|ist|war|was|as|als)\s+(?:my|the|our|your|his|her|"
            rf"meine?|das|unser|dein|ihr|sein)\s+(?:[\w-]+\s)?(?:{_PASSWORD})(?!\w)",
            re.IGNORECASE,
        ),
        0.75,
        _surely_password,
    ),
    Recognizer(
        "USERNAME",
        Expression(
            rf"(?<![^\s\"'`„“(])(?P<v>@?\w[\w.+-]{{1,31}}\w)[\"'`“”]?\s+(?:is|ist|war|was|as|als)\s+(?:my|the|our|"
            rf"your|his|her|meine?|der|unser|dein|ihr|sein)\s+(?:[\w-]+\s)?(?:{_USERNAME})(?!\w)",
            re.IGNORECASE,
        ),
        0.7,
        _odd_username,
    ),
    cued("USERNAME", _USERNAME, r"@?[a-z][\w.-]*[\d_.][\w.-]*\w", 0.7, _odd_username),
    cued(
        "USERNAME",
        r"log(?:ged|ging)?[ -]?in (?:as|with)|sign(?:ed|ing)?[ -]?in (?:as|with)|registered as|angemeldet als|"
        r"eingeloggt als|anmelden (?:als|mit)|registriert als|user|benutzer",
        r"@?[a-z][\w.-]*[\d_.][\w.-]*\w",
        0.7,
        _odd_username,
    ),
    cued(
        "USERNAME",
        r"follow(?:ed|ing)?(?: me)?(?: on \w+)?|folgt?(?: mir)?(?: auf \w+)?|twitter|instagram|telegram|"
        r"github|tiktok|discord|handle",
        r"@\w{2,30}",
        0.8,
    ),
)
