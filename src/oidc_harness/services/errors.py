"""ServiceError: why a service refused, in terms a person can act on."""


class ServiceError(Exception):
    """A request of a person that a rule refuses.

    `field` is the path of the value at fault (empty: the request as a whole), `message` says what is wrong, what was
    expected and what to do.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        """See the class."""
        super().__init__(f"{field}: {message}" if field else message)
        self.message = message
        self.field = field
        self.others: tuple[ServiceError, ...] = ()
        """What else is refused about the same thing, where a rule looks at all of it."""


class Invalid(ServiceError):
    """A value breaks a rule. HTTP 400."""


class NotFound(ServiceError):
    """The thing named does not exist in this realm. HTTP 404."""


class Taken(ServiceError):
    """The id or name is in use, or the thing is in a state that forbids this. HTTP 409."""


class Forbidden(ServiceError):
    """The person may not do this. HTTP 403."""
