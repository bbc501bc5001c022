import { describe, expect, test } from 'vitest';
import { acceptedForms } from '../../lambdas/mcp/accepted-forms.ts';

const both = { json: true, events: true };
const json = { json: true, events: false };
const events = { json: false, events: true };
const neither = { json: false, events: false };

describe('content negotiation, RFC 9110 §12.5.1', () => {
  test.for([
    [undefined, both],
    ['', both],
    [' , ,', both],
    ['*/*', both],
    ['*', both],
    ['application/json, text/event-stream', both],
    ['text/event-stream,application/json', both],
    ['Application/JSON , TEXT/Event-Stream', both],
    ['application/json;charset=utf-8, text/event-stream; q=0.5', both],
    ['application/*, text/*', both],
    ['text/html, image/gif, *; q=.2, */*; q=.2', both],
    ['text/html, */*;q=0.001', both],
    ['application/json', json],
    ['application/json; charset=UTF-8', json],
    ['application/json ; profile="a,b;q=0"', json],
    ['application/*', json],
    ['application/*;q=0.1', json],
    ['*/*, text/event-stream;q=0', json],
    ['*/*, text/*;q=0', json],
    ['application/json, text/event-stream;q=0.000', json],
    ['application/json, text/event-stream; Q=0', json],
    ['text/event-stream', events],
    ['text/*', events],
    ['text/event-stream, application/json;q=0', events],
    ['text/event-stream, application/json;q=0.0', events],
    ['application/json;q=0, */*', events],
    ['application/*;q=0, */*;q=0.1', events],
    ['*/*;q=0, text/event-stream', events],
    ['text/*;q=0, text/event-stream', events],
    ['text/html', neither],
    ['application/xml, text/plain', neither],
    ['*/*;q=0', neither],
    ['application/json;q=0', neither],
    ['application/json;q=0, text/event-stream;q=0', neither],
    ['application/jsonp, application/json-seq, text/event-streams', neither],
    ['json', neither],
  ] as const)('%j', ([accept, expected]) => {
    expect(acceptedForms(accept)).toEqual(expected);
  });

  test.for(['application/json;q=abc', 'application/json;q=', 'application/json;q=9', 'application/json;q=0x0'])(
    'counts a weight that is none as left out: %s',
    (accept) => {
      expect(acceptedForms(accept)).toEqual(json);
    },
  );

  test('takes the kinder of two that say the same', () => {
    expect(acceptedForms('application/json;q=0, application/json')).toEqual(json);
  });

  test('is read in a moment, however it is made', () => {
    for (const accept of [`"${'\\'.repeat(9_000)}`, '"a"'.repeat(3_000), `${'a/b;q=9,'.repeat(1_200)}`]) {
      expect(acceptedForms(accept)).toEqual(neither);
    }
  });
});
