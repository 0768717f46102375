"""Which names say that a value is a credential, and which values cannot be one, whatever they are called."""

from __future__ import annotations

import re
from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET = _words(
    "token tokens secret secrets password passwd passphrase passcode passwort pwd credential credentials "
    "jwt otp bearer signature sig hmac cookie cookies session sid sessionid jsessionid phpsessid csrf "
    "xsrf authorization auth assertion nonce apikey apisig authtoken accesstoken ticket"
)
_WITHIN = re.compile(r"token|passw|credential|sessionid|clientsecret|(?:api|access|secret|private|auth|session)key")
"""What tells in the middle of a word: `csrftoken`, `userpassword`."""
_CERTAIN = _words("password passwd passphrase passcode passwort pwd secret apikey apisig authtoken accesstoken")
_OF_TOKENS = _words("access auth refresh id api bearer session")
_OF_KEYS = _words("api app access auth client private secret shared signing subscription license account")
"""What makes a key one that opens something; a member that is called `key` alone is most often a name."""
_ABOUT = _words(
    "type types expires expiry expiration expire exp in at age ttl count url uri endpoint method methods "
    "algorithm alg policy length limit scheme scope scopes valid required enabled status state version "
    "date time headers origin"
)
"""What a name ends in that speaks about a credential, and does not give it: `token_type`, `session_expires_at`."""
_CHALLENGES = re.compile(r"(?i)access-control-|www-authenticate$|proxy-authenticate$|:|sec-|strict-|cross-origin-")
"""Headers that speak of credentials and carry none."""
_IN_A_QUERY = frozenset({"key", "code", "pass", "pw", "pin"})
"""Parameters that are credentials in a URL; members of a body of these names are most often something else."""
_WORDS = _words(
    "true false null none nil undefined yes no on off bearer basic digest negotiate token oauth anonymous "
    "guest enabled disabled required optional active inactive expired valid invalid success failed "
    "failure error session include omit same-origin cors no-cors deny allow public private default admin "
    "user email username password redacted removed masked hidden unknown gzip deflate identity lax strict"
)
_HIDDEN = re.compile(r"[*xX•.…#\-]+|\$\{\w+\}|[\[<({]\s*\w[\w ]{0,30}[\]>)}]")
"""What stands where somebody else has taken a credential out."""
_SHORTEST = 4
_SHORTEST_WORD, _SHORTEST_NUMBER = 12, 8


@lru_cache(maxsize=4096)
def names_credential(name: str, *, in_query: bool = False) -> bool:
    """Whether a header, cookie, parameter or member of this name holds a credential.

    `in_query` says that it is a parameter, of a URL or a form: some names tell more there.
    """
    if _CHALLENGES.match(name):
        return False
    words = [w.lower() for w in _WORD.findall(name[-100:])]
    if not words or words[-1] in _ABOUT:
        return False
    if in_query and len(words) == 1 and words[0] in _IN_A_QUERY:
        return True
    if not _SECRET.isdisjoint(words) or words[-1] == "pass":
        return True
    if words[-1] in ("key", "keys", "sig") and not _OF_KEYS.isdisjoint(words):
        return True
    return any(_WITHIN.search(word) for word in words)


@lru_cache(maxsize=4096)
def is_certain(name: str) -> bool:
    """Whether what has this name is a credential whatever it looks like: a password may be a plain word."""
    words = {w.lower() for w in _WORD.findall(name[-100:])}
    return not _CERTAIN.isdisjoint(words) or ("token" in words and not _OF_TOKENS.isdisjoint(words))


def may_be_credential(value: str, *, surely: bool) -> bool:
    """Whether a value can be a credential at all; `surely` says that it stands where nothing else does.

    Booleans, plain words and small numbers are none: to hide `true` hides what is to be read.
    """
    plain = value.strip()
    if len(plain) < _SHORTEST or plain.lower() in _WORDS or _HIDDEN.fullmatch(plain):
        return False
    if surely:
        return True
    if plain.isdecimal():
        return len(plain) >= _SHORTEST_NUMBER
    if plain.startswith(("/", "http://", "https://")):
        return False
    return not re.search(r"\s", plain) and (len(plain) >= _SHORTEST_WORD or any(map(str.isdecimal, plain)))
