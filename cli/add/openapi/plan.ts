import { matchesGlob } from 'node:path';
import { Failure } from '../../shared/failure.ts';
import { freeName, type ToolNames } from '../tool-names.ts';
import { type Document, isObject, type Operation, operationShape, read } from './document.ts';
import { nameOf, wordsOf } from './names.ts';
import { resolve, Unmakeable } from './references.ts';
import { described } from './source.ts';
import { type ToolSource, toolSource } from './tool-source.ts';

const methods = ['get', 'head', 'put', 'post', 'patch', 'delete', 'options', 'trace'];
const MOST_TOOLS = 128;
/** The files that all tools of a folder share. */
const sharedFiles = ['api', 'pack', 'scopes'];

/** One operation of a document: where it is, and what it says. */
export type Found = {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** What its path says for all of its operations. */
  readonly shared: readonly unknown[];
};

/** What becomes of a document. */
export type Plan = {
  readonly tools: readonly ToolSource[];
  /** A sentence for each tool that is called otherwise than its operation. */
  readonly renamed: readonly string[];
  /** Operations that cannot be made, and parts of others that were left out. */
  readonly leftOut: readonly { readonly operation: string; readonly reason: string }[];
};

type Wanted = {
  /** What a model reads as the name of the API. */
  readonly api: string;
  readonly only: readonly string[];
  readonly names: ToolNames;
};

/** Makes a tool of each operation that is wanted, as far as that is possible. Throws a failure if none is wanted. */
export function planTools(document: Document, { api, only, names }: Wanted): Plan {
  const all = operationsIn(document);
  if (all.length === 0) throw new Failure(`${document.source} has no operations.`);
  const chosen = only.length === 0 ? all : all.filter((found) => only.some((pattern) => isMeant(found, pattern)));
  const first = all[0];
  if (chosen.length === 0 && first)
    throw new Failure(
      `--only matches none of ${all.length} operations, such as ${first.operation.operationId ?? ''} (${shown(first)}).`,
    );
  if (chosen.length > MOST_TOOLS)
    throw new Failure(
      `That is ${chosen.length} operations; clients take ${MOST_TOOLS} tools at most, and models choose well among some ` +
        `30: name those that you need by --only, such as --only '${chosen[0]?.path},${chosen[1]?.path}'.`,
    );
  for (const file of sharedFiles) names.taken.add(file);
  const tools: ToolSource[] = [];
  const leftOut: Plan['leftOut'][number][] = [];
  for (const found of chosen) {
    const leaves = (reason: string) => leftOut.push({ operation: shown(found), reason });
    try {
      tools.push(toolSource(document, found, { api, name: () => toolNameOf(found, names), leaves }));
    } catch (error) {
      if (!(error instanceof Unmakeable)) throw error;
      leaves(`no tool: ${error.message}`);
    }
  }
  if (tools.length === 0)
    throw new Failure(`None of it can be a tool: ${leftOut[0]?.operation}: ${leftOut[0]?.reason}.`);
  return { tools, renamed: names.renamed, leftOut };
}

function operationsIn(document: Document): Found[] {
  return Object.entries(document.paths).flatMap(([path, given]) => {
    const { value } = resolve(document, given);
    const item = isObject(value) ? value : {};
    const shared = Array.isArray(item.parameters) ? item.parameters : [];
    return methods.flatMap((method) => {
      if (!Object.hasOwn(item, method)) return [];
      const operation = read(operationShape, item[method], ['paths', path, method], document.source);
      return [{ method: method.toUpperCase(), path, operation, shared }];
    });
  });
}

/** A pattern is the id of an operation, its path, or its method and path, with the wildcards of a shell. */
function isMeant({ method, path, operation }: Found, pattern: string): boolean {
  const names = [operation.operationId ?? '', path, `${method} ${path}`];
  return names.some((name) => name === pattern || (name !== '' && matchesGlob(name, pattern)));
}

function toolNameOf({ method, path, operation }: Found, names: ToolNames): string {
  const own = wordsOf(operation.operationId ?? '');
  const words = own.length > 0 ? own : [method.toLowerCase(), ...wordsOf(path)];
  return freeName(nameOf(words), words, names);
}

function shown({ method, path }: Pick<Found, 'method' | 'path'>): string {
  return `${method} ${described(path, 200)}`;
}
