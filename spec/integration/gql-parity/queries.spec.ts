import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, forkJoin, lastValueFrom, toArray } from 'rxjs';
import { readdirSync, readFileSync } from 'node:fs';
import { SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { Peer } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { acknowledge, answering, completion, resultOf } from '../../helpers/parity/answering.js';
import { continents, continentsQuery } from '../../helpers/parity/continents.js';
import { stateOf } from '../../helpers/parity/state-of.js';
import { useParity } from '../../helpers/parity/use-parity.js';

describe('gql parity: queries, legacy protocol', () => {
  const start = useParity(SUBSCRIPTIONS_TRANSPORT_WS);
  const answer = resultOf({ data: continents });
  const answerOne = async (peer: Peer) => {
    const { id } = await peer.read('start');
    peer.send(answer(id, peer), completion(id));
  };

  it('AQ4 a query has its result, and nothing more is sent than needs be', async () => {
    const { server, socket } = await start({ script: answering(answer) });
    expect(await lastValueFrom(socket.query$(continentsQuery).pipe(toArray()))).to.deep.equal([
      continents,
    ]);
    await server.finished();
    expect((await server.ledger.until('closed')).code).to.equal(1000);
    expect(server.ledger.frames.map(({ frame }) => frame)).to.deep.equal([
      '{"type":"connection_init"}',
      JSON.stringify({ type: 'start', id: '1', payload: { query: continentsQuery } }),
      '{"type":"connection_terminate"}',
    ]);
  });

  it('AQ5 two queries in series share a connection and have ids 1 and 2', async () => {
    const { server, socket } = await start({ script: answering(answer, answer) });
    const first = await firstValueFrom(socket.query$(continentsQuery));
    const second = await firstValueFrom(socket.query$(continentsQuery));
    expect([first, second]).to.deep.equal([continents, continents]);
    await server.finished();
    const starts = server.ledger.messages.filter(({ type }) => type === 'start');
    expect(starts.map(({ id }) => id)).to.deep.equal(['1', '2']);
    expect(server.ledger.opened).to.have.length(1);
  });

  it('AQ6 two queries in parallel have each its own result', async () => {
    const { server, socket } = await start({
      script: async (peer) => {
        await acknowledge(peer);
        const [first, second] = [await peer.read('start'), await peer.read('start')];
        for (const { id, payload } of [first, second]) {
          peer.send({ id, type: 'data', payload: { data: payload } });
        }
        peer.send(completion(first.id), completion(second.id));
        await peer.read('connection_terminate');
      },
    });
    const both$ = forkJoin([socket.query$('{ a }'), socket.query$('{ b }')]);
    expect(await lastValueFrom(both$)).to.deep.equal([{ query: '{ a }' }, { query: '{ b }' }]);
    await server.finished();
    expect(server.ledger.opened).to.have.length(1);
  });

  for (const listens of [true, false])
    it(`AQ7 a second query dials again when the server has closed, ${listens ? 'and works' : 'and fails where nothing listens any more'}`, async () => {
      const script = async (peer: Peer) => {
        await acknowledge(peer);
        await answerOne(peer);
        await delay(1);
        peer.close(1000);
      };
      const { server, socket } = await start({ script }, { linger: 1_000 });
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      await server.ledger.until('closed');
      const types = server.ledger.messages.map(({ type }) => type);
      expect(types).to.deep.equal(['connection_init', 'start']);
      if (listens) {
        await delay(10);
        expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
        return;
      }
      await server.stop();
      const error = await failureOf(socket.query$(continentsQuery), 'ConnectionError');
      expect(error.cause).to.include({ code: 'ECONNREFUSED' });
    });

  it('AQ8 an unknown id is ignored, and a completion without a result fails its own query', async () => {
    const { server, socket } = await start({
      script: answering(answer, () => completion('55'), answer),
    });
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    const error = await failureOf(socket.query$(continentsQuery), 'OperationError');
    expect(error.errors).to.deep.equal([{ message: 'completed without a result' }]);
    expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
    await server.finished();
    expect(server.ledger.opened).to.have.length(1);
  });

  describe('authentication in connection_init', () => {
    const script = async (peer: Peer) => {
      const { payload } = await peer.read('connection_init');
      const token = (payload as { Authorization?: unknown } | undefined)?.Authorization;
      if (token === 12345) {
        peer.send({ type: 'connection_ack' });
        await answerOne(peer);
      } else {
        const message = `${token === undefined ? 'No' : 'Invalid'} Authorization token`;
        peer.send({ type: 'connection_error', payload: message });
        peer.close();
      }
    };

    it('AQ12 a query works with the right connectionParams', async () => {
      const connectionParams = { Authorization: 12345 };
      const { server, socket } = await start({ script }, { connectionParams });
      expect(await firstValueFrom(socket.query$(continentsQuery))).to.deep.equal(continents);
      const [init] = server.ledger.messages;
      expect(init).to.deep.equal({ type: 'connection_init', payload: { Authorization: 12345 } });
    });

    for (const [what, connectionParams, payload] of [
      ['none', undefined, 'No Authorization token'],
      ['an empty one', {}, 'No Authorization token'],
      ['a wrong one', { Authorization: 'wrong' }, 'Invalid Authorization token'],
    ] as const) {
      it(`AQ13 connecting fails with the server's payload: ${what}`, async () => {
        const { server, socket } = await start({ script }, { connectionParams });
        const error = await failureOf(socket.query$(continentsQuery), 'HandshakeError');
        expect(error).to.include({ kind: 'rejected', payload });
        expect(error.message).to.contain(payload);
        expect(await stateOf(socket)).to.equal('failed');
        expect(server.ledger.messages).to.have.length(1);
        expect('payload' in server.ledger.messages[0]!).to.equal(connectionParams !== undefined);
      });
    }
  });

  it('AQ18 execute$ emits the whole result, extensions too', async () => {
    const payload = { data: continents, extensions: { key1: 'val1' } };
    const { socket } = await start({ script: answering(resultOf(payload)) });
    expect(await lastValueFrom(socket.execute$(continentsQuery))).to.deep.equal(payload);
  });
});

/** How many behaviours there are of each kind. */
const behaviours = { AQ: 20, AE: 12, AS: 19, GE: 8, GS: 18, X: 34 };

const specs = 'spec/integration/gql-parity';
const page = 'docs/gql-parity.md';

const all = Object.entries(behaviours).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}${index + 1}`),
);

/** The ids that titles of tests, or rows of their tables, begin with in the sources. */
function tested(): ReadonlySet<string> {
  const ids = /(?:\bit\(|\[)\s*["'`]([A-Z]+\d+(?:, [A-Z]+\d+)*)[ '"`]/g;
  return new Set([...sources().matchAll(ids)].flatMap(([, found = '']) => found.split(', ')));
}

