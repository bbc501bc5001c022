import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectTools, type ToolClient } from '../support/tool-client.ts';

const issuer = inject('issuer');

let person: ToolClient;
beforeAll(async () => {
  person = await connectTools(issuer);
});
afterAll(() => person.close());

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('create_todo', () => {
  test('needs a title alone, and fills in the rest', async () => {
    const todo = await person.run('create_todo', { title: 'Water the plants' });
    expect(todo).toEqual({
      id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
      title: 'Water the plants',
      priority: 'normal',
      tags: [],
      done: false,
      createdAt: expect.stringMatching(isoTime),
      updatedAt: todo.createdAt,
    });
    expect(await person.run('get_todo', { id: todo.id })).toEqual(todo);
  });

  test('keeps all that it is given', async () => {
    const given = {
      title: 'Pay the rent',
      notes: 'By transfer\n✓ 漢字 😀',
      due: '2028-02-29',
      priority: 'high',
      tags: ['home', 'money'],
    };
    const { id } = await person.run('create_todo', given);
    expect(await person.run('get_todo', { id })).toMatchObject(given);
  });

  test.for(['\\ud800', '\\\\ud800 \\n', '😀'.repeat(100), '"\'`<b>&amp;', '__proto__'])(
    'keeps the title %j as it is',
    async (title) => {
      expect((await person.run('create_todo', { title })).title).toBe(title);
    },
  );

  test('takes spaces off a title, and keeps each tag once, in lower case and without spaces around it', async () => {
    const todo = await person.run('create_todo', { title: '  Tidy up \n', tags: [' Home', 'HOME', 'home ', 'Ärger'] });
    expect([todo.title, todo.tags]).toEqual(['Tidy up', ['home', 'ärger']]);
  });

  test.for([
    ['the shortest title', { title: 'x' }],
    ['a title of 200 characters', { title: 'x'.repeat(200) }],
    ['a title of 200 characters with spaces around it', { title: ` ${'x'.repeat(200)} ` }],
    ['notes of 4,000 characters', { title: 'x', notes: 'n'.repeat(4_000) }],
    ['empty notes', { title: 'x', notes: '' }],
    ['20 tags', { title: 'x', tags: Array.from({ length: 20 }, (_, index) => `tag ${index}`) }],
    ['a tag of 40 characters', { title: 'x', tags: ['t'.repeat(40)] }],
    ['no tags', { title: 'x', tags: [] }],
    ['each priority', { title: 'x', priority: 'low' }],
    ['a priority in another case', { title: 'x', priority: 'High' }],
    ['null for all that may be left out', { title: 'x', notes: null, due: null, priority: null, tags: null }],
    ['tags as JSON in a text', { title: 'x', tags: '["one","two"]' }],
    ['what n8n slips in', { title: 'x', toolCallId: 'call_1', sessionId: 's', action: 'sendMessage', chatInput: 'x' }],
    ['the last day of a long month', { title: 'x', due: '2026-12-31' }],
  ] as const)('takes %s', async ([, input]) => {
    const { id } = await person.run('create_todo', input);
    expect((await person.run('get_todo', { id })).id).toBe(id);
  });

  test.for([
    ['title', 'no title', {}],
    ['title', 'an empty title', { title: '' }],
    ['title', 'a title of spaces', { title: ' \t\n' }],
    ['title', 'a title of 201 characters', { title: 'x'.repeat(201) }],
    ['title', 'a title that is no text', { title: 7 }],
    ['title', 'a title of null', { title: null }],
    ['notes', 'notes of 4,001 characters', { title: 'x', notes: 'n'.repeat(4_001) }],
    ['tags', '21 tags', { title: 'x', tags: Array.from({ length: 21 }, (_, index) => `tag ${index}`) }],
    ['tags', 'a tag of 41 characters', { title: 'x', tags: ['t'.repeat(41)] }],
    ['tags', 'an empty tag', { title: 'x', tags: [''] }],
    ['tags', 'a tag of spaces', { title: 'x', tags: ['  '] }],
    ['tags', 'a tag that is no text', { title: 'x', tags: [1] }],
    ['tags', 'tags that are no list', { title: 'x', tags: 'home' }],
    ['due', 'a day that never was', { title: 'x', due: '2026-02-29' }],
    ['due', 'a day in another form', { title: 'x', due: '24.12.2026' }],
    ['due', 'a time for a day', { title: 'x', due: '2026-12-24T10:00:00Z' }],
    ['due', 'an empty day', { title: 'x', due: '' }],
    ['priority', 'a priority that is none', { title: 'x', priority: 'urgent' }],
    ['priority', 'a part of a priority', { title: 'x', priority: 'hi' }],
    ['done', 'a part that it does not know', { title: 'x', done: true }],
    ['id', 'an id of the caller', { title: 'x', id: '01M7XFHDDPAHQ5PMB2C7W0QSM0' }],
  ] as const)('refuses, naming %s: %s', async ([part, , input]) => {
    expect(await person.refuse('create_todo', input)).toContain(part);
  });
});
