"""Lets what the helpers of these tests find be told as in a test."""

import pytest

pytest.register_assert_rewrite("tests.e2e.faults.rig")
