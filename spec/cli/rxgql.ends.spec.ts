import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, interval, map, NEVER, of, throwError } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { useFolder } from './rig/use-folder.js';
import { outcomeOf, useRxgql } from './rig/use-rxgql.js';

const numbers = (every = 20) => interval(every).pipe(map((n) => ({ data: { n } })));
const subscription = 'subscription { n }';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The environment in which a program runs a statement as soon as it listens to an event of its process. */
function onceListening(event: string, statement: string): NodeJS.ProcessEnv {
  const script = `const timer = setInterval(() => {
    if (process.listenerCount('${event}') === 0) return;
    clearInterval(timer);
    ${statement};
  }, 10)`;
  const data = encodeURIComponent(script).replaceAll("'", '%27');
  return { NODE_OPTIONS: `--import=data:text/javascript,${data}` };
}

describe('rxgql ends', function () {
  this.timeout(60_000);
  this.slow(3_000);
  const serve = useServer();
  const files = useFolder();
  const rxgql = useRxgql();

  describe('with 0', () => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      it(`at ${signal}, after it has said goodbye`, async () => {
        const server = await serve({ handle: () => numbers() });
        const program = rxgql.start(server.url, subscription);
        await program.seen(/"n":3/);
        program.child.kill(signal);
        const { code, err } = await outcomeOf(program);
        expect([code, err]).to.deep.equal([0, '']);
        await server.ledger.until('closed', ({ code }) => code === 1000);
        expect(server.ledger.messages.map(({ type }) => type)).to.deep.equal([
          ...['connection_init', 'subscribe', 'complete'],
        ]);
      });

    it('at once at a signal, when nothing has begun', async () => {
      const env = onceListening('SIGINT', "console.error('listens')");
      // it waits for its standard input
      const program = rxgql.startWith({ env, input: false }, 'ws://127.0.0.1:1/');
      await program.seen(/listens/);
      program.child.kill('SIGINT');
      expect(await outcomeOf(program)).to.deep.equal({ code: 0, out: '', err: 'listens\n' });
    });

    it('though nobody reads its standard error', async () => {
      const result = { data: 'x'.repeat(1_000) };
      const { url } = await serve({ handle: () => of(...Array<typeof result>(500).fill(result)) });
      const { child, exited, out } = rxgql.start(url, subscription, '--debug');
      child.stderr?.pause();
      expect((await once(child, 'exit'))[0]).to.equal(0);
      child.stderr?.resume();
      await exited;
      expect(out().trimEnd().split('\n')).to.have.length(500);
    });

    it('at a signal while the server says nothing any more', async () => {
      const server = await serve({ handle: () => concat(of({ data: { n: 0 } }), NEVER) });
      const program = rxgql.start(server.url, subscription);
      await program.seen(/"n":0/);
      server.stall();
      program.child.kill('SIGINT');
      expect(await outcomeOf(program)).to.include({ code: 0, err: '' });
    });

    it('after a server that restarted, with what came before and after', async () => {
      const server = await serve({
        handle: (_request, { peer }) => concat(of({ data: { n: peer.connection } }), NEVER),
      });
      const program = rxgql.start(server.url, subscription, '--take', '2');
      await program.seen(/"n":1/);
      await server.restart(1_500);
      const { code, out, err } = await outcomeOf(program);
      expect([code, out]).to.deep.equal([0, '{"data":{"n":1}}\n{"data":{"n":2}}\n']);
      expect(err).to.match(/^connection closed: 1006; dials again\n/);
      expect(err).to.match(/connected again after \d+\.\d s \(reconnect 1\)\ngap: results /);
    });
  });

  describe('with 1', () => {
    it('when a result has errors, which it prints with their places', async () => {
      const errors = [{ message: 'broken', locations: [{ line: 1, column: 3 }] }];
      const { url } = await serve({ handle: () => of({ data: { a: null }, errors }) });
      const { code, out, err } = await rxgql.inside(url, '{ a }');
      expect([code, JSON.parse(out)]).to.deep.equal([1, { data: { a: null }, errors }]);
      expect(err).to.equal(
        'rxgql: result 1 has 1 error: broken\n  line 1, column 3:\n    { a }\n      ^\n',
      );
    });

    for (const [what, thrown, shown] of [
      ['an error', "new Error('lost')", /^rxgql: lost\nError: lost\n {4}at /],
      ['a text', "'lost'", /^rxgql: lost\nlost\n$/],
    ] as const)
      it(`when nobody catches ${what}, and shows the stack with --debug alone`, async () => {
        const { url } = await serve({ handle: () => NEVER });
        const env = onceListening('uncaughtException', `throw ${thrown}`);
        const plain = rxgql.startWith({ env }, url, subscription);
        expect(await outcomeOf(plain)).to.deep.equal({ code: 1, out: '', err: 'rxgql: lost\n' });
        const { code, err } = await outcomeOf(
          rxgql.startWith({ env }, url, subscription, '--debug'),
        );
        expect(code).to.equal(1);
        expect(err).to.match(shown);
      });

    it('prints everything that came before the error', async () => {
      const { url } = await serve({
        handle: () =>
          concat(
            ...Array.from({ length: 5_000 }, (_, n) => of({ data: { n } })),
            throwError(() => new Error('at last')),
          ),
      });
      const { code, out } = await rxgql.run(url, subscription);
      expect(code).to.equal(1);
      expect(out.trimEnd().split('\n')).to.have.length(5_000);
    });
  });

  describe('with 2', () => {
    const url = 'ws://127.0.0.1:1/';
    const missing = '/nowhere/at/all';
    const mistakes: readonly (readonly [reason: RegExp, ...args: readonly string[]])[] = [
      [/missing required argument 'url'/],
      [/unknown option '--tokn'\n/, url, '{ a }', '--tokn=s3cret'],
      [/too many arguments/, url, '{ a }', '{ b }'],
      [/argument missing/, url, '--take'],
      [/must be a URL that begins with ws:/, 'example.org', '{ a }'],
      [/must be a URL that begins with ws:/, 'ftp://example.org', '{ a }'],
      [/the document is empty/, url, ' '],
      [/the document is empty/, url],
      [/as an argument or by --file, not both/, url, '{ a }', '-f', 'x'],
      [/--file: cannot read \/nowhere\/at\/all: ENOENT/, url, '-f', missing],
      [/--take wants a whole number, 1 or more/, url, '{ a }', '--take', '0'],
      [/--retry wants a whole number, 0 or more/, url, '{ a }', '--retry', 'x'],
      [/--for wants a duration with its unit/, url, '{ a }', '--for', '30'],
      [/--connect-timeout wants a duration/, url, '{ a }', '--connect-timeout', '0s'],
      [/--keep-alive-timeout wants a dur/, url, '{ a }', '--keep-alive-timeout', '900h'],
      [/--format is json or pretty/, url, '{ a }', '--format', 'xml'],
      [/--format is json or pretty/, 'ping', url, '--format', 'xml'],
      [/--header wants key:value/, url, '{ a }', '-H', 's3cret'],
      [/--header: the value of X-A has .* line break; encode/, url, '{ a }', '-H', 'X-A: s3cret €'],
      [/--header: a name has letters/, url, '{ a }', '-H', 's3cret a: b'],
      [/--param wants key:value/, url, '{ a }', '--param', 's3cret'],
      [/--variable wants key:value/, url, '{ a }', '-V', ':7'],
      [/--variables wants a JSON object/, url, '{ a }', '--variables', '[]'],
      [/--variables: cannot read/, url, '{ a }', '--variables', `@${missing}`],
      [/--ca: cannot read/, url, '{ a }', '--ca', missing],
      [/--ca: README.md is not PEM with -----BEGIN CERT/, url, '{ a }', '--ca', 'README.md'],
      [/--cert and --key need each other/, url, '{ a }', '--cert', missing],
      [/`subprotocols` names none that is spoken/, url, '{ a }', '--subprotocol', 'mqtt'],
      [/--resume wants variable=path/, url, subscription, '--resume', 'after'],
      [
        /--resume is for subs/,
        url,
        'fragment F on Q { subscription } { ...F }',
        '--resume',
        'after=id',
      ],
      [/--state needs --resume/, url, subscription, '--state', 'x'],
      [
        /--state: .* has no cursor/,
        url,
        subscription,
        '--resume',
        'a=b',
        '--state',
        'package.json',
      ],
      [/--state: cannot read/, url, subscription, '--resume', 'a=b', '--state', '.'],
      [/--record: cannot write/, url, '{ a }', '--record', `${missing}/x`],
      [/--token-file: cannot read/, `${url}{token}`, '{ a }', '--token-file', missing],
      [/--token-file needs \{token\}/, url, '{ a }', '--token-file', 'package.json'],
      [/\{token\} has no value/, `${url}{token}`, '{ a }'],
      [/cannot read the recording: ENOENT/, 'replay', missing],
      [/line 1: /, 'replay', 'README.md'],
      [/--speed wants a number/, 'replay', 'README.md', '--speed', '-'],
      [/--port wants a number up to 65535/, 'serve', '--port', '65536'],
      [/^rxgql: --variable: a number above 2\^53/, url, '{ a }', '-V', 'id:9007199254740993'],
      [/^rxgql: --variables: a number above 2\^53/, url, '{ a }', '--variables', '{"a":[1e400]}'],
      [/^rxgql: --token-file: .* is empty/, `${url}{token}`, '{ a }', '--token-file', '/dev/null'],
      [/want the name of a file/, url, subscription, '--resume', 'a=b', '--state', ''],
      [
        /^rxgql: --record: \.\/x is named/,
        `${url}{token}`,
        '{ a }',
        ...['--token-file', 'x', '--record', './x'],
      ],
      [
        /^rxgql: --record: x is named/,
        url,
        subscription,
        ...['--resume', 'a=b', '--state', 'x', '--record', 'x'],
      ],
    ];
    for (const [reason, ...args] of mistakes)
      it(`over ${args.join(' ') || 'nothing'}`, async () => {
        const { code, out, err } = await rxgql.inside(...args);
        expect([code, out]).to.deep.equal([2, '']);
        expect(err)
          .to.match(reason)
          .and.not.match(/^ {4}at /m);
        expect(err).to.not.contain('s3cret');
      });

    it('over JSON without end', async () => {
      const deep = '['.repeat(50_000) + ']'.repeat(50_000);
      const { code, err } = await rxgql.inside(url, '{ a }', '--param', `a:${deep}`);
      expect(code).to.equal(2);
      expect(err).to.match(/^rxgql: --param: JSON is nested more than 1000/);
    });

    it('as a process, too', async () => {
      const { code, out, err } = await rxgql.run(url, '{ a }', '--take', 'all');
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.equal('rxgql: --take wants a whole number, 1 or more\n');
    });

    it('when a result has no cursor', async () => {
      const server = await serve({ handle: () => of({ data: { id: 1 } }) });
      const resume = ['--resume', 'after=trade.id'];
      const document = 'subscription ($after: ID) { id }';
      const { code, err } = await rxgql.inside(server.url, document, ...resume);
      expect([code, err]).to.deep.equal([
        2,
        'rxgql: --resume: a result has no trade.id in its data\n',
      ]);
    });
  });

  describe('with 3', () => {
    it('at once with --retry 0, when nothing listens', async () => {
      const url = `ws://127.0.0.1:${await freePort()}/`;
      const { code, out, err } = await rxgql.inside(url, '{ a }', '--retry', '0');
      expect([code, out]).to.deep.equal([3, '']);
      expect(err).to.match(
        /^rxgql: could not connect to .*ECONNREFUSED.*: nothing listens there\n$/,
      );
    });

    it('when the host does not exist', async () => {
      const { code, err } = await rxgql.inside('ws://nowhere.invalid/', '{ a }', '--retry', '0');
      expect(code).to.equal(3);
      expect(err).to.match(
        /^rxgql: could not connect to ws:\/\/nowhere\.invalid\/: .*no such host/,
      );
    });

    it('when there was no connection --for so long, and says first that it goes on trying', async () => {
      const url = `ws://127.0.0.1:${await freePort()}/`;
      const { code, err } = await rxgql.inside(url, '{ a }', '--for', '1500ms');
      expect(code).to.equal(3);
      expect(err.split('\n')).to.have.length(3);
      expect(err).to.match(/goes on trying \(Ctrl-C ends it, --retry limits it\)\nrxgql: no conn/);
    });

    it('when the certificate is self-signed, and names the remedy', async () => {
      const server = await serve({ tls: 'self-signed', handle: () => of({ data: 1 }) });
      const { code, err } = await rxgql.inside(server.url, '{ a }');
      expect(code).to.equal(3);
      expect(err).to.match(/self-signed certificate.*--ca names the certificate to trust\n$/i);
      const ca = files.write('self.pem', String(server.certificate));
      expect(await rxgql.inside(server.url, '{ a }', '--ca', ca)).to.include({ code: 0, err: '' });
    });

    it('when the token has expired', async () => {
      const server = await serve({ tokens: { in: 'params' }, handle: () => of({ data: 1 }) });
      const token = ['--param', 'token:{token}', '--token-file', files.write('t', 'expired')];
      const { code, err } = await rxgql.inside(server.url, '{ a }', ...token);
      expect(code).to.equal(3);
      expect(err).to.match(/rxgql: connection closed: 4401/);
    });

    it('when the server speaks another subprotocol, and names the remedy', async () => {
      const { url } = await serve({ subprotocols: ['graphql-transport-ws'] });
      const { code, err } = await rxgql.inside(url, '{ a }', '--subprotocol', 'graphql-ws');
      expect(code).to.equal(3);
      expect(err).to.match(/^rxgql: .* 4406 .*; without --subprotocol both are\n$/);
    });

    it('when a result is too large, and says so with --quiet, too', async () => {
      const { url } = await serve({ handle: () => of({ data: 'x'.repeat(2 ** 25) }) });
      const { code, err } = await rxgql.inside(url, '{ a }', '-q', '--retry', '0');
      expect(code).to.equal(3);
      expect(err).to.match(/^rxgql: .*Max payload size exceeded.* maxPayload \(32 MiB, 1009\)/);
    });

    it('when the server closes for good', async () => {
      const server = await serve({
        handle: (_request, { peer }) => {
          peer.close(4409, '\u001b[2Jno');
          return NEVER;
        },
      });
      const { code, err } = await rxgql.inside(server.url, '{ a }');
      expect(code).to.equal(3);
      expect(err).to.match(/^rxgql: connection closed: 4409 [\x20-\x7e]*no\n$/);
    });
  });

  describe('with 4', () => {
    it('when --take is not reached --for so long', async () => {
      const { url } = await serve({ handle: () => concat(of({ data: 1 }), NEVER) });
      const args = [url, subscription, '--take', '2', '--for', '3s'];
      expect(await rxgql.inside(...args)).to.deep.equal({
        code: 4,
        out: '{"data":1}\n',
        err: 'rxgql: 1 result of 2 within 3.0 s\n',
      });
    });

    it('when there was no result, and tells the last failure with --quiet, too', async () => {
      const url = `ws://127.0.0.1:${await freePort()}/`;
      const args = ['-q', '--take', '1', '--for', '1s'];
      const { code, err } = await rxgql.inside(url, '{ a }', ...args);
      expect(code).to.equal(4);
      expect(err).to.match(/^rxgql: 0 results of 1 within 1.0 s; last failure: .*ECONNREFUSED/);
    });

    it('when no ping is answered', async () => {
      const server = await serve({ answerPings: false });
      const { code, out } = await rxgql.inside(
        'ping',
        server.url,
        '--count',
        '1',
        '--interval',
        '50ms',
      );
      expect(code).to.equal(4);
      // not one more than it was told to send
      expect(JSON.parse(out)).to.have.deep.property('pings', { sent: 1, answered: 0 });
    });
  });

  it('keeps the recording when it is killed', async () => {
    const { url } = await serve({ handle: () => numbers() });
    const file = files.path('killed.ndjson');
    const program = rxgql.start(url, subscription, '--record', file);
    await program.seen(/"n":3/);
    program.child.kill('SIGKILL');
    await program.exited;
    expect(readFileSync(file, 'utf8')).to.contain('{\\"n\\":3}');
  });
});
