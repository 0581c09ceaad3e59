"""Facts about this installation that are decided once: its public address, whether the demo is loaded."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from badges.db import Base


class InstallationRecord(Base):
    """One fact by name."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
