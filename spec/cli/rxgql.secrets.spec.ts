import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of, throwError } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { runInside } from './rig/inside.js';
import { useFolder } from './rig/use-folder.js';
import { outcomeOf, useRxgql } from './rig/use-rxgql.js';

/** Needs escapes in a URL and in JSON. */
const token = 's3cret/"token"+0123456789';
const forms = [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1), 's3cret'];

describe('rxgql and secrets', function () {
  this.timeout(60_000);
  this.slow(3_000);
  const serve = useServer();
  const files = useFolder();
  const rxgql = useRxgql();

  const everywhere = (url: string, path = '') => [
    `${url}${path}?key={token}`,
    ...['-H', 'Authorization: Bearer {token}', '--param', 'auth:{"token":"{token}"}'],
  ];
  const expectNone = (...texts: readonly string[]) => {
    for (const text of texts) for (const form of forms) expect(text).to.not.contain(form);
  };

  it('puts the token into URL, header and param', async () => {
    const server = await serve({ handle: () => of({ data: 1 }) });
    const file = files.write('token', `${token}\n`);
    const outcome = await rxgql.inside(...everywhere(server.url), '{ a }', '--token-file', file);
    expect(outcome).to.deep.equal({ code: 0, out: '{"data":1}\n', err: '' });
    const [upgrade] = server.ledger.upgrades;
    const encoded = encodeURIComponent(token);
    expect(upgrade?.url).to.equal(`/graphql?key=${encoded}`);
    expect(upgrade?.headers).to.include({ authorization: `Bearer ${token}` });
    expect(server.ledger.messages[0]).to.deep.include({ payload: { auth: { token } } });
  });

  it('reads the file again for each dial', async () => {
    const file = files.write('renewed', 'first-token');
    const server = await serve({
      tokens: true,
      handle: (_request, { peer }) => concat(of({ data: { n: peer.connection } }), NEVER),
    });
    const program = rxgql.start(
      ...[`${server.url}?token={token}`, 'subscription { n }', '--take', '2'],
      ...['--token-file', file],
    );
    await program.seen(/"n":1/);
    files.write('renewed', 'second-token');
    server.expireToken();
    const { code, err } = await outcomeOf(program);
    expect(code).to.equal(0);
    expect(err)
      .to.match(/^connection closed: 4403/)
      .and.match(/connected again/);
  });

  const echo = `you said ${token} and ${encodeURIComponent(token)}`;
  const failures: Readonly<Record<string, Parameters<typeof serve>[0]>> = {
    'a refused upgrade that echoes it': { authorize: () => ({ status: 401, body: echo }) },
    'a refused handshake that echoes it': {
      connect: () => ({ reject: { message: echo } }),
    },
    'an operation that fails with it': { handle: () => throwError(() => new Error(echo)) },
    'a result with it': { handle: () => of({ errors: [{ message: echo }] }) },
    'a close with it as the reason': {
      handle: (_request, { peer }) => {
        peer.close(4409, token);
        return NEVER;
      },
    },
  };
  for (const [what, options] of Object.entries(failures))
    it(`shows no token: ${what}`, async () => {
      const { url } = await serve(options);
      const recording = files.path('recording.ndjson');
      const { code, out, err } = await runInside(
        { env: { RXGQL_TOKEN: token } },
        ...[...everywhere(url), '{ a }', '--debug', '--retry', '0', '--record', recording],
      );
      expect(code).to.be.within(1, 3);
      expectNone(out, err, readFileSync(recording, 'utf8'));
    });

  it('shows no token when the host cannot be reached', async () => {
    const { code, out, err } = await runInside(
      { env: { RXGQL_TOKEN: token } },
      ...[...everywhere('ws://127.0.0.1:1', '/{token}'), '{ a }', '--debug', '--for', '1s'],
    );
    expect(code).to.equal(3);
    expect(err).to.contain('[redacted]');
    expectNone(out, err);
  });

  it('shows nothing of what is secret on the command line', async () => {
    const { url } = await serve({
      authorize: ({ headers }) => ({ status: 403, body: `no ${String(headers.authorization)}` }),
    });
    const { code, err } = await rxgql.inside(
      ...[`${url}?key=s3cret-in-url`, '{ a }', '-H', 'Authorization: Basic s3cret-in-header'],
      ...['--param', 'password:s3cret-in-param', '--debug'],
    );
    expect(code).to.equal(3);
    expect(err).to.contain('403').and.not.contain('s3cret');
  });

  it('shows no token in `ping`, though the ack has it', async () => {
    const { url } = await serve({ connect: () => ({ ack: { echo } }) });
    const { code, out, err } = await runInside(
      { env: { RXGQL_TOKEN: token } },
      ...['ping', ...everywhere(url), '--count', '1', '--interval', '20ms', '--debug'],
    );
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.have.nested.property(
      'ack.echo',
      'you said [redacted] and [redacted]',
    );
    expectNone(out, err);
  });
});
