import pytest

from accounts.sealing import BrokenSeal, seal, unseal


def test_what_is_sealed_can_be_opened_and_not_read():
    sealed = seal("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DP" not in sealed
    assert unseal(sealed) == "JBSWY3DPEHPK3PXP"


def test_an_earlier_secret_key_still_opens(settings):
    settings.SECRET_KEY = "earlier"
    sealed = seal("code")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "later", ["earlier"]

    assert unseal(sealed) == "code"


def test_without_the_key_nothing_opens(settings):
    sealed = seal("code")

    settings.SECRET_KEY = "another"

    with pytest.raises(BrokenSeal):
        unseal(sealed)


@pytest.mark.parametrize("text", ["", "code", "gAAAAA=="])
def test_what_was_never_sealed_is_refused(text):
    with pytest.raises(BrokenSeal):
        unseal(text)
