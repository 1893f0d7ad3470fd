"""The tests; what they share in tests.support asserts as they do."""

import sys

if "pytest" in sys.modules:  # A benchmark does not pay for it.
    import pytest

    pytest.register_assert_rewrite("tests.support")
