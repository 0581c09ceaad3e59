"""Keep the bits of status lists compressed in pieces, and count how often a list has been signed."""

import struct
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PIECE_BYTES = 16 * 1024


def upgrade() -> None:
    with op.batch_alter_table("status_lists") as table:
        table.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("status_lists") as table:
        table.alter_column("revision", existing_type=sa.Integer(), server_default=None)
    lists = sa.table("status_lists", sa.column("id", sa.Integer), sa.column("bits", sa.LargeBinary))
    for number in op.get_bind().scalars(sa.select(lists.c.id)).all():
        bits = op.get_bind().scalars(sa.select(lists.c.bits).where(lists.c.id == number)).one()
        op.execute(sa.update(lists).where(lists.c.id == number).values(bits=stored(bits)))


def stored(bits: bytes) -> bytes:
    """As issuer.status_bits wrote them when this revision was made."""
    pieces = []
    for start in range(0, len(bits), PIECE_BYTES):
        piece = bits[start : start + PIECE_BYTES]
        deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        pieces.append((deflater.compress(piece) + deflater.flush(zlib.Z_FULL_FLUSH), len(piece), zlib.crc32(piece)))
    entries = b"".join(struct.pack(">III", len(deflated), length, crc) for deflated, length, crc in pieces)
    return b"jalon-bits-1\n" + struct.pack(">I", len(pieces)) + entries + b"".join(piece[0] for piece in pieces)
