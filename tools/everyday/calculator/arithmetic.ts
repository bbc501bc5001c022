import type Big from 'big.js';
import { ToolError } from '../../define-tool.ts';
import {
  Decimal,
  EXACT,
  fromFloat,
  outOfRange,
  ROUNDED,
  ShortDecimal,
  settled,
  toFloat,
  type Value,
  value,
} from './number.ts';

const LARGEST_POWER = 1e15;
const ONE: Value = { big: new Decimal(1), digits: EXACT };

/** Adds: exactly, unless the sum has too many digits. */
export function add(left: Value, right: Value): Value {
  return sum(left, right, left.big.plus(right.big));
}

/** Subtracts: exactly, unless the difference has too many digits. */
export function subtract(left: Value, right: Value): Value {
  return sum(left, right, left.big.minus(right.big));
}

/** Multiplies: exactly, unless the product has too many digits. */
export function multiply(left: Value, right: Value): Value {
  return value(left.big.times(right.big), known(left, right));
}

/** Divides: exactly when the quotient ends within the digits of an exact number. Throws for a divisor of 0. */
export function divide(left: Value, right: Value): Value {
  if (right.big.eq(0)) throw new ToolError('Division by zero.');
  const quotient = atTen(mantissa(left.big).div(mantissa(right.big)), left.big.e - right.big.e);
  const isExact = quotient.times(right.big).eq(left.big);
  return value(quotient, Math.min(known(left, right), isExact ? EXACT : ROUNDED));
}

/** What is left of a division, with the sign of the dividend. Throws for a divisor of 0. */
export function remainder(left: Value, right: Value): Value {
  const [dividend, divisor] = [settled(left), settled(right)];
  if (divisor.eq(0)) throw new ToolError('Division by zero.');
  const digits = known(left, right);
  if (place(dividend) - place(divisor) >= digits)
    throw new ToolError('The remainder of a number that is not exact says nothing.');
  return value(dividend.mod(divisor), digits);
}

/** Raises to a power: exactly for whole powers of exact numbers that stay short. Throws where there is no real result. */
export function power(base: Value, exponent: Value): Value {
  const times = settled(exponent);
  if (!times.eq(times.round(0, 0))) return fractionalPower(base, exponent);
  const raised = wholePower(base, times.abs());
  const { big, digits } = times.lt(0) ? divide(ONE, raised) : raised;
  return value(big, Math.min(digits, exponent.digits));
}

/** The square root: exactly for squares of numbers that are short. Throws for a negative number. */
export function squareRoot({ big, digits }: Value): Value {
  if (big.lt(0)) throw new ToolError('A negative number has no real square root.');
  const evenExponent = big.e - (Math.abs(big.e) % 2);
  const root = atTen(new ShortDecimal(atTen(big, -evenExponent)).sqrt(), evenExponent / 2);
  return value(root, Math.min(digits, root.times(root).eq(big) ? EXACT : ROUNDED));
}

/** By repeated squaring. Whether the result is in range is known before it is worked out. */
function wholePower(base: Value, times: Big): Value {
  const size = base.big.eq(0) ? 0 : Math.log10(Math.abs(mantissa(base.big).toNumber())) + base.big.e;
  if (Math.abs(size * times.toNumber()) > 1_001) throw outOfRange();
  if (times.gt(LARGEST_POWER)) throw new ToolError('The power is too large.');
  let result = ONE;
  for (let left = times.toNumber(), square = base; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, square);
    if (left > 1) square = multiply(square, square);
  }
  return result;
}

function fractionalPower(base: Value, exponent: Value): Value {
  if (base.big.lt(0)) throw new ToolError('A negative number has no real power with a fraction.');
  if (base.big.eq(0) && exponent.big.lt(0)) throw new ToolError('Division by zero.');
  const float = toFloat(base) ** toFloat(exponent);
  return fromFloat(float === 0 && !base.big.eq(0) ? Number.NaN : float, 'The power');
}

/** Where two numbers that are not exact cancel each other out, what is left of them is an error and no number. */
function sum(left: Value, right: Value, big: Big): Value {
  const digits = known(left, right);
  const isNoise = big.e < Math.max(place(left.big), place(right.big)) - digits;
  return value(isNoise ? new Decimal(0) : big, digits);
}

/** The number moved to between 1 and 10, so that its digits count, and not where its point is. */
function mantissa(big: Big): Big {
  return atTen(big, -big.e);
}

function atTen(big: Big, exponent: number): Big {
  return big.times(new Decimal(`1e${exponent}`));
}

/** The power of ten of the first digit. A 0 has none. */
function place(big: Big): number {
  return big.eq(0) ? Number.NEGATIVE_INFINITY : big.e;
}

function known(left: Value, right: Value): number {
  return Math.min(left.digits, right.digits);
}
