import Big from 'big.js';
import { ToolError } from '../../define-tool.ts';

/** An exact number keeps this many digits; one that has more is rounded, so that no step of a calculation takes long. */
const MOST_DIGITS = 200;
const WORKING_DIGITS = 50;
/** Powers of ten beyond which a number is out of range, in both directions. */
const LARGEST_EXPONENT = 1_000;
/** Exact numbers with more places before or after the point are written with a power of ten. */
const [LONGEST_PLAIN, DEEPEST_PLAIN] = [100, 20];

/** How many digits of a number are known: all of an exact one, fewer of one that was rounded or comes from `Math`. */
export const [EXACT, ROUNDED] = [Number.POSITIVE_INFINITY, 30];
const OF_MATH = 15;

/** Decimals whose division gives as many places as an exact number may have. */
export const Decimal = Big();
Decimal.DP = MOST_DIGITS;

/** Decimals whose roots are found quickly. */
export const ShortDecimal = Big();
ShortDecimal.DP = WORKING_DIGITS;

/** A number in the middle of a calculation. */
export type Value = { readonly big: Big; readonly digits: number };

/** Takes a number into a calculation: rounds it when it has too many digits. Throws when it is out of range. */
export function value(big: Big, digits: number): Value {
  if (Math.abs(big.e) > LARGEST_EXPONENT) throw outOfRange();
  const known = big.c.length > MOST_DIGITS ? Math.min(digits, ROUNDED) : digits;
  return { big: known === EXACT ? big : big.prec(WORKING_DIGITS), digits: known };
}

/** What a function of `Math` gave. Throws when that is no number. */
export function fromFloat(float: number, name: string): Value {
  if (!Number.isFinite(float)) throw new ToolError(`${name} has no value there that can be worked with.`);
  return value(new Decimal(float), OF_MATH);
}

/** A number for the functions of `Math`. Throws when it is too large or too small for them. */
export function toFloat({ big }: Value): number {
  const float = big.toNumber();
  if (Number.isFinite(float) && (float !== 0 || big.eq(0))) return float;
  throw new ToolError('Functions and powers with a fraction take numbers up to 1e308, and down to 1e-308 next to 0.');
}

/** The number without the digits that are not known, for what would jump at the slightest error. */
export function settled({ big, digits }: Value): Big {
  return digits === EXACT ? big : big.prec(digits);
}

/** Writes a number: all digits of an exact one, else those that are known. */
export function written(number: Value): string {
  const big = settled(number);
  const longest = Math.min(number.digits, LONGEST_PLAIN);
  return big.e >= longest || big.e < -DEEPEST_PLAIN ? big.toExponential() : big.toFixed();
}

/** What is said of numbers that are too large or too small to work with. */
export function outOfRange(): ToolError {
  return new ToolError(
    `A number is out of range: larger than 1e${LARGEST_EXPONENT}, or smaller than 1e-${LARGEST_EXPONENT}.`,
  );
}
