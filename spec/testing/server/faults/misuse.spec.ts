import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ServerFaults } from 'rx-graphql-ws/testing/server';
import { useServer } from '../../../helpers/use-server.js';
import { connect } from '../raw-client.js';

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

const closeCode = 'expected `code` to be a close code: 1000–1003, 1007–1014 or 3000–4999';

const ofSockets: readonly (readonly [keyof ServerFaults, readonly unknown[], string])[] = [
  ['send', [undefined], 'expected `frames[0]` to be a text, bytes or a message, got undefined'],
  ['send', ['a', 5n], 'expected `frames[1]` to be a text, bytes or a message, got 5 (bigint)'],
  ['close', [99], `${closeCode}, got 99 (number)`],
  ['close', [1005], closeCode],
  ['close', [1015], closeCode],
  ['close', [4000.5], closeCode],
  ['close', ['4000'], `${closeCode}, got "4000" (string)`],
  ['close', [1000, 'é'.repeat(62)], 'expected `reason` to have at most 123 bytes, got 124'],
  ['close', [1000, 7], 'expected `reason` to be a text, got 7 (number)'],
  ['close', [undefined, 'why'], 'expected `code` to be given with a `reason`'],
  ['halfOpen', ['x'], 'expected `forMs` to be a number of milliseconds ≥ 0, got "x" (string)'],
  ['halfOpen', [2 ** 31], 'expected `forMs` to be a number of milliseconds ≥ 0'],
  ['silence', [NaN], 'expected `forMs` to be a number of milliseconds ≥ 0, got NaN (number)'],
];

const ofServers: typeof ofSockets = [
  ['failDials', ['no-answer'], 'expected `refusal` to be an object, got string'],
  ['failDials', [{ stauts: 503 }], 'unknown member `stauts`: did you mean `status`?'],
  ['failDials', [{}], 'expected `status` to be an HTTP status from 100 to 999, got undefined'],
  ['failDials', [{ status: 503, headers: { a: '\n' } }], 'expected `headers.a` to be a header of'],
  ['failDials', [{ status: 503, body: {} }], 'expected `body` to be a text, got object'],
  ['failDials', [{ status: 503 }, 0], 'expected `times` to be a whole number ≥ 1 or Infinity'],
  ['reject', [1, { code: 7 }], closeCode],
  ['reject', [1, { reason: 'x'.repeat(124) }], 'expected `reason` to have at most 123 bytes'],
  ['restart', [-1], 'expected `downFor` to be a number of milliseconds ≥ 0, got -1 (number)'],
  ['throttle', [-1], 'expected `times` to be a whole number ≥ 0 or Infinity'],
  ['throttle', [1, Infinity], 'expected `retryAfter` to be a whole number ≥ 0'],
];

describe('a wrong argument of a fault is a TypeError', () => {
  const serve = useServer();

  for (const [name, args, message] of [...ofSockets, ...ofServers])
    it(`of ${name}: ${message}`, async () => {
      const server = await serve();
      const { [name]: act } = server as unknown as Methods;
      expect(() => act!(...args)).to.throw(TypeError, message);
      const { [name]: step } = server.script().at(60_000) as unknown as Methods;
      expect(() => step!(...args), 'in a script').to.throw(TypeError, message);
      const client = await connect(server.url);
      if (ofSockets.some(([other]) => other === name)) {
        const { [name]: ofPeer } = server.peers[0] as unknown as Methods;
        expect(() => ofPeer!(...args), 'of a peer').to.throw(TypeError, message);
      }
      expect(client.socket.readyState).to.equal(client.socket.OPEN);
    });
});
