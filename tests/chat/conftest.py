from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from oncallbot.chat.client import Slack
from tests.chat.vendor import Vendor, running_vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with running_vendor() as one:
        yield one


@pytest.fixture
def slack(vendor: Vendor) -> Slack:
    return Slack(vendor.credentials, timeout=timedelta(seconds=5))
