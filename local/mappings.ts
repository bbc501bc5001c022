import { isRecord } from './intrinsics.ts';

/** One parameter mapping of an integration's answers: what to do with a header, and with which value. */
export type HeaderMapping = {
  readonly action: 'overwrite' | 'append' | 'remove';
  readonly header: string;
  readonly source: string;
};

/** Reads the parameter mappings of one status from a template. Throws on what only API Gateway itself can do. */
export function headerMappings(parameters: unknown): HeaderMapping[] {
  const all = isRecord(parameters) && Array.isArray(parameters.ResponseParameters) ? parameters.ResponseParameters : [];
  return all.map(({ Destination, Source }: Record<string, unknown>) => {
    const [, action, header] = /^(overwrite|append|remove):header\.(.+)$/.exec(String(Destination)) ?? [];
    const source = String(Source ?? '');
    if (!header || (source.startsWith('$') && !source.startsWith('$response.header.')))
      throw new Error(`The mapping of ${source} to ${String(Destination)} is not supported by the local runner`);
    return { action: action as HeaderMapping['action'], header, source };
  });
}

/** Changes the headers that will be sent, from those that the Lambda itself returned. Without its source a mapping does nothing. */
export function applyMappings(
  sent: Map<string, string>,
  own: ReadonlyMap<string, string>,
  mappings: readonly HeaderMapping[],
): Map<string, string> {
  for (const { action, header, source } of mappings) {
    const name = header.toLowerCase();
    const value = source.startsWith('$response.header.') ? own.get(source.slice(17).toLowerCase()) : source;
    if (action === 'remove') sent.delete(name);
    else if (value === undefined) continue;
    else sent.set(name, action === 'append' && sent.has(name) ? `${sent.get(name)},${value}` : value);
  }
  return sent;
}
