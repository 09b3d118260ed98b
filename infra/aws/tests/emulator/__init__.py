"""moto, completed so that what our templates say really arrives there. For tests only.

Plain moto ignores resource types and properties that it does not know and reports success all the same. Here a type that
nobody handles is an error, and every property goes through the API of its service, so that botocore checks names and types.
"""

from .server import Emulator

__all__ = ["Emulator"]
