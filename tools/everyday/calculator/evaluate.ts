import { ToolError } from '../../define-tool.ts';
import { add, divide, multiply, power, remainder, subtract } from './arithmetic.ts';
import { constants, functions } from './functions.ts';
import { Decimal, EXACT, type Value, value, written } from './number.ts';
import { type Operator, parse, type Term } from './parse.ts';

const operations: Readonly<Record<Operator, (left: Value, right: Value) => Value>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '^': power,
};

/** The result of an expression, and whether it is exact. Throws a ToolError where there is none. */
export function evaluate(expression: string): { readonly result: string; readonly exact: boolean } {
  const result = worked(parse(expression));
  return { result: written(result), exact: result.digits === EXACT };
}

function worked(term: Term): Value {
  switch (term.kind) {
    case 'number':
      return value(new Decimal(term.digits), EXACT);
    case 'constant':
      return constant(term.name);
    case 'negation': {
      const { big, digits } = worked(term.term);
      return { big: big.neg(), digits };
    }
    case 'operation':
      return operations[term.operator](worked(term.left), worked(term.right));
    case 'call':
      return called(term.name, term.terms);
  }
}

function constant(name: string): Value {
  const found = constants.get(name);
  if (found) return found;
  const known = [...constants.keys()].join(' and ');
  throw new ToolError(`${name} is no number here. There are ${known}, and functions such as sqrt(2).`);
}

function called(name: string, terms: readonly Term[]): Value {
  const run = functions.get(name);
  if (!run) throw new ToolError(`There is no function ${name}. There are ${[...functions.keys()].join(', ')}.`);
  return run(terms.map(worked), name);
}
