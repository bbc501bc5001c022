import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../cli/add/openapi/names.ts';
import { freeName, toolNames } from '../../cli/add/tool-names.ts';

/** What tools of these names are called in a project that has others, and what the operator is told. */
function namedIn(inProject: readonly string[], ...own: readonly string[]) {
  const names = toolNames(['files'], new Set(inProject));
  const called = own.map((name) => freeName(name, wordsOf(name), names));
  return { called, said: names.renamed };
}

const alreadyThere = (name: string, now: string) =>
  `The project has a tool ${name} already, so this one is called ${now}.`;

describe('what a tool of a server is called', () => {
  const [long, cut] = [`read-${'x'.repeat(70)}`, `read_${'x'.repeat(59)}`];

  test.for<[string, readonly string[], readonly string[], readonly string[], readonly string[]]>([
    ['its own name', [], ['read-file', 'readFile'], ['read-file', 'readFile'], []],
    ['the words of a name that not every client takes', [], ['read/file'], ['read_file'], []],
    ['as many words as clients take', [], [long], [cut], []],
    ['another, if one before it is called so', [], ['read/file', 'read.file'], ['read_file', 'read_file_2'], []],
    [
      'another, if the project has it',
      ['read_file'],
      ['read_file'],
      ['files_read_file'],
      [alreadyThere('read_file', 'files_read_file')],
    ],
    [
      'another, if the project has what its words come to',
      ['read_file'],
      ['read/file'],
      ['files_read_file'],
      [alreadyThere('read_file', 'files_read_file')],
    ],
    [
      'another, if the project has what its words come to once they are cut',
      [cut],
      [long],
      [`files_read_${'x'.repeat(53)}`],
      [alreadyThere(cut, `files_read_${'x'.repeat(53)}`)],
    ],
  ])('%s', ([, inProject, own, called, said]) => {
    expect(namedIn(inProject, ...own)).toEqual({ called, said });
    for (const name of called) expect(name).toMatch(/^[\w-]{1,64}$/);
  });
});
