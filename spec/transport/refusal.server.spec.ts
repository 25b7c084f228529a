import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { GraphQLSocketConfig } from 'rx-graphql-ws';
import { openSocket } from 'rx-graphql-ws';
import { eventually } from '../helpers/eventually.js';
import { failureOf } from '../helpers/failure-of.js';
import { useTcp } from '../helpers/net/tcp-server.js';
import { useWatch } from '../helpers/use-watch.js';
import { tapped } from './tapped.js';

const head = (headers = '', status = '403 Forbidden') =>
  `HTTP/1.1 ${status}\r\nConnection: close\r\n${headers}\r\n`;

describe('the body of a refused upgrade', () => {
  const listen = useTcp();
  const watch = useWatch();

  /** Dials a server that answers each request like that. */
  async function refusedBy(
    answer: (socket: Socket) => void,
    config: Partial<GraphQLSocketConfig> = {},
    query = '',
  ) {
    const server = await listen((socket) => socket.once('data', () => answer(socket)));
    const startedAt = performance.now();
    const url = `${server.url}${query}`;
    const error = await failureOf(openSocket({ url, ...config }), 'ConnectionError');
    const took = performance.now() - startedAt;
    await eventually(() => expect(server.sockets.size).to.equal(0));
    const where = `could not connect to ${server.url}: HTTP`;
    return { error, took, where };
  }
  const ending = (body: string | Uint8Array, headers?: string) => (socket: Socket) => {
    socket.write(head(headers));
    socket.end(body);
  };

  it('is in the error, and in the message if it is short', async () => {
    const { error, where, took } = await refusedBy(ending('Origin not allowed'));
    expect(error).to.include({ status: 403, body: 'Origin not allowed' });
    expect(error.message).to.equal(`${where} 403: Origin not allowed`);
    expect(took).to.be.lessThan(200);
  });

  it('is not in the message if it is the name of the status', async () => {
    const { error, where } = await refusedBy(ending('Forbidden\n'));
    expect(error).to.include({ body: 'Forbidden', message: `${where} 403` });
  });

  it('is in the message up to 100 characters', async () => {
    for (const [length, shown] of [
      [100, true],
      [101, false],
    ] as const) {
      const { error } = await refusedBy(ending('x'.repeat(length)));
      expect(error.body).to.have.length(length);
      expect(error.message.endsWith('x')).to.equal(shown);
    }
  });

  it('is its first 1 000 characters', async () => {
    const { error, where } = await refusedBy(ending(`${'x'.repeat(999)}yz${'z'.repeat(3_000)}`));
    expect(error.body).to.equal(`${'x'.repeat(999)}y`);
    expect(error.message).to.equal(`${where} 403`);
  });

  for (const [what, body, headers] of [
    ['empty', '', ''],
    ['blank', ' \r\n\t', ''],
    ['compressed', gzipSync('Forbidden'), 'Content-Encoding: gzip\r\n'],
  ] as const)
    it(`is absent if it is ${what}`, async () => {
      const { error, where } = await refusedBy(ending(body, headers));
      expect(error).not.to.have.property('body');
      expect(error.message).to.equal(`${where} 403`);
    });

  it('has no control characters', async () => {
    const { error } = await refusedBy(ending('\u001b[31mno\r\nfake log line\u202e\u0000'));
    expect(error.body).to.equal('[31mno  fake log line');
  });

  it('is read as UTF-8, whatever it is', async () => {
    const { error } = await refusedBy(ending(Uint8Array.of(0x6e, 0xff, 0x6f, 0xed, 0xa0, 0x80)));
    expect(error.body).to.match(/^n\ufffdo\ufffd+$/);
  });

  it('may come in pieces that divide a character', async () => {
    const bytes = Buffer.from('dürfen Sie nicht 😀');
    const { error } = await refusedBy((socket) => {
      socket.write(head());
      void (async () => {
        // within ü, and behind each byte of the emoji
        for (const [from, to] of [
          [0, 2],
          [2, -3],
          [-3, -2],
          [-2, -1],
        ] as const) {
          socket.write(bytes.subarray(from, to));
          await delay(1);
        }
        socket.write(bytes.subarray(-1));
        socket.end();
      })();
    });
    expect(error.body).to.equal(bytes.toString());
  });

  it('is waited for a quarter of a second, and no longer', async () => {
    const { error, took } = await refusedBy((socket) => {
      socket.write(`${head()}no, be`);
    });
    expect(error).to.include({ status: 403, body: 'no, be' });
    expect(took).to.be.within(240, 700);
  });

  it('is not read to an end that it does not have', async () => {
    let written = 0;
    const { error, took } = await refusedBy((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write('flood '.repeat(10_000))) written += 60_000;
      };
      socket.write(head());
      socket.on('drain', flood);
      flood();
    });
    expect(error.body).to.have.length(1_000);
    expect(took).to.be.lessThan(240);
    expect(written).to.be.lessThan(20_000_000);
  });

  for (const [what, cut] of [
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['ended', (socket: Socket) => socket.end()],
  ] as const)
    it(`is what has come of it, if the connection is ${what} before its end`, async () => {
      const { error } = await refusedBy((socket) => {
        socket.write(`${head('Content-Length: 100\r\n')}no, be`);
        setTimeout(() => cut(socket), 20);
      });
      expect(error).to.include({ status: 403, body: 'no, be' });
    });

  it('does not hold up who leaves', async () => {
    const server = await listen((socket) =>
      socket.once('data', () => socket.write(`${head()}no, be`)),
    );
    const open = watch();
    const { implementation, sockets } = tapped();
    const left = openSocket({ url: server.url, webSocketImpl: implementation }).subscribe();
    await eventually(() => expect(sockets[0]?.listenerCount('unexpected-response')).to.equal(1));
    await delay(40);
    left.unsubscribe();
    await eventually(() => expect(server.sockets.size).to.equal(0));
    await eventually(() => expect(open()).to.deep.equal([]), 150);
  });

  describe('has nothing of what the client keeps secret', () => {
    const secret = 'eyJhbGciOi.J9-x_y';
    const config = {
      webSocketOptions: {
        headers: {
          Authorization: `Bearer ${secret}`,
          'X-Key': ['0123', 'abcdefgh12'],
          Origin: 'https://app.example.org',
        },
      },
    };
    for (const [said, shown] of [
      [`bad token ${secret}`, 'bad token [redacted]'],
      [`Authorization: Bearer ${secret}!`, 'Authorization: [redacted]!'],
      ['GET /graphql?token=q7ueryToken%3D&a=1', 'GET /graphql?token=[redacted]%3D&a=1'],
      ['keys 0123 and abcdefgh12', 'keys [redacted] and [redacted]'],
      // and all else is there
      ['Bearer token of app.example.org?', 'Bearer token of app.example.org?'],
      ['graphql-transport-ws is not spoken', 'graphql-transport-ws is not spoken'],
    ] as const)
      it(`in "${said.replace(secret, '…')}"`, async () => {
        const { error } = await refusedBy(ending(said), config, '?token=q7ueryToken%3D&a=1');
        expect(error.body).to.equal(shown);
        expect(error.message).to.include(shown);
      });

    it('at its 1 000th character', async () => {
      const { error } = await refusedBy(ending(`${'x'.repeat(990)}${secret}`), config);
      expect(error.body).to.equal(`${'x'.repeat(990)}[redacted]`);
    });
  });
});
