"""The tests; what they share in tests.support asserts as they do."""

import pytest

pytest.register_assert_rewrite("tests.support")
