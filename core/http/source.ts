import type { Request } from './request.ts';

/**
 * What an address on the Internet is counted as. An IPv6 host commands a whole /64, so those count as one.
 * RFC 6177 §2.
 */
export function networkOf({ sourceIp }: Request): string {
  return sourceIp.includes(':') ? `${expanded(sourceIp).slice(0, 4).join(':')}::/64` : sourceIp;
}

function expanded(address: string): readonly string[] {
  const [head = '', tail] = address.split('::', 2).map((part) => part);
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right];
}
