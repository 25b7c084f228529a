import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { testCertificates, type TestCertificates } from 'rx-graphql-ws/testing/server';
import { useCalm } from '../helpers/net/use-calm.js';
import { dialFaultNames, type DialFault } from '../rig/dials.js';
import { handshakeFaultNames, type HandshakeFault } from '../rig/handshakes.js';
import { canary } from './canary.js';
import { refreshing, secretive } from './secretive.js';
import { allOf, useEndurance } from './use-endurance.js';

const statuses = [200, 301, 302, 307, 308, 400, 401, 402, 403, 404, 408, 426, 429, 500, 502, 503];
const refusal = (status: number) => ({
  status,
  headers: { location: `ws://${canary}@127.0.0.1:1/?${canary}`, 'set-cookie': `sid=${canary}` },
  body: canary,
});
const closes = [1000, 1001, 1002, 1008, 1011, 1013, 3000, 4400, 4401, 4403, 4406, 4408, 4409, 4429];

describe('a secret is in nothing that a socket object gives, after a dial that', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();
  let certificates: TestCertificates;
  before(async () => {
    certificates = await testCertificates();
  });

  const dials: readonly (readonly [string, DialFault])[] = [
    ...dialFaultNames.filter((name) => name !== 'tls-stall').map((name) => [name, name] as const),
    ...statuses.map((status) => [`HTTP ${status}`, refusal(status)] as const),
    ['drip', { drip: 5 }],
  ];
  const handshakes: readonly (readonly [string, HandshakeFault])[] = [
    ...handshakeFaultNames.map((name) => [name, name] as const),
    ...closes.map((code) => [`close ${code}`, { close: code, reason: 'no' }] as const),
    ['rejected', { reject: { message: 'no' }, code: 4401, reason: 'no' }],
    ['rejected, and left open', { reject: 'no', code: false }],
  ];

  for (const [how, config] of [
    ['constant', secretive],
    ['fresh', refreshing],
  ] as const) {
    it(`came to each fault and HTTP status, with ${how} options`, async () => {
      await allOf(dials, async (fault) => {
        await endures({ config, before: ({ failDials }) => failDials(fault, Infinity) });
      });
    });

    for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
      it(`came to each fault of a handshake over ${subprotocol}, with ${how} options`, async () => {
        await allOf(handshakes, async (fault) => {
          await endures({
            server: { subprotocols: [subprotocol] },
            config,
            before: ({ failHandshakes }) => failHandshakes(fault, Infinity),
          });
        });
      });
  }

  it('was refused', async () => {
    const { out } = await endures({ config: () => secretive('ws://127.0.0.1:1/graphql') });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('found no such host', async () => {
    const { out } = await endures({ config: () => secretive('ws://nonexistent.invalid/graphql') });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  for (const tls of ['self-signed', 'expired', 'wrong-host'] as const)
    it(`found a certificate that is ${tls}`, async () => {
      const { client } = certificates;
      const { out } = await endures({ server: { tls }, config: (url) => secretive(url, client) });
      expect(out.has('the error of subscribe$')).to.equal(true);
    });

  it('found no TLS', async () => {
    const config = (url: string) => secretive(url.replace('ws:', 'wss:'), certificates.client);
    const { out } = await endures({ config });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('the server answered by the name that is a secret', async () => {
    const select = (offered: readonly string[]) =>
      offered.find((name) => name.startsWith('header-'));
    const { out } = await endures({ server: { subprotocols: select } });
    expect(out.has('the error of subscribe$')).to.equal(true);
  });

  it('went well over TLS', async () => {
    const { ca, server, client } = certificates;
    const { out } = await endures({
      server: { tls: server },
      config: (url) => secretive(url, { ca, ...client }),
    });
    expect(out.has('a value of query$')).to.equal(true);
  });
});
