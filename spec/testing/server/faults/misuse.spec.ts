import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ServerFaults } from 'rx-graphql-ws/testing/server';
import { useServer } from '../../../helpers/use-server.js';
import { connect } from '../raw-client.js';

type Levers = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

const dialFault =
  'expected `fault` to be one of `dialFaultNames`, or an object with one of `status`, `bytes`, `drip`';
const handshakeFault =
  'expected `fault` to be one of `handshakeFaultNames`, or an object with one of `ack`, `close`, `reject`';
const match = 'expected `match` to be an id, a name or a function';

/** Levers, wrongly pulled. */
const misuse: readonly (readonly [keyof ServerFaults, readonly unknown[], string])[] = [
  ['failDials', [], `${dialFault}, got undefined`],
  ['failDials', [5], `${dialFault}, got 5 (number)`],
  ['failDials', [null], `${dialFault}, got null`],
  ['failDials', [{}], `${dialFault}, got object`],
  ['failDials', [{ status: 503, drip: 1 }], dialFault],
  ['failDials', [{ stauts: 503 }], 'unknown member `stauts`: did you mean `status`?'],
  ['failDials', [{ status: '503' }], 'expected `status` to be an HTTP status'],
  ['failDials', [{ status: 503, body: {} }], 'expected `body` to be a text, got object'],
  ['failDials', [{ status: 503, headers: { a: '\n' } }], 'expected `headers.a` to be a header of'],
  ['failDials', [{ bytes: 5 }], 'expected `bytes` to be a text or bytes, got 5 (number)'],
  ['failDials', ['end', '2'], 'expected `times` to be a whole number ≥ 1 or Infinity'],
  ['failHandshakes', [null], `${handshakeFault}, got null`],
  ['failHandshakes', [], `${handshakeFault}, got undefined`],
  ['failHandshakes', [{ acknowledge: 1 }], 'unknown member `acknowledge`: did you mean `ack`?'],
  ['failHandshakes', ['ack-never', 0], 'expected `times` to be a whole number ≥ 1 or Infinity'],
  [
    'corrupt',
    [],
    'expected `corruption` to be one of `corruptionNames`, or an object with one of `drip`, `close`',
  ],
  [
    'corrupt',
    [{}],
    'expected `corruption` to be one of `corruptionNames`, or an object with one of `drip`, `close`',
  ],
  ['corrupt', [{ drop: 5 }], 'unknown member `drop`: did you mean `drip`?'],
  ['corrupt', [{ drip: '5' }], 'expected `drip` to be a number of milliseconds ≥ 0'],
  ['garble', [], 'expected `garbage` to be one of `garbageNames`, got undefined'],
  ['garble', ['null', 5], 'expected `id` to be a text, got 5 (number)'],
  ['send', [undefined], 'expected `frames[0]` to be a text, bytes or a message, got undefined'],
  ['send', ['a', 5n], 'expected `frames[1]` to be a text, bytes or a message, got 5 (bigint)'],
  ['halfOpen', ['x'], 'expected `forMs` to be a number of milliseconds ≥ 0, got "x" (string)'],
  ['silence', [NaN], 'expected `forMs` to be a number of milliseconds ≥ 0, got NaN (number)'],
  ['zombie', [5], `${match}, got 5 (number)`],
  ['zombie', [{ id: '1' }], `${match}, got object`],
  ['complete', [5], match],
  ['fail', [5], match],
  ['fail', [[{ message: 'x' }]], `${match}, got array: the errors come second`],
  ['late', [5], match],
  ['reorder', [5], match],
  ['duplicate', [1, 5], match],
  ['omit', [1, 5], match],
  ['truncate', [1, 5], match],
  ['oversize', [1, 5], match],
  ['duplicate', [0], 'expected `times` to be a whole number ≥ 1'],
  ['omit', [0.5], 'expected `count` to be a whole number ≥ 1'],
  ['truncate', [], 'expected `limit` to be a whole number ≥ 0, got undefined'],
  ['oversize', ['x'], 'expected `bytes` to be a whole number ≥ 0'],
  ['throttle', [-1], 'expected `times` to be a whole number ≥ 0 or Infinity'],
  ['throttle', [1, Infinity], 'expected `retryAfter` to be a whole number ≥ 0'],
];

/** Levers of a peer, too. */
const ofSockets = ['corrupt', 'garble', 'send', 'halfOpen', 'silence'];

describe('graphqlTestServer faults', () => {
  const serve = useServer();

  for (const [name, args, message] of misuse) {
    const shown = `${name}(${args.map((arg) => (typeof arg === 'bigint' ? '5n' : JSON.stringify(arg))).join(', ')})`;

    it(`explain ${shown}, with no socket open`, async () => {
      const server = (await serve()) as unknown as Levers;
      expect(() => server[name]!(...args)).to.throw(TypeError, message);
    });

    it(`explain ${shown} when it is added to a script`, async () => {
      const script = (await serve()).script().at(60_000) as unknown as Levers;
      expect(() => script[name]!(...args)).to.throw(TypeError, message);
    });

    if (ofSockets.includes(name))
      it(`explain ${shown} on a peer`, async () => {
        const server = await serve();
        await connect(server.url);
        const peer = server.peers[0] as unknown as Levers;
        expect(() => peer[name]!(...args)).to.throw(TypeError, message);
      });
  }

  it('explain restart() in a script', async () => {
    const script = (await serve()).script();
    expect(() => script.at(60_000).restart('8s' as unknown as number)).to.throw(
      TypeError,
      'expected `downFor` to be a number of milliseconds ≥ 0, got "8s" (string)',
    );
  });
});
