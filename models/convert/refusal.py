"""What a person is told when a conversion cannot be done."""


class Refusal(Exception):
    """An expected failure. `code` is one of the studio's error codes; `hint` says what to do next; `details` are plain facts."""

    def __init__(self, code: str, message: str, hint: str, **details: str | float):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.details = details
