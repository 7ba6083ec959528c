"""What can go wrong in a demo, as its user reads it."""


class DemoError(Exception):
    """The demo cannot go on. `details` are lines that help to see why."""

    def __init__(self, message, details=()):
        super().__init__(message)
        self.message = message
        self.details = list(details)


class UsageError(DemoError):
    """The command line asks for something that cannot be meant."""


class Interrupted(Exception):
    """A signal asked the demo to end."""

    def __init__(self, number):
        super().__init__(f"signal {number}")
        self.number = number
