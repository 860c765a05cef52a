"""The desk in the Django admin."""
