import { ToolError } from '../../define-tool.ts';
import { divide, multiply, power, squareRoot } from './arithmetic.ts';
import { Decimal, EXACT, fromFloat, ROUNDED, settled, toFloat, type Value, value } from './number.ts';

const MOST_PLACES = 200;
const LARGEST_ANGLE = 1e20;
const [DOWN, HALF_UP, UP] = [0, 1, 3] as const;

const pi: Value = { big: new Decimal('3.1415926535897932384626433832795028841971693993751'), digits: ROUNDED };
const e: Value = { big: new Decimal('2.71828182845904523536028747135266249775724709369996'), digits: ROUNDED };
const halfTurn: Value = { big: new Decimal(180), digits: EXACT };
const wholeTurn = pi.big.times(2);
const zero: Value = { big: new Decimal(0), digits: EXACT };

/** The names that stand for a number. */
export const constants: ReadonlyMap<string, Value> = new Map([
  ['pi', pi],
  ['e', e],
]);

/** What can be called. It is told its name, for what it says when it cannot do it. */
type Callable = (numbers: readonly Value[], name: string) => Value;

/** The functions by their names. */
export const functions: ReadonlyMap<string, Callable> = new Map([
  ['sqrt', one(squareRoot)],
  ['abs', one(({ big, digits }) => ({ big: big.abs(), digits }))],
  ['round', round],
  ['floor', one((number) => whole(number, number.big.lt(0) ? UP : DOWN))],
  ['ceil', one((number) => whole(number, number.big.lt(0) ? DOWN : UP))],
  ['min', some((first, second) => (second.big.lt(first.big) ? second : first))],
  ['max', some((first, second) => (second.big.gt(first.big) ? second : first))],
  ['pow', two(power)],
  // A power of e is never 0: what comes out as 0 is too small for a double.
  ['exp', one(ofMath((number) => Math.exp(number) || Number.NaN))],
  ['ln', one(ofMath(Math.log))],
  ['log10', one(ofMath(Math.log10))],
  ['log', two((number, base, name) => fromFloat(Math.log(toFloat(number)) / Math.log(toFloat(base)), name))],
  ['sin', one(ofAngle(sine))],
  ['cos', one(ofAngle(cosine))],
  ['tan', one(ofAngle((angle) => sine(angle) / cosine(angle)))],
  ['asin', one(ofMath(Math.asin))],
  ['acos', one(ofMath(Math.acos))],
  ['atan', one(ofMath(Math.atan))],
  ['degrees', one((angle) => divide(multiply(angle, halfTurn), pi))],
  ['radians', one((angle) => divide(multiply(angle, pi), halfTurn))],
]);

function one(run: (number: Value, name: string) => Value): Callable {
  return ([number, ...more], name) => {
    if (!number || more.length > 0) throw new ToolError(`${name} takes one number.`);
    return run(number, name);
  };
}

function two(run: (first: Value, second: Value, name: string) => Value): Callable {
  return ([first, second, ...more], name) => {
    if (!first || !second || more.length > 0) throw new ToolError(`${name} takes two numbers.`);
    return run(first, second, name);
  };
}

function some(choose: (first: Value, second: Value) => Value): Callable {
  return ([first, ...more], name) => {
    if (!first) throw new ToolError(`${name} takes at least one number.`);
    return more.reduce(choose, first);
  };
}

/** A half goes away from 0. */
function round([number, places = zero, ...more]: readonly Value[]): Value {
  if (!number || more.length > 0) throw new ToolError('round takes a number and, if wanted, how many places to keep.');
  const kept = settled(places).toNumber();
  if (!Number.isInteger(kept) || Math.abs(kept) > MOST_PLACES)
    throw new ToolError(`round keeps a whole number of places, from -${MOST_PLACES} to ${MOST_PLACES}.`);
  return value(settled(number).round(kept, HALF_UP), Math.min(number.digits, places.digits));
}

function whole(number: Value, mode: typeof UP | typeof DOWN): Value {
  return value(settled(number).round(0, mode), number.digits);
}

function ofMath(compute: (number: number) => number): (number: Value, name: string) => Value {
  return (number, name) => fromFloat(compute(toFloat(number)), name);
}

/** Whole turns are taken away while all digits are there: to `Math` a large angle would be a rough one. */
function ofAngle(compute: (radians: number) => number): (angle: Value, name: string) => Value {
  return (angle, name) => {
    if (angle.big.abs().gt(LARGEST_ANGLE)) throw new ToolError(`${name} takes angles up to 1e20.`);
    return fromFloat(compute(angle.big.mod(wholeTurn).toNumber()), name);
  };
}

function sine(angle: number): number {
  return withoutNoise(Math.sin(angle), angle);
}

function cosine(angle: number): number {
  return withoutNoise(Math.cos(angle), angle);
}

/** No double is pi, so its sine is not quite 0. What is within the error of the angle is 0. */
function withoutNoise(result: number, angle: number): number {
  return Math.abs(result) < Math.abs(angle) * Number.EPSILON ? 0 : result;
}
