"""The few machine instructions that numba has no words for: many rows in one value, and masks to and from bits.

A value of `Lanes` is 4,096 rows of one plane; LLVM splits it over the registers that the processor has. `Bytes` and
`Halves` are 256 rows of one column of answers. Everything is read and written at plain addresses: callers see to the room.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

__all__ = [
    "BYTES",
    "HALVES",
    "LANES",
    "STRETCH",
    "WORDS",
    "all_bytes",
    "all_halves",
    "bits_above_8",
    "bits_above_16",
    "bits_above_32",
    "bits_above_64",
    "bits_below_32",
    "bits_below_64",
    "bits_of_bytes",
    "bits_of_halves",
    "every_row",
    "join_bytes",
    "join_halves",
    "less",
    "meet",
    "put_bytes",
    "put_halves",
    "put_lanes",
    "rows_in",
    "soon",
    "stream_bytes",
    "stream_halves",
]

WORDS = 64  # of 64 rows each
STRETCH = 4  # words that are spread at once
_LANES = ir.VectorType(ir.IntType(64), WORDS)
_BYTES = ir.VectorType(ir.IntType(8), 64)
_HALVES = ir.VectorType(ir.IntType(16), 64)
_WORD = ir.IntType(64)
_MASKS = ir.VectorType(_WORD, STRETCH)
_LONG_BYTES = ir.VectorType(ir.IntType(8), 64 * STRETCH)
_LONG_HALVES = ir.VectorType(ir.IntType(16), 64 * STRETCH)


class _Vector(types.Type):
    """A machine vector, opaque to numba."""


def _vector(name: str, backend: ir.Type) -> types.Type:
    class Here(_Vector):
        def __init__(self) -> None:
            super().__init__(name=name)

    @register_model(Here)
    class _Model(models.PrimitiveModel):
        def __init__(self, dmm: Any, fe_type: Any) -> None:
            super().__init__(dmm, fe_type, backend)  # type: ignore[no-untyped-call]

    return Here()


LANES = _vector("Lanes", _LANES)
BYTES = _vector("Bytes", _LONG_BYTES)
HALVES = _vector("Halves", _LONG_HALVES)


def _splat(builder: ir.IRBuilder, value: Any, kind: ir.VectorType) -> Any:
    """The vector with one value in every place."""
    if isinstance(value, int):
        return ir.Constant(kind, [value] * kind.count)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.IntType(32)(0))
    return builder.shuffle_vector(
        first, ir.Constant(kind, ir.Undefined), ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    )


def _load(builder: ir.IRBuilder, address: Any, kind: ir.Type) -> Any:
    found = builder.load(builder.inttoptr(address, kind.as_pointer()))
    found.align = 1
    return found


def _store(builder: ir.IRBuilder, value: Any, address: Any) -> None:
    builder.store(value, builder.inttoptr(address, value.type.as_pointer()), align=1)


def _stream(builder: ir.IRBuilder, value: Any, address: Any) -> None:
    """Written past the cache, which needs an address on a boundary of 64 bytes."""
    stored = builder.store(value, builder.inttoptr(address, value.type.as_pointer()), align=64)
    stored.set_metadata("nontemporal", builder.module.add_metadata([ir.IntType(32)(1)]))


def _operation(result: Any, arguments: tuple[Any, ...], write: Callable[..., Any]) -> Any:
    """An intrinsic with these types whose instructions `write` writes."""

    def codegen(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        found = write(builder, *args)
        return context.get_dummy_value() if found is None else found

    names = ", ".join(f"a{i}" for i in range(len(arguments)))
    space = {"signature": result(*arguments), "codegen": codegen}
    exec(f"def typed(typingctx, {names}):\n    return signature, codegen".replace(", )", ")"), space)  # noqa: S102
    return intrinsic(space["typed"])


def _bits(kind: ir.VectorType) -> Callable[..., Any]:
    def write(builder: ir.IRBuilder, address: Any, mask: Any) -> Any:
        values = _load(builder, address, kind)
        wanted = _splat(builder, builder.trunc(mask, kind.element), kind)
        return builder.bitcast(
            builder.icmp_unsigned("!=", builder.and_(values, wanted), _splat(builder, 0, kind)), _WORD
        )

    return write


def _below(bits: int) -> Callable[..., Any]:
    kind = ir.VectorType(ir.IntType(bits), 64)

    def write(builder: ir.IRBuilder, address: Any, cut: Any) -> Any:
        limit = cut if bits == 64 else builder.trunc(cut, kind.element)
        found = builder.icmp_signed("<", _load(builder, address, kind), _splat(builder, limit, kind))
        return builder.bitcast(found, _WORD)

    return write


def _above(bits: int) -> Callable[..., Any]:
    kind = ir.VectorType(ir.IntType(bits), 64)

    def write(builder: ir.IRBuilder, address: Any, added: Any, most: Any) -> Any:
        more, limit = (value if bits == 64 else builder.trunc(value, kind.element) for value in (added, most))
        values = builder.add(_load(builder, address, kind), _splat(builder, more, kind))
        return builder.bitcast(builder.icmp_unsigned(">", values, _splat(builder, limit, kind)), _WORD)

    return write


def _meet(builder: ir.IRBuilder, lanes: Any, address: Any, opposite: Any) -> Any:
    flipped = builder.xor(_load(builder, address, _LANES), _splat(builder, opposite, _LANES))
    return builder.and_(lanes, flipped)


def _rows_in(builder: ir.IRBuilder, address: Any) -> Any:
    kind = f"v{WORDS}i64"
    ones = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(_LANES, [_LANES]), f"llvm.ctpop.{kind}"
    )
    total = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(_WORD, [_LANES]), f"llvm.vector.reduce.add.{kind}"
    )
    return builder.call(total, [builder.call(ones, [_load(builder, address, _LANES)])])


def _joined(kind: ir.VectorType) -> Callable[..., Any]:
    mask = ir.VectorType(ir.IntType(1), kind.count)

    def write(builder: ir.IRBuilder, so_far: Any, address: Any, value: Any) -> Any:
        here = _splat(builder, builder.trunc(value, kind.element), kind)
        chosen = builder.bitcast(_load(builder, address, _MASKS), mask)
        return builder.or_(so_far, builder.select(chosen, here, _splat(builder, 0, kind)))

    return write


def _always(kind: ir.VectorType) -> Callable[..., Any]:
    return lambda builder, value: _splat(builder, builder.trunc(value, kind.element), kind)


def _prefetch(builder: ir.IRBuilder, address: Any) -> None:
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    wanted = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]
        builder.module, ir.FunctionType(ir.VoidType(), [byte, number, number, number]), "llvm.prefetch.p0"
    )
    builder.call(wanted, [builder.inttoptr(address, byte), number(0), number(2), number(1)])


_address, _number = types.int64, types.int64
# Where a byte, or a 16-bit number, has a bit of a mask; and where a number is below a cut: 64 rows as bits.
bits_of_bytes = _operation(types.uint64, (_address, _number), _bits(_BYTES))
bits_of_halves = _operation(types.uint64, (_address, _number), _bits(_HALVES))
bits_below_32 = _operation(types.uint64, (_address, _number), _below(32))
bits_below_64 = _operation(types.uint64, (_address, _number), _below(64))
# Where a value, with a number added and read as unsigned, is above another: 64 rows as bits.
bits_above_8 = _operation(types.uint64, (_address, _number, _number), _above(8))
bits_above_16 = _operation(types.uint64, (_address, _number, _number), _above(16))
bits_above_32 = _operation(types.uint64, (_address, _number, _number), _above(32))
bits_above_64 = _operation(types.uint64, (_address, _number, _number), _above(64))
# Asks for what lies at an address before it is needed; an address that is nowhere does no harm.
soon = _operation(types.none, (_address,), _prefetch)
# Lanes: all true; and with those at an address, each flipped where the number is -1; and not; written, flipped alike.
every_row = _operation(LANES, (), lambda builder: _splat(builder, -1, _LANES))
meet = _operation(LANES, (LANES, _address, _number), _meet)
less = _operation(LANES, (LANES, LANES), lambda builder, a, b: builder.and_(a, builder.not_(b)))
put_lanes = _operation(
    types.none,
    (LANES, _address, _number),
    lambda builder, lanes, address, flip: _store(builder, builder.xor(lanes, _splat(builder, flip, _LANES)), address),
)
# How many rows of the lanes at an address are true.
rows_in = _operation(types.int64, (_address,), _rows_in)
# Columns: a number in every row; a number added where the words at an address have a bit; written.
all_bytes = _operation(BYTES, (_number,), _always(_LONG_BYTES))
all_halves = _operation(HALVES, (_number,), _always(_LONG_HALVES))
join_bytes = _operation(BYTES, (BYTES, _address, _number), _joined(_LONG_BYTES))
join_halves = _operation(HALVES, (HALVES, _address, _number), _joined(_LONG_HALVES))
put_bytes = _operation(types.none, (BYTES, _address), _store)
put_halves = _operation(types.none, (HALVES, _address), _store)
stream_bytes = _operation(types.none, (BYTES, _address), _stream)
stream_halves = _operation(types.none, (HALVES, _address), _stream)
