import pytest

from tests.guardrails.pii.finding import found

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    ("type", "text", "match"),
    [
        ("EMAIL", "Write to anna.mueller+test@example.co.uk.", "anna.mueller+test@example.co.uk"),
        ("EMAIL", "jörg@müller.de antwortet", "jörg@müller.de"),
        ("EMAIL", "<info@example.org>", "info@example.org"),
        ("EMAIL", "anna(at)example.de", "anna(at)example.de"),
        ("EMAIL", "anna [at] example [dot] de", "anna [at] example [dot] de"),
        ("URL", "see https://example.com/a?b=c#d.", "https://example.com/a?b=c#d"),
        ("URL", "(www.example.de/pfad)", "www.example.de/pfad"),
        ("URL", "auf beispiel.de steht es", "beispiel.de"),
        ("IP_ADDRESS", "from 192.168.0.1.", "192.168.0.1"),
        ("IP_ADDRESS", "at fe80::1ff:fe23:4567:890a now", "fe80::1ff:fe23:4567:890a"),
        ("IP_ADDRESS", "2001:db8::1", "2001:db8::1"),
        ("IP_ADDRESS", "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("IP_ADDRESS", "host:192.168.0.1", "192.168.0.1"),
        ("MAC_ADDRESS", "MAC 00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
        ("MAC_ADDRESS", "00-1a-2b-3c-4d-5e", "00-1a-2b-3c-4d-5e"),
        ("MAC_ADDRESS", "MAC:00:1A:2B:3C:4D:5E", "00:1A:2B:3C:4D:5E"),
        ("MAC_ADDRESS", "001a.2b3c.4d5e", "001a.2b3c.4d5e"),
        ("AWS_ACCESS_KEY", "key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_KEY", f"aws_secret_access_key = {SECRET}", SECRET),
        ("AWS_SECRET_KEY", f"AKIAIOSFODNN7EXAMPLE {SECRET}", SECRET),
        ("PASSWORD", "Password: hunter2", "hunter2"),
        ("PASSWORD", "Mein Passwort lautet Sommer2024!", "Sommer2024!"),
        ("PASSWORD", 'DB_PASSWORD="s3cr3t-pw"', "s3cr3t-pw"),
        ("PASSWORD", "my password is correct-horse-battery", "correct-horse-battery"),
        ("PASSWORD", "The password for the router is Tr0ub4dor&3.", "Tr0ub4dor&3"),
        ("PASSWORD", "My wifi password hunter2x works", "hunter2x"),
        ("PASSWORD", "Tr0ub4dor&3 is my password", "Tr0ub4dor&3"),
        ("PASSWORD", "Nimm geheim#77 als dein neues Passwort.", "geheim#77"),
        ("USERNAME", "Username: jdoe42", "jdoe42"),
        ("USERNAME", "my username for the portal is j.doe", "j.doe"),
        ("USERNAME", "Username jdoe_42, please", "jdoe_42"),
        ("USERNAME", "jdoe42 is my user name", "jdoe42"),
        ("USERNAME", "ich bin als anna.m registriert als anna_m77", "anna_m77"),
        ("USERNAME", "Benutzername ist anna_m", "anna_m"),
        ("USERNAME", "logged in as j.doe99", "j.doe99"),
        ("USERNAME", "follow me on Twitter: @jane_d", "@jane_d"),
    ],
)
def test_addresses_and_secrets(type: str, text: str, match: str) -> None:
    assert found(text, type) == [match]


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("EMAIL", "use the @property decorator at 5@home"),
        ("URL", "z.B. node.js und e.g. this.That"),
        ("IP_ADDRESS", "Version 1.2.3.4 ist da"),
        ("IP_ADDRESS", "256.1.1.1 and 1.2.3.4.5"),
        ("IP_ADDRESS", "at 12:34:56 o'clock, std::vector"),
        ("MAC_ADDRESS", "00:1A:2B:3C:4D"),
        ("AWS_ACCESS_KEY", "AKIASHORT"),
        ("PASSWORD", "a password and/or the name, password-protected; the password hash stays"),
        ("PASSWORD", "Is your password safe? This is the password!"),
        ("USERNAME", "username and password are needed; the user name field is empty"),
        ("AWS_SECRET_KEY", "commit da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("AWS_SECRET_KEY", "secret " + "a" * 40),
        ("PASSWORD", "Your password is required."),
        ("PASSWORD", "Das Passwort ist falsch."),
        ("PASSWORD", "Passwords are hard"),
        ("USERNAME", "The username is already taken"),
        ("USERNAME", "user 12345"),
    ],
)
def test_what_only_looks_like_one(type: str, text: str) -> None:
    assert found(text, type) == []
