import { type Limit, limits, otherLimits, quotas, type Windows } from '#core/limits.ts';

const names = [
  ['minute', 'minute'],
  ['quarterHour', 'quarter of an hour'],
  ['hour', 'hour'],
  ['day', 'day'],
] as const;

/** The text of `docs/limits.md`. */
export function limitsDocument(): string {
  return `# Limits

For operators: how often things may happen, and how much may be kept. This page is generated from \`core/limits.ts\`, as are the settings and the counters.

Each limit applies in fixed windows, all at once. Refused requests aren't counted. \`limits\` in \`vestibule.config.ts\` changes the limits of the first table by name. What you set for a limit replaces all windows of its default: \`limits: { mailsPerIp: { minute: 10, day: 200 } }\`.

A network is an IPv4 address or an IPv6 /64. The /56 and the /48 around it also count, with 4 and 16 times the limit. Networks in \`hostedClients.ranges\`, from which one client serves many people, have \`hostedClients.factor\` times the limit.

${table(limits)}

## Kept until it is deleted

\`quotas\` in \`vestibule.config.ts\` changes these: \`quotas: { todosPerPerson: { items: 500 } }\`.

${quotaTable()}

## Third-party servers

A call of a [third-party server](bring-your-own.md#a-server-from-npm) may take 15 seconds, or the \`seconds\` in its file, and 16 with the start of the server. All text in its result may have 150,000 characters, pictures and files 1,000,000 in base64, a message 4 MB, and 50 lines of a call go to the log. A result beyond that isn't passed on; the model is told to ask for less.

## Set elsewhere

${table(otherLimits)}
`;
}

function table(all: Readonly<Record<string, Limit>>): string {
  const rows = Object.entries(all).map(
    ([name, { counts, by, windows, protects, atItsEdge }]) =>
      `| \`${name}\` | ${counts} | ${by} | ${inWords(windows)} | ${protects} | ${atItsEdge} |`,
  );
  return [
    '| name | counts | by | default | protects | when it is reached |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function inWords(windows: Windows): string {
  const parts = names.flatMap(([window, word]) => {
    const most = windows[window];
    return most === undefined ? [] : [`${most.toLocaleString('en')} a ${word}`.replace('a hour', 'an hour')];
  });
  return parts.join(', ') || 'none';
}

function quotaTable(): string {
  const rows = Object.entries(quotas).map(([name, { counts, by, most, protects, atItsEdge }]) => {
    const [items, bytes] = [most.items, most.bytes].map((amount) => amount.toLocaleString('en'));
    return `| \`${name}\` | ${counts} | ${by} | ${items} items, ${bytes} bytes | ${protects} | ${atItsEdge} |`;
  });
  return [
    '| name | counts | by | default | protects | when it is reached |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
