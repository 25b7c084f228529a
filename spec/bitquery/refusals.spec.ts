import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { bitquery, type BitqueryOptions, explainBitqueryError } from 'rx-graphql-ws/bitquery';
import { record } from 'rx-graphql-ws/testing';
import type { GraphQLTestServer, LiveOperation } from 'rx-graphql-ws/testing/server';
import { useCalm } from '../helpers/net/use-calm.js';
import { useServer } from '../helpers/use-server.js';
import { useSocket } from '../helpers/use-socket.js';
import { canary } from '../security/canary.js';
import { handedOut, watchSocket } from '../security/handed-out.js';

const query = 'subscription { EVM(network: eth) { Blocks { Block { Number } } } }';
const block = (Number: string) => ({ data: { EVM: { Blocks: [{ Block: { Number } }] } } });
const handle = () => concat(of(block('1'), block('2')), NEVER);

/** One way to refuse, and what it is known by. */
interface Refusal {
  readonly kind: string;
  readonly name?: string;
  readonly before?: (server: GraphQLTestServer) => void;
  /** Once the operation has started. */
  readonly after?: (server: GraphQLTestServer, id: string) => void;
  readonly config?: Partial<BitqueryOptions>;
}

/** A refusal that is retried is seen at once. */
const never = { retry: { count: 0, delay: 5 } };

const dial = (status: number, kind: string, body = ''): Refusal => ({
  kind,
  name: 'ConnectionError',
  before: ({ failDials }) => failDials({ status, body, headers: { 'Retry-After': '1' } }, Infinity),
  config: never,
});
const init = (payload: unknown, kind: string): Refusal => ({
  kind,
  name: 'HandshakeError',
  before: ({ reject }) => reject(payload),
  config: never,
});
const frame = (type: string, payload: unknown, kind: string, name = 'OperationError'): Refusal => ({
  kind,
  name,
  after: ({ send }, id) => send({ type, id, payload }),
});

const message = 'too many concurrent subscriptions';
const quota = 'points limit exceeded: usage quota reached';
const refusals: Readonly<Record<string, Refusal>> = {
  'an upgrade answered with 401': dial(401, 'unauthorized'),
  'an upgrade answered with 402': dial(402, 'billing', 'No active billing period'),
  'an upgrade answered with 403': dial(403, 'unauthorized'),
  'an upgrade answered with 429': dial(429, 'rate-limit', 'Too Many Sessions'),
  'a connection_error': init({ message: 'Forbidden' }, 'unauthorized'),
  'a connection_error over billing': init({ message: 'No active billing period' }, 'billing'),
  'a connection_error over points': init({ errors: [{ message: quota }] }, 'quota'),
  'a connection_error over sessions': init([{ message: 'Too Many Sessions' }], 'rate-limit'),
  'an error frame with errors': frame('error', { errors: [{ message }] }, 'too-many-streams'),
  'an error frame with an array': frame('error', [{ message }], 'too-many-streams'),
  'an error frame with a message': frame('error', { message: quota }, 'quota'),
  'a data frame with data and errors': frame(
    'data',
    { data: { EVM: null }, errors: [{ message: 'no table can query Holders' }] },
    'dataset',
  ),
  'a data frame whose payload is of type error': frame(
    'data',
    { type: 'error', payload: { message: quota } },
    'quota',
    'ProtocolError',
  ),
  'a close with 1013': {
    kind: 'slow-consumer',
    name: 'ConnectionClosedError',
    after: ({ close }) => close(1013, 'client is not consuming messages fast enough'),
    config: never,
  },
  'a token that expires': { kind: 'unauthorized', after: ({ expireToken }) => expireToken() },
  'a token that was revoked': {
    kind: 'unauthorized',
    name: 'ConnectionError',
    config: { token: 'revoked' },
  },
};

describe('a refusal of Bitquery', function () {
  this.timeout(10_000);
  const serve = useServer();
  const connect = useSocket();
  useCalm();

  for (const [what, { kind, name, before, after, config }] of Object.entries(refusals))
    for (const token of [canary, () => Promise.resolve(canary)])
      it(`is known, and shows no token (${typeof token}): ${what}`, async () => {
        const server = await serve({
          handle,
          subprotocols: ['graphql-ws'],
          tokens: true,
          keepAlive: 50,
        });
        before?.(server);
        const socket = connect(bitquery({ token, url: server.url, ...config }));
        const sent = typeof config?.token === 'string' ? config.token : canary;
        const out = handedOut();
        watchSocket(socket, out);
        const lines: string[] = [];
        const recording = record(socket).subscribe((line) => lines.push(line));
        const failed = new Promise<unknown>((resolve) =>
          socket.subscribe$(query).subscribe({ error: resolve }),
        );
        if (after) {
          const isOurs = ({ request }: LiveOperation) => request.query === query;
          after(server, (await server.ledger.until('started', isOurs)).id);
        }
        const error = await failed;
        if (name) expect(error).to.include({ name });
        const explained = explainBitqueryError(error);
        expect(explained).to.include({ kind });
        // the token was sent
        expect(server.ledger.upgrades[0]?.url).to.equal(`/graphql?token=${sent}`);
        recording.unsubscribe();
        expect(lines.length).to.be.at.least(3);
        out.add('the recording', lines.join(''));
        out.add('the error', error);
        out.add('the explanation', explained);
        out.expectNoSecret();
        out.leave();
      });
});
