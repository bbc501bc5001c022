import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');

let person: ToolClient;
beforeAll(async () => {
  person = await connectTools(issuer);
});
afterAll(() => person.close());

describe('the tools that clients see, MCP 2026-07-28 Tools', () => {
  const expected = [
    ['list_todos', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['get_todo', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['create_todo', { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false }],
    ['update_todo', { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false }],
    ['complete_todo', { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['delete_todo', { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false }],
    ['greet', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['server_time', { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false }],
    ['echo', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['calculator', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['get_weather', { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true }],
    ['search_web', { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: true }],
    ['search_documents', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['list_documents', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['get_document', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['save_document', { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false }],
    ['delete_document', { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false }],
    ['export_report', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
    ['whoami', { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
  ] as const;
  const toolCalled = (name: string) => person.tools.find((tool) => tool.name === name);

  test('are there, in the same order each time', () => {
    expect(person.tools.map(({ name }) => name)).toEqual(expect.arrayContaining(expected.map(([name]) => name)));
  });

  test.for(expected)('%s says what it does to the world', ([name, annotations]) => {
    expect(toolCalled(name)?.annotations).toMatchObject(annotations);
  });

  test.for(expected.map(([name]) => name))('%s has a title, a description and names that clients accept', (name) => {
    const tool = toolCalled(name);
    expect(tool?.title).toMatch(/^[A-Z].{2,}$/);
    expect(tool?.description?.length).toBeGreaterThan(20);
    expect(name).toMatch(/^[A-Za-z0-9_.-]{1,128}$/);
  });

  test.for(expected.map(([name]) => name))('%s has an input that takes nothing unknown, and an output', (name) => {
    const tool = toolCalled(name);
    expect(tool?.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool?.outputSchema).toMatchObject({ type: 'object', properties: expect.any(Object) });
  });

  test.for([
    ['list_todos', 'todos:read'],
    ['get_todo', 'todos:read'],
    ['create_todo', 'todos:write'],
    ['update_todo', 'todos:write'],
    ['complete_todo', 'todos:write'],
    ['delete_todo', 'todos:write'],
    ['server_time', 'everyday:use'],
    ['echo', 'everyday:use'],
    ['calculator', 'everyday:use'],
    ['get_weather', 'everyday:use'],
    ['search_web', 'everyday:use'],
    ['search_documents', 'workspace:read'],
    ['list_documents', 'workspace:read'],
    ['get_document', 'workspace:read'],
    ['save_document', 'workspace:write'],
    ['delete_document', 'workspace:write'],
    ['export_report', 'workspace:read'],
    ['whoami', 'profile:read'],
  ] as const)('%s says that it needs %s', ([name, scope]) => {
    expect(toolCalled(name)?._meta).toMatchObject({ securitySchemes: [{ type: 'oauth2', scopes: [scope] }] });
  });

  test('greet says that it needs no scope', () => {
    expect(toolCalled('greet')?._meta).toMatchObject({ securitySchemes: [{ type: 'oauth2', scopes: [] }] });
  });
});
