import type { Statement } from './access/statement.ts';
import { createCustomResource } from './custom-resource.ts';
import { UnknownFunction } from './invoke.ts';
import { Lambda } from './lambda.ts';
import type { Surroundings } from './lambda-process.ts';
import type { CustomResource, FunctionDefinition, Route, Stack, TableDefinition } from './stack.ts';
import { createTable, type Database } from './table.ts';

/** What of a stack exists on this machine: its tables, its custom resources and its Lambdas. */
export class Deployment {
  routes: readonly Route[] = [];
  tables: readonly TableDefinition[] = [];
  outputs: () => Readonly<Record<string, unknown>> = () => ({});
  #stack: Stack | undefined;
  readonly #database: Database;
  readonly #surroundings: Surroundings;
  readonly #lambdas = new Map<string, Lambda>();
  readonly #custom = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(database: Database, surroundings: Surroundings) {
    this.#database = database;
    this.#surroundings = surroundings;
  }

  /** Makes or changes what the stack describes. A Lambda whose code and settings are as before keeps running. */
  async deploy(stack: Stack): Promise<void> {
    const { tables, routes } = stack;
    this.#stack = stack;
    await Promise.all([
      ...tables.map((table) => createTable(this.#database, table)),
      ...stack.customResources.map((resource) => this.#create(resource, stack)),
    ]);
    for (const definition of stack.functions) this.#replace(definition);
    this.outputs = () => stack.outputs;
    this.tables = tables;
    this.routes = routes;
  }

  /** What a Lambda may do. */
  statements(functionId: string): readonly Statement[] {
    return this.#stack?.statements(functionId) ?? [];
  }

  /** Has a Lambda of the stack handle an event, by its own ARN or by that of an alias. */
  readonly invoke = async (functionId: string, event: string, invokedArn?: string): Promise<string> => {
    const lambda = this.#lambdas.get(functionId);
    if (!lambda) throw new UnknownFunction(`There is no Lambda ${functionId}`);
    return lambda.invoke(event, invokedArn);
  };

  /** Starts a process of each Lambda that a route leads to, one after the other, so that whoever comes first waits less. */
  async startAhead(): Promise<void> {
    for (const id of new Set(this.routes.map(({ functionId }) => functionId)))
      await this.#lambdas.get(id)?.startAhead();
  }

  async #create(resource: CustomResource, stack: Stack): Promise<void> {
    const definition = stack.function(resource.functionId);
    const key = JSON.stringify([resource, definition]);
    const lambda = new Lambda(definition, this.#surroundings);
    const attributes = this.#custom.get(key) ?? (await createCustomResource(resource, lambda));
    lambda.retire();
    this.#custom.set(key, attributes);
    stack.remember(resource.id, attributes);
  }

  #replace(definition: FunctionDefinition): void {
    const running = this.#lambdas.get(definition.id);
    if (JSON.stringify(running?.definition) === JSON.stringify(definition)) return;
    running?.retire();
    this.#lambdas.set(definition.id, new Lambda(definition, this.#surroundings));
  }
}
