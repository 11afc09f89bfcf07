import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../runtime/public-address.js';

const public4 = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.0.1',
  '100.128.0.1',
];
const public6 = ['2606:4700:4700::1111', '2a00:1450:4001:81c::200e', '2620:fe::fe'];
const private4 = [
  ['this machine', '127.0.0.1'],
  ['this machine, elsewhere in its range', '127.255.255.254'],
  ['unspecified', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['RFC 1918', '10.0.0.1'],
  ['RFC 1918', '172.16.0.1'],
  ['RFC 1918', '172.31.255.255'],
  ['RFC 1918', '192.168.1.1'],
  ['shared by a carrier', '100.64.0.1'],
  ['shared by a carrier, a cloud’s metadata', '100.100.100.200'],
  ['link-local, the clouds’ metadata', '169.254.169.254'],
  ['multicast', '224.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['protocol assignments', '192.0.0.192'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '192.0.2.1'],
] as const;
const private6 = [
  ['this machine', '::1'],
  ['unspecified', '::'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['IPv4-compatible, even of a public one', '::8.8.8.8'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['site-local', 'fec0::1'],
  ['unique local', 'fc00::1'],
  ['unique local, a cloud’s metadata', 'fd00:ec2::254'],
  ['multicast', 'ff02::1'],
  ['discard', '100::1'],
  ['documentation', '2001:db8::1'],
  ['6to4', '2002:7f00:1::1'],
  ['6to4, even of a public one', '2002:808:808::1'],
  ['Teredo', '2001:0:7f00:1::1'],
  ['translated', '::ffff:0:127.0.0.1'],
  ['NAT64 of a network’s own', '64:ff9b:1::7f00:1'],
  ['not assigned', '4000::1'],
] as const;

describe('an address', () => {
  it.each([...public4, ...public6])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([...private4, ...private6])('is not public: %s, %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(public4)('%s is public inside IPv6, too', (address) => {
    expect(isPublicAddress(`::ffff:${address}`)).toBe(true);
    expect(isPublicAddress(`64:ff9b::${address}`)).toBe(true);
  });

  it.each(private4)('inside IPv6 is not public either: %s, %s', (_what, address) => {
    expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
    expect(isPublicAddress(`64:ff9b::${address}`)).toBe(false);
  });

  it.each(['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '8.8', 'localhost', '', '[::1]', '1.2.3.4.'])(
    '%j is none at all, so not public',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );

  it('is judged the same inside IPv6 as alone, whichever it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublicAddress(address));
        expect(isPublicAddress(`64:ff9b::${address}`)).toBe(isPublicAddress(address));
      }),
    );
  });
});
