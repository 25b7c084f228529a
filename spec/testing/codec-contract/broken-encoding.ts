import type { ClientMessage } from 'rx-graphql-ws';
import type { Broken } from './broken.js';
import { encoding, good, goodDialect } from './broken.js';

interface Start {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly data: string; readonly extensions: object };
}

type Subscribe = Extract<ClientMessage, { readonly type: 'subscribe' }>;

const subscribing = (encode: (message: Subscribe) => unknown) =>
  encoding((message) => (message.type === 'subscribe' ? encode(message) : good.encode(message)));
const starting = (change: (start: Start) => unknown) =>
  subscribing((message) => JSON.stringify(change(JSON.parse(good.encode(message)) as Start)));
const requesting = (change: (request: Record<string, unknown>) => unknown) =>
  starting(({ payload, ...start }) => {
    const data = JSON.stringify(change(JSON.parse(payload.data) as Record<string, unknown>));
    return { ...start, payload: { ...payload, data } };
  });

/** Each writes as AppSync wants it, but for one thing. */
export function brokenEncoding(): readonly Broken[] {
  let count = 0;
  return [
    {
      fault: 'forgets the id of an operation',
      codec: starting(({ type, payload }) => ({ type, payload })),
      fails: [/different ids of subscribe/, /writes .*"subscribe".* as its sample/],
      says: 'not the one of {"type":"subscribe","id":"a",',
    },
    {
      fault: 'forgets the id of a stop',
      codec: encoding((message) =>
        message.type === 'complete' ? '{"type":"stop"}' : good.encode(message),
      ),
      fails: [/different ids of complete/, /writes .*"complete".* as its sample/],
      says: `actual    '{"type":"stop"}'`,
    },
    {
      fault: 'takes ids for numbers',
      codec: starting((start) => ({ ...start, id: Number(start.id) })),
      fails: [/different ids of subscribe/, /writes .*"subscribe".* as its sample/],
      says: '"id":null',
    },
    {
      fault: 'drops variables',
      codec: requesting(({ query, operationName }) => ({ query, operationName })),
      fails: [/different (texts in|names of|values of) variables/, /as its sample/],
      says: '"variables":{"b":"a"}',
    },
    {
      fault: 'drops the name of the operation',
      codec: requesting(({ query, variables }) => ({ query, variables })),
      fails: [/different operation names/],
      says: '"operationName":"A"',
    },
    {
      fault: 'drops extensions',
      codec: subscribing((message) =>
        good.encode({ ...message, payload: { ...message.payload, extensions: {} } }),
      ),
      fails: [/different extensions/],
      says: '"extensions":{"a":1}',
    },
    {
      fault: 'drops connectionParams',
      codec: encoding((message) =>
        message.type === 'init' ? '{"type":"connection_init"}' : good.encode(message),
      ),
      fails: [/different payloads of init/],
      says: '{"type":"init","payload":{"token":"a"}}',
    },
    {
      fault: 'tidies documents',
      codec: requesting(({ query, ...request }) => ({
        query: String(query).replace(/\s+/g, ' '),
        ...request,
      })),
      fails: [/different documents/],
      says: 'a frame that is not the one of',
    },
    {
      fault: 'escapes no quotes',
      codec: encoding((message) =>
        message.type === 'complete' ? `{"type":"stop","id":"${message.id}"}` : good.encode(message),
      ),
      fails: [/JSON whatever the texts are/, /ids of complete/, /half of a surrogate pair/],
      says: 'not the one of {"type":"complete","id":"/"}',
    },
    {
      fault: 'writes objects as texts',
      codec: subscribing(
        ({ id, payload }: { id: string; payload: { variables: unknown } }) =>
          `{"type":"start","id":"${id}","v":"${String(payload.variables)}"}`,
      ),
      fails: [
        /placeholder/,
        /different/,
        /JSON whatever/,
        /half of a surrogate pair/,
        /throws over/,
        /as its sample/,
      ],
      says: '"v":"undefined"',
    },
    {
      fault: 'swallows the errors of JSON.stringify',
      codec: subscribing((message) => {
        try {
          return good.encode(message);
        } catch {
          return '{}';
        }
      }),
      fails: [/throws over a bigint/, /throws over a cycle/, /throws over a list/, /that throw$/],
      says: 'expected  an error, or frames that differ',
    },
    {
      fault: 'counts what it writes',
      codec: starting((start) => ({ ...start, count: (count += 1) })),
      fails: [/same frame for the same message/, /as its sample/],
      says: '"count":',
    },
    {
      fault: 'changes the message it is given',
      codec: subscribing((message) =>
        good.encode(Object.assign(message, { id: message.id.padStart(3, '-') })),
      ),
      fails: [/leaves the message as it is/, /as its sample/],
      says: '"id":"--1"',
    },
    {
      fault: 'writes later',
      codec: encoding(() => Promise.resolve('{}')),
      fails: [/^encode/],
      says: 'actual    [object Promise]',
    },
    {
      fault: 'writes nothing',
      codec: encoding(() => ''),
      fails: [/has a frame for subscribe/, /different/, /throws over/, /as its sample/],
      says: 'actual    an empty string: nothing is sent',
    },
    {
      fault: 'throws over whatever it should write',
      codec: encoding(() => {
        throw new RangeError('no room');
      }),
      fails: [/gives text .*[^s]$/, /has a frame/, /JSON whatever/, /as its sample/, /as nothing/],
      says: 'actual    RangeError: no room',
    },
    {
      fault: 'has a subprotocol of two words',
      codec: { ...good, subprotocol: 'graphql ws' },
      fails: [/^subprotocol/],
      says: `actual    'graphql ws'`,
    },
    {
      fault: 'has no subprotocol',
      codec: { ...good, subprotocol: undefined as unknown as string },
      fails: [/^subprotocol/],
      says: 'actual    undefined',
    },
    {
      fault: 'can ping, it says',
      codec: { ...good, canPing: true },
      fails: [/^canPing/],
      says: 'actual    an empty string: nothing is sent',
    },
    {
      fault: 'does not say whether it can ping',
      codec: { ...good, canPing: undefined as unknown as boolean },
      fails: [/^canPing/],
      says: 'expected  true or false',
    },
    {
      fault: 'has no use for a replacer',
      codec: good,
      dialect: { ...goodDialect(), create: () => good },
      fails: [/replacer/],
      says: 'TypeError: Do not know how to serialize a BigInt',
    },
    {
      fault: 'has a replacer of its own',
      codec: good,
      dialect: { ...goodDialect(), create: () => ({ ...good, encode: () => '{}' }) },
      fails: [/replacer/],
      says: `actual    '{}'`,
    },
    {
      fault: 'is not what its samples say',
      codec: good,
      dialect: {
        ...goodDialect(),
        sends: [
          [{ type: 'init' }, 'init'],
          [{ type: 'ping' }, { type: 'ping' }],
          [{ type: 'complete', id: '1' }, undefined],
        ],
      },
      fails: [
        /"init".* as its sample/,
        /"ping".* as its sample/,
        /"complete".* as nothing/,
        /^sends/,
      ],
      says: `expected  '{"type":"init"}'`,
    },
  ];
}
