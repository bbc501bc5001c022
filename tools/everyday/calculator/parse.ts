import jsep from 'jsep';
import { ToolError } from '../../define-tool.ts';

/** An expression as it is worked out: of all that jsep reads, only what a number can come of. */
export type Term =
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'negation'; readonly term: Term }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Term; readonly right: Term }
  | { readonly kind: 'call'; readonly name: string; readonly terms: readonly Term[] };

/** `^` and `**` are the same. */
export type Operator = '+' | '-' | '*' | '/' | '%' | '^';

const operators: ReadonlySet<string> = new Set<Operator>(['+', '-', '*', '/', '%', '^']);

jsep.removeAllLiterals();
jsep.removeAllUnaryOps();
jsep.removeAllBinaryOps();
for (const sign of ['+', '-']) jsep.addUnaryOp(sign);
for (const sign of ['+', '-']) jsep.addBinaryOp(sign, 1);
for (const sign of ['*', '/', '%']) jsep.addBinaryOp(sign, 2);

/** jsep binds a sign more tightly than a power. Powers are read with what they stand at, so -2^2 is -4. */
jsep.hooks.add('after-token', function (env) {
  this.gobbleSpaces();
  const sign = ['**', '^'].find((power) => this.expr.startsWith(power, this.index));
  if (!env.node || !sign) return;
  this.index += sign.length;
  const right = this.gobbleToken();
  if (!right) this.throwError(`Expected a number after ${sign}`);
  env.node = { type: 'BinaryExpression', operator: '^', left: env.node, right };
});

/** jsep calls no hook after a number, unless a hook has read it. */
jsep.hooks.add('gobble-token', function (env) {
  const number = /[\d.]/.test(this.char) && this.gobbleNumericLiteral();
  if (number) env.node = number;
});

/** jsep reads on after the end of an expression, and would take f(1 2) for f(1, 2). */
jsep.hooks.add('after-expression', function (env) {
  if (env.node && !/^[,)]?$/.test(this.char)) this.throwError(`Unexpected "${this.char}"`);
});

/** Reads an expression. Throws a ToolError for what is not one, or holds more than numbers. */
export function parse(expression: string): Term {
  return term(read(expression));
}

function read(expression: string): jsep.Expression {
  try {
    return jsep(expression);
  } catch (error) {
    if (!(error instanceof Error && 'description' in error)) throw error;
    throw new ToolError(`The expression cannot be read: ${error.message}.`);
  }
}

/** What the tool takes is too short to be nested too deeply for this. */
function term(node: jsep.Expression): Term {
  const read = node as jsep.CoreExpression;
  switch (read.type) {
    case 'Literal':
      // jsep takes .e5 for a number, which is none.
      if (typeof read.value !== 'number' || Number.isNaN(read.value)) break;
      return { kind: 'number', digits: read.raw };
    case 'Identifier':
      return { kind: 'constant', name: read.name };
    case 'UnaryExpression':
      return read.operator === '-' ? { kind: 'negation', term: term(read.argument) } : term(read.argument);
    case 'BinaryExpression':
      if (!isOperator(read.operator)) break;
      return { kind: 'operation', operator: read.operator, left: term(read.left), right: term(read.right) };
    case 'CallExpression':
      if (read.callee.type !== 'Identifier') break;
      return { kind: 'call', name: String(read.callee.name), terms: read.arguments.map(term) };
  }
  throw new ToolError('Only numbers, + - * / % ^, parentheses, and the named functions and constants can be used.');
}

function isOperator(operator: string): operator is Operator {
  return operators.has(operator);
}
