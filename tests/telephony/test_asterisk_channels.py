import pytest

from qa_engine.telephony.asterisk_channels import extension_of, is_local, other_half, peer_of
from qa_engine.telephony.reader import ReadingOptions


@pytest.mark.parametrize(
    ("channel", "extension"),
    [
        ("PJSIP/101-0000001f", "101"),
        ("SIP/101-00000a", "101"),
        ("IAX2/101-1234", "101"),
        ("SIP/101", "101"),
        ("Agent/1001", "1001"),
        ("Local/101@from-queue-0000002a;2", "101"),
        ("Local/101@from-queue/n", "101"),
        ("Local/FMPR-101@from-internal-0000002a;1", "101"),
        ("Local/RG-600-101@from-internal-0000002a;1", "101"),
        ("Local/FMGL-102#@from-internal-0000002a;1", "102"),
        ("PJSIP/trunk-beeline-0000001f", ""),
        ("SIP/74951234567-0000001f", ""),
        ("DAHDI/1-1", ""),
        ("DAHDI/i1/79161234567-1f", ""),
        ("PJSIP/anna-0000001f", ""),
        ("", ""),
    ],
)
def test_the_extension_of_a_channel(channel, extension):
    assert extension_of(channel, ReadingOptions()) == extension


def test_the_peer_is_the_phone_or_the_line():
    assert peer_of("PJSIP/trunk-beeline-0000001f") == "trunk-beeline"
    assert peer_of("SIP/anna-0000001f") == "anna"
    assert peer_of("Anna Petrova") == "Anna Petrova"


def test_the_halves_of_a_local_channel():
    assert other_half("Local/101@from-queue-0000002a;1") == "Local/101@from-queue-0000002a;2"
    assert other_half("PJSIP/101-00000001") == ""
    assert is_local("Local/101@x-1;2")
