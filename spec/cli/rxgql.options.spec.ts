import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { testCertificates } from 'rx-graphql-ws/testing/server';
import { concat, interval, map, NEVER, of } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { useFolder } from './rig/use-folder.js';
import { outcomeOf, useRxgql } from './rig/use-rxgql.js';

const lines = (text: string) => text.trimEnd().split('\n');
const numbers = (every = 20) => interval(every).pipe(map((n) => ({ data: { n } })));

describe('rxgql, option by option', function () {
  this.timeout(60_000);
  this.slow(3_000);
  const serve = useServer();
  const files = useFolder();
  const rxgql = useRxgql();

  describe('the document', () => {
    const document = 'subscription Numbers { n }';
    const echo = () =>
      serve({ handle: ({ query, operationName }) => of({ data: { query, operationName } }) });
    const echoed = (query: string) => `{"data":{"query":${JSON.stringify(query)}}}\n`;

    it('is an argument', async () => {
      const { url } = await echo();
      const outcome = await rxgql.inside(url, document);
      expect(outcome).to.deep.equal({ code: 0, out: echoed(document), err: '' });
    });

    it('is a file, by -f', async () => {
      const { url } = await echo();
      const outcome = await rxgql.inside(url, '-f', files.write('document.graphql', document));
      expect(outcome).to.deep.equal({ code: 0, out: echoed(document), err: '' });
    });

    for (const args of [[], ['--file', '-']])
      it(`is standard input, with ${args.join(' ') || 'nothing'}`, async () => {
        const { url } = await echo();
        const program = rxgql.startWith({ input: document }, url, ...args);
        const outcome = await outcomeOf(program);
        expect(outcome).to.deep.equal({ code: 0, out: echoed(document), err: '' });
      });

    it('has several operations, of which -o selects one', async () => {
      const { url } = await echo();
      const { out } = await rxgql.inside(url, 'query A { a } query B { b }', '-o', 'B');
      expect(JSON.parse(out)).to.have.nested.property('data.operationName', 'B');
    });
  });

  it('sends variables of -V and --variables, JSON or text', async () => {
    const { url } = await serve({ handle: ({ variables }) => of({ data: variables }) });
    const file = files.write('variables.json', '{ "a": 1, "b": "file" }');
    const { code, out } = await rxgql.inside(
      ...[url, '{ a }', '--variables', `@${file}`],
      ...['-V', 'b:text: with colon', '-V', 'c:[1,"x"]', '--variable', 'd:"7"'],
    );
    expect(code).to.equal(0);
    const data = { a: 1, b: 'text: with colon', c: [1, 'x'], d: '7' };
    expect(JSON.parse(out)).to.deep.equal({ data });
    const inline = await rxgql.inside(url, '{ a }', '--variables', '{"e":true}');
    expect(JSON.parse(inline.out)).to.deep.equal({ data: { e: true } });
  });

  it('sends headers of -H and the payload of --param', async () => {
    const server = await serve({
      authorize: ({ headers }) => headers['x-user'] === 'ada: lovelace',
      connect: ({ connectionParams }) => connectionParams !== undefined,
      handle: () => of({ data: 1 }),
    });
    const { code } = await rxgql.inside(
      ...[server.url, '{ a }', '-H', 'X-User: ada: lovelace'],
      ...['--param', 'user:ada', '--param', 'headers:{"x":1}'],
    );
    expect(code).to.equal(0);
    const [init] = server.ledger.messages;
    expect(init).to.deep.include({ payload: { user: 'ada', headers: { x: 1 } } });
  });

  it('prints what is at --select, and null where there is nothing', async () => {
    const { url } = await serve({
      handle: () => of({ data: { trades: [{ price: 7 }] } }, { data: { trades: [] } }),
    });
    const { out } = await rxgql.inside(url, '{ a }', '--select', 'data.trades.0.price');
    expect(out).to.equal('7\nnull\n');
  });

  it('prints for people with --format pretty', async () => {
    const { url } = await serve({ handle: () => of({ data: { a: '\u009b31m' } }) });
    const { out } = await rxgql.inside(url, '{ a }', '--format', 'pretty');
    expect(out).to.equal('{\n  "data": {\n    "a": "\\u009b31m"\n  }\n}\n');
  });

  it('prints results as the server wrote them, a line for each', async () => {
    const server = await serve({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send({ type: 'connection_ack' });
        const { id } = await peer.read('subscribe');
        const payload = '{ "data":\n { "big": 12345678901234567890, "one": 1.0 } }';
        peer.send(`{"id":"${String(id)}","type":"next","payload":${payload}}`);
        peer.send({ id, type: 'complete' });
        await peer.read('complete').catch(() => undefined);
      },
    });
    const { out } = await rxgql.inside(server.url, '{ a }');
    expect(out).to.equal('{ "data":  { "big": 12345678901234567890, "one": 1.0 } }\n');
  });

  it('trusts --ca, and shows --cert with --key', async () => {
    const { ca, server: own, client } = await testCertificates();
    const { url } = await serve({
      tls: { ...own, ca, requestCert: true, rejectUnauthorized: true },
      handle: () => of({ data: 1 }),
    });
    const tls = (['cert', 'key'] as const).flatMap((name) => [
      `--${name}`,
      files.write(`${name}.pem`, client[name]),
    ]);
    const outcome = await rxgql.inside(url, '{ a }', '--ca', files.write('ca.pem', ca), ...tls);
    expect(outcome).to.deep.equal({ code: 0, out: '{"data":1}\n', err: '' });
    const others = ['--cert', files.path('cert.pem'), '--key', files.write('own.pem', own.key)];
    const { code, err } = await rxgql.inside(url, '{ a }', ...others);
    expect([code, err]).to.deep.equal([
      2,
      `rxgql: --key: ${files.path('own.pem')} is not the key of the certificate of --cert\n`,
    ]);
  });

  it('gives a silent connection up after --keep-alive-timeout, and goes on', async () => {
    const server = await serve({
      handle: (_request, { peer }) => {
        if (peer.connection === 1) setTimeout(() => peer.stall(), 30);
        return concat(of({ data: { n: peer.connection } }), NEVER);
      },
    });
    const { code, out, err } = await rxgql.inside(
      ...[server.url, 'subscription { n }', '--keep-alive-timeout', '300ms', '--take', '2'],
    );
    expect([code, out]).to.deep.equal([0, '{"data":{"n":1}}\n{"data":{"n":2}}\n']);
    expect(lines(err)[0]).to.equal('silent disconnect: no frame received for 300 ms; dials again');
    expect(lines(err)[1]).to.match(/^connected again after \d+\.\d s \(reconnect 1\)$/);
    expect(lines(err)[2]).to.match(/^gap: results from \S+Z to \S+Z may be missing$/);
    expect(lines(err)).to.have.length(3);
  });

  it('gives a dial up after --connect-timeout, and all of it after --retry', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const { code, out, err } = await rxgql.inside(
      ...[`ws://127.0.0.1:${port}/`, '{ a }', '--connect-timeout', '100ms', '--retry', '1'],
    );
    mute.close();
    expect([code, out]).to.deep.equal([3, '']);
    const text = `could not connect to ws://127.0.0.1:${port}/ within 100 ms`;
    expect(lines(err)).to.deep.equal([
      `${text}; goes on trying (Ctrl-C ends it, --retry limits it)`,
      `rxgql: ${text}`,
    ]);
  });

  it('ends after --take results, or --for a time', async () => {
    const { url } = await serve({ handle: () => numbers() });
    const taken = await rxgql.inside(url, 'subscription { n }', '--take', '2');
    expect(taken).to.deep.equal({
      code: 0,
      out: '{"data":{"n":0}}\n{"data":{"n":1}}\n',
      err: '',
    });
    const timed = await rxgql.inside(url, 'subscription { n }', '--for', '4s');
    expect(timed).to.include({ code: 0, err: '' });
    expect(lines(timed.out)).to.have.length.above(0);
  });

  it('is --quiet about everything but errors', async () => {
    const server = await serve({
      handle: (_request, { peer }) => {
        if (peer.connection === 1) setTimeout(() => peer.drop(), 30);
        return concat(of({ data: { n: peer.connection } }), NEVER);
      },
    });
    const { code, err } = await rxgql.inside(server.url, 'subscription { n }', '-q', '--take', '2');
    expect([code, err]).to.deep.equal([0, '']);
  });

  describe('--resume', () => {
    const feed = () => serve({ feed: { every: 5, field: 'trades', replay: true } });
    const resume = ['subscription ($after: Int) { trades { number } }', '--resume'];
    const numbersIn = (out: string) =>
      lines(out).flatMap((line) => {
        const { data } = JSON.parse(line) as { data: { trades: { number: number }[] } };
        return data.trades.map(({ number }) => number);
      });

    it('goes on behind the last result after a loss, without a gap', async () => {
      const server = await feed();
      const program = rxgql.start(
        ...[server.url, ...resume, 'after=trades.number', '--take', '60'],
      );
      await program.seen(/"number"/);
      server.drop();
      const { code, out, err } = await outcomeOf(program);
      expect(code).to.equal(0);
      const rows = numbersIn(out);
      expect(server.truth.compare(rows)).to.deep.include({ duplicate: [], outOfOrder: [] });
      expect(rows).to.deep.equal(rows.map((_, index) => (rows[0] as number) + index));
      expect(err)
        .to.match(/dials again\nconnected again/)
        .and.not.contain('gap');
    });

    it('goes on across restarts with --state, though it is killed', async () => {
      const server = await feed();
      const state = files.path('state.json');
      const args = [server.url, ...resume, '$after=data.trades.number', '--state', state];
      const all: number[] = [];
      for (let n = 0; n < 3; n++) {
        const program = rxgql.start(...args);
        await program.seen(/(.*\n){20}/);
        program.child.kill('SIGKILL');
        await program.exited;
        // the last line may be cut off
        all.push(...numbersIn(program.out().replace(/[^\n]*$/, '')));
      }
      const { code, out } = await rxgql.inside(...args, '--take', '5');
      expect(code).to.equal(0);
      all.push(...numbersIn(out));
      const known = new Set(all);
      const [first = 0] = all;
      const last = Math.max(...all);
      expect([...known]).to.have.length(last - first + 1);
      const stored: unknown = JSON.parse(readFileSync(state, 'utf8'));
      expect(stored).to.deep.equal({ variable: 'after', cursor: numbersIn(out).at(-1) });
    });

    it('shows a gap, and begins anew, when the server refuses the cursor', async () => {
      const state = files.write('old.json', '{"variable":"after","cursor":7}');
      const server = await serve({
        handle: ({ variables }) =>
          variables.after === undefined
            ? of({ data: { id: 90 } })
            : of({ errors: [{ message: 'too old' }] }),
      });
      const { code, out, err } = await rxgql.inside(
        ...[server.url, 'subscription ($after: Int) { id }', '--resume', 'after=id'],
        ...['--state', state],
      );
      expect([code, out]).to.deep.equal([0, '{"data":{"id":90}}\n']);
      expect(err).to.match(/^gap: results since the last run to \S+ may be missing\n$/);
    });
  });

  it('records with --record, and serves the recording with `replay`', async () => {
    const { url } = await serve({ handle: () => of({ data: 1 }, { data: 2 }) });
    const recording = files.path('recording.ndjson');
    const first = await rxgql.inside(url, 'subscription { n }', '--record', recording);
    expect(first.code).to.equal(0);
    const server = rxgql.start('replay', recording, '--speed', '100', '--loop');
    await server.seen(/httpUrl.*\n/);
    const again = JSON.parse(server.out()) as { url: string };
    for (let n = 0; n < 2; n++) {
      const second = await rxgql.inside(again.url, 'subscription { n }', '--take', '2');
      expect(second).to.deep.equal({ code: 0, out: first.out, err: '' });
    }
    server.child.kill('SIGTERM');
    expect(await server.exited).to.equal(0);
  });

  it('serves a feed with `serve`', async () => {
    const server = rxgql.start('serve', '--every', '10ms', '--seed', '7', '--port', '0');
    await server.seen(/httpUrl.*\n/);
    const { url } = JSON.parse(server.out()) as { url: string };
    // the feed must be behind the cursor
    await rxgql.inside(url, 'subscription { trades }', '--take', '6');
    const args = ['--select', 'data.trades.0', '--take', '3', '-V', 'after:4'];
    const { code, out } = await rxgql.inside(url, 'subscription { trades }', ...args);
    const trades = lines(out).map((line) => JSON.parse(line) as object);
    const blocks = trades.map((trade) => (trade as { readonly block: number }).block);
    expect([code, blocks]).to.deep.equal([0, [5, 6, 7]]);
    expect(trades[0]).to.have.all.keys('block', 'time', 'pair', 'price');
    server.child.kill('SIGINT');
    expect(await server.exited).to.equal(0);
  });

  it('shows frames and stack traces with --debug, and not without', async () => {
    const { url } = await serve({
      handle: () => {
        throw new Error('no such field');
      },
    });
    const plain = await rxgql.inside(url, '{ a }');
    expect(plain).to.deep.equal({
      code: 1,
      out: '',
      err: 'rxgql: operation failed: no such field\n',
    });
    const { err } = await rxgql.inside(url, '{ a }', '--debug');
    expect(err)
      .to.match(/ sent \{.*"type":"subscribe".*\}\n/)
      .and.match(/^ {4}at /m);
  });
});
