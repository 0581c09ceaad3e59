"""Codes a person can read aloud and type: Crockford base32 with a check character, and random tokens.

Source: Douglas Crockford, "Base 32" (https://www.crockford.com/base32.html): alphabet without I, L, O, U; I and L
read as 1, O as 0; the check symbol is the value modulo 37.
"""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None, "\u202f": None})
SHARE_BITS = 55
CARD_BITS = 40
LONGEST_TYPED = 40


def new_code(bits: int) -> str:
    """A fresh random code of at least `bits` random bits, ending with its check character.

    Codes whose check symbol is one of `* ~ $ =` are drawn again: they travel badly in addresses and aloud. That
    costs a little over a tenth of a bit.
    """
    length = -(-bits // 5)
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(length))
        check = _check_character(body)
        if check.isalnum():
            return body + check


def derived_code(seed: bytes, bits: int) -> str:
    """A code of at least `bits` bits made from a seed, always the same; for what opens nothing by itself."""
    length, attempt = -(-bits // 5), 0
    while True:
        value = int.from_bytes(hashlib.sha256(seed + attempt.to_bytes(4, "big")).digest(), "big")
        body = "".join(ALPHABET[value >> 5 * place & 31] for place in range(length))
        check = _check_character(body)
        if check.isalnum():
            return body + check
        attempt += 1


def read_code(typed: str) -> str | None:
    """The code as stored, from what somebody typed; None where it cannot be one (wrong check character)."""
    if len(typed) > LONGEST_TYPED:
        return None
    code = typed.strip().upper().translate(READ_AS)
    body, check = code[:-1], code[-1:]
    if not body or any(character not in ALPHABET for character in body):
        return None
    return code if check == _check_character(body) else None


def show_code(code: str) -> str:
    """The code in groups of four (or three, for nine characters), for paper and for the eye."""
    size = 3 if len(code) % 4 == 1 else 4
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def new_token() -> str:
    """A fresh 256-bit token for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(secret: bytes, text: str) -> str:
    """What is stored of a guessable subject (an e-mail, an address): its HMAC under the installation's secret."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def _check_character(body: str) -> str:
    value = 0
    for character in body:
        value = (value * 32 + ALPHABET.index(character)) % 37
    return CHECK_ALPHABET[value]
