type Call = { readonly tool: string; readonly input?: Readonly<Record<string, unknown>> };

/** A client that somebody connects, and what it then calls in their name. */
type Connection = {
  readonly client: string;
  readonly calls: readonly Call[];
  /** The operator ends it again. */
  readonly isEnded?: true;
};

type Person = { readonly address: string; readonly connections: readonly Connection[] };

export const tenant = { id: 'acme', name: 'Acme', domain: 'acme.example', admin: 'anna@acme.example' };

/** The client whose consent page waits. */
export const waiting = 'Notebook';

const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);

/** Who is there, what they have connected, and what happened with it. */
export const people: readonly Person[] = [
  {
    address: tenant.admin,
    connections: [
      {
        client: 'Terminal Assistant',
        calls: [
          { tool: 'whoami' },
          {
            tool: 'create_todo',
            input: { title: 'Prepare the offer for the museum', priority: 'high', due: tomorrow },
          },
          { tool: 'create_todo', input: { title: 'Call the printers', tags: ['phone'] } },
          { tool: 'create_todo', input: { title: 'Order coffee', tags: ['office'] } },
          { tool: 'save_document', input: { title: 'Opening hours', text: 'Monday to Friday, 9 to 17.' } },
          { tool: 'list_todos' },
        ],
      },
      {
        client: 'Code Editor',
        calls: [{ tool: 'list_todos' }, { tool: 'search_documents', input: { query: 'hours' } }],
      },
    ],
  },
  {
    address: 'ben@acme.example',
    connections: [
      {
        client: 'Code Editor',
        calls: [
          { tool: 'create_todo', input: { title: 'Review the new logo', due: tomorrow } },
          { tool: 'list_documents' },
          // There is none, so that the history has a call that failed.
          { tool: 'get_todo', input: { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } },
        ],
      },
      { client: 'Chat', calls: [{ tool: 'list_todos' }], isEnded: true },
    ],
  },
  {
    address: 'carla@home.example',
    connections: [
      {
        client: 'Chat',
        calls: [{ tool: 'create_todo', input: { title: 'Water the plants' } }, { tool: 'list_todos' }],
      },
    ],
  },
];
