from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from oncallbot.telephony.client import Telephone
from tests.telephony.vendor import Vendor, running_vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running_vendor() as one:
        yield one


@pytest.fixture
def telephone(vendor: Vendor) -> Telephone:
    return Telephone(vendor.credentials, timeout=timedelta(seconds=5))
