import { expect } from 'chai';
import { before, describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, skip } from 'rxjs';
import type { SocketStatus, Variables } from 'rx-graphql-ws';
import { testCertificates, type TestCertificates } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { record } from '../helpers/recording.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';

const handle = () => [{ data: { secure: true } }];
const query = '{ secure }';

describe('TLS', () => {
  const serve = useServer();
  const connect = useSocket();
  let certificates: TestCertificates;
  before(async () => {
    certificates = await testCertificates();
  });
  const ca = () => certificates.ca;
  const requiringClient = () => ({
    ...certificates.server,
    ca: ca(),
    requestCert: true,
    rejectUnauthorized: true,
  });

  for (const [title, server, client, scheme] of [
    ['speaks to a server whose authority is given as `ca`', () => ({}), () => ({}), 'wss:'],
    ['maps https: to wss:', () => ({}), () => ({}), 'https:'],
    ['presents a client certificate', requiringClient, () => certificates.client, 'wss:'],
  ] as const)
    it(title, async () => {
      const { url } = await serve({ handle, tls: { ...certificates.server, ...server() } });
      expect(url).to.match(/^wss:/);
      const socket = connect({
        url: url.replace('wss:', scheme),
        webSocketOptions: { ca: ca(), ...client() },
      });
      expect(await lastValueFrom(socket.query$(query))).to.deep.equal({ secure: true });
    });

  const refused: readonly (readonly [
    name: string,
    server: () => object | undefined,
    client: () => Variables,
    message: RegExp,
  ])[] = [
    [
      'a server that wants a client certificate, where there is none',
      requiringClient,
      () => ({ ca: ca() }),
      /certificate required.*look at `ca`, `cert` and `key` in `webSocketOptions`/,
    ],
    [
      'an authority that is not known',
      () => certificates.server,
      () => ({}),
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE: look at `ca`/,
    ],
    [
      'a certificate for another host',
      () => certificates.wrongHost,
      () => ({ ca: ca() }),
      /ERR_TLS_CERT_ALTNAME_INVALID: look at `ca`/,
    ],
    [
      'a server that does not speak TLS',
      () => undefined,
      () => ({}),
      /\(TLS (?:EPROTO|ERR_SSL_\w+): no TLS there: `ws:`\?\)$/,
    ],
  ];
  for (const [name, server, client, message] of refused) {
    it(`gives up on ${name} at the first connect, and says what to look at`, async () => {
      const { url, ledger } = await serve({ tls: server() });
      const webSocketOptions = client();
      const socket = connect({ url: url.replace('ws:', 'wss:'), webSocketOptions });
      const statuses = record(socket.status$);
      const error = await failureOf(socket.query$(query), 'ConnectionError');
      expect(error.message).to.match(/^could not connect to wss:\/\/127\.0\.0\.1:\d+\/graphql: /);
      expect(error.message).to.match(message);
      expect(error.message).not.to.include('PRIVATE');
      expect(error.cause).to.be.instanceOf(Error);
      const states = statuses.values.map(({ state }) => state);
      expect(states.at(-1)).to.equal('failed');
      expect(states).not.to.include('waiting');
      expect(ledger.opened).to.deep.equal([]);
    });
  }

  it('is refused with a client certificate of another authority', async () => {
    const { url, ledger } = await serve({ tls: requiringClient() });
    const webSocketOptions = { ca: ca(), ...certificates.selfSigned };
    // Node's server resets such a client without a TLS alert: it cannot be told from a network fault
    const socket = connect({ url, webSocketOptions, retry: false });
    await failureOf(socket.query$(query), 'ConnectionError');
    expect(ledger.upgrades).to.deep.equal([]);
  });

  it('waits for a certificate to be put right after a first success', async () => {
    const good = await serve({ handle, tls: certificates.server });
    const port = Number(new URL(good.url).port);
    const socket = connect({ url: good.url, webSocketOptions: { ca: ca() } });
    const second = firstValueFrom(socket.connection$.pipe(skip(1)));
    const { values: statuses } = record(socket.status$);
    await good.ledger.received('connection_init');
    await eventually(() => expect(statuses.at(-1)?.state).to.equal('connected'));
    await good.stop();
    const bad = await serve({ port, tls: certificates.selfSigned });
    await eventually(() => expect(statuses.some(isTlsFailure)).to.equal(true));
    await bad.stop();
    await good.start();
    expect((await second).subprotocol).to.equal('graphql-transport-ws');
  });
});

function isTlsFailure(status: SocketStatus): boolean {
  return status.state === 'waiting' && status.error.message.includes('self-signed certificate');
}
