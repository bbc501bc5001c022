import { BlockList, isIPv6 } from 'node:net';
import { hostedClients, type Limits } from '#generated';
import type { Request } from './request.ts';

const hosted = new BlockList();
for (const range of hostedClients.ranges) {
  const [network = '', prefix] = range.split('/');
  hosted.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
}

/** What an address on the Internet is counted as. An IPv6 host commands a whole /64, so that counts as one. RFC 6177 §2. */
export function networkOf({ sourceIp }: Request): string {
  return isIPv6(sourceIp) ? `${expanded(sourceIp).slice(0, 4).join(':')}::/64` : sourceIp;
}

function expanded(address: string): readonly string[] {
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right];
}

/** The limits for whoever calls: higher where one hosted client calls for many people. */
export function limitsFor({ sourceIp }: Request, limits: Limits): Limits {
  if (!hosted.check(sourceIp, isIPv6(sourceIp) ? 'ipv6' : 'ipv4')) return limits;
  return Object.fromEntries(Object.entries(limits).map(([window, limit]) => [window, limit * hostedClients.factor]));
}
