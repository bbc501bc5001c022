import type { Assembly } from './assembly.ts';

/** The assembly with each host name of the operator's own replaced by this machine's address, which the API has here too. */
export function withoutOwnDomain(assembly: Assembly, endpoint: string): Assembly {
  const { template } = assembly;
  const domains = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::DomainName');
  const addresses = domains.map(({ Properties }) => `https://${String(Properties?.DomainName)}`);
  const text = addresses.reduce((all, address) => all.replaceAll(address, endpoint), JSON.stringify(template));
  return { ...assembly, template: JSON.parse(text) };
}
