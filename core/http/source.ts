import { BlockList, isIPv6 } from 'node:net';
import type { Windows } from '#core/limits.ts';
import { hostedClients } from '#generated';
import type { Request } from './request.ts';

const hosted = new BlockList();
for (const range of hostedClients.ranges) {
  const [network = '', prefix] = range.split('/');
  hosted.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4');
}

/** A network that a request comes from, and how many times as much it may do as one host. */
export type Network = { readonly name: string; readonly factor: number };

/** How many bits of an IPv6 address one customer may command. RFC 6177 §2. */
const prefixes = [
  { bits: 64, factor: 1 },
  { bits: 56, factor: 4 },
  { bits: 48, factor: 16 },
];

/**
 * The networks that a request counts for, the narrowest first: an IPv4 address, or the /64 of an IPv6 address and those
 * around it. A whole /48 has 65,536 narrower ones, but not as many times the limit.
 */
export function networksOf({ sourceIp }: Pick<Request, 'sourceIp'>): readonly [Network, ...Network[]] {
  if (!isIPv6(sourceIp)) return [{ name: sourceIp, factor: 1 }];
  const address = groupsOf(sourceIp).reduce((whole, group) => (whole << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
  if (address >> 32n === 0xffffn) return [{ name: mappedIPv4(address), factor: 1 }];
  const [narrowest, ...wider] = prefixes.map(({ bits, factor }) => ({ name: prefixOf(address, bits), factor }));
  if (!narrowest) throw new Error('There are no prefixes');
  return [narrowest, ...wider];
}

/** The narrowest of them. */
export function networkOf(request: Pick<Request, 'sourceIp'>): string {
  return networksOf(request)[0].name;
}

/** The many addresses that a hosted client calls from, as one network. */
export const hostedNetwork = 'hosted';

/** The network that somebody calls from. */
export function callingNetwork(request: Pick<Request, 'sourceIp'>): string {
  return isHosted(request.sourceIp) ? hostedNetwork : networkOf(request);
}

function isHosted(sourceIp: string): boolean {
  return hosted.check(sourceIp, isIPv6(sourceIp) ? 'ipv6' : 'ipv4');
}

function prefixOf(address: bigint, bits: number): string {
  const kept = address >> BigInt(128 - bits);
  return `${(kept << BigInt(64 - bits)).toString(16)}::/${bits}`;
}

function mappedIPv4(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join('.');
}

/** The eight groups of an IPv6 address. Its last two may be written as an IPv4 address. RFC 4291 §2.2. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = withoutDots(address.split('%', 1)[0] ?? '').split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...(tail === undefined ? [] : zeros), ...right];
}

function withoutDots(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_found, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
}

/** The windows of a limit for a caller: higher where one hosted client calls for many people. */
export function windowsFor({ sourceIp }: Pick<Request, 'sourceIp'>, windows: Windows): Windows {
  return isHosted(sourceIp) ? times(windows, hostedClients.factor) : windows;
}

/** So many times as much in each window. */
export function times(windows: Windows, factor: number): Windows {
  return Object.fromEntries(Object.entries(windows).map(([window, most]) => [window, most * factor]));
}
