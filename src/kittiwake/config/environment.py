"""What the environment says: the one place where Kittiwake reads it."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TREE = Path(__file__).resolve().parents[3]
"""The directory that holds `run`, `test` and `kittiwake`."""

Role = Literal["app", "worker", "eraser", "owner"]


class Environment(BaseSettings):
    """Everything that can be set from outside, with a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="KITTIWAKE_", extra="ignore")

    home: Path = Field(
        default=TREE / ".kittiwake", description="where this installation keeps things"
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="a PostgreSQL of your own, as its owner; without it we start a private one",
    )
    postgres: str = Field(
        default="", description="which private PostgreSQL: 15, 18, embedded, or the path of its bin"
    )
    role: Role = Field(default="app", description="as whom this process speaks to the database")
    role_url: SecretStr | None = Field(default=None, description="that role's address, if not kept")
    port: int = Field(default=8000, ge=0, le=65535, description="0 asks for any free port")
    demo: bool = Field(default=True, description="fill an empty database with an invented county")
    demo_scale: float = Field(
        default=0.02, ge=0, le=1, description="how large a county: 1 is 152,000 children, 0 is 300"
    )
    debug: bool = False
    nation: Literal["england-and-wales", "scotland", "northern-ireland"] = "england-and-wales"
    policy: Path | None = Field(
        default=None, description="the force's own policy of risk, in place of the one shipped"
    )
    secret_key: SecretStr | None = Field(default=None, description="made and kept, if not given")
    hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"], description="names this service answers to"
    )
    https: bool = Field(default=False, description="behind TLS: cookies and headers insist on it")
    web_threads: int = Field(default=4, ge=1, le=64)

    @field_validator("home")
    @classmethod
    def _whole(cls, home: Path) -> Path:
        """Say the whole path: processes started from here may stand elsewhere."""
        return home.expanduser().absolute()

    def keep(self, name: str) -> Path:
        """Give the path of something kept at home, making the home first."""
        settle(self.home)
        return self.home / name

    def key(self) -> str:
        """Give the secret key, making and keeping one (readable by us alone) the first time."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return kept_secret(self.keep("secret-key"))


def settle(home: Path) -> None:
    """Make the home. As root its name may be passed through, for the database's own user."""
    if not home.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)


def passing_home(prefix: str) -> Path:
    """Make a home that somebody will throw away again."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return home


def kept_secret(path: Path) -> str:
    """Read a secret from a file only we can read; the first to ask makes it, once for all."""
    if not path.exists():
        write_privately(path, secrets.token_urlsafe(48), replace=False)
    return path.read_text().strip()


def write_privately(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a whole file that only we can read; nobody ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            draft.replace(path)
        else:
            os.link(draft, path)
    except FileExistsError:
        pass  # somebody was first, and theirs is the one that counts
    finally:
        draft.unlink(missing_ok=True)
