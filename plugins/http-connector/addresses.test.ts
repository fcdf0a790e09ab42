import assert from 'node:assert/strict';
import { httpConnectorWorld } from '#test/support/http-connector-world.ts';
import { createAddressGuard, type Address } from './address-guard.ts';
import { createAllowList } from './allow-list.ts';

describe('addresses that the HTTP connector may call', () => {
  const { system, run, failure } = httpConnectorWorld();

  describe('when an address is not on the list', () => {
    it('says how to allow it, and calls nobody', async () => {
      const outcome = await failure({ url: system.origin }, { allow: '' });
      assert.equal(
        outcome.message,
        `Expected an address that this installation allows, but ${system.origin} is not: add it to SONGBAI_HTTP_ALLOW and start again`,
      );
      assert.equal(outcome.retry, false);
      assert.equal(system.received.length, 0);
    });

    it('compares scheme, whole host name and port', () => {
      const list = createAllowList('sms.example.com, https://*.health.example ,http://10.1.2.3:8080,120103@https://own.example');
      const allows = (url: string, tenant = '120104') => list(new URL(url), tenant);
      for (const url of [
        'https://sms.example.com/a?b',
        'https://SMS.example.com',
        'https://a.health.example',
        'https://a.b.health.example:443',
        'http://10.1.2.3:8080/x',
      ])
        assert.ok(allows(url), url);
      for (const url of [
        'http://sms.example.com',
        'https://sms.example.com:8443',
        'https://sms.example.com.evil.example',
        'https://evilsms.example.com',
        'https://health.example',
        'https://xhealth.example',
        'http://10.1.2.3',
        'https://sms.example.com@evil.example',
        'https://own.example',
      ])
        assert.ok(!allows(url), url);
      assert.ok(allows('https://own.example', '120103'));
    });

    it('does not start with a list that is none', () => {
      for (const text of ['https://a.example/path', 'ftp://a.example', '*', 'https://*', 'https://a.*.example', 'a b'])
        assert.throws(() => createAllowList(text), /SONGBAI_HTTP_ALLOW/, text);
      assert.throws(() => createAddressGuard('10.0.0.0'), /SONGBAI_HTTP_PRIVATE/);
    });
  });

  describe('when an allowed name leads to an address that is not public', () => {
    const HOSTS = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '0177.0.0.1',
      '0.0.0.0',
      '10.0.0.1',
      '100.64.0.1',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '198.18.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '[::1]',
      '[::]',
      '[::ffff:10.0.0.1]',
      '[::ffff:127.0.0.1]',
      '[fe80::1]',
      '[fd00::1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[2001:0:1::]',
      '[ff02::1]',
    ];
    for (const host of HOSTS)
      it(`does not connect to ${host}`, async () => {
        const url = new URL(`http://${host}:${new URL(system.origin).port}/`);
        const outcome = await failure({ url: url.href }, { allow: url.origin, guard: createAddressGuard('') });
        assert.match(outcome.message, /public addresses only/);
        assert.equal(outcome.retry, false);
        assert.equal(system.received.length, 0);
      });

    it('refuses a name of which one address is private', async () => {
      const guard = createAddressGuard('', () =>
        Promise.resolve([
          { address: '93.184.216.34', family: 4 },
          { address: '10.0.0.1', family: 4 },
        ]),
      );
      await assert.rejects(guard('both.example'), /10\.0\.0\.1/);
    });

    it('connects to public ones, and to private networks that the operator allows', async () => {
      const resolve = (addresses: Address[]) => () => Promise.resolve(addresses);
      assert.equal(
        (await createAddressGuard('', resolve([{ address: '93.184.216.34', family: 4 }]))('a.example')).address,
        '93.184.216.34',
      );
      assert.equal((await createAddressGuard('', resolve([{ address: '2606:4700::1111', family: 6 }]))('a.example')).family, 6);
      assert.equal((await createAddressGuard('10.1.2.0/24')('10.1.2.3')).address, '10.1.2.3');
      await assert.rejects(createAddressGuard('10.1.2.0/24')('10.1.3.1'));
    });
  });

  describe('when a name is public at first and private at the second look (rebinding)', () => {
    it('looks it up once and connects to that address', async () => {
      let lookups = 0;
      const guard = createAddressGuard('127.0.0.0/8', () => {
        lookups++;
        return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
      });
      const { port } = new URL(system.origin);

      const outcome = await run({ url: `http://rebind.example:${port}/` }, { allow: `http://rebind.example:${port}`, guard });

      // The name exists nowhere: a second look-up by the connection itself would have failed.
      assert.equal(outcome.kind, 'completed');
      assert.equal(lookups, 1);
      assert.equal(system.received[0]?.headers.host, `rebind.example:${port}`);
    });
  });

  describe('when the address is none that can be called', () => {
    for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'data:text/plain,x', 'https://', 'http://user:pass@sms.example.com/'])
      it(`refuses ${url}`, async () => {
        assert.equal((await failure({ url }, { allow: 'http://sms.example.com' })).retry, false);
      });
  });
});
