"""A Hub that runs for tests and measurements, and what it was measured to need."""
