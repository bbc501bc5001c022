import { Failure } from '../shared/failure.ts';
import type { Template } from './assembly.ts';
import type { LiveStack } from './live-stack.ts';

/** The outputs that tokens and clients are bound to, and what they are called. */
const addresses = { Issuer: 'issuer', McpUrl: 'MCP URL' } as const;

/** Throws a failure when a deploy would change an address of a live stack, and the settings do not name its issuer. */
export function requireSameAddresses(
  planned: Template['Outputs'],
  live: LiveStack,
  replacesIssuer: string | undefined,
): void {
  const { outputs } = live;
  for (const [output, name] of Object.entries(addresses)) {
    const now = outputs[output];
    const next = textOf(planned[output]?.Value, live);
    if (now === undefined || now === next) continue;
    const issuer = outputs.Issuer ?? new URL(now).origin;
    if (issuer === replacesIssuer) return;
    const change = `from ${now} to ${next ?? 'a new one'}`;
    throw new Failure(
      `This deploy would change the ${name} ${change}, which signs everybody out and leaves every client with an address ` +
        `that is gone: if that is meant, set replacesIssuer: '${issuer}' in vestibule.config.ts.`,
    );
  }
}

/** The value of an output: text, the address of the API or the name that CloudFront gave, or these joined. */
function textOf(value: unknown, live: LiveStack): string | undefined {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : undefined;
  if ('Fn::GetAtt' in value) {
    const [, attribute] = Array.isArray(value['Fn::GetAtt']) ? value['Fn::GetAtt'] : [];
    return attribute === 'DomainName' ? live.outputs.EdgeDomain : live.apiEndpoint;
  }
  const [separator, parts] = 'Fn::Join' in value && Array.isArray(value['Fn::Join']) ? value['Fn::Join'] : [];
  if (!Array.isArray(parts)) return undefined;
  const values = parts.map((part) => textOf(part, live));
  return values.includes(undefined) ? undefined : values.join(String(separator));
}
