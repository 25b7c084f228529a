import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Peer } from 'rx-graphql-ws/testing/server';
import { concat, map, NEVER, of, Subject, take, tap, throwError, timer } from 'rxjs';
import { useServer } from '../helpers/use-server.js';
import { runInside } from './rig/inside.js';
import { useFolder } from './rig/use-folder.js';

const subscription = 'subscription ($after: Int) { trades { id } }';
const resume = ['--resume', 'after=trades.id'];
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

describe('rxgql in one process', function () {
  this.timeout(20_000);
  this.slow(3_000);
  const serve = useServer();
  const files = useFolder();

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await runInside({}, '--version')).to.deep.equal({
      code: 0,
      out: `${version}\n`,
      err: '',
    });
  });

  it('does nothing without a command', async () => {
    expect(await runInside({}, '--debug')).to.include({ code: 2, out: '' });
  });

  it('shows a line that changes on a terminal, and takes it away before each result', async () => {
    const { url } = await serve({
      handle: () =>
        timer(0, 100).pipe(
          map((n) => ({ data: n })),
          take(8),
        ),
    });
    const { code, out, err } = await runInside({ isTTY: true }, url, 'subscription { n }');
    expect([code, out.trimEnd().split('\n').length]).to.deep.equal([0, 8]);
    expect(err.replace(/[^\n]*\r\u001b\[K/g, '')).to.equal('8 results, 0 reconnects, 0 gaps\n');
    expect(err).to.match(/\u001b\[32mconnected\u001b\[0m \| last frame 0\.\d s ago \| \d/);
  });

  it('cuts a line off that would wrap', async () => {
    const { url } = await serve({ handle: () => timer(600).pipe(map(() => ({ data: 1 }))) });
    const { err } = await runInside({ isTTY: true, columns: 30 }, url, '{ n }');
    expect(err).to.match(/\r\u001b\[Kconnected \| last frame \d\.\d s \r/);
  });

  it('tells of a connection that there is not yet, without colours for NO_COLOR', async () => {
    const { url } = await serve({ ackDelay: 200, handle: () => of({ data: 1 }) });
    const surroundings = { isTTY: true, env: { NO_COLOR: '1' } };
    const { err } = await runInside(surroundings, url, '{ n }');
    expect(err).to.match(/^\r\u001b\[Kconnecting \| no frame yet \| 0\.0\/s \| 0 results \|/);
    expect(err).to.not.match(/\u001b\[\d*m/);
  });

  it('takes a terminal for 80 characters wide that does not know its width', async () => {
    const surroundings = { isTTY: true, columns: 0 };
    expect(await runInside(surroundings, '--help')).to.deep.equal(
      await runInside({ ...surroundings, columns: 80 }, '--help'),
    );
  });

  it('asks for a document on a terminal, because nobody types one', async () => {
    const { code, err } = await runInside({ isTTY: true, input: undefined }, 'ws://127.0.0.1:1/');
    expect(code).to.equal(2);
    expect(err).to.match(/^rxgql: there is no document: /);
  });

  it('tells each failure of the first connection once, and how long it took', async () => {
    const statuses = [503, 503, 502];
    const { url } = await serve({
      authorize: () => {
        const status = statuses.shift();
        return status === undefined || { status };
      },
      handle: () => of({ data: 1 }),
    });
    const { code, err } = await runInside({}, url, '{ n }', '--keep-alive-timeout', 'off');
    expect(code).to.equal(0);
    const lines = err.split('\n');
    expect(lines[0]).to.match(/503; goes on trying \(Ctrl-C ends it, --retry limits it\)$/);
    expect(lines[1]).to.match(/502; goes on trying$/);
    expect(lines[2]).to.match(/^connected after \d\.\d s$/);
    expect(lines).to.have.length(4);
  });

  describe('whose standard output fails', () => {
    const failing = (code: string) =>
      new Writable({
        write: (_chunk, _encoding, done) =>
          done(Object.assign(new Error(`${code}: write`), { code })),
      });

    it('ends with 0 and quietly when nobody reads any more', async () => {
      const { url } = await serve({ handle: () => concat(of({ data: 1 }), NEVER) });
      const outcome = await runInside({ stdout: failing('EPIPE') }, url, 'subscription { n }');
      expect(outcome).to.deep.equal({ code: 0, out: '', err: '' });
    });

    it('ends with 1 when the disk is full, and says so', async () => {
      const { url } = await serve({ handle: () => concat(of({ data: 1 }), NEVER) });
      const outcome = await runInside({ stdout: failing('ENOSPC') }, url, 'subscription { n }');
      expect(outcome).to.deep.equal({ code: 1, out: '', err: 'rxgql: ENOSPC: write\n' });
    });
  });

  it('prints what came before a signal', async () => {
    const { url } = await serve({ handle: () => concat(of({ data: 1 }), NEVER) });
    const signal$ = new Subject<string>();
    let out = '';
    const stdout = new Writable({
      write(text: Buffer, _encoding, done) {
        out += text.toString();
        if (text.length > 0) signal$.next('SIGINT');
        done();
      },
    });
    const { code, err } = await runInside({ signal$, stdout }, url, 'subscription { n }');
    expect([code, out, err]).to.deep.equal([0, '{"data":1}\n', '']);
  });

  it('sends the variables of a document that it cannot read, and shows the place', async () => {
    const server = await serve();
    const { code, err } = await runInside({}, server.url, 'subscription { n }}', '-V', 'a:1');
    expect(code).to.equal(1);
    expect(err).to.contain('  line 1, column 19:\n    subscription { n }}\n');
  });

  it('tells that JSON is nested too deeply, with each option that reads it', async () => {
    const { url } = await serve({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send({ type: 'connection_ack' });
        const { id } = await peer.read('subscribe');
        peer.send(`{"id":"${String(id)}","type":"next","payload":{"data":${deep}}}`);
      },
    });
    for (const args of [
      ['--select', 'data'],
      ['--format', 'pretty'],
      ['--resume', 'after=id'],
    ]) {
      const { code, out, err } = await runInside({}, url, subscription, ...args);
      expect([code, out], args[0]).to.deep.equal([1, '']);
      expect(err).to.match(/^rxgql: JSON is nested too deeply; [^\n]+\n$/);
    }
    const { code, out } = await runInside({}, url, subscription, '--take', '1');
    expect([code, out]).to.deep.equal([0, `{"data":${deep}}\n`]);
  });

  it('shows the first of many errors', async () => {
    const error = { message: 'x'.repeat(100), locations: [{ line: 1, column: 1 }] };
    const { url } = await serve({
      handle: () => of({ errors: Array(1_000).fill(error) as never }),
    });
    const { err } = await runInside({}, url, '{ n }');
    expect(err).to.have.length.below(3_000);
    expect(err).to.match(/^rxgql: result 1 has 1000 errors: x+; x/);
    expect(err).to.match(/(  line 1, column 1:\n.*\n.*\n){5}  and 995 more\n$/);
  });

  it('shows errors that have no place, or a nonsensical one', async () => {
    const locations = [null, 7, { line: 0, column: 1 }, { line: 9, column: 1 }];
    const errors = [{ message: 'a', locations: locations as never }, { message: 'b' }];
    const { url } = await serve({ handle: () => of({ errors }) });
    const { code, err } = await runInside({}, url, '{ n }');
    expect(code).to.equal(1);
    expect(err).to.equal('rxgql: result 1 has 2 errors: a; b\n  line 9, column 1\n');
  });

  for (const [what, document, answer, shown] of [
    [
      'an error of the operation',
      '{ helo }',
      ({ send }: Peer) => {
        const locations = [{ line: 1, column: 3 }];
        send({ type: 'error', id: '1', payload: [{ message: 'no helo', locations }] });
      },
      'rxgql: operation failed: no helo\n  line 1, column 3:\n    { helo }\n      ^\n',
    ],
    [
      'a syntax error that the server closes over',
      '{ a(b: ) }',
      ({ close }: Peer) => close(4500, 'Syntax Error: Unexpected ")".'),
      'rxgql: connection closed: 4500 Syntax Error: Unexpected ")".\n  line 1, column 8:\n    { a(b: ) }\n           ^\n',
    ],
    [
      'none in a document that is nested too deeply to be read',
      '{a'.repeat(100_000),
      ({ close }: Peer) => close(4500, 'Syntax Error'),
      'connection closed: 4500 Syntax Error; dials again\nrxgql: connection lost: operation 1 may or may not have run (connection closed: 4500 Syntax Error)\n',
    ],
  ] as const)
    it(`shows the place of ${what}`, async () => {
      const { url } = await serve({
        script: async (peer) => {
          await peer.read('connection_init');
          peer.send({ type: 'connection_ack' });
          await peer.read('subscribe');
          answer(peer);
        },
      });
      const { code, err } = await runInside({}, url, document);
      expect([code, err]).to.deep.equal([1, shown]);
    });

  describe('--resume', () => {
    it('shows a gap when the subscription is sent again before there was a cursor', async () => {
      const server = await serve({
        handle: (_request, { peer }) => {
          if (peer.connection > 1) return of({ data: { trades: [{ id: 4 }] } });
          setTimeout(() => peer.drop(), 50);
          return concat(of({ data: { trades: [] } }), NEVER);
        },
      });
      const { code, out, err } = await runInside({}, server.url, subscription, ...resume);
      expect([code, out]).to.deep.equal([
        0,
        '{"data":{"trades":[]}}\n{"data":{"trades":[{"id":4}]}}\n',
      ]);
      expect(err).to.match(/gap: results from \S+ to \S+ may be missing\n/);
    });

    it('goes on behind a partial result that has no cursor', async () => {
      const { url } = await serve({
        handle: () =>
          of(
            { data: { trades: [{ id: 1 }] } },
            { data: { trades: null }, errors: [{ message: 'broken' }] },
            { data: { trades: [{ id: 2 }] } },
          ),
      });
      const { code, out, err } = await runInside({}, url, subscription, ...resume);
      expect([code, out.trimEnd().split('\n').length]).to.deep.equal([1, 3]);
      expect(err).to.contain('rxgql: result 2 has 1 error: broken');
    });

    it('takes the last item of a list that the path ends at', async () => {
      const { url } = await serve({ handle: () => of({ data: { ids: [3, 4] } }) });
      const state = files.path('list.json');
      const args = ['--resume', 'after=ids', '--state', state];
      const { code } = await runInside({}, url, 'subscription ($after: Int) { ids }', ...args);
      expect(code).to.equal(0);
      expect(readFileSync(state, 'utf8')).to.equal('{"variable":"after","cursor":4}\n');
    });

    it('refuses a cursor whose last digits are lost', async () => {
      const { url } = await serve({
        handle: () => of({ data: { trades: [{ id: Number.MAX_SAFE_INTEGER + 1 }] } }),
      });
      const { code, err } = await runInside({}, url, subscription, ...resume);
      expect(code).to.equal(2);
      expect(err).to.contain('the cursor at trades.id is a number above 2^53');
    });

    it('tells of a variable that the document does not have', async () => {
      const { url } = await serve({ handle: () => of({ data: { id: 1 } }) });
      const args = ['subscription { id }', '--resume', 'after=id'];
      const { code, err } = await runInside({}, url, ...args);
      expect(code).to.equal(0);
      expect(err).to.contain('the document has no variable $after');
      expect((await runInside({}, url, ...args, '--quiet')).err).to.equal('');
    });

    it('keeps the cursor over an empty list, a result with errors and a number in the path', async () => {
      const server = await serve({
        handle: (_request, { peer }) => {
          if (peer.connection > 1) return of({ data: { trades: [{ id: 2 }] } });
          setTimeout(() => peer.drop(), 50);
          return concat(
            of({ data: { trades: [{ id: 7 }, { id: 8 }] } }, { data: { trades: [] } }),
            of({ data: null, errors: [{ message: 'broken' }] }),
            NEVER,
          );
        },
      });
      const state = files.path('kept.json');
      const args = ['--resume', 'after=data.trades.0.id', '--state', state];
      const first = await runInside({}, server.url, subscription, ...args, '--take', '4');
      expect(first.code).to.equal(1);
      const sent = server.ledger.messages.filter(({ type }) => type === 'subscribe');
      expect(sent[1]).to.have.nested.property('payload.variables.after', 7);
      expect(readFileSync(state, 'utf8')).to.equal('{"variable":"after","cursor":2}\n');
    });
  });

  it('ends with 1 when the state cannot be written', async () => {
    const { url } = await serve({
      handle: () => concat(of({ data: { trades: [{ id: 1 }] } }), NEVER),
    });
    const args = [...resume, '--state', '/proc/self/nothing.json'];
    const { code, err } = await runInside({}, url, subscription, ...args);
    expect(code).to.equal(1);
    expect(err).to.match(/^rxgql: --state: cannot write \/proc\/self\/nothing\.json: E\w+\n$/);
  });

  it('ends with 1 when the state cannot be written any more', async () => {
    const folder = files.path('vanishing');
    mkdirSync(folder);
    const row = (id: number) => ({ data: { trades: [{ id }] } });
    const { url } = await serve({
      handle: () => {
        const later = timer(200).pipe(
          tap(() => rmSync(folder, { recursive: true })),
          map(() => row(2)),
        );
        return concat(of(row(1)), later, NEVER);
      },
    });
    const args = [...resume, '--state', join(folder, 'state.json')];
    const { code, err } = await runInside({}, url, subscription, ...args);
    expect(code).to.equal(1);
    expect(err).to.match(/^rxgql: --state: cannot write \S+\/vanishing\/state\.json: ENOENT\n$/);
  });

  it('puts the token into lists, and leaves what is no text as it is', async () => {
    const server = await serve({ handle: () => of({ data: 1 }) });
    const params = ['--param', 'a:{"tokens":["{token}",7,null]}'];
    const env = { RXGQL_TOKEN: 'abcd' };
    expect(await runInside({ env }, server.url, '{ a }', ...params)).to.include({ code: 0 });
    const payload = { a: { tokens: ['abcd', 7, null] } };
    expect(server.ledger.messages[0]).to.deep.include({ payload });
  });

  it('tells a mistake before standard input has ended', async () => {
    for (const args of [['example.org'], ['ws://127.0.0.1:1/', '--take', 'x']])
      expect(await runInside({ input: undefined }, ...args)).to.include({ code: 2, out: '' });
  });

  it('resumes an operation by its name', async () => {
    const { url } = await serve({ handle: () => of({ data: { trades: [{ id: 1 }] } }) });
    const document = 'query A { a } subscription B($after: Int) { trades { id } }';
    const { code, err } = await runInside({}, url, document, '-o', 'B', ...resume);
    expect([code, err]).to.deep.equal([0, '']);
  });

  it('hides the user and the password of a URL, also in base64', async () => {
    const basic = Buffer.from('user:hunter2secret').toString('base64');
    const { url } = await serve({
      handle: () => throwError(() => new Error(`no Basic ${basic} for user:hunter2secret`)),
    });
    const { err } = await runInside(
      {},
      url.replace('//', '//user:hunter2secret@'),
      '{ a }',
      '--debug',
    );
    expect(err).not.to.contain(basic).and.not.to.contain('hunter2secret');
    expect(await runInside({}, url.replace('//', '//%zz:a@'), '{ a }')).to.include({ out: '' });
  });

  it('ends with 1 when the recording cannot be written', async () => {
    const { url } = await serve({ handle: () => NEVER });
    const { code, err } = await runInside({}, url, '{ n }', '--record', '/dev/full');
    expect([code, err]).to.deep.equal([1, 'rxgql: --record: cannot write /dev/full: ENOSPC\n']);
  });

  describe('ping', () => {
    it('hears heartbeats, and describes all of it', async () => {
      const { url } = await serve({ keepAlive: 60, connect: () => ({ ack: { hello: 1 } }) });
      const args = ['--count', '2', '--interval', '40ms', '--for', '1500ms', '--format', 'pretty'];
      const { code, out } = await runInside({}, 'ping', url, ...args);
      expect(code).to.equal(0);
      expect(out).to.match(
        /^subprotocol {2}graphql-transport-ws\nack {10}\{"hello":1\}\nconnected {4}in [\d.]+ ms\n/,
      );
      expect(out).to.match(
        /\npings {8}2 of 2 answered\nlatency {6}p50 [\d.]+ ms, .*max [\d.]+ ms\n/,
      );
      expect(out).to.match(/\nheartbeats {3}\d+, every [\d.]+ ms\n$/);
    });

    it('fails when nobody acknowledges the connection', async () => {
      const { url } = await serve({ ackDelay: false });
      const args = ['--count', '1', '--interval', '50ms'];
      const { code, out, err } = await runInside({}, 'ping', url, ...args);
      expect(code).to.equal(3);
      expect(JSON.parse(out)).to.include({ connectMs: null });
      expect(err).to.equal('rxgql: the server did not acknowledge the connection\n');
    });

    it('fails when it cannot connect, and says what it knows at a signal', async () => {
      const failed = await runInside({}, 'ping', 'ws://127.0.0.1:1/');
      expect(failed).to.include({ code: 3, out: '' });
      const { url } = await serve({ authorize: () => new Promise(() => {}) });
      const signal$ = timer(300).pipe(map(() => 'SIGINT'));
      const { code, out } = await runInside({ signal$ }, 'ping', url, '--format', 'pretty');
      expect(code).to.equal(0);
      expect(out).to.equal(
        [
          'subprotocol  none',
          'ack          null',
          'connected    never',
          'pings        0 of 0 answered',
          'latency      unknown',
          'heartbeats   0\n',
        ].join('\n'),
      );
    });
  });

  it('ends with 1 when the port of a server is taken', async () => {
    const server = await serve();
    const port = new URL(server.url).port;
    const { code, err } = await runInside({}, 'serve', '--port', port);
    expect(code).to.equal(1);
    expect(err).to.contain('EADDRINUSE');
    const recording = files.path('r.ndjson');
    await runInside({}, server.url, '{ n }', '--record', recording);
    expect(await runInside({}, 'replay', recording, '--port', port)).to.include({ code: 1 });
  });

  it('serves until a signal comes', async () => {
    const signal$ = timer(100).pipe(map(() => 'SIGINT'));
    const { code, out, err } = await runInside({ signal$ }, 'serve');
    expect(code).to.equal(0);
    const { url } = JSON.parse(out) as { url: string };
    expect(err).to.equal(`answers subscription { trades } at ${url}; Ctrl-C ends it\n`);
  });

  it('ends with the code of the error of an operation', async () => {
    const { url } = await serve({ handle: () => throwError(() => new Error('no')) });
    expect(await runInside({}, url, 'mutation { n }')).to.include({ code: 1 });
  });
});
