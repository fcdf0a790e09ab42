import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface Address {
  address: string;
  family: 4 | 6;
}
/** All addresses of a host name; replaced in tests. */
export type Resolve = (host: string) => Promise<Address[]>;
/** The one address to connect to. @throws AddressRefused */
export type AddressGuard = (host: string) => Promise<Address>;

/** The name leads to an address that must not be reached; trying again cannot help. */
export class AddressRefused extends Error {}

/** IPv4 that is not public: IANA's special-purpose registry, multicast, reserved. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Of IPv6 only global unicast is public, without what wraps IPv4 (Teredo, 6to4) and documentation. */
const PUBLIC_6 = ['2000::/3'];
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/**
 * Resolves a name once, refuses it when any of its addresses is not public, and hands out the address to connect to: a second
 * look-up could give another one (DNS rebinding).
 * @param allowed CIDR networks with commas that may be reached although they are not public
 * @throws Error for a network that is none
 */
export function createAddressGuard(allowed: string | undefined, resolve: Resolve = resolveAll): AddressGuard {
  const notPublic = networks([...NOT_PUBLIC_4, ...NOT_PUBLIC_6]);
  const public6 = networks(PUBLIC_6);
  const exceptions = networks(
    (allowed ?? '')
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== ''),
  );
  const isReachable = ({ address, family }: Address): boolean => {
    const kind = family === 4 ? 'ipv4' : 'ipv6';
    if (exceptions.check(address, kind)) return true;
    return !notPublic.check(address, kind) && (family === 4 || public6.check(address, kind));
  };

  return async (host) => {
    const name = host.replace(/^\[|\]$/g, '');
    const version = isIP(name);
    const found: Address[] = version === 0 ? await resolve(name) : [{ address: name, family: version as 4 | 6 }];
    const refused = found.find((address) => !isReachable(address));
    if (refused)
      throw new AddressRefused(
        `Expected ${host} to have public addresses only, but one is ${refused.address}: add its network to SONGBAI_HTTP_PRIVATE if it is meant`,
      );
    const [first] = found;
    if (!first) throw new Error(`Expected ${host} to have an address, but it has none`);
    return first;
  };
}

async function resolveAll(host: string): Promise<Address[]> {
  return (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/');
    const version = isIP(network);
    if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128))
      throw new Error(`Expected SONGBAI_HTTP_PRIVATE to be networks such as 10.1.2.0/24, but one is ${JSON.stringify(cidr)}`);
    list.addSubnet(network, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
