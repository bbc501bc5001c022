import type { Assembly } from './assembly.ts';
import { hostedApis, originOf } from './hosts.ts';
import { isRecord } from './intrinsics.ts';

/** The variable with the key that CloudFront shows the Lambdas. There is no CloudFront here. */
const EDGE_KEY = 'EDGE_KEY';

/**
 * The assembly with each host name of the operator's own, or that CloudFront gives, replaced by this machine's address,
 * which the API has here too.
 */
export function withoutOwnDomain(assembly: Assembly, endpoint: string): Assembly {
  const { template } = assembly;
  const all = Object.entries(template.Resources);
  const names = all.flatMap(([id, { Type, Properties }]) =>
    isRecord(Properties)
      ? namesIn(Type, Properties).map((name) => ({ name, origin: originAt(id, assembly, endpoint) }))
      : [],
  );
  const text = names.reduce(
    (whole, { name, origin }) => whole.replaceAll(`https://${name}`, origin),
    JSON.stringify(template),
  );
  const distributions = all.flatMap(([id, { Type }]) => (Type === 'AWS::CloudFront::Distribution' ? id : []));
  const replaced = JSON.parse(text, (key, value) => {
    if (key === EDGE_KEY) return undefined;
    return key === 'Fn::Join' ? withoutDistribution(value, distributions, endpoint) : value;
  });
  return { ...assembly, template: replaced };
}

/** Where a name leads to on this machine. Its mapping, or its distribution, says to which API it leads. */
function originAt(id: string, assembly: Assembly, endpoint: string): string {
  const all = Object.entries(assembly.template.Resources);
  const about = all.filter(([other, { Type, Properties }]) =>
    Type === 'AWS::ApiGatewayV2::ApiMapping' ? JSON.stringify(Properties).includes(`{"Ref":"${id}"}`) : other === id,
  );
  const text = JSON.stringify(about);
  const [, host] = [...hostedApis(assembly)].find(([api]) => text.includes(`"${api}"`)) ?? [];
  return host === undefined ? endpoint : originOf(host, endpoint);
}

/** The names that the operator gave a server. */
function namesIn(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  if (type === 'AWS::ApiGatewayV2::DomainName') return [String(properties.DomainName)];
  if (type !== 'AWS::CloudFront::Distribution' || !isRecord(properties.DistributionConfig)) return [];
  const { Aliases } = properties.DistributionConfig;
  return Array.isArray(Aliases) ? Aliases.map(String) : [];
}

/** The parts of a joined text, `https://` and the name of a distribution after it being one: this machine's address. */
function withoutDistribution(
  [separator, parts]: [string, unknown[]],
  distributions: readonly string[],
  endpoint: string,
) {
  const isNamed = (part: unknown) =>
    isRecord(part) &&
    Array.isArray(part['Fn::GetAtt']) &&
    part['Fn::GetAtt'][1] === 'DomainName' &&
    distributions.includes(part['Fn::GetAtt'][0]);
  if (!Array.isArray(parts)) return [separator, parts];
  const replaced = parts.flatMap((part, at) => {
    if (part === 'https://' && isNamed(parts[at + 1])) return [endpoint];
    return isNamed(part) && parts[at - 1] === 'https://' ? [] : [part];
  });
  return [separator, replaced];
}
