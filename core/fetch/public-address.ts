import { BlockList, isIPv6 } from 'node:net';

/** Every range that is not the public Internet. IANA special-purpose address registries, RFC 6890. */
const special = new BlockList();
const ranges4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Within 2000::/3. What lies outside of that is never public: mapped, translated, local and multicast addresses. */
const ranges6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const range of ranges4) special.addSubnet(...subnet(range), 'ipv4');
for (const range of ranges6) special.addSubnet(...subnet(range), 'ipv6');

function subnet(range: string): [string, number] {
  const [network = '', prefix] = range.split('/');
  return [network, Number(prefix)];
}

/** True if an address is on the public Internet, so that fetching from it reaches nobody's inside. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !special.check(address, 'ipv4');
  return global6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