function sources(): string {
  const files = readdirSync(specs).filter((file) => file.endsWith('.spec.ts'));
  return files.map((file) => readFileSync(`${specs}/${file}`, 'utf8')).join('\n');
}

/** The cells of a table's rows, under a heading of the page. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync(page, 'utf8').split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

describe('gql parity: completeness', () => {
  const excused = table('Without counterpart');

  it('every behaviour is tested, or has no counterpart: none is both, none is neither', () => {
    const covered = [...tested(), ...excused.map(([id]) => id)];
    expect(covered).to.have.members(all);
  });

  it('no test is skipped', () => {
    expect(sources()).to.not.match(/^ *(?:xit|xdescribe|\w+\.skip)\b/m);
  });

  it('a behaviour without a counterpart has a reason', () => {
    expect(excused).to.not.deep.equal([]);
    for (const [id, , reason = ''] of excused) {
      expect(reason.length, id).to.be.greaterThan(5);
    }
  });

  it('a behaviour that differs on purpose is tested', () => {
    const ids = table('Where it differs on purpose').flatMap(([cell = '']) => cell.split(', '));
    expect([...tested()]).to.include.members(ids);
    expect(ids).to.deep.equal([...new Set(ids)]);
    const gaps = all.filter((id) => id.startsWith('X'));
    expect(ids).to.include.members(gaps);
  });
});
